"""Which book of beliefs belongs to a place: the parameters, England's fit, and the place's own fit."""

from __future__ import annotations

from pathlib import Path

from demandsim.parameters.book import Book, load_parameters

#: The profile to which base hazards are fitted; boroughs add multipliers of their own.
ENGLAND = "england"


def fitted_files(configs: Path, place: str) -> list[Path]:
    """Fitted files that exist for a place, England's first."""
    names = dict.fromkeys((ENGLAND, place))
    return [path for name in names if (path := configs / "fitted" / f"{name}.toml").is_file()]


def load_book(configs: Path, place: str) -> Book:
    """Load every belief for a place, fitted ones included.

    Parameters
    ----------
    configs : Path
        The folder that holds ``parameters`` and ``fitted``.
    place : str
        Id of the place.

    Raises
    ------
    ConfigError
        With every fault of every file.
    """
    return load_parameters(configs / "parameters", fitted_files(configs, place))
