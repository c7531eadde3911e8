"""Which beliefs move the answer: a regression of the answer on everything believed, across many draws of all beliefs.

Takes what was believed in each draw and the answer there; gives what moving each belief does to the answer, with its
error, and how large a move chance alone would give the strongest of so many. Correlated and idle beliefs are allowed,
and more beliefs than draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from demandsim.parameters.belief import Value
    from demandsim.parameters.book import Book

Floats = NDArray[np.float64]

#: With fewer draws a regression on so many beliefs says nothing.
FEWEST_DRAWS: Final = 24
_MOST_RANKED: Final = 30
#: From the low to the high end: nine in ten draws lie between, so many standard deviations apart.
LOW_TO_HIGH: Final = 2.0 * NormalDist().inv_cdf(0.95)
#: In so many studies no idle belief would move the answer as far as what is told apart from chance.
_SURE: Final = 0.95
#: Penalties tried, as shares of the largest that could matter.
_PENALTIES: Final = np.concatenate([np.geomspace(1e-4, 1e2, 31), [np.inf]])


@dataclass(frozen=True, eq=False)
class Moves:
    """What moving each belief from the low to the high end of its range does to an answer.

    Parameters
    ----------
    moved : ndarray, shape (beliefs,)
        In the answer's unit.
    error : float
        Standard error of each.
    by_chance : float
        Size that the luckiest of so many idle beliefs stays under in 19 of 20 studies.
    explained : float
        Share of the answer's variance that the beliefs foretell in draws not used to learn it; at least 0.
    """

    moved: Floats
    error: float
    by_chance: float
    explained: float


def normal_scores(values: Floats) -> Floats:
    """Ranks within each column as quantiles of a normal, standardised; 0 in a column that does not vary.

    Parameters
    ----------
    values : ndarray, shape (draws, beliefs)
    """
    from scipy.special import ndtri
    from scipy.stats import rankdata

    scores = ndtri((rankdata(values, axis=0) - 0.5) / len(values))
    scores -= scores.mean(axis=0)
    spread = scores.std(axis=0)
    return np.asarray(np.divide(scores, spread, out=np.zeros_like(scores), where=spread > 1e-9))


def measure_moves(scores: Floats, answers: Floats) -> Moves:
    """Ridge regression with the penalty of least error in draws left out, freed of the penalty's bias.

    A penalised slope is too small. What the rest of a draw's answer, foretold without that draw, still goes with a
    belief is added to it, which makes it right on average where beliefs are drawn independently, and leaves each with
    the same error: what is foretold wrongly over the root of the number of draws.

    Parameters
    ----------
    scores : ndarray, shape (draws, beliefs)
        Standardised, as `normal_scores` gives.
    answers : ndarray, shape (draws,)
    """
    n = len(answers)
    rest = answers - answers.mean()
    left, size, right = np.linalg.svd(scores, full_matrices=False)
    largest = float(size.max(initial=0.0)) ** 2 or 1.0
    best: tuple[float, Floats, Floats] | None = None
    for penalty in _PENALTIES * largest:
        kept = size**2 / (size**2 + penalty) if np.isfinite(penalty) else np.zeros_like(size)
        weight = 1.0 / n + (left**2 * kept).sum(axis=1)
        wrong = (rest - left @ (kept * (left.T @ rest))) / np.maximum(1.0 - weight, 1e-9)
        missed = float((wrong**2).mean())
        if best is None or missed < best[0]:
            shrunk = np.divide(kept, size, out=np.zeros_like(size), where=size > 1e-9) * (left.T @ rest)
            best = missed, wrong, right.T @ shrunk
    assert best is not None
    missed, wrong, slopes = best
    slopes = slopes + scores.T @ wrong / n
    error = float(np.sqrt(missed / n))
    n_beliefs = max(1, int((scores.std(axis=0) > 0).sum()))
    unlikely = (1.0 - _SURE ** (1.0 / n_beliefs)) / 2.0
    flat = float(((rest * n / (n - 1)) ** 2).mean())
    return Moves(
        moved=slopes * LOW_TO_HIGH,
        error=error * LOW_TO_HIGH,
        by_chance=-NormalDist().inv_cdf(unlikely) * error * LOW_TO_HIGH,
        explained=max(0.0, 1.0 - missed / flat) if flat > 0.0 else 0.0,
    )


def rank_beliefs(book: Book, seed: int, answers: Floats, households: int, names: Sequence[str]) -> list[dict[str, Any]]:
    """Beliefs by how far they move the answer for a household, the farthest first.

    Parameters
    ----------
    book : Book
    seed : int
        Of the study.
    answers : ndarray, shape (draws,)
        GBP a household in draw 0, 1, ...; NaN where the luck failed.
    households : int
        Simulated in each draw.
    names : sequence of str
        Beliefs that the answer is worked out from.

    Returns
    -------
    list of dict
        ``name``, ``moved`` (GBP a household, from the low to the high end), ``low`` and ``high`` (nine in ten),
        ``by_chance``, ``explained``, ``n_told`` (how many of all move it farther than chance), ``n_beliefs``,
        ``runs``, ``households``, ``evidence``. Empty below `FEWEST_DRAWS` draws.
    """
    good = np.flatnonzero(np.isfinite(answers))
    if good.size < FEWEST_DRAWS or np.ptp(answers[good]) == 0.0:
        return []
    scores = normal_scores(drawn_values(book, seed, good, names))
    found = measure_moves(scores, answers[good])
    is_idle = scores.std(axis=0) == 0.0
    order = [i for i in np.argsort(-np.abs(found.moved), kind="stable") if not is_idle[i]]
    margin = NormalDist().inv_cdf(0.95) * found.error
    told = {
        "by_chance": round(found.by_chance, 2),
        "explained": round(found.explained, 3),
        "n_told": int((np.abs(found.moved) > found.by_chance).sum()),
        "n_beliefs": len(order),
        "runs": int(good.size),
        "households": households,
    }
    return [
        {
            "name": names[i],
            "moved": round(float(found.moved[i]), 2),
            "low": round(float(found.moved[i]) - margin, 2),
            "high": round(float(found.moved[i]) + margin, 2),
            "evidence": book[names[i]].evidence,
            **told,
        }
        for i in order[:_MOST_RANKED]
    ]


def drawn_values(book: Book, seed: int, draws: NDArray[np.int64], names: Sequence[str]) -> Floats:
    """One number a draw and belief, shape (draws, beliefs); numbers by label move together, so their sum will do."""
    return np.array(
        [[_one(draw.dated(name)[0][1]) for name in names] for draw in (book.draw(seed, int(d)) for d in draws)]
    )


def _one(value: Value) -> float:
    if isinstance(value, str):
        return 0.0
    return float(sum(value.values())) if isinstance(value, Mapping) else float(value)
