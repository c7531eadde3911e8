"""Agencies in a world: posts follow the plan unless money runs short; then they go whole, late, and never a duty."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from engine_worlds import finished, inputs_of, population, world_of
from numpy.typing import NDArray

from demandsim.errors import RequestError
from demandsim.labels import EVENTS
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import Inputs
from demandsim.parameters.vocabulary import ORDERS_OF_CUTS

HOUSEHOLDS, MONTHS, RUN_IN = 3_000, 36, 12


def _inputs(**purses: Any) -> Inputs:
    """As now, with some of what agencies' decisions read put in another's place; nothing is borne elsewhere."""
    inputs = inputs_of("as_now", HOUSEHOLDS, months=MONTHS, run_in=RUN_IN)
    own = inputs.purses
    made = {"elsewhere": np.zeros(len(own.names)), "reserves": np.full(len(own.names), 50.0), "lag": 5} | purses
    return replace(inputs, purses=replace(own, **made))


def _world(**purses: Any) -> DemandModel:
    return finished(world_of(_inputs(**purses), people=population(HOUSEHOLDS, MONTHS, RUN_IN)))


def _grant(inputs: Inputs, council: float) -> NDArray[np.float64]:
    """Flat for everybody, and from April 2017 on another for the council."""
    grant = np.ones_like(inputs.purses.grant)
    grant[inputs.purses.names.index("council"), RUN_IN + 12 :] = council
    return grant


def _short_of_plan(world: DemandModel) -> NDArray[np.float64]:
    """Posts under plan, by month and unit."""
    return world.budgets.posts_planned[:, RUN_IN:].T - world.record.posts


@pytest.mark.parametrize("order", ORDERS_OF_CUTS)
def test_posts_equal_the_plan_exactly_without_overspend_or_grant_cut(order: str) -> None:
    room = np.full_like(_inputs().purses.grant, 9.0)  # whatever is bought, it is within budget
    world = _world(grant=room, reserves=np.zeros(len(_inputs().purses.names)), order=(order,) * (RUN_IN + MONTHS))
    assert not _short_of_plan(world).any()
    assert not world.record.redundancy.any()


def test_reserves_that_meet_every_overspend_keep_the_plan() -> None:
    world = _world(grant=_grant(_inputs(), 1.0))
    assert not _short_of_plan(world).any()
    spent = np.array([year["spent"] - year["budget"] for year in world.budgets.years])
    assert (spent > 0).any()  # some purse did overspend


def test_overspend_cuts_what_is_no_duty_the_year_after() -> None:
    """The same world as above but for its reserves: what saved it there was not that nothing can be cut."""
    inputs = _inputs()
    world = _world(grant=_grant(inputs, 1.0), reserves=np.zeros(len(inputs.purses.names)))
    short, first = _short_of_plan(world), world.budgets.years[0]
    over = (first["spent"] > first["budget"]) & inputs.purses.is_limited
    assert over.any()
    assert not short[: 12 + 5].any()  # found in April, in force when the lag is over
    cut = short[12 + 5 : 24].any(axis=0)
    assert cut.any()
    assert not cut[~inputs.purses.may_cut[over].any(axis=0)].any()


def test_a_pool_with_room_saves_the_posts_of_a_purse_that_is_short() -> None:
    inputs = _inputs()
    council = inputs.purses.names.index("council")
    grant = np.full_like(inputs.purses.grant, 9.0)
    grant[council, RUN_IN + 12 :] = 0.5
    alone = {"grant": grant, "reserves": np.zeros(len(inputs.purses.names))}
    assert _short_of_plan(_world(**alone))[-1, inputs.purses.may_cut[council]].any()
    assert not _short_of_plan(_world(**alone, pooled=np.ones(RUN_IN + MONTHS))).any()


def test_a_gap_that_others_bear_cuts_nothing_here() -> None:
    own = _inputs().purses
    world = _world(grant=_grant(_inputs(), 0.1), elsewhere=np.ones(len(own.names)), reserves=np.zeros(len(own.names)))
    assert not _short_of_plan(world).any()


def test_a_grant_cut_takes_whole_posts_after_the_lag_and_never_a_duty() -> None:
    inputs = _inputs()
    council = inputs.purses.names.index("council")
    reserves = np.where(np.arange(len(inputs.purses.names)) == council, 0.0, 50.0)
    world = _world(grant=_grant(inputs, 0.2), reserves=reserves)
    short = _short_of_plan(world)
    before, after = short[: 12 + 5], short[12 + 5 :]
    free = inputs.purses.may_cut[council]
    assert free.any()
    assert not before[12:, ~free].any()
    assert not short[:, ~free].any()  # duties, and what other purses run
    assert np.allclose(after, np.rint(after), atol=1e-9)
    planned = world.budgets.posts_planned[free, -1]
    assert after[-1, free] == pytest.approx(np.floor(planned + 1e-9))  # so deep a cut leaves no whole post
    paid = world.record.redundancy.sum()
    assert paid == int(np.maximum(np.diff(short, axis=0), 0).sum().round()) * inputs.purses.redundancy_pence


def test_early_posts_that_are_protected_stay() -> None:
    inputs = _inputs()
    council = inputs.purses.names.index("council")
    reserves = np.where(np.arange(len(inputs.purses.names)) == council, 0.0, 50.0)
    world = _world(grant=_grant(inputs, 0.2), reserves=reserves, protected=np.ones(RUN_IN + MONTHS))
    assert not _short_of_plan(world)[:, inputs.purses.is_early].any()


def test_fewer_posts_leave_fewer_places_longer_waits_and_as_far_as_believed_higher_thresholds() -> None:
    inputs = _inputs()
    council = inputs.purses.names.index("council")
    short = {"grant": _grant(inputs, 0.2), "reserves": np.zeros(len(inputs.purses.names))}
    flat = _world(grant=_grant(inputs, 1.0))
    same, higher = _world(**short, response=0.0), _world(**short, response=1.0)
    lines = np.flatnonzero(
        inputs.purses.may_cut[council, : len(inputs.services)] & (flat.record.posts[-1, : len(inputs.services)] > 0)
    )
    for cut in (same, higher):
        assert (cut.record.posts <= flat.record.posts + 1e-9).all()
        assert cut.lines["slots"][lines].sum() < flat.lines["slots"][lines].sum()
    left = higher.record.posts[-1, lines] / flat.record.posts[-1, lines]
    assert (left < 1.0).any()
    assert same.lines["p_referred"] == pytest.approx(flat.lines["p_referred"])  # no response is believed possible
    assert higher.lines["p_referred"][lines] == pytest.approx(flat.lines["p_referred"][lines] * left)

    def last_year(world: DemandModel, event: str) -> int:
        return int(world.record.activity[-12:, lines, EVENTS.index(event)].sum())

    assert last_year(same, "list_time") > last_year(flat, "list_time")  # longer waits
    assert last_year(same, "admitted") < last_year(flat, "admitted")
    assert last_year(higher, "referral") < last_year(same, "referral")  # higher thresholds


def test_an_agency_tells_what_its_last_april_found() -> None:
    inputs = _inputs(reserves=np.zeros(len(_inputs().purses.names)))
    inputs = replace(inputs, purses=replace(inputs.purses, grant=_grant(inputs, 0.2)))
    world = world_of(inputs, people=population(HOUSEHOLDS, MONTHS, RUN_IN))
    council = next(agency for agency in world.agencies if agency.name == "council")
    with pytest.raises(RequestError, match="no `cut` yet"):
        council.last_april("cut")
    finished(world)
    found = world.budgets.years[-1]
    at = inputs.purses.names.index("council")
    assert council.last_april("budget") == found["budget"][at] / 100 > 0.0
    with pytest.raises(RequestError, match="no `savings` yet"):
        council.last_april("savings")
