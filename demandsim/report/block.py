"""The pieces a brief is made of, as plain data: nothing here knows HTML."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from demandsim.report import words

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate


@dataclass(frozen=True)
class Cell:
    """A table cell: what is said, and beneath it the interval or a remark."""

    main: str
    sub: str = ""


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first cell of a row names the row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_folded: bool = False


@dataclass(frozen=True)
class Exhibit:
    """A finding, a sentence about it, a picture and the table of the same figures."""

    finding: str
    sentence: str
    svg: str = ""
    table: Table | None = None


@dataclass(frozen=True)
class Section:
    """A heading with its paragraphs, points and exhibits."""

    name: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    exhibits: tuple[Exhibit, ...] = field(default=())
    code: tuple[str, ...] = ()


def change_cell(estimate: Estimate, form: words.Format) -> Cell:
    """A difference with its interval beneath."""
    beneath = "" if math.isnan(estimate.mean) else words.signed_range(estimate.low, estimate.high, form)
    return Cell(words.signed(estimate.mean, form), beneath)


def level_cell(estimate: Estimate, form: words.Format) -> Cell:
    """A level with its interval beneath."""
    said = {form(value) for value in (estimate.mean, estimate.low, estimate.high)}
    is_wordy = len(said) == 1 and not any(letter.isdigit() for letter in next(iter(said)))
    if math.isnan(estimate.mean) or is_wordy:  # the same words three times over would tell nothing more
        return Cell(form(estimate.mean))
    return Cell(form(estimate.mean), words.level_range(estimate.low, estimate.high, form))


def interval_caption(what: str, n_runs: int) -> str:
    """A caption that says what the smaller figures are and how many runs are behind them."""
    return f"{what}. The smaller figures are the two between which nine in ten of {words.with_runs(n_runs)} lie."
