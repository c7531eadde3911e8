"""The rule is written once: screened or not, in one pass or agent by agent, a world is the same to the bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from engine_worlds import (
    MONTHS,
    RUN_IN,
    SCENARIOS,
    SEED,
    assert_same_world,
    digest_of,
    finished,
    inputs_of,
    limited_lines,
    place,
    unlimited,
    world_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from demandsim.labels import FAMILY, N_NEEDS
from demandsim.model.calendar import step_all_households
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import Inputs
from demandsim.place.population import build_population
from demandsim.services.tables import FREE

HOUSEHOLDS = 1500
#: More than one chunk of the screen, so that its seams are crossed.
SEVERAL_CHUNKS = 5000


def _changed(**fields: object) -> Callable[[Inputs], Inputs]:
    def change(inputs: Inputs) -> Inputs:
        needs = inputs.needs.copy()
        for name, value in fields.items():
            needs[name] = value
        return replace(inputs, needs=needs)

    return change


def _rising_shocks(inputs: Inputs) -> Inputs:
    months = np.arange(inputs.shocks.shape[1])
    shocks = np.broadcast_to(1.0 + np.sin(months), inputs.shocks.shape).copy()
    needs = inputs.needs.copy()
    needs["shock_most"][:] = shocks.max(axis=1)
    return replace(inputs, shocks=shocks, needs=needs)


def _strong_effects(inputs: Inputs) -> Inputs:
    """Every line acts, for better and for worse, with a fidelity that grows during the run."""
    lines = inputs.lines.copy()
    rng = np.random.default_rng(3)
    lines["log_ratio"] = rng.normal(0.0, 1.0, lines["log_ratio"].shape)
    lines["has_effect"] = 1
    lines["raises"] = (1 << N_NEEDS) - 1
    lines["most_fidelity"] = 2.0
    lines["lag"], lines["fade"] = 0.7, 2.5
    fidelity = np.broadcast_to(np.linspace(0.0, 2.0, inputs.planned.shape[1]), inputs.planned.shape).copy()
    return replace(inputs, lines=lines, monthly={**inputs.monthly, "fidelity": fidelity})


#: Beliefs at and beyond the ends of what a draw could hold: a bound that is no bound shows here first.
EXTREMES: dict[str, Callable[[Inputs], Inputs]] = {
    "relapse less likely than a first time": _changed(relapse=0.2),
    "relapse much likelier than a first time": _changed(relapse=8.0, relapse_window=3.0),
    "need in help is noticed less": _changed(contact_in_help=0.2),
    "need in help is noticed more": _changed(contact_in_help=5.0),
    "recovery slows with time": _changed(duration=1.5),
    "needs slow each other's recovery": _changed(recovery_exponent=2.0),
    "shocks come and go": _rising_shocks,
    "effects of every sign": _strong_effects,
}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_screen_leaves_out_only_what_cannot_happen(scenario: str) -> None:
    inputs = inputs_of(scenario, HOUSEHOLDS)
    screened, full = finished(world_of(inputs)), finished(world_of(inputs, is_screened=False))
    assert_same_world(screened, full)
    assert screened.record.activity.sum() > 0


def test_the_screen_is_exact_across_chunks_and_under_drawn_beliefs() -> None:
    inputs = inputs_of("whole_system", SEVERAL_CHUNKS, draw=3)
    assert_same_world(finished(world_of(inputs, luck=5)), finished(world_of(inputs, luck=5, is_screened=False)))


@pytest.mark.parametrize("extreme", EXTREMES)
def test_the_screen_is_exact_at_the_ends_of_belief(extreme: str) -> None:
    inputs = EXTREMES[extreme](inputs_of("whole_system", HOUSEHOLDS))
    assert_same_world(finished(world_of(inputs)), finished(world_of(inputs, is_screened=False)))


@pytest.mark.parametrize("field", ["relapse", "contact_in_help"])
def test_a_ratio_of_nothing_can_be_run(field: str) -> None:
    inputs = _changed(**{field: 0.0})(inputs_of("as_now", 300))
    assert_same_world(finished(world_of(inputs)), finished(world_of(inputs, is_screened=False)))


@settings(max_examples=12)
@given(draw=st.integers(0, 500), luck=st.integers(0, 2**31), scenario=st.sampled_from(SCENARIOS))
def test_the_screen_is_exact_under_any_draw_and_luck(draw: int, luck: int, scenario: str) -> None:
    inputs = inputs_of(scenario, 400, draw)
    assert_same_world(finished(world_of(inputs, luck)), finished(world_of(inputs, luck, is_screened=False)))


def _step_by_agents(model: DemandModel, rng: np.random.Generator) -> None:
    """One month in which every household steps itself, in any order."""
    for row in model.calendar:
        if row.run is step_all_households:
            for household in rng.permutation(model.n_households):
                model.household(int(household)).step()
        elif row.run is not None:
            row.run(model)


@pytest.mark.parametrize("scenario", ["as_now", "whole_system", "no_early_help"])
def test_households_stepping_themselves_live_the_same_lives(scenario: str) -> None:
    inputs = inputs_of(scenario, HOUSEHOLDS)
    at_once, one_by_one = finished(world_of(inputs)), world_of(inputs)
    rng = np.random.default_rng(7)
    while not one_by_one.is_done:
        _step_by_agents(one_by_one, rng)
    assert_same_world(at_once, one_by_one)


def test_some_months_by_agents_and_some_at_once_are_the_same() -> None:
    inputs = inputs_of("whole_system", 600)
    at_once, mixed = finished(world_of(inputs)), world_of(inputs)
    rng = np.random.default_rng(8)
    while not mixed.is_done:
        if mixed.months_done % 3:
            mixed.step()
        else:
            _step_by_agents(mixed, rng)
    assert_same_world(at_once, mixed)


def test_a_pool_of_cases_that_has_to_grow_changes_nothing() -> None:
    # Everybody in need calls on services at once, and few are helped: more cases than a pool begins with.
    inputs = _crowded(inputs_of("as_now", 3000))
    small, large = world_of(inputs), world_of(inputs)
    large.cases, unused = _roomier(large)
    large.world.counts["unused"] = unused
    before = small.cases.size
    finished(small), finished(large)
    assert small.cases.size > before
    assert small.cases.size != large.cases.size
    assert_same_world(small, large)


def _crowded(inputs: Inputs) -> Inputs:
    needs, lines = inputs.needs.copy(), inputs.lines.copy()
    needs["contact"][:, :, 1:] = 3.0
    lines["patience"] = np.where(limited_lines(inputs), 500.0, lines["patience"])
    ones = {name: np.ones_like(inputs.monthly[name]) for name in ("p_referred", "take_up", "p_eligible")}
    opens = np.ones_like(inputs.monthly["opens_at"])
    return replace(inputs, needs=needs, lines=lines, monthly={**inputs.monthly, **ones, "opens_at": opens})


def _roomier(model: DemandModel) -> tuple[np.ndarray, int]:
    from demandsim.services.tables import grown_cases

    return grown_cases(model.cases, int(model.world.counts["unused"][0]), 200_000)


def test_a_branch_is_the_world_that_was_never_branched() -> None:
    as_now, other = inputs_of("as_now", HOUSEHOLDS), inputs_of("whole_system", HOUSEHOLDS)
    trunk = world_of(as_now)
    trunk.run_in()
    twin = trunk.branch(other)
    assert_same_world(finished(trunk), finished(world_of(as_now)))
    assert_same_world(finished(twin), finished(world_of(other)))


def test_a_branch_forgets_the_bounds_of_its_trunk() -> None:
    # Help that did nothing so far, so that no bound allows for it, works from the moment the worlds part.
    works = _strong_effects(inputs_of("as_now", HOUSEHOLDS))
    fidelity = np.where(np.arange(RUN_IN + MONTHS) < RUN_IN, 0.0, np.full(works.planned.shape, 2.0))
    works = replace(works, monthly={**works.monthly, "fidelity": fidelity})
    idle_lines = works.lines.copy()
    idle_lines["most_fidelity"] = 0.0
    idle = replace(works, lines=idle_lines, monthly={**works.monthly, "fidelity": np.zeros_like(fidelity)})
    trunk = world_of(idle)
    trunk.run_in()
    assert_same_world(finished(trunk.branch(works)), finished(world_of(works, is_screened=False)))


def test_moving_a_household_by_hand_keeps_the_counts() -> None:
    model = world_of(inputs_of("as_now", HOUSEHOLDS))
    model.run_in()
    for household in model.households.select(lambda h: h.children > 0, at_most=40):
        household.family = "crisis"
        household.money = "none"
    states = model.world.households["state"]
    expected = [np.bincount(states[:, need], minlength=5) for need in range(N_NEEDS)]
    np.testing.assert_array_equal(model.world.counts["households"][0], expected)
    helped = model.world.households["helped"]
    unmet = [((states[:, need] >= 2) & (helped >> need & 1 == 0)).sum() for need in range(N_NEEDS)]
    np.testing.assert_array_equal(model.world.counts["unmet"][0], unmet)
    assert states[:, FAMILY].max() == 4


def test_counts_equal_a_recount_every_month() -> None:
    model = world_of(inputs_of("whole_system", HOUSEHOLDS))
    while not model.is_done:
        model.step()
        people = model.world.households
        recount = [np.bincount(people["state"][:, need], minlength=5) for need in range(N_NEEDS)]
        np.testing.assert_array_equal(model.world.counts["households"][0], recount)
        live = model.cases[model.cases["status"] != FREE]
        assert live.size == model.cases.size - int(model.world.counts["unused"][0])


def test_luck_and_seed_and_place_matter() -> None:
    inputs = inputs_of("as_now", 300)
    digests = {digest_of(finished(world_of(inputs, luck))) for luck in range(3)}
    other = build_population(place(300), 300, 24_204 - RUN_IN, RUN_IN + MONTHS, SEED + 1)
    digests.add(digest_of(finished(world_of(inputs, people=other))))
    digests.add(digest_of(finished(world_of(unlimited(inputs)))))
    assert len(digests) == 5
