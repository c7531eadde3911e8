"""What then happened, as a user gives it: read from CSV, with everything wrong told at once, and the file to fill in.

Takes columns series, year, value and perhaps unit; gives values in the model's unit.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from demandsim.ledger.store import write_whole
from demandsim.parameters.reading import Faults, did_you_mean, read_csv_lines
from demandsim.study.prediction.predicting import Figure, Prediction
from demandsim.study.prediction.scales import SHARES

TEMPLATE: Final = "actuals_template.csv"
COLUMNS: Final = ("series", "year", "value", "unit")
_REQUIRED: Final = COLUMNS[:3]
PER_CENT: Final = "per cent"
_YEAR: Final = re.compile(r"(\d{4})[/-](\d{2}|\d{4})")


@dataclass(frozen=True)
class Actual:
    """What one figure was in one year, in the model's unit."""

    series: str
    year: str
    value: float


@dataclass(frozen=True)
class _Row:
    """One line of the file, still as text."""

    where: str
    cells: Mapping[str, str]


def units_of(figure: Figure, year: str) -> dict[str, float]:
    """Units that an actual value may be given in, and how many of each make one of the model's."""
    units = {figure.unit: 1.0}
    if figure.unit in SHARES:
        units[PER_CENT] = 100.0
    if history := figure.history:
        counts = history.counts_per_unit(year, (*history.known, *history.later))
        units.setdefault(history.series.published_unit, counts)
    return units


def known_actuals(prediction: Prediction) -> list[Actual]:
    """Official values of the years predicted that the configs hold already; nothing was predicted from them."""
    return [
        Actual(figure.name, point.year, point.value)
        for figure in prediction.figures
        if figure.history is not None
        for point in figure.history.later
        if point.year in prediction.years
    ]


def read_actuals(path: Path, prediction: Prediction) -> list[Actual]:
    """Read actual values; rows without a value are passed over.

    Raises
    ------
    ConfigError
        With every fault of the file: its columns, and in each line the series, year, unit and value.
    """
    faults = Faults()
    rows = _read_rows(path, faults)
    figures = {figure.name: figure for figure in prediction.figures}
    found: dict[tuple[str, str], str] = {}
    actuals = []
    for row in rows:
        if not row.cells["value"]:
            continue
        before = len(faults)
        actual = _read_actual(row, figures, prediction.years, faults)
        if actual is None or len(faults) > before:
            continue
        key = (actual.series, actual.year)
        if key in found:
            what = f"{actual.series} {actual.year} is given already in {found[key]}."
            faults.add(row.where, what, "Fill in one of the two.")
        found.setdefault(key, row.where.rpartition(", ")[2])
        actuals.append(actual)
    faults.stop()
    return actuals


def _read_rows(path: Path, faults: Faults) -> list[_Row]:
    where, already = path.as_posix(), len(faults)
    lines = [(number, [cell.strip() for cell in row]) for number, row in read_csv_lines(path, faults)]
    if len(faults) > already:
        return []
    if not lines:
        faults.add(where, "is empty.", f"Fill in {TEMPLATE}.")
        return []
    header = [cell.lower() for cell in lines[0][1]]
    if not _check_header(header, f"{where}, line {lines[0][0]}", faults):
        return []
    return [
        _Row(f"{where}, line {number}", {"unit": "", **dict.fromkeys(_REQUIRED, ""), **dict(zip(header, row))})  # noqa: B905 a short line lacks its last cells
        for number, row in lines[1:]
    ]


def _check_header(header: Sequence[str], where: str, faults: Faults) -> bool:
    before = len(faults)
    for name in _REQUIRED:
        if name not in header:
            faults.add(where, f"there is no column `{name}`.", f"The columns are {', '.join(COLUMNS)}.")
    for name in dict.fromkeys(header):
        if name not in COLUMNS:
            remedy = did_you_mean(name, COLUMNS) or f"The columns are {', '.join(COLUMNS)}."
            faults.add(where, f"there is no use for a column `{name}`.", remedy)
        elif header.count(name) > 1:
            faults.add(where, f"the column `{name}` is there twice.", "Leave one.")
    return len(faults) == before


def _read_actual(row: _Row, figures: Mapping[str, Figure], years: Sequence[str], faults: Faults) -> Actual | None:
    """One value in the model's unit; every fault of the line is added."""
    name, unit = row.cells["series"], row.cells["unit"]
    figure = figures.get(name)
    if figure is None:
        remedy = did_you_mean(name, figures) or f"The names are in {TEMPLATE}."
        faults.add(row.where, f"there is no series `{name}`.", remedy)
    year = _fiscal(row.cells["year"])
    if year not in years:
        given = row.cells["year"]
        faults.add(row.where, f"`{given}` is not a year predicted.", f"These are: {', '.join(years)}.")
    units = units_of(figure, year) if figure else {}
    if figure and unit and unit not in units:
        remedy = did_you_mean(unit, units) or f"There are: {'; '.join(units)}."
        faults.add(row.where, f"`{unit}` is not a unit of {name}.", remedy)
    value = _number(row.cells["value"])
    if value is None:
        faults.add(row.where, f"`{row.cells['value']}` is not a number from 0 up.", "Leave it empty if not known.")
    if figure is None or value is None or (unit and unit not in units):
        return None
    value /= units[unit or figure.unit]
    if figure.unit in SHARES and value > 1.0:
        what = f"{name} is a share, and {row.cells['value']} is more than all."
        faults.add(row.where, what, f"Its unit may be `{PER_CENT}`.")
    return Actual(name, year, value)


def _fiscal(text: str) -> str:
    """A fiscal year however it is written: 2015/16, 2015-16, 2015/2016."""
    found = _YEAR.fullmatch(text)
    return f"{found[1]}/{found[2][-2:]}" if found else text


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0.0 else None


def write_template(prediction: Prediction, folder: Path) -> Path:
    """Write the file of actual values to fill in: a line for each figure, year and unit."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for figure in prediction.figures:
        for year in prediction.years:
            for unit in units_of(figure, year):
                writer.writerow((figure.name, year, "", unit))
    path = folder / TEMPLATE
    write_whole(path, text.getvalue().encode())
    return path
