"""Waiting lists and cases of one month, in event time.

A referral has a moment of arrival, a place is free from the moment its last case ended, help has a continuous
length; the month is only the tick of reports. Lists reproduce M/M/c and, with drop-off, Erlang A.
"""

from __future__ import annotations

import numpy as np

from demandsim.compiling import compiled, rule
from demandsim.labels import CRISIS, EVENTS, N_NEEDS
from demandsim.services.admitting.kernels import admit, is_held, relieve, serve_line
from demandsim.services.cases.step import (
    CLOSURE,
    CONTACT_BOUND,
    HISTORY,
    LIST_TIME,
    RECOVERED,
    help_told_on_trust,
    lapse,
    mixed,
    renew_help,
    ticks_of,
    unlink,
)
from demandsim.services.tables import (
    ENDED,
    FREE,
    IN_POST,
    LIMITED,
    OPEN,
    OVERTIME,
    SPOT,
    UNLIMITED,
    WAITING,
)

COMPLETED = EVENTS.index("completed")
DROPPED_OUT = EVENTS.index("dropped_out")
OVERTIME_TIME = EVENTS.index("overtime")
WAITING_NOW = EVENTS.index("waiting")
OPEN_NOW = EVENTS.index("open")
CASE_TIME = EVENTS.index("case_time")
SPOT_TIME = EVENTS.index("spot_time")


@rule
def _close_with_line(house, case, cases, lines, now, counts, activity):
    """A line without posts helps nobody: its list lapses and its cases end."""
    if case.status == WAITING:
        lapse(house, case, lines[case.line], now, activity, max(case.arrival, float(now.month)))
        return
    case.status, case.end = ENDED, float(now.month)
    activity[house.area, case.line, DROPPED_OUT] += 1
    house.history = mixed(house.history, CLOSURE, case.line, now.month)
    renew_help(house, cases, lines, counts)


@rule
def _sort_cases(households, stale, cases, lines, now, counts, activity, n_old, n_new, n_ends, busy, extra):
    """Clear what has faded, admit where nobody waits, and count what the lists will hold."""
    month = now.month
    for index in range(counts.top):
        case = cases[index]
        if case.status == FREE:
            continue
        number = case.line
        line = lines[number]
        if case.status == ENDED:
            if case.end + line.fade <= month:
                unlink(households[case.row], cases, counts, index)
        elif line.intake == UNLIMITED:
            if case.status == WAITING and case.arrival < month + 1.0:  # later, while a manager has yet to agree
                admit(households[case.row], stale, cases, lines, now, counts, activity, index, case.arrival, IN_POST)
        elif line.intake == LIMITED and line.slots == 0:
            _close_with_line(households[case.row], case, cases, lines, now, counts, activity)
            stale[case.row] |= CONTACT_BOUND | HISTORY
        elif case.status == WAITING:
            if case.arrival < month:
                n_old[number] += 1
            else:
                n_new[number] += 1
        elif is_held(case, line):
            busy[number] += 1
            n_ends[number] += case.end < month + 1.0
        else:
            extra[number] += case.place == OVERTIME


@rule
def _gather(cases, lines, counts, month, waiting, at_old, at_new, ends, at_end):
    """Lay waiting cases and the month's free places out, line by line."""
    for index in range(counts.top):
        case = cases[index]
        number = case.line
        if case.status == WAITING and lines[number].intake != UNLIMITED:
            if case.arrival < month:
                waiting[at_old[number]] = index
                at_old[number] += 1
            else:
                waiting[at_new[number]] = index
                at_new[number] += 1
        elif is_held(case, lines[number]) and case.end < month + 1.0:
            ends[at_end[number]] = case.end
            at_end[number] += 1


@rule
def _post_month(households, stale, cases, lines, now, counts, activity):
    """Post the month's time in help and on lists, and end the cases whose length is up."""
    opening = float(now.month)
    close = opening + 1.0
    for index in range(counts.top):
        case = cases[index]
        if case.status != WAITING and case.status != OPEN:
            continue
        house = households[case.row]
        number = case.line
        area = house.area
        listed_until = close if case.status == WAITING else case.start
        if listed_until > max(case.arrival, opening):
            spent = ticks_of(listed_until) - ticks_of(max(case.arrival, opening))
            activity[area, number, LIST_TIME] += spent
            house.waited += spent
        if case.status == WAITING:
            activity[area, number, WAITING_NOW] += 1
            continue
        helped = ticks_of(min(case.end, close)) - ticks_of(max(case.start, opening))
        activity[area, number, CASE_TIME] += helped
        price = lines[number].price_time
        if case.place == SPOT:
            activity[area, number, SPOT_TIME] += helped
            price += lines[number].price_spot
        elif case.place == OVERTIME:
            activity[area, number, OVERTIME_TIME] += helped
            price += lines[number].price_overtime
        house.pence += price * helped
        if case.end < close:
            case.status = ENDED
            activity[area, number, DROPPED_OUT if case.will_drop else COMPLETED] += 1
            if not case.will_drop:
                activity[area, number, RECOVERED] += house.state[case.need] < lines[number].opens_at
                house.trust += help_told_on_trust(lines[number], now)
                stale[case.row] |= CONTACT_BOUND
            renew_help(house, cases, lines, counts)
        else:
            activity[area, number, OPEN_NOW] += 1


@compiled
def note_answers(lines, now_table):
    """Note in the month's values which lines are open to each need in each state, so that nobody has to ask them all.

    Parameters
    ----------
    lines : (lines,) LINE records
        With this month's values; at most 64.
    now_table : (1,) NOW record
    """
    now = now_table[0]
    now.answers[:, :] = 0
    now.automatic = 0
    for number in range(lines.shape[0]):
        line = lines[number]
        bit = np.uint64(1) << np.uint64(number)
        if line.automatic:
            now.automatic |= bit
        if line.intake == LIMITED and line.slots == 0:
            continue  # closed, or not yet open
        for need in range(N_NEEDS):
            if (line.needs_served >> need) & 1:
                opens_at = line.opens_at - (line.below > 0.0 and line.opens_at > 1)
                for state in range(opens_at, min(line.closes_above, CRISIS) + 1):
                    now.answers[need, state] |= bit


@compiled
def serve_month(households, stale, cases, lines, now_table, counts_table, activity):
    """Run every line's list and cases for one month.

    Parameters
    ----------
    households : (n,) HOUSEHOLD records
    stale : (n,) uint16
        Set for households whose screen bounds are outdated by what happened.
    cases : (capacity,) CASE records
    lines : (lines,) LINE records
        With this month's values.
    now_table : (1,) NOW record
        With the month since the start (negative in the run-in).
    counts_table : (1,) COUNTS record
    activity : (areas, lines, events) int64
        The month's activity is added to it.
    """
    now = now_table[0]
    counts = counts_table[0]
    n_lines = lines.shape[0]
    n_old, n_new = np.zeros(n_lines, np.int64), np.zeros(n_lines, np.int64)
    n_ends, busy, extra = np.zeros(n_lines, np.int64), np.zeros(n_lines, np.int64), np.zeros(n_lines, np.int64)
    _sort_cases(households, stale, cases, lines, now, counts, activity, n_old, n_new, n_ends, busy, extra)
    for number in range(n_lines):
        if extra[number] > 0 and busy[number] < lines[number].slots:
            relieve(households, stale, cases, lines[number], number, counts, now.month, n_ends, busy, extra)
    first = np.zeros(n_lines + 1, np.int64)
    first_end = np.zeros(n_lines + 1, np.int64)
    for number in range(n_lines):
        listed = n_old[number] + n_new[number]
        first[number + 1] = first[number] + listed
        first_end[number + 1] = first_end[number] + n_ends[number] + listed
    waiting = np.empty(first[n_lines], np.int64)
    ends = np.empty(first_end[n_lines])
    at_end = first_end[:-1].copy()
    _gather(cases, lines, counts, now.month, waiting, first[:-1].copy(), first[:-1] + n_old, ends, at_end)
    heap = np.empty(max(1, (n_old + n_new).max()), np.int64)
    for number in range(n_lines):
        if first[number + 1] > first[number]:
            serve_line(
                households, stale, cases, lines, now, counts, activity, number,
                waiting[first[number] : first[number + 1]], n_old[number],
                ends[first_end[number] : first_end[number + 1]], at_end[number] - first_end[number],
                busy[number], extra[number], heap,
            )  # fmt: skip
    _post_month(households, stale, cases, lines, now, counts, activity)
