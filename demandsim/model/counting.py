"""Year-end counts from the columns: denominators of published rates, and what services know."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import AGE_BANDS, ESTABLISHED, NEEDS, STATES
from demandsim.services.tables import Records

Ints = NDArray[np.int64]

_WORKING_AGE = AGE_BANDS.index("45_64")
_HOUSING = NEEDS.index("housing")
_MENTAL_HEALTH = NEEDS.index("mental_health")
_HOMELESS = STATES.index("complex")
#: Further needs that a homelessness return counts as "three or more".
_SEVERAL = 3


def count_people(households: Records, areas: int) -> Ints:
    """Households, adults, adults of working age and children by area, shape (areas, 4)."""
    area = households["area"]
    adults = households["adults"].astype(np.float64)
    works = adults * (households["age_band"] <= _WORKING_AGE)
    weights = (np.ones(area.size), adults, works, households["children"].astype(np.float64))
    return np.stack([np.bincount(area, weight, areas) for weight in weights], axis=1).astype(np.int64)


def count_known(households: Records) -> Ints:
    """Common mental disorder or worse, those in help; homeless or worse, those with three other needs recognised."""
    state = households["state"]
    ill = state[:, _MENTAL_HEALTH] >= ESTABLISHED
    treated = ill & (households["helped"] >> _MENTAL_HEALTH & 1).astype(bool)
    homeless = state[:, _HOUSING] >= _HOMELESS
    others = np.bitwise_count(households["recognised"] & ~np.uint8(1 << _HOUSING))
    several = homeless & (others >= _SEVERAL)
    return np.array([ill.sum(), treated.sum(), homeless.sum(), several.sum()], np.int64)
