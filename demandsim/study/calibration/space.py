"""What a point of the prior stands for: factors of the fit, beliefs, and, for a borough, a row of England's draws.

Takes a book and the factors that are free; gives quantiles and multipliers for points. Never runs anything.

Every dimension is standard normal. A borough's first dimension picks one of England's rows: all that holds in every
place comes from there, as England's figures left it, and the borough's own figures reweigh those rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import RequestError
from demandsim.labels import NEEDS
from demandsim.parameters.book import Book
from demandsim.parameters.calibrated import STAR, CalibratedDraws, Factor, whole_of
from demandsim.study.books import ENGLAND
from demandsim.study.targets import Target

Floats = NDArray[np.float64]

#: Quantiles are written with this many digits; none is nought or one.
DIGITS = 6
_EDGE = 10.0**-DIGITS


@dataclass(frozen=True, eq=False)
class Space:
    """Points of a standard normal prior, and what they stand for.

    Attributes
    ----------
    factors : tuple of Factor
        Free in this place; the first ``n_fixed`` are those that a figure fixes.
    beliefs : tuple of str
        Drawn each by itself.
    held : tuple of str
        Beliefs whose own spread was the fit's tolerance: the factors take its place, and they stay at their median.
    england : CalibratedDraws or None
    n_fixed : int
    """

    factors: tuple[Factor, ...]
    beliefs: tuple[str, ...]
    held: tuple[str, ...] = ()
    england: CalibratedDraws | None = None
    n_fixed: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Columns of features: what was drawn nationally, then the factors, then the beliefs."""
        return (*self._national, *(factor.name for factor in self.factors), *self.beliefs)

    @property
    def n_dims(self) -> int:
        """Dimensions of the prior."""
        return (self.england is not None) + len(self.factors) + len(self.beliefs)

    @property
    def movable(self) -> NDArray[np.int64]:
        """Dimensions of the factors that a figure fixes."""
        start = int(self.england is not None)
        return np.arange(start, start + self.n_fixed)

    @property
    def _national(self) -> tuple[str, ...]:
        return self.england.names if self.england is not None else ()

    def features(self, points: Floats) -> Floats:
        """Standard normal scores of every column, shape (n, n_names)."""
        from scipy.special import ndtr, ndtri

        if self.england is None:
            return points
        rows = np.minimum((ndtr(points[:, 0]) * len(self.england)).astype(np.int64), len(self.england) - 1)
        return np.hstack([ndtri(self.england.rows)[rows], points[:, 1:]])

    def quantiles(self, points: Floats) -> Floats:
        """Quantiles of every column, as they are written, shape (n, n_names)."""
        from scipy.special import ndtr

        return np.asarray(np.clip(np.round(ndtr(self.features(points)), DIGITS), _EDGE, 1.0 - _EDGE), np.float64)

    def all_factors(self) -> dict[str, Factor]:
        """Factors by name, England's among them."""
        england = dict(self.england.factors) if self.england is not None else {}
        return england | {factor.name: factor for factor in self.factors}

    def draws(self, quantiles: Floats) -> CalibratedDraws:
        """Draws that hold every column at stated quantiles, one row a point."""
        names = (*self.names, *self.held)
        rows = np.hstack([quantiles, np.full((len(quantiles), len(self.held)), 0.5)])
        return CalibratedDraws(names, rows, self.all_factors())


def make_space(
    book: Book, place: str, targets: Sequence[Target], read: Collection[str], spread: float, own: float
) -> Space:
    """The prior of one place.

    Parameters
    ----------
    book : Book
        Without calibrated draws for England; with England's for a borough.
    place : str
    targets : sequence of Target
        Those to fit say what is free.
    read : collection of str
        Beliefs that a place as now reads; others keep being drawn by themselves.
    spread, own : float
        How many times more or less a factor that a figure fixes may be, in nine of ten; and one that none fixes. What
        only a figure held back would fix is as wide as if it were fixed: nothing later may narrow it.

    Raises
    ------
    RequestError
        If a borough has no multipliers, or England has not been calibrated.
    """
    named = {use: [one.identifies for one in targets if one.use == use and one.identifies] for use in ("fit", "hold")}
    fixed = list(dict.fromkeys(named["fit"]))
    later = [name for name in dict.fromkeys(named["hold"]) if name not in fixed]
    if place == ENGLAND:
        factors = [_factor(name, spread) for name in (*fixed, *later)]
        held = {whole_of(part, book) for factor in factors for part in factor.parts} & set(book.plan.names)
        factors += [_factor(name, own) for name in _loose_entries(book, held, factors)]
        beliefs = tuple(name for name in book.plan.names if name in read and name not in held)
        return Space(tuple(factors), beliefs, tuple(sorted(held)), None, len(fixed))
    whole = f"fitted.place_multiplier.{place}"
    if whole not in book:
        raise RequestError(f"{place} has not been fitted. Run: demandsim fit {place}")
    if book.calibrated is None:
        raise RequestError(f"{place} rests on England's draws, and there are none. Run: demandsim calibrate england")
    needs = [name.removeprefix("place_multiplier.") for name in (*fixed, *later)]
    others = [need for need in NEEDS if need not in needs]
    multipliers = [*((need, spread) for need in needs), *((need, own) for need in others)]
    taken = set(book.calibrated.names)
    beliefs = tuple(name for name in book.plan.names if name in read and name not in taken)
    factors = [_factor(f"{whole}.{need}", wide) for need, wide in multipliers]
    return Space(tuple(factors), beliefs, (), book.calibrated, len(fixed))


def _loose_entries(book: Book, held: Collection[str], factors: Sequence[Factor]) -> list[str]:
    """Entries by label of beliefs of which a figure fixes another entry: no figure fixes them, so they stay loose."""
    fixed = {part for factor in factors for part in factor.parts}
    found = []
    for name in sorted(set(held) - fixed):
        central = book[name].central
        labels = central if isinstance(central, Mapping) else {}
        found += [f"{name}.{label}" for label, value in labels.items() if value and f"{name}.{label}" not in fixed]
    return found


def _factor(name: str, spread: float) -> Factor:
    return Factor(name=STAR + name, low=1.0 / spread, high=spread, level=0.9)
