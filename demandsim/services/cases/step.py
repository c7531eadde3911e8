"""What one household's cases do to its hazards, and how they lapse and end; written once, for one row."""

from __future__ import annotations

import math

import numpy as np

from demandsim.compiling import inner_rule, rule
from demandsim.labels import ESTABLISHED, EVENTS, N_NEEDS
from demandsim.quantities import TICKS
from demandsim.services.tables import ENDED, FREE, OPEN, WAITING

COMPLETED = EVENTS.index("completed")
LAPSED = EVENTS.index("lapsed")
LIST_TIME = EVENTS.index("list_time")
LEFT_AREA = EVENTS.index("left_area")
RECOVERED = EVENTS.index("recovered")

#: Bits of what has changed about a household since the last screen: bounds of needs 0 to 6 and of contact, history.
CONTACT_BOUND, HISTORY = 1 << N_NEEDS, 1 << (N_NEEDS + 1)

#: Kinds of events in a household's history.
MOVED, REFERRED, LAPSE, ADMISSION, CLOSURE, TURNED, REPAIRED, RELIEVED = 1, 2, 3, 4, 5, 6, 7, 8


@rule
def ticks_of(time):
    """A time in months as a whole number of ticks."""
    return math.floor(time * TICKS + 0.5)


@rule
def mixed(history, kind, subject, detail):
    """A household's history digest after one more event: its kind, what it concerns, and one detail.

    Events are added up, each scrambled by itself: what befalls a household on several lists in one month has no
    order of its own, and cases lie in another order in every world.
    """
    word = (np.uint64(kind) << np.uint64(56)) ^ (np.uint64(subject) << np.uint64(48)) ^ np.uint64(detail)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.uint64(history) + (word ^ (word >> np.uint64(31)))


@rule
def effect_weight(start, end, lag, fade, month):
    """Share of the month before ``month`` for which a case's effect was on, fading after the case."""
    begins = start + lag
    weight = max(0.0, min(month, end) - max(month - 1.0, begins))
    if end < month and fade > 0.0 and begins < end:
        since = max(month - 1.0, end)
        middle = 0.5 * (since + month)
        weight += (month - since) * max(0.0, 1.0 - (middle - end) / fade)
    return weight


@rule
def case_log_ratios(cases, lines, case, need, state, month):
    """Log hazard ratios on up, sudden, down and exit of one need from all cases of one household."""
    up = 0.0
    sudden = 0.0
    down = 0.0
    leave = 0.0
    while case >= 0:
        line = lines[cases[case].line]
        if cases[case].status >= OPEN and line.has_effect[need]:
            weight = line.fidelity * line.effort[state]
            weight *= effect_weight(cases[case].start, cases[case].end, line.lag, line.fade, float(month))
            up += weight * line.log_ratio[need, state, 0]
            sudden += weight * line.log_ratio[need, state, 1]
            down += weight * line.log_ratio[need, state, 2]
            leave += weight * line.log_ratio[need, state, 3]
        case = cases[case].next_case
    return up, sudden, down, leave


@rule
def most_log_ratios(cases, lines, case, need, state):
    """Upper bounds of the log ratios on worsening and on improving, whatever the month."""
    worse = 0.0
    better = 0.0
    while case >= 0:
        line = lines[cases[case].line]
        if cases[case].status >= OPEN and line.has_effect[need]:
            most = line.most_fidelity
            ratio = line.log_ratio
            worse += most * max(0.0, ratio[need, state, 0], ratio[need, state, 1])
            better += most * max(0.0, ratio[need, state, 2], ratio[need, state, 3])
        case = cases[case].next_case
    return worse, better


@rule
def case_detection(cases, lines, case):
    """Hazard that a worker already in the home notices one more need, and the needs (bits) such workers look after."""
    hazard = 0.0
    watched = 0
    while case >= 0:
        if cases[case].status == OPEN:
            line = lines[cases[case].line]
            if line.detection > 0.0:
                hazard += line.detection
                watched |= line.needs_served
        case = cases[case].next_case
    return hazard, watched


@rule
def is_joined_up(cases, lines, case):
    """Whether a household has a worker who looks after all of its needs."""
    while case >= 0:
        if cases[case].status == OPEN and lines[cases[case].line].joins_up:
            return True
        case = cases[case].next_case
    return False


@inner_rule
def is_among(number, lines):
    """Whether a line is one of those whose bits are set."""
    return (lines >> np.uint64(number)) & np.uint64(1) == 1


@rule
def has_live_case(cases, lines, case):
    """Whether the household waits for, or is helped by, one of the lines whose bits are set."""
    while case >= 0:
        is_live = cases[case].status == WAITING or cases[case].status == OPEN
        if is_live and is_among(cases[case].line, lines):
            return True
        case = cases[case].next_case
    return False


@rule
def renew_help(house, cases, lines, counts):
    """Bring up to date which needs have help, after a case opened or ended."""
    helped = 0
    index = house.head
    while index >= 0:
        if cases[index].status == OPEN:
            helped |= lines[cases[index].line].needs_helped
        index = cases[index].next_case
    before = house.helped
    house.helped = helped
    for need in range(N_NEEDS):
        if house.state[need] >= ESTABLISHED:
            counts.unmet[need] += ((before >> need) & 1) - ((helped >> need) & 1)


@inner_rule
def waiting_told_on_trust(line, now, ticks):
    """What so long a wait for help does to trust, in thousandths of its log odds."""
    return ticks * now.trust_waited // TICKS if line.needs_helped else 0


@inner_rule
def help_told_on_trust(line, now):
    """What help given to its end does to trust, in thousandths of its log odds."""
    return now.trust_helped if line.needs_helped else 0


@rule
def lapse(house, case, line, now, activity, time):
    """A household leaves a waiting list unhelped at a moment of this month."""
    arrived = ticks_of(case.arrival)  # later than now while a manager has yet to agree to it
    spent = max(0, ticks_of(time) - max(arrived, ticks_of(float(now.month))))
    house.trust += waiting_told_on_trust(line, now, max(0, ticks_of(time) - arrived))
    case.status = ENDED
    case.start = math.inf  # it never began, so it has no effect and no cost
    case.end = -math.inf
    activity[house.area, case.line, LAPSED] += 1
    activity[house.area, case.line, LIST_TIME] += spent
    house.waited += spent
    house.history = mixed(house.history, LAPSE, case.line, ticks_of(time))


@rule
def unlink(house, cases, counts, index):
    """Take a case out of its household's chain and give its row of the pool back."""
    if house.head == index:
        house.head = cases[index].next_case
    else:
        before = house.head
        while cases[before].next_case != index:
            before = cases[before].next_case
        cases[before].next_case = cases[index].next_case
    cases[index].status = FREE
    cases[counts.unused].free = index
    counts.unused += 1


@rule
def review_cases(house, cases, lines, now, counts, activity, need):
    """A need has just moved: close the cases it no longer calls for, or has outgrown (stepped down, stepped up)."""
    state = house.state[need]
    month = float(now.month)
    has_closed = False
    index = house.head
    while index >= 0:
        case = cases[index]
        if case.need == need and (case.status == WAITING or case.status == OPEN):
            line = lines[case.line]
            floor = line.opens_at if line.until_state_ends else 1
            if state < floor or state > line.closes_above:
                if case.status == WAITING:
                    lapse(house, case, line, now, activity, month)
                else:
                    house.trust += help_told_on_trust(line, now)
                    case.status = ENDED
                    case.end = month
                    activity[house.area, case.line, COMPLETED] += 1
                    activity[house.area, case.line, RECOVERED] += state < line.opens_at
                    has_closed = True
        index = case.next_case
    if has_closed:
        renew_help(house, cases, lines, counts)


@rule
def close_all(house, cases, lines, now, counts, activity):
    """A household leaves the place: its cases end with it."""
    month = float(now.month)
    while house.head >= 0:
        index = house.head
        case = cases[index]
        if case.status == OPEN:
            activity[house.area, case.line, LEFT_AREA] += 1
        elif case.status == WAITING:
            lapse(house, case, lines[case.line], now, activity, month)
        unlink(house, cases, counts, index)
    renew_help(house, cases, lines, counts)
