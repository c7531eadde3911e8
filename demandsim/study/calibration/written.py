"""What a calibration writes: a TOML file that says what was found, and rows of quantiles beside it as CSV.

Takes findings; gives files, whole or not at all, the same bytes for the same findings.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from demandsim.ledger.store import write_text
from demandsim.parameters.calibrated import CalibratedDraws
from demandsim.study.calibration.space import DIGITS

_HEAD = "# Written by `demandsim calibrate {place}{until}`; run it again rather than edit it.\n"


def write_calibrated(path: Path, draws: CalibratedDraws, tables: Mapping[str, Any]) -> Path:
    """Write both files.

    Parameters
    ----------
    path : Path
        Of the TOML file; the rows lie beside it.
    draws : CalibratedDraws
    tables : mapping
        ``calibration`` is a table; everything else a list of rows.

    Raises
    ------
    StoreError
        When they cannot be written.
    """
    until = f" --until {draws.until}" if draws.until else ""
    parts = [_HEAD.format(place=draws.place, until=until)]
    for name, entry in tables.items():
        rows = [entry] if isinstance(entry, Mapping) else entry
        head = f"[{name}]" if isinstance(entry, Mapping) else f"[[{name}]]"
        parts += ["\n".join([head, *(f"{key} = {_toml(value)}" for key, value in row.items())]) + "\n" for row in rows]
    write_text(path.with_suffix(".csv"), _rows(draws))
    return write_text(path, "\n".join(parts))


def _rows(draws: CalibratedDraws) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(draws.names)
    writer.writerows([[f"{number:.{DIGITS}f}" for number in row] for row in draws.rows])
    return text.getvalue()


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Sequence):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    text = f"{float(value):.5g}"
    return text if any(mark in text for mark in ".en") else f"{text}.0"
