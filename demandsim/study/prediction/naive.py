"""The simplest forecasts there are: the last value, and the last value with the trend of the last few years.

Takes yearly values up to a date; gives equally likely values for each later year. A model that cannot beat these has
told nobody anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.study.prediction.scales import shift, stretch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Years the trend is fitted on.
TREND_YEARS: Final = 5
#: Fewer yearly changes than this say nothing about how far a series strays.
FEWEST_CHANGES: Final = 2
#: Equally likely values that stand for a distribution; odd, so that its middle is among them.
N_LIKELY: Final = 199


def last_value(years: Sequence[int], values: Floats, unit: str, horizons: int) -> Floats | None:
    """Forecast that nothing changes.

    Parameters
    ----------
    years : sequence of int
        First calendar year of each fiscal year, in order.
    values : ndarray, shape (years,)
    unit : str
        Shares are handled by their odds, everything else by its logarithm.
    horizons : int
        Years ahead.

    Returns
    -------
    ndarray, shape (horizons, N_LIKELY), or None
        A random walk without drift: Student's t about the last value, whose spread is the root mean square of the
        changes from one year to the next and grows with the root of the years ahead. None where there are fewer than
        `FEWEST_CHANGES` such changes.
    """
    changes = yearly_changes(years, stretch(values, unit), 1)
    if changes.size < FEWEST_CHANGES:
        return None
    spread = float(np.sqrt(np.mean(changes**2)))
    ahead = np.arange(1, horizons + 1)
    steps = spread * np.sqrt(ahead)[:, None] * likely_steps(changes.size)
    return shift(np.full(1, values[-1]), steps, unit)


def last_value_and_trend(years: Sequence[int], values: Floats, unit: str, horizons: int) -> Floats | None:
    """Forecast that the trend of the last `TREND_YEARS` official years goes on from the last value.

    Returns
    -------
    ndarray, shape (horizons, N_LIKELY), or None
        Student's t about last value + slope × years ahead, on the stretched scale. The slope is that of least squares;
        the spread that of a random walk about it, s × sqrt(h × (1 + h / n)), where s is the standard deviation of the n
        yearly changes about the slope (n - 1 degrees of freedom) and the second term is the slope's own error. None
        with fewer than `FEWEST_CHANGES` + 1 changes within those years, because the slope takes one of them.
    """
    recent = [at for at, year in enumerate(years) if year > years[-1] - TREND_YEARS]
    chosen = [years[at] for at in recent]
    line = stretch(values, unit)[recent]
    changes = yearly_changes(chosen, line, 1)
    if changes.size <= FEWEST_CHANGES:
        return None
    slope = float(np.polyfit(np.asarray(chosen) - chosen[-1], line, 1)[0])
    spread = float(np.sqrt(np.sum((changes - slope) ** 2) / (changes.size - 1)))
    ahead = np.arange(1, horizons + 1)
    widths = spread * np.sqrt(ahead * (1.0 + ahead / changes.size))
    steps = slope * ahead[:, None] + widths[:, None] * likely_steps(changes.size - 1)
    return shift(np.full(1, values[-1]), steps, unit)


def yearly_changes(years: Sequence[int], line: Floats, apart: int) -> Floats:
    """Changes between values that lie so many years apart; pairs of which one is missing are left out."""
    at = {year: float(value) for year, value in zip(years, line, strict=True)}
    return np.array([at[year + apart] - at[year] for year in at if year + apart in at], np.float64)


def likely_steps(freedom: int) -> Floats:
    """`N_LIKELY` equally likely values of Student's t, in order: its quantiles at the middles of equal shares."""
    from scipy.stats import t

    return np.asarray(t.ppf((np.arange(N_LIKELY) + 0.5) / N_LIKELY, freedom), np.float64)
