"""What a calibration says in figures: targets met and missed, what was traded off, what stays unknown.

Takes goals, the space and what was matched; gives plain rows, ready to be written and told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from demandsim.study.calibration.goals import Goal
from demandsim.study.calibration.matching import Matched
from demandsim.study.calibration.problem import Problem
from demandsim.study.calibration.space import Space

Floats = NDArray[np.float64]
Row = dict[str, Any]

#: A belief whose spread is still this part of what it was has not been told anything.
UNKNOWN: Final = 0.9
#: Two targets pull against each other where one is missed by a standard deviation, the other by this many, and their
#: misses hang together at least so.
_PULLED, _TOGETHER = 0.5, 0.3
_BAND: Final = (0.05, 0.5, 0.95)


def weighted_quantiles(values: Floats, weights: Floats, at: Sequence[float]) -> Floats:
    """Quantiles of weighted values, shape (len(at),)."""
    order = np.argsort(values, kind="stable")
    ends = np.cumsum(weights[order])
    middle = (ends - 0.5 * weights[order]) / ends[-1]
    return np.asarray(np.interp(at, middle, values[order]), np.float64)


def target_rows(problem: Problem, found: Matched) -> list[Row]:
    """Each target: published, before and after, and how implausible it is at best."""
    rows = []
    even = np.full(len(found.first), 1.0 / len(found.first))
    for place, goal in enumerate(problem.goals):
        before = goal.unscaled(weighted_quantiles(found.first[:, place], even, _BAND))
        after = goal.unscaled(weighted_quantiles(found.values[:, place], found.weights, _BAND))
        miss = float(found.weights @ found.expected[:, place]) - goal.centre
        rows.append(
            {
                "name": goal.name,
                "measure": goal.measure,
                "unit": goal.unit,
                "source": goal.source,
                "published": goal.value,
                "low": goal.low,
                "high": goal.high,
                "before": before.tolist(),
                "after": after.tolist(),
                "implausibility": abs(miss) / float(np.sqrt(problem.known[place])),
                "note": _verdict(goal, after, miss, float(problem.known[place])),
            }
        )
    return rows


def _verdict(goal: Goal, after: Floats, miss: float, known: float) -> str:
    if after[0] > goal.high or after[2] < goal.low:
        return "not met"
    if abs(miss) > np.sqrt(known):
        return "met in part"
    return "met"


def belief_rows(space: Space, found: Matched) -> list[Row]:
    """Each factor and each belief that any figure depends on: how far it was narrowed, most first."""
    features = space.features(found.points)
    factors = space.all_factors()
    own = {factor.name for factor in space.factors}
    prior = _prior_features(space)
    rows: list[Row] = []
    for column in kept_columns(space, found):
        name = space.names[column]
        mean = float(found.weights @ features[:, column])
        spread = float(np.sqrt(found.weights @ np.square(features[:, column] - mean)))
        was = prior.get(name, 1.0)
        if was < 1e-6:
            continue  # held at its median
        scores = weighted_quantiles(features[:, column], found.weights, _BAND)
        row = {"name": name, "quantiles": _to_quantiles(scores), "spread_kept": spread / was}
        if name in factors:
            row["multiplier"] = [float(one) for one in factors[name].at(np.array(row["quantiles"]))]
        row["free_here"] = name in own
        row["identified"] = spread / was <= UNKNOWN
        rows.append(row)
    return sorted(rows, key=lambda row: (row["spread_kept"], row["name"]))


def kept_columns(space: Space, found: Matched) -> list[int]:
    """Columns that are written: every factor, all that came from England, and beliefs that a figure depends on."""
    always = len(space.names) - len(space.beliefs)
    return sorted({*range(always), *found.active})


def traded_off(problem: Problem, found: Matched) -> list[Row]:
    """Pairs of targets that pull against each other: what brings one nearer takes the other further off."""
    misses = (found.expected - problem.centre) / np.sqrt(problem.known)
    mean = found.weights @ misses
    away = misses - mean
    covariance = (away * found.weights[:, None]).T @ away
    spread = np.sqrt(np.maximum(np.diag(covariance), 1e-12))
    rows = []
    for one in range(len(mean)):
        for other in range(one):
            together = float(covariance[one, other] / (spread[one] * spread[other]))
            pulls = mean[one] * mean[other] * together < 0.0
            near, far = sorted((abs(mean[one]), abs(mean[other])))
            if pulls and near > _PULLED and far > 1.0 and abs(together) > _TOGETHER:
                names = problem.goals[other].name, problem.goals[one].name
                rows.append(
                    {"targets": list(names), "together": together, "missed_by": [float(mean[other]), float(mean[one])]}
                )
    return rows


def wave_rows(problem: Problem, found: Matched) -> list[Row]:
    """Each wave: runs, what was left of the prior, and how good its emulators were."""
    rows = []
    for number, wave in enumerate(found.waves, 1):
        worst = int(np.argmax(wave.error))
        rows.append(
            {
                "wave": number,
                "runs": wave.runs,
                "failed": wave.failed,
                "share_left": wave.share,
                "threshold": wave.threshold,
                "median_error": float(np.median(wave.error)),
                "worst_error": float(wave.error[worst]),
                "worst": problem.goals[worst].name,
                "explained": float(np.median(wave.explained)),
                "within_two": wave.within_two,
                "surprise": wave.surprise,
            }
        )
    return rows


def _prior_features(space: Space) -> dict[str, float]:
    """Spread of what came from England; everything else began at one."""
    from scipy.special import ndtri

    if space.england is None:
        return {}
    return dict(zip(space.england.names, ndtri(space.england.rows).std(axis=0).tolist(), strict=True))


def _to_quantiles(scores: Floats) -> list[float]:
    from scipy.special import ndtr

    return [float(one) for one in np.clip(ndtr(scores), 1e-6, 1.0 - 1e-6)]
