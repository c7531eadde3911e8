"""Running a study: tasks, failures, killed workers, what is kept, and what results say of themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from small_studies import (
    fail_second_draw,
    kill_worker_at_second_draw,
    kill_worker_once,
    make_luck,
    write_configs,
)

import demandsim as ds
from demandsim.comparison.meta import read_meta
from demandsim.errors import RequestError, StoreError
from demandsim.ledger.results import read_cases, read_results, tidy
from demandsim.ledger.store import read_record
from demandsim.ledger.variables import VARIABLES
from demandsim.study.cases import CASES, SHARE_CAUSAL, STRENGTHS, TAKE_UPS, case_book, early_help
from demandsim.study.config import OPTIONAL, Study, load_study
from demandsim.study.footing.ranking import FEWEST_DRAWS, rank_beliefs
from demandsim.study.plan import ALL_AREAS, Task, build_plan
from demandsim.study.run import run_study
from demandsim.study.workers import run_tasks

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(write_configs(tmp_path_factory.mktemp("home")))


def run_here(study: Study, out: Path, run_one: Any = make_luck, workers: int = 1) -> Any:
    return run_study(study, out, workers=workers, run_one=run_one, show_progress=False)


def test_results_have_names_on_every_axis(study: Study, tmp_path: Path) -> None:
    tally = run_here(study, tmp_path)
    assert (tally.done, tally.kept, tally.failed) == (4, 0, 0)
    results = read_results(tmp_path)
    for variable in VARIABLES:
        if variable.name in set(OPTIONAL) - set(study.keep):
            assert variable.name not in results
            continue
        assert results[variable.name].dims == ("scenario", "draw", "replicate", *variable.dims)
        assert {"unit", "meaning", "combine"} <= results[variable.name].attrs.keys()
        assert all(dim in results.coords for dim in variable.dims)
    assert list(results["scenario"].values) == ["as_now", "whole_system", "null_service"]
    assert list(results["year"].values) == ["2016/17"]
    assert results["month"].values[-1] == "2017-03"
    assert results["category"].values[-1] == "programme"
    assert (results["status"] == 0).all()
    plan = build_plan(study)
    for draw, replicate in ((0, 0), (1, 1)):
        own = make_luck(plan.job(Task("", draw, replicate)))
        for name in plan.variables:
            np.testing.assert_array_equal(results[name].isel(draw=draw, replicate=replicate).values, own[name])
    attrs = results.attrs
    assert (attrs["place"], attrs["n_households"], attrs["n_households_full"], attrs["seed"]) == ("demo", 60, 10000, 7)
    assert json.loads(attrs["digests"])["study"] == plan.digest


def test_meta_is_what_the_comparison_reads(study: Study, tmp_path: Path) -> None:
    run_here(study, tmp_path)
    results = read_results(tmp_path)
    meta = read_meta(results)
    assert meta.scenario_title("whole_system") == "Whole place, whole system"
    assert meta.services["family_support"]["tier"] == "early"
    assert meta.outcomes.keys() == set(results["outcome"].values)
    assert meta.effects["family_support_looked_after"]["published"].startswith("0.68 (0.5 to 0.9), 24 months")
    assert set(meta.effects["family_support_looked_after"]["hazard_ratio"]) == {
        "family.emerging.up", "family.established.up", "family.complex.up"
    }  # fmt: skip
    book = build_plan(study).book
    assert {belief["name"] for belief in meta.beliefs} == set(book)
    assert meta.belief("needs.share_causal")["low"] is not None
    assert len(meta.place["multipliers"]) == 7
    assert "60 households simulated" in meta.place["cannot_tell"]
    assert meta.not_known


def test_one_defect_is_one_failed_row_and_is_tried_again(study: Study, tmp_path: Path) -> None:
    assert run_here(study, tmp_path, fail_second_draw).failed == 2
    results = read_results(tmp_path)
    assert results["status"].sel(draw=1).values.tolist() == [[1, 1]] * 3
    assert set(results["reason"].sel(draw=1).values.ravel()) == {"ZeroDivisionError: a defect"}
    assert (results["status"].sel(draw=0) == 0).all()
    assert set(tidy(results, "unmet")["draw"]) == {0}
    again = run_here(study, tmp_path)
    assert (again.done, again.kept, again.failed) == (2, 2, 0)


def test_a_killed_worker_loses_only_its_luck_which_is_run_again(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMANDSIM_TEST_MARK", str(tmp_path / "mark"))
    tally = run_here(study, tmp_path / "out", kill_worker_once, workers=2)
    assert (tmp_path / "mark").exists()
    assert (tally.done, tally.failed) == (4, 0)
    run_here(study, tmp_path / "plain")
    xr.testing.assert_identical(read_results(tmp_path / "out"), read_results(tmp_path / "plain"))


def test_a_luck_whose_worker_always_dies_is_a_failed_row(study: Study, tmp_path: Path) -> None:
    tally = run_here(study, tmp_path, kill_worker_at_second_draw, workers=2)
    assert tally.failed == 1
    results = read_results(tmp_path)
    assert results["reason"].sel(scenario="as_now", draw=1, replicate=0).item() == "its worker was killed 3 times"
    assert int((results["status"] == 0).sum()) == 3 * 3


def refuse(job: Any) -> Any:
    raise RequestError("This cannot be run.")


@pytest.mark.parametrize("workers", [1, 2])
def test_what_the_user_must_mend_stops_the_study(study: Study, tmp_path: Path, workers: int) -> None:
    with pytest.raises(RequestError, match="This cannot be run"):
        run_here(study, tmp_path, refuse, workers)


def test_no_workers_is_refused() -> None:
    with pytest.raises(RequestError, match="Ask for at least 1"):
        list(run_tasks([Task("", 0, 0)], lambda task: None, -1))


def test_lucks_not_run_are_rows_too(study: Study, tmp_path: Path) -> None:
    run_here(study, tmp_path)
    for path in (tmp_path / "lucks").glob("*draw00001*"):
        path.unlink()
    results = read_results(tmp_path)
    assert set(results["reason"].sel(draw=1).values.ravel()) == {"not run yet"}
    assert (results["status"].sel(draw=1) == 2).all()


def test_more_draws_are_added_to_those_there(study: Study, tmp_path: Path) -> None:
    run_here(study, tmp_path)
    tally = run_here(study.model_copy(update={"draws": 3}), tmp_path)
    assert (tally.done, tally.kept) == (2, 4)
    assert read_results(tmp_path).sizes["draw"] == 3


def test_a_study_keeps_what_it_asks_for(study: Study, tmp_path: Path) -> None:
    whole, part = tmp_path / "whole", tmp_path / "part"
    run_here(study, whole)
    run_here(study.model_copy(update={"keep": ("door",)}), part)
    results = read_results(part)
    assert "door" in results
    assert "exported" not in results
    assert "overspend" not in results
    assert list(results["area"].values) == [ALL_AREAS]
    xr.testing.assert_equal(results["state_months"].sum("area"), read_results(whole)["state_months"].sum("area"))


def test_belief_cases_are_run_stored_and_read(study: Study, tmp_path: Path) -> None:
    run_here(study.model_copy(update={"belief_cases": 3}), tmp_path)
    cases = read_cases(tmp_path)
    assert cases is not None
    assert list(cases["case"].values) == list(CASES)
    assert dict(cases.sizes) == {"case": 11, "draw": 1, "replicate": 3}
    assert np.isfinite(cases["cash"].values).all()
    plan = build_plan(study.model_copy(update={"belief_cases": 3}))
    own = make_luck(plan.job(Task("central", 0, 2)))
    cash = own["cost"][:, 0].sum(axis=(1, 2, 3))
    assert cases["cash"].sel(case="central", replicate=2).item() == pytest.approx(cash[1] - cash[0])
    months = own["state_months"][:, :, :, 4].sum(axis=(1, 2, 3))
    assert cases["crisis_months"].sel(case="central", replicate=2).item() == months[1] - months[0]
    assert read_cases_of(study, tmp_path / "none") is None


def read_cases_of(study: Study, out: Path) -> xr.Dataset | None:
    run_here(study, out)
    return read_cases(out)


def test_belief_cases_change_the_beliefs_they_name(study: Study) -> None:
    book = build_plan(study).book
    assert case_book(book, "central") is book
    for share in (0, 1):
        assert case_book(book, f"share_causal_{share}").draw(1, 0).number_of(SHARE_CAUSAL) == share
    idle = case_book(book, "effects_null").draw(1, 0)
    assert {idle.number_of(f"{effect.path}.hazard_ratio") for effect in book.effects.values()} == {1.0}
    without = case_book(book, "mechanisms_null").draw(1, 0)
    assert without.number_of("front_door.arrival.single") == without.number_of("front_door.arrival.silo")
    assert without.number_of("services.case_coordination.detection") == 0.0
    central = book.draw()
    for kept in ("effects.family_support_looked_after.hazard_ratio", "needs.family.relapse", "coupling.association"):
        assert without.book.draw()[kept] == central[kept]
    with pytest.raises(RequestError, match="no belief case"):
        case_book(book, "other")


def test_a_case_shares_its_luck_with_the_others_and_is_central(study: Study) -> None:
    plan = build_plan(study.model_copy(update={"belief_cases": 2}))
    jobs = [plan.job(task) for task in plan.tasks if task.case]
    assert len(jobs) == 22
    assert {job.draw for job in jobs} == {None}
    assert {job.luck for job in jobs} == {0, 1}
    assert all([one.id for one in job.scenarios] == ["as_now", "whole_system"] for job in jobs)


def test_tidy_has_titles_units_and_every_cell(study: Study, tmp_path: Path) -> None:
    run_here(study, tmp_path)
    results = read_results(tmp_path)
    table = results.table("cost")
    assert len(table) == results["cost"].size
    assert {"scenario", "scenario_title", "payer", "category", "category_title", "value", "unit"} <= set(table.columns)
    row = table.iloc[1234]
    at = {dim: row[dim] for dim in results["cost"].dims}
    assert results["cost"].sel(at).item() == row["value"]
    outcomes = tidy(results, "outcome_value")
    assert "per 10,000 children" in set(outcomes["unit"])
    with pytest.raises(RequestError, match="There is no `costs`"):
        tidy(results, "costs")


def test_rungs_move_strengths_and_take_up_and_leave_nulls_alone(study: Study) -> None:
    book = build_plan(study).book
    names = [f"{effect.path}.hazard_ratio" for effect in book.effects.values()]
    central = book.draw()
    for case, times in STRENGTHS.items():
        moved = case_book(book, case).draw(1, 0)
        for name in names:
            assert moved.number_of(name) == pytest.approx(central.number_of(name) ** times)
    assert any(central.number_of(name) == 1.0 for name in names)
    line = "services.community_hub.take_up"
    assert line in early_help(book)
    assert "services.talking_therapies.take_up" not in early_help(book)  # no early help
    assert "services.jobcentre_plus.take_up" not in early_help(book)  # nobody is offered it at a front door
    taken = [case_book(book, case).draw(1, 0).number_of(line) for case in TAKE_UPS]
    assert taken == pytest.approx([0.0, central.number_of(line) / 2.0, 1.0])


def test_beliefs_are_ranked_by_what_they_move_and_idle_studies_rank_nothing(study: Study) -> None:
    plan = build_plan(study)
    names = [SHARE_CAUSAL, *(f"{effect.path}.hazard_ratio" for effect in plan.book.effects.values())]
    values = np.array([plan.book.draw(plan.seed, draw).number_of(SHARE_CAUSAL) for draw in range(60)])
    first, second, *_ = rank_beliefs(plan.book, plan.seed, -10.0 * values, 2000, names)
    assert first["name"] == SHARE_CAUSAL
    assert first["high"] < 0
    assert abs(first["moved"]) > first["by_chance"] > abs(second["moved"])
    assert (first["n_told"], first["runs"], first["households"]) == (1, 60, 2000)
    failed = np.where(np.arange(60) < 60 - FEWEST_DRAWS + 1, np.nan, values)
    assert rank_beliefs(plan.book, plan.seed, failed, 2000, names) == []
    assert rank_beliefs(plan.book, plan.seed, np.ones(60), 2000, names) == []


def test_running_in_memory_gives_what_running_on_disk_gives(study: Study, tmp_path: Path) -> None:
    plan = build_plan(study)
    here = ds.run(
        plan.place, plan.book, plan.scenarios, years=1, draws=2, replicates=2, seed=7, run_in=12, run_one=make_luck
    )
    run_here(study, tmp_path)
    there = read_results(tmp_path)
    xr.testing.assert_equal(here, there)
    assert json.loads(here.attrs["digests"]) == json.loads(there.attrs["digests"])


def test_impossible_requests_in_memory_are_told(study: Study) -> None:
    plan = build_plan(study)
    with pytest.raises(ds.ConfigError, match="run, `years`: is -1"):
        ds.run(plan.place, plan.book, plan.scenarios, years=-1, run_one=make_luck)
    with pytest.raises(ds.RequestError, match="0 households cannot be simulated"):
        ds.run(plan.place, plan.book, plan.scenarios, households=0, run_one=make_luck)
    with pytest.raises(ds.ConfigError, match="given twice"):
        ds.run(plan.place, plan.book, [plan.scenarios[0]] * 2, run_one=make_luck)
    with pytest.raises(ds.RequestError, match="no scenario to run"):
        ds.run(plan.place, plan.book, [], run_one=make_luck)


def test_progress_is_told_in_plain_lines(study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_study(study, tmp_path, workers=1, run_one=make_luck)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[0] == "4 lucks to run"
    assert said.err.splitlines()[-1].startswith("4 of 4 lucks, in ")


def test_a_full_disk_stops_the_study_and_loses_nothing(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from demandsim.ledger import store

    real, written = store.write_whole, []

    def fills_up(path: Path, content: bytes) -> None:
        if path.suffix == ".parquet":
            written.append(path)
            if len(written) == 3:
                raise StoreError("No space left on device.")
        real(path, content)

    monkeypatch.setattr(store, "write_whole", fills_up)
    with pytest.raises(StoreError, match="No space left"):
        run_here(study, tmp_path)
    monkeypatch.setattr(store, "write_whole", real)
    assert (run_here(study, tmp_path).kept, read_record(tmp_path)["draws"]) == (2, 2)


def test_a_script_without_a_main_guard_is_told_and_ends(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from demandsim.study.plan import Task\n"
        "from demandsim.study.workers import run_tasks\n"
        "print(list(run_tasks([Task('', 0, 0), Task('', 1, 0)], len, 2)))\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "Put the script's calls under `if __name__ == '__main__':`" in done.stderr.splitlines()[-1]
