"""The command on futures: every future in a folder of its own, taken up again, judged, and told."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from small_studies import STUDY, write_configs
from typer.testing import CliRunner, Result

from demandsim.cli import app
from demandsim.errors import ConfigError, RequestError
from demandsim.ledger.results import read_results
from demandsim.policy import load_future
from demandsim.study.config import load_study
from demandsim.study.futures import list_futures
from demandsim.study.plan import build_plan

TWO = ("--future", "steady", "--future", "growth_and_churn")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with configs, in which a tiny study was run under two futures."""
    folder = tmp_path_factory.mktemp("home")
    study = STUDY.replace('place = "demo"', 'place = "barking_and_dagenham"').replace("years = 1", "years = 2")
    write_configs(folder, study.replace("draws = 2", "draws = 1"))
    before = Path.cwd()
    os.chdir(folder)
    try:
        result = call("futures", "tiny", "--out", "out", *TWO, "--workers", "1", "-o", "page.html")
    finally:
        os.chdir(before)
    assert result.exit_code == 0, result.stderr
    return folder


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(home)
    return home


def call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), prog_name="demandsim")


def test_each_future_has_its_results_its_story_and_its_own_figures(here: Path) -> None:
    both = {name: read_results(here / "out" / name) for name in ("steady", "growth_and_churn")}
    for name, results in both.items():
        assert results.attrs["future"] == name
        story = json.loads(results.attrs["meta"])["future"]
        assert (story["id"], story["story"] != "") == (name, True)
        assert not results["status"].any()
    assert not np.array_equal(both["steady"]["cost"].values, both["growth_and_churn"]["cost"].values)


def test_households_present_follow_the_path_of_the_future(here: Path) -> None:
    """Household-months of a need add up to the households present, month by month."""
    months = {
        name: read_results(here / "out" / name)["state_months"].sel(need="work").sum(["area", "state"])
        for name in ("steady", "growth_and_churn")
    }
    for name, found in months.items():
        assert np.ptp(found.values.sum(axis=-1)) == 0, f"{name}: no scenario and no luck moves who lives there"
    steady, grown = (one.values.sum(axis=-1).flat[0] for one in months.values())
    assert 60 * 24 < steady < grown


def test_the_judgement_is_kept_and_the_page_written(here: Path) -> None:
    record = json.loads((here / "out" / "robustness.json").read_text(encoding="utf-8"))
    assert set(record) == {"cash", "crisis_months"}
    assert set(record["cash"]["verdicts"]) == {"as_now", "whole_system", "null_service"}
    assert record["cash"]["verdicts"]["as_now"]["sign"] == "none"
    assert len(record["cash"]["rows"]) == 6
    html = (here / "page.html").read_text(encoding="utf-8")
    assert "Growth and churn" in html
    assert "2 runs of each policy in each" in html


def test_run_again_it_goes_on_from_there_and_says_the_same(here: Path) -> None:
    before = (here / "out" / "robustness.json").read_bytes()
    result = call("futures", "tiny", "--out", "out", *TWO, "--workers", "1")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.count("0 lucks run now, 2 were there, 0 failed.") == 2
    assert (here / "out" / "robustness.json").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--future", "stedy", "--future", "steady"), "There is no future `stedy`. Did you mean `steady`?"),
        (("--future", "steady"), "at least two futures"),
        (("--future", "steady", "--future", "steady"), "asked for twice"),
        (("--years", "99"), "--years"),
    ],
)
def test_what_cannot_be_asked_is_told_in_words(here: Path, words: tuple[str, ...], told: str) -> None:
    result = call("futures", "tiny", "--out", "elsewhere", *words)
    assert result.exit_code == 2, result.output
    assert told in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    assert not (here / "elsewhere").exists()


def test_all_futures_are_run_where_none_is_named_the_steady_one_first(here: Path) -> None:
    study = load_study(here / "configs" / "studies" / "tiny.toml")
    assert list_futures(study) == ["steady", "growth_and_churn", "long_austerity", "recession_and_recovery"]
    assert list_futures(study, ["long_austerity", "steady"]) == ["long_austerity", "steady"]
    with pytest.raises(RequestError, match="no future"):
        list_futures(study, ["steady", "boom"])


def test_a_study_may_name_its_future_and_is_another_study_then(here: Path) -> None:
    file = here / "configs" / "studies" / "tiny.toml"
    plain, told = (build_plan(load_study(file, settings)) for settings in ({}, {"future": "growth_and_churn"}))
    assert told.future == load_future(here / "configs" / "futures" / "growth_and_churn.toml")
    assert plain.future is None
    assert plain.digest != told.digest
    assert told.job(told.tasks[0]).future == told.future
    with pytest.raises(ConfigError, match="there is no future `boom`"):
        load_study(file, {"future": "boom"})


def test_the_words_of_a_future_change_no_figure(here: Path) -> None:
    file = here / "configs" / "studies" / "tiny.toml"
    home = here / "configs" / "futures" / "growth_and_churn.toml"
    before = build_plan(load_study(file, {"future": "growth_and_churn"})).digest
    text = home.read_text(encoding="utf-8")
    try:
        home.write_text(text.replace('title = "Growth and churn"', 'title = "Growth"'), encoding="utf-8")
        assert build_plan(load_study(file, {"future": "growth_and_churn"})).digest == before
        home.write_text(text.replace("value = 1.35", "value = 1.3"), encoding="utf-8")
        assert build_plan(load_study(file, {"future": "growth_and_churn"})).digest != before
    finally:
        home.write_text(text, encoding="utf-8")
