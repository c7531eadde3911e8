"""From what runs gave to bands: luck at the place's own size, and the model's change laid on the last official value.

Takes runs of one figure by year; gives equally likely values by year for each kind of forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.study.prediction.scales import shift, stretch

Floats = NDArray[np.float64]

#: Every kind of forecast, in the order shown, with its name in print.
FORECASTS: Final[Mapping[str, str]] = {
    "model": "Model as it stands (beliefs and luck)",
    "model_wide": "Model as it stands, with what its drivers leave out",
    "anchored": "Model's change laid on the last official value",
    "anchored_wide": "Model's change laid on the last official value, with what its drivers leave out",
    "last_value": "Last official value, nothing more",
    "trend": "Last official value and trend",
}
NAIVE: Final = ("last_value", "trend")
#: Shares of equally likely values below the lines of a band.
LINES: Final[Mapping[str, float]] = {"p05": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}


def quantiles(values: Floats) -> dict[str, Floats]:
    """The lines of a band by year, from equally likely values of shape (years, n)."""
    return {name: np.asarray(np.quantile(values, share, axis=1)) for name, share in LINES.items()}


def luck_factor(values: Floats, part: float) -> Floats:
    """How far runs must be drawn together so that luck is that of the whole place.

    Luck of a place of N households is that of n simulated ones times n / N in variance: runs of one set of beliefs
    differ as counts of n households do. The spread between sets of beliefs does not shrink; it is taken to be no
    smaller than its own standard error, because from few sets it may come out as nothing.

    Parameters
    ----------
    values : ndarray, shape (draws, lucks, years)
    part : float
        Simulated households as a share of the place's.

    Returns
    -------
    ndarray, shape (years,)
        1 where the whole place was simulated, or where with one luck a draw, or one draw, luck cannot be told from
        beliefs.
    """
    draws, lucks, years = values.shape
    if part >= 1.0 or lucks < 2 or draws < 2:
        return np.ones(years)
    luck = values.var(axis=1, ddof=1).mean(axis=0)
    between = values.mean(axis=1).var(axis=0, ddof=1)
    beliefs = np.maximum(between - luck / lucks, between * np.sqrt(2.0 / (draws - 1)))
    whole = beliefs + luck
    kept = np.divide(beliefs + luck * part, whole, out=np.ones(years), where=whole > 0.0)
    return np.asarray(np.sqrt(kept))


def at_place_size(values: Floats, part: float) -> Floats:
    """Runs drawn towards their mean by `luck_factor`, shape (years, runs)."""
    flat = values.reshape(-1, values.shape[-1]).T
    middle = flat.mean(axis=1, keepdims=True)
    return np.asarray(middle + luck_factor(values, part)[:, None] * (flat - middle))


def lay_on(values: Floats, base: Floats, last: float, unit: str, part: float) -> Floats | None:
    """Each run's change since its own base year, laid on the last official value.

    Parameters
    ----------
    values : ndarray, shape (draws, lucks, years)
    base : ndarray, shape (draws, lucks)
        The same runs in the year of the last official value.
    last : float
        That value.

    Returns
    -------
    ndarray, shape (years, runs), or None
        None where some run has nothing in some year, of which no change can be taken: too few households.
    """
    if (base <= 0.0).any() or (values <= 0.0).any() or last <= 0.0:
        return None
    change = stretch(values, unit) - stretch(base, unit)[:, :, None]
    return shift(np.full(1, last), at_place_size(change, part), unit)
