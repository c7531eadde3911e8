"""History matching by waves, then weighted draws: which beliefs agree with what was published.

Takes goals and a way to run points of a standard normal prior; gives waves, and weighted points. Never knows what a
point stands for, nor how it is run.

A wave is run, an emulator of each figure fitted, and the prior cut to where no figure is implausible; the next wave
is drawn from what is left. At the end points are drawn by the emulators' likelihood, run, moved by what their runs
missed and run again while too few of them agree, and weighted by how much better or worse each real run agrees than
was said of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.study.calibration.correcting import correct, draw_by_emulators, weigh
from demandsim.study.calibration.emulator import Emulator
from demandsim.study.calibration.plan import Sizes
from demandsim.study.calibration.problem import Emulated, Problem, Runs, emulate
from demandsim.study.calibration.sampling import (
    Within,
    find_within,
    make_chance,
    slice_elliptically,
    spread_points,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Wave:
    """One wave, as it is told.

    Attributes
    ----------
    runs, failed : int
    error : ndarray, shape (n_goals,)
        Standard deviation of what emulators miss of runs left out, on each goal's scale.
    explained : ndarray, shape (n_goals,)
    within_two : float
        Part of all runs left out within two standard deviations.
    surprise : float
        How many times its stated error the emulator before missed these new runs by; nan in the first wave.
    share : float
        Of the prior that is not implausible.
    threshold : float
        Largest implausibility that was kept.
    """

    runs: int
    failed: int
    error: Floats
    explained: Floats
    within_two: float
    surprise: float
    share: float
    threshold: float


@dataclass(frozen=True, eq=False)
class Matched:
    """What a calibration found.

    Attributes
    ----------
    points : ndarray, shape (n, n_dims)
        Drawn by the emulators' likelihood, moved by what their runs missed, and run.
    values : ndarray, shape (n, n_goals)
        What they measured, on the goals' scales.
    expected : ndarray, shape (n, n_goals)
        The same without the luck of one run: between what the run measured and what was said of it.
    weights : ndarray, shape (n,)
        Add up to 1.
    effective : float
        How many equally weighted draws the full weights are worth.
    power : float
        To which the full weights were raised, so that enough draws are left: 1 is the whole of what real runs say,
        0 would leave it to emulators, whose bands are as a rule the wider ones.
    corrections : int
        Times that the draws were moved by what their runs missed, and run again.
    waves : list of Wave
    emulators : list of Emulator
    first : ndarray, shape (n_first, n_goals)
        What the first wave measured: before calibration.
    """

    points: Floats
    values: Floats
    expected: Floats
    weights: Floats
    effective: float
    power: float
    corrections: int
    waves: list[Wave]
    emulators: list[Emulator]
    first: Floats

    @property
    def active(self) -> tuple[int, ...]:
        """Features that any emulator depends on."""
        return tuple(sorted({feature for one in self.emulators for feature in one.active}))


@dataclass(frozen=True, eq=False)
class Explored:
    """Where the waves ended."""

    emulated: Emulated
    within: Within
    waves: list[Wave]
    runs: Runs

    def draw(self, n: int, moves: int, chance: np.random.Generator) -> Floats:
        """Points by the emulators' likelihood, shape (n, n_dims)."""
        start = self.within.points[np.arange(n) % len(self.within.points)]
        return slice_elliptically(start, self.emulated.log_likelihood, moves, chance)


def match_history(problem: Problem, sizes: Sizes) -> Matched:
    """Calibrate.

    Parameters
    ----------
    problem : Problem
    sizes : Sizes

    Returns
    -------
    Matched
    """
    points = spread_points(sizes.first, problem.n_dims, make_chance(sizes.seed, 1))
    explored = explore(problem, sizes, points, problem.scaled(problem.run(points, "wave 1")))
    emulated, runs = explored.emulated, explored.runs
    drawn = explored.draw(sizes.last, sizes.moves, make_chance(sizes.seed, 4))
    found = draw_by_emulators(problem, emulated, drawn)
    weighed, number = weigh(problem, found), 0
    while number < sizes.corrections and len(problem.movable) and not weighed.is_enough:
        number += 1
        found = correct(problem, emulated, found, 4 * sizes.moves, make_chance(sizes.seed, 7, number), number)
        weighed = weigh(problem, found)
    return Matched(
        found.points,
        found.values,
        weighed.expected,
        weighed.weights,
        weighed.effective,
        weighed.power,
        number,
        explored.waves,
        emulated.emulators,
        runs.values[runs.wave == 1],
    )


def explore(problem: Problem, sizes: Sizes, points: Floats, values: Floats, first: Emulated | None = None) -> Explored:
    """Go on from a first wave that was run already, its values on the goals' scales, until the waves are up.

    ``first`` are its emulators, where another problem with the same runs has fitted them.
    """
    n_dims = problem.n_dims
    runs = Runs(np.zeros((0, n_dims)), np.zeros((0, len(problem.goals))), np.zeros(0, np.int64))
    runs, waves, before = runs.joined(points, values), [], None
    for number in range(1, sizes.waves + 1):
        emulated = emulate(problem, runs, sizes, number) if first is None or number > 1 else first
        chance = make_chance(sizes.seed, 3, number)
        within = find_within(emulated.worst, sizes.cutoff, sizes.explored, n_dims, chance)
        waves.append(_tell(runs, number, len(points), emulated, before, within))
        before = emulated
        if number < sizes.waves:
            points = within.points[np.arange(sizes.wave) % len(within.points)]
            values = problem.scaled(problem.run(points, f"wave {number + 1}"))
            runs = runs.joined(points, values)
    return Explored(emulated, within, waves, runs)


def _tell(runs: Runs, number: int, asked: int, now: Emulated, before: Emulated | None, within: Within) -> Wave:
    new = runs.wave == number
    surprise = float("nan")
    if before is not None:
        stated = np.sqrt([one.variance for one in before.emulators])
        missed = (runs.values[new] - before.predict(runs.points[new])) / np.maximum(stated, 1e-9)
        surprise = float(np.sqrt(np.mean(np.square(missed))))
    return Wave(
        asked,
        asked - int(new.sum()),
        np.sqrt([one.variance for one in now.emulators]),
        np.array([one.explained for one in now.emulators]),
        float(np.mean([one.within_two for one in now.emulators])),
        surprise,
        within.share,
        within.threshold,
    )
