"""Combinations of principles: as running each by itself, resumable, and the same bytes however they are run."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from principle_studies import MOVES, fail_second_draw, make_chunk, stop_at_second_draw, write_principle_study
from small_studies import CONFIGS
from typer.testing import CliRunner

import demandsim as ds
from demandsim.cli import app
from demandsim.errors import ConfigError, RequestError, StoreError
from demandsim.ledger.store import read_record
from demandsim.model.inputs import build_inputs
from demandsim.policy import load_principles, load_scenario, scenario_of
from demandsim.study import combinations as combining
from demandsim.study.config import Study, load_study
from demandsim.study.factorial import build_combinations, run_principles
from demandsim.study.factorial_results import read_principles
from demandsim.study.run import run_study
from demandsim.study.sittings import read_sittings

#: The report's eleven principles, in its order, and what each acts through.
REPORT = {
    "a": "practice.network",
    "b": "budget.shift_to_early",
    "c": "practice.earlier_threshold",
    "d": "practice.whole_household",
    "e": "budget.pooled",
    "f": "practice.progression",
    "g": "practice.co_production",
    "h": "practice.generalists",
    "i": "practice.trust_building",
    "j": "practice.records_matched",
    "k": "practice.joint_analysis",
}


def test_the_reports_eleven_principles_are_there_in_its_order() -> None:
    found = build_combinations(load_study(CONFIGS / "studies" / "principles.toml"))
    assert {one.letter: one.moves[0].lever for one in found.principles} == REPORT
    assert [one.letter for one in found.principles] == list(REPORT)
    assert all(one.running_cost.value > 0 and one.set_up_cost.value > 0 for one in found.principles)
    assert (len(found.masks), found.label(found.masks[-1])) == (2**11, "abcdefghijk")
    shares = [m.value for one in found.principles for m in one.moves if m.lever.endswith(".shift_share")]
    assert sum(shares) == pytest.approx(1.0)
    for intensity in (0.25, 1.0):  # money that moves is shared out in full at any intensity
        scenario = scenario_of(found.principles, dict.fromkeys(REPORT, intensity), found.plan.scenarios[0])
        build_inputs(found.plan.place.scaled(100), found.plan.book.draw(1), scenario, "2016-04", 60, 12)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(write_principle_study(tmp_path_factory.mktemp("home")))


def digests(folder: Path) -> dict[str, str]:
    """Every shard's name and bytes."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*/*.parquet"))}


def test_a_combination_is_what_a_run_of_its_scenario_gives(study: Study, tmp_path: Path) -> None:
    tally = run_principles(study, tmp_path, workers=1, show_progress=False)
    assert (tally.run, tally.kept, tally.failed) == (8 * 4, 0, 0)
    found = read_principles(tmp_path)
    assert sorted(map(str, found["combination"].values)) == ["a", "ab", "abc", "ac", "b", "bc", "c", "none"]
    assert (found["status"] == 0).all()
    plan = build_combinations(study).plan
    principles = load_principles(study.configs / "principles.toml", plan.book)
    as_now = load_scenario(study.configs / "scenarios" / "as_now.toml", plan.book)
    chosen = [scenario_of(principles, dict.fromkeys(letters, 1.0), as_now) for letters in ("", "b", "ac")]
    runs = ds.run(plan.place, plan.book, chosen, years=2, draws=2, replicates=2, seed=7, run_in=6)
    for letters, scenario in zip(("none", "b", "ac"), chosen, strict=True):
        here, there = found.sel(combination=letters), runs.sel(scenario=scenario.id)
        cash = there["cost"].sel(account="cash").sum("category").transpose("draw", "replicate", "payer", "year")
        np.testing.assert_allclose(here["cash"].values, cash.values, rtol=1e-12)
        own = (
            there["cost"].sel(account="cash", category="programme").sum("payer").transpose("draw", "replicate", "year")
        )
        np.testing.assert_allclose(here["programme"].values, own.values, rtol=1e-12)
        outcomes = there["outcome_value"].transpose("draw", "replicate", "outcome", "year")
        np.testing.assert_array_equal(here["outcome_value"].values, outcomes.values)
    moved = found["cash"].sum(["payer", "year"]) - found["cash"].sel(combination="none").sum(["payer", "year"])
    assert float(abs(moved.sel(combination="c")).min()) > 0.0


def test_the_bytes_do_not_depend_on_the_workers(study: Study, tmp_path: Path) -> None:
    for workers in (1, 2):
        run_principles(study, tmp_path / str(workers), workers=workers, show_progress=False, run_one=make_chunk)
    assert digests(tmp_path / "1") == digests(tmp_path / "2")
    assert len(digests(tmp_path / "1")) == 4


def test_a_chunk_that_is_missing_or_damaged_is_run_again_and_no_other(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(combining, "CHUNK", 4)
    run_principles(study, tmp_path, workers=1, show_progress=False, run_one=make_chunk)
    before = digests(tmp_path)
    assert [one.worlds for one in read_sittings(tmp_path)] == [32]
    shards = sorted(tmp_path.glob("*/*.parquet"))
    assert len(shards) == 2 * 4
    shards[1].unlink()
    shards[4].write_bytes(shards[4].read_bytes()[:-20])
    tally = run_principles(study, tmp_path, workers=1, show_progress=False, run_one=make_chunk)
    assert (tally.run, tally.kept) == (8, 24)
    assert [one.worlds for one in read_sittings(tmp_path)] == [32, 8]
    assert digests(tmp_path) == before


def test_more_draws_and_more_orders_are_the_same_study(study: Study, tmp_path: Path) -> None:
    run_principles(study, tmp_path, orders=8, workers=1, show_progress=False, run_one=make_chunk)
    before = digests(tmp_path)
    more = study.model_copy(update={"draws": 3})
    tally = run_principles(more, tmp_path, orders=8, workers=1, show_progress=False, run_one=make_chunk)
    assert tally.kept == len(read_principles(tmp_path)["combination"]) * 4
    assert before.items() <= digests(tmp_path).items()
    with pytest.raises(StoreError, match="holds results of another study"):
        run_principles(study.model_copy(update={"seed": 8}), tmp_path, show_progress=False, run_one=make_chunk)


def test_orders_are_run_stage_by_stage_and_each_combination_once(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(combining, "ORDERS_A_CHUNK", 2)
    few, many = (build_combinations(study, orders) for orders in (2, 6))
    assert [few.label(mask) for mask in few.chunks["orders_0000"]] == ["none", "a", "ab", "abc"]
    assert set(few.masks) == set(range(8))  # every pair alone and on top of the rest: of three, all there are
    assert len(set(many.masks)) == len(many.masks)
    assert few.chunks.items() <= many.chunks.items()
    assert few.digest == many.digest
    for orders, message in ((3, "3 orders cannot be run"), (-2, "-2 orders cannot be run")):
        with pytest.raises(RequestError, match=message):
            build_combinations(study, orders)
    with pytest.raises(RequestError, match="too many to run them all"):
        combining.check_orders(13, 0)
    assert combining.check_orders(13, 100) == 100
    with pytest.raises(RequestError, match="cannot be carried 1\\.5 of the way"):
        build_combinations(study, intensity=1.5)


def test_orders_are_carried_out_a_principle_a_stage(study: Study, tmp_path: Path) -> None:
    found = build_combinations(study, 2, rollouts=4)
    assert found.stage_months == (18 - 6) // 2  # from October 2016 to March 2018, the last with half a year
    assert found.rolled[0] == (0, 1, 2)
    assert 2 <= len(found.rolled) == len(set(found.rolled)) <= 5
    for code in found.chunks["rollouts"]:
        begins = {change.lever: f"{change.values[0].from_:%Y-%m}" for change in found.scenario(code).changes}
        dates = [begins[MOVES[letter][0]] for letter in found.label(code).removeprefix(combining.ROLLED)]
        assert dates == ["2016-10", "2017-04", "2017-10"]
    costs = {change.lever: change.values for change in found.scenario(8).changes}["programme.running_cost"]
    assert [f"{one.from_:%Y-%m}" for one in costs] == ["2016-10", "2017-04", "2017-10"]
    assert [one.value for one in costs] == pytest.approx([0.1, 0.2, 0.3], rel=0.05)
    assert build_combinations(study.model_copy(update={"years": 1}), rollouts=4).rolled == ()
    with pytest.raises(RequestError, match="3 orders cannot be carried out"):
        build_combinations(study, rollouts=3)
    run_principles(study, tmp_path, orders=2, rollouts=4, workers=1, show_progress=False, run_one=make_chunk)
    results = read_principles(tmp_path)
    assert list(results["order"].values) == [found.label(code)[1:] for code in found.chunks["rollouts"]]
    assert list(results["combination"].values) == [found.label(mask) for mask in found.masks if mask < 8]
    assert not np.isnan(results["rolled_cash"].values).any()


def test_half_a_principle_is_another_study_at_half_the_cost(study: Study) -> None:
    whole, half = build_combinations(study), build_combinations(study, intensity=0.5)
    assert whole.digest != half.digest
    costs = [
        next(change.values[0].value for change in found.scenario(7).changes if change.lever == "programme.running_cost")
        for found in (whole, half)
    ]
    assert costs[1] == pytest.approx(costs[0] / 2)  # type: ignore[operator]


def test_a_luck_that_fails_is_missing_with_its_reason_and_tried_again(study: Study, tmp_path: Path) -> None:
    tally = run_principles(study, tmp_path, workers=1, show_progress=False, run_one=fail_second_draw)
    assert (tally.run, tally.failed) == (32, 16)
    found = read_principles(tmp_path)
    assert (found["status"].sel(draw=1) == 1).all()
    assert set(found["reason"].sel(draw=1).values.ravel()) == {"ZeroDivisionError: a defect"}
    assert found["cash"].sel(draw=1).isnull().all()
    again = run_principles(study, tmp_path, workers=1, show_progress=False, run_one=make_chunk)
    assert (again.run, again.kept, again.failed) == (16, 16, 0)


def test_ctrl_c_keeps_what_was_done(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_principles(study, tmp_path, workers=1, show_progress=False, run_one=stop_at_second_draw)
    assert len(digests(tmp_path)) == 2
    found = read_principles(tmp_path)
    assert (found["status"].sel(draw=1) == 2).all()
    monkeypatch.setenv("DEMANDSIM_TEST_GO_ON", "1")
    tally = run_principles(study, tmp_path, workers=1, show_progress=False, run_one=stop_at_second_draw)
    assert (tally.run, tally.kept) == (16, 16)


def test_a_principle_that_begins_after_the_end_is_told(tmp_path: Path) -> None:
    file = write_principle_study(tmp_path)
    path = tmp_path / "configs" / "principles.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("2016-10-01", "2018-04-01", 1), encoding="utf-8")
    with pytest.raises(ConfigError, match="the run ends before 2018-04; principle a begins in 2018-04"):
        run_principles(load_study(file), tmp_path / "out", show_progress=False)
    assert not (tmp_path / "out").exists()


def test_a_folder_of_another_kind_is_told(study: Study, tmp_path: Path) -> None:
    from small_studies import make_luck

    run_study(study, tmp_path, workers=1, show_progress=False, run_one=make_luck)
    with pytest.raises(RequestError, match="holds no study of principles"):
        read_principles(tmp_path)


def test_the_command_tells_and_writes_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_principle_study(tmp_path)
    monkeypatch.chdir(tmp_path)
    words = ["principles", "tiny", "--out", "out", "--orders", "2", "--workers", "1", "-o", "page.html"]
    result = CliRunner().invoke(app, words, prog_name="demandsim")
    assert result.exit_code == 0, result.output
    assert "worlds run in" in result.stderr
    assert "0 were there, 0 failed." in result.stderr
    for text in ("a. Principle a", "Fair share (Shapley)", "The report's order", "nine in ten of 4 runs"):
        assert text in result.stdout
    assert "demandsim principles tiny --orders 2 --out DIR" in (tmp_path / "page.html").read_text(encoding="utf-8")
    small = ["--quick", "--households", "150", "--draws", "1", "--rollouts", "0"]
    quick = CliRunner().invoke(app, ["principles", "tiny", "--out", "q", *small, "--workers", "1"])
    assert quick.exit_code == 0, quick.output
    attrs = read_record("q")["attrs"]
    assert (attrs["n_households"], read_record("q")["orders"], read_record("q")["draws"]) == (150, 8, 1)
    assert (
        "demandsim principles tiny --quick --households 150 --draws 1 --rollouts 0 --out DIR"
        in read_record("q")["attrs"]["command"]
    )
    told = CliRunner().invoke(
        app, ["principles", "tiny", "--out", "b", "--draws", "0", "--years", "99", "--place", "x"]
    )
    assert told.exit_code == 2
    assert all(name in told.stderr for name in ("--draws", "--years"))
    odd = CliRunner().invoke(app, ["principles", "tiny", "--out", "o", "--orders", "3"], prog_name="demandsim")
    assert odd.exit_code == 2
    assert "Ask for an even number" in odd.stderr
