"""Published lines of spending, as the drift page and the terminal show them.

Takes the files of ``configs/official``; gives lines at one price year, and a table of them. Never compares them with a
simulated figure by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from demandsim.report import words
from demandsim.report.block import Cell, Table
from demandsim.study.official import load_official

if TYPE_CHECKING:
    from demandsim.parameters.book import Book

#: Said wherever official figures stand beside the model's.
GRANTS_TOO: Final = (
    "Grant changes explain the official figures too: grants to councils fell by themselves in these years, definitions "
    "of lines changed, and children come into care for reasons outside this model. So the figures stand beside the "
    "model's and test nothing. What is tested is only that posts stay as planned where no purse overspends and no "
    "grant falls."
)


@dataclass(frozen=True)
class OfficialLine:
    """One published line of spending.

    Attributes
    ----------
    title, side : str
        Side is "early" or "late".
    cash, real : mapping of fiscal year to GBP
        As published, and at the price year of the results.
    cited : mapping of fiscal year to words
    """

    title: str
    side: str
    cash: Mapping[str, float]
    real: Mapping[str, float]
    cited: Mapping[str, str]


def load_lines(configs: Path, book: Book, price_year: str = "") -> list[OfficialLine]:
    """Read the official lines of spending, at a price year (the book's own by default), with their sources in words.

    Raises
    ------
    ConfigError
        With every fault of the files.
    """
    return [
        OfficialLine(
            one.title,
            one.side,
            one.values,
            one.in_prices_of(price_year or book.price_year, book),
            {year: book.sources[key].cite() for year, key in one.sources.items()},
        )
        for one in load_official(configs, book)
    ]


def official_shares(lines: Sequence[OfficialLine]) -> dict[str, float]:
    """Early spending as a share of all official lines, in the years that all of them have."""
    years = [year for year in lines[0].real if all(year in line.real for line in lines)] if lines else []
    early = {year: sum(line.real[year] for line in lines if line.side == "early") for year in years}
    return {year: early[year] / sum(line.real[year] for line in lines) for year in years}


def official_table(official: Sequence[OfficialLine], price_year: str) -> Table:
    """Every line and year: as published, and at the price year of the results."""
    rows = [
        (
            Cell(line.title, line.side),
            Cell(year),
            Cell(words.money(line.cash[year])),
            Cell(words.money(line.real[year])),
            Cell(line.cited[year]),
        )
        for line in official
        for year in line.cash
    ]
    head = ("Line", "Year", "As published", f"At {price_year} prices", "Source")
    return Table("Published spending of councils in England: measured, not simulated.", head, tuple(rows))
