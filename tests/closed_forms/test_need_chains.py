"""Constant hazards and chains of months, against arithmetic done another way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from demandsim.errors import RequestError
from demandsim.labels import N_STATES
from demandsim.needs.closed_forms import (
    mean_duration,
    state_distribution,
    stationary_distribution,
    survival,
    transition_matrix,
)

RUNGS = N_STATES - 1
LADDERS = st.lists(st.floats(1e-4, 2.0), min_size=2 * RUNGS, max_size=2 * RUNGS)


def _ladder(rates: list[float]) -> NDArray[np.float64]:
    """Hazards of a ladder with one rung up and one down."""
    hazards = np.zeros((N_STATES, N_STATES))
    for rung in range(RUNGS):
        hazards[rung, rung + 1] = rates[rung]
        hazards[rung + 1, rung] = rates[RUNGS + rung]
    return hazards


@given(st.floats(0.0, 5.0), st.floats(0.0, 50.0), st.floats(0.0, 50.0))
def test_survival_forgets(hazard: float, first: float, second: float) -> None:
    both = survival(hazard, first + second)
    assert both == pytest.approx(survival(hazard, first) * survival(hazard, second), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("hazard", [0.014, 0.3, 2.0])
def test_the_mean_is_the_area_under_survival(hazard: float) -> None:
    times = np.linspace(0.0, 40.0 / hazard, 400_001)
    alive = survival(hazard, times)
    area = float(np.sum((alive[1:] + alive[:-1]) / 2.0) * (times[1] - times[0]))
    assert area == pytest.approx(mean_duration(hazard), rel=1e-8)


def test_what_never_happens_takes_for_ever() -> None:
    assert mean_duration(0.0) == math.inf
    assert survival(0.0, 1e9) == 1.0
    with pytest.raises(RequestError, match="hazard"):
        mean_duration(-0.1)
    with pytest.raises(RequestError, match="below 0"):
        survival(0.1, np.array([1.0, -1.0]))


@given(st.lists(st.floats(0.0, 3.0), min_size=N_STATES**2, max_size=N_STATES**2))
def test_a_step_keeps_everybody_and_hazards_share_it(rates: list[float]) -> None:
    hazards = np.array(rates).reshape(N_STATES, N_STATES)
    before = hazards.copy()
    step = transition_matrix(hazards)
    assert np.array_equal(hazards, before)
    assert np.all(step >= 0.0)
    assert step.sum(axis=1) == pytest.approx(np.ones(N_STATES), abs=1e-12)
    for state in range(N_STATES):
        others = np.delete(hazards[state], state)
        assert step[state, state] == pytest.approx(math.exp(-others.sum()), rel=1e-12)
        if others.sum() > 1e-9:
            moved = np.delete(step[state], state) / (1.0 - step[state, state])
            assert moved == pytest.approx(others / others.sum(), rel=1e-6, abs=1e-300)


@given(LADDERS, st.integers(0, N_STATES - 1), st.integers(0, 60))
def test_n_steps_are_n_times_one_step(rates: list[float], start: int, n: int) -> None:
    step = transition_matrix(_ladder(rates))
    walked = np.eye(N_STATES)[start]
    for _ in range(n):
        walked = walked @ step
    assert state_distribution(step, start, n) == pytest.approx(walked, rel=1e-9, abs=1e-14)
    assert state_distribution(step, np.eye(N_STATES)[start], n).sum() == pytest.approx(1.0, abs=1e-12)


@given(LADDERS)
def test_a_ladder_balances_rung_by_rung(rates: list[float]) -> None:
    step = transition_matrix(_ladder(rates))
    # Detailed balance: as many go up each rung as come down it.
    weights = np.cumprod([1.0] + [step[rung, rung + 1] / step[rung + 1, rung] for rung in range(RUNGS)])
    assert stationary_distribution(step) == pytest.approx(weights / weights.sum(), rel=1e-9)


@given(st.lists(st.floats(1e-4, 1.0), min_size=N_STATES**2, max_size=N_STATES**2))
def test_a_step_leaves_the_stationary_distribution_as_it_is(rates: list[float]) -> None:
    step = transition_matrix(np.array(rates).reshape(N_STATES, N_STATES))
    settled = stationary_distribution(step)
    assert settled.sum() == pytest.approx(1.0, abs=1e-12)
    assert settled @ step == pytest.approx(settled, rel=1e-9)


def test_any_start_settles_with_sudden_crises_and_direct_exits() -> None:
    hazards = _ladder([0.02, 0.05, 0.04, 0.03, 0.10, 0.08, 0.06, 0.05])
    hazards[0, 4], hazards[2, 4], hazards[4, 0] = 0.001, 0.004, 0.02
    step = transition_matrix(hazards)
    for start in range(N_STATES):
        assert state_distribution(step, start, 5_000) == pytest.approx(stationary_distribution(step), rel=1e-9)


def test_states_left_for_ever_are_empty_in_the_long_run() -> None:
    hazards = _ladder([0.02, 0.05, 0.04, 0.03, 0.10, 0.08, 0.06, 0.0])
    assert stationary_distribution(transition_matrix(hazards)) == pytest.approx([0.0, 0.0, 0.0, 0.0, 1.0], abs=1e-15)


def test_a_chain_in_two_parts_has_no_one_answer() -> None:
    with pytest.raises(RequestError, match="no one stationary distribution"):
        stationary_distribution(np.eye(2))


@pytest.mark.parametrize(
    ("transition", "message"),
    [([[0.5, 0.4], [0.0, 1.0]], "sum to 1"), ([[1.5, -0.5], [0.0, 1.0]], "negative"), ([[1.0, 0.0]], "square")],
)
def test_a_matrix_that_is_no_transition_is_refused(transition: list[list[float]], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        stationary_distribution(transition)


def test_odd_starts_and_hazards_are_refused() -> None:
    with pytest.raises(RequestError, match="no state 2"):
        state_distribution(np.eye(2), 2, 1)
    with pytest.raises(RequestError, match="2 shares"):
        state_distribution(np.eye(2), [0.5, 0.6], 1)
    with pytest.raises(RequestError, match="number of steps"):
        state_distribution(np.eye(2), 0, -1)
    with pytest.raises(RequestError, match="square table"):
        transition_matrix([[0.0, 1.0]])
    with pytest.raises(RequestError, match="negative or not finite"):
        transition_matrix([[0.0, -1.0], [0.0, 0.0]])
