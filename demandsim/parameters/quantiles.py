"""Quantile maps: from a uniform to a belief's value, its median exactly the stated one.

Takes arrays of uniforms and stated low, value and high; gives drawn values. Never draws by itself.

Each half of the distribution is scaled on its own to the stated end, on the shape's own scale: logarithm for a
lognormal, log odds for a beta, as they are for the others. So an interval that is not symmetric about its value
is met at both ends, at its stated level.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: Scales on which a belief is spread.
IDENTITY: Final = 0
LOG: Final = 1
LOGIT: Final = 2

#: Shapes by how a uniform becomes a step away from the median.
NORMAL_LIKE: Final = 0
UNIFORM: Final = 1
TRIANGULAR: Final = 2

_SCALES: Final = {"lognormal": LOG, "beta": LOGIT, "normal": IDENTITY, "uniform": IDENTITY, "triangular": IDENTITY}
_STEPS: Final = {"uniform": UNIFORM, "triangular": TRIANGULAR}


def scale_of(shape: str, is_multiplier: bool = False) -> int:
    """The scale a shape is spread on; a multiplier of odds moves on the logarithm, as log odds do."""
    scale = _SCALES[shape]
    return LOG if is_multiplier and scale == LOGIT else scale


def step_of(shape: str) -> int:
    """How a uniform becomes a step: `NORMAL_LIKE`, `UNIFORM` or `TRIANGULAR`."""
    return _STEPS.get(shape, NORMAL_LIKE)


def steps(u: ArrayLike, kind: ArrayLike, level: ArrayLike) -> Floats:
    """Steps from the median: −1 is the stated low, +1 the stated high.

    Parameters
    ----------
    u : array of uniforms in (0, 1)
    kind : array of step kinds, see `step_of`
    level : array of interval levels; 1 for bounded shapes
    """
    from scipy.special import ndtri

    uniform = np.asarray(u, np.float64)
    kinds, levels = np.asarray(kind), np.asarray(level, np.float64)
    is_normal = kinds == NORMAL_LIKE
    with np.errstate(divide="ignore"):
        normal = ndtri(uniform) / ndtri(np.where(is_normal, 0.5 + 0.5 * levels, 0.75))
    signed = 2.0 * uniform - 1.0
    triangular = np.sign(signed) * (1.0 - np.sqrt(1.0 - np.abs(signed)))
    return np.where(is_normal, normal, np.where(kinds == UNIFORM, signed, triangular))


def to_scale(scale: ArrayLike, value: ArrayLike) -> Floats:
    """Values on the scale they are spread on; infinite where the scale cannot hold them."""
    scales, values = np.asarray(scale), np.asarray(value, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Any = np.where(
            scales == LOG, np.log(values), np.where(scales == LOGIT, np.log(values) - np.log1p(-values), values)
        )
    return np.asarray(result, np.float64)


def from_scale(scale: ArrayLike, value: ArrayLike) -> Floats:
    """The inverse of `to_scale`."""
    scales, values = np.asarray(scale), np.asarray(value, np.float64)
    with np.errstate(over="ignore"):
        result: Any = np.where(
            scales == LOG, np.exp(values), np.where(scales == LOGIT, 1.0 / (1.0 + np.exp(-values)), values)
        )
    return np.asarray(result, np.float64)


def shifts(step: Floats, scale: ArrayLike, low: ArrayLike, centre: ArrayLike, high: ArrayLike) -> Floats:
    """How far each belief moves on its own scale, given its step from the median."""
    middle = to_scale(scale, centre)
    return step * np.where(step < 0, middle - to_scale(scale, low), to_scale(scale, high) - middle)
