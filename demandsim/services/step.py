"""What one household meets at the front door, and what its cases do to its hazards; written once, for one row."""

from __future__ import annotations

import math

import numpy as np

from demandsim.chance import Decision, ServiceDecision, draw_uniform, philox, uniform_of
from demandsim.compiling import rule
from demandsim.labels import ESTABLISHED, EVENTS, N_NEEDS
from demandsim.quantities import TICKS
from demandsim.services.tables import ENDED, FREE, LIMITED, OPEN, UNLIMITED, WAITING

REFERRAL = EVENTS.index("referral")
DECLINED = EVENTS.index("declined")
NOT_ARRIVED = EVENTS.index("not_arrived")
COMPLETED = EVENTS.index("completed")
LAPSED = EVENTS.index("lapsed")
LIST_TIME = EVENTS.index("list_time")
LEFT_AREA = EVENTS.index("left_area")

#: Positions in the tally of the front door.
CONTACTS, NOTICED, TURNED_AWAY, HAND_OFFS = 0, 1, 2, 3

#: Bits of what has changed about a household since the last screen: bounds of needs 0 to 6 and of contact, history.
CONTACT_BOUND, HISTORY = 1 << N_NEEDS, 1 << (N_NEEDS + 1)

#: Kinds of events in a household's history.
MOVED, REFERRED, LAPSE, ADMISSION, CLOSURE = 1, 2, 3, 4, 5

_SERVICE = int(Decision.SERVICE)
_DETECTION = int(Decision.DETECTION)
_ARRIVAL_TIME = int(Decision.ARRIVAL_TIME)
_LATER_WORDS = int(ServiceDecision.PATIENCE) // 4


@rule
def ticks_of(time):  # type: ignore[no-untyped-def]
    """A time in months as a whole number of ticks."""
    return int(math.floor(time * TICKS + 0.5))


@rule
def mixed(history, kind, subject, detail):  # type: ignore[no-untyped-def]
    """A household's history digest after one more event: its kind, what it concerns, and one detail.

    Events are added up, each scrambled by itself: what befalls a household on several lists in one month has no
    order of its own, and cases lie in another order in every world.
    """
    word = (np.uint64(kind) << np.uint64(56)) ^ (np.uint64(subject) << np.uint64(48)) ^ np.uint64(detail)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.uint64(history) + (word ^ (word >> np.uint64(31)))


@rule
def effect_weight(start, end, lag, fade, month):  # type: ignore[no-untyped-def]
    """Share of the month before ``month`` for which a case's effect was on, fading after the case."""
    begins = start + lag
    weight = max(0.0, min(month, end) - max(month - 1.0, begins))
    if end < month and fade > 0.0 and begins < end:
        since = max(month - 1.0, end)
        middle = 0.5 * (since + month)
        weight += (month - since) * max(0.0, 1.0 - (middle - end) / fade)
    return weight


@rule
def case_log_ratios(cases, lines, case, need, state, month):  # type: ignore[no-untyped-def]
    """Log hazard ratios on up, sudden, down and exit of one need from all cases of one household."""
    up = 0.0
    sudden = 0.0
    down = 0.0
    leave = 0.0
    while case >= 0:
        line = lines[cases[case].line]
        if cases[case].status >= OPEN and line.has_effect[need]:
            weight = line.fidelity * effect_weight(cases[case].start, cases[case].end, line.lag, line.fade, float(month))
            up += weight * line.log_ratio[need, state, 0]
            sudden += weight * line.log_ratio[need, state, 1]
            down += weight * line.log_ratio[need, state, 2]
            leave += weight * line.log_ratio[need, state, 3]
        case = cases[case].next_case
    return up, sudden, down, leave


@rule
def most_log_ratios(cases, lines, case, need, state):  # type: ignore[no-untyped-def]
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
def case_detection(cases, lines, case):  # type: ignore[no-untyped-def]
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
def is_in_scope(house, line):  # type: ignore[no-untyped-def]
    """Whether a household is one that the line is for."""
    scope = line.scope
    if scope == 1:
        return house.children > 0
    if scope == 2:
        return house.age_band <= 2
    if scope == 3:
        return house.age_band >= 3
    return True


@rule
def needs_established(house):  # type: ignore[no-untyped-def]
    """How many needs of a household are at established or worse."""
    count = 0
    for need in range(N_NEEDS):
        count += house.state[need] >= ESTABLISHED
    return count


@rule
def live_case(cases, line, case):  # type: ignore[no-untyped-def]
    """The household's waiting or open case at a line, or -1."""
    while case >= 0:
        if cases[case].line == line and (cases[case].status == WAITING or cases[case].status == OPEN):
            return case
        case = cases[case].next_case
    return -1


@rule
def serves_now(house, line, need, state):  # type: ignore[no-untyped-def]
    """Whether a line answers this need of this household this month."""
    if not (line.needs_served >> need) & 1 or state < line.opens_at or state > line.closes_above:
        return False
    if not is_in_scope(house, line):
        return False
    if line.intake == LIMITED and line.slots == 0:
        return False  # closed, or not yet open
    return line.min_needs == 0 or needs_established(house) >= line.min_needs


@rule
def shifted_probability(probability, log_odds):  # type: ignore[no-untyped-def]
    """A probability moved on the log-odds scale; 0, 1 and no shift are kept exactly."""
    if log_odds == 0.0 or probability <= 0.0 or probability >= 1.0:
        return probability
    odds = probability / (1.0 - probability) * math.exp(log_odds)
    return odds / (1.0 + odds)


@rule
def _is_accepted(house, row, line, number, now, counts, activity, is_elsewhere):  # type: ignore[no-untyped-def]
    """Whether a line is offered to a household, the referral arrives, and the household takes it up."""
    block = np.uint32((_SERVICE + 8 * line.code) // 4)
    w0, w1, w2, w3 = philox(np.uint32(row), np.uint32(now.month), block, np.uint32(house.occupant), now.k0, now.k1)
    if line.automatic:
        if uniform_of(w3) >= line.p_eligible:
            activity[house.area, number, DECLINED] += 1
            return False
    elif uniform_of(w0) >= line.p_referred:
        return False
    if is_elsewhere:
        counts.door[HAND_OFFS] += 1
        if uniform_of(w1) >= now.arrival:
            activity[house.area, number, NOT_ARRIVED] += 1
            return False
    shift = now.take_up_frailty * house.log_frailty + now.take_up_trust * (house.trust - 0.5)
    if uniform_of(w2) >= shifted_probability(line.take_up, shift):
        activity[house.area, number, DECLINED] += 1
        return False
    return True


@rule
def refer(house, row, stale, cases, lines, now, counts, activity, need, number, at, is_elsewhere):  # type: ignore[no-untyped-def]
    """Offer line ``number`` to one household for one need; open a place on its list if all is well."""
    line = lines[number]
    if not _is_accepted(house, row, line, number, now, counts, activity, is_elsewhere):
        return
    block = np.uint32((_SERVICE + 8 * line.code) // 4 + _LATER_WORDS)
    w0, w1, w2, w3 = philox(np.uint32(row), np.uint32(now.month), block, np.uint32(house.occupant), now.k0, now.k1)
    leaves = math.inf
    if line.drop_out > 0.0:
        leaves = -math.log(uniform_of(w2)) / line.drop_out
    ends = math.inf
    if not line.until_state_ends:
        ends = -line.length * math.log(uniform_of(w1))
    counts.unused -= 1
    index = cases[counts.unused].free
    counts.top = max(counts.top, index + 1)
    case = cases[index]
    case.row = row
    case.line = number
    case.need = need
    case.status = WAITING
    case.is_spot = 0
    case.arrival = at
    case.gives_up = at - line.patience * math.log(uniform_of(w0))
    case.duration = min(ends, leaves)
    case.will_drop = leaves < ends
    case.tie = w3
    case.next_case = house.head
    house.head = index
    activity[house.area, number, REFERRAL] += 1
    house.history = mixed(house.history, REFERRED, number, 8 * (now.month + 4096) + need)
    stale[row] |= HISTORY


@rule
def answer_state(house, row, stale, cases, lines, now, counts, activity, need):  # type: ignore[no-untyped-def]
    """A need has just grown: lines that the state itself triggers take it up."""
    at = now.month + draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _ARRIVAL_TIME)
    state = house.state[need]
    for number in range(lines.shape[0]):
        if lines[number].automatic and serves_now(house, lines[number], need, state):
            house.recognised |= 1 << need
            if live_case(cases, number, house.head) < 0:
                refer(house, row, stale, cases, lines, now, counts, activity, need, number, at, False)


@rule
def answer_contact(house, row, stale, cases, lines, now, counts, activity, presented):  # type: ignore[no-untyped-def]
    """A household is at the front door with one need: notice others, check thresholds, refer."""
    at = now.month + draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _ARRIVAL_TIME)
    counts.door[CONTACTS] += 1
    for need in range(N_NEEDS):
        state = house.state[need]
        if state == 0:
            continue
        is_elsewhere = need != presented
        if is_elsewhere:
            noticed = draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _DETECTION + need)
            if noticed >= now.detection:
                continue
            if not (house.recognised >> need) & 1:
                counts.door[NOTICED] += 1
        house.recognised |= 1 << need
        is_answered = False  # by more than advice that is open to everybody
        for number in range(lines.shape[0]):
            if not serves_now(house, lines[number], need, state):
                continue
            if is_elsewhere and lines[number].automatic and lines[number].intake == UNLIMITED:
                continue  # a crisis line answers a crisis, not a remark at another door
            is_answered |= not lines[number].is_universal
            if live_case(cases, number, house.head) < 0:
                refer(house, row, stale, cases, lines, now, counts, activity, need, number, at, is_elsewhere)
        if not is_answered and not is_elsewhere:
            counts.door[TURNED_AWAY] += 1


@rule
def renew_help(house, cases, lines, counts):  # type: ignore[no-untyped-def]
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


@rule
def lapse(house, case, activity, time, month):  # type: ignore[no-untyped-def]
    """A household leaves a waiting list unhelped at a moment of this month."""
    spent = ticks_of(time) - ticks_of(max(case.arrival, month))
    case.status = ENDED
    case.start = math.inf  # it never began, so it has no effect and no cost
    case.end = -math.inf
    activity[house.area, case.line, LAPSED] += 1
    activity[house.area, case.line, LIST_TIME] += spent
    house.waited += spent
    house.history = mixed(house.history, LAPSE, case.line, ticks_of(time))


@rule
def unlink(house, cases, counts, index):  # type: ignore[no-untyped-def]
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
def review_cases(house, cases, lines, now, counts, activity, need):  # type: ignore[no-untyped-def]
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
                    lapse(house, case, activity, month, month)
                else:
                    case.status = ENDED
                    case.end = month
                    activity[house.area, case.line, COMPLETED] += 1
                    has_closed = True
        index = case.next_case
    if has_closed:
        renew_help(house, cases, lines, counts)


@rule
def close_all(house, cases, lines, now, counts, activity):  # type: ignore[no-untyped-def]
    """A household leaves the place: its cases end with it."""
    month = float(now.month)
    while house.head >= 0:
        index = house.head
        case = cases[index]
        if case.status == OPEN:
            activity[house.area, case.line, LEFT_AREA] += 1
        elif case.status == WAITING:
            lapse(house, case, activity, month, month)
        unlink(house, cases, counts, index)
    renew_help(house, cases, lines, counts)
