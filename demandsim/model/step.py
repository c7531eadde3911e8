"""The rule for one household and one month, written once.

``step_row`` is what ``Household.step()`` calls for its row and what the monthly pass calls for every row that its
screen lets through.
"""

from __future__ import annotations

import math

import numpy as np

from demandsim.chance import Decision, draw_uniform, philox, uniform_of
from demandsim.compiling import inner_rule, rule
from demandsim.labels import COMPLEX, CRISIS, EMERGING, ESTABLISHED, HOUSING, N_NEEDS, N_STATES, WORK
from demandsim.model.contact.step import contact_hazard, presented_need, readiness, willingness
from demandsim.needs.step import (
    coupling_of,
    drawn_state,
    exp_above,
    hazards_of,
    log_years,
    moved_state,
    slowing,
    stationary_shares,
    threshold_16,
    worsening,
)
from demandsim.place.step import VACANT
from demandsim.quantities import MONTHS_PER_YEAR, TICKS
from demandsim.services.cases.step import (
    HISTORY,
    MOVED,
    case_log_ratios,
    close_all,
    mixed,
    most_log_ratios,
    review_cases,
)
from demandsim.services.step import answer_contact, answer_state

ALL = 255
#: A month before any run: no spell began and no referral was made that anybody here knows of.
NEVER = -20000
CONTACT_BIT = 1 << N_NEEDS
#: Decisions whose words are in the first block of a household's month.
FIRST_BLOCK = 15
_INITIAL = int(Decision.INITIAL)
_EXCLUDED = int(Decision.EXCLUDED)
_INITIAL_AGAIN = int(Decision.INITIAL_AGAIN)


@inner_rule
def exposure_of(house, needs, need):
    """Ratio on the rise of a need by who the household is; 0 where it cannot have it."""
    return needs.exposure[need, house.age_band, house.tenure, house.household_type]


@inner_rule
def rise_of(house, needs, need):
    """Ratio on the rise of a need by who the household is and the home it is in."""
    return exposure_of(house, needs, need) * (needs.disrepair[need] if house.in_disrepair else 1.0)


@inner_rule
def _own_hazards(house, needs, need, rise, month):
    """Hazards of one need of one household before the effect of its cases."""
    months = max(0, month - house.since[need])
    coupling = coupling_of(needs, house.state, need)
    is_recent = (house.relapsed >> need) & 1 == 1 and months < needs.relapse_window
    return hazards_of(
        needs, need, house.state[need], months, house.deprivation, house.log_frailty, rise, coupling, is_recent
    )


@inner_rule
def next_state(house, cases, needs, lines, now, need, word):
    """State of one need after the month, on the states at the start of the month."""
    state = house.state[need]
    rise = rise_of(house, needs, need) * now.shock[need]
    crisis, up, down, leave = _own_hazards(house, needs, need, rise, now.month)
    if house.head >= 0:
        log_up, log_sudden, log_down, log_exit = case_log_ratios(cases, lines, house.head, need, state, now.month)
        up *= math.exp(log_up)
        crisis *= math.exp(log_sudden)
        down *= math.exp(log_down)
        leave *= math.exp(log_exit)
    if need == HOUSING and state >= COMPLEX:
        leave += now.rehousing
    return moved_state(uniform_of(word), state, needs.exit_to[need, state], crisis, up, down, leave)


@inner_rule
def post_state_time(house, needs, counts, state_months, need, month):
    """Post the months a household has been in its present state since it was last posted."""
    months = month - max(house.since[need], counts.year_began)
    if months > 0 and house.household_type != VACANT:
        state = house.state[need]
        state_months[house.area, need, state] += months
        house.pence += needs.price[need, state] * months * TICKS


@rule
def note_spell(house, counts, before, state, month):
    """Count spells out of work as they begin, and as they end in time; those who fall ill at once never seek work."""
    if before == 0 and state == EMERGING:
        counts.spells[0] += 1
        house.out_since = month
    elif state == 0:
        spell = month - house.out_since
        counts.spells[1] += spell <= MONTHS_PER_YEAR // 2
        counts.spells[2] += spell <= MONTHS_PER_YEAR
        house.out_since = NEVER


@inner_rule
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
        house.recognised &= ~(1 << need)  # what is known of a need that is over says nothing of the next
    if need == WORK:
        note_spell(house, counts, before, state, month)
    stale[row] |= needs.touches[need] | CONTACT_BIT | HISTORY
    house.history = mixed(house.history, MOVED, need, 8 * (month + 4096) + state)


@inner_rule
def renew_bounds(house, row, low, high, cases, needs, lines, now, which):
    """Cache upper bounds of what can happen to a household until something changes, for the bits of ``which``."""
    month = now.month
    for need in range(N_NEEDS):
        if not (which >> need) & 1:
            continue
        state = house.state[need]
        coupling = coupling_of(needs, house.state, need)
        months = max(0, month - house.since[need])
        worse = 0.0
        better = 0.0
        if house.head >= 0:
            worse, better = most_log_ratios(cases, lines, house.head, need, state)
        most = 0.0
        if state < CRISIS:
            rise = rise_of(house, needs, need) * needs.shock_most[need]
            power = needs.gradient[need, state] * house.deprivation + needs.frailty[need, state] * house.log_frailty
            scale = rise * exp_above(power + coupling)
            if state == 0 and (house.relapsed >> need) & 1 and months < needs.relapse_window:
                scale *= max(1.0, needs.relapse[need])  # less is no bound once the window has passed
            most = needs.sudden[need, state] * scale
            most += needs.up[need, state] * (1.0 if needs.is_clock[need, state] else scale)
            if worse != 0.0:
                most *= exp_above(worse)
        low[need, row] = threshold_16(most)
        most = 0.0
        if state > 0:
            held = needs.recovery_exponent * coupling + needs.duration[need] * log_years(months)
            most = (needs.down[need, state] + needs.exit[need, state]) * exp_above(better - held)
            if need == HOUSING and state >= COMPLEX:
                most += needs.rehousing_most
        high[need, row] = threshold_16(most)
    # A ratio under one in help is no bound once the help has ended, nor is a door that may be opened again.
    in_help = max(1.0, needs.contact_in_help)
    noticing = needs.noticing_most[house.tenure]
    ready = willingness(house, now)
    low[N_NEEDS, row] = threshold_16(contact_hazard(house, cases, needs, lines, ready, noticing, in_help))


@inner_rule
def _moves_of(house, cases, needs, lines, now, moving, words):
    """Where each need goes, all on the states at the start of the month: three bits a need, 7 where it stays."""
    moves = 0
    for need in range(N_NEEDS):
        after = 7
        if (moving >> need) & 1:
            after = next_state(house, cases, needs, lines, now, need, words[need])
            if after == house.state[need]:
                after = 7
        moves |= after << (3 * need)
    return moves


@inner_rule
def step_row(house, row, stale, cases, needs, lines, now, counts, activity, state_months, mask):
    """One household's month: needs move, all at once; what grew is answered; contact is made.

    Parameters
    ----------
    mask : int
        Bits of the decisions to work out: needs 0 to 6, contact 7. Bits left out by the screen cannot fire.
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
        moves = _moves_of(house, cases, needs, lines, now, moving, words)
        grown = 0
        for need in range(N_NEEDS):
            after = (moves >> (3 * need)) & 7
            if after < 7:
                mask |= CONTACT_BIT  # the contact's bound was cached for the states before the move
                if after > house.state[need]:
                    grown |= 1 << need
                set_state(house, row, stale, needs, counts, state_months, need, after, month)
                if house.head >= 0:
                    review_cases(house, cases, lines, now, counts, activity, need)
        if grown:
            for need in range(N_NEEDS):
                if (grown >> need) & 1:
                    answer_state(house, row, stale, cases, lines, now, counts, activity, need)
    if mask & CONTACT_BIT:
        if not has_second:
            w4, w5, w6, w7 = philox(np.uint32(row), np.uint32(month), np.uint32(1), occupant, now.k0, now.k1)
        ready = readiness(house, now)
        total = contact_hazard(house, cases, needs, lines, ready, now.noticing[house.tenure], needs.contact_in_help)
        uniform = uniform_of(w7)
        if uniform < total and uniform < -math.expm1(-total):  # the second is the rule; the first, above it, is cheap
            presented = presented_need(house, row, cases, needs, lines, now, ready, total)
            answer_contact(house, row, stale, cases, lines, now, counts, activity, presented)


@inner_rule
def settle(house, row, stale, needs, now, counts, chain, flow, shares):
    """Draw the needs with which a household arrives: two sweeps of the stationary state given its other needs.

    ``shares`` keeps, by need, the distribution of the first sweep, its sum and the coupling it holds for: most
    households arrive with few needs, and the second sweep finds nothing changed.
    """
    for need in range(N_NEEDS):
        house.state[need] = 0
        house.since[need] = now.month
    for sweep in range(2):
        for need in range(N_NEEDS):
            rise = exposure_of(house, needs, need)
            if rise <= 0.0:
                continue
            coupling = coupling_of(needs, house.state, need)
            mass = shares[need]
            if sweep == 0 or mass[N_STATES + 1] != coupling:
                fall = slowing(needs, need, 0, coupling)
                for state in range(N_STATES):
                    chain[state, 0], chain[state, 1] = worsening(
                        needs, need, state, house.deprivation, house.log_frailty, rise, coupling, False
                    )
                    chain[state, 2] = needs.down[need, state] * fall
                    chain[state, 3] = needs.exit[need, state] * fall
                mass[N_STATES] = stationary_shares(chain, needs.exit_to[need], flow, mass)
                mass[N_STATES + 1] = coupling
            decision = (_INITIAL if sweep == 0 else _INITIAL_AGAIN) + need
            uniform = draw_uniform(now.k0, now.k1, row, now.month, house.occupant, decision)
            house.state[need] = drawn_state(uniform, mass, mass[N_STATES])
    is_here = house.household_type != VACANT
    for need in range(N_NEEDS):
        state = house.state[need]
        counts.households[need, state] += is_here
        counts.unmet[need] += state >= ESTABLISHED
    excluded = draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _EXCLUDED)
    house.is_excluded = excluded < needs.excluded[house.age_band]
    house.relapsed = 0
    house.out_since = NEVER
    house.referred[:] = NEVER
    house.put_off = NEVER
    house.recognised = 0
    house.helped = 0
    house.pence = 0
    house.waited = 0
    house.history = mixed(np.uint64(row), 0, house.in_disrepair, house.occupant)
    stale[row] |= ALL | HISTORY


@rule
def leave(house, cases, needs, lines, now, counts, activity, state_months):
    """A household leaves the place; what it takes with it is counted as exported."""
    if house.household_type == VACANT:
        return  # nobody was there
    close_all(house, cases, lines, now, counts, activity)
    for need in range(N_NEEDS):
        post_state_time(house, needs, counts, state_months, need, now.month)
        state = house.state[need]
        counts.exported[need, state] += 1
        counts.households[need, state] -= 1
        counts.unmet[need] -= state >= ESTABLISHED
    spell = now.month - house.out_since
    counts.spells[3] += spell <= MONTHS_PER_YEAR // 2
    counts.spells[4] += spell <= MONTHS_PER_YEAR
    counts.left_pence += house.pence
