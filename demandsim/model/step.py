"""The rule for one household and one month, written once.

``step_row`` is what ``Household.step()`` calls for its row and what the monthly pass calls for every row that its
screen lets through.
"""

from __future__ import annotations

import math

import numpy as np

from demandsim.chance import Decision, draw_uniform, philox, uniform_of
from demandsim.compiling import rule
from demandsim.labels import ESTABLISHED, N_NEEDS, N_STATES
from demandsim.needs.step import (
    couple,
    hazards_of,
    moved_state,
    stationary_state,
    threshold_16,
)
from demandsim.quantities import TICKS
from demandsim.services.cases.step import (
    HISTORY,
    MOVED,
    case_detection,
    case_log_ratios,
    close_all,
    mixed,
    most_log_ratios,
    review_cases,
)
from demandsim.services.step import answer_contact, answer_state

ALL = 255
CONTACT_BIT = 1 << N_NEEDS
#: Decisions whose words are in the first block of a household's month.
FIRST_BLOCK = 15
_CONTACT_NEED = int(Decision.CONTACT_NEED)
_INITIAL = int(Decision.INITIAL)
_INITIAL_AGAIN = int(Decision.INITIAL_AGAIN)


@rule
def exposure_of(house, needs, need):
    """Ratio on the rise of a need by who the household is; 0 where it cannot have it."""
    return needs.exposure[need, house.age_band, house.tenure, house.household_type]


@rule
def _own_hazards(house, needs, need, rise, coupling, month, is_recent):
    """Hazards of one need of one household before the effect of its cases."""
    months = max(0, month - house.since[need])
    return hazards_of(
        needs, need, house.state[need], float(months), house.deprivation, house.log_frailty, rise, coupling, is_recent
    )


@rule
def next_state(house, cases, needs, lines, now, need, coupling, word):
    """State of one need after the month, on the states at the start of the month."""
    state = house.state[need]
    rise = exposure_of(house, needs, need) * now.shock[need]
    is_recent = (house.relapsed >> need) & 1 == 1 and now.month - house.since[need] < needs.relapse_window
    crisis, up, down, leave = _own_hazards(house, needs, need, rise, coupling, now.month, is_recent)
    if house.head >= 0:
        log_up, log_sudden, log_down, log_exit = case_log_ratios(cases, lines, house.head, need, state, now.month)
        up *= math.exp(log_up)
        crisis *= math.exp(log_sudden)
        down *= math.exp(log_down)
        leave *= math.exp(log_exit)
    return moved_state(uniform_of(word), state, needs.exit_to[need, state], crisis, up, down, leave)


@rule
def post_state_time(house, needs, counts, state_months, need, month):
    """Post the months a household has been in its present state since it was last posted."""
    months = month - max(house.since[need], counts.year_began)
    if months > 0:
        state = house.state[need]
        state_months[house.area, need, state] += months
        house.pence += needs.price[need, state] * months * TICKS


@rule
def set_state(house, row, stale, needs, counts, state_months, need, state, month):
    """Write a household's new state and keep the running counts."""
    before = house.state[need]
    post_state_time(house, needs, counts, state_months, need, month)
    house.state[need] = state
    house.since[need] = month
    counts.households[need, before] -= 1
    counts.households[need, state] += 1
    if not (house.helped >> need) & 1:
        counts.unmet[need] += (state >= ESTABLISHED) - (before >= ESTABLISHED)
    counts.onsets[need] += state >= ESTABLISHED and before < ESTABLISHED
    if state == 0:
        house.relapsed |= 1 << need
    stale[row] |= needs.touches[need] | CONTACT_BIT | HISTORY
    house.history = mixed(house.history, MOVED, need, 8 * (month + 4096) + state)


@rule
def _contact_hazards(house, cases, needs, lines, in_help, hazards):
    """Hazard that the household makes contact, with each need's part in ``hazards``."""
    seen = 0.0
    watched = 0
    if house.head >= 0:
        seen, watched = case_detection(cases, lines, house.head)
    total = 0.0
    for need in range(N_NEEDS):
        state = house.state[need]
        hazard = needs.contact[need, state]
        if (watched >> need) & 1:
            hazard *= in_help
        if state > 0 and not (house.recognised >> need) & 1:
            hazard += seen
        hazards[need] = hazard
        total += hazard
    return total


@rule
def renew_bounds(house, row, low, high, cases, needs, lines, month, which, scratch):
    """Cache upper bounds of what can happen to a household until something changes, for the bits of ``which``."""
    couple(needs, house.state, scratch)
    for need in range(N_NEEDS):
        if not (which >> need) & 1:
            continue
        rise = exposure_of(house, needs, need) * needs.shock_most[need]
        may_relapse = (house.relapsed >> need) & 1 == 1 and needs.relapse[need] > 1.0  # less is no bound later
        crisis, up, down, leave = _own_hazards(house, needs, need, rise, scratch[need], month, may_relapse)
        worse = 1.0
        better = 1.0
        if house.head >= 0:
            worse, better = most_log_ratios(cases, lines, house.head, need, house.state[need])
            worse, better = math.exp(worse), math.exp(better)
        low[need, row] = threshold_16((crisis + up) * worse)
        high[need, row] = threshold_16((down + leave) * better)
    # A ratio under one in help is no bound once the help has ended.
    in_help = max(1.0, needs.contact_in_help)
    low[N_NEEDS, row] = threshold_16(_contact_hazards(house, cases, needs, lines, in_help, scratch))


@rule
def step_row(house, row, stale, cases, needs, lines, now, counts, activity, state_months, mask, after, scratch):
    """One household's month: needs move, all at once; what grew is answered; contact is made.

    Parameters
    ----------
    mask : int
        Bits of the decisions to work out: needs 0 to 6, contact 7. Bits left out by the screen cannot fire.
    after, scratch : ndarray, shape (7,)
        Room to work in.
    """
    occupant = np.uint32(house.occupant)
    month = now.month
    w0 = w1 = w2 = w3 = w4 = w5 = w6 = w7 = np.uint32(0)
    if mask & FIRST_BLOCK:
        w0, w1, w2, w3 = philox(np.uint32(row), np.uint32(month), np.uint32(0), occupant, now.k0, now.k1)
    has_second = mask & ~FIRST_BLOCK
    if has_second:
        w4, w5, w6, w7 = philox(np.uint32(row), np.uint32(month), np.uint32(1), occupant, now.k0, now.k1)
    words = (w0, w1, w2, w3, w4, w5, w6)
    moving = mask & ~CONTACT_BIT
    if moving:
        couple(needs, house.state, scratch)
        for need in range(N_NEEDS):
            after[need] = house.state[need]
            if (moving >> need) & 1:
                after[need] = next_state(house, cases, needs, lines, now, need, scratch[need], words[need])
        grown = 0
        for need in range(N_NEEDS):
            before = house.state[need]
            if after[need] != before:
                mask |= CONTACT_BIT  # the contact's bound was cached for the states before the move
                set_state(house, row, stale, needs, counts, state_months, need, after[need], month)
                review_cases(house, cases, lines, now, counts, activity, need)
                if after[need] > before:
                    grown |= 1 << need
        for need in range(N_NEEDS):
            if (grown >> need) & 1:
                answer_state(house, row, stale, cases, lines, now, counts, activity, need)
    if mask & CONTACT_BIT:
        if not has_second:
            w4, w5, w6, w7 = philox(np.uint32(row), np.uint32(month), np.uint32(1), occupant, now.k0, now.k1)
        total = _contact_hazards(house, cases, needs, lines, needs.contact_in_help, scratch)
        if uniform_of(w7) < -math.expm1(-total):
            presented = _presented_need(scratch, total * _contact_uniform(house, row, now))
            answer_contact(house, row, stale, cases, lines, now, counts, activity, presented)


@rule
def _contact_uniform(house, row, now):
    return draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _CONTACT_NEED)


@rule
def _presented_need(hazards, point):
    """The need a contact is about: a point on the line of the needs' hazards laid end to end."""
    presented = 0
    for need in range(N_NEEDS):
        if hazards[need] > 0.0:
            presented = need
            if point < hazards[need]:
                break
            point -= hazards[need]
    return presented


@rule
def settle(house, row, stale, needs, now, counts, chain, flow, coupling):
    """Draw the needs with which a household arrives: two sweeps of the stationary state given its other needs."""
    for need in range(N_NEEDS):
        house.state[need] = 0
        house.since[need] = now.month
    for sweep in range(2):
        for need in range(N_NEEDS):
            rise = exposure_of(house, needs, need)
            if rise <= 0.0:
                continue
            couple(needs, house.state, coupling)
            for state in range(N_STATES):
                crisis, up, down, leave = hazards_of(
                    needs, need, state, 0.0, house.deprivation, house.log_frailty, rise, coupling[need], False
                )
                chain[state, 0] = crisis
                chain[state, 1] = up
                chain[state, 2] = down
                chain[state, 3] = leave
            decision = (_INITIAL if sweep == 0 else _INITIAL_AGAIN) + need
            uniform = draw_uniform(now.k0, now.k1, row, now.month, house.occupant, decision)
            house.state[need] = stationary_state(uniform, chain, needs.exit_to[need], flow)
    for need in range(N_NEEDS):
        state = house.state[need]
        counts.households[need, state] += 1
        counts.unmet[need] += state >= ESTABLISHED
    house.relapsed = 0
    house.recognised = 0
    house.helped = 0
    house.pence = 0
    house.waited = 0
    house.history = mixed(np.uint64(row), 0, 0, house.occupant)
    stale[row] |= ALL | HISTORY


@rule
def leave(house, cases, needs, lines, now, counts, activity, state_months):
    """A household leaves the place; what it takes with it is counted as exported."""
    close_all(house, cases, lines, now, counts, activity)
    for need in range(N_NEEDS):
        post_state_time(house, needs, counts, state_months, need, now.month)
        state = house.state[need]
        counts.exported[need, state] += 1
        counts.households[need, state] -= 1
        counts.unmet[need] -= state >= ESTABLISHED
    counts.left_pence += house.pence
