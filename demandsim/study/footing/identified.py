"""What fixes each belief: a published figure, a fit, a study run again, a place's own past; or nothing at all.

Takes a book; gives a row a belief. Never says that a belief is right, only what it was held against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from demandsim.parameters.belief import Belief
from demandsim.parameters.book import Book
from demandsim.parameters.calibrated import CalibratedDraws, whole_of

#: Grades of beliefs that a figure somebody has printed stands for.
_PRINTED: Final = ("measured", "published")
#: A spread of which no less than this is left was not narrowed by more than chance would.
NARROWED: Final = 0.9


@dataclass(frozen=True)
class Identified:
    """What is known of where one belief comes from.

    Parameters
    ----------
    name, meaning, evidence : str
    fixed_by : tuple of str
        What fixes it, in words; empty where nothing does.
    loose : tuple of str
        Of numbers by label, those that nothing fixes, where something fixes the others.
    spread_left : float or None
        Standard deviation after calibration as a share of the one before; None where it was not calibrated.
    """

    name: str
    meaning: str
    evidence: str
    fixed_by: tuple[str, ...]
    loose: tuple[str, ...] = ()
    spread_left: float | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether any figure bears on it."""
        return bool(self.fixed_by)


def identify_beliefs(book: Book) -> list[Identified]:
    """Every uncertain belief of a book with what fixes it, in the book's order."""
    fits = _fits(book)
    left = spread_left(book.calibrated, book) if book.calibrated is not None else {}
    replayed = {f"{effect.path}.hazard_ratio" for effect in book.effects.values() if effect.replayed}
    found = []
    for name, belief in book.uncertainties.items():
        fixed = []
        if belief.evidence in _PRINTED:
            fixed.append("figure as published")
        if name in replayed:
            fixed.append("its study, run again in the model")
        labels = fits.get(name, {})
        fixed += [f"fit to {', '.join(names)}" for names in _targets(labels)]
        if left.get(name, 1.0) < NARROWED:
            fixed.append(f"calibration: {left[name]:.0%} of its spread left")
        loose = _loose(belief, labels) if labels and belief.evidence not in _PRINTED else ()
        found.append(Identified(name, belief.meaning, belief.evidence, tuple(fixed), loose, left.get(name)))
    return found


def spread_left(draws: CalibratedDraws, book: Book) -> dict[str, float]:
    """Standard deviation of each calibrated belief as a share of what it was, by belief.

    Quantiles are told as a normal's, whose standard deviation is 1 before any figure is looked at. A factor's is given
    to each belief that it moves; of several, the smallest. A belief that is held at one quantile, because factors take
    the place of its own spread, was told nothing by that.
    """
    from scipy.special import ndtri

    spreads = ndtri(np.clip(draws.rows, 1e-9, 1.0 - 1e-9)).std(axis=0)
    left: dict[str, float] = {}
    for name, spread in zip(draws.names, spreads, strict=True):
        if name not in draws.factors and np.ptp(draws.rows[:, draws.names.index(name)]) == 0.0:
            continue
        parts = draws.factors[name].parts if name in draws.factors else (name,)
        for belief in {whole_of(part, book.beliefs) for part in parts} - draws.dropped:
            left[belief] = min(left.get(belief, np.inf), float(spread))
    return left


def _fits(book: Book) -> dict[str, dict[str, list[str]]]:
    """By belief and label (empty for the whole belief): the figures that it was fitted to."""
    fits: dict[str, dict[str, list[str]]] = {}
    for tables in book.fitted.values():
        for row in tables.get("target", []):
            if row.get("use") != "fit" or "model" not in row:
                continue
            for part in filter(None, str(row.get("identifies", "")).split("+")):
                whole = whole_of(part, book.beliefs)
                label = "" if whole == part else part.rpartition(".")[2]
                fits.setdefault(whole, {}).setdefault(label, []).append(str(row["target"]).replace("_", " "))
    return fits


def _targets(labels: Mapping[str, list[str]]) -> list[list[str]]:
    """The figures, each once, as one list; none where there are none."""
    names = list(dict.fromkeys(name for own in labels.values() for name in own))
    return [names] if names else []


def _loose(belief: Belief, labels: Mapping[str, list[str]]) -> tuple[str, ...]:
    if "" in labels or not isinstance(belief.central, Mapping):
        return ()
    return tuple(label for label in belief.central if label not in labels)
