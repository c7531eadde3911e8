"""One belief: a value with its unit, how sure we are of it, and who says so.

Takes one TOML table; gives a frozen `Belief`, or every reason why it cannot be one.
Never holds a number without a unit, a source and an evidence grade.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from demandsim.parameters.quantiles import scale_of, to_scale
from demandsim.parameters.vocabulary import choices_of, lowest_of
from demandsim.quantities import UNITS, month_number

#: What a belief may hold: a number, a name, or numbers by label.
Value = float | str | Mapping[str, float]
Role = Literal["lever", "circumstance", "uncertainty", "constant"]
Grade = Literal["measured", "published", "elicited", "assumed", "calibrated"]
Shape = Literal["lognormal", "normal", "beta", "uniform", "triangular"]

GRADES: Final[tuple[Grade, ...]] = ("measured", "published", "calibrated", "elicited", "assumed")
#: What may move a belief: a scenario, a future, a draw, nothing.
ROLES: Final[tuple[Role, ...]] = ("lever", "circumstance", "uncertainty", "constant")
ASSUMED: Final = "assumed"


class Problem(NamedTuple):
    """A reason why a table is no belief: which key, what, and what to do."""

    key: str
    what: str
    remedy: str = ""


class Entry(BaseModel):
    """Frozen, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)


class Uncertainty(Entry):
    """How far the truth may lie from the value.

    ``low`` and ``high`` hold the central ``level`` of the distribution; for a value by label they are one common
    multiplier of every entry. The median is the value itself.
    """

    shape: Shape
    low: float
    high: float
    level: float = Field(gt=0, le=1)


class Dated(Entry):
    """A value from a date on."""

    from_: date = Field(alias="from")
    value: float | str | dict[str, float]

    @field_validator("value", mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        return flatten(value)


class Belief(Entry):
    """What we hold about one quantity, and why."""

    name: str
    value: float | str | dict[str, float] | None = None
    values: tuple[Dated, ...] = ()
    unit: str
    meaning: str = Field(min_length=1)
    uncertainty: Uncertainty | None = None
    null: float | str | dict[str, float] | None = None
    price_year: str | None = Field(default=None, pattern=r"^\d{4}/\d{2}$")
    source: str = Field(min_length=1)
    evidence: Grade
    role: Role
    note: str = ""

    @field_validator("value", "null", mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        return flatten(value)

    @property
    def dated(self) -> tuple[tuple[int, Value], ...]:
        """Every value with the month number it holds from; an undated value holds from month nought."""
        if self.value is not None:
            return ((0, self.value),)
        return tuple((month_number(entry.from_), entry.value) for entry in self.values)

    @property
    def central(self) -> Value:
        """The value, or the earliest of dated ones."""
        return self.dated[0][1]

    @property
    def is_keyed(self) -> bool:
        """Whether it holds numbers by label."""
        return isinstance(self.central, Mapping)

    @property
    def is_categorical(self) -> bool:
        """Whether it holds a name and not a number."""
        return isinstance(self.central, str)

    @property
    def is_certain(self) -> bool:
        """Whether every draw gives the same: no uncertainty, or one of no width."""
        return self.uncertainty is None or self.uncertainty.low == self.uncertainty.high

    def at(self, month: int) -> Value:
        """The value in force in a month; before the first date, the first."""
        found = self.dated[0][1]
        for start, value in self.dated:
            if start <= month:
                found = value
        return found


def flatten(value: Any) -> Any:
    """``{work = {money = 2}}``, as TOML reads unquoted dots, becomes ``{"work.money": 2}``."""
    if isinstance(value, bool):
        raise ValueError("is true or false; it must be a number, a name or numbers by label.")
    if not isinstance(value, dict):
        return value
    flat: dict[str, Any] = {}
    for key, entry in value.items():
        inner = flatten(entry)
        flat |= (
            {f"{key}.{below}": number for below, number in inner.items()} if isinstance(inner, dict) else {key: inner}
        )
    return flat


def find_problems(belief: Belief) -> Iterator[Problem]:
    """Everything that is wrong with a belief taken alone."""
    if belief.unit not in UNITS:
        yield Problem("unit", f"`{belief.unit}` is not a unit.", "Units are listed in demandsim/quantities.py.")
        return
    if (belief.value is None) == (not belief.values):
        yield Problem("value", "a belief states either `value` or `values`.", "Keep one of the two.")
        return
    yield from _money_problems(belief)
    yield from _date_problems(belief)
    yield from _provenance_problems(belief)
    in_bounds = True
    for problem in _bound_problems(belief):
        in_bounds = False
        yield problem
    if in_bounds:
        yield from _uncertainty_problems(belief)


def value_problem(value: Value, unit: str, name: str = "") -> str:
    """Why a value cannot be in a unit; empty if it can."""
    kind = UNITS[unit]
    if kind.is_category:
        allowed = choices_of(name, unit)
        if value not in allowed:
            return f"is {value!r}; it may be {_listed(allowed)}."
        return ""
    if isinstance(value, str):
        return f"is the word {value!r}, but `{unit}` needs a number."
    for label, number in value.items() if isinstance(value, Mapping) else (("", value),):
        at = f" for {label}" if label else ""
        if not math.isfinite(number):
            return f"is {number}{at}; it must be a finite number."
        if not lowest_of(name, kind.low) <= number <= kind.high:
            return f"is {number:g}{at}; {_bounds(unit, lowest_of(name, kind.low))}."
    return "" if not isinstance(value, Mapping) or value else "is an empty table."


def _bounds(unit: str, low: float) -> str:
    kind = UNITS[unit]
    if kind.kind == "share":
        return f"a {unit} is between 0 and 1"
    return {"hazard": "a hazard is never negative", "money": "money is never negative"}.get(
        kind.kind, f"`{unit}` is never below {low:g}"
    )


def _listed(names: tuple[str, ...]) -> str:
    return " or ".join(f"`{name}`" for name in names)


def _money_problems(belief: Belief) -> Iterator[Problem]:
    is_money = UNITS[belief.unit].is_money
    if is_money and belief.price_year is None:
        yield Problem(
            "price_year", "an amount of money needs its price year.", 'Add price_year = "2015/16" or as published.'
        )
    if not is_money and belief.price_year is not None:
        yield Problem("price_year", f"`{belief.unit}` is not money.", "Remove `price_year`, or mend `unit`.")


def _date_problems(belief: Belief) -> Iterator[Problem]:
    starts = [entry.from_ for entry in belief.values]
    if any(later <= earlier for earlier, later in pairwise(starts)):
        yield Problem("values", "the dates are out of order.", "List each date once, earliest first.")
    labels = {tuple(sorted(value)) if isinstance(value, Mapping) else type(value).__name__ for _, value in belief.dated}
    if len(labels) > 1:
        yield Problem("values", "the dates do not hold the same labels.", "Give every date the same labels.")


def _provenance_problems(belief: Belief) -> Iterator[Problem]:
    if belief.source == ASSUMED and belief.evidence in ("measured", "published"):
        yield Problem(
            "source",
            f"evidence is `{belief.evidence}`, yet the source is `assumed`.",
            'Name the source, or set evidence = "assumed".',
        )


def _bound_problems(belief: Belief) -> Iterator[Problem]:
    key = "value" if belief.value is not None else "values"
    for _, value in belief.dated:
        if what := value_problem(value, belief.unit, belief.name):
            yield Problem(key, f"the value {what}", "Mend the value, or its `unit`.")
    null = belief.null
    refers = isinstance(null, str) and not UNITS[belief.unit].is_category  # the name of another belief
    if null is not None and not refers and (what := value_problem(null, belief.unit, belief.name)):
        yield Problem("null", f"the value {what}", "`null` is the value at which the mechanism does nothing.")


def _uncertainty_problems(belief: Belief) -> Iterator[Problem]:
    spread = belief.uncertainty
    if belief.role != "uncertainty":
        if spread is not None:
            yield Problem(
                "uncertainty",
                f"a {belief.role} is not drawn, so it has no uncertainty.",
                'Remove `uncertainty`, or set role = "uncertainty".',
            )
        return
    if spread is None:
        yield Problem(
            "uncertainty",
            "is missing, and the role is `uncertainty`.",
            'Add uncertainty = { shape = "lognormal", low = …, high = …, level = 0.95 }.',
        )
        return
    centre = 1.0 if belief.is_keyed else belief.central
    if isinstance(centre, str | Mapping):
        yield Problem("uncertainty", "a name cannot be drawn.", 'Set role = "lever" or "constant".')
        return
    yield from _spread_problems(belief, spread, centre)


def _spread_problems(belief: Belief, spread: Uncertainty, centre: float) -> Iterator[Problem]:
    is_bounded = spread.shape in ("uniform", "triangular")
    if not spread.low <= centre <= spread.high:
        about = "the common multiplier 1" if belief.is_keyed else f"the value {centre:g}"
        yield Problem("uncertainty", f"{spread.low:g} to {spread.high:g} does not hold {about}.", "Mend low or high.")
        return
    if belief.is_certain:
        return
    if is_bounded != (spread.level == 1.0):
        text = "has end points" if is_bounded else "has no end points"
        wanted = "level = 1.0" if is_bounded else "a level below 1, such as 0.95"
        yield Problem("uncertainty", f"`{spread.shape}` {text}, and level is {spread.level:g}.", f"Give {wanted}.")
        return
    if not belief.is_keyed:
        for key, number in (("low", spread.low), ("high", spread.high)):
            if what := value_problem(number, belief.unit):
                yield Problem("uncertainty", f"`{key}` {what}", f"Mend `{key}`.")
                return
    scale = scale_of(spread.shape, belief.is_keyed)
    ends = [float(to_scale(scale, number)) for number in (spread.low, centre, spread.high)]
    if not all(math.isfinite(end) for end in ends):
        yield Problem(
            "uncertainty",
            f"`{spread.shape}` cannot reach {spread.low:g} to {spread.high:g} about {centre:g}.",
            'Where an end is 0 (or 1 for a share) use shape = "triangular" or "uniform" with level = 1.0.',
        )
