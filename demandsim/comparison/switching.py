"""Where an answer would turn round: along a ladder of levels, and over the years.

Takes the same difference at several levels, luck by luck; gives the level at which its mean changes sign, how far luck
moves that, or that no level tried does. Never looks beyond the levels that were run.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.comparison.redrawing import REDRAWS, draw_again

Floats = NDArray[np.float64]

_STREAM: Final = 1604
_LOW, _HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Switch:
    """Where a difference changes sign along a ladder.

    Parameters
    ----------
    at : float or None
        The level, by a straight line between neighbouring levels; where there are several, the nearest to what is
        believed. None where the mean has one sign throughout.
    low, high : float or None
        Between these lie nine in ten of those re-draws of the lucks that change sign. None where none does.
    share : float
        Share of re-draws of the lucks that change sign anywhere on the ladder; NaN with a single luck.
    n_lucks : int
        Lucks that ran at every level.
    signs : tuple of int
        Sign of the mean at each level.
    """

    at: float | None
    low: float | None
    high: float | None
    share: float
    n_lucks: int
    signs: tuple[int, ...]


def find_switch(levels: Floats, differences: Floats, believed: float) -> Switch:
    """Find where a difference changes sign.

    Parameters
    ----------
    levels : ndarray, shape (levels,)
        Increasing.
    differences : ndarray, shape (levels, lucks)
        The same luck in a column, so that levels are compared on the same luck; NaN where one failed.
    believed : float
        The level believed.
    """
    kept = differences[:, np.isfinite(differences).all(axis=0)]
    n_lucks = kept.shape[1]
    if n_lucks == 0:
        return Switch(None, None, None, float("nan"), 0, ())
    mean = kept.mean(axis=1)
    signs = tuple(int(sign) for sign in np.sign(mean))
    at = crossing(levels, mean, believed)
    if n_lucks == 1:
        return Switch(at, None, None, float("nan"), 1, signs)
    found = [crossing(levels, kept[:, pick].mean(axis=1), believed) for pick in draw_again(n_lucks, _STREAM)]
    where = [one for one in found if one is not None]
    low, high = (float(np.quantile(where, share)) for share in (_LOW, _HIGH)) if where else (None, None)
    return Switch(at, low, high, len(where) / REDRAWS, n_lucks, signs)


def crossing(levels: Floats, values: Floats, believed: float) -> float | None:
    """The level nearest to what is believed at which a broken line changes sign; None where it never does.

    Where the line only touches zero, or lies on it, it does not change sign.
    """
    nonzero = np.flatnonzero(values)
    places = []
    for left, right in pairwise(nonzero):
        if values[left] * values[right] < 0:
            if right - left > 1:  # it lies on zero from one level to another
                places.append(float(levels[left + 1 : right].mean()))
            else:
                part = values[left] / (values[left] - values[right])
                places.append(float(levels[left] + part * (levels[right] - levels[left])))
    return min(places, key=lambda place: abs(place - believed)) if places else None


def unused_release(cash: Floats, activity: Floats) -> Floats:
    """Capacity set free that is not yet money: by how much the value of activity falls beyond what cash falls.

    Parameters
    ----------
    cash, activity : ndarray
        Differences of the same cells, such as (runs, payers, services): what is paid, and what is done at unit cost. A
        service that does more has set nothing free, whatever it costs.

    Returns
    -------
    ndarray
        Of the same shape, never negative.
    """
    return np.asarray(np.maximum(0.0, np.minimum(cash, 0.0) - activity))


def cashed(cash: Floats, released: Floats, shares: Floats) -> Floats:
    """The cash difference if so large a share of released capacity became money, shape (shares, runs)."""
    return np.asarray(cash[None] - shares[:, None] * released[None])


def turning_year(cumulative: Floats) -> int | None:
    """Position of the first year whose running total has another sign than the first that is not nothing.

    Parameters
    ----------
    cumulative : ndarray, shape (years,)

    Returns
    -------
    int or None
        None where the sign never changes.
    """
    signs = np.sign(cumulative)
    nonzero = np.flatnonzero(signs)
    if nonzero.size == 0:
        return None
    other = np.flatnonzero(signs == -signs[nonzero[0]])
    return int(other[0]) if other.size else None
