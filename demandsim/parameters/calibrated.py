"""Calibrated draws: which quantiles of beliefs go together, given what a place has published.

Takes what ``demandsim calibrate`` wrote for a place (a TOML file, and its rows as CSV); gives frozen
`CalibratedDraws`. Never says how a belief is spread: a row holds quantiles of the spread that the book states.

A *factor* is what the fit moved: one or several beliefs, or single entries of beliefs by label, multiplied together.
Its spread is stated in the file, because the book has one spread for a whole belief and none for its entries.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from demandsim.parameters.belief import Belief, Entry
from demandsim.parameters.quantiles import LOG, NORMAL_LIKE, from_scale, shifts, steps
from demandsim.parameters.reading import Faults, nearest, read_toml

if TYPE_CHECKING:
    from demandsim.parameters.book import Book

#: Begins the name of every factor.
STAR: Final = "*"
REMEDY: Final = "Run again: demandsim calibrate {place}"


class Factor(Entry):
    """Beliefs, or entries of beliefs by label, that one multiplier moves together.

    Attributes
    ----------
    name : str
        A star, and its parts joined by ``+``: a factor of a whole belief is not the belief.
    low, high, level : float
        The multiplier lies between, at this level, before any figure is looked at; its median is 1.
    """

    name: str = Field(pattern=r"^\*")
    low: float = Field(gt=0, lt=1)
    high: float = Field(gt=1)
    level: float = Field(gt=0, lt=1)

    @property
    def parts(self) -> tuple[str, ...]:
        """Beliefs, or entries of beliefs."""
        return tuple(self.name.removeprefix(STAR).split("+"))

    def at(self, u: float | NDArray[np.float64]) -> NDArray[np.float64]:
        """The multiplier at a quantile."""
        moved = shifts(steps(u, NORMAL_LIKE, self.level), LOG, self.low, 1.0, self.high)
        return from_scale(LOG, moved)


@dataclass(frozen=True, eq=False)
class CalibratedDraws:
    """Equally likely rows of quantiles: draw ``number`` of a book takes row ``number % len(rows)``.

    Attributes
    ----------
    names : tuple of str
        Columns: beliefs, and names of factors.
    rows : ndarray of float64, shape (n_rows, n_names)
        Quantiles, strictly between 0 and 1.
    factors : mapping of name to Factor
    place, label : str
        Whose published figures; and the file's stem.
    until : str or None
        No figure of a later month was looked at.
    digest : str
        Of the beliefs that it was made against.
    dropped : frozenset of str
        Beliefs that have been pinned since.
    tables : mapping
        Everything else that the file says.
    """

    names: tuple[str, ...]
    rows: NDArray[np.float64]
    factors: Mapping[str, Factor] = field(default_factory=dict)
    place: str = ""
    label: str = ""
    until: str | None = None
    digest: str = ""
    dropped: frozenset[str] = frozenset()
    tables: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: not what was worked out from it."""
        return {key: value for key, value in self.__dict__.items() if key != "content"}

    @cached_property
    def content(self) -> str:
        """SHA-256 of everything that can change a draw."""
        told = [self.names, [one.model_dump() for one in self.factors.values()], sorted(self.dropped)]
        start = json.dumps(told, sort_keys=True).encode()
        return hashlib.sha256(start + np.ascontiguousarray(self.rows).tobytes()).hexdigest()

    def without(self, names: Iterable[str]) -> CalibratedDraws:
        """The same draws, with some beliefs left alone: they are pinned."""
        return replace(self, dropped=self.dropped | frozenset(names))

    def quantiles(self, number: int) -> dict[str, float]:
        """Quantiles of beliefs in one draw."""
        row = self.rows[number % len(self.rows)]
        return {
            name: float(u)
            for name, u in zip(self.names, row, strict=True)
            if name not in self.factors and name not in self.dropped
        }

    def multipliers(self, number: int, beliefs: Collection[str]) -> dict[str, float]:
        """What beliefs, or entries of beliefs, are multiplied by in one draw."""
        row = self.rows[number % len(self.rows)]
        found: dict[str, float] = {}
        for name, u in zip(self.names, row, strict=True):
            if name in self.factors:
                times = float(self.factors[name].at(float(u)))
                kept = [one for one in self.factors[name].parts if whole_of(one, beliefs) not in self.dropped]
                found |= {one: found.get(one, 1.0) * times for one in kept}
        return found


def whole_of(part: str, beliefs: Collection[str]) -> str:
    """The belief that a part of a factor is, or is an entry of."""
    return part if part in beliefs else part.rpartition(".")[0]


def digest_beliefs(beliefs: Mapping[str, Belief], names: Iterable[str], factors: Iterable[Factor]) -> str:
    """SHA-256 of the beliefs that calibrated draws are quantiles and multiples of."""
    parts = {whole_of(part, beliefs) for factor in factors for part in factor.parts}
    kept = sorted(({*names} | parts) & beliefs.keys())
    content = {
        name: beliefs[name].model_dump(mode="json", include={"value", "values", "uncertainty", "unit"}) for name in kept
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def is_current(draws: CalibratedDraws, book: Book) -> bool:
    """Whether calibrated draws were made against what the book says now."""
    names = [name for name in draws.names if name not in draws.factors]
    return digest_beliefs(book.beliefs, names, draws.factors.values()) == draws.digest


def read_calibrated(path: Path, book: Book) -> CalibratedDraws:
    """Read calibrated draws.

    Parameters
    ----------
    path : Path
        The TOML file; its rows lie beside it under the same name, as CSV.
    book : Book
        Whose beliefs the rows are about.

    Raises
    ------
    ConfigError
        With every fault: what is missing, what is no quantile, names that the book no longer has.
    """
    faults = Faults()
    table = read_toml(path, faults)
    about = table.get("calibration", {})
    factors = _read_factors(path, table.get("factor", []), faults)
    names, rows = _read_rows(path.with_suffix(".csv"), faults)
    draws = CalibratedDraws(
        names,
        rows,
        factors,
        str(about.get("place", path.stem)),
        path.stem,
        about.get("until") or None,
        str(about.get("beliefs", "")),
        tables=table,
    )
    _check_names(path, draws, book, faults)
    faults.stop()
    return draws


def _read_factors(path: Path, entries: list[dict[str, Any]], faults: Faults) -> dict[str, Factor]:
    found: dict[str, Factor] = {}
    for position, entry in enumerate(entries, 1):
        try:
            kept = {key: entry[key] for key in ("name", "low", "high", "level") if key in entry}
            factor = Factor.model_validate(kept)
            found[factor.name] = factor
        except ValidationError as error:
            for one in error.errors():
                faults.add(f"{path.as_posix()}, factor {position}, {one['loc'][0]}", one["msg"] + ".", _again(path))
    return found


def _read_rows(path: Path, faults: Faults) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    empty = np.zeros((0, 0))
    try:
        with path.open(encoding="utf-8", newline="") as file:
            head, *lines = csv.reader(file)
        rows = np.array([[float(number) for number in line] for line in lines], np.float64).reshape(-1, len(head))
    except OSError as error:
        faults.add(path.as_posix(), f"the rows cannot be read ({error.strerror}).", _again(path))
        return (), empty
    except ValueError:
        faults.add(path.as_posix(), "is not a table of numbers under one line of names.", _again(path))
        return (), empty
    if not len(rows) or not ((rows > 0.0) & (rows < 1.0)).all():
        faults.add(path.as_posix(), "has no rows, or a number that is not between 0 and 1.", _again(path))
    return tuple(head), rows


def _again(path: Path) -> str:
    return REMEDY.format(place=path.stem.partition("_until_")[0])


def _check_names(path: Path, draws: CalibratedDraws, book: Book, faults: Faults) -> None:
    """Names that the book no longer has, or that no longer vary."""
    for name in (*draws.factors.keys() - set(draws.names),):
        faults.add(f"{path.as_posix()}, factor `{name}`", "has no column in the rows.", _again(path))
    for name in draws.names:
        for part in draws.factors[name].parts if name in draws.factors else ():
            if not _has_part(book.beliefs, part):
                faults.add(f"{path.as_posix()}, factor `{name}`", f"`{part}` is no belief any more.", _again(path))
        if name not in draws.factors and name not in book.beliefs:
            close = nearest(name, book.beliefs)
            hint = f"Nearest: `{close}`. " if close else ""
            faults.add(f"{path.as_posix()}, `{name}`", "is no belief any more.", hint + _again(path))


def _has_part(beliefs: Mapping[str, Belief], part: str) -> bool:
    whole = whole_of(part, beliefs)
    if whole not in beliefs:
        return False
    central = beliefs[whole].central
    return whole == part or (isinstance(central, Mapping) and part.rpartition(".")[2] in central)
