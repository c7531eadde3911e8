"""A world that grows: each household counts from its month on, nobody it meets knows it, and no policy moves it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from engine_worlds import CONFIGS, SEED, book, finished, place

from demandsim.labels import N_NEEDS, NEEDS
from demandsim.model.calendar import CALENDAR, move_people
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import Inputs, build_inputs
from demandsim.place.population import REPLACED, VACANT, Population, build_population
from demandsim.policy import Future, load_scenario, place_course
from demandsim.quantities import month_number

START, RUN_IN, MONTHS, N = "2016-04", 12, 24, 400
BOROUGH = "barking_and_dagenham"


@cache
def future(growth: float, churn: float = 1.0) -> Future:
    """Growth so many times as fast as forecast, and people who leave so many times as soon."""
    moved = {"place.growth": growth, "place.churn": churn}
    changes = [
        {"circumstance": name, "values": [{"from": "2016-04-01", "value": value}], "unit": "ratio", "source": "assumed"}
        for name, value in moved.items()
    ]
    return Future.model_validate({"id": "fast", "title": "Fast", "story": "Fast.", "change": changes})


@cache
def people(times: Future) -> Population:
    growth, churn = place_course(book(), times, START, MONTHS, RUN_IN)
    begins = month_number(START) - RUN_IN
    return build_population(place(N, BOROUGH), N, begins, RUN_IN + MONTHS, SEED, growth, churn)


def inputs_in(times: Future, scenario: str = "as_now") -> Inputs:
    told = load_scenario(CONFIGS / "scenarios" / f"{scenario}.toml", book())
    return build_inputs(place(N, BOROUGH), book().draw(SEED), told, START, MONTHS, RUN_IN, times)


def world_in(times: Future, scenario: str = "as_now") -> DemandModel:
    return DemandModel(inputs_in(times, scenario), people(times), place(N, BOROUGH).deprivation_z, SEED, 0)


@pytest.fixture(scope="module")
def grown() -> DemandModel:
    return finished(world_in(future(12.0)))


def test_the_place_grows_by_much_in_this_test() -> None:
    present = people(future(12.0)).present
    assert present[RUN_IN] == N
    assert present[-1] > 1.3 * N


def test_every_household_present_is_counted_in_every_month(grown: DemandModel) -> None:
    counted = grown.record.households.sum(axis=2)
    present = people(future(12.0)).present[RUN_IN:]
    np.testing.assert_array_equal(counted, np.repeat(present[:, None], N_NEEDS, axis=1))


def test_time_in_state_is_that_of_households_present(grown: DemandModel) -> None:
    months = grown.record.state_months.sum(axis=(1, 3))  # year, need
    present = people(future(12.0)).present[RUN_IN:].reshape(-1, 12).sum(axis=1)
    np.testing.assert_array_equal(months, np.repeat(present[:, None], N_NEEDS, axis=1))


def test_an_empty_dwelling_has_no_need_no_case_and_no_cost() -> None:
    model = world_in(future(12.0))
    model.run_in()
    for _ in range(6):
        model.step()
    empty = model.world.households[model.world.households["household_type"] == VACANT]
    assert empty.size == model.population.n_rows - people(future(12.0)).present[RUN_IN + 5]
    assert not empty["state"].any()
    assert not empty["pence"].any()
    assert not empty["recognised"].any()
    assert (empty["head"] == -1).all()


def test_posts_follow_the_households(grown: DemandModel) -> None:
    inputs = grown.inputs
    staffed = inputs.planned[:, RUN_IN] > 0
    ratio = inputs.planned[staffed][:, -1] / inputs.planned[staffed][:, RUN_IN]
    np.testing.assert_allclose(ratio, people(future(12.0)).present[-1] / N, rtol=1e-9)


def test_relationships_are_lost_on_moving() -> None:
    """Whoever moves in is unknown to services, in nobody's care, and trusts as they themselves do."""
    times = future(12.0, 4.0)
    model, events = world_in(times), people(times).events
    known = helped = fresh = 0
    trust: dict[float, float] = {}
    while not model.is_done:
        here = events.of_month(model.months_done)
        moved = events.row[here][events.kind[here] == REPLACED]
        z = events.take_up_z[here][events.kind[here] == REPLACED]
        before = model.world.households[moved]
        for row in CALENDAR:
            if row.run is not None:
                row.run(model)
            if row.run is move_people:
                now = model.world.households[moved]
                assert not now["recognised"].any()
                assert not now["helped"].any()
                assert (now["head"] == -1).all()
                assert (now["waited"] == 0).all()
                trust |= dict(zip(z.tolist(), now["trust"].tolist(), strict=True))
        known += int((before["recognised"] > 0).sum())
        helped += int((before["helped"] > 0).sum())
        fresh += int((before["household_type"] == VACANT).sum())
    assert min(known, helped, fresh) > 20, "some had been known and helped, and some dwellings had been empty"
    ordered = [trust[key] for key in sorted(trust)]
    assert ordered == sorted(ordered), "trust is drawn anew with the household, whoever lived there before"
    assert ordered[0] < ordered[-1]


def test_no_policy_moves_who_lives_there(grown: DemandModel) -> None:
    other = finished(world_in(future(12.0), "no_early_help"))
    for column in ("household_type", "adults", "children", "age_band", "occupant", "area", "tenure", "log_frailty"):
        np.testing.assert_array_equal(other.world.households[column], grown.world.households[column])
    assert (other.world.households["history"] != grown.world.households["history"]).any(), "and lives do differ"


def test_those_there_from_the_start_arrive_with_the_same_needs_whether_the_place_grows_or_not() -> None:
    grows, still = world_in(future(12.0)), world_in(future(0.0))
    assert (grows.n_households, still.n_households) == (people(future(12.0)).n_rows, N)
    grows.run_in()
    still.run_in()
    for column in ("state", "since", "recognised", "occupant", "trust"):
        np.testing.assert_array_equal(grows.world.households[column][:N], still.world.households[column])


def test_a_shock_acts_as_far_as_its_strength_says() -> None:
    def ratio(strength: float) -> np.ndarray:
        change = {"from": "2016-04-01", "value": strength}
        shock = "shocks.local_housing_allowance_freeze.strength"
        told = {"circumstance": shock, "values": [change], "unit": "share", "source": "assumed"}
        times = Future.model_validate({"id": "f", "title": "f", "story": "f", "change": [told]})
        return inputs_in(times).shocks[:, RUN_IN]

    full, half, none = (ratio(strength) for strength in (1.0, 0.5, 0.0))
    housing = NEEDS.index("housing")
    np.testing.assert_allclose(half[housing], np.sqrt(full[housing]))
    assert none[housing] == 1.0 < full[housing]
    others = np.delete(np.arange(N_NEEDS), housing)
    np.testing.assert_array_equal(full[others], none[others])
