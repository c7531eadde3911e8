"""Which book of beliefs belongs to a place: the parameters, what was fitted, and which beliefs go together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from demandsim.errors import RequestError
from demandsim.parameters.book import Book, load_parameters
from demandsim.parameters.calibrated import read_calibrated

#: The profile to which base hazards are fitted; boroughs add multipliers of their own.
ENGLAND: Final = "england"
#: Effects fitted by running studies again; they hold in every place.
EFFECTS: Final = "effects"


def fitted_files(configs: Path, place: str) -> list[Path]:
    """Fitted files that exist for a place: effects, then England's, then its own."""
    names = dict.fromkeys((EFFECTS, ENGLAND, place))
    return [path for name in names if (path := configs / "fitted" / f"{name}.toml").is_file()]


def calibrated_path(configs: Path, place: str, until: str | None = None) -> Path:
    """Where a place's calibrated draws are kept, there or not."""
    stem = f"{place}_until_{until.replace('-', '_')}" if until else place
    return configs / "calibrated" / f"{stem}.toml"


def find_calibrated(configs: Path, place: str, until: str | None = None) -> Path | None:
    """A place's calibrated draws, England's where it has none of its own; none where neither are there.

    Raises
    ------
    RequestError
        If figures up to a month are asked for and no draws were calibrated to them.
    """
    for name in dict.fromkeys((place, ENGLAND)):
        if (path := calibrated_path(configs, name, until)).is_file():
            return path
    if until is None:
        return None
    raise RequestError(
        f"{calibrated_path(configs, place, until).as_posix()}: nothing was calibrated to figures up to {until}. "
        f"Run: demandsim calibrate {place} --until {until}"
    )


def load_book(configs: Path, place: str, until: str | None = None, calibrated: bool = True) -> Book:
    """Load every belief for a place, with what was fitted and calibrated.

    Parameters
    ----------
    configs : Path
        The folder that holds ``parameters``, ``fitted`` and ``calibrated``.
    place : str
        Id of the place.
    until : str, optional
        A month such as "2015-03": only draws that no later figure was used for.
    calibrated : bool
        Whether draws follow what the place has published, where it was calibrated.

    Raises
    ------
    ConfigError
        With every fault.
    RequestError
        If nothing was calibrated to figures up to ``until``.
    """
    book = load_parameters(configs / "parameters", fitted_files(configs, place))
    path = find_calibrated(configs, place, until) if calibrated else None
    return book if path is None else replace(book, calibrated=read_calibrated(path, book))
