"""What a replay counts, month by month, and how two groups are contrasted.

Takes worlds of people followed; gives means over the people, and contrasts on the scale on which nothing is nought.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import NEEDS
from demandsim.study.replay.people import Followed
from demandsim.study.replay.studies import Outcome, Study, state_positions

Floats = NDArray[np.float64]

#: Shares are kept this far from nought and one, so that a ratio of few events is large and not infinite.
_LEAST = 1e-6
#: Of the logistic distribution: a log odds ratio over its standard deviation is a standardised difference.
_PER_LOG_ODDS = math.sqrt(3.0) / math.pi


def follow(world: Followed, outcome: Outcome, lines: list[int], months: int) -> Floats:
    """Follow people for so many months and give each one's outcome.

    Parameters
    ----------
    world : Followed
    outcome : Outcome
    lines : list of int
        Positions of the outcome's lines.
    months : int

    Returns
    -------
    ndarray, shape (people,)
        1 or 0 where the outcome is had or not; months, or pence, else.
    """
    found = np.zeros(world.world.households.size)
    for month in range(1, months + 1):
        world.step()
        if month < outcome.from_month or (outcome.kind == "state_at" and month < months):
            continue
        now = look(world, outcome, lines)
        found = np.maximum(found, now) if outcome.is_share else found + now
    return found


def look(world: Followed, outcome: Outcome, lines: list[int]) -> Floats:
    """Each one's outcome at this moment."""
    if outcome.kind.startswith("state"):
        assert outcome.need is not None
        states = world.world.households["state"][:, NEEDS.index(outcome.need)]
        return np.isin(states, state_positions(outcome.states)).astype(np.float64)
    if outcome.kind == "case_cost":
        prices = world.lines["price_time"]
        return np.asarray(sum(prices[line] * world.is_open([line]) for line in lines), np.float64)
    return world.is_open(lines).astype(np.float64)


def contrast(study: Study, helped: Floats | float, others: Floats | float) -> Floats:
    """Contrast of two means, on the scale on which no effect is nought: logarithms of ratios, plain differences.

    Parameters
    ----------
    helped, others : ndarray or float
        Mean outcome of the helped and of the others.
    """
    one, other = np.asarray(helped, np.float64), np.asarray(others, np.float64)
    if study.contrast == "risk_difference":
        return np.asarray(one - other)
    if study.contrast in ("risk_ratio", "mean_ratio"):
        return np.asarray(np.log(np.maximum(one, _LEAST)) - np.log(np.maximum(other, _LEAST)))
    one, other = np.clip(one, _LEAST, 1.0 - _LEAST), np.clip(other, _LEAST, 1.0 - _LEAST)
    if study.contrast == "hazard_ratio":
        return np.asarray(np.log(-np.log1p(-one)) - np.log(-np.log1p(-other)))
    log_odds = np.log(one / (1.0 - one)) - np.log(other / (1.0 - other))
    return np.asarray(log_odds * (_PER_LOG_ODDS if study.contrast == "standardised_difference" else 1.0))


def to_scale(study: Study, figure: float) -> float:
    """A figure as printed on the scale of :func:`contrast`."""
    return math.log(figure) if study.is_ratio else figure


def from_scale(study: Study, scaled: float) -> float:
    """What :func:`to_scale` took."""
    return math.exp(scaled) if study.is_ratio else scaled
