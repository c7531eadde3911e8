"""Each principle acts through its mechanism and nothing else: without the mechanism, lives are the same bits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine_worlds import (
    MONTHS,
    RUN_IN,
    SEED,
    START,
    book,
    differing_lives,
    finished,
    place,
    without_cuts,
    world_of,
)
from numpy.typing import NDArray
from principle_nulls import LIVED, PRINCIPLES, Principle, roomy

from demandsim.labels import DOOR_EVENTS
from demandsim.model.budgeting import PURSE_ITEMS
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import Inputs, build_inputs
from demandsim.parameters.book import Book
from demandsim.policy.scenario import Change, Scenario, Setting

HOUSEHOLDS = 1_500
FROM = "2017-02-01"
NAMES = [one.lever for one in PRINCIPLES]


def _scenario(lever: str, value: float | str) -> Scenario:
    setting = Setting.model_validate({"from": FROM, "value": value})
    change = Change(lever=lever, values=(setting,), unit=book()[lever].unit, source="assumed")
    return Scenario(id="one_lever", title="One lever", changes=(change,))


def _staffed(beliefs: Book) -> Book:
    """Posts for a line that is paid by results, so that there is a provider to pay."""
    return beliefs.with_overrides({"services.work_programme.staff": 4.0})


def _inputs(beliefs: Book, lever: str = "", value: float | str = 0.0) -> Inputs:
    scenario = _scenario(lever, value) if lever else Scenario(id="as_now", title="As now")
    drawn = _staffed(beliefs).draw(SEED)
    return without_cuts(build_inputs(place(HOUSEHOLDS), drawn, scenario, START, MONTHS, RUN_IN))


def _pair(beliefs: Book, lever: str, value: float) -> tuple[DemandModel, DemandModel]:
    return finished(world_of(_inputs(beliefs))), finished(world_of(_inputs(beliefs, lever, value)))


@pytest.mark.parametrize("principle", PRINCIPLES, ids=NAMES)
def test_without_its_mechanism_a_principle_changes_no_life(principle: Principle) -> None:
    as_now, moved = _pair(book().with_overrides(principle.null), principle.lever, principle.value)
    assert differing_lives(as_now, moved, LIVED).size == 0


@pytest.mark.parametrize("principle", PRINCIPLES, ids=NAMES)
def test_with_its_mechanism_a_principle_changes_some_lives(principle: Principle) -> None:
    as_now, moved = _pair(book().with_overrides(principle.strong), principle.lever, principle.value)
    assert differing_lives(as_now, moved, LIVED).size > 0


def _monthly(inputs: Inputs) -> dict[str, NDArray[np.float64]]:
    """Every monthly value that a lever of practice may move."""
    named = {field: inputs.monthly[field] for field in ("below", "take_up", "fidelity", "worth")}
    posts = {"cases_per_post": inputs.cases_per_post, "new_lettings": inputs.everyday.new_lettings}
    return inputs.door | named | posts


@pytest.mark.parametrize("principle", PRINCIPLES, ids=NAMES)
def test_half_a_principle_lies_between(principle: Principle) -> None:
    """Whatever a lever moves goes from as now to full without turning back, and it moves something."""
    none, half, full = (
        _monthly(_inputs(book(), principle.lever, share * principle.value)) for share in (0.0, 0.5, 1.0)
    )
    moved = [name for name in none if (none[name] != full[name]).any()]
    assert moved
    for name in none:
        low, high = np.minimum(none[name], full[name]), np.maximum(none[name], full[name])
        assert (low <= half[name]).all(), name
        assert (half[name] <= high).all(), name
    assert any((half[name] != none[name]).any() and (half[name] != full[name]).any() for name in moved)


def test_moved_money_buys_posts_and_nothing_else() -> None:
    """Principle b: where a post, or a part of one, can hold everybody, moving posts changes no life."""
    changes = [("budget.shift_to_early", 0.1), ("services.family_support.shift_share", 1.0)]
    settings = tuple(_scenario(lever, value).changes[0] for lever, value in changes)
    scenario = Scenario(id="shift", title="Shift", changes=settings)
    moved = build_inputs(place(HOUSEHOLDS), book().draw(SEED), scenario, START, MONTHS, RUN_IN)
    as_now = build_inputs(
        place(HOUSEHOLDS), book().draw(SEED), Scenario(id="as_now", title="As now"), START, MONTHS, RUN_IN
    )
    assert (moved.planned != as_now.planned).any()
    one, other = (finished(world_of(without_cuts(roomy(inputs)))) for inputs in (as_now, moved))
    assert (one.record.posts != other.record.posts).any()
    assert differing_lives(one, other, LIVED).size == 0


def test_pooling_without_a_gap_changes_nothing() -> None:
    """Principle e: purses whose reserves meet every gap have nothing to cut, pooled or not."""
    one, other = (finished(world_of(_rich(_limited(share)))) for share in (0.0, 1.0))
    assert one.inputs.purses.is_limited.any()
    assert (one.inputs.purses.pooled != other.inputs.purses.pooled).any()
    assert differing_lives(one, other, LIVED).size == 0
    np.testing.assert_array_equal(one.record.posts, other.record.posts)


def _limited(pooled: float) -> Inputs:
    drawn = book().draw(SEED)
    return build_inputs(place(HOUSEHOLDS), drawn, _scenario("budget.pooled", pooled), START, MONTHS, RUN_IN)


def _rich(inputs: Inputs) -> Inputs:
    """The same purses with reserves of a hundred years."""
    purses = inputs.purses
    return replace(inputs, purses=replace(purses, reserves=np.full_like(purses.reserves, 100.0)))


def test_pooling_moves_a_gap_from_one_purse_to_the_others() -> None:
    """Where purses are short and have no reserves, who carries the gap is what the lever says."""
    alone, together = (_limited(share) for share in (0.0, 1.0))
    poor = [
        replace(one, purses=replace(
            one.purses, reserves=np.zeros_like(one.purses.reserves), elsewhere=np.zeros_like(one.purses.elsewhere),
            grant=np.where(np.array(one.purses.names)[:, None] == "council", 0.7, 1.0) * np.ones_like(one.purses.grant),
        ))
        for one in (alone, together)
    ]  # fmt: skip
    first = [finished(world_of(one)).record.purses[1] for one in poor]
    short = PURSE_ITEMS.index("shortfall")
    council = alone.purses.names.index("council")
    assert first[1][council, short] < first[0][council, short]
    others = [name for name in range(len(alone.purses.names)) if name != council and alone.purses.is_limited[name]]
    assert sum(first[1][name, short] for name in others) > sum(first[0][name, short] for name in others)


def test_a_little_of_a_lower_threshold_refuses_almost_as_many() -> None:
    """Principle c is continuous: a thousandth of it takes away about a thousandth of the refusals."""
    refused = [
        _door(finished(world_of(_inputs(book(), "practice.earlier_threshold", share))), "turned_away")
        for share in (0.0, 0.001, 1.0)
    ]
    assert refused[0] > 50
    assert refused[1] > 0.9 * refused[0]
    assert refused[2] < 0.7 * refused[0]


def _door(model: DemandModel, event: str) -> int:
    return int(model.record.door[:, DOOR_EVENTS.index(event)].sum())


def test_full_discretion_sends_nobody_to_a_manager_and_none_sends_everybody() -> None:
    beliefs = book().with_overrides({"practice.manager_wait": 1.0})
    free, bound = (finished(world_of(_inputs(beliefs, "practice.discretion", share))) for share in (1.0, 0.0))
    since = 1  # months of the run before the lever moves
    sent = DOOR_EVENTS.index("sent_to_manager")
    contacts = DOOR_EVENTS.index("contacts")
    assert free.record.door[since:, sent].sum() == 0
    np.testing.assert_array_equal(bound.record.door[since:, sent], bound.record.door[since:, contacts])
    waiting = free.cases["status"] == 1
    assert (free.cases["arrival"][waiting] < free.month).all()
    pending = bound.cases["arrival"][bound.cases["status"] == 1]
    assert (pending > bound.month).any()  # referrals that a manager has yet to agree to


def test_nobody_is_asked_twice_where_records_are_matched() -> None:
    beliefs = book().with_overrides({"practice.asked_twice.now": 1.0, "practice.asked_twice.full": 0.0})
    as_now, matched = _pair(beliefs, "practice.records_matched", 1.0)
    assert _door(as_now, "asked_twice") > 10
    assert _door(as_now, "asked_twice") <= _door(as_now, "hand_offs")
    assert matched.record.door[1:, DOOR_EVENTS.index("asked_twice")].sum() == 0
