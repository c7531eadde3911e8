"""What happens to one household of the place: who moves in, and when their composition changes next.

Each occupancy of a dwelling has its own addressed draws (row, slot, occupant, decision), so no other row and no policy
can touch them. The slot is 0 for what is drawn on arrival, the child's number for a child's age, and the count of
earlier firings for the four clocks below.

Four clocks run at once: leaving, death, birth, parting. A clock holds a unit exponential and is drained by its
hazard as the household's situation changes; the first to run out fires. Birthdays are not chance: a child turns 18
and the oldest adult enters the next age band at a known time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from demandsim.chance import draw_uniform, philox, uniform_of
from demandsim.quantities import MONTHS_PER_YEAR

ADULT_AT = 18.0
MONTHS_TO_18 = ADULT_AT * MONTHS_PER_YEAR
YOUNGEST_PARENT = 16.0
NEVER = 1e18

# A cell is a composition: adults 1 to 5, children 0 to 4, age band of the oldest adult 0 to 5, the band fastest.
N_BANDS = 6
MAX_CHILDREN = 4
MAX_ADULTS = 5
N_CELLS = MAX_ADULTS * (MAX_CHILDREN + 1) * N_BANDS

# decision codes of chance.PlaceDecision, as plain integers for the compiler
TENURE, CHILD_AGE, FIRST_CLOCK, ADULTS = 1, 7, 8, 13
# clocks, in the order of their decision codes (8 to 11), then what is not chance
LEAVING, DEATH, BIRTH, PARTING, BIRTHDAY, CROSSING, HORIZON = 0, 1, 2, 3, 4, 5, 6
N_CLOCKS = 4
# what ``whole`` holds: the household, then how often each clock has fired and how many turned 18
A, C, BAND, OCCUPANT, FIRED = 0, 1, 2, 3, 4
# what ``timed`` holds: clocks left, then the months of 18th birthdays and of the next age band
CLOCK, BIRTHDAYS, NEXT_BAND = 0, 4, 8
# beside the types of household in `labels`: nobody lives in the dwelling
VACANT = 6
# kinds of event
REPLACED, CHANGED = 0, 1


class Tables(NamedTuple):
    """What the kernel needs to know of a place. Cumulative shares end at exactly 1; hazards are per month."""

    area_cum: Any  # (areas,)
    tenure_cum: Any  # (areas, 4)
    cell_cum: Any  # (5, cells): newcomers by tenure, then first occupants
    hazard: Any  # (4 tenures, cells, 4 clocks)
    band_from: Any  # (7,) years
    share_staying: Any  # (1,) of those who turn 18


class Columns(NamedTuple):
    """Where a kernel writes occupants: one entry a row, or one an event."""

    household_type: Any
    adults: Any
    children: Any
    age_band: Any
    frailty_z: Any
    take_up_z: Any
    occupant: Any


@njit
def normal_quantile(p):
    """Standard normal quantile by algorithm AS 241 (Wichura 1988), good to about 1e-16."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = 2.5090809287301226727e3 * r + 3.3430575583588128105e4
        top = (top * r + 6.7265770927008700853e4) * r + 4.5921953931549871457e4
        top = (top * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3
        top = (top * r + 1.3314166789178437745e2) * r + 3.3871328727963666080
        low = 5.2264952788528545610e3 * r + 2.8729085735721942674e4
        low = (low * r + 3.9307895800092710610e4) * r + 2.1213794301586595867e4
        low = (low * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2
        low = (low * r + 4.2313330701600911252e1) * r + 1.0
        return q * top / low
    r = np.sqrt(-np.log(min(p, 1.0 - p)))
    if r <= 5.0:
        r -= 1.6
        top = 7.74545014278341407640e-4 * r + 2.27238449892691845833e-2
        top = (top * r + 2.41780725177450611770e-1) * r + 1.27045825245236838258
        top = (top * r + 3.64784832476320460504) * r + 5.76949722146069140550
        top = (top * r + 4.63033784615654529590) * r + 1.42343711074968357734
        low = 1.05075007164441684324e-9 * r + 5.47593808499534494600e-4
        low = (low * r + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1
        low = (low * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940
        low = (low * r + 2.05319162663775882187) * r + 1.0
        return np.copysign(top / low, q)
    return np.nan  # beyond any 32-bit uniform: min(p, 1 − p) is at least 2^-33, so r is at most 4.8


@njit
def pick(cumulative, line, u):
    """The first entry of a line whose cumulative share exceeds ``u``, by halving."""
    low, high = 0, cumulative.shape[1] - 1
    while low < high:
        middle = (low + high) // 2
        if cumulative[line, middle] > u:
            high = middle
        else:
            low = middle + 1
    return low


@njit
def _cell(whole):
    return ((whole[A] - 1) * (MAX_CHILDREN + 1) + whole[C]) * N_BANDS + whole[BAND]


@njit
def settle(k0, k1, row, occupant, line, t, tables, whole, timed):
    """New occupants at time ``t``: composition, ages, clocks."""
    _, _, w_cell, _ = philox(row, 0, 0, occupant, k0, k1)
    w0, w1, w2, w3 = philox(row, 0, 2, occupant, k0, k1)
    w_years, _, _, _ = philox(row, 0, 3, occupant, k0, k1)
    cell = pick(tables.cell_cum, line, uniform_of(w_cell))
    band = cell % N_BANDS
    whole[A] = cell // (N_BANDS * (MAX_CHILDREN + 1)) + 1
    whole[C] = cell // N_BANDS % (MAX_CHILDREN + 1)
    whole[BAND] = band
    whole[OCCUPANT] = occupant
    until = tables.band_from[band + 1]
    years = tables.band_from[band] + (until - tables.band_from[band]) * uniform_of(w_years)
    timed[NEXT_BAND] = t + MONTHS_PER_YEAR * (until - years) if band < N_BANDS - 1 else NEVER
    oldest_child = min(MONTHS_TO_18, MONTHS_PER_YEAR * (years - YOUNGEST_PARENT))
    for i in range(MAX_CHILDREN):
        timed[BIRTHDAYS + i] = NEVER
    for i in range(whole[C]):
        months = oldest_child * draw_uniform(k0, k1, row, i, occupant, CHILD_AGE)
        timed[BIRTHDAYS + i] = t + MONTHS_TO_18 - months
    timed[CLOCK + LEAVING] = -np.log(uniform_of(w0))
    timed[CLOCK + DEATH] = -np.log(uniform_of(w1))
    timed[CLOCK + BIRTH] = -np.log(uniform_of(w2))
    timed[CLOCK + PARTING] = -np.log(uniform_of(w3))
    whole[FIRED : FIRED + N_CLOCKS + 1] = 0


@njit
def next_event(t, horizon, tenure, churn, tables, whole, timed):
    """What happens next and when; drains the clocks up to then. ``churn`` multiplies how soon people leave."""
    cell = _cell(whole)
    what, when = HORIZON, horizon
    if timed[NEXT_BAND] < when:
        what, when = CROSSING, timed[NEXT_BAND]
    if whole[C] > 0:
        for i in range(MAX_CHILDREN):
            if timed[BIRTHDAYS + i] < when:
                what, when = BIRTHDAY, timed[BIRTHDAYS + i]
    for i in range(N_CLOCKS):
        hazard = tables.hazard[tenure, cell, i] * (churn if i == LEAVING else 1.0)
        if timed[i] < hazard * (when - t):
            what, when = i, t + timed[i] / hazard
    for i in range(N_CLOCKS):
        hazard = tables.hazard[tenure, cell, i] * (churn if i == LEAVING else 1.0)
        timed[i] = max(timed[i] - hazard * (when - t), 0.0)
    return what, when


@njit
def _turn_18(k0, k1, row, tables, whole, timed):
    """The child whose birthday it is leaves the children; some stay as adults."""
    first = BIRTHDAYS
    for i in range(BIRTHDAYS, BIRTHDAYS + MAX_CHILDREN):
        if timed[i] < timed[first]:
            first = i
    timed[first] = NEVER
    whole[C] -= 1
    whole[FIRED + BIRTHDAY] += 1
    u = draw_uniform(k0, k1, row, whole[FIRED + BIRTHDAY], whole[OCCUPANT], ADULTS)
    if u < tables.share_staying[0] and whole[A] < MAX_ADULTS:
        whole[A] += 1


@njit
def change(what, k0, k1, row, t, tables, whole, timed):
    """One change of composition."""
    if what == BIRTHDAY:
        _turn_18(k0, k1, row, tables, whole, timed)
        return
    if what == CROSSING:
        whole[BAND] += 1
        band = whole[BAND]
        years = tables.band_from[band + 1] - tables.band_from[band]
        timed[NEXT_BAND] = t + MONTHS_PER_YEAR * years if band < N_BANDS - 1 else NEVER
        return
    if what == BIRTH:
        whole[C] += 1
        free = BIRTHDAYS
        while timed[free] != NEVER:
            free += 1
        timed[free] = t + MONTHS_TO_18
    else:  # a death among several, or a parting
        whole[A] -= 1
    whole[FIRED + what] += 1
    timed[what] = -np.log(draw_uniform(k0, k1, row, whole[FIRED + what], whole[OCCUPANT], FIRST_CLOCK + what))


@njit
def write(k0, k1, row, whole, at, columns):
    """One household as it stands, into place ``at``."""
    w_frailty, w_take_up, _, _ = philox(row, 0, 1, whole[OCCUPANT], k0, k1)
    columns.household_type[at] = min(whole[A], 3) - 1 + (3 if whole[C] > 0 else 0)  # as in labels.HOUSEHOLD_TYPES
    columns.adults[at] = whole[A]
    columns.children[at] = whole[C]
    columns.age_band[at] = whole[BAND]
    columns.frailty_z[at] = normal_quantile(uniform_of(w_frailty))
    columns.take_up_z[at] = normal_quantile(uniform_of(w_take_up))
    columns.occupant[at] = whole[OCCUPANT]


@njit
def write_vacant(occupant, at, columns):
    """Nobody, into place ``at``."""
    columns.household_type[at] = VACANT
    columns.adults[at] = 0
    columns.children[at] = 0
    columns.age_band[at] = 0
    columns.frailty_z[at] = 0.0
    columns.take_up_z[at] = 0.0
    columns.occupant[at] = occupant
