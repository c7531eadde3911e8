"""Does calibration find beliefs that are known? Figures made by the model itself stand in for published ones.

Takes a problem and its first wave; gives how often bands hold the truth. A truth is a run of the first wave, taken
out of it; its figures, with an error of their tolerance, are the targets; the same waves
and emulators then go on to it. How draws at the end are corrected and weighed is not part of this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from demandsim.study.calibration.goals import Goal
from demandsim.study.calibration.matching import explore
from demandsim.study.calibration.plan import Sizes
from demandsim.study.calibration.problem import Emulated, Problem, Runs, emulate
from demandsim.study.calibration.sampling import make_chance

Floats = NDArray[np.float64]

LEVELS = (0.5, 0.9)
_POINTS = 400


@dataclass(frozen=True)
class Covered:
    """How often bands of one level hold the truth.

    Attributes
    ----------
    what : str
        Beliefs or figures.
    level, share, error : float
        Nominal, found, and the standard error of what was found: over truths, as bands of one truth hang together.
    count, truths : int
    """

    what: str
    level: float
    share: float
    error: float
    count: int
    truths: int


def check_coverage(problem: Problem, sizes: Sizes, points: Floats, values: Floats, truths: int) -> list[Covered]:
    """Calibrate to figures of known origin, again and again.

    Parameters
    ----------
    problem : Problem
    sizes : Sizes
        ``waves`` and ``wave`` of each truth's own; the first wave is shared.
    points, values : ndarray
        The first wave, its values on the goals' scales.
    truths : int
        How many of its runs are taken for true.

    Returns
    -------
    list of Covered
    """
    sound = np.isfinite(values).all(axis=1)
    points, values = points[sound], values[sound]
    chosen = np.sort(make_chance(sizes.seed, 7).permutation(len(points))[:truths])
    others = np.setdiff1d(np.arange(len(points)), chosen)
    whole = Runs(points[others], values[others], np.ones(len(others), np.int64))
    shared = emulate(problem, whole, sizes, 1)
    held: dict[str, list[list[NDArray[np.bool_]]]] = {"beliefs": [], "figures": []}
    for number, truth in enumerate(chosen):
        made = _made_up(problem, values[truth], sizes.seed, number)
        own = replace(sizes, seed=sizes.seed + 1000 * (number + 1))
        found = explore(made, own, points[others], values[others], Emulated(made, shared.emulators))
        drawn = found.draw(_POINTS, sizes.moves, make_chance(own.seed, 8))
        active = sorted({one for emulator in found.emulated.emulators for one in emulator.active})
        features = problem.features(np.vstack([drawn, points[truth]]))[:, active]
        held["beliefs"].append(_hold(features[:-1], features[-1]))
        held["figures"].append(_hold(_figures(found.emulated, drawn, make_chance(own.seed, 9)), values[truth]))
    return [_cover(what, level, found, place) for what, found in held.items() for place, level in enumerate(LEVELS)]


def _made_up(problem: Problem, truth: Floats, seed: int, number: int) -> Problem:
    """The same problem with figures that a known truth gave, each with an error of its tolerance."""
    errors = make_chance(seed, 10, number).standard_normal(len(truth))
    errors *= [np.hypot(goal.tolerance, goal.discrepancy) for goal in problem.goals]
    goals: Sequence[Goal] = [
        replace(goal, value=float(goal.unscaled(np.array(value + error))))
        for goal, value, error in zip(problem.goals, truth, errors, strict=True)
    ]
    return replace(problem, goals=goals, own_luck=problem.luck)  # a truth is as large as what is simulated


def _figures(emulated: Emulated, drawn: Floats, chance: np.random.Generator) -> Floats:
    """What a run at each point may have measured, given its target: emulators err, runs have luck, targets are near."""
    made, said = emulated.problem, emulated.predict(drawn)
    off = emulated.error + made.luck
    near = made.known - made.own_luck
    part = off / (off + near)
    return np.asarray(said + part * (made.centre - said) + np.sqrt(part * near) * chance.standard_normal(said.shape))


def _hold(drawn: Floats, truth: Floats) -> list[NDArray[np.bool_]]:
    """Whether each column's band holds the truth, at each level."""
    bands = [np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2], axis=0) for level in LEVELS]
    return [(low <= truth) & (truth <= high) for low, high in bands]


def _cover(what: str, level: float, found: list[list[NDArray[np.bool_]]], place: int) -> Covered:
    shares = np.array([one[place].mean() for one in found])
    count = sum(one[place].size for one in found)
    error = float(shares.std(ddof=1) / np.sqrt(len(shares))) if len(shares) > 1 else float("nan")
    return Covered(what, level, float(shares.mean()), error, count, len(shares))
