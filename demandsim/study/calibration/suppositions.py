"""What a calibration supposes, and which figures it may look at."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from demandsim.errors import RequestError
from demandsim.parameters.drawing import Draw
from demandsim.study.targets import Target, load_targets


@dataclass(frozen=True)
class Suppositions:
    """What a calibration supposes before it looks at any figure: see configs/parameters/calibration.toml."""

    discrepancy: float
    fixed_range: float
    unfixed_range: float


def read_suppositions(draw: Draw) -> Suppositions:
    """Read what a calibration supposes."""
    return Suppositions(
        draw.number_of("calibration.discrepancy"),
        draw.number_of("calibration.fixed_range"),
        draw.number_of("calibration.unfixed_range"),
    )


def read_targets(configs: Path, place: str, until: str | None) -> list[Target]:
    """A place's targets; with ``until``, those whose period ends later are held back.

    Raises
    ------
    RequestError
        If ``until`` is not a month.
    """
    path = configs / "targets" / f"{place}.toml"
    return load_targets(path) if until is None else load_targets(path, last_day(until))


def last_day(month: str) -> date:
    """The last day of a month such as "2015-03"."""
    try:
        year, number = (int(part) for part in month.split("-"))
        return date(year, number, calendar.monthrange(year, number)[1])
    except ValueError:
        raise RequestError(f"`{month}` is not a month. Write it as 2015-03.") from None
