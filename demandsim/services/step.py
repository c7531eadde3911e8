"""What one household meets at the front door: thresholds, offers, referrals; written once, for one row."""

from __future__ import annotations

import math

import numpy as np

from demandsim.chance import Decision, ServiceDecision, draw_uniform, philox, uniform_of
from demandsim.compiling import inner_rule, rule
from demandsim.labels import ESTABLISHED, EVENTS, N_NEEDS
from demandsim.quantities import MONTHS_PER_YEAR
from demandsim.services.cases.step import (
    CONTACT_BOUND,
    HISTORY,
    REFERRED,
    TURNED,
    has_live_case,
    is_among,
    is_joined_up,
    mixed,
    ticks_of,
    waiting_told_on_trust,
)
from demandsim.services.tables import IN_POST, UNLIMITED, WAITING

REFERRAL = EVENTS.index("referral")
DECLINED = EVENTS.index("declined")
NOT_ARRIVED = EVENTS.index("not_arrived")
RE_REFERRAL = EVENTS.index("re_referral")

#: Positions in the tally of the front door.
CONTACTS, NOTICED, TURNED_AWAY, HAND_OFFS, ASKED_TWICE, SENT_TO_MANAGER, REPEATS, MANAGER_TIME = range(8)

_SERVICE = int(Decision.SERVICE)
_DETECTION = int(Decision.DETECTION)
_ARRIVAL_TIME = int(Decision.ARRIVAL_TIME)
_MANAGER = int(Decision.MANAGER)
_MANAGER_WAIT = int(Decision.MANAGER_WAIT)
_ASKED_TWICE = int(Decision.ASKED_TWICE)
_LATER_WORDS = int(ServiceDecision.PATIENCE) // 4


@inner_rule
def is_in_scope(house, line):
    """Whether a household is one that the line is for."""
    scope = line.scope
    if scope == 1:
        return house.children > 0
    if scope == 2:
        return house.age_band <= 2
    if scope == 3:
        return house.age_band >= 3
    if scope == 4:
        return house.age_band == 0
    if scope == 5:
        return house.age_band == 1 or house.age_band == 2
    return True


@rule
def needs_established(house):
    """How many needs of a household are at established or worse."""
    count = 0
    for need in range(N_NEEDS):
        count += house.state[need] >= ESTABLISHED
    return count


@inner_rule
def takes_in(house, line):
    """Whether a line that is open to a household's need is open to the household."""
    if not is_in_scope(house, line):
        return False
    return line.min_needs == 0 or needs_established(house) >= line.min_needs


@rule
def is_let_in(house, row, line, now, need):
    """Whether a line takes a household in this state: by its threshold, or as one let in one state below it."""
    if house.state[need] >= line.opens_at:
        return True
    word = _SERVICE + 8 * line.code
    return draw_uniform(now.k0, now.k1, row, now.month, house.occupant, word) < line.below


@rule
def shifted_probability(probability, log_odds):
    """A probability moved on the log-odds scale; 0, 1 and no shift are kept exactly."""
    if log_odds == 0.0 or probability <= 0.0 or probability >= 1.0:
        return probability
    odds = probability / (1.0 - probability) * math.exp(log_odds)
    return odds / (1.0 + odds)


@inner_rule
def trusting(house, now):
    """A household's trust in services, from 0 to 1, less what is usual here."""
    return 1.0 / (1.0 + math.exp(-0.001 * house.trust)) - now.trust_usual


@rule
def _tell_again(house, row, stale, line, now, counts, is_joined):
    """A household sent on has reached another door, and may have to tell its story again there."""
    uniform = draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _ASKED_TWICE)
    if line.needs_helped and uniform < (now.asked_twice_joined if is_joined else now.asked_twice):
        counts.door[ASKED_TWICE] += 1
        house.trust += now.trust_asked_twice
        stale[row] |= CONTACT_BOUND


@rule
def _is_accepted(house, row, stale, cases, lines, number, now, counts, activity, need, is_elsewhere):
    """Whether a line is offered to a household, the referral arrives, and the household takes it up."""
    line = lines[number]
    block = np.uint32((_SERVICE + 8 * line.code) // 4)
    w0, w1, w2, w3 = philox(np.uint32(row), np.uint32(now.month), block, np.uint32(house.occupant), now.k0, now.k1)
    if line.automatic:
        if uniform_of(w3) >= line.p_eligible:
            activity[house.area, number, DECLINED] += 1
            return False
    elif uniform_of(w0) >= line.p_referred * (1.0 if house.state[need] >= line.opens_at else line.below):
        return False
    if is_elsewhere:
        counts.door[HAND_OFFS] += 1
        is_joined = is_joined_up(cases, lines, house.head)
        if uniform_of(w1) >= (now.arrival_joined if is_joined else now.arrival):
            activity[house.area, number, NOT_ARRIVED] += 1
            return False
        _tell_again(house, row, stale, line, now, counts, is_joined)
    shift = now.take_up_frailty * house.log_frailty + now.trust_take_up * trusting(house, now)
    if uniform_of(w2) >= shifted_probability(line.take_up, shift):
        activity[house.area, number, DECLINED] += 1
        return False
    return True


@rule
def _await_manager(house, row, stale, line, now, counts, ticks):
    """The time between asking and a manager's agreement is a wait like any other, on no list."""
    if ticks > 0:
        counts.door[MANAGER_TIME] += ticks
        house.trust += waiting_told_on_trust(line, now, ticks)
        stale[row] |= CONTACT_BOUND


@rule
def refer(house, row, stale, cases, lines, now, counts, activity, need, number, at, agreed, is_elsewhere):
    """Offer line ``number`` to one household for one need; open a place on its list if all is well.

    ``at`` is when the household asks, ``agreed`` when somebody with the remit has settled it: patience runs from
    the one, the list from the other.
    """
    line = lines[number]
    if not _is_accepted(house, row, stale, cases, lines, number, now, counts, activity, need, is_elsewhere):
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
    case.place = IN_POST
    case.arrival = at if line.is_universal or line.automatic else agreed
    _await_manager(house, row, stale, line, now, counts, ticks_of(case.arrival) - ticks_of(at))
    case.gives_up = at - line.patience * math.log(uniform_of(w0))
    case.duration = min(ends, leaves)
    case.will_drop = leaves < ends
    case.tie = w3
    case.next_case = house.head
    house.head = index
    activity[house.area, number, REFERRAL] += 1
    if line.counts_again:
        kind = line.counts_again - 1
        activity[house.area, number, RE_REFERRAL] += now.month - house.referred[kind] <= MONTHS_PER_YEAR
        house.referred[kind] = now.month
    house.history = mixed(house.history, REFERRED, number, 8 * ticks_of(case.arrival + 4096.0) + need)
    stale[row] |= HISTORY


@inner_rule
def answer_state(house, row, stale, cases, lines, now, counts, activity, need):
    """A need has just grown: lines that the state itself triggers take it up."""
    asked = now.answers[need, house.state[need]] & now.automatic
    if asked == 0:
        return
    at = now.month + draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _ARRIVAL_TIME)
    for number in range(lines.shape[0]):
        if is_among(number, asked) and takes_in(house, lines[number]):
            house.recognised |= 1 << need
            if not has_live_case(cases, lines[number].instead, house.head):
                refer(house, row, stale, cases, lines, now, counts, activity, need, number, at, at, False)


@rule
def _agreed(house, row, now, counts, at):
    """When what is asked at the front line is settled: there and then, or once a manager has looked at it."""
    if draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _MANAGER) < now.discretion:
        return at
    counts.door[SENT_TO_MANAGER] += 1
    return at - now.manager_wait * math.log(draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _MANAGER_WAIT))


@inner_rule
def answer_contact(house, row, stale, cases, lines, now, counts, activity, presented):
    """A household is at the front door with one need: notice others, check thresholds, refer."""
    at = now.month + draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _ARRIVAL_TIME)
    agreed = _agreed(house, row, now, counts, at)
    detection = shifted_probability(now.detection, now.trust_disclosure * trusting(house, now))
    counts.door[CONTACTS] += 1
    counts.door[REPEATS] += (house.recognised >> presented) & 1
    for need in range(N_NEEDS):
        state = house.state[need]
        if state == 0:
            continue
        is_elsewhere = need != presented
        if is_elsewhere:
            noticed = draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _DETECTION + need)
            if noticed >= detection:
                continue
            if not (house.recognised >> need) & 1:
                counts.door[NOTICED] += 1
        house.recognised |= 1 << need
        is_answered = False  # by more than advice that is open to everybody
        asked = now.answers[need, state]
        for number in range(lines.shape[0]):
            if not is_among(number, asked) or not takes_in(house, lines[number]):
                continue
            if is_elsewhere and lines[number].automatic and lines[number].intake == UNLIMITED:
                continue  # a crisis line answers a crisis, not a remark at another door
            if not is_let_in(house, row, lines[number], now, need):
                continue
            is_answered |= not lines[number].is_universal and lines[number].needs_helped != 0
            if not has_live_case(cases, lines[number].instead, house.head):
                refer(
                    house, row, stale, cases, lines, now, counts, activity, need, number, at, agreed, is_elsewhere
                )  # fmt: skip
        if not is_answered and not is_elsewhere:
            counts.door[TURNED_AWAY] += 1
            house.trust += now.trust_turned_away
            house.put_off = now.month
            house.history = mixed(house.history, TURNED, need, now.month + 4096)
            stale[row] |= CONTACT_BOUND | HISTORY
