"""What is matched with what: goals, a way to run points, and emulators that say how implausible points are.

Takes runs; gives misses in standard deviations. Never knows what a point stands for, nor how it is run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from demandsim.study.calibration.emulator import Emulator, fit_emulator
from demandsim.study.calibration.goals import Goal
from demandsim.study.calibration.plan import Sizes
from demandsim.study.calibration.sampling import make_chance

Floats = NDArray[np.float64]
#: Runs points, shape (n, n_dims), for what is said to be done; gives figures, shape (n, n_goals), nan where one failed.
Run = Callable[[Floats, str], Floats]


#: Emulators are fitted to the runs of this many waves, the latest; older ones are far from the target.
_WAVES_KEPT = 3


@dataclass(frozen=True, eq=False)
class Problem:
    """What is matched with what.

    Attributes
    ----------
    n_dims : int
        Of the standard normal prior.
    goals : sequence of Goal
    run : callable
    features : callable
        Of points, what emulators see; shape (n, n_features).
    luck : ndarray, shape (n_goals,)
        Variance of a run by luck alone, on each goal's scale.
    own_luck : ndarray, shape (n_goals,)
        Variance of the place itself by luck: smaller, where it has more households than are simulated.
    movable : ndarray of int64
        Dimensions that draws at the end are moved along: what the fit moves, since every figure has one of its own.
    """

    n_dims: int
    goals: Sequence[Goal]
    run: Run
    features: Callable[[Floats], Floats]
    luck: Floats
    own_luck: Floats
    movable: NDArray[np.int64]

    @property
    def centre(self) -> Floats:
        """Targets on their scales, shape (n_goals,)."""
        return np.array([goal.centre for goal in self.goals])

    @property
    def known(self) -> Floats:
        """Variance between a right model and the figure: tolerance, discrepancy, and the place's own luck."""
        return np.array([goal.tolerance**2 + goal.discrepancy**2 for goal in self.goals]) + self.own_luck

    def scaled(self, figures: Floats) -> Floats:
        """Figures on their scales."""
        return np.column_stack([goal.scaled(column) for goal, column in zip(self.goals, figures.T, strict=True)])


@dataclass(frozen=True, eq=False)
class Runs:
    """Points run, and what came of them on the goals' scales; failed ones left out."""

    points: Floats
    values: Floats
    wave: NDArray[np.int64]

    def joined(self, points: Floats, values: Floats) -> Runs:
        """These and another wave's."""
        number = int(self.wave[-1]) + 1 if len(self.wave) else 1
        sound = np.isfinite(values).all(axis=1)
        return Runs(
            np.concatenate([self.points, points[sound]]),
            np.concatenate([self.values, values[sound]]),
            np.concatenate([self.wave, np.full(int(sound.sum()), number)]),
        )


@dataclass
class Emulated:
    """Emulators of every goal, and how implausible they find points."""

    problem: Problem
    emulators: list[Emulator]
    _spread: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._spread = np.sqrt(self.error + self.problem.known)

    @property
    def error(self) -> Floats:
        """Variance of each emulator about the mean of runs: its misses, less the luck of the runs missed."""
        found = [
            max(one.variance - luck, one.own_error) for one, luck in zip(self.emulators, self.problem.luck, strict=True)
        ]
        return np.array(found)

    def predict(self, points: Floats) -> Floats:
        """Figures on their scales, shape (n, n_goals)."""
        features = self.problem.features(points)
        return np.column_stack([one.predict(features) for one in self.emulators])

    def misses(self, points: Floats) -> Floats:
        """Distance from each target in standard deviations, signed."""
        return (self.predict(points) - self.problem.centre) / self._spread

    def worst(self, points: Floats) -> Floats:
        """Largest implausibility of any goal."""
        return np.asarray(np.abs(self.misses(points)).max(axis=1), np.float64)

    def log_likelihood(self, points: Floats, chains: NDArray[np.int64]) -> Floats:
        """Logarithm of how well points agree, up to a constant; the same for every chain."""
        return np.asarray(-0.5 * np.square(self.misses(points)).sum(axis=1), np.float64)


def emulate(problem: Problem, runs: Runs, sizes: Sizes, number: int) -> Emulated:
    """Fit an emulator of each goal to the latest waves; the last of them tells its error."""
    kept = runs.wave > number - _WAVES_KEPT
    features = problem.features(runs.points[kept])
    recent = runs.wave[kept] >= number - (number > 2)
    emulators = [
        fit_emulator(features, runs.values[kept, goal], recent, make_chance(sizes.seed, 2, number, goal))
        for goal in range(len(problem.goals))
    ]
    return Emulated(problem, emulators)
