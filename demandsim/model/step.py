"""The rule for one household and one month, written once; the month of all households is that rule, screened.

``step_row`` is what ``Household.step()`` calls for its row and what ``step_households`` calls for every row
that the screen lets through. The screen draws first, compares with a bound of the household's hazards that was
cached when something last changed, and leaves out only rows for which nothing can happen.
"""

from __future__ import annotations

import math

import numpy as np

from demandsim.chance import Decision, draw_uniform, philox, uniform_of
from demandsim.compiling import compiled, rule
from demandsim.labels import ESTABLISHED, N_NEEDS, N_STATES
from demandsim.needs.step import (
    couple,
    hazards_of,
    moved_state,
    stationary_state,
    threshold_16,
)
from demandsim.quantities import TICKS
from demandsim.services.step import (
    HISTORY,
    MOVED,
    answer_contact,
    answer_state,
    case_detection,
    case_log_ratios,
    close_all,
    mixed,
    most_log_ratios,
    review_cases,
)
from demandsim.services.tables import MOST_LINES

ALL = 255
CONTACT_BIT = 1 << N_NEEDS
#: Decisions whose words are in the first block of a household's month.
FIRST_BLOCK = 15
_CONTACT_NEED = int(Decision.CONTACT_NEED)
_INITIAL = int(Decision.INITIAL)
_INITIAL_AGAIN = int(Decision.INITIAL_AGAIN)
#: Households screened at a time: their masks stay in the nearest cache.
CHUNK = 2048


@rule
def _exposure(house, needs, need):  # type: ignore[no-untyped-def]
    return needs.exposure[need, house.age_band, house.tenure, house.household_type]


@rule
def _own_hazards(house, needs, need, rise, coupling, month):  # type: ignore[no-untyped-def]
    """Hazards of one need of one household before the effect of its cases."""
    months = max(0, month - house.since[need])
    is_recent = ((house.relapsed >> need) & 1) == 1 and months < needs.relapse_window
    return hazards_of(
        needs, need, house.state[need], float(months), house.deprivation, house.log_frailty, rise, coupling, is_recent
    )


@rule
def next_state(house, cases, needs, lines, now, need, coupling, word):  # type: ignore[no-untyped-def]
    """State of one need after the month, on the states at the start of the month."""
    state = house.state[need]
    rise = _exposure(house, needs, need) * now.shock[need]
    crisis, up, down, leave = _own_hazards(house, needs, need, rise, coupling, now.month)
    if house.head >= 0:
        log_up, log_sudden, log_down, log_exit = case_log_ratios(cases, lines, house.head, need, state, now.month)
        up *= math.exp(log_up)
        crisis *= math.exp(log_sudden)
        down *= math.exp(log_down)
        leave *= math.exp(log_exit)
    return moved_state(uniform_of(word), state, needs.exit_to[need, state], crisis, up, down, leave)


@rule
def post_state_time(house, needs, counts, state_months, need, month):  # type: ignore[no-untyped-def]
    """Post the months a household has been in its present state since it was last posted."""
    months = month - max(house.since[need], counts.year_began)
    if months > 0:
        state = house.state[need]
        state_months[house.area, need, state] += months
        house.pence += needs.price[need, state] * months * TICKS


@rule
def set_state(house, row, stale, needs, counts, state_months, need, state, month):  # type: ignore[no-untyped-def]
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
def _contact_hazards(house, cases, needs, lines, hazards):  # type: ignore[no-untyped-def]
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
            hazard *= needs.contact_in_help
        if state > 0 and not (house.recognised >> need) & 1:
            hazard += seen
        hazards[need] = hazard
        total += hazard
    return total


@rule
def renew_bounds(house, row, low, high, cases, needs, lines, month, which, scratch):  # type: ignore[no-untyped-def]
    """Cache upper bounds of what can happen to a household until something changes, for the bits of ``which``."""
    couple(needs, house.state, scratch)
    for need in range(N_NEEDS):
        if not (which >> need) & 1:
            continue
        rise = _exposure(house, needs, need) * needs.shock_most[need]
        crisis, up, down, leave = _own_hazards(house, needs, need, rise, scratch[need], month)
        worse = 1.0
        better = 1.0
        if house.head >= 0:
            worse, better = most_log_ratios(cases, lines, house.head, need, house.state[need])
            worse, better = math.exp(worse), math.exp(better)
        # A relapse ratio under one is no bound once its window has passed.
        low[need, row] = threshold_16((crisis + up) * worse / min(1.0, needs.relapse[need]))
        high[need, row] = threshold_16((down + leave) * better)
    # A ratio under one in help is no bound once the help has ended.
    contact = _contact_hazards(house, cases, needs, lines, scratch) / min(1.0, needs.contact_in_help)
    low[N_NEEDS, row] = threshold_16(contact)


@rule
def step_row(house, row, stale, cases, needs, lines, now, counts, activity, state_months, mask, after, scratch):  # type: ignore[no-untyped-def]
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
        total = _contact_hazards(house, cases, needs, lines, scratch)
        if uniform_of(w7) < -math.expm1(-total):
            presented = _presented_need(scratch, total * _contact_uniform(house, row, now))
            answer_contact(house, row, stale, cases, lines, now, counts, activity, presented)


@rule
def _contact_uniform(house, row, now):  # type: ignore[no-untyped-def]
    return draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _CONTACT_NEED)


@rule
def _presented_need(hazards, point):  # type: ignore[no-untyped-def]
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
def _screen(low, high, occupant, first, last, month, k0, k1, masks):  # type: ignore[no-untyped-def]
    """Bits of what could happen to each row, without a branch so that it runs in vector registers."""
    when = np.uint32(month)
    top = np.uint32(65535)
    half = np.uint32(16)
    for i in range(last - first):
        row = first + i
        who = np.uint32(occupant[row])
        w0, w1, w2, w3 = philox(np.uint32(row), when, np.uint32(0), who, k0, k1)
        w4, w5, w6, w7 = philox(np.uint32(row), when, np.uint32(1), who, k0, k1)
        h0 = w0 >> half
        h1 = w1 >> half
        h2 = w2 >> half
        h3 = w3 >> half
        h4 = w4 >> half
        h5 = w5 >> half
        h6 = w6 >> half
        h7 = w7 >> half
        mask = np.uint32((h0 <= low[0, row]) | (top - h0 <= high[0, row]))
        mask |= np.uint32((h1 <= low[1, row]) | (top - h1 <= high[1, row])) << np.uint32(1)
        mask |= np.uint32((h2 <= low[2, row]) | (top - h2 <= high[2, row])) << np.uint32(2)
        mask |= np.uint32((h3 <= low[3, row]) | (top - h3 <= high[3, row])) << np.uint32(3)
        mask |= np.uint32((h4 <= low[4, row]) | (top - h4 <= high[4, row])) << np.uint32(4)
        mask |= np.uint32((h5 <= low[5, row]) | (top - h5 <= high[5, row])) << np.uint32(5)
        mask |= np.uint32((h6 <= low[6, row]) | (top - h6 <= high[6, row])) << np.uint32(6)
        mask |= np.uint32(h7 <= low[7, row]) << np.uint32(7)
        masks[i] = np.uint8(mask)


@compiled
def step_households(
    households, low, high, occupant, stale, cases, needs_table, lines, now_table, counts_table, activity,
    state_months, first, is_screened
):  # fmt: skip  # type: ignore[no-untyped-def]
    """Step households from row ``first`` on, for one month.

    Parameters
    ----------
    households … stale : arrays of a :class:`~demandsim.model.columns.World`
    cases, lines : CASE and LINE records
    needs_table, now_table, counts_table : one record each
    activity, state_months : tallies to add to
    first : int
        Row to begin at.
    is_screened : bool
        Leave out what cannot happen; the result is the same, bit for bit.

    Returns
    -------
    int
        Row reached: the number of households, or less where the pool of cases has to grow first.
    """
    needs = needs_table[0]
    now = now_table[0]
    counts = counts_table[0]
    n = households.shape[0]
    masks = np.full(CHUNK, ALL, np.uint8)
    after = np.empty(N_NEEDS, np.int64)
    scratch = np.empty(N_NEEDS)
    while first < n:
        last = min(n, first + CHUNK)
        for row in range(first, last):
            which = stale[row]
            if which & ALL:
                renew_bounds(households[row], row, low, high, cases, needs, lines, now.month, which, scratch)
            stale[row] = 0
        if is_screened:
            _screen(low, high, occupant, first, last, now.month, now.k0, now.k1, masks)
        for i in range(last - first):
            if masks[i]:
                if counts.unused < MOST_LINES:
                    return first + i
                row = first + i
                step_row(
                    households[row], row, stale, cases, needs, lines, now, counts, activity, state_months,
                    masks[i], after, scratch,
                )  # fmt: skip
        first = last
    return n


@compiled
def step_one(households, stale, cases, needs_table, lines, now_table, counts_table, activity, state_months, row):  # type: ignore[no-untyped-def]
    """Step one household for one month, without a screen."""
    after = np.empty(N_NEEDS, np.int64)
    scratch = np.empty(N_NEEDS)
    step_row(
        households[row], row, stale, cases, needs_table[0], lines, now_table[0], counts_table[0], activity,
        state_months, ALL, after, scratch,
    )  # fmt: skip


@rule
def _settle(house, row, stale, needs, now, counts, chain, flow, coupling):  # type: ignore[no-untyped-def]
    """Draw the needs with which a household arrives: two sweeps of the stationary state given its other needs."""
    for need in range(N_NEEDS):
        house.state[need] = 0
        house.since[need] = now.month
    for sweep in range(2):
        for need in range(N_NEEDS):
            rise = _exposure(house, needs, need)
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


@compiled
def settle_all(households, stale, needs_table, now_table, counts_table):  # type: ignore[no-untyped-def]
    """Draw the needs of every household at the start of the run-in."""
    chain = np.zeros((N_STATES, 4))
    flow = np.zeros((N_STATES, N_STATES))
    coupling = np.zeros(N_NEEDS)
    for row in range(households.shape[0]):
        _settle(households[row], row, stale, needs_table[0], now_table[0], counts_table[0], chain, flow, coupling)


@rule
def _leave(house, cases, needs, lines, now, counts, activity, state_months):  # type: ignore[no-untyped-def]
    """A household leaves the place; what it takes with it is counted as exported."""
    close_all(house, cases, lines, now, counts, activity)
    for need in range(N_NEEDS):
        post_state_time(house, needs, counts, state_months, need, now.month)
        state = house.state[need]
        counts.exported[need, state] += 1
        counts.households[need, state] -= 1
        counts.unmet[need] -= state >= ESTABLISHED
    counts.left_pence += house.pence


@compiled
def change_occupants(
    households, occupant, stale, cases, needs_table, lines, now_table, counts_table, activity, state_months,
    rows, kinds, changes, frailty_z, take_up_z
):  # fmt: skip  # type: ignore[no-untyped-def]
    """Apply one month's arrivals, departures and changes of composition.

    Parameters
    ----------
    rows, kinds : (events,)
        Household row; 0 new occupants, 1 the same occupants changed.
    changes : (events, 5) uint16
        Household type, adults, children, age band and occupant after the event.
    frailty_z, take_up_z : (events,) float32
        Standard normal traits of new occupants.
    """
    needs = needs_table[0]
    now = now_table[0]
    counts = counts_table[0]
    sd = needs.frailty_sd
    chain = np.zeros((N_STATES, 4))
    flow = np.zeros((N_STATES, N_STATES))
    coupling = np.zeros(N_NEEDS)
    for i in range(rows.shape[0]):
        row = rows[i]
        house = households[row]
        if kinds[i] == 0:
            _leave(house, cases, needs, lines, now, counts, activity, state_months)
        house.household_type = changes[i, 0]
        house.adults = changes[i, 1]
        house.children = changes[i, 2]
        house.age_band = changes[i, 3]
        house.occupant = changes[i, 4]
        occupant[row] = changes[i, 4]
        stale[row] |= ALL
        if kinds[i] == 0:
            house.log_frailty = sd * frailty_z[i] - 0.5 * sd * sd
            house.trust = 0.5 * math.erfc(-take_up_z[i] / math.sqrt(2.0))
            _settle(house, row, stale, needs, now, counts, chain, flow, coupling)
            continue
        for need in range(N_NEEDS):
            if house.state[need] > 0 and _exposure(house, needs, need) <= 0.0:
                set_state(house, row, stale, needs, counts, state_months, need, 0, now.month)
                review_cases(house, cases, lines, now, counts, activity, need)


@compiled
def flush_state_time(households, needs_table, counts_table, state_months, month):  # type: ignore[no-untyped-def]
    """Post everybody's time in state up to this month."""
    counts = counts_table[0]
    for row in range(households.shape[0]):
        for need in range(N_NEEDS):
            post_state_time(households[row], needs_table[0], counts, state_months, need, month)
    counts.year_began = month


@compiled
def set_state_of(
    households, stale, cases, needs_table, lines, now_table, counts_table, activity, state_months, row, need, state,
    month
):  # fmt: skip  # type: ignore[no-untyped-def]
    """Move one need of one household by hand, with every count kept, and close cases it no longer calls for."""
    house = households[row]
    counts = counts_table[0]
    if house.state[need] != state:
        set_state(house, row, stale, needs_table[0], counts, state_months, need, state, month)
        review_cases(house, cases, lines, now_table[0], counts, activity, need)
