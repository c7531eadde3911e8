"""Trust, repairs and new homes do what is said of them, counted independently of the rule that does it."""

from __future__ import annotations

from collections.abc import Callable

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
    population,
    settled,
    without_cuts,
    world_of,
)
from numpy.typing import NDArray

from demandsim.labels import COMPLEX, DOOR_EVENTS, EVENTS, HOUSING
from demandsim.model.columns import HOUSEHOLD, NOW
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import build_inputs
from demandsim.model.kernels import step_repairs
from demandsim.model.step import ALL
from demandsim.needs.tables import NEEDS_TABLE
from demandsim.policy.scenario import Change, Scenario, Setting

HOUSEHOLDS = 2_000
_STEPS = ("trust.helped", "trust.turned_away", "trust.waited", "trust.asked_twice")
MANAGER_TIME = DOOR_EVENTS.index("manager_time")


def _world(beliefs: dict[str, float], lever: str = "", value: float = 0.0) -> DemandModel:
    """A world whose residents stay, after its run-in, with some beliefs or one lever changed."""
    changes = ()
    if lever:
        setting = Setting.model_validate({"from": "2017-02-01", "value": value})
        changes = (Change(lever=lever, values=(setting,), unit=book()[lever].unit, source="assumed"),)
    scenario = Scenario(id="one", title="One", changes=changes)
    drawn = book().with_overrides(beliefs).draw(SEED)
    inputs = without_cuts(build_inputs(place(HOUSEHOLDS), drawn, scenario, START, MONTHS, RUN_IN))
    return world_of(inputs, people=settled(population(HOUSEHOLDS)))


def _moved_by(step: str, size: float) -> tuple[int, DemandModel]:
    """By how much trust moves in all when only one kind of event moves it, in thousandths of log odds."""
    model = _world(dict.fromkeys(_STEPS, 0.0) | {step: size})
    model.run_in()
    before = model.world.households["trust"].astype(np.int64).sum()
    finished(model)
    return int(model.world.households["trust"].astype(np.int64).sum() - before), model


@pytest.mark.parametrize(
    ("step", "event"), [("trust.turned_away", "turned_away"), ("trust.asked_twice", "asked_twice")]
)
def test_the_door_wears_trust_down_once_for_each_event(step: str, event: str) -> None:
    moved, model = _moved_by(step, -0.2)
    events = model.record.door[:, DOOR_EVENTS.index(event)].sum()
    assert events > 20
    assert moved == -200 * events


def test_help_to_its_end_builds_trust_once_a_case() -> None:
    moved, model = _moved_by("trust.helped", 0.3)
    is_help = model.lines["needs_helped"] > 0
    completed = model.record.activity[:, is_help, EVENTS.index("completed")].sum()
    assert completed > 50
    assert moved == 300 * completed


def test_waiting_wears_trust_down_by_the_month() -> None:
    moved, model = _moved_by("trust.waited", -0.1)
    assert moved < 0
    # Each wait is rounded down to a whole thousandth, those still on a list have yet to be told, and some waits began
    # before the start: the sum is near the months that were waited, not equal to them.
    waited = -100.0 * model.world.households["waited"].sum() / 4096
    assert moved == pytest.approx(waited, rel=0.25)


def _contacts(model: DemandModel) -> float:
    return float(model.record.door[:, DOOR_EVENTS.index("contacts")].sum())


def _disclosed(model: DemandModel) -> float:
    return float(model.record.door[:, DOOR_EVENTS.index("needs_noticed")].sum()) / _contacts(model)


def _taken_up(model: DemandModel) -> float:
    asked = model.record.activity[:, model.lines["automatic"] == 0]
    taken, declined = (asked[..., EVENTS.index(event)].sum() for event in ("referral", "declined"))
    return float(taken / (taken + declined))


@pytest.mark.parametrize(
    ("moved", "measure"),
    [("trust.contact", _contacts), ("trust.disclosure", _disclosed), ("trust.take_up", _taken_up)],
)
def test_trust_moves_contact_disclosure_and_take_up(moved: str, measure: Callable[[DemandModel], float]) -> None:
    """The trusting come, tell and accept more where that is believed, less where the opposite is, else as ever."""
    found = {}
    for size in (-2.0, 0.0, 2.0):
        for log_odds in (-3_000, 3_000):
            still = dict.fromkeys((*_STEPS, "trust.contact", "trust.disclosure", "trust.take_up"), 0.0)
            model = _world(still | {moved: size})
            model.run_in()
            model.world.households["trust"] = log_odds
            model.world.stale[:] = ALL
            found[size, log_odds > 0] = measure(finished(model))
    assert found[0.0, True] == found[0.0, False]
    assert found[2.0, True] > 1.2 * found[2.0, False]
    assert found[-2.0, False] > 1.2 * found[-2.0, True]


def test_being_turned_away_puts_off_the_next_contact_for_a_while() -> None:
    still = dict.fromkeys((*_STEPS, "trust.contact", "trust.disclosure", "trust.take_up"), 0.0)
    none, no_time, strong = (
        finished(_world(still | {"trust.put_off": ratio, "trust.put_off_months": months}))
        for ratio, months in ((1.0, 12.0), (0.1, 0.0), (0.1, 12.0))
    )
    assert differing_lives(none, no_time, ("state", "since", "recognised", "helped", "pence")).size == 0
    assert _contacts(strong) < 0.98 * _contacts(none)


def test_time_with_a_manager_is_counted_and_wears_trust_down() -> None:
    still = dict.fromkeys(_STEPS, 0.0) | {"practice.discretion": 0.0, "practice.manager_wait": 1.0}
    waited, at_once = (
        finished(_world(still | {"practice.manager_wait": mean})).record.door[:, MANAGER_TIME].sum()
        for mean in (1.0, 0.0)
    )
    assert waited > 0
    assert at_once == 0
    worn, model = _moved_by("trust.waited", -0.1)
    assert worn < 0
    assert model.record.door[:, DOOR_EVENTS.index("repeat_contacts")].sum() > 0


def test_trust_that_moves_nothing_changes_no_life() -> None:
    still = {"trust.take_up": 0.0, "trust.contact": 0.0, "trust.disclosure": 0.0}
    worn = finished(_world(still | {"trust.turned_away": -0.6}))
    kept = finished(_world(still | {"trust.turned_away": 0.0}))
    assert differing_lives(worn, kept, ("state", "since", "recognised", "helped", "pence", "waited")).size == 0
    assert (worn.world.households["trust"] != kept.world.households["trust"]).any()


def _repair(dwellings: int, months: int, onset: float, completion: float) -> tuple[NDArray[np.uint8], list[int]]:
    households, needs, now = np.zeros(dwellings, HOUSEHOLD), np.zeros(1, NEEDS_TABLE), np.zeros(1, NOW)
    repair, stale = np.ones(dwellings, np.uint8), np.zeros(dwellings, np.uint16)
    onsets = np.array([0.0, onset, 0.0, 0.0])
    told = []
    for month in range(months):
        now["month"] = month
        told.append(int(step_repairs(households, repair, stale, needs, now, onsets, completion)))
    np.testing.assert_array_equal(households["in_disrepair"], repair >> 2)
    return repair, told


def test_homes_out_of_repair_reach_the_share_that_hazards_say() -> None:
    onset, completion = 0.02, 0.3
    p_onset, p_done = -np.expm1(-onset), -np.expm1(-completion)
    expected = p_onset / (p_onset + p_done)
    repair, told = _repair(20_001, 80, onset, completion)
    assert told[-1] == int((repair >> 2).sum())
    mean = np.mean(told[30:]) / 20_001
    # Months are correlated over about 1 / (p_onset + p_done) of them.
    error = np.sqrt(expected * (1.0 - expected) / 20_001 / (50 * (p_onset + p_done)))
    assert abs(mean - expected) < 4.0 * error


def test_a_repair_depends_on_the_dwelling_alone() -> None:
    fewer, _ = _repair(1_002, 24, 0.05, 0.2)
    more, _ = _repair(3_000, 24, 0.05, 0.2)
    np.testing.assert_array_equal(fewer, more[:1_002])
    assert (fewer >> 2).any()


def test_disrepair_without_a_ratio_changes_no_need() -> None:
    without = {f"contacts.disrepair.{need}": 1.0 for need in ("housing", "mental_health")}
    as_now = finished(_world(without))
    cut = finished(_world(without, "streams.repairs.staff", 0.0))
    assert cut.record.disrepair[-1] > as_now.record.disrepair[-1] + 20
    assert differing_lives(as_now, cut, ("state", "since", "recognised", "helped")).size == 0


def test_disrepair_with_a_ratio_makes_need_grow() -> None:
    ratio = {f"contacts.disrepair.{need}": 4.0 for need in ("housing", "mental_health")}
    as_now = finished(_world(ratio))
    cut = finished(_world(ratio, "streams.repairs.staff", 0.0))
    changed = differing_lives(as_now, cut, ("state",))
    assert changed.size > 0
    assert cut.record.onsets.sum() > as_now.record.onsets.sum()


@pytest.mark.parametrize("notices", [0.0, 0.5])
def test_what_nobody_answers_in_person_notices_no_need(notices: float) -> None:
    """Contact moved to the web moves lives by what people no longer notice, and by nothing else."""
    beliefs = {"contacts.left_behind": 0.0} | {f"streams.{name}.notices": notices for name in book().streams}
    beliefs |= {f"contacts.disrepair.{need}": 1.0 for need in ("housing", "mental_health")}
    as_now, online = (finished(_world(beliefs, "contacts.digital", share)) for share in (0.0, 1.0))
    parted = differing_lives(as_now, online, ("state", "since", "recognised", "helped"))
    if notices == 0.0:
        assert parted.size == 0
        return
    assert parted.size > 0
    made = [model.record.door[:, DOOR_EVENTS.index("contacts")].sum() for model in (as_now, online)]
    assert made[1] < made[0]


def test_new_homes_house_the_homeless_and_nobody_else() -> None:
    as_now = finished(_world({"housing.let_to_homeless": 0.5}))
    built = finished(_world({"housing.let_to_homeless": 0.5}, "housing.new_homes", 60.0))
    homeless = [model.record.state_months[:, :, HOUSING, COMPLEX:].sum() for model in (as_now, built)]
    assert homeless[1] < 0.9 * homeless[0]
    parted = differing_lives(as_now, built, ("state",))
    assert 0 < parted.size < HOUSEHOLDS / 10
