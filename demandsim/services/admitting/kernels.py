"""Admissions of one line's month, in event time, and the places that cases take up: in post, on overtime, bought."""

from __future__ import annotations

import math

from demandsim.compiling import inner_rule, rule
from demandsim.labels import EVENTS
from demandsim.quantities import TICKS
from demandsim.services.cases.step import (
    ADMISSION,
    CONTACT_BOUND,
    HISTORY,
    RELIEVED,
    lapse,
    mixed,
    renew_help,
    ticks_of,
    waiting_told_on_trust,
)
from demandsim.services.tables import DUTY, ENDED, FIRST_COME, IN_POST, OPEN, OVERTIME, SPOT, UNLIMITED
from demandsim.services.waiting.kernels import pop, pop_time, push, push_time

ADMITTED = EVENTS.index("admitted")
SPOT_ADMITTED = EVENTS.index("spot_admitted")
WAIT_TIME = EVENTS.index("wait_time")
SIX_WEEKS = EVENTS.index("waited_six_weeks")
SIX_WEEKS_IN_MONTHS = 6.0 * 7.0 * 12.0 / 365.25


@rule
def _supersede(cases, index):
    """Help given anew replaces what was left of the same line's earlier help: effects of one line never add up."""
    line = cases[index].line
    earlier = cases[index].next_case
    while earlier >= 0:
        if cases[earlier].line == line and cases[earlier].status == ENDED:
            cases[earlier].start = math.inf
            cases[earlier].end = -math.inf
        earlier = cases[earlier].next_case


@rule
def admit(house, stale, cases, lines, now, counts, activity, index, moment, place):
    """Help begins at a moment of this month."""
    case = cases[index]
    number = case.line
    area = house.area
    case.status = OPEN
    case.start = moment
    case.end = moment + case.duration
    case.place = place
    activity[area, number, ADMITTED] += 1
    activity[area, number, WAIT_TIME] += ticks_of(moment) - ticks_of(case.arrival)
    if moment - case.arrival <= SIX_WEEKS_IN_MONTHS:
        activity[area, number, SIX_WEEKS] += 1
    if place == SPOT:
        activity[area, number, SPOT_ADMITTED] += 1
    house.pence += lines[number].price_case * TICKS
    house.trust += waiting_told_on_trust(lines[number], now, ticks_of(moment) - ticks_of(case.arrival))
    stale[case.row] |= lines[number].raises | CONTACT_BOUND | HISTORY
    house.history = mixed(house.history, ADMISSION, number, 4 * ticks_of(moment) + place)
    _supersede(cases, index)
    renew_help(house, cases, lines, counts)


@rule
def serve_line(
    households, stale, cases, lines, now, counts, activity, number, waiting, n_old, ends, n_ends, busy, extra, heap
):
    """Run one line's month: arrivals, admissions, ends, in the order in which they happen.

    ``waiting[:n_old]`` were on the list before the month, the rest arrive in it; ``ends`` is scratch with the
    moments at which places fall free in its first ``n_ends`` cells, ``heap`` scratch for the list. Places in post fall
    free at any moment; overtime is agreed by the month, so that a place on overtime falls free with the next.
    """
    line = lines[number]
    is_duty = line.intake == DUTY
    on_overtime = int(line.overtime * line.slots + 0.5)
    arriving = waiting[n_old:]
    n_arriving = arriving.shape[0]
    for i in range(n_arriving):
        push(arriving, i, arriving[i], households, cases, line, FIRST_COME)
    size = n_old
    for i in range(n_old):
        push(heap, i, waiting[i], households, cases, line, line.rule)
    for i in range(n_ends):
        push_time(ends, i, ends[i])
    moment = float(now.month)
    close = moment + 1.0
    while True:
        while size > 0 and (busy < line.slots or is_duty):
            index = pop(heap, size, households, cases, line, line.rule)
            size -= 1
            case = cases[index]
            house = households[case.row]
            if case.gives_up <= moment and not is_duty:
                lapse(house, case, line, now, activity, case.gives_up)
                stale[case.row] |= CONTACT_BOUND | HISTORY
                continue
            place = IN_POST if busy < line.slots else (OVERTIME if extra < on_overtime else SPOT)
            admit(house, stale, cases, lines, now, counts, activity, index, moment, place)
            extra += place == OVERTIME
            if place == IN_POST:
                busy += 1
                if case.end < close:
                    push_time(ends, n_ends, case.end)
                    n_ends += 1
        next_end = ends[0] if n_ends > 0 else math.inf
        next_arrival = cases[arriving[0]].arrival if n_arriving > 0 else math.inf
        if min(next_end, next_arrival) >= close:
            break
        if next_end <= next_arrival:
            moment = next_end
            pop_time(ends, n_ends)
            n_ends -= 1
            busy -= 1
        else:
            moment = next_arrival
            index = pop(arriving, n_arriving, households, cases, line, FIRST_COME)
            n_arriving -= 1
            push(heap, size, index, households, cases, line, line.rule)
            size += 1
    for i in range(size):
        case = cases[heap[i]]
        if case.gives_up < close:
            lapse(households[case.row], case, line, now, activity, case.gives_up)
            stale[case.row] |= CONTACT_BOUND | HISTORY


@inner_rule
def is_held(case, line):
    """Whether a case takes up one of the places in post, where there is a number of them."""
    return case.status == OPEN and case.place == IN_POST and line.intake != UNLIMITED


@inner_rule
def _opened_before(one, other):
    """Order by when help began; ties by the household, never by position."""
    return one.start < other.start or (one.start == other.start and one.row < other.row)


@rule
def relieve(households, stale, cases, line, number, counts, month, n_ends, busy, extra):
    """Cases held on overtime take up the places in post that are free as the month opens, the longest open first."""
    while extra[number] > 0 and busy[number] < line.slots:
        oldest = -1
        for index in range(counts.top):
            case = cases[index]
            is_one = case.status == OPEN and case.line == number and case.place == OVERTIME
            if is_one and (oldest < 0 or _opened_before(case, cases[oldest])):
                oldest = index
        case = cases[oldest]
        case.place = IN_POST
        stale[case.row] |= HISTORY
        households[case.row].history = mixed(households[case.row].history, RELIEVED, number, month + 4096)
        extra[number] -= 1
        busy[number] += 1
        n_ends[number] += case.end < month + 1.0
