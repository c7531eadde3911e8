"""How needs move, against competing hazards and the powers of the monthly matrix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine_worlds import SEED, inputs_of, place, population, settled
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import chi2

from demandsim.chance import draw_uniforms
from demandsim.labels import CRISIS, N_NEEDS, N_STATES, NEEDS
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import Inputs
from demandsim.needs.closed_forms import state_distribution, stationary_distribution, transition_matrix
from demandsim.needs.step import drawn_state, exp_above, moved_state, stationary_shares, threshold_16

HOUSEHOLDS = 3000
STATES_ = st.integers(0, CRISIS)
UNIFORMS = st.floats(2.0**-33, 1.0 - 2.0**-33)
HAZARDS = st.floats(0.0, 3.0)


def _moves_of(state: int, exit_to: int, crisis: float, up: float, down: float, leave: float) -> NDArray[np.float64]:
    """Probabilities of the state after the month, by the closed form."""
    hazards = np.zeros((N_STATES, N_STATES))
    if state < CRISIS:
        hazards[state, CRISIS] += crisis
        hazards[state, state + 1] += up
    if state > 0:
        hazards[state, state - 1] += down
        hazards[state, exit_to] += leave
    return transition_matrix(hazards)[state]


@given(UNIFORMS, STATES_, HAZARDS, HAZARDS, HAZARDS, HAZARDS, st.floats(0.0, 1.0))
def test_a_lower_rise_never_turns_a_good_month_into_a_bad_one(
    uniform: float, state: int, crisis: float, up: float, down: float, leave: float, share: float
) -> None:
    crisis, up = (crisis, up) if state < CRISIS else (0.0, 0.0)
    down, leave = (down, leave) if state > 0 else (0.0, 0.0)
    higher = moved_state(uniform, state, 0, crisis, up, down, leave)
    lower = moved_state(uniform, state, 0, crisis, up * share, down, leave)
    if higher <= state:
        assert lower <= higher


@given(UNIFORMS, STATES_, HAZARDS, HAZARDS, HAZARDS, st.floats(0.0, 1.0))
def test_a_lower_rise_is_never_worse_where_no_sudden_crisis_competes(
    uniform: float, state: int, up: float, down: float, leave: float, share: float
) -> None:
    up = up if state < CRISIS else 0.0
    down, leave = (down, leave) if state > 0 else (0.0, 0.0)
    higher = moved_state(uniform, state, 0, 0.0, up, down, leave)
    assert moved_state(uniform, state, 0, 0.0, up * share, down, leave) <= higher


@given(UNIFORMS, st.integers(0, CRISIS - 1), HAZARDS, HAZARDS, HAZARDS, HAZARDS, st.floats(0.0, 1.0))
def test_lower_hazards_of_getting_worse_together_are_never_worse(
    uniform: float, state: int, crisis: float, up: float, down: float, leave: float, share: float
) -> None:
    down, leave = (down, leave) if state > 0 else (0.0, 0.0)
    higher = moved_state(uniform, state, 0, crisis, up, down, leave)
    assert moved_state(uniform, state, 0, crisis * share, up * share, down, leave) <= higher


@given(st.floats(0.0, 2.0), st.floats(0.0, 2.0), st.floats(0.0, 2.0), st.floats(0.0, 1.0))
def test_what_competition_leaves_to_a_sudden_crisis_is_bounded(
    crisis: float, up: float, rest: float, share: float
) -> None:
    # Hazards compete, so a lower rise leaves a little more room for the sudden way: at most half the product.
    before = _moves_of(1, 0, crisis, up, rest, 0.0)[CRISIS]
    after = _moves_of(1, 0, crisis, up * share, rest, 0.0)[CRISIS]
    assert before - 1e-12 <= after <= before + crisis * up * (1.0 - share) / 2.0 + 1e-12


@pytest.mark.parametrize(
    ("state", "exit_to", "hazards"),
    [
        (0, 0, (0.02, 0.10, 0.0, 0.0)),
        (1, 0, (0.03, 0.15, 0.20, 0.0)),
        (2, 0, (0.01, 0.30, 0.25, 0.12)),
        (3, 1, (0.00, 0.40, 0.60, 0.35)),
        (4, 2, (0.00, 0.00, 0.45, 0.80)),
    ],
)
def test_frequencies_are_those_of_competing_hazards(
    state: int, exit_to: int, hazards: tuple[float, float, float, float]
) -> None:
    n = 50_000
    uniforms = draw_uniforms(np.uint32(SEED), np.uint32(0), np.arange(n), 0, 0, state)
    counts = np.bincount([moved_state(u, state, exit_to, *hazards) for u in uniforms.tolist()], minlength=N_STATES)
    expected = n * _moves_of(state, exit_to, *hazards)
    assert (counts[expected == 0.0] == 0).all()
    possible = expected > 0.0
    statistic = float(((counts - expected)[possible] ** 2 / expected[possible]).sum())
    assert statistic < chi2.ppf(0.999, int(possible.sum()) - 1)


@given(st.floats(1e-7, 0.9), st.integers(0, 2**32 - 1))
def test_the_screen_lets_every_draw_through_that_could_move(hazard: float, word: int) -> None:
    p = -np.expm1(-hazard)
    if (word + 0.5) * 2.0**-32 < p:
        assert word >> 16 <= threshold_16(hazard)


@given(st.floats(-600.0, 600.0))
def test_a_cheap_exponential_bounds_the_exact_one(power: float) -> None:
    assert 1.0 <= exp_above(power) / np.exp(power) <= 1.007


def _constant(inputs: Inputs, hazards: NDArray[np.float64]) -> Inputs:
    """The same inputs with one chain of constant hazards a need, and no service that answers."""
    needs = np.zeros_like(inputs.needs)
    needs["exposure"] = 1.0
    needs["shock_most"] = needs["relapse"] = needs["contact_in_help"] = 1.0
    needs["touches"] = 1 << np.arange(N_NEEDS)
    needs["up"] = hazards[:, :CRISIS, 0]
    needs["sudden"] = hazards[:, :CRISIS, 1]
    needs["down"] = hazards[:, :, 2]
    needs["exit"] = hazards[:, :, 3]
    needs["exit_to"][:] = [0, 1, 0, 1, 0]
    monthly = {**inputs.monthly, "take_up": np.zeros_like(inputs.monthly["take_up"])}
    return replace(inputs, needs=needs, monthly=monthly, shocks=np.ones_like(inputs.shocks))


def _chains() -> NDArray[np.float64]:
    """Hazards of up, sudden, down and exit by need and state, each need with its own."""
    rates = np.random.default_rng(1).uniform(0.02, 0.35, (N_NEEDS, N_STATES, 4))
    rates[:, CRISIS, :2] = 0.0
    rates[:, 0, 2:] = 0.0
    rates[:, [1, 3], 3] *= [0.0, 1.0]
    rates[:, CRISIS - 1, 1] = 0.0
    return rates


def _matrix(chain: NDArray[np.float64]) -> NDArray[np.float64]:
    """One need's hazards as a table from state to state."""
    hazards = np.zeros((N_STATES, N_STATES))
    for state, (up, sudden, down, leave) in enumerate(chain):
        if state < CRISIS:
            hazards[state, state + 1] += up
            hazards[state, CRISIS] += sudden
        if state > 0:
            hazards[state, state - 1] += down
            hazards[state, (0, 1, 0, 1, 0)[state]] += leave
    return transition_matrix(hazards)


@pytest.fixture(scope="module")
def chain_worlds() -> dict[int, NDArray[np.int64]]:
    """Households by need and state after some months, everybody starting at established."""
    inputs = _constant(inputs_of("as_now", HOUSEHOLDS, months=12, run_in=0), _chains())
    people = settled(population(HOUSEHOLDS, 12, 0))
    model = DemandModel(inputs, people, place(HOUSEHOLDS).deprivation_z, SEED)
    model.households.set("work", "established")
    for need in NEEDS[1:]:
        model.households.set(need, "established")
    counts = {}
    while not model.is_done:
        model.step()
        counts[model.month] = model.record.households[model.month - 1].copy()
    return counts


@pytest.mark.parametrize("months", [1, 3, 12])
def test_months_are_powers_of_the_monthly_matrix(months: int, chain_worlds: dict[int, NDArray[np.int64]]) -> None:
    for need, chain in enumerate(_chains()):
        share = state_distribution(_matrix(chain), 2, months)
        error = np.sqrt(HOUSEHOLDS * share * (1.0 - share))
        apart = np.abs(chain_worlds[months][need] - HOUSEHOLDS * share)
        assert (apart <= 3.0 * error).all(), f"{NEEDS[need]} after {months} months: {apart / np.maximum(error, 1e-9)}"


def test_newcomers_bring_the_long_run_of_their_hazards() -> None:
    n = 20_000
    chain = _chains()[0]
    flow = np.empty((N_STATES, N_STATES))
    uniforms = draw_uniforms(np.uint32(SEED), np.uint32(0), np.arange(n), 0, 0, 20)
    mass = np.empty(N_STATES)
    total = stationary_shares(_in_order(chain), np.array([0, 1, 0, 1, 0]), flow, mass)
    drawn = [drawn_state(u, mass, total) for u in uniforms.tolist()]
    # The long run of hazards in continuous time is that of any small step of them.
    step = 1e-6
    moves = np.eye(N_STATES) + step * (_rates(chain) - np.diag(_rates(chain).sum(axis=1)))
    expected = n * stationary_distribution(moves)
    statistic = float(((np.bincount(drawn, minlength=N_STATES) - expected) ** 2 / expected).sum())
    assert statistic < chi2.ppf(0.999, N_STATES - 1)


def _in_order(chain: NDArray[np.float64]) -> NDArray[np.float64]:
    """Crisis, up, down and exit, as the rule takes them."""
    return np.ascontiguousarray(chain[:, [1, 0, 2, 3]])


def _rates(chain: NDArray[np.float64]) -> NDArray[np.float64]:
    rates = np.zeros((N_STATES, N_STATES))
    for state, (up, sudden, down, leave) in enumerate(chain):
        if state < CRISIS:
            rates[state, state + 1] += up
            rates[state, CRISIS] += sudden
        if state > 0:
            rates[state, state - 1] += down
            rates[state, (0, 1, 0, 1, 0)[state]] += leave
    return rates
