"""One draw of every belief, addressed by the belief's name.

Takes a book, a seed and a draw number; gives a frozen `Draw`. Never consumes in sequence: the uniform of a belief is
a pure function of (seed, draw, hash of its name), so a new belief changes no other's draws, nor does their number.
Beliefs that a place's figures tell something about are drawn together instead: by the rows of calibrated draws.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.errors import RequestError
from demandsim.parameters.belief import Belief, Uncertainty, Value
from demandsim.parameters.quantiles import Floats, from_scale, scale_of, shifts, step_of, steps, to_scale
from demandsim.parameters.reading import unknown_name
from demandsim.quantities import UNITS, month_number, to_model_units

if TYPE_CHECKING:
    from demandsim.parameters.book import Book

_WORD: Final = 0xFFFFFFFF
_BITS: Final = 32

Dated = tuple[tuple[int, Value], ...]


@dataclass(frozen=True)
class Plan:
    """How each uncertainty is spread, as arrays over beliefs, and the values that no draw changes."""

    names: tuple[str, ...]
    addresses: tuple[int, ...]
    scale: Floats
    step: Floats
    low: Floats
    centre: Floats
    high: Floats
    level: Floats
    fixed: Mapping[str, Dated]


@dataclass
class Usage:
    """Which names were asked for, by whoever holds a recording draw."""

    read: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)


class Draw(Mapping[str, Value]):
    """One set of beliefs: dotted name to number, name, or numbers by label.

    Values are in the belief's own unit; money is at the book's price year. Levers, circumstances and constants are
    at their stated values, uncertainties at this draw's. Made by `Book.draw`.

    Parameters
    ----------
    book : Book
    seed : int
    number : int, optional
        Which draw; none for the central values.
    quantiles : mapping of name to quantile, optional
        Beliefs to put at stated quantiles, whatever the draw.
    """

    __slots__ = ("_dated", "_usage", "book", "number", "quantiles", "seed")

    def __init__(
        self, book: Book, seed: int = 0, number: int | None = None, quantiles: Mapping[str, float] | None = None
    ) -> None:
        self.book = book
        self.seed = seed
        self.number = number
        self.quantiles = dict(quantiles or {})
        self._usage: Usage | None = None
        self._dated = _draw_values(book, seed, number, self.quantiles)

    def __reduce__(self) -> tuple[Any, ...]:
        return Draw, (self.book, self.seed, self.number, self.quantiles)

    def __getitem__(self, name: str) -> Value:
        series = self.dated(name)
        if len(series) > 1:
            raise RequestError(f"`{name}` has values by date. Ask for it with `.at(name, month)`.")
        return series[0][1]

    def __contains__(self, name: object) -> bool:
        return name in self._dated

    def __iter__(self) -> Iterator[str]:
        return iter(self._dated)

    def __len__(self) -> int:
        return len(self._dated)

    def __repr__(self) -> str:
        which = "central values" if self.number is None else f"draw {self.number}, seed {self.seed}"
        return f"Draw({which}, {len(self)} beliefs)"

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or a default where no belief has the name. Asking is recorded, absence is no fault."""
        return self[name] if name in self._dated else default

    def dated(self, name: str) -> Dated:
        """Every value with the month number it holds from."""
        if self._usage is not None:
            (self._usage.read if name in self._dated else self._usage.missing).add(name)
        if name not in self._dated:
            raise unknown_name(name, self._dated)
        return self._dated[name]

    def at(self, name: str, when: date | str | int) -> Value:
        """The value in force in a month (a date, "2016-04" or a month number); before the first date, the first."""
        month = when if isinstance(when, int) else month_number(when)
        series = self.dated(name)
        found = series[0][1]
        for start, value in series:
            if start <= month:
                found = value
        return found

    def number_of(self, name: str, when: date | str | int | None = None) -> float:
        """A belief that is one number."""
        value = self[name] if when is None else self.at(name, when)
        if isinstance(value, float):
            return value
        raise RequestError(f"`{name}` is {value!r}, not one number.")

    def numbers_of(self, name: str, when: date | str | int | None = None) -> Mapping[str, float]:
        """A belief that is numbers by label."""
        value = self[name] if when is None else self.at(name, when)
        if isinstance(value, Mapping):
            return value
        raise RequestError(f"`{name}` is {value!r}, not numbers by label.")

    def name_of(self, name: str, when: date | str | int | None = None) -> str:
        """A belief that is a name: a need state, a rule."""
        value = self[name] if when is None else self.at(name, when)
        if isinstance(value, str):
            return value
        raise RequestError(f"`{name}` is {value!r}, not a name.")

    def in_model_units(self, name: str, when: date | str | int | None = None) -> float | dict[str, float]:
        """A number, or numbers by label, in months, per month, GBP per month, per one household."""
        value = self[name] if when is None else self.at(name, when)
        if isinstance(value, str):
            raise RequestError(f"`{name}` is the name {value!r} and has no unit to convert.")
        return to_model_units(value, self.book[name].unit)

    def recording(self, usage: Usage | None) -> Draw:
        """The same draw, noting in ``usage`` every name that is asked for."""
        twin = Draw.__new__(Draw)
        twin.book, twin.seed, twin.number, twin.quantiles = self.book, self.seed, self.number, self.quantiles
        twin._dated, twin._usage = self._dated, usage
        return twin

    def scaled(self, ratios: Mapping[str, float]) -> Draw:
        """The same draw with some numbers multiplied.

        Parameters
        ----------
        ratios : mapping of name to ratio
            A belief that is one number, a whole belief by label, or one label of it (``needs.family.up.none``).
        """
        twin = self.recording(self._usage)
        twin._dated = dict(self._dated)
        _multiply(twin._dated, ratios)
        return twin


def _scaled_at(value: Value, label: str, ratio: float) -> Value:
    if isinstance(value, Mapping):
        return MappingProxyType({key: n * (ratio if label in ("", key) else 1.0) for key, n in value.items()})
    assert isinstance(value, float)
    return value * ratio


def build_plan(book: Book) -> Plan:
    """The arrays behind `Draw`, once for each book."""
    varying = [
        (name, belief.uncertainty) for name, belief in book.items() if belief.uncertainty and not belief.is_certain
    ]
    names = tuple(name for name, _ in varying)
    rows = [_spread_row(book[name], spread) for name, spread in varying]
    scale, step, low, centre, high, level = np.array(rows, np.float64).reshape(-1, 6).T
    addresses = tuple(zlib.crc32(name.encode()) for name in names)
    fixed = {name: _priced(book, belief) for name, belief in book.items()}
    return Plan(names, addresses, scale, step, low, centre, high, level, fixed)


def belief_quantile(belief: Belief, u: Floats | float) -> Floats:
    """Quantiles of one belief: of its value, or of the common multiplier where it holds numbers by label."""
    centre = belief.central
    if isinstance(centre, str):
        raise RequestError(f"`{belief.name}` is a name and has no quantiles.")
    if belief.uncertainty is None or belief.is_certain:
        return np.full(np.shape(u), 1.0 if isinstance(centre, Mapping) else centre)
    scale, step, low, middle, high, level = _spread_row(belief, belief.uncertainty)
    moved = to_scale(scale, middle) + shifts(steps(u, step, level), scale, low, middle, high)
    drawn = from_scale(scale, moved)
    return drawn if belief.is_keyed else np.clip(drawn, UNITS[belief.unit].low, UNITS[belief.unit].high)


def _spread_row(belief: Belief, spread: Uncertainty) -> tuple[float, ...]:
    centre = 1.0 if belief.is_keyed else belief.central
    assert isinstance(centre, float)
    return scale_of(spread.shape, belief.is_keyed), step_of(spread.shape), spread.low, centre, spread.high, spread.level


def _priced(book: Book, belief: Belief) -> Dated:
    factor = book.price_factor(belief)
    return tuple((start, _times(value, factor)) for start, value in belief.dated)


def _times(value: Value, factor: float) -> Value:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return MappingProxyType({label: float(number) * factor for label, number in value.items()})
    return float(value) * factor


def _uniforms(seed: int, number: int, addresses: tuple[int, ...]) -> Floats:
    from demandsim.chance import TWO_TO_MINUS_32, philox_block

    key = np.array([seed & _WORD, (seed >> _BITS) & _WORD], np.uint32)
    counters = np.zeros((len(addresses), 4), np.uint32)
    counters[:, 0] = number
    counters[:, 1] = addresses
    words = np.array([philox_block(counter, key)[0] for counter in counters], np.float64)
    return np.asarray((words + 0.5) * TWO_TO_MINUS_32, np.float64)


def _draw_values(book: Book, seed: int, number: int | None, quantiles: Mapping[str, float]) -> dict[str, Dated]:
    plan = book.plan
    values = dict(plan.fixed)
    _check_quantiles(book, quantiles)
    calibrated = book.calibrated
    if number is not None and not 0 <= number <= _WORD:
        raise RequestError(f"Draw {number} is not a draw: draws count from 0.")
    row = calibrated.quantiles(number) if calibrated is not None and number is not None else {}
    quantiles = {**row, **quantiles}
    moved = {name for name in plan.names if number is not None or name in quantiles}
    if moved:
        u = np.full(len(plan.names), 0.5) if number is None else _uniforms(seed, number, plan.addresses)
        for position, name in enumerate(plan.names):
            u[position] = quantiles.get(name, u[position])
        shift = shifts(steps(u, plan.step, plan.level), plan.scale, plan.low, plan.centre, plan.high)
        for name, scale, by in zip(plan.names, plan.scale, shift, strict=True):
            if name in moved:
                values[name] = _shifted(book[name], int(scale), float(by), values[name], book.price_factor(book[name]))
    if calibrated is not None and number is not None:
        _multiply(values, calibrated.multipliers(number, values))
    for name, other in book.links.items():
        values[name] = values[other]
    return values


def _multiply(values: dict[str, Dated], ratios: Mapping[str, float]) -> None:
    """Multiply beliefs that are one number, whole beliefs by label, or one label of them."""
    for name, ratio in ratios.items():
        whole, label = (name, "") if name in values else (name.rpartition(".")[0], name.rpartition(".")[2])
        values[whole] = tuple((start, _scaled_at(value, label, ratio)) for start, value in values[whole])


def _check_quantiles(book: Book, quantiles: Mapping[str, float]) -> None:
    for name, u in quantiles.items():
        if book[name].role != "uncertainty":
            raise RequestError(f"`{name}` is a {book[name].role}, not an uncertainty: it has no quantiles.")
        if not 0 < u < 1:
            raise RequestError(f"The quantile of `{name}` is {u}; it must be between 0 and 1, ends excluded.")


def _shifted(belief: Belief, scale: int, by: float, priced: Dated, factor: float) -> Dated:
    """All dates moved alike on the belief's scale, or all labels by one multiplier."""
    unit = UNITS[belief.unit]
    is_share = unit.kind == "share"
    moved: list[tuple[int, Value]] = []
    multiplier = max(float(from_scale(scale, float(to_scale(scale, 1.0)) + by)), 0.0) if belief.is_keyed else 1.0
    for (start, stated), (_, central) in zip(belief.dated, priced, strict=True):
        if isinstance(stated, Mapping) and isinstance(central, Mapping):
            labels = {label: _odds(p, multiplier) if is_share else p * multiplier for label, p in central.items()}
            moved.append((start, MappingProxyType(labels)))
        elif isinstance(stated, float | int):
            drawn = float(from_scale(scale, float(to_scale(scale, float(stated))) + by))
            moved.append((start, min(max(drawn, unit.low), unit.high) * factor))
    return tuple(moved)


def _odds(p: float, multiplier: float) -> float:
    """A probability whose odds are multiplied."""
    return p * multiplier / (1.0 - p + p * multiplier) if p < 1.0 else 1.0
