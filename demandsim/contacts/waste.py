"""What households throw away and recycle, what both cost, and what a campaign changes.

Takes drawn beliefs and levers month by month; gives tonnes and pence a household. Never counts households.

Tonnes follow from how many households there are and from what they do. A campaign reaches a share of households; what
it does to those it reaches is a belief whose range holds nothing at all, and lasts as long as the campaign is paid for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demandsim.parameters.stream_checks import ANYWHERE
from demandsim.quantities import MONTHS_PER_YEAR, PENCE_PER_POUND

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Waste:
    """Household waste of a household, month by month.

    Attributes
    ----------
    tonnes : ndarray, shape (2, months)
        Thrown away, and recycled or composted.
    pence : ndarray, shape (months,)
        Disposal, treatment and the campaign; collecting it is in the contracts of the stream that takes it.
    """

    tonnes: Floats
    pence: Floats


def build_waste(
    number_of: Callable[[str], float],
    numbers_of: Callable[[str], Mapping[str, float]],
    monthly: Callable[[str], ArrayLike],
    place: str,
) -> Waste:
    """Build what a household throws away and recycles, and what that costs.

    Parameters
    ----------
    number_of, numbers_of : callable
        Read a single or a keyed drawn belief by name.
    monthly : callable
        Gives a lever's value in every month.
    place : str
        Whose figures; England's where it is not named.
    """

    def here(name: str) -> float:
        table = numbers_of(name)
        return table.get(place, table[ANYWHERE])

    reached = np.asarray(monthly("waste.campaign"), np.float64)
    arising = here("waste.arising") / MONTHS_PER_YEAR * np.asarray(monthly("waste.volume"))
    arising = arising * (1.0 + reached * (number_of("waste.campaign_waste") - 1.0))
    share = here("waste.recycled") * np.asarray(monthly("waste.recycling"))
    share = np.minimum(share * (1.0 + reached * (number_of("waste.campaign_recycled") - 1.0)), 1.0)
    recycled = arising * share
    thrown_away = arising - recycled
    gbp = thrown_away * number_of("waste.disposal_cost") + recycled * number_of("waste.treatment_cost")
    gbp = gbp + reached * number_of("waste.campaign_cost")
    return Waste(np.stack([thrown_away, recycled]), gbp * PENCE_PER_POUND)
