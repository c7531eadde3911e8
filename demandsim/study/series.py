"""Official figures by year: what was published, and the same as the model measures it.

Takes the files of ``configs/series``; gives each series, or every fault at once. Nothing here is fitted: a target says
what is. Years are fiscal, and a stock of 31 March belongs to the year that it ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from pydantic import Field, PositiveFloat

from demandsim.errors import ConfigError, Fault
from demandsim.ledger.outcomes import OUTCOMES
from demandsim.parameters.belief import Entry
from demandsim.parameters.book import Book
from demandsim.parameters.checking import Section
from demandsim.parameters.reading import Faults, build, did_you_mean, read_toml
from demandsim.quantities import UNITS
from demandsim.study.measuring import measurable

__all__ = ["Denominator", "Point", "Series", "check_series", "load_denominators", "load_series"]

_FISCAL_YEAR: Final = r"^\d{4}/\d{2}$"
#: How many of a denominator a rate counts.
_PER: Final[Mapping[str, float]] = {
    "per 1,000 households": 1_000.0,
    "per 1,000 households per year": 1_000.0,
    "per 10,000 children": 10_000.0,
    "per 10,000 children per year": 10_000.0,
}
#: Values are written to four digits, so they may miss what was published by half of the last.
_FOUR_DIGITS: Final = 5e-4
_OUTCOME_UNITS: Final = {outcome.name: outcome.unit for outcome in OUTCOMES}


class Point(Entry):
    """One year of a series.

    Attributes
    ----------
    year : str
        Fiscal year, as in "2014/15".
    value : float
        In the series' unit, as the model measures it.
    published : float
        In the series' published unit, as printed.
    source : str
        Key of sources.toml, where it is not that of the series.
    """

    year: str = Field(pattern=_FISCAL_YEAR)
    value: float
    published: float
    source: str = ""

    @property
    def ends(self) -> date:
        """The last day of the fiscal year."""
        return date(int(self.year[:4]) + 1, 3, 31)


class Series(Entry):
    """One official figure, year by year.

    Attributes
    ----------
    name : str
    measure : str
        What the model measures that answers to it; empty where it measures nothing of the kind.
    title : str
    unit, published_unit : str
        The model's, and the publisher's.
    points : tuple of Point
        Earliest first; years that were not read are left out.
    source, note : str
    denominator : str
        What counts are divided by; empty where a rate or a share was published.
    rounding : float
        To how many of the published unit the publisher rounded.
    """

    name: str
    measure: str = ""
    title: str = Field(min_length=1)
    unit: str
    published_unit: str
    points: tuple[Point, ...] = Field(alias="point", min_length=1)
    source: str
    note: str = ""
    denominator: str = ""
    rounding: PositiveFloat = 1.0

    @property
    def sources(self) -> tuple[str, ...]:
        """Every key of sources.toml that it cites, each once."""
        return tuple(dict.fromkeys([self.source, *(point.source for point in self.points if point.source)]))


class Denominator(Entry):
    """Households or children by year, by which published counts become rates.

    Attributes
    ----------
    unit : str
    values : mapping of fiscal year to number
    sources : tuple of str
        Keys of sources.toml.
    note : str
        Which years were published, and how the others were filled in.
    """

    unit: str
    values: dict[str, PositiveFloat] = Field(min_length=1)
    sources: tuple[str, ...] = Field(min_length=1)
    note: str = Field(min_length=1)


def load_series(configs: Path, place: str) -> tuple[Series, ...]:
    """Read the series of ``configs/series/<place>.toml``.

    Raises
    ------
    ConfigError
        With every fault.
    """
    return _load(configs, place)[0]


def load_denominators(configs: Path, place: str) -> Mapping[str, Denominator]:
    """Read what the counts of ``configs/series/<place>.toml`` are divided by, by name.

    Raises
    ------
    ConfigError
        With every fault.
    """
    return _load(configs, place)[1]


def check_series(configs: Path, book: Book) -> Section:
    """Check every file in ``series/``: a checker for `demandsim.parameters.check`."""
    faults, cited = Faults(), set()
    paths = sorted((configs / "series").glob("*.toml"))
    for path in paths:
        found, denominators = _read(path, book.sources, faults)
        cited |= {key for series in found for key in series.sources}
        cited |= {key for denominator in denominators.values() for key in denominator.sources}
    return Section(tuple(faults), frozenset(cited), n_files=len(paths))


def _load(configs: Path, place: str) -> tuple[tuple[Series, ...], Mapping[str, Denominator]]:
    path = configs / "series" / f"{place}.toml"
    if not path.is_file():
        known = ", ".join(sorted(other.stem for other in path.parent.glob("*.toml")))
        remedy = f"Write the place's official series there. There are series of: {known or 'no place'}."
        raise ConfigError(Fault(path.as_posix(), "there is no such file.", remedy))
    faults = Faults()
    found = _read(path, read_toml(configs / "sources.toml", faults), faults)
    faults.stop()
    return found


def _read(path: Path, sources: Collection[str], faults: Faults) -> tuple[tuple[Series, ...], Mapping[str, Denominator]]:
    """Series and denominators of one file, with its faults gathered."""
    file = read_toml(path, faults)
    where = path.as_posix()
    for key in file.keys() - {"series", "denominators"}:
        faults.add(f"{where}, `{key}`", "is not a key here.", "Keys: series, denominators.")
    denominators: dict[str, Denominator] = {}
    for name, table in _tables(file, "denominators"):
        if one := build(Denominator, table, f"{where}, denominators.{name}", faults):
            _check_sources(one.sources, f"{where}, denominators.{name}, `sources`", sources, faults)
            denominators[name] = one
    found = []
    for name, table in _tables(file, "series"):
        if series := build(Series, {"name": name, **table}, f"{where}, series.{name}", faults):
            _check(series, f"{where}, series.{name}", denominators, sources, faults)
            found.append(series)
    return tuple(found), denominators


def _tables(file: Mapping[str, Any], key: str) -> Iterable[tuple[str, Any]]:
    tables = file.get(key, {})
    return tables.items() if isinstance(tables, dict) else ()


def _check(
    series: Series, where: str, denominators: Mapping[str, Denominator], sources: Collection[str], faults: Faults
) -> None:
    _check_measure(series, where, faults)
    _check_sources(series.sources, f"{where}, `source`", sources, faults)
    _check_years(series, where, faults)
    for point in series.points:
        scale = _scale(series, point, denominators)
        if isinstance(scale, Fault):
            faults.add(f"{where}, {scale.where}", scale.what, scale.remedy)
            if not series.denominator or series.denominator not in denominators:
                return  # one fault for the series, not one a year
        elif abs(point.value * scale - point.published) > series.rounding / 2 + _FOUR_DIGITS * point.published:
            what = f"{point.value:g} {series.unit} is not {point.published:,g} {series.published_unit}: "
            what += f"that is {point.published / scale:.4g}."
            faults.add(f"{where}, {point.year}", what, "Mend the value, what was published, or the denominator.")


def _scale(series: Series, point: Point, denominators: Mapping[str, Denominator]) -> float | Fault:
    """What a value is multiplied by to be what was published, or why that is not known."""
    if series.denominator in denominators:
        values = denominators[series.denominator].values
        if point.year not in values:
            remedy = f"Add the year to denominators.{series.denominator}."
            return Fault(point.year, f"there is no number of {series.denominator}.", remedy)
        return values[point.year] / _PER.get(series.unit, 1.0)
    if series.denominator:
        remedy = did_you_mean(series.denominator, denominators) or "Add it under [denominators]."
        return Fault("`denominator`", f"there is no denominator `{series.denominator}`.", remedy)
    if series.unit == "share" and series.published_unit == "%":
        return 100.0
    if series.published_unit == series.unit:
        return 1.0
    what = f"is missing: {series.published_unit} are not {series.unit}."
    return Fault("`denominator`", what, "Name one of the denominators of this file.")


def _check_measure(series: Series, where: str, faults: Faults) -> None:
    if series.unit not in UNITS:
        faults.add(f"{where}, `unit`", f"`{series.unit}` is not a unit.", did_you_mean(series.unit, UNITS))
    if series.measure and not measurable(series.measure):
        remedy = did_you_mean(series.measure, _OUTCOME_UNITS) or 'Where it measures nothing of the kind, write "".'
        faults.add(f"{where}, `measure`", f"the model measures no `{series.measure}`.", remedy)
    unit = _OUTCOME_UNITS.get(series.measure, series.unit)
    if unit != series.unit:
        faults.add(f"{where}, `unit`", f"is `{series.unit}`; the model measures {series.measure} {unit}.", "Mend it.")


def _check_years(series: Series, where: str, faults: Faults) -> None:
    for point in series.points:
        if int(point.year[5:]) != (int(point.year[:4]) + 1) % 100:
            faults.add(f"{where}, {point.year}", "is not a fiscal year.", 'Write it as "2015/16".')
    for before, after in pairwise(series.points):
        if before.year == after.year:
            faults.add(f"{where}, {after.year}", "is there twice.", "Give each year once.")
        elif before.year > after.year:
            faults.add(f"{where}, {after.year}", f"comes after {before.year}.", "List the earliest year first.")


def _check_sources(keys: Iterable[str], where: str, known: Collection[str], faults: Faults) -> None:
    for key in keys:
        if key not in known:
            faults.add(where, f"`{key}` is not in sources.toml.", did_you_mean(key, known) or "Add it there.")
