"""What is asked for, checked, and turned into a plan of runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from demandsim.errors import Fault, RequestError
from demandsim.parameters.book import Book
from demandsim.parameters.calibrated import is_current
from demandsim.parameters.reading import did_you_mean
from demandsim.place import Place, load_place
from demandsim.policy import load_scenario
from demandsim.quantities import FISCAL_YEAR_STARTS, MONTHS_PER_YEAR, fiscal_year, month_label, month_number
from demandsim.study.books import ENGLAND, load_book
from demandsim.study.folders import find_named, list_ids
from demandsim.study.plan import Plan
from demandsim.study.targets import Target, load_targets

MOST_YEARS: Final = 15
#: A place of more households than this is simulated at this size, with two lucks for each set of beliefs.
LARGEST: Final = 150_000
RUN_IN: Final = 96
AS_NOW: Final = "as_now"


@dataclass(frozen=True)
class Request:
    """What is to be predicted.

    Attributes
    ----------
    place : str
        Id in ``configs/places``, or the path of a place file.
    to, until : str
        Months: the last predicted, and the last of which anything may be known. Each a March.
    draws : int
        Sets of beliefs.
    households : int, optional
        To simulate; the whole place where it has no more than `LARGEST`.
    seed : int
    is_calibrated : bool
        With beliefs calibrated on what was known at ``until``; otherwise as the configs state them.
    command : str
        How to get these figures again.
    """

    place: str
    to: str
    until: str = "2015-03"
    draws: int = 100
    households: int | None = None
    seed: int = 2016
    is_calibrated: bool = True
    command: str = ""

    @property
    def horizons(self) -> int:
        """Years predicted."""
        return (month_number(self.to) - month_number(self.until)) // MONTHS_PER_YEAR

    @property
    def base_year(self) -> str:
        """The fiscal year that ends with ``until``."""
        return fiscal_year(month_number(self.until))

    @property
    def years(self) -> list[str]:
        """Fiscal years predicted."""
        first = month_number(self.until) + 1
        return [fiscal_year(first + MONTHS_PER_YEAR * year) for year in range(self.horizons)]

    def check(self) -> None:
        """Refuse months and numbers that cannot be meant, all at once.

        Raises
        ------
        RequestError
        """
        faults = [fault for name in ("to", "until") for fault in _march(name, getattr(self, name))]
        if not faults and not 1 <= self.horizons <= MOST_YEARS:
            what = f"is {self.to}, {self.horizons} years after {self.until}."
            first, last = (_years_after(self.until, years) for years in (1, MOST_YEARS))
            faults.append(Fault("--to", what, f"Choose a March from {first} to {last}."))
        if self.draws < 2:
            faults.append(Fault("--draws", f"is {self.draws}; a band needs at least 2.", "Ask for 20 or more."))
        if self.households is not None and self.households < 1:
            faults.append(Fault("--households", f"is {self.households}.", "Ask for at least 1."))
        if faults:
            raise RequestError(faults)


def _march(name: str, month: str) -> list[Fault]:
    """A fault where a month is no month, or not the last of a fiscal year."""
    try:
        number = month_number(month)
    except RequestError as error:
        return [Fault(f"--{name}", str(error))]
    after = (number + 1 - (FISCAL_YEAR_STARTS - 1)) % MONTHS_PER_YEAR
    if after == 0:
        return []
    near = f"{month_label(number - after)} or {month_label(number - after + MONTHS_PER_YEAR)}"
    return [Fault(f"--{name}", f"is {month}; figures are of fiscal years, which end in March.", f"Use {near}.")]


def _years_after(month: str, years: int) -> str:
    return month_label(month_number(month) + MONTHS_PER_YEAR * years)


def plan_prediction(request: Request, configs: Path) -> Plan:
    """A plan of the place as now, from a year before what is predicted: that year tells how far out the level is.

    Raises
    ------
    RequestError
        For what cannot be asked, or where the place is not calibrated on what was known then.
    ConfigError
        With every fault of the configs.
    """
    request.check()
    path = find_named(configs, "places", request.place)
    if not path.is_file():
        known = list_ids(configs, "places")
        remedy = did_you_mean(request.place, known) or f"There are: {', '.join(known)}."
        raise RequestError(f"There is no place `{request.place}`. {remedy}")
    place = load_place(path)
    size = request.households or min(place.households, LARGEST)
    book = load_beliefs(configs, place, request)
    plan = Plan(
        place=place.scaled(size),
        book=book,
        scenarios=(load_scenario(find_named(configs, "scenarios", AS_NOW), book),),
        first_month=month_label(month_number(request.until) + 1 - MONTHS_PER_YEAR),
        years=request.horizons + 1,
        run_in=RUN_IN,
        draws=request.draws,
        replicates=1 if size >= place.households else 2,
        seed=request.seed,
        keep=(),
        id="prediction",
        title=f"Prediction, {place.title}",
        command=request.command,
    )
    plan.check()
    return plan


def load_beliefs(configs: Path, place: Place, request: Request) -> Book:
    """The book of beliefs to predict with."""
    if not request.is_calibrated:
        return load_book(configs, place.fit_id, calibrated=False)
    return load_book(configs, place.fit_id, until=request.until)


def doubts_about(book: Book, place: str, until: str) -> tuple[str, ...]:
    """What speaks against calibrated draws as a prediction's: another place's, figures or beliefs changed since."""
    draws = book.calibrated
    if draws is None:
        return ()
    told = []
    if draws.place != place:
        told.append(
            f"They are those of {place_words(draws.place)}: nothing was calibrated to this place's own figures up to "
            f"{until}."
        )
    if draws.until is None or month_number(draws.until) > month_number(until):
        told.append(f"Their fit has looked at figures after {until}: this is no prediction.")
    if not is_current(draws, book):
        told.append(f"The configs have changed since: run demandsim calibrate {draws.place} --until {until} again.")
    return tuple(told)


@dataclass(frozen=True)
class LaterTarget:
    """A published figure after the date that something in the beliefs was fitted to: its measure, and it in words."""

    measure: str
    said: str


def later_targets(configs: Path, place: Place, until: str) -> list[LaterTarget]:
    """Published figures after a date that something in the beliefs was fitted to: a prediction knows of them.

    Base hazards and a place's multipliers are fitted once, to every target whose use is ``fit``; those whose period
    ends after ``until`` are told.
    """
    number = month_number(until)
    told = []
    for name in dict.fromkeys((ENGLAND, place.fit_id)):
        path = configs / "targets" / f"{name}.toml"
        if path.is_file():
            late = (one for one in load_targets(path) if one.use == "fit" and month_number(one.window) > number)
            told += [LaterTarget(one.measure, f"{one.measure.replace('_', ' ')} ({_when(name, one)})") for one in late]
    return told


def place_words(place: str) -> str:
    """The id of a place as its name in a sentence."""
    return place.replace("_", " ").title().replace(" And ", " and ")


def _when(place: str, target: Target) -> str:
    return f"{place_words(place)}, {_day(target.window)}"


def _day(when: date) -> str:
    return f"{when:%B %Y}"


def later_shocks(book: Book, until: str) -> tuple[str, ...]:
    """Dated changes of the times that began after a date and that the beliefs hold: who knew them then?"""
    number = month_number(until)
    return tuple(
        f"{shock.title or shock.name} ({_day(shock.from_)})"
        for shock in book.shocks.values()
        if month_number(shock.from_) > number and book[f"shocks.{shock.name}.strength"].central
    )
