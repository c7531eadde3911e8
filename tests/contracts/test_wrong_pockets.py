"""The command `pockets`, the experiment, and the seeds' own case: whoever pays for help into work is not who gains."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest
import xarray as xr
from engine_worlds import ROOT
from small_studies import CONFIGS, make_luck, write_configs
from typer.testing import CliRunner, Result

import demandsim as ds
from demandsim.cli import app
from demandsim.comparison.horizons import WrongPockets
from demandsim.comparison.value import Appraisal

RUNNER = CliRunner()


def call(*words: str) -> Result:
    return RUNNER.invoke(app, list(words), prog_name="demandsim")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a tiny study whose figures are made up at once."""
    home = tmp_path_factory.mktemp("home")
    study = ds.load_study(write_configs(home))
    ds.run_study(study, home / "out", workers=1, show_progress=False, run_one=make_luck)
    return home / "out"


def test_the_command_prints_tables(folder: Path) -> None:
    result = call("pockets", str(folder))
    assert result.exit_code == 0, result.stderr
    for text in (
        "Who pays more, and who gains",
        "Nobody: lost to all",
        "Who would act alone, and from when",
        "Which payments would leave nobody worse off",
        "What more years change",
        "5 years are not in these results.",
        "With 4 runs, 80% means 4 of them, that is every one of them.",
    ):
        assert text in result.stdout


def test_the_command_writes_json_and_a_page(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "pockets.html"
    result = call("pockets", str(folder), "--scenario", "null_service", "--departments", "--json", "-o", str(page))
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["scenario"], told["against"], told["runs"]) == ("null_service", "as_now", 4)
    assert "council_housing" in {row["payer"] for row in told["matrix"]}
    assert "Council: housing" in page.read_text(encoding="utf-8")
    assert f"Written: {page}" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--scenario", "hope"), "There is no scenario `hope`. There are: as_now, whole_system, null_service."),
        (("--against", "despair"), "There is no scenario `despair`."),
        (("--scenario", "as_now"), "`as_now` would be compared with itself."),
        (("-o", "/dev/null/page.html"), "The page could not be written to /dev/null/page.html"),
    ],
)
def test_mistakes_are_told_in_words(folder: Path, words: tuple[str, ...], said: str) -> None:
    result = call("pockets", str(folder), *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    result = call("pockets", str(tmp_path))
    assert result.exit_code == 2
    assert str(tmp_path) in result.stderr


def into_work(households: int, years: int, draws: int, replicates: int) -> xr.Dataset:
    """As now, and council support that only moves job seekers into work, on shared luck."""
    place = ds.load_place(CONFIGS / "places" / "demo.toml")
    book = ds.load_book(CONFIGS, place.fit_id)
    scenarios = [
        ds.load_scenario(CONFIGS / "scenarios" / f"{name}.toml", book) for name in ("as_now", "employment_support")
    ]
    return ds.run(
        place, book, scenarios, years=years, draws=draws, replicates=replicates, households=households, run_in=24
    )


def assert_wrong_pockets(results: xr.Dataset) -> None:
    """The council pays in every run; DWP gains on average and saves more often than it loses."""
    wrong = ds.compare(results, "employment_support").wrong_pockets()
    alone = {one.purse: one for one in wrong.whole.alone}
    council, dwp = alone["council"], alone["dwp"]
    assert council.worth.n_above == council.worth.n_runs
    assert council.verdict == "no"
    assert council.breaks_even.middle is None
    assert dwp.worth.mean < 0
    assert dwp.worth.n_below > dwp.worth.n_above
    cells = wrong.matrix.by("payer", "gainer").set_index(["payer", "gainer"])["difference"]
    assert cells["council", "dwp"] > 0
    paid = wrong.whole.jointly
    # Whatever is paid over, none of it comes from the council; where nothing can be, the whole does not pay for itself.
    assert paid.receives.get("council", 0.0) >= 0
    assert paid.exist or wrong.whole.why_none
    assert_appraised(wrong)


def assert_appraised(wrong: WrongPockets) -> None:
    """The same money as a treasurer sees it: what DWP gains is a transfer, what the council pays is resources."""
    appraisal = Appraisal(wrong.comparison)
    worth = {one.purse: one.worth.mean for one in wrong.whole.alone}
    for one in appraisal.fiscal[:-1]:
        assert one.net.mean == pytest.approx(-worth[one.name], abs=1e-6)
    assert appraisal.transfers.net.mean > 0 > appraisal.resources.net.mean
    assert appraisal.fiscal[-1].by_run == pytest.approx(appraisal.resources.by_run + appraisal.transfers.by_run)
    work = next(one for one in appraisal.deadweight if one.need == "work")
    # Most of the newly unemployed find work anyway: a success is far from a year without the need.
    assert work.counted.mean > 0
    assert work.kept.middle is not None
    assert work.kept.middle < 0.5


def test_help_into_work_costs_the_council_and_gains_dwp() -> None:
    assert_wrong_pockets(into_work(households=3_000, years=3, draws=3, replicates=4))


@pytest.mark.slow
def test_help_into_work_costs_the_council_and_gains_dwp_over_more_years() -> None:
    assert_wrong_pockets(into_work(households=5_000, years=6, draws=6, replicates=3))


def test_the_experiment_prints_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ROOT / "experiments" / "wrong_pockets.py"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 60
    spec = importlib.util.spec_from_file_location("wrong_pockets", path)
    assert spec is not None
    assert spec.loader is not None
    experiment = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(experiment)
    sizes = ["--households", "300", "--years", "2", "--draws", "2", "--run-in", "12", "--out", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["wrong_pockets.py", *sizes])
    experiment.main()
    said = capsys.readouterr().out
    assert "“More council employment support”, 2 runs" in said
    assert "would act: no" in said
    names = ("employment_support", "whole_system")
    assert {page.stem for page in tmp_path.iterdir()} == {*names, *(f"{name}_appraised" for name in names)}
