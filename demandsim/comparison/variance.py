"""How much of the spread between runs is luck, belief and place: who happens to live there.

Takes the same answer with nothing, with luck, and with luck and people drawn anew; gives three variances that add up to
the whole, with nine in ten of re-draws. Luck and place shrink as more households are simulated; belief does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.comparison.redrawing import draw_again

Floats = NDArray[np.float64]

#: Order of the components.
COMPONENTS: Final = ("luck", "place", "belief")
#: Fewer sets of beliefs run again than this tell nothing.
FEWEST_AGAIN: Final = 8
_AGAIN_STREAM, _ALONE_STREAM, _RUNS_STREAM = 1605, 1606, 1607
_LOW, _HIGH = 0.05, 0.95


@dataclass(frozen=True, eq=False)
class Split:
    """Variances by component, in the order of `COMPONENTS`.

    Parameters
    ----------
    variance : ndarray, shape (3,)
        None negative.
    redrawn : ndarray, shape (re-draws, 3)
        The same from re-draws of the sets of beliefs.
    n_draws, n_again : int
        Sets of beliefs, and how many of them were run again.
    """

    variance: Floats
    redrawn: Floats
    n_draws: int
    n_again: int

    @property
    def share(self) -> Floats:
        """Share of each component, shape (3,); NaN where nothing varies."""
        return np.asarray(_shares(self.variance[None])[0])

    @property
    def share_ends(self) -> Floats:
        """Between which nine in ten re-draws of the shares lie, shape (2, 3)."""
        return np.asarray(np.nanquantile(_shares(self.redrawn), [_LOW, _HIGH], axis=0))

    @property
    def sd(self) -> Floats:
        """Standard deviation of each component, shape (3,)."""
        return np.asarray(np.sqrt(self.variance))

    @property
    def sd_ends(self) -> Floats:
        """Between which nine in ten re-draws of the standard deviations lie, shape (2, 3)."""
        return np.asarray(np.quantile(np.sqrt(self.redrawn), [_LOW, _HIGH], axis=0))

    def at_size(self, simulated: int, households: int) -> Split:
        """The same for another number of households.

        Luck and place are sums of what happens to many households apart, so that the variance of their mean falls in
        proportion to the number of households; what we believe is the same for all of them.
        """
        factor = np.array([simulated / households, simulated / households, 1.0])
        return Split(self.variance * factor, self.redrawn * factor, self.n_draws, self.n_again)

    def with_runs(self, runs: Floats) -> Split:
        """The same, with belief from runs of this size, all with the same people: their variance less that of luck.

        Luck can hide what belief does in a small place; where it has averaged out, runs show it. Fewer than
        `FEWEST_AGAIN` runs leave the split as it is.

        Parameters
        ----------
        runs : ndarray, shape (runs,)
            In the unit of the split, each with beliefs and luck of its own; NaN where one failed.
        """
        runs = runs[np.isfinite(runs)]
        if runs.size < FEWEST_AGAIN:
            return self
        # A re-draw repeats runs, so that its variance falls short by one in so many.
        whole = np.array([runs[pick].var() for pick in draw_again(runs.size, _RUNS_STREAM)]) * (1 + 1 / (runs.size - 1))
        variance, redrawn = self.variance.copy(), self.redrawn.copy()
        variance[-1] = max(0.0, float(runs.var(ddof=1)) - variance[0])
        redrawn[:, -1] = np.maximum(0.0, whole - redrawn[:, 0])
        return Split(variance, redrawn, self.n_draws, self.n_again)


def split_variance(draws: Floats, other_luck: Floats, other_people: Floats) -> Split | None:
    """Split the variance of an answer.

    Half the mean squared difference of a pair that shares all but luck is the variance of luck; of a pair that shares
    beliefs only, that of luck and place together. What is left of the variance between draws, each with its own people
    and luck, is belief.

    Parameters
    ----------
    draws : ndarray, shape (draws,)
        Each with beliefs, people and luck of its own; NaN where a run failed.
    other_luck, other_people : ndarray, shape (again,)
        The first of them with another luck, and with other people and another luck.

    Returns
    -------
    Split or None
        None where fewer than `FEWEST_AGAIN` were run again.
    """
    n = len(other_luck)
    triples = np.stack([draws[:n], other_luck, other_people])
    triples = triples[:, np.isfinite(triples).all(axis=0)]
    alone = draws[n:][np.isfinite(draws[n:])]
    n_again = triples.shape[1]
    if n_again < FEWEST_AGAIN:
        return None
    picks = zip(draw_again(n_again, _AGAIN_STREAM), draw_again(alone.size, _ALONE_STREAM), strict=True)
    redrawn = [_split(triples[:, pick], alone[other]) for pick, other in picks]
    return Split(_split(triples, alone), np.array(redrawn), n_again + alone.size, n_again)


def _split(triples: Floats, alone: Floats) -> Floats:
    base, luck_again, people_again = triples
    luck = float(((base - luck_again) ** 2).mean()) / 2.0
    with_place = float(((base - people_again) ** 2 + (luck_again - people_again) ** 2).mean()) / 4.0
    place = max(0.0, with_place - luck)
    whole = float(np.concatenate([base, alone]).var(ddof=1))
    return np.array([luck, place, max(0.0, whole - luck - place)])


def _shares(variances: Floats) -> Floats:
    whole = variances.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(variances, whole, out=np.full_like(variances, np.nan), where=whole > 0.0))
