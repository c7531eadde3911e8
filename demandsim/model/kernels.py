"""The month of all households: the rule of one, screened.

The screen draws first, compares with a bound of the household's hazards that was cached when something last
changed, and leaves out only rows for which nothing can happen.
"""

from __future__ import annotations

import math

import numpy as np

from demandsim.chance import Decision, philox, uniform_of
from demandsim.compiling import compiled, rule
from demandsim.labels import AGE_BANDS, N_NEEDS, N_STATES
from demandsim.model.step import ALL, exposure_of, leave, post_state_time, renew_bounds, set_state, settle, step_row
from demandsim.place.step import VACANT
from demandsim.services.cases.step import HISTORY, REPAIRED, mixed, review_cases
from demandsim.services.tables import MOST_LINES

#: Households screened at a time: their masks stay in the nearest cache.
CHUNK = 2048
_WORKING_AGE = AGE_BANDS.index("45_64")
#: Further needs that a homelessness return counts as "three or more".
_SEVERAL = 3
_REPAIR_BLOCK = np.uint32(int(Decision.REPAIR) // 4)


@rule
def _screen(low, high, occupant, first, last, month, k0, k1, masks):
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
):  # fmt: skip
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
    while first < n:
        last = min(n, first + CHUNK)
        for row in range(first, last):
            if stale[row] & ALL:
                renew_bounds(households[row], row, low, high, cases, needs, lines, now, stale[row])
        stale[first:last] = 0
        if is_screened:
            _screen(low, high, occupant, first, last, now.month, now.k0, now.k1, masks)
        for row in range(first, last):
            mask = masks[row - first]
            if mask:
                if counts.unused < MOST_LINES:
                    return row
                step_row(
                    households[row], row, stale, cases, needs, lines, now, counts, activity, state_months, mask
                )  # fmt: skip
        first = last
    return n


@compiled
def step_one(households, stale, cases, needs_table, lines, now_table, counts_table, activity, state_months, row):
    """Step one household for one month, without a screen."""
    step_row(
        households[row], row, stale, cases, needs_table[0], lines, now_table[0], counts_table[0], activity,
        state_months, ALL,
    )  # fmt: skip


@rule
def trust_at_first(needs, z):
    """Trust with which a household comes, in thousandths of its log odds."""
    return math.floor(1000.0 * (needs.trust_start + needs.trust_spread * z) + 0.5)


@compiled
def settle_all(households, stale, needs_table, now_table, counts_table, take_up_z):
    """Draw the trust and the needs of every household at the start of the run-in."""
    chain = np.zeros((N_STATES, 4))
    flow = np.zeros((N_STATES, N_STATES))
    shares = np.zeros((N_NEEDS, N_STATES + 2))
    for row in range(households.shape[0]):
        households[row].trust = trust_at_first(needs_table[0], take_up_z[row])
        settle(households[row], row, stale, needs_table[0], now_table[0], counts_table[0], chain, flow, shares)


@compiled
def change_occupants(
    households, occupant, stale, cases, needs_table, lines, now_table, counts_table, activity, state_months,
    rows, kinds, changes, frailty_z, take_up_z
):  # fmt: skip
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
    shares = np.zeros((N_NEEDS, N_STATES + 2))
    for i in range(rows.shape[0]):
        row = np.int64(rows[i])
        house = households[row]
        if kinds[i] == 0:
            leave(house, cases, needs, lines, now, counts, activity, state_months)
        house.household_type = changes[i, 0]
        house.adults = changes[i, 1]
        house.children = changes[i, 2]
        house.age_band = changes[i, 3]
        house.occupant = changes[i, 4]
        occupant[row] = changes[i, 4]
        stale[row] |= ALL
        if kinds[i] == 0:
            house.log_frailty = sd * frailty_z[i] - 0.5 * sd * sd
            house.trust = trust_at_first(needs, take_up_z[i])
            settle(house, row, stale, needs, now, counts, chain, flow, shares)
            continue
        for need in range(N_NEEDS):
            if house.state[need] > 0 and exposure_of(house, needs, need) <= 0.0:
                set_state(house, row, stale, needs, counts, state_months, need, 0, now.month)
                review_cases(house, cases, lines, now, counts, activity, need)


@compiled
def step_repairs(households, repair, stale, needs_table, now_table, onset, completion):
    """Repairs are reported and done: one draw a dwelling and month.

    Parameters
    ----------
    households : (n,) HOUSEHOLD records
    repair : (n,) uint8
        Tenure, plus 4 while a repair is not done.
    stale : (n,) uint16
    needs_table, now_table : one record each
    onset : (4,) float64
        Hazard by tenure that a repair comes up and is not done at the first visit.
    completion : float
        Hazard that one not done is done.

    Returns
    -------
    int
        Homes lived in with a repair not done.
    """
    now = now_table[0]
    needs = needs_table[0]
    n = repair.shape[0]
    odds = np.empty(8)
    for tenure in range(4):
        odds[tenure] = -math.expm1(-onset[tenure])
        odds[tenure + 4] = -math.expm1(-completion)
    changed = np.empty(CHUNK, np.int64)
    waiting = 0
    for first in range(0, n, CHUNK):
        last = min(n, first + CHUNK)
        found = _find_repairs(repair, first, last, now.month, now.k0, now.k1, odds, changed)
        for i in range(found):
            row = changed[i]
            repair[row] ^= np.uint8(4)
            house = households[row]
            house.in_disrepair = repair[row] >> 2
            if house.household_type != VACANT:
                house.history = mixed(house.history, REPAIRED, house.in_disrepair, now.month + 4096)
                stale[row] |= needs.touched_by_disrepair | HISTORY
        for row in range(first, last):
            if repair[row] >> 2:
                waiting += households[row].household_type != VACANT
    return waiting


@rule
def _find_repairs(repair, first, last, month, k0, k1, odds, changed):
    """Dwellings whose repair comes up or is done; four to a block of words. ``first`` is a multiple of four."""
    found = 0
    for block in range(first, last, 4):
        words = philox(np.uint32(block >> 2), np.uint32(month), _REPAIR_BLOCK, np.uint32(0), k0, k1)
        for lane in range(min(4, last - block)):
            uniform = uniform_of(words[lane])
            if repair[block + lane] >> 2:
                uniform = 1.0 - uniform  # a low draw is a bad one, whether it breaks or does not mend
            if uniform < odds[repair[block + lane]]:
                changed[found] = block + lane
                found += 1
    return found


@compiled
def flush_state_time(households, needs_table, counts_table, state_months, month):
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
):  # fmt: skip
    """Move one need of one household by hand, with every count kept, and close cases it no longer calls for."""
    house = households[row]
    counts = counts_table[0]
    if house.state[need] != state:
        set_state(house, row, stale, needs_table[0], counts, state_months, need, state, month)
        review_cases(house, cases, lines, now_table[0], counts, activity, need)
