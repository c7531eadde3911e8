"""From what the model gives at each strength of help to the strength that a published figure stands for.

Takes means by luck on a grid of hazard ratios; gives the ratio at which the model's contrast is the one believed, its
ends, and how far luck moves it. Never runs a month.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from demandsim.parameters.belief import Belief
from demandsim.parameters.book import Book
from demandsim.study.replay.checking import shrinkage_of
from demandsim.study.replay.outcomes import contrast, to_scale
from demandsim.study.replay.studies import Study

Floats = NDArray[np.float64]

#: Points of the grid, no effect among them.
GRID_POINTS: Final = 11
#: Points at which two outcomes are weighed, and how many standard errors hold 95%.
_FINE: Final = 2001
_TWO_SIDED: Final = 1.96
#: A range is never narrower than this on the log scale to either side: a belief has to be drawable.
_NARROWEST: Final = 1e-3


def build_grid(most_ratio: float) -> Floats:
    """Logarithms of the hazard ratios tried, from one over the largest to the largest."""
    return np.linspace(-math.log(most_ratio), math.log(most_ratio), GRID_POINTS)


@dataclass(frozen=True)
class Believed:
    """A study's contrast as believed, on the scale on which no effect is nought; ``value`` within its ends."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Solved:
    """What a study stands for in the model.

    Attributes
    ----------
    ratio, low, high : float
        Hazard ratio and its ends.
    is_reached : bool
        Whether any ratio within the bounds gives the contrast believed.
    standard_error : float
        Of the logarithm of the ratio, from luck; nan where nothing was solved.
    at_bound : float
        The strongest contrast that the model gives in the direction believed, scaled.
    is_low_reached, is_high_reached : bool
        Whether the ends are; one that is not is cut at the bound.
    """

    ratio: float
    low: float
    high: float
    is_reached: bool
    standard_error: float
    at_bound: float
    is_low_reached: bool
    is_high_reached: bool


def believe(study: Study, published: Belief, book: Book) -> Believed:
    """A published figure shrunk as its design asks, with its interval and how unsure the shrinking is.

    Raises
    ------
    RequestError
        If the book has no belief about the design.
    """
    spread = published.uncertainty
    assert spread is not None  # `check_replays` has seen to it
    middle, low, high = (to_scale(study, _number(figure)) for figure in (published.central, spread.low, spread.high))
    if study.is_null:
        return Believed(0.0, min(low, 0.0), max(high, 0.0))
    share, share_low, share_high = 1.0, 1.0, 1.0
    if name := shrinkage_of(study):
        belief = book[name]
        share = _number(belief.central)
        if belief.uncertainty is not None:
            share_low, share_high = belief.uncertainty.low, belief.uncertainty.high
            wider = _half_width(spread.level) / _half_width(belief.uncertainty.level)
            share_low, share_high = share - (share - share_low) * wider, share + (share_high - share) * wider
    value = share * middle
    down, up = sorted((middle * (share_low - share), middle * (share_high - share)))
    return Believed(
        value, value - math.hypot(share * (middle - low), down), value + math.hypot(share * (high - middle), up)
    )


def _half_width(level: float) -> float:
    return NormalDist().inv_cdf(0.5 + min(level, 0.999) / 2.0)


def _number(value: Any) -> float:
    assert isinstance(value, float | int)
    return float(value)


def solve(study: Study, believed: Believed, grid: Floats, helped: Floats, others: Floats) -> Solved:
    """Find the hazard ratio at which the model gives the contrast believed.

    Parameters
    ----------
    grid : ndarray, shape (points,)
        Log hazard ratios.
    helped : ndarray, shape (lucks, points)
        Mean outcome of the helped.
    others : ndarray, shape (lucks,)
    """
    curve = contrast(study, helped.mean(axis=0), others.mean())
    reversed_ = curve[-1] < curve[0]
    ends = [invert(grid, curve, end) for end in (believed.low, believed.high)]
    (low, is_low_reached), (high, is_high_reached) = ends[::-1] if reversed_ else ends
    at_bound = float(curve.min() if believed.value < 0.0 else curve.max())
    ratio, is_reached, error = 0.0, True, float("nan")
    if study.is_null:
        low, high = min(low, 0.0), max(high, 0.0)
    else:
        ratio, is_reached = invert(grid, curve, believed.value)
        each = [invert(grid, one, believed.value)[0] for one in contrasts_without(study, helped, others)]
        error = float(jackknife_error(np.array(each)))
    low, high = min(low, ratio - _NARROWEST), max(high, ratio + _NARROWEST)
    ratio, low, high = (math.exp(number) for number in (ratio, low, high))
    return Solved(ratio, low, high, is_reached, error, at_bound, is_low_reached, is_high_reached)


def solve_jointly(
    studies: tuple[Study, Study],
    believed: tuple[Believed, Believed],
    grid: Floats,
    helped: tuple[Floats, Floats],
    others: tuple[Floats, Floats],
) -> Solved:
    """Find the one hazard ratio that misses two outcomes of a study least, each by how sure it is.

    Parameters
    ----------
    studies, believed, helped, others : pairs
        As for :func:`solve`, of the study and of its people's other outcome.

    Notes
    -----
    The range holds the ratios that miss by no more than the best and 1.96 squared.
    """
    fine = np.linspace(grid[0], grid[-1], _FINE)

    def misses(pair: tuple[Floats, Floats]) -> Floats:
        return sum((_miss(np.interp(fine, grid, c), b) for c, b in zip(pair, believed, strict=True)), np.zeros(_FINE))

    def curves(study: int) -> Floats:
        return contrast(studies[study], helped[study].mean(axis=0), others[study].mean())

    both = misses((curves(0), curves(1)))
    best = int(both.argmin())
    within = np.flatnonzero(both <= both[best] + _TWO_SIDED**2)
    left_out = zip(*(contrasts_without(*each) for each in zip(studies, helped, others, strict=True)), strict=True)
    error = float(jackknife_error(np.array([fine[misses(pair).argmin()] for pair in left_out])))
    low, high = min(fine[within[0]], fine[best] - _NARROWEST), max(fine[within[-1]], fine[best] + _NARROWEST)
    at_bound = float(curves(0).min() if believed[0].value < 0.0 else curves(0).max())
    return Solved(
        ratio=math.exp(fine[best]),
        low=math.exp(low),
        high=math.exp(high),
        is_reached=0 < best < _FINE - 1,
        standard_error=error,
        at_bound=at_bound,
        is_low_reached=bool(within[0] > 0),
        is_high_reached=bool(within[-1] < _FINE - 1),
    )


def _miss(curve: Floats, believed: Believed) -> Floats:
    """How far each contrast is from the one believed, in its own standard errors, squared."""
    off = curve - believed.value
    half = np.where(off < 0.0, believed.value - believed.low, believed.high - believed.value)
    return np.asarray((off / np.maximum(half / _TWO_SIDED, 1e-9)) ** 2)


def contrasts_without(study: Study, helped: Floats, others: Floats) -> list[Floats]:
    """The contrast of all lucks but one, for each luck."""
    kept = [np.arange(others.size) != left_out for left_out in range(others.size)]
    return [contrast(study, helped[keep].mean(axis=0), others[keep].mean()) for keep in kept]


def jackknife_error(without: Floats) -> Floats:
    """Standard error of a figure of all lucks, from the figures without one each; shape (lucks, …)."""
    n = without.shape[0]
    return np.asarray(np.sqrt((n - 1) / n * ((without - without.mean(axis=0)) ** 2).sum(axis=0)))


def invert(grid: Floats, curve: Floats, wanted: float) -> tuple[float, bool]:
    """Where on the grid a curve that only luck makes waver has the wanted height, and whether it has it at all.

    Returns
    -------
    tuple of float and bool
        The nearer end of the grid, and False, where the height is never reached.
    """
    rising = curve if curve[-1] >= curve[0] else curve[::-1]
    at = grid if curve[-1] >= curve[0] else grid[::-1]
    # The mean of the two envelopes: neither the highest so far nor the lowest to come is favoured.
    smooth = 0.5 * (np.maximum.accumulate(rising) + np.minimum.accumulate(rising[::-1])[::-1])
    if not smooth[0] <= wanted <= smooth[-1]:
        return float(at[0] if wanted < smooth[0] else at[-1]), False
    return float(np.interp(wanted, smooth, at)), True


def carry_to_none(solved: Solved, margin: float) -> tuple[float, float]:
    """The range of a ratio that is of other people or another programme, made to hold no effect."""
    beyond = solved.ratio**-margin
    return min(solved.low, beyond), max(solved.high, beyond)
