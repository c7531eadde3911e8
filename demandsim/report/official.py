"""Published lines of spending, as the drift page and the terminal show them.

Takes the files of ``configs/official``; gives lines at one price year, what studies found, and tables of both. Never
compares them with a simulated figure by itself.
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
    from demandsim.study.official import Finding

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
    is_quoted : bool
        Whether the argument quotes it.
    note : str
    """

    title: str
    side: str
    cash: Mapping[str, float]
    real: Mapping[str, float]
    cited: Mapping[str, str]
    is_quoted: bool = False
    note: str = ""


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
            one.is_quoted,
            one.note,
        )
        for one in load_official(configs, book)
    ]


def quoted(lines: Sequence[OfficialLine]) -> list[OfficialLine]:
    """The lines that the argument quotes; all of them where none is marked."""
    return [line for line in lines if line.is_quoted] or list(lines)


def official_shares(lines: Sequence[OfficialLine]) -> dict[str, float]:
    """Early spending as a share of all official lines, in the years that all of them have."""
    years = [year for year in lines[0].real if all(year in line.real for line in lines)] if lines else []
    early = {year: sum(line.real[year] for line in lines if line.side == "early") for year in years}
    return {year: early[year] / sum(line.real[year] for line in lines) for year in years}


def official_finding(lines: Sequence[OfficialLine]) -> str:
    """How the early share of the quoted lines moved, and of all lines; empty where fewer than two years are shared."""
    narrow, wide = official_shares(quoted(lines)), official_shares(lines)
    if len(narrow) < 2:
        return ""
    said = f"Published: {_went(narrow)} ({line_names(quoted(lines))})"
    others = [line for line in lines if line not in quoted(lines)]
    return f"{said}; with {line_names(others)} too, {_went(wide, short=True)}" if others and len(wide) > 1 else said


def line_names(lines: Sequence[OfficialLine]) -> str:
    """Titles in the midst of a sentence, early against late."""
    sides = ([one.title for one in lines if one.side == side] for side in ("early", "late"))
    return " against ".join(words.sentence_list(titles) for titles in sides if titles)


def official_table(official: Sequence[OfficialLine], price_year: str) -> Table:
    """Every line by year: as published, and beneath it at the price year of the results; last, the sources."""
    years = sorted({year for line in official for year in line.cash})
    rows = [
        (
            Cell(line.title[:1].upper() + line.title[1:], f"{line.side}. {line.note}" if line.note else line.side),
            *(
                Cell(_millions(line.cash[year]), _millions(line.real[year])) if year in line.cash else Cell("–")
                for year in years
            ),
        )
        for line in official
    ]
    cited = [dict.fromkeys(line.cited[year] for line in official if year in line.cited) for year in years]
    rows.append((Cell("Source"), *(Cell("", "; ".join(sources)) for sources in cited)))
    caption = (
        "Published spending of councils in England: measured, not simulated. The smaller figures are the same at "
        f"{price_year} prices."
    )
    return Table(caption, ("Line", *years), tuple(rows))


def _millions(gbp: float) -> str:
    """Pounds as the published tables have them."""
    return f"£{gbp / 1e6:,.0f} million"


def findings_table(findings: Sequence[Finding], book: Book) -> Table:
    """What studies found of the same loop, with their sources in words."""
    rows = [(Cell(one.title), Cell(one.says), Cell(book.sources[one.source].cite())) for one in findings]
    return Table("What studies found: published, not simulated.", ("Of", "Found", "Source"), tuple(rows))


def _went(shares: Mapping[str, float], short: bool = False) -> str:
    first, *_, last = shares
    span = f"from {words.percent(shares[first])} to {words.percent(shares[last])}"
    return span if short else f"early help's share went {span} between {first} and {last}"
