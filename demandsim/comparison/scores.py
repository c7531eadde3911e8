"""How good a forecast was, once it is known what happened: pure functions, lower is better.

Takes bands or equally likely values and what then was; gives scores. All are proper: nobody scores better on average by
saying something other than what they believe (Gneiting and Raftery 2007).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def is_covered(low: float, high: float, actual: float) -> bool:
    """Whether a band holds what happened; its ends belong to it."""
    return low <= actual <= high


def interval_score(low: float, high: float, actual: float, missed: float) -> float:
    """Winkler's score of a band that should miss a share of the time.

    Parameters
    ----------
    low, high : float
    actual : float
    missed : float
        Share of cases that the band is meant to miss: 0.1 for a band of nine in ten.

    Returns
    -------
    float
        Its width, and 2 / ``missed`` times how far outside it the actual value lies. In the unit of the figure.
    """
    beyond = max(low - actual, 0.0) + max(actual - high, 0.0)
    return (high - low) + 2.0 / missed * beyond


def absolute_error(forecast: float, actual: float) -> float:
    """How far a single forecast was out."""
    return abs(forecast - actual)


def sample_crps(values: ArrayLike, actual: float) -> float:
    """Continuous ranked probability score of equally likely values.

    Returns
    -------
    float
        Mean distance of the values from what happened, less half the mean distance between two of them. The absolute
        error where there is one value; in the unit of the figure.
    """
    ordered = np.sort(np.asarray(values, np.float64))
    n = ordered.size
    # Mean |x - x'| of an ordered sample is 2/n² Σ (2i - n + 1) x_i, i from 0.
    between = 2.0 * float(np.sum((2.0 * np.arange(n) - n + 1.0) * ordered)) / n**2
    return float(np.mean(np.abs(ordered - actual))) - 0.5 * between


def skill(score: float, reference: float) -> float:
    """Part of a reference's score that a forecast saves: 1 is perfect, 0 no better, below 0 worse; NaN if it was 0."""
    return 1.0 - score / reference if reference > 0.0 else float("nan")
