"""Who lives in a place at the end of a year, what services know of them, and what those in high need cost in it."""

from __future__ import annotations

import math

from demandsim.compiling import compiled, inner_rule
from demandsim.labels import AGE_BANDS, CARE, COMPLEX, ESTABLISHED, HOUSING, MENTAL_HEALTH, N_NEEDS
from demandsim.place.step import VACANT

_WORKING_AGE = AGE_BANDS.index("45_64")
_SEVERAL = 3


@compiled
def count_households(households, people, known):
    """Count who lives here and what services know, in one pass; return the sum of trust and the number of households.

    Parameters
    ----------
    households : (n,) HOUSEHOLD records
    people : (areas, 4) int64
        Households, adults, adults of working age and children by area; added to.
    known : (4,) int64
        Common mental disorder or worse, those in help; homeless or worse, those with three other established
        needs recognised.
    """
    trust = 0.0
    present = 0
    for row in range(households.shape[0]):
        house = households[row]
        if house.household_type == VACANT:
            continue
        present += 1
        trust += 1.0 / (1.0 + math.exp(-0.001 * house.trust))
        area = house.area
        people[area, 0] += 1
        people[area, 1] += house.adults
        people[area, 2] += house.adults * (house.age_band <= _WORKING_AGE)
        people[area, 3] += house.children
        if house.state[MENTAL_HEALTH] >= ESTABLISHED:
            known[0] += 1
            known[1] += (house.helped >> MENTAL_HEALTH) & 1
        if house.state[HOUSING] >= COMPLEX:
            known[2] += 1
            others = 0
            for need in range(N_NEEDS):
                others += need != HOUSING and house.state[need] >= ESTABLISHED and (house.recognised >> need) & 1 == 1
            known[3] += others >= _SEVERAL
    return trust, present


@inner_rule
def _add(groups, group, spent):
    groups[group, 0] += 1
    groups[group, 1] += spent


@compiled
def count_high_need(households, pence_before, occupant_before, groups):
    """Count households in high need as the year ends, and what was spent in it on those that are.

    Parameters
    ----------
    households : (n,) HOUSEHOLD records
    pence_before : (n,) int64
        Pence·ticks posted to each row when the year began.
    occupant_before : (n,) uint16
        Who lived there then: what was posted to others is not the present household's.
    groups : (6, 2) int64
        Households, and pence·ticks of the year, of each of `labels.HIGH_NEED`; added to.
    """
    for row in range(households.shape[0]):
        house = households[row]
        if house.household_type == VACANT:
            continue
        spent = house.pence - (pence_before[row] if house.occupant == occupant_before[row] else 0)
        is_ill = house.state[MENTAL_HEALTH] >= COMPLEX
        is_disabled = house.state[CARE] >= COMPLEX and house.age_band <= _WORKING_AGE
        is_homeless = house.state[HOUSING] >= COMPLEX
        n = int(is_ill) + int(is_disabled) + int(is_homeless)
        if is_ill:
            _add(groups, 0, spent)
        if is_disabled:
            _add(groups, 1, spent)
        if is_homeless:
            _add(groups, 2, spent)
        if n > 1:
            _add(groups, 3, spent)
        if n > 0:
            _add(groups, 4, spent)
        _add(groups, 5, spent)
