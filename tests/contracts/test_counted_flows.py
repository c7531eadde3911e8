"""Published flows are recounted from households and cases: job seekers, re-referrals, recovery, the main duty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine_worlds import CONFIGS, SEED, book, finished, inputs_of, population, settled, world_of

from demandsim.labels import (
    AGE_BANDS,
    COMPLEX,
    EMERGING,
    ESTABLISHED,
    EVENTS,
    HIGH_NEED,
    HOUSEHOLD_TYPES,
    NEEDS,
    SPELLS,
    WORK,
)
from demandsim.ledger.outcomes import OUTCOMES
from demandsim.model.need_inputs import build_accepted
from demandsim.policy import load_scenario
from demandsim.policy.timeline import apply
from demandsim.services.cases.step import has_live_case
from demandsim.services.tables import ENDED, OPEN, build_cases
from demandsim.study.luck import build_indicators

HOUSEHOLDS = 4000
ACT = "shocks.homelessness_reduction_act"
ACCEPTED = ("conversion.accepted_in_first_year_of_act", "conversion.accepted_under_act")


def test_spells_out_of_work_are_those_that_households_live() -> None:
    people = settled(population(HOUSEHOLDS, 12, 12))  # nobody moves in or out, so that a row is one life
    world = world_of(inputs_of("as_now", HOUSEHOLDS, months=12, run_in=12), people=people)
    state = world.world.households["state"][:, WORK].copy()
    since = np.full(world.n_households, -999)
    begun, left = 0, {6: 0, 12: 0}
    while not world.is_done:
        month = world.month
        world.step()
        now = world.world.households["state"][:, WORK].copy()
        begins, ends = (state == 0) & (now == EMERGING), (state > 0) & (now == 0)
        for months in left:
            left[months] += int(np.sum(ends & (month - since <= months))) * (month >= 0)
        since[ends] = -999
        since[begins] = month
        begun += int(begins.sum()) * (month >= 0)
        state = now
    told = dict(zip(SPELLS, world.record.spells[0].tolist(), strict=True))
    assert told == {
        "begun": begun, "left_in_26_weeks": left[6], "left_in_52_weeks": left[12],
        "moved_in_26_weeks": 0, "moved_in_52_weeks": 0,
    }  # fmt: skip
    flow = build_indicators(world, book().draw()).of("jobseeker_off_flow_26_weeks")
    assert flow[0] == pytest.approx(left[6] / begun)


def test_a_spell_cut_off_by_moving_away_is_no_spell_to_follow() -> None:
    world = finished(world_of(inputs_of("as_now", HOUSEHOLDS, months=12, run_in=12)))
    spells = dict(zip(SPELLS, world.record.spells[0].tolist(), strict=True))
    assert 0 < spells["moved_in_26_weeks"] < spells["moved_in_52_weeks"] < spells["begun"]
    flows = build_indicators(world, book().draw())
    for weeks in (26, 52):
        followed = spells["begun"] - spells[f"moved_in_{weeks}_weeks"]
        share = spells[f"left_in_{weeks}_weeks"] / followed
        assert flows.of(f"jobseeker_off_flow_{weeks}_weeks")[0] == pytest.approx(share)


def test_a_referral_within_a_year_of_another_of_its_kind_is_counted_again() -> None:
    world = world_of(inputs_of("as_now", HOUSEHOLDS, months=24, run_in=12))
    lines = [world.inputs.services.index(name) for name in ("child_in_need", "police_response")]
    last: dict[tuple[int, int, int], int] = {}
    again, all_of_them = np.zeros(2, int), np.zeros(2, int)
    while not world.is_done:
        before = world.world.households["referred"].copy()
        month = world.month
        world.step()
        households = world.world.households
        for row, kind in np.argwhere((households["referred"] != before) & (households["referred"] == month)):
            key = (int(kind), int(row), int(households["occupant"][row]))
            all_of_them[kind] += month >= 0
            again[kind] += month >= 0 and month - last.get(key, -999) <= 12
            last[key] = month
    told = world.record.activity.sum(axis=0)
    for kind, line in enumerate(lines):
        assert told[line, EVENTS.index("re_referral")] >= again[kind] > 0  # a second one in one month leaves no trace
        assert told[line, EVENTS.index("referral")] >= all_of_them[kind]
    assert told[lines[0], EVENTS.index("re_referral")] == again[0]
    others = np.delete(world.record.activity[:, :, EVENTS.index("re_referral")], lines, axis=1)
    assert others.sum() == 0


def test_whoever_grows_out_of_a_lines_ages_stays_in_the_same_help() -> None:
    inputs = inputs_of("as_now", 500, months=12, run_in=0)
    working_age, old, home = (
        inputs.services.index(name) for name in ("residential_care_working_age", "residential_care", "home_care")
    )
    cases = build_cases(1)
    cases["status"], cases["line"] = OPEN, working_age
    for line, is_one in ((working_age, True), (old, True), (home, False)):
        assert has_live_case(cases, inputs.lines["instead"][line], 0) == is_one
    cases["status"] = ENDED
    assert not has_live_case(cases, inputs.lines["instead"][old], 0)


def test_those_in_high_need_and_what_they_cost_are_recounted_from_households() -> None:
    world = world_of(inputs_of("as_now", HOUSEHOLDS, months=24, run_in=12))
    before, occupants = world.world.households["pence"].copy(), world.world.households["occupant"].copy()
    for year in range(2):
        while world.month < 12 * (year + 1):
            world.step()
            if world.month == 0:
                before, occupants = world.world.households["pence"].copy(), world.world.households["occupant"].copy()
        houses = world.world.households
        spent = np.where(houses["occupant"] == occupants, houses["pence"] - before, houses["pence"])
        state, here = houses["state"], houses["household_type"] < len(HOUSEHOLD_TYPES)
        ill = state[:, NEEDS.index("mental_health")] >= COMPLEX
        disabled = (state[:, NEEDS.index("care")] >= COMPLEX) & (houses["age_band"] <= AGE_BANDS.index("45_64"))
        homeless = state[:, NEEDS.index("housing")] >= COMPLEX
        several = ill.astype(int) + disabled + homeless
        for group, inside in enumerate((ill, disabled, homeless, several > 1, several > 0, several >= 0)):
            told = world.record.high_need[year, group]
            assert told.tolist() == [int((inside & here).sum()), int(spent[inside & here].sum())], HIGH_NEED[group]
        assert 0 < world.record.high_need[year, 3, 0] < world.record.high_need[year, 4, 0]
        before, occupants = houses["pence"].copy(), houses["occupant"].copy()
    assert world.record.high_need[:, -1, 1].sum() > 0


def test_recovered_cases_are_among_the_completed_and_ended_below_the_threshold() -> None:
    world = world_of(inputs_of("as_now", HOUSEHOLDS))
    line = world.inputs.services.index("talking_therapies")
    need = NEEDS.index("mental_health")
    completed, recovered, known_ended = 0, 0, set()
    while not world.is_done:
        world.step()
        if world.month <= 0:
            continue
        ended = np.flatnonzero((world.cases["line"] == line) & (world.cases["status"] == ENDED))
        for index in ended:
            case = world.cases[index]
            key = (int(case["row"]), float(case["start"]))
            if key in known_ended or case["end"] <= world.month - 1 or not np.isfinite(case["start"]):
                continue
            known_ended.add(key)
            if case["end"] < world.month and not case["will_drop"]:  # ran its length within the month
                completed += 1
                recovered += world.world.households["state"][case["row"], need] < ESTABLISHED
    told = world.record.activity[:, line].sum(axis=0)
    assert told[EVENTS.index("recovered")] <= told[EVENTS.index("completed")]
    assert 0 < recovered <= told[EVENTS.index("recovered")]
    assert completed <= told[EVENTS.index("completed")]


def _accepted(start: str, months: int, **pins: float) -> np.ndarray:
    draw = book().with_overrides({name.replace("__", "."): value for name, value in pins.items()}).draw(SEED)
    scenario = load_scenario(CONFIGS / "scenarios" / "as_now.toml")
    return build_accepted(draw, apply(draw, scenario, start, months, 12))


def test_the_law_of_2018_changes_what_is_counted_from_its_year_on() -> None:
    first, later = (float(book()[name].central) for name in ACCEPTED)
    assert _accepted("2016-04", 60).tolist() == pytest.approx([1.0, 1.0, first, later, later])
    assert _accepted("2018-10", 12) == pytest.approx([0.5 * (first + later)])
    assert _accepted("2020-04", 24) == pytest.approx([later, later])


def test_without_the_law_nothing_is_counted_otherwise() -> None:
    draw = book().draw()
    scenario = load_scenario(CONFIGS / "scenarios" / "as_now.toml")
    timeline = apply(draw, scenario, "2016-04", 60)
    tracks = {**timeline.tracks, f"{ACT}.strength": np.zeros(60)}
    assert (build_accepted(draw, replace(timeline, tracks=tracks)) == 1.0).all()


def test_every_outcome_has_a_figure() -> None:
    world = world_of(inputs_of("as_now", 1500))
    while not world.is_done:
        world.step()
    indicators = build_indicators(world, book().draw())
    for outcome in OUTCOMES:
        assert np.isfinite(indicators.of(outcome.name)).all(), outcome.name
