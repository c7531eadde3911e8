"""Lists admit whom their rule says, when a place falls free, against a plain list written in a few lines of Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from demandsim.labels import EVENTS
from demandsim.model.columns import COUNTS, HOUSEHOLD, NOW
from demandsim.quantities import TICKS
from demandsim.services.kernels import serve_month
from demandsim.services.tables import (
    DUTY,
    EASIEST_FIRST,
    ENDED,
    FIRST_COME,
    IN_POST,
    LIMITED,
    LINE,
    NEAREST_CRISIS,
    OPEN,
    OVERTIME,
    QUEUE_RULES,
    SPOT,
    UNLIMITED,
    WAITING,
    WORST_FIRST,
    build_cases,
)


@dataclass
class Referral:
    """One household's place on a list, and what became of it."""

    arrival: float
    help: float = 1.0
    patience: float = math.inf
    state: int = 2
    log_frailty: float = 0.0
    tie: int = 0
    start: float | None = None
    left: float | None = None
    place: int = IN_POST

    @property
    def end(self) -> float:
        return math.inf if self.start is None else self.start + self.help


def _serve(
    referrals: Sequence[Referral],
    slots: Sequence[int],
    rule: int = FIRST_COME,
    intake: int = LIMITED,
    overtime: float = 0.0,
) -> NDArray[np.int64]:
    """Run one line through the engine's kernel; write what happened into the referrals, give the activity by month."""
    households, lines, counts = np.zeros(len(referrals), HOUSEHOLD), np.zeros(1, LINE), np.zeros(1, COUNTS)
    stale, now = np.zeros(len(referrals), np.uint16), np.zeros(1, NOW)
    cases = build_cases(len(referrals))
    lines["overtime"] = overtime
    lines["intake"], lines["rule"], lines["fade"] = intake, rule, 1e6  # no record is cleared, so that all can be read
    households["head"] = -1
    for row, referral in enumerate(referrals):
        households["state"][row] = referral.state
        households["log_frailty"][row] = referral.log_frailty
    counts["top"] = len(referrals)
    activity = np.zeros((len(slots), len(EVENTS)), np.int64)
    for month, places in enumerate(slots):
        lines["slots"] = places
        for row, referral in enumerate(referrals):
            if month <= referral.arrival < month + 1:
                cases[row]["arrival"], cases[row]["duration"] = referral.arrival, referral.help
                cases[row]["gives_up"] = referral.arrival + referral.patience
                cases[row]["row"], cases[row]["tie"], cases[row]["status"] = row, referral.tie, WAITING
                households["head"][row] = row
        one_month = np.zeros((1, 1, len(EVENTS)), np.int64)
        now["month"] = month
        serve_month(households, stale, cases, lines, now, counts, one_month)
        activity[month] = one_month[0, 0]
        for case, referral in zip(cases, referrals, strict=True):
            if case["status"] in (OPEN, ENDED) and case["start"] < math.inf:
                referral.start, referral.place = float(case["start"]), int(case["place"])
            elif case["status"] == ENDED:  # never began; cleared in the next month
                referral.left = referral.arrival + referral.patience
    return activity


def _by_hand(referrals: Sequence[Referral], slots: Sequence[int], rule: int, intake: int) -> None:
    """The same list, one event after another."""

    def urgency(one: Referral) -> tuple[float, ...]:
        ways = {
            FIRST_COME: (),
            WORST_FIRST: (-one.state,),
            EASIEST_FIRST: (one.state,),
            NEAREST_CRISIS: (-one.state, -float(np.float32(one.log_frailty))),
        }
        return (*ways[rule], one.arrival, one.tie)

    months = len(slots)
    times = {float(month) for month in range(months)} | {one.arrival for one in referrals}
    now = -1.0
    while True:
        ends = [one.end for one in referrals if one.start is not None and one.end > now]
        coming = [time for time in (*times, *ends) if time > now and time < months]
        if not coming:
            break
        now = min(coming)
        places = slots[int(now)]
        waiting = [one for one in referrals if one.arrival <= now and one.start is None and one.left is None]
        # Who arrives at the very moment a place falls free finds it taken by whoever waited for it.
        for one in sorted(waiting, key=lambda one: (one.arrival == now, *urgency(one))):
            busy = sum(other.start is not None and other.place == IN_POST and other.end > now for other in referrals)
            if intake == LIMITED and one.arrival + one.patience <= now:
                one.left = one.arrival + one.patience
            elif intake == DUTY or busy < places:
                one.start, one.place = now, SPOT if busy >= places else IN_POST
    for one in referrals:
        if intake == LIMITED and one.start is None and one.left is None and one.arrival + one.patience < months:
            one.left = one.arrival + one.patience


_TIMES = st.floats(0.0, 3.999)
_REFERRALS = st.lists(
    st.builds(
        Referral,
        arrival=_TIMES,
        help=st.floats(0.01, 3.0),
        patience=st.one_of(st.just(math.inf), st.floats(0.01, 2.0)),
        state=st.integers(1, 4),
        log_frailty=st.sampled_from([-0.5, 0.0, 0.25]),
        tie=st.integers(0, 2**32 - 1),
    ),
    max_size=25,
    unique_by=(lambda one: one.arrival, lambda one: one.tie),
)


@settings(max_examples=150)
@given(_REFERRALS, st.lists(st.integers(1, 4), min_size=4, max_size=4), st.sampled_from(range(4)), st.booleans())
def test_a_list_does_what_its_rule_says(referrals: list[Referral], slots: list[int], rule: int, is_duty: bool) -> None:
    intake = DUTY if is_duty else LIMITED
    expected = [Referral(**{**vars(one)}) for one in referrals]
    _by_hand(expected, slots, rule, intake)
    _serve(referrals, slots, rule, intake)
    for found, wanted in zip(referrals, expected, strict=True):
        assert found == wanted


ORDERS = {
    "first_come": ["first", "second", "third", "fourth"],
    "worst_first": ["third", "first", "fourth", "second"],
    "easiest_first": ["second", "first", "fourth", "third"],
    "nearest_crisis": ["third", "fourth", "first", "second"],
}


@pytest.mark.parametrize("rule", QUEUE_RULES)
def test_who_is_next(rule: str) -> None:
    in_help = Referral(0.0, help=1.0)
    waiting = {
        "first": Referral(0.1, 0.2, state=3, log_frailty=-1.0),
        "second": Referral(0.2, 0.2, state=2, log_frailty=2.0),
        "third": Referral(0.3, 0.2, state=4, log_frailty=0.0),
        "fourth": Referral(0.4, 0.2, state=3, log_frailty=1.0),
    }
    _serve([in_help, *waiting.values()], [1, 1], QUEUE_RULES.index(rule))
    started = {name: one.start for name, one in waiting.items()}
    assert None not in started.values()
    assert sorted(started, key=lambda name: started[name] or 0.0) == ORDERS[rule]
    # Each begins at the very moment the one before ends: nothing waits for the end of a month.
    assert sorted(time or 0.0 for time in started.values()) == pytest.approx([1.0, 1.2, 1.4, 1.6], abs=1e-12)


def test_those_who_come_at_one_moment_are_told_apart_by_their_own_draw() -> None:
    one, other = Referral(0.5, 1.0, tie=7), Referral(0.5, 1.0, tie=3)
    _serve([one, other], [1, 1])
    assert (other.start, one.start) == (0.5, 1.5)


def test_duty_beyond_capacity_is_bought_at_once() -> None:
    referrals = [Referral(0.1 * i, help=0.5 if i == 0 else 5.0) for i in range(1, 6)]
    referrals.append(Referral(0.95, help=5.0, patience=0.0001))
    referrals[0].help = 0.75  # gives its place back at 0.85
    activity = _serve(referrals, [2, 2], intake=DUTY)
    assert [one.start for one in referrals] == [one.arrival for one in referrals]
    assert [one.place for one in referrals] == [IN_POST, IN_POST, SPOT, SPOT, SPOT, IN_POST]
    month = dict(zip(EVENTS, activity[1], strict=True))
    assert month["spot_time"] == 3 * TICKS
    assert month["case_time"] == 5 * TICKS
    assert activity[:, EVENTS.index("spot_admitted")].tolist() == [3, 0]
    assert activity[:, EVENTS.index("lapsed")].sum() == 0


def test_a_duty_works_overtime_before_it_buys() -> None:
    referrals = [Referral(0.1 * i, help=9.0) for i in (1, 2)]
    referrals.append(Referral(0.3, help=0.2))  # the one place on overtime, which falls free with the next month
    referrals += [Referral(0.4, help=9.0), Referral(0.6, help=9.0), Referral(1.1, help=9.0), Referral(1.2, help=9.0)]
    activity = _serve(referrals, [2, 2], intake=DUTY, overtime=0.5)
    assert [one.place for one in referrals] == [IN_POST, IN_POST, OVERTIME, SPOT, SPOT, OVERTIME, SPOT]
    month = dict(zip(EVENTS, activity[0], strict=True))
    assert month["overtime"] == pytest.approx(0.2 * TICKS, abs=1)
    assert month["spot_admitted"] == 2
    assert month["case_time"] == pytest.approx((0.9 + 0.8 + 0.2 + 0.6 + 0.4) * TICKS, abs=5)


def test_overtime_ends_when_a_place_in_post_is_free_as_a_month_opens() -> None:
    referrals = [Referral(0.1, help=0.5), Referral(0.2, help=9.0), Referral(0.3, help=9.0), Referral(0.4, help=9.0)]
    activity = _serve(referrals, [2, 2, 3], intake=DUTY, overtime=1.0)
    # Two began on overtime. One takes up the place that fell free at .6, the other the post that came in month three.
    assert activity[:, EVENTS.index("overtime")].tolist() == [
        pytest.approx((0.7 + 0.6) * TICKS, abs=2), TICKS, 0
    ]  # fmt: skip
    assert [one.place for one in referrals] == [IN_POST] * 4


def test_a_duty_without_posts_buys_everything() -> None:
    referrals = [Referral(0.25 * i, help=2.0) for i in range(4)]
    _serve(referrals, [0, 0], intake=DUTY)
    assert all(one.place == SPOT and one.start == one.arrival for one in referrals)


def test_a_bought_line_has_no_list() -> None:
    referrals = [Referral(0.01 * i, help=3.0) for i in range(50)]
    activity = _serve(referrals, [0], intake=UNLIMITED)
    assert all(one.start == one.arrival and one.place == IN_POST for one in referrals)
    assert activity[0, EVENTS.index("list_time")] == 0


def test_a_line_that_closes_ends_its_cases_and_sends_its_list_home() -> None:
    referrals = [Referral(0.25, help=9.0), Referral(0.5, help=9.0), Referral(2.5, help=9.0)]
    activity = _serve(referrals, [1, 0, 0, 1])
    by_month = [dict(zip(EVENTS, row, strict=True)) for row in activity]
    assert by_month[0]["admitted"] == 1
    assert by_month[0]["waiting"] == 1
    assert (by_month[1]["dropped_out"], by_month[1]["lapsed"]) == (1, 1)
    assert by_month[1]["case_time"] == by_month[1]["list_time"] == 0
    assert by_month[2]["lapsed"] == 1  # came after it had closed
    assert activity[:, EVENTS.index("open")].tolist() == [1, 0, 0, 0]


def test_fewer_posts_end_no_help_but_take_nobody_until_there_is_room() -> None:
    referrals = [Referral(0.0, help=1.5), Referral(0.1, help=2.9), Referral(0.2, help=3.5), Referral(0.3, help=1.0)]
    _serve(referrals, [3, 1, 1, 1, 1])
    assert [one.start for one in referrals[:3]] == [0.0, 0.1, 0.2]
    assert referrals[3].start == pytest.approx(3.7, abs=1e-12)


def test_time_is_posted_to_the_tick_and_pro_rata() -> None:
    referrals = [Referral(0.25, help=1.5), Referral(0.5, help=0.125), Referral(0.75, help=5.0, patience=0.5)]
    activity = _serve(referrals, [1, 1, 1])
    case_time = activity[:, EVENTS.index("case_time")]
    list_time = activity[:, EVENTS.index("list_time")]
    assert case_time.tolist() == [0.75 * TICKS, (0.75 + 0.125) * TICKS, 0]
    assert list_time.tolist() == [(0.5 + 0.25) * TICKS, (0.75 + 0.25) * TICKS, 0]
    assert activity[:, EVENTS.index("wait_time")].tolist() == [0, 1.25 * TICKS, 0]
    assert activity[:, EVENTS.index("waited_six_weeks")].tolist() == [1, 1, 0]
    assert referrals[2].left == 1.25
