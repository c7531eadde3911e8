"""Published spending and findings that stand beside results, and are neither fitted nor tested.

Takes the files of ``configs/official``; gives each line of spending at one price year, and what studies found, or every
fault at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PositiveFloat

from demandsim.parameters.belief import Entry
from demandsim.parameters.book import Book, find_deflators
from demandsim.parameters.checking import Section
from demandsim.parameters.reading import Faults, build, did_you_mean, read_toml
from demandsim.quantities import price_factor


class Official(Entry):
    """One line of published spending.

    Attributes
    ----------
    name, title : str
    side : {"early", "late"}
        Whether it is help before a crisis, or the answer to one.
    values : mapping of fiscal year to GBP
        Cash of each year.
    sources : mapping of fiscal year to key of sources.toml
    is_quoted : bool
        Whether it is one of the lines that the argument quotes, which the comparison should not rest on alone.
    note : str
    """

    name: str
    title: str = Field(min_length=1)
    side: Literal["early", "late"]
    is_quoted: bool = False
    values: dict[str, PositiveFloat] = Field(min_length=2)
    sources: dict[str, str]
    note: str = ""

    def in_prices_of(self, price_year: str, book: Book) -> dict[str, float]:
        """Spending by fiscal year at one year's prices, by the book's deflators."""
        deflators = find_deflators(book)
        return {year: value * price_factor(year, price_year, deflators) for year, value in self.values.items()}


class Finding(Entry):
    """What a study found of the same mechanism, in words.

    Attributes
    ----------
    name : str
    title : str
        Whom it is about, and when.
    says : str
        What was found, as a sentence.
    source : str
        Key of sources.toml.
    """

    name: str
    title: str = Field(min_length=1)
    says: str = Field(min_length=1)
    source: str


def load_official(configs: Path, book: Book) -> list[Official]:
    """Read the lines of spending of every file in ``official/``.

    Raises
    ------
    ConfigError
        With every fault.
    """
    return _load(configs, book)[0]


def load_findings(configs: Path, book: Book) -> list[Finding]:
    """Read the findings of every file in ``official/``.

    Raises
    ------
    ConfigError
        With every fault.
    """
    return _load(configs, book)[1]


def check_official(configs: Path, book: Book) -> Section:
    """Check every file in ``official/``: a checker for `demandsim.parameters.check`."""
    faults = Faults()
    lines, findings = _read(configs, book, faults)
    cited = {key for one in lines for key in one.sources.values()} | {one.source for one in findings}
    return Section(tuple(faults), frozenset(cited), n_files=len(_paths(configs)))


def _load(configs: Path, book: Book) -> tuple[list[Official], list[Finding]]:
    faults = Faults()
    found = _read(configs, book, faults)
    faults.stop()
    return found


def _paths(configs: Path) -> list[Path]:
    return sorted((configs / "official").glob("*.toml"))


def _read(configs: Path, book: Book, faults: Faults) -> tuple[list[Official], list[Finding]]:
    lines: list[Official] = []
    findings: list[Finding] = []
    for where, kind, name, table in _tables(configs, faults):
        if kind == "official" and (line := build(Official, {"name": name, **table}, where, faults)):
            _check(line, where, book, faults)
            lines.append(line)
        if kind == "finding" and (finding := build(Finding, {"name": name, **table}, where, faults)):
            _check_source(finding.source, f"{where}, `source`", book, faults)
            findings.append(finding)
    return lines, findings


def _tables(configs: Path, faults: Faults) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Place, kind, name and content of every table; anything else is a fault."""
    for path in _paths(configs):
        for kind, named in read_toml(path, faults).items():
            if kind not in ("official", "finding") or not isinstance(named, dict):
                remedy = "Lines of spending are [official.NAME], what studies found [finding.NAME]."
                faults.add(f"{path.as_posix()}, {kind}", "is not a kind of table in `official/`.", remedy)
                continue
            for name, table in named.items():
                where = f"{path.as_posix()}, {kind}.{name}"
                if isinstance(table, dict):
                    yield where, kind, name, table
                else:
                    faults.add(where, "is not a table.", f"Write it as [{kind}.{name}].")


def _check(one: Official, where: str, book: Book, faults: Faults) -> None:
    """Every year has its source and its deflator."""
    deflators = find_deflators(book)
    for year in one.values:
        if year not in one.sources:
            faults.add(f"{where}, `sources`", f"has none for {year}.", "Name the source of every year.")
        if year not in deflators:
            faults.add(f"{where}, `values`", f"there is no deflator for {year}.", "Add the year to appraisal.deflator.")
    for year, key in one.sources.items():
        if year not in one.values:
            faults.add(f"{where}, `sources`", f"names {year}, for which there is no value.", "Remove it.")
        _check_source(key, f"{where}, `sources`", book, faults)


def _check_source(key: str, where: str, book: Book, faults: Faults) -> None:
    if key not in book.sources:
        faults.add(where, f"`{key}` is not in sources.toml.", did_you_mean(key, book.sources) or "Add it there.")
