"""How many households live in a place, month by month: its path as published or forecast.

Takes a place with a dated figure of persons or households, and how far to follow it; gives whole households by month.
Never knows a policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import RequestError
from demandsim.parameters.belief import Belief

if TYPE_CHECKING:
    from demandsim.place.place import Place

Floats = NDArray[np.float64]

#: A place states one of the two: households by date, or persons by date with how many live in a household.
HOUSEHOLDS_PATH: Final = "households.path"
PERSONS_PATH: Final = "people.path"
PER_HOUSEHOLD: Final = "people.per_household"


def households_path(place: Place, months: Sequence[int]) -> Floats:
    """Households by the place's own figures, between dates in equal proportions a month.

    Parameters
    ----------
    place : Place
    months : sequence of int
        As numbered by `quantities.month_number`.

    Returns
    -------
    ndarray, shape (months,)
        Before the first date and after the last the figure holds still, as it does where a place states no path.
    """
    if PERSONS_PATH in place.beliefs:
        return _between(place.beliefs[PERSONS_PATH], months) / place.figure(PER_HOUSEHOLD)
    if HOUSEHOLDS_PATH in place.beliefs:
        return _between(place.beliefs[HOUSEHOLDS_PATH], months)
    return np.full(len(months), float(place.households))


def _between(belief: Belief, months: Sequence[int]) -> Floats:
    """Dated figures joined by straight lines in the logarithm."""
    dates = [start for start, _ in belief.dated]
    values = [float(value) for _, value in belief.dated if isinstance(value, float | int)]
    joined: Floats = np.exp(np.interp(np.asarray(months, np.float64), dates, np.log(values)))
    return joined


def households_present(
    place: Place, n_households: int, first_month: int, n_months: int, growth: Sequence[float] | Floats | None = None
) -> NDArray[np.int64]:
    """Whole households by month.

    Parameters
    ----------
    place : Place
    n_households : int
        How many there are in the first month.
    first_month, n_months : int
    growth : sequence of float, shape (months,), optional
        How far each month's step along the path is followed: 0 not at all, 1 as stated. The first month has no step.
        None follows nothing.

    Returns
    -------
    ndarray of int64, shape (months,)
        Rounded to the nearest whole household, and never under one.

    Raises
    ------
    RequestError
        If ``growth`` is of another length.
    """
    if growth is None:
        return np.full(n_months, n_households, np.int64)
    if len(growth) != n_months:
        raise RequestError(f"Growth is given for {len(growth)} months, and the run has {n_months}.")
    steps = np.diff(np.log(households_path(place, range(first_month, first_month + n_months))), prepend=0.0)
    followed = np.asarray(growth, np.float64) * steps
    followed[0] = 0.0
    exact = n_households * np.exp(np.cumsum(followed))
    present: NDArray[np.int64] = np.maximum(np.rint(exact), 1.0).astype(np.int64)
    return present
