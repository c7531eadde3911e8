"""`demandsim drift`: the table, the page, and what it says when there is nothing to show."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from small_studies import STUDY, write_configs
from typer.testing import CliRunner, Result

from demandsim.cli import app

RUNNER = CliRunner()


def _call(*words: str) -> Result:
    return RUNNER.invoke(app, list(words), prog_name="demandsim")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with configs and the results of two years of two scenarios."""
    folder = tmp_path_factory.mktemp("drift")
    study = STUDY.replace('"whole_system", "null_service"', '"grant_cut_early_first"').replace("years = 1", "years = 2")
    write_configs(folder, study.replace('headline = "whole_system"', 'headline = "grant_cut_early_first"'))
    before = Path.cwd()
    os.chdir(folder)
    try:
        result = _call("run", "tiny", "--out", "out/tiny", "--workers", "1")
        short = _call("run", "tiny", "--out", "out/short", "--years", "1", "--draws", "1", "--workers", "1")
    finally:
        os.chdir(before)
    assert (result.exit_code, short.exit_code) == (0, 0), result.stderr + short.stderr
    return folder


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(home)
    return home


def test_drift_shows_every_scenario_beside_the_official_figures(here: Path) -> None:
    result = _call("drift", "out/tiny", "-o", "out/drift.html")
    assert result.exit_code == 0, result.stderr
    for text in (
        "As now",
        "Council grant falls, early help cut first",
        "Published, England",
        "4 runs",
        "What cuts saved",
    ):
        assert text in result.stdout
    assert "Grant changes explain the official figures too" in result.stderr
    page = (here / "out" / "drift.html").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert "Sure Start" in page
    assert "Borne by services outside the model" in page
    assert "Link by link" in page
    assert "19p" in page  # what others found of the same loop
    assert "£1,397 million" in page
    assert "£1,505 million" in page  # the same at 2015/16 prices


def test_one_year_is_refused_in_words(here: Path) -> None:
    result = _call("drift", "out/short")
    assert result.exit_code == 2
    assert "One year shows no drift" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_without_results_is_refused_in_words(here: Path) -> None:
    result = _call("drift", "out/nowhere")
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
