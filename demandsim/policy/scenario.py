"""A scenario: a small patch of levers on a named baseline.

Takes one TOML file (and the baseline it names, from the same folder); gives a frozen `Scenario`, or every fault.
Never moves anything but levers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Protocol

from pydantic import Field, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from demandsim.errors import Fault
from demandsim.parameters.belief import ASSUMED, Entry, Value, flatten
from demandsim.parameters.book import Book
from demandsim.parameters.checking import Section
from demandsim.parameters.reading import Faults, did_you_mean, read_named
from demandsim.policy.levers import lever_problem, setting_problem
from demandsim.quantities import UNITS, month_number, to_model_units

_BASELINE: Final = re.compile(r"^([a-z0-9_]+)(?:@sha256:([0-9a-f]{8}))?$")


class Setting(Entry):
    """What a lever is set to from a date on: a value, or so many times its as-now value."""

    from_: date = Field(alias="from")
    value: float | str | dict[str, float] | None = None
    times: float | None = Field(default=None, ge=0)

    @field_validator("value", mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        return flatten(value)

    @model_validator(mode="after")
    def _one_of_two(self) -> Setting:
        if (self.value is None) == (self.times is None):
            raise ValueError("states either `value` or `times`, one of the two.")
        return self


class Ramp(Entry):
    """How long a change takes: recruitment is not a switch."""

    value: float = Field(gt=0)
    unit: str

    @field_validator("unit")
    @classmethod
    def _is_time(cls, unit: str) -> str:
        if unit not in UNITS or UNITS[unit].kind != "duration":
            raise ValueError(f"is {unit!r}; a ramp is in months, weeks or years.")
        return unit

    @property
    def months(self) -> float:
        """Its length in months."""
        return to_model_units(self.value, self.unit)


class Change(Entry):
    """One lever moved, from one date or several."""

    lever: str
    values: tuple[Setting, ...] = Field(min_length=1)
    unit: str = ""
    ramp: Ramp | None = None
    source: str = Field(min_length=1)
    price_year: str | None = Field(default=None, pattern=r"^\d{4}/\d{2}$")
    note: str = ""


class Patch(Protocol):
    """What a scenario and a future have in common: changes, and where each of them stands."""

    @property
    def changes(self) -> Sequence[Change]:
        """What it moves."""

    def place_of(self, number: int, key: str) -> str:
        """Where a fault is."""


#: Why a name cannot be moved, and what to do; none if it can.
NameProblem = Callable[[Book, str], tuple[str, str] | None]


class Scenario(Entry):
    """What would be done differently.

    ``baseline`` is the id of another scenario, pinned by a digest or not; ``as_now`` itself has none.
    """

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    question: str = ""
    baseline: str = ""
    changes: tuple[Change, ...] = Field(default=(), alias="change")
    note: str = ""
    base: SkipJsonSchema[Scenario | None] = Field(default=None, exclude=True)
    file: SkipJsonSchema[str] = Field(default="", exclude=True)

    @field_validator("baseline")
    @classmethod
    def _is_named(cls, baseline: str) -> str:
        if baseline and not _BASELINE.match(baseline):
            raise ValueError(f'is {baseline!r}; write "as_now" or "as_now@sha256:" and eight characters.')
        return baseline

    @property
    def baseline_id(self) -> str:
        """The baseline's id, without the digest."""
        return self.baseline.split("@")[0]

    @property
    def pinned_digest(self) -> str:
        """The digest it is pinned to; empty for a draft."""
        return self.baseline.partition("@sha256:")[2]

    @property
    def lineage(self) -> tuple[Scenario, ...]:
        """The baselines it stands on, first to last, and then itself."""
        return (*(self.base.lineage if self.base else ()), self)

    def place_of(self, number: int, key: str) -> str:
        """Where a fault is: file, change (counted from 1), key."""
        return f"{self.file or self.id}, change {number}, `{key}`"


def load_scenario(path: str | Path, book: Book | None = None) -> Scenario:
    """Read a scenario and the baselines it stands on.

    Parameters
    ----------
    path : path
        The file is named after the scenario's id.
    book : Book, optional
        Where given, levers, units, bounds and sources are checked too. They always are before a run.

    Raises
    ------
    ConfigError
        With every fault of the file.
    """
    faults = Faults()
    scenario = read_scenario(Path(path), faults)
    if scenario is not None and book is not None:
        faults.extend(check_scenario(scenario, book))
    faults.stop()
    assert scenario is not None  # no scenario without a fault
    return scenario


def read_scenario(path: Path, faults: Faults, above: tuple[str, ...] = ()) -> Scenario | None:
    """Read one file, gathering faults. ``above`` are the ids that stand on it."""
    where = path.as_posix()
    scenario = read_named(Scenario, path, faults, ("base", "file", "changes"), "Write each change as [[change]].")
    if scenario is None:
        return None
    check_shape(scenario, faults)
    if not scenario.baseline:
        if scenario.changes:
            faults.add(f"{where}, `baseline`", "is missing, and there are changes.", 'Add baseline = "as_now".')
        return scenario
    if scenario.baseline_id in (*above, scenario.id):
        faults.add(
            f"{where}, `baseline`", f"`{scenario.baseline_id}` stands on this scenario itself.", "Break the circle."
        )
        return scenario
    home = path.with_name(f"{scenario.baseline_id}.toml")
    if not home.is_file():
        stems = [other.stem for other in path.parent.glob("*.toml")]
        remedy = did_you_mean(scenario.baseline_id, stems) or f"Scenarios here: {', '.join(sorted(stems))}."
        faults.add(f"{where}, `baseline`", f"there is no scenario `{scenario.baseline_id}` beside this file.", remedy)
        return scenario
    base = read_scenario(home, faults, (*above, scenario.id))
    return scenario.model_copy(update={"base": base})


def check_shape(scenario: Patch, faults: Faults) -> None:
    """What can be seen without the book: repeated levers, dates out of order."""
    seen: dict[str, int] = {}
    for number, change in enumerate(scenario.changes, 1):
        if change.lever in seen:
            faults.add(
                scenario.place_of(number, "lever"),
                f"`{change.lever}` is already moved in change {seen[change.lever]}.",
                "Put all its dates into one change.",
            )
        seen.setdefault(change.lever, number)
        starts = [month_number(setting.from_) for setting in change.values]
        if any(later <= earlier for earlier, later in pairwise(starts)):
            faults.add(
                scenario.place_of(number, "values"),
                "the dates are out of order.",
                "List each month once, earliest first.",
            )


def check_scenario(scenario: Scenario, book: Book) -> list[Fault]:
    """Every fault that shows only against the book: no lever, wrong unit, outside bounds, unknown source."""
    faults = Faults(check_changes(scenario, book, lever_problem))
    if scenario.base is not None:
        faults.extend(check_scenario(scenario.base, book))
    return faults


def check_changes(scenario: Patch, book: Book, problem_of: NameProblem) -> list[Fault]:
    """Every fault of a patch's changes against the book; ``problem_of`` says why a name may not be moved by it."""
    faults = Faults()
    for number, change in enumerate(scenario.changes, 1):
        if problem := problem_of(book, change.lever):
            faults.add(scenario.place_of(number, "lever"), *problem)
        else:
            _check_unit(scenario, number, change, book, faults)
            _check_values(scenario, number, change, book, faults)
        if change.source != ASSUMED and change.source not in book.sources:
            remedy = did_you_mean(change.source, book.sources) or 'Add it there, or set source = "assumed".'
            faults.add(scenario.place_of(number, "source"), f"`{change.source}` is not in sources.toml.", remedy)
    return faults


def _check_unit(scenario: Patch, number: int, change: Change, book: Book, faults: Faults) -> None:
    unit = book[change.lever].unit
    where = scenario.place_of(number, "unit")
    states_numbers = any(isinstance(setting.value, float | Mapping) for setting in change.values)
    if change.unit and change.unit != unit:
        faults.add(
            where,
            f"is `{change.unit}`, but `{change.lever}` is in `{unit}`.",
            f'Convert the value and write unit = "{unit}".',
        )
    elif not change.unit and states_numbers:
        faults.add(where, "is missing: a number needs its unit.", f'Add unit = "{unit}".')
    if change.price_year and not UNITS[unit].is_money:
        faults.add(scenario.place_of(number, "price_year"), f"`{unit}` is not money.", "Remove `price_year`.")


def _check_values(scenario: Patch, number: int, change: Change, book: Book, faults: Faults) -> None:
    now: Value = book[change.lever].central
    for setting in change.values:
        if setting.times is not None:
            if isinstance(now, str) or change.lever.endswith(".payers"):
                faults.add(
                    scenario.place_of(number, "values"), "`times` needs a lever that is a number.", "Use `value`."
                )
        elif setting.value is not None and (what := setting_problem(book, change.lever, setting.value)):
            faults.add(scenario.place_of(number, "values"), f"the value {what}", "Mend the value.")
    if change.ramp is not None and isinstance(now, str):
        faults.add(scenario.place_of(number, "ramp"), "a name cannot be ramped.", "Remove `ramp`.")


def check_scenarios(configs: Path, book: Book) -> Section:
    """Check every file in ``scenarios/``: a checker for `demandsim.parameters.check`."""
    faults = Faults()
    sources, beliefs = set(), set()
    paths = sorted((configs / "scenarios").glob("*.toml"))
    for path in paths:
        own = Faults()
        scenario = read_scenario(path, own)
        if scenario is not None:
            own.extend(check_scenario(scenario, book))
            sources |= {change.source for change in scenario.changes}
            beliefs |= {change.lever for change in scenario.changes}
        faults.extend(fault for fault in own if fault not in faults)  # a baseline's faults are told once
    return Section(tuple(faults), frozenset(sources), frozenset(beliefs), len(paths))
