"""`demandsim indicators`: the tables, the page and the JSON of a small study, and mistakes told in words."""

from __future__ import annotations

import json
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
    """A folder with configs and the results of one year of two scenarios."""
    folder = tmp_path_factory.mktemp("indicators")
    write_configs(folder, STUDY.replace('"whole_system", "null_service"', '"whole_system"'))
    before = Path.cwd()
    os.chdir(folder)
    try:
        result = _call("run", "tiny", "--out", "out/tiny", "--draws", "1", "--workers", "1")
    finally:
        os.chdir(before)
    assert result.exit_code == 0, result.stderr
    return folder


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(home)
    return home


def test_every_indicator_is_shown_or_said_not_to_be_modelled(here: Path) -> None:
    result = _call("indicators", "out/tiny", "-o", "out/page.html")
    assert result.exit_code == 0, result.stderr
    for text in (
        "Children in care: 77 published",
        "Whole place, whole system",
        "Too few runs to tell anything: 2 runs",
    ):
        assert text in result.stdout
    # The results are of another place than the published figures, and both say so.
    page = (here / "out" / "page.html").read_text(encoding="utf-8")
    assert "The published figures are of another place than these results" in page
    for title in ("Low pay", "Teenage conceptions", "GCSE results", "Level 3 results", "Repeat domestic violence"):
        assert title in page


def test_json_holds_the_difference_and_its_runs(here: Path) -> None:
    rows = json.loads(_call("indicators", "out/tiny", "--json").stdout)["rows"]
    (care,) = [row for row in rows if row["indicator"] == "children_in_care" and row["scenario"] == "whole_system"]
    assert care["unit"] == "per 10,000 children under 18"
    assert care["runs"] == 2
    assert care["difference_low"] <= care["difference"] <= care["difference_high"]
    assert {row["indicator"] for row in rows if row["mark"] == "not modelled"} >= {"gcse", "level_3"}
    repeats = next(
        row for row in rows if row["indicator"] == "repeat_domestic_violence" and row["scenario"] == "as_now"
    )
    assert 0 <= repeats["level"] <= 100
    (unemployed, *_) = [row for row in rows if row["indicator"] == "unemployment"]
    assert [conversion["value"] for conversion in unemployed["conversions"]] == [1.37, 2.0]


def test_a_set_that_is_not_there_is_told_in_words(here: Path) -> None:
    result = _call("indicators", "out/tiny", "--set", "hackney_1999")
    assert result.exit_code == 2
    assert "There are: barking_and_dagenham_2016" in result.stderr
    assert "Traceback" not in result.stderr
