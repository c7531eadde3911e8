"""Emulators and history matching against a simulator whose answers are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from demandsim.study.calibration.correcting import LEAST_KEPT, correct, draw_by_emulators, flattening, weigh
from demandsim.study.calibration.coverage import check_coverage
from demandsim.study.calibration.emulator import fit_emulator
from demandsim.study.calibration.findings import belief_rows, target_rows, traded_off, wave_rows, weighted_quantiles
from demandsim.study.calibration.goals import Goal
from demandsim.study.calibration.matching import Matched, explore, match_history
from demandsim.study.calibration.plan import Sizes
from demandsim.study.calibration.problem import Problem
from demandsim.study.calibration.sampling import Floats, effective_size, make_chance, spread_points
from demandsim.study.calibration.space import Space

SIZES = Sizes(first=150, wave=60, last=120, waves=3, explored=150, moves=30, rows=50)
N_DIMS = 30
LUCK = 0.05


def _mean(points: Floats) -> Floats:
    """Logarithms of three figures: straight, bent, and two beliefs together; most beliefs do nothing."""
    a, b, c = points[:, 0], points[:, 1], points[:, 2]
    return np.column_stack([0.5 * a + 0.3 * b, 0.6 * b + 0.2 * b**2, 0.5 * c + 0.2 * a + 0.25 * a * c])


def _run(points: Floats, noun: str) -> Floats:
    luck = make_chance(len(noun), len(points)).standard_normal((len(points), 3)) * LUCK
    return np.asarray(np.exp(_mean(points) + luck))


def _goal(name: str, value: float, tolerance: float = 0.05) -> Goal:
    low, high = value * np.exp(-1.645 * tolerance), value * np.exp(1.645 * tolerance)
    return Goal(name, name, "ratio", "nobody", value, low, high, tolerance, 0.0)


def _problem(truth: Floats) -> Problem:
    figures = np.exp(_mean(truth[None, :]))[0]
    goals = [_goal(f"figure_{place}", float(figure)) for place, figure in enumerate(figures)]
    return Problem(N_DIMS, goals, _run, lambda points: points, np.full(3, LUCK**2), np.zeros(3), np.arange(3))


@pytest.fixture(scope="module")
def truth() -> Floats:
    found = np.zeros(N_DIMS)
    found[:3] = 0.9, -0.7, 1.2
    return found


@pytest.fixture(scope="module")
def matched(truth: Floats) -> Matched:
    return match_history(_problem(truth), SIZES)


def test_an_emulator_recovers_a_known_function_and_knows_its_error() -> None:
    chance = make_chance(1)
    points, unseen = spread_points(250, N_DIMS, chance), spread_points(2000, N_DIMS, chance)
    values = _mean(points)[:, 2] + 0.1 * chance.standard_normal(250)
    emulator = fit_emulator(points, values, np.ones(250, bool), make_chance(2))
    assert {0, 2} <= set(emulator.active)
    missed = float(np.mean(np.square(_mean(unseen)[:, 2] - emulator.predict(unseen))))
    assert missed < 0.05**2
    # What it says it misses of a run is the run's own luck and its error about the mean.
    assert emulator.variance == pytest.approx(0.1**2 + missed, rel=0.3)
    assert emulator.within_two == pytest.approx(0.95, abs=0.04)


def test_an_emulator_of_nothing_but_luck_says_that_it_knows_nothing() -> None:
    values = make_chance(3).standard_normal(200)
    points = spread_points(200, N_DIMS, make_chance(4))
    emulator = fit_emulator(points, values, np.ones(200, bool), make_chance(5))
    assert emulator.variance == pytest.approx(float(values.var()), rel=0.15)
    assert abs(emulator.explained) < 0.15


def test_known_beliefs_are_found_and_their_bands_hold_them(matched: Matched, truth: Floats) -> None:
    for belief in range(3):
        low, high = weighted_quantiles(matched.points[:, belief], matched.weights, (0.025, 0.975))
        assert low < truth[belief] < high
    spread = np.sqrt(matched.weights @ np.square(matched.points - matched.weights @ matched.points))
    assert (spread[:3] < 0.45).all()
    assert spread[3:].mean() == pytest.approx(1.0, abs=0.1)
    assert matched.effective > 30


def test_waves_leave_little_of_the_prior_and_their_emulators_are_honest(matched: Matched) -> None:
    assert all(0.0 < wave.share < 0.05 for wave in matched.waves)
    assert np.mean(matched.waves[-1].error) < np.mean(matched.waves[0].error)
    assert all(wave.threshold == SIZES.cutoff for wave in matched.waves)
    assert all(0.4 < wave.surprise < 1.6 for wave in matched.waves[1:])


def test_the_same_seed_finds_the_same(matched: Matched, truth: Floats) -> None:
    again = match_history(_problem(truth), SIZES)
    assert (again.points == matched.points).all()
    assert (again.weights == matched.weights).all()


def test_findings_say_what_is_met_and_what_was_told(matched: Matched, truth: Floats) -> None:
    space = Space((), tuple(f"belief_{place}" for place in range(N_DIMS)))
    problem = _problem(truth)
    assert [row["note"] for row in target_rows(problem, matched)] == ["met", "met", "met"]
    known = {row["name"]: row["identified"] for row in belief_rows(space, matched)}
    assert known["belief_0"]
    assert known["belief_1"]
    assert [row["wave"] for row in wave_rows(problem, matched)] == [1, 2, 3]
    assert traded_off(problem, matched) == []


def test_figures_that_cannot_both_be_met_are_told() -> None:
    def run(points: Floats, noun: str) -> Floats:
        one = _run(points, noun)[:, 0]
        return np.column_stack([one, one])  # the same figure, published twice over and apart

    goals = [_goal("low", 0.8, 0.02), _goal("high", 1.6, 0.02)]
    problem = Problem(N_DIMS, goals, run, lambda points: points, np.full(2, LUCK**2), np.zeros(2), np.arange(2))
    found = match_history(problem, replace(SIZES, waves=2))
    assert found.waves[-1].threshold > 3.0
    assert [row["note"] for row in target_rows(problem, found)] == ["not met", "not met"]
    assert [row["targets"] for row in traded_off(problem, found)] == [["low", "high"]]


def test_bands_hold_made_up_truths_about_as_often_as_they_say(truth: Floats) -> None:
    problem = _problem(truth)
    points = spread_points(SIZES.first, N_DIMS, make_chance(SIZES.seed, 1))
    small = replace(SIZES, waves=2, wave=40, explored=80)
    found = check_coverage(problem, small, points, problem.scaled(_run(points, "wave 1")), 8)
    assert [(one.what, one.level) for one in found] == [
        ("beliefs", 0.5), ("beliefs", 0.9), ("figures", 0.5), ("figures", 0.9)
    ]  # fmt: skip
    for one in found:
        assert one.truths == 8
        assert one.share == pytest.approx(one.level, abs=max(0.15, 3.5 * one.error))


def test_what_a_run_missed_is_taken_off_along_what_may_be_moved() -> None:
    """Each figure hangs on one factor, and on sixty beliefs that each move it too little for an emulator to see."""
    n_small = 60
    slopes = 0.1 * make_chance(11).standard_normal((n_small, 2))

    def run(points: Floats, noun: str) -> Floats:
        luck = make_chance(len(noun), 12).standard_normal((len(points), 2)) * 0.02
        return np.asarray(np.exp(0.6 * points[:, :2] + points[:, 2:] @ slopes + luck))

    goals = [_goal("one", 1.5, 0.03), _goal("other", 0.7, 0.03)]
    lucks = np.full(2, 0.02**2)
    moving = Problem(2 + n_small, goals, run, lambda points: points, lucks, np.zeros(2), np.arange(2))
    still = replace(moving, movable=np.arange(0))
    sizes = replace(SIZES, first=100, waves=2, last=200)
    moved, kept = match_history(moving, sizes), match_history(still, sizes)
    assert moved.effective > 1.5 * kept.effective
    assert moved.effective > 0.5 * len(moved.weights)
    miss = moved.expected - moving.centre
    assert np.sqrt(moved.weights @ np.square(miss)) == pytest.approx(np.sqrt(moving.known), rel=0.3)
    # Beliefs that are not movable are told what they are worth, no more.
    assert np.sqrt(moved.weights @ np.square(moved.points[:, 2:])).mean() == pytest.approx(1.0, abs=0.1)


def test_weights_are_flattened_only_as_far_as_they_must_be() -> None:
    assert flattening(np.zeros(100), 100 * LEAST_KEPT) == 1.0
    power = flattening(np.linspace(0.0, 100.0, 100), 25.0)
    weights = np.exp(power * np.linspace(0.0, 100.0, 100))
    assert effective_size(weights) == pytest.approx(25.0, rel=1e-3)


def test_weighted_quantiles_are_those_of_copies() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0])
    assert weighted_quantiles(values, weights, [0.5]).tolist() == [2.0]
    assert weighted_quantiles(values, np.array([1e-9, 1.0, 1e-9]), [0.5])[0] == pytest.approx(1.0, abs=1e-3)


def test_a_figure_that_nothing_movable_moves_keeps_its_fit_through_corrections() -> None:
    """The second figure hangs on a belief that stays as it is, and on one that its emulator is not shown."""

    def run(points: Floats, noun: str) -> Floats:
        luck = make_chance(len(noun), 13).standard_normal((len(points), 2)) * 0.02
        made = np.column_stack([0.6 * points[:, 0], 0.5 * points[:, 1] + 0.2 * points[:, 2]])
        return np.asarray(np.exp(made + luck))

    goals = [_goal("one", 1.5, 0.05), _goal("other", 1.0, 0.05)]
    problem = Problem(3, goals, run, lambda points: points[:, :2], np.full(2, 0.02**2), np.zeros(2), np.arange(1))
    sizes, points = replace(SIZES, first=100, waves=2), spread_points(100, 3, make_chance(1))
    explored = explore(problem, sizes, points, problem.scaled(problem.run(points, "wave 1")))
    drawn = draw_by_emulators(problem, explored.emulated, explored.draw(400, 30, make_chance(4)))
    weighed = weigh(problem, correct(problem, explored.emulated, drawn, 30, make_chance(7, 1)))
    miss = 0.5 * drawn.points[:, 1] + 0.2 * drawn.points[:, 2]
    # The tolerance is 0.05; were every corrected point as good as another, the spread would be 0.2.
    assert float(np.sqrt(weighed.weights @ np.square(miss))) < 0.08
