"""How far an official series strays in a few years for reasons that a model without rents and grants cannot know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.study.prediction.naive import likely_steps, yearly_changes
from demandsim.study.prediction.scales import shift, stretch

Floats = NDArray[np.float64]

#: Fewer changes over a number of years than this are not used for that number of years.
FEWEST_CHANGES: Final = 2


@dataclass(frozen=True)
class Discrepancy:
    """What the model's drivers leave out.

    Attributes
    ----------
    spreads : tuple of float
        For each year ahead, on the stretched scale: 0.1 is about 10%.
    changes : int
        Yearly changes it was estimated from: the degrees of freedom of its distribution.
    first_year, last_year : str
        Official years used.
    of : str
        Id of the place whose series was used: the place's own, or England's where the place has too few years.
    """

    spreads: tuple[float, ...]
    changes: int
    first_year: str
    last_year: str
    of: str


def estimate_discrepancy(years: Sequence[str], values: Floats, unit: str, horizons: int, of: str) -> Discrepancy | None:
    """Estimate it from an official series that ends where the prediction begins.

    The rule. The model as now holds constant what drove official figures up and down (rents, grants, practice after a
    scandal, booms), so it cannot foresee changes that such things bring; how large those are, the past tells. For h
    years ahead the spread is the root mean square of the series' own changes over h years (of the logarithm of a rate,
    the log odds of a share), taken about no change, because the model would have foreseen no trend either. A number of
    years for which there are fewer than `FEWEST_CHANGES` changes takes the growth of a random walk from the number
    before; and no spread grows less than a random walk's. What is known only from so few years has the tails of
    Student's t with as many degrees of freedom as there are yearly changes. Errors of level are not in it: those are
    shown, not widened.

    Parameters
    ----------
    years : sequence of str
        Fiscal years, in order.
    values : ndarray, shape (years,)
    horizons : int
        Years ahead.

    Returns
    -------
    Discrepancy or None
        None where there are fewer than `FEWEST_CHANGES` changes from one year to the next.
    """
    line, starts = stretch(values, unit), [int(year[:4]) for year in years]
    n_changes = yearly_changes(starts, line, 1).size
    if n_changes < FEWEST_CHANGES:
        return None
    spreads: list[float] = []
    for ahead in range(1, horizons + 1):
        changes = yearly_changes(starts, line, ahead)
        own = float(np.sqrt(np.mean(changes**2))) if changes.size >= FEWEST_CHANGES else 0.0
        walk = spreads[-1] * float(np.sqrt(ahead / (ahead - 1))) if spreads else 0.0
        spreads.append(max(own, walk))
    return Discrepancy(tuple(spreads), n_changes, years[0], years[-1], of)


def widen(values: Floats, unit: str, discrepancy: Discrepancy) -> Floats:
    """Every run's value with every likely discrepancy laid on it: the predictive distribution.

    Parameters
    ----------
    values : ndarray, shape (years, runs)

    Returns
    -------
    ndarray, shape (years, runs × N_LIKELY)
        Equally likely values: an exact mixture, so no chance is drawn.
    """
    steps = np.asarray(discrepancy.spreads)[:, None] * likely_steps(discrepancy.changes)
    return shift(values[:, :, None], steps[:, None, :], unit).reshape(values.shape[0], -1)
