"""Published spending that stands beside results, and is neither fitted nor tested.

Takes the files of ``configs/official``; gives each line of spending at one price year, or every fault at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

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
    note : str
    """

    name: str
    title: str = Field(min_length=1)
    side: Literal["early", "late"]
    values: dict[str, PositiveFloat] = Field(min_length=2)
    sources: dict[str, str]
    note: str = ""

    def in_prices_of(self, price_year: str, book: Book) -> dict[str, float]:
        """Spending by fiscal year at one year's prices, by the book's deflators."""
        deflators = find_deflators(book)
        return {year: value * price_factor(year, price_year, deflators) for year, value in self.values.items()}


def load_official(configs: Path, book: Book) -> list[Official]:
    """Read every file in ``official/``.

    Raises
    ------
    ConfigError
        With every fault.
    """
    faults = Faults()
    found = _read(configs, book, faults)
    faults.stop()
    return found


def check_official(configs: Path, book: Book) -> Section:
    """Check every file in ``official/``: a checker for `demandsim.parameters.check`."""
    faults = Faults()
    cited = frozenset(key for one in _read(configs, book, faults) for key in one.sources.values())
    return Section(tuple(faults), cited, n_files=len(_paths(configs)))


def _paths(configs: Path) -> list[Path]:
    return sorted((configs / "official").glob("*.toml"))


def _read(configs: Path, book: Book, faults: Faults) -> list[Official]:
    found: list[Official] = []
    for path in _paths(configs):
        for name, table in read_toml(path, faults).get("official", {}).items():
            where = f"{path.as_posix()}, official.{name}"
            if one := build(Official, {"name": name, **table}, where, faults):
                _check(one, where, book, faults)
                found.append(one)
    return found


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
        if key not in book.sources:
            remedy = did_you_mean(key, book.sources) or "Add it there."
            faults.add(f"{where}, `sources`", f"`{key}` is not in sources.toml.", remedy)
