"""Draws at the end: moved by what their own runs missed, run again, and weighed.

Takes points drawn by emulators, and their runs; gives weighted points. An emulator knows the few beliefs that move a
figure much, and takes the many that move it a little for chance. A run knows them all. So what a run missed is taken
off along the dimensions that are movable, all other beliefs staying as they are, and the point is run once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from demandsim.study.calibration.problem import Emulated, Problem
from demandsim.study.calibration.sampling import Floats, effective_size, slice_elliptically

#: Part of the draws at the end that their weights must be worth.
LEAST_KEPT = 0.25
#: Least variance of what is said of a run about its mean.
_LEAST_ERROR = 1e-6
#: Steps from the likelihood by which points were drawn to the narrower one by which they are moved are small at first.
_SLOW_AT_FIRST = 3.0


@dataclass(frozen=True, eq=False)
class Drawn:
    """Points, what was said of them before they were run, and what they measured.

    Attributes
    ----------
    points : ndarray, shape (n, n_dims)
    values, said : ndarray, shape (n, n_goals)
        On the goals' scales.
    error : ndarray, shape (n_goals,)
        Variance of what was said about the mean of runs.
    supposed : ndarray, shape (n_goals,)
        Variance that the points were drawn with: of what was said, and all between a right model and the figure.
    logs : ndarray, shape (n,)
        Logarithms of what their weights have to be multiplied by for how they came to be drawn.
    """

    points: Floats
    values: Floats
    said: Floats
    error: Floats
    supposed: Floats
    logs: Floats

    def sound(self) -> Drawn:
        """Without runs that failed."""
        kept = np.isfinite(self.values).all(axis=1)
        return Drawn(self.points[kept], self.values[kept], self.said[kept], self.error, self.supposed, self.logs[kept])

    def expected(self, luck: Floats) -> tuple[Floats, Floats]:
        """Means of runs, between what was said and what one run measured, and how far they may be out (variance)."""
        luck = np.maximum(luck, 1e-12)
        return (self.said * luck + self.values * self.error) / (luck + self.error), luck * self.error / (
            luck + self.error
        )


def draw_by_emulators(problem: Problem, emulated: Emulated, points: Floats) -> Drawn:
    """Points that were drawn by the emulators' likelihood, run."""
    values = problem.scaled(problem.run(points, "weighted draws"))
    error = emulated.error
    said = emulated.predict(points)
    return Drawn(points, values, said, error, error + problem.known, np.zeros(len(points))).sound()


def correct(
    problem: Problem, emulated: Emulated, drawn: Drawn, moves: int, chance: np.random.Generator, number: int = 1
) -> Drawn:
    """Move each point along the movable dimensions until it would agree, were its run to miss as it did; and run it.

    ``number`` tells corrections of the same draws apart. Points are led over from the likelihood by which they were
    drawn to the new one step by step, and what each step makes of them is kept for their weights (Neal 2001, annealed
    importance sampling): a point whose miss nothing movable can make good is not to count as much as one that agrees.
    """
    expected, rest = drawn.expected(problem.luck)
    first = emulated.predict(drawn.points)
    before, offset, supposed = drawn.said - first, expected - first, rest + problem.known

    def place(moved: Floats, chains: NDArray[np.int64]) -> Floats:
        points = drawn.points[chains].copy()
        points[:, problem.movable] = moved
        return points

    def both(moved: Floats, chains: NDArray[np.int64]) -> tuple[Floats, Floats]:
        said = emulated.predict(place(moved, chains)) - problem.centre
        return _log_normal(said + before[chains], drawn.supposed), _log_normal(said + offset[chains], supposed)

    moved, logs, every = drawn.points[:, problem.movable], drawn.logs.copy(), np.arange(len(drawn.points))
    shares = (np.arange(moves + 1) / max(moves, 1)) ** _SLOW_AT_FIRST
    for since, share in pairwise(shares.tolist()):
        old, new = both(moved, every)
        logs += (share - since) * (new - old)

        def log_likelihood(tried: Floats, chains: NDArray[np.int64], share: float = share) -> Floats:
            old, new = both(tried, chains)
            return np.asarray((1.0 - share) * old + share * new, np.float64)

        moved = slice_elliptically(moved, log_likelihood, 1, chance)
    points = place(moved, np.arange(len(moved)))
    values = problem.scaled(problem.run(points, f"draws corrected {number} time{'s' * (number > 1)}"))
    said = emulated.predict(points) + offset
    missed = np.nanmean(np.square(values - said), axis=0)
    error = np.maximum(missed - problem.luck, _LEAST_ERROR)
    return Drawn(points, values, said, error, supposed, logs).sound()


@dataclass(frozen=True, eq=False)
class Weighed:
    """Points with weights that add up to 1; see `matching.Matched`."""

    expected: Floats
    weights: Floats
    effective: float
    power: float

    @property
    def is_enough(self) -> bool:
        """Whether the full weights are worth enough draws."""
        return self.effective >= LEAST_KEPT * len(self.weights)


def weigh(problem: Problem, drawn: Drawn) -> Weighed:
    """Weigh points by the likelihood of the real run against the likelihood by which they were drawn."""
    expected, rest = drawn.expected(problem.luck)
    logs = drawn.logs + _log_normal(expected - problem.centre, rest + problem.known)
    logs -= _log_normal(drawn.said - problem.centre, drawn.supposed)
    power = flattening(logs, LEAST_KEPT * len(logs))
    return Weighed(expected, _weights(logs, power), effective_size(_weights(logs, 1.0)), power)


def flattening(logs: Floats, least: float) -> float:
    """The largest power of weights, at most 1, at which they are worth so many equal ones."""
    low, high = 0.0, 1.0
    if effective_size(_weights(logs, high)) >= least:
        return high
    for _ in range(30):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if effective_size(_weights(logs, middle)) >= least else (low, middle)
    return low


def _weights(logs: Floats, power: float) -> Floats:
    weights = np.exp(power * (logs - logs.max()))
    return np.asarray(weights / weights.sum(), np.float64)


def _log_normal(miss: Floats, variance: Floats) -> Floats:
    return np.asarray(-0.5 * (np.square(miss) / variance + np.log(variance)).sum(axis=1), np.float64)
