"""Rates by their logarithm and shares by their odds: there changes add up, and nothing leaves its range."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Units of figures that lie between 0 and 1.
SHARES: Final = ("share", "probability")
#: A share is kept this far from 0 and 1, a rate this far from 0, before it is stretched.
_EDGE: Final = 1e-6


def stretch(values: Floats | float, unit: str) -> Floats:
    """Logarithm of a rate; logarithm of the odds of a share."""
    given = np.asarray(values, np.float64)
    if unit in SHARES:
        inside = np.clip(given, _EDGE, 1.0 - _EDGE)
        return np.asarray(np.log(inside / (1.0 - inside)))
    return np.asarray(np.log(np.maximum(given, _EDGE)))


def unstretch(values: Floats, unit: str) -> Floats:
    """Back from `stretch`."""
    if unit in SHARES:
        return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(values, np.float64))))
    return np.asarray(np.exp(values))


def shift(values: Floats, by: Floats, unit: str) -> Floats:
    """Values moved on the stretched scale; a rate of exactly 0 stays 0."""
    if unit in SHARES:
        return unstretch(stretch(values, unit) + by, unit)
    return np.asarray(np.asarray(values, np.float64) * np.exp(by))
