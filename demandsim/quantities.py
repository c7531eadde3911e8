"""Quantities that carry their unit, and the only home of 12 and 365.25.

Takes numbers with the unit they were written in; gives typed values, and the plain floats of the model:
months, events per month, GBP per month, shares of one. Never guesses a unit: an unknown one is an error.

Conversion is a verb: ``hazard.over(months(1))`` is a probability. Types have no ``*``, so a hazard cannot
quietly become a probability.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, overload

from demandsim.errors import RequestError

MONTHS_PER_YEAR: Final = 12
#: Durations are counted in whole ticks, 4,096 to a month, so that sums do not depend on order.
TICKS: Final = 4096
DAYS_PER_YEAR: Final = 365.25
DAYS_PER_WEEK: Final = 7
HOURS_PER_DAY: Final = 24
DAYS_PER_MONTH: Final = DAYS_PER_YEAR / MONTHS_PER_YEAR
WEEKS_PER_YEAR: Final = DAYS_PER_YEAR / DAYS_PER_WEEK
WEEKS_PER_MONTH: Final = WEEKS_PER_YEAR / MONTHS_PER_YEAR
PENCE_PER_POUND: Final = 100
#: Fiscal years start in April.
FISCAL_YEAR_STARTS: Final = 4


@dataclass(frozen=True, order=True)
class Duration:
    """A length of time, kept in months."""

    months: float

    def __post_init__(self) -> None:
        _need(self.months >= 0, f"a duration of {self.months} months is negative.")

    @property
    def years(self) -> float:
        """The length in years."""
        return self.months / MONTHS_PER_YEAR

    @property
    def weeks(self) -> float:
        """The length in weeks."""
        return self.months * WEEKS_PER_MONTH

    @property
    def days(self) -> float:
        """The length in days."""
        return self.months * DAYS_PER_MONTH

    def as_hazard_of_ending(self) -> Hazard:
        """The constant hazard whose mean wait is this duration."""
        _need(self.months > 0, "a duration of nought has no hazard of ending.")
        return Hazard(1.0 / self.months)


def months(n: float) -> Duration:
    """``n`` months."""
    return Duration(n)


def years(n: float) -> Duration:
    """``n`` years."""
    return Duration(n * MONTHS_PER_YEAR)


def weeks(n: float) -> Duration:
    """``n`` weeks."""
    return Duration(n / WEEKS_PER_MONTH)


def days(n: float) -> Duration:
    """``n`` days."""
    return Duration(n / DAYS_PER_MONTH)


@dataclass(frozen=True, order=True)
class Ratio:
    """How many times; multiplies hazards, never probabilities."""

    value: float

    def __post_init__(self) -> None:
        _need(self.value >= 0, f"a ratio of {self.value} is negative.")

    def spread_over(self, n_rungs: int) -> Ratio:
        """The ratio on each of ``n_rungs`` rungs that together make this one."""
        _need(n_rungs >= 1, "a ratio is spread over at least one rung.")
        return Ratio(self.value ** (1.0 / n_rungs))

    def shrunk_by(self, share: float) -> Ratio:
        """Nearer to 1: the logarithm loses ``share`` of its size."""
        return Ratio(self.value ** (1.0 - share))


@dataclass(frozen=True, order=True)
class Hazard:
    """An instantaneous chance per month."""

    per_month: float

    def __post_init__(self) -> None:
        _need(self.per_month >= 0, f"a hazard of {self.per_month} per month is negative.")

    @classmethod
    def yearly(cls, per_year: float) -> Hazard:
        """A hazard stated per year."""
        return cls(per_year / MONTHS_PER_YEAR)

    @property
    def per_year(self) -> float:
        """The same hazard, per year."""
        return self.per_month * MONTHS_PER_YEAR

    def over(self, time: Duration) -> Probability:
        """The chance that it happens at least once in ``time``."""
        return Probability(-math.expm1(-self.per_month * time.months))


@dataclass(frozen=True, order=True)
class Probability:
    """The chance of a stated event in a stated time, or a share of a stated whole."""

    value: float

    def __post_init__(self) -> None:
        _need(0 <= self.value <= 1, f"a probability of {self.value} is not between 0 and 1.")

    @property
    def odds(self) -> float:
        """The chance for, over the chance against."""
        return math.inf if self.value == 1 else self.value / (1.0 - self.value)

    def within(self, time: Duration) -> Hazard:
        """The constant hazard that gives this chance in ``time``."""
        _need(self.value < 1, "a certain event has no finite hazard.")
        _need(time.months > 0, "a chance within no time has no hazard.")
        return Hazard(-math.log1p(-self.value) / time.months)

    def with_odds_scaled_by(self, ratio: Ratio) -> Probability:
        """The chance when its odds are multiplied."""
        odds = self.value * ratio.value
        return Probability(odds / (odds + 1.0 - self.value)) if self.value < 1 else self


@dataclass(frozen=True)
class Money:
    """Pounds of a stated price year."""

    gbp: float
    price_year: str

    @property
    def pence(self) -> int:
        """Whole pence, so that sums do not depend on their order."""
        return round(self.gbp * PENCE_PER_POUND)

    def repriced_to(self, price_year: str, deflators: Mapping[str, float]) -> Money:
        """The same goods at another year's prices."""
        return Money(self.gbp * price_factor(self.price_year, price_year, deflators), price_year)


def price_factor(stated: str, wanted: str, deflators: Mapping[str, float]) -> float:
    """What prices of the fiscal year ``stated`` are multiplied by to be those of ``wanted``; years as "2013/14"."""
    if stated == wanted:
        return 1.0
    missing = [year for year in (stated, wanted) if year not in deflators]
    if missing:
        raise RequestError(f"No deflator for {' or '.join(missing)}. Add the year to the deflators in appraisal.toml.")
    return deflators[wanted] / deflators[stated]


Kind = Literal["hazard", "share", "ratio", "duration", "money", "number", "category"]


@dataclass(frozen=True)
class Unit:
    """A unit of the registry.

    Parameters
    ----------
    name : str
        As written in a config file.
    kind : str
        What sort of quantity it measures.
    to_model : float
        Multiplies a value in this unit to give the model's own: months, per month, GBP per month, per one household.
    low, high : float
        What a value may be.
    """

    name: str
    kind: Kind
    to_model: float
    low: float
    high: float

    @property
    def is_money(self) -> bool:
        """Whether values need a price year."""
        return self.kind == "money"

    @property
    def is_category(self) -> bool:
        """Whether values are names, not numbers."""
        return self.kind == "category"


_PER_YEAR: Final = 1.0 / MONTHS_PER_YEAR
#: Kind, lowest value, highest value, and the units of that sort with their factor to the model's own.
_REGISTRY: Final[tuple[tuple[Kind, float, float, Mapping[str, float]], ...]] = (
    ("hazard", 0.0, math.inf, {"per month": 1.0, "per year": _PER_YEAR}),
    ("share", 0.0, 1.0, {"share": 1.0, "probability": 1.0}),
    ("ratio", 0.0, math.inf, {"ratio": 1.0}),
    (
        "duration",
        0.0,
        math.inf,
        {
            "months": 1.0,
            "years": float(MONTHS_PER_YEAR),
            "weeks": 1.0 / WEEKS_PER_MONTH,
            "hours": 1.0 / (HOURS_PER_DAY * DAYS_PER_MONTH),
        },
    ),
    ("money", 0.0, math.inf, dict.fromkeys(("GBP", "GBP per case", "GBP per event", "GBP per case-month"), 1.0)),
    ("money", 0.0, math.inf, {f"GBP per {who}-month": 1.0 for who in ("household", "child", "adult")}),
    ("money", 0.0, math.inf, {"GBP per FTE-year": _PER_YEAR, "GBP per tonne": 1.0}),
    ("number", 0.0, math.inf, dict.fromkeys(("FTE", "cases per FTE", "households", "persons", "count"), 1.0)),
    ("number", 0.0, math.inf, {"FTE per 10,000 households": 1e-4, "per 1,000 households": 1e-3}),
    ("number", 0.0, math.inf, {"per 1,000 households per year": 1e-3 * _PER_YEAR}),
    ("number", 0.0, math.inf, {"per 10,000 children": 1e-4, "per 10,000 children per year": 1e-4 * _PER_YEAR}),
    ("number", 0.0, math.inf, {"tonnes per household per year": _PER_YEAR}),
    ("number", 0.0, math.inf, dict.fromkeys(("standard deviation", "need-month weight"), 1.0)),
    ("number", -math.inf, math.inf, dict.fromkeys(("index", "exponent", "per standard deviation"), 1.0)),
    ("category", 0.0, math.inf, dict.fromkeys(("need state", "rule"), 1.0)),
)
UNITS: Final[Mapping[str, Unit]] = {
    name: Unit(name, kind, factor, low, high)
    for kind, low, high, factors in _REGISTRY
    for name, factor in factors.items()
}


@overload
def to_model_units(value: float, unit: str) -> float: ...
@overload
def to_model_units(value: Mapping[str, float], unit: str) -> dict[str, float]: ...
def to_model_units(value: float | Mapping[str, float], unit: str) -> float | dict[str, float]:
    """A value in the model's own unit: months, per month, GBP per month, per one household.

    Money counted per case, event or household-month is already so; per FTE-year becomes per FTE-month;
    "per 10,000 households" becomes per household.
    """
    factor = find_unit(unit).to_model
    if isinstance(value, Mapping):
        return {key: entry * factor for key, entry in value.items()}
    return value * factor


def find_unit(name: str) -> Unit:
    """The registry's entry of a unit; an unknown name is an error."""
    if name not in UNITS:
        raise RequestError(f"`{name}` is not a unit. Units: {', '.join(UNITS)}.")
    return UNITS[name]


def month_number(when: date | str) -> int:
    """Months since year nought: the same for any day of a month; accepts a date, "2016-04" or "2016-04-01"."""
    if isinstance(when, date):
        return when.year * MONTHS_PER_YEAR + when.month - 1
    try:
        year, month = (int(part) for part in when.split("-")[:2])
    except ValueError:
        raise RequestError(f"`{when}` is not a month. Write it as 2016-04.") from None
    _need(1 <= month <= MONTHS_PER_YEAR, f"`{when}` is not a month. Write it as 2016-04.")
    return year * MONTHS_PER_YEAR + month - 1


def month_label(number: int) -> str:
    """The inverse of `month_number`: "2016-04"."""
    return f"{number // MONTHS_PER_YEAR:04d}-{number % MONTHS_PER_YEAR + 1:02d}"


def fiscal_year(number: int) -> str:
    """The fiscal year a month number falls in: "2016/17"."""
    start = (number - (FISCAL_YEAR_STARTS - 1)) // MONTHS_PER_YEAR
    return f"{start}/{(start + 1) % 100:02d}"


def _need(truth: bool, otherwise: str) -> None:
    if not truth:
        raise RequestError(otherwise[0].upper() + otherwise[1:])
