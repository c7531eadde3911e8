"""The same seed gives the same bytes, whatever the workers, the order and the interruptions."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from small_studies import write_configs

import demandsim as ds
from demandsim.ledger.store import Store
from demandsim.study.config import Study, load_study
from demandsim.study.plan import Plan, Task, build_plan
from demandsim.study.run import Work, run_study
from demandsim.study.workers import run_tasks

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    settings = {"belief_cases": 1, "years": 2, "footing": 8, "footing_households": 40}
    return load_study(write_configs(tmp_path_factory.mktemp("home")), settings)


@pytest.fixture(scope="module")
def finished(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("one")
    run_study(study, out, workers=1, show_progress=False)
    return out


def digests(out: Path) -> dict[str, str]:
    """Checksum of every file but the record, which says nothing that is random either."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_one_worker_or_two_write_the_same_bytes(study: Study, finished: Path, tmp_path: Path) -> None:
    run_study(study, tmp_path, workers=2, show_progress=False)
    assert digests(tmp_path) == digests(finished)
    xr.testing.assert_identical(ds.read_results(tmp_path), ds.read_results(finished))


def test_order_does_not_matter(study: Study, finished: Path, tmp_path: Path) -> None:
    plan = build_plan(study)
    store = Store(tmp_path, plan.digest)
    store.open({})
    list(run_tasks(plan.tasks[::-1], Work(plan, store=store), 1))
    there = {name: digest for name, digest in digests(finished).items() if name != "study.json"}
    assert {name: digest for name, digest in digests(tmp_path).items() if name != "study.json"} == there


def test_a_resumed_study_is_the_same_and_runs_only_what_is_missing(
    study: Study, finished: Path, tmp_path: Path
) -> None:
    run_study(study, tmp_path, workers=1, show_progress=False)
    shards = sorted((tmp_path / "lucks").iterdir())
    before = shards[0].stat().st_mtime_ns
    shards[1].unlink()
    shards[2].write_bytes(shards[2].read_bytes()[:1000])
    with pytest.raises(ds.StoreError, match="truncated or damaged") as error:
        ds.read_results(tmp_path)
    assert shards[2].name in str(error.value)
    tally = run_study(study, tmp_path, workers=1, show_progress=False)
    assert (tally.done, tally.kept) == (2, len(build_plan(study).tasks) - 2)
    assert shards[0].stat().st_mtime_ns == before
    assert digests(tmp_path) == digests(finished)


def test_results_in_memory_are_those_on_disk(study: Study, finished: Path) -> None:
    plan = build_plan(study)
    results = ds.run(plan.place, plan.book, plan.scenarios, years=2, draws=2, replicates=2, seed=7, run_in=12)
    xr.testing.assert_equal(results, ds.read_results(finished))


def test_draws_and_replicates_differ_and_scenarios_share_their_luck(study: Study, finished: Path) -> None:
    results = ds.read_results(finished)
    crisis = (
        results["state_months"]
        .sum(["area", "need", "year"])
        .sel(scenario="as_now")
        .transpose("draw", "replicate", "state")
    )
    rows = {tuple(row) for row in crisis.values.reshape(4, -1)}
    assert len(rows) == 4
    # A service that does nothing changes nobody's life: same people, same luck, to the last month.
    idle = results["state_months"].sel(scenario="null_service") - results["state_months"].sel(scenario="as_now")
    assert not idle.values.any()
    posts = results["cost"].sel(scenario="null_service") - results["cost"].sel(scenario="as_now")
    moved = posts.sel(account="cash").sum(["draw", "replicate", "payer", "year"])
    assert set(moved["category"].values[np.abs(moved.values) > 1e-6]) == {"null_service"}


def test_another_seed_gives_other_results(study: Study, finished: Path, tmp_path: Path) -> None:
    other = study.model_copy(update={"seed": 8, "belief_cases": 0, "footing": 0})
    run_study(other, tmp_path, workers=1, show_progress=False)
    assert not ds.read_results(tmp_path)["state_months"].equals(ds.read_results(finished)["state_months"])


def test_a_no_op_scenario_differs_by_exactly_nothing(study: Study) -> None:
    plan: Plan = build_plan(study)
    twin = plan.scenarios[0].model_copy(update={"id": "twin"})
    results = ds.run(plan.place, plan.book, [plan.scenarios[0], twin], years=1, draws=1, replicates=2, run_in=12)
    for name in results.data_vars:
        one, other = (results[name].sel(scenario=which).values for which in ("as_now", "twin"))
        np.testing.assert_array_equal(one, other)


def _await_two_lucks(driver: subprocess.Popen[Any], home: Path) -> None:
    """Wait until two lucks are kept; not for a driver that has ended."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and len(list(home.glob("out/lucks/*.parquet"))) < 2:
        assert driver.poll() is None, "the run ended before two lucks were kept"
        time.sleep(0.02)


def test_a_study_killed_in_the_middle_is_resumed_by_the_same_command(tmp_path: Path) -> None:
    write_configs(tmp_path)
    command = [sys.executable, "-m", "demandsim", "run", "tiny", "--out", "out", "--draws", "4", "--workers", "2"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL, start_new_session=True) as driver:
        _await_two_lucks(driver, tmp_path)
        os.killpg(driver.pid, signal.SIGKILL)
    kept = len(list(tmp_path.glob("out/lucks/*.parquet")))
    assert 2 <= kept <= 8
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert f"{8 - kept} run now, {kept} were there, 0 failed" in done.stderr
    assert not list(tmp_path.glob("out/*/.*.partial"))
    assert bool((ds.read_results(tmp_path / "out")["status"] == 0).all())


def test_an_interrupt_that_was_dropped_still_stops_the_run() -> None:
    """Python drops Ctrl-C where it falls into a destructor or a callback; the next luck to finish stops the run."""
    before = signal.getsignal(signal.SIGINT)
    outcomes = run_tasks([Task("", draw, 0) for draw in range(8)], str, 2)
    next(outcomes)
    with contextlib.suppress(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1.0)
    with pytest.raises(KeyboardInterrupt):
        list(outcomes)
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_keeps_what_was_done_and_says_how_to_go_on(tmp_path: Path) -> None:
    write_configs(tmp_path)
    command = [sys.executable, "-m", "demandsim", "run", "tiny", "--out", "out", "--draws", "500", "--workers", "2"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as driver:
        _await_two_lucks(driver, tmp_path)
        os.killpg(driver.pid, signal.SIGINT)  # as a terminal does: to the driver and its workers
        said = driver.communicate(timeout=60)[1]
    assert driver.returncode == 130
    assert "Traceback" not in said
    assert "lucks are kept in out. The same command goes on from there:" in said
    assert "demandsim run tiny --draws 500 --out out" in said
    kept = len(list(tmp_path.glob("out/lucks/*.parquet")))
    assert 2 <= kept < 1000
    assert int((ds.read_results(tmp_path / "out")["status"] == 0).sum()) == 3 * kept
