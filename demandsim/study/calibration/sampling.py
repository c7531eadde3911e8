"""Samplers: points spread over a Gaussian prior, and points of it that agree with what is known.

Takes how well points agree; gives points. Works on any number of dimensions at once, where rejection is hopeless.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]
#: Of points, shape (n, n_dims), and the chains they belong to, shape (n,), giving shape (n,).
ChainFunction = Callable[[Floats, NDArray[np.int64]], Floats]

_MOST_SHRINKS: Final = 60
_MOST_LEVELS: Final = 40
#: Part of the points that survives each step towards the threshold.
_KEPT: Final = 0.25
_MOVES_A_LEVEL: Final = 4


def make_chance(seed: int, *stages: int) -> np.random.Generator:
    """The chance of one stage of a calibration: the same seed and stage always give the same."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, *stages])))


def spread_points(n: int, n_dims: int, chance: np.random.Generator) -> Floats:
    """A Latin hypercube over independent standard normals, shape (n, n_dims)."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    return np.asarray(ndtri(qmc.LatinHypercube(n_dims, seed=chance).random(n)), np.float64)


def slice_elliptically(
    points: Floats, log_likelihood: ChainFunction, steps: int, chance: np.random.Generator
) -> Floats:
    """Move independent chains over a standard normal prior times a likelihood.

    Parameters
    ----------
    points : ndarray, shape (chains, n_dims)
        Where chains begin; each must have some likelihood.
    log_likelihood : callable
        Of points, shape (n, n_dims), and the chains they belong to, giving shape (n,): each chain may have its own.
    steps : int
    chance : numpy.random.Generator

    Returns
    -------
    ndarray, shape (chains, n_dims)
        Where each chain ends.
    """
    points = points.copy()
    level = log_likelihood(points, np.arange(len(points)))
    for _ in range(steps):
        points, level = _step(points, level, log_likelihood, chance)
    return points


def _step(
    points: Floats, level: Floats, log_likelihood: ChainFunction, chance: np.random.Generator
) -> tuple[Floats, Floats]:
    n, n_dims = points.shape
    other = chance.standard_normal((n, n_dims))
    least = level + np.log(chance.random(n))
    angle: Floats = np.asarray(chance.random(n) * 2.0 * np.pi)
    low, high = angle - 2.0 * np.pi, angle.copy()
    moved, found = points.copy(), level.copy()
    waiting = np.arange(n)
    for _ in range(_MOST_SHRINKS):
        turn = angle[waiting, None]
        tried = points[waiting] * np.cos(turn) + other[waiting] * np.sin(turn)
        reached = log_likelihood(tried, waiting)
        is_in = reached > least[waiting]
        moved[waiting[is_in]], found[waiting[is_in]] = tried[is_in], reached[is_in]
        waiting = waiting[~is_in]
        if not waiting.size:
            break
        below = angle[waiting] < 0.0
        low[waiting[below]], high[waiting[~below]] = angle[waiting[below]], angle[waiting[~below]]
        angle[waiting] = low[waiting] + chance.random(waiting.size) * (high[waiting] - low[waiting])
    return moved, found


@dataclass(frozen=True, eq=False)
class Within:
    """Points of the prior whose badness is below a threshold.

    Attributes
    ----------
    points : ndarray, shape (n, n_dims)
    share : float
        Of the prior that lies below the threshold reached.
    threshold : float
        Reached: what was asked for, or the least there is.
    """

    points: Floats
    share: float
    threshold: float


def find_within(badness: Function, threshold: float, n: int, n_dims: int, chance: np.random.Generator) -> Within:
    """Points of a standard normal prior with a badness below a threshold, by splitting.

    The threshold is lowered step by step; those points that are below the next one are copied and moved about within
    it. Where no step leads further down, the lowest threshold reached is given back.
    """
    points = spread_points(n, n_dims, chance)
    bad = badness(points)
    share, reached = 1.0, np.inf
    for _ in range(_MOST_LEVELS):
        if reached <= threshold:
            break
        level = max(threshold, float(np.quantile(bad, _KEPT)))
        if level >= reached * (1.0 - 1e-3):  # no way down is left
            break
        kept = bad <= level
        share *= float(kept.mean())
        reached = level
        chosen = np.flatnonzero(kept)[chance.integers(0, int(kept.sum()), n)]
        limit = level

        def inside(tried: Floats, chains: NDArray[np.int64], limit: float = limit) -> Floats:
            return np.where(badness(tried) <= limit, 0.0, -np.inf)

        points = slice_elliptically(points[chosen], inside, _MOVES_A_LEVEL, chance)
        bad = badness(points)
    return Within(points, share, max(reached, threshold))


def pick_evenly(weights: Floats, n: int, chance: np.random.Generator) -> NDArray[np.int64]:
    """Positions drawn in proportion to weights, as evenly as whole copies allow, in random order."""
    ends = np.cumsum(weights / weights.sum())
    marks = (np.arange(n) + chance.random()) / n
    return chance.permutation(np.minimum(np.searchsorted(ends, marks), len(weights) - 1)).astype(np.int64)


def effective_size(weights: Floats) -> float:
    """How many equally weighted points weighted ones are worth."""
    return float(weights.sum() ** 2 / np.square(weights).sum())
