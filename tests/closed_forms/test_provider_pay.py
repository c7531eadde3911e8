"""What a provider paid by results can expect of a case, against the chain itself, played out many times."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from demandsim.errors import RequestError
from demandsim.labels import N_STATES
from demandsim.needs.closed_forms import stationary_distribution
from demandsim.services.providers import caseload_mix, provider_effort, provider_worth

Floats = NDArray[np.float64]

#: A need with every kind of move; columns are sudden, up, down, exit.
HAZARDS = np.array(
    [
        [0.001, 0.01, 0.0, 0.0],
        [0.002, 0.06, 0.10, 0.20],
        [0.004, 0.05, 0.08, 0.12],
        [0.0, 0.02, 0.05, 0.06],
        [0.0, 0.0, 0.03, 0.01],
    ]
)
EXIT_TO = np.array([0, 0, 0, 1, 0])
HELP = np.log(np.array([[1.0, 1.0, 1.0, 1.0], *[[1.0, 0.8, 1.2, 1.5]] * 4]))
#: The same help in every state, as hazards of leaving fall with severity.
LADDER = np.array([[0.0] * 4, *[[0.0, 0.0, 0.0, leave] for leave in (0.2, 0.1, 0.05, 0.01)]])
TO_NONE = np.zeros(N_STATES, np.int64)
EVEN = np.array([0.0, 0.25, 0.25, 0.25, 0.25])


def _simulate(hazards: Floats, start: int, length: float, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """States in which `n` cases end, begun in one state: every move drawn, one after another."""
    state = np.full(n, start)
    left = rng.exponential(length, n)
    going = np.arange(n)
    while going.size:
        rates = hazards[state[going]]
        total = rates.sum(axis=1)
        wait = rng.exponential(1.0, going.size) / np.maximum(total, 1e-12)
        left[going] -= wait
        kind = (rng.random((going.size, 1)) * total[:, None] > rates.cumsum(axis=1)).sum(axis=1)
        now = state[going]
        after = np.choose(kind.clip(max=3), [np.full(going.size, 4), now + 1, now - 1, EXIT_TO[now]])
        goes_on = left[going] > 0.0
        state[going[goes_on]] = after[goes_on]
        going = going[goes_on]
        going = going[state[going] > 0]
    return state


@pytest.mark.parametrize("start", range(1, N_STATES))
def test_worth_under_a_target_is_how_often_the_need_ends_within_the_case(start: int) -> None:
    rng = np.random.default_rng(start)
    n = 60_000
    ended = _simulate(HAZARDS * np.exp(HELP), start, 9.0, n, rng) == 0
    expected = provider_worth(HAZARDS, EXIT_TO, HELP, 9.0, 0.0)[start]
    assert abs(ended.mean() - expected) < 4.0 * np.sqrt(expected * (1.0 - expected) / n)


def test_worth_under_progression_is_what_is_climbed_beyond_what_would_have_been() -> None:
    n, length = 240_000, 9.0
    worth = provider_worth(HAZARDS, EXIT_TO, HELP, length, 1.0)
    found, error = np.zeros(N_STATES), np.zeros(N_STATES)
    for start in range(1, N_STATES):
        rng = np.random.default_rng(10 + start)
        helped, alone = (
            np.maximum(start - _simulate(rates, start, length, n, rng), 0)
            for rates in (HAZARDS * np.exp(HELP), HAZARDS)
        )
        found[start] = helped.mean() / alone.mean() - 1.0
        error[start] = (
            (helped.mean() / alone.mean())
            * np.hypot(helped.std() / helped.mean(), alone.std() / alone.mean())
            / np.sqrt(n)
        )
    scale = worth.sum() / found.sum()  # pay is per unit of gain; only its proportions say who is preferred
    tolerance = 4.0 * scale * (error[1:] + found[1:] / found.sum() * np.sqrt((error**2).sum()))
    assert np.all(np.abs(found * scale - worth)[1:] < tolerance)
    assert worth[0] == 0.0


def test_one_exit_and_nothing_else_by_hand() -> None:
    hazards = np.zeros((N_STATES, 4))
    hazards[:, 3] = [0.0, 0.2, 0.1, 0.05, 0.01]
    help_ = np.full((N_STATES, 4), np.log(2.0))
    worth = provider_worth(hazards, TO_NONE, help_, 10.0, 0.0)
    assert worth[1:] == pytest.approx([4 / 5, 2 / 3, 1 / 2, 1 / 6])
    # Leaving within a case: h L / (1 + h L). With help over without, less 1: 1 / (1 + 2 h L).
    gains = np.array([1 / 5, 1 / 3, 1 / 2, 5 / 6])
    paid = provider_worth(hazards, TO_NONE, help_, 10.0, 1.0)[1:]
    assert paid == pytest.approx(gains * worth[1:].sum() / gains.sum())


def test_a_target_favours_the_easiest_and_progression_does_not() -> None:
    help_ = np.zeros((N_STATES, 4))
    help_[:, 3] = np.log(1.3)
    target = provider_worth(LADDER, TO_NONE, help_, 12.0, 0.0)[1:]
    progression = provider_worth(LADDER, TO_NONE, help_, 12.0, 1.0)[1:]
    assert np.all(np.diff(target) < 0.0)
    assert np.all(np.diff(progression) > 0.0)


def test_help_that_does_nothing_leaves_nobody_preferred_under_progression() -> None:
    worth = provider_worth(HAZARDS, EXIT_TO, np.zeros((N_STATES, 4)), 9.0, 1.0)
    assert np.ptp(worth[1:]) == 0.0
    assert worth[1] > 0.0
    assert provider_effort(worth, EVEN)[1:] == pytest.approx(1.0)


_HAZARDS = st.lists(st.floats(0.0, 0.5), min_size=16, max_size=16).map(lambda flat: np.array(flat).reshape(4, 4))
_MIXES = st.lists(st.integers(0, 1000).map(float), min_size=4, max_size=4).filter(any)


def _needs(rows: Floats) -> Floats:
    return np.vstack((np.zeros(4), rows))


@settings(max_examples=200)
@given(_HAZARDS, _MIXES, st.floats(0.5, 30.0), st.floats(-1.0, 1.0), st.floats(0.0, 1.0))
def test_the_caseload_is_paid_as_much_however_it_is_paid_for(
    rows: Floats, shares: list[float], length: float, log_ratio: float, progression: float
) -> None:
    mix = np.array([0.0, *shares]) / sum(shares)
    help_ = np.full((N_STATES, 4), log_ratio)

    def worth(share: float) -> Floats:
        return provider_worth(_needs(rows), EXIT_TO, help_, length, share, mix)

    target, full = worth(0.0), worth(1.0)
    assert mix @ full == pytest.approx(mix @ target, rel=1e-9, abs=1e-12)
    np.testing.assert_allclose(worth(progression), (1.0 - progression) * target + progression * full, rtol=1e-9)


@settings(max_examples=300)
@given(
    st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 10.0)), min_size=4, max_size=4),
    _MIXES,
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
    st.floats(1.0, 4.0),
)
def test_effort_is_moved_and_not_made(
    worth: list[float], shares: list[float], follows: float, least: float, most: float
) -> None:
    mix = np.array([0.0, *shares]) / sum(shares)
    pay = np.array([0.0, *worth])
    effort = provider_effort(pay, mix, follows, least, most)
    assert mix @ effort == pytest.approx(1.0, abs=1e-12)
    held = np.flatnonzero(mix > 0.0)
    order = held[np.argsort(pay[held], kind="stable")]
    assert np.all(np.diff(effort[order]) >= -1e-9)  # who brings more never gets less
    assert effort[held].min() >= 1.0 - follows * (1.0 - least) - 1e-9
    assert effort[held].max() <= 1.0 + follows * (most - 1.0) + 1e-9
    assert provider_effort(pay, mix, 0.0, least, most).tolist() == [1.0] * N_STATES


def test_effort_is_in_proportion_to_worth_between_the_bounds() -> None:
    effort = provider_effort([0.0, 3.0, 2.0, 2.0, 1.0], EVEN)
    assert effort[1:] == pytest.approx([1.5, 1.0, 1.0, 0.5])
    # At the bounds: half the caseload brings all the pay, the rest gets what is left.
    assert provider_effort([0.0, 1.0, 1.0, 0.0, 0.0], EVEN)[1:] == pytest.approx([1.8, 1.8, 0.2, 0.2])
    assert provider_effort([0.0, 1.0, 0.0, 0.0, 0.0], EVEN)[1:] == pytest.approx([2.0, 2 / 3, 2 / 3, 2 / 3])


@settings(max_examples=60)
@given(_HAZARDS, st.integers(1, 4), st.integers(1, 4))
def test_the_long_run_mix_is_left_as_it_is_by_the_chain(rows: Floats, opens: int, closes: int) -> None:
    assume(opens <= closes)
    hazards = np.vstack(([0.01, 0.05, 0.0, 0.0], rows + 0.01))
    mix = caseload_mix(hazards, TO_NONE, opens, closes)
    assert mix.sum() == pytest.approx(1.0)
    assert np.all(mix[:opens] == 0.0)
    assert np.all(mix[closes + 1 :] == 0.0)
    # The same chain in steps too short for two moves.
    step = np.eye(N_STATES)
    for state, (sudden, up, down, leave) in enumerate(hazards):
        for to, hazard in ((4, sudden), (state + 1, up), (state - 1, down), (0, leave)):
            if 0 <= to < N_STATES and to != state:
                step[state, to] += 0.1 * hazard
                step[state, state] -= 0.1 * hazard
    in_band = stationary_distribution(step)[opens : closes + 1]
    np.testing.assert_allclose(mix[opens : closes + 1], in_band / in_band.sum(), rtol=1e-6)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"hazards": -HAZARDS}, "negative"),
        ({"hazards": HAZARDS[:4]}, "shape"),
        ({"exit_to": [0, 0, 0, 0, 9]}, "one of 5 states"),
        ({"length": 0.0}, "longer than 0"),
        ({"progression": 1.5}, "between 0 and 1"),
        ({"mix": [0.0, 0.5, 0.5, 0.5, 0.0]}, "sum to 1"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object], told: str) -> None:
    right = {"hazards": HAZARDS, "exit_to": EXIT_TO, "help_log_ratio": HELP, "length": 9.0, "progression": 0.5}
    with pytest.raises(RequestError, match=told):
        provider_worth(**{**right, **wrong})


def test_bounds_of_effort_that_make_no_sense_are_refused() -> None:
    with pytest.raises(RequestError, match="bounded"):
        provider_effort([0.0, 1.0, 1.0, 1.0, 1.0], EVEN, least=1.1)
    with pytest.raises(RequestError, match="none negative"):
        provider_effort([0.0, -1.0, 1.0, 1.0, 1.0], EVEN)
