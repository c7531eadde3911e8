"""Read a council's own areas from CSV, and everything wrong with them, at once.

Takes a file with one row an area; gives areas and the households they hold. Never guesses a missing column.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from demandsim.labels import TENURES
from demandsim.parameters.reading import Faults, did_you_mean, read_csv_lines
from demandsim.place.deprivation import DECILES, decile_of_score
from demandsim.place.place import Area

_REQUIRED: Final = ("area", "households")
_DEPRIVATION: Final = ("decile", "score")
_KNOWN: Final = (*_REQUIRED, *_DEPRIVATION, *TENURES)
_LOOSE: Final = 0.01
#: Areas are kept as 16-bit numbers.
MOST_AREAS: Final = 65_535

_Row = Mapping[str, str]


def read_areas(path: Path, cuts: Sequence[float], faults: Faults) -> tuple[tuple[Area, ...], int]:
    """Areas of a file and their households; faults are added, each with its line.

    Parameters
    ----------
    path : Path
        Columns ``area``, ``households``, one of ``decile`` and ``score``, and perhaps all four tenures.
    cuts : sequence of nine floats
        Lowest score of deciles 1 to 9.
    faults : Faults
        Gathers what is wrong; the areas are meaningful only if nothing was added.
    """
    before = len(faults)
    lines = _read_lines(path, faults)
    if not lines:
        return (), 0
    header = [name.strip().lower() for name in lines[0][1]]
    _check_header(header, f"{path.as_posix()}, line {lines[0][0]}", faults)
    if len(faults) > before:
        return (), 0
    rows = _check_rows(lines[1:], header, path, faults)
    total = sum(households for _, households, _, _ in rows)
    if len(faults) > before:
        return (), 0
    return tuple(
        Area(name=name, decile=decile, share=households / total, tenure=tenure)
        for (name, households, _, tenure), decile in zip(rows, (_decile(row[2], cuts) for row in rows), strict=True)
    ), total


def _read_lines(path: Path, faults: Faults) -> list[tuple[int, list[str]]]:
    """Line number and cells of every line that is not blank."""
    where, already = path.as_posix(), len(faults)
    lines = read_csv_lines(path, faults)
    if len(faults) > already:
        return []
    if len(lines) < 2:
        faults.add(where, "holds no areas.", "Give a header and one line for each area; see docs/own_areas.md.")
        return []
    return lines


def _check_header(header: list[str], where: str, faults: Faults) -> None:
    for name in _REQUIRED:
        if name not in header:
            faults.add(where, f"column `{name}` is missing.", f"Columns: {', '.join(_KNOWN)}.")
    stated = [name for name in _DEPRIVATION if name in header]
    if len(stated) != 1:
        what = "columns `decile` and `score` are both there." if stated else "there is no column `decile` or `score`."
        faults.add(where, what, "Give one of the two.")
    for name in sorted(set(header)):
        if name not in _KNOWN:
            faults.add(where, f"column `{name}` is not known.", did_you_mean(name, _KNOWN) or "Remove it.")
        if header.count(name) > 1:
            faults.add(where, f"column `{name}` is there {header.count(name)} times.", "Keep one.")
    tenures = [name for name in TENURES if name in header]
    if tenures and len(tenures) < len(TENURES):
        missing = ", ".join(f"`{name}`" for name in TENURES if name not in tenures)
        faults.add(where, f"some tenures are there, {missing} not.", "Give all four or none.")


def _check_rows(
    lines: list[tuple[int, list[str]]], header: list[str], path: Path, faults: Faults
) -> list[tuple[str, int, tuple[str, float], tuple[float, ...] | None]]:
    rows, first_seen = [], dict[str, int]()
    if len(lines) > MOST_AREAS:
        faults.add(path.as_posix(), f"holds {len(lines):,} areas.", f"At most {MOST_AREAS:,} can be told apart.")
    for line, cells in lines:
        where = f"{path.as_posix()}, line {line}"
        if len(cells) != len(header):
            faults.add(where, f"has {len(cells)} cells; the header has {len(header)}.", "Check the commas.")
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        name = row["area"]
        if not name:
            faults.add(f"{where}, `area`", "is empty.", "Name the area.")
        elif name in first_seen:
            faults.add(f"{where}, `area`", f"`{name}` is already on line {first_seen[name]}.", "Keep one line an area.")
        first_seen.setdefault(name, line)
        households, deprivation = _households(row, where, faults), _deprivation(row, where, faults)
        rows.append((name, households, deprivation, _tenure(row, where, faults)))
    return rows


def _households(row: _Row, where: str, faults: Faults) -> int:
    number = _number(row, "households", where, faults)
    if math.isnan(number):
        return 0
    if number < 1 or number != int(number):
        faults.add(f"{where}, `households`", f"is {row['households']}.", "Give a whole number of at least 1.")
        return 0
    return int(number)


def _deprivation(row: _Row, where: str, faults: Faults) -> tuple[str, float]:
    column = next(name for name in _DEPRIVATION if name in row)
    number = _number(row, column, where, faults)
    if column == "decile" and not math.isnan(number) and number not in DECILES:
        faults.add(f"{where}, `decile`", f"is {row['decile']}.", "Deciles are 1 (most deprived) to 10.")
    if column == "score" and number < 0:
        faults.add(f"{where}, `score`", f"is {row['score']}.", "Scores are never negative.")
    return column, number


def _decile(deprivation: tuple[str, float], cuts: Sequence[float]) -> int:
    column, number = deprivation
    return int(number) if column == "decile" else decile_of_score(number, cuts)


def _tenure(row: _Row, where: str, faults: Faults) -> tuple[float, ...] | None:
    if TENURES[0] not in row:
        return None
    shares = tuple(_number(row, name, where, faults) for name in TENURES)
    if any(math.isnan(share) for share in shares):
        return None
    for name, share in zip(TENURES, shares, strict=True):
        if not 0 <= share <= 1:
            faults.add(f"{where}, `{name}`", f"is {row[name]}.", "A share is between 0 and 1.")
            return None
    if abs(math.fsum(shares) - 1.0) > _LOOSE:
        faults.add(where, f"the tenures sum to {math.fsum(shares):.3f}, not 1.", "Mend the shares.")
    return shares


def _number(row: _Row, column: str, where: str, faults: Faults) -> float:
    """A cell as a number; not a number, with a fault, where it is none."""
    text = row[column]
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not text:
        faults.add(f"{where}, `{column}`", "is empty.", "Fill it in.")
    elif not math.isfinite(number):
        faults.add(f"{where}, `{column}`", f"`{text}` is not a number.", "Write digits only, such as 1250 or 0.25.")
        return math.nan
    return number
