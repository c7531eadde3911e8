"""A study: which place, which scenarios, how many sets of beliefs and runs of luck, and what to keep.

Takes one TOML file, and settings from the command line over it; gives a frozen `Study`, or every fault at once.
Never runs anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import Field, field_validator
from pydantic.json_schema import SkipJsonSchema

from demandsim.errors import ConfigError, RequestError
from demandsim.parameters.belief import Entry
from demandsim.parameters.book import Book
from demandsim.parameters.checking import Section
from demandsim.parameters.reading import Faults, build, did_you_mean, read_toml
from demandsim.quantities import FISCAL_YEAR_STARTS, MONTHS_PER_YEAR, month_label, month_number
from demandsim.study.folders import find_configs, find_named, list_ids

#: What a study may do without: two ledgers beside the main ones, the front door by month, neighbourhoods, and ways into
#: work, which are watched month by month.
KEPT_UNASKED: Final = ("areas", "door", "exported", "overspend")
OPTIONAL: Final = (*KEPT_UNASKED, "work_pathways")
CASE_LUCKS: Final = 4
MOST_YEARS: Final = 15
MOST_RUN_IN: Final = 240


class Study(Entry):
    """Which worlds to run.

    Parameters
    ----------
    id, title, question : str
    place : str
        Id of a place in ``configs/places``, or the path of a place file.
    scenarios : tuple of str
        Ids or paths; the first is the one that all others are compared with.
    headline : str
        The scenario that the brief is about; the second where not stated.
    future : str
        Id or path of a future, laid under every scenario; none where circumstances are as now.
    start : str
        First month, an April: "2016-04".
    years : int
    run_in : int
        Months before the start in which all is as now, so that lists and caseloads fill; they are not counted.
    households : int or "full"
        Households to simulate.
    draws : int
        Sets of beliefs.
    replicates : int
        Runs of luck for each.
    seed : int
    keep : tuple of str
        Which of `OPTIONAL` to keep; cost, activity, states, unmet need and outcomes always are.
    belief_cases : int
        Lucks for each of the belief cases that the brief shows; 0 for none, true for four.
    footing : int
        Sets of beliefs of the footing study, which finds the beliefs that move the answer most and how much of the
        spread between runs is luck, belief and place; 0 for none.
    footing_households : int
        Households that the footing study simulates.
    """

    id: str = Field(min_length=1, pattern=r"^[a-z0-9_]+$")
    title: str = Field(min_length=1)
    question: str = ""
    place: str = Field(min_length=1)
    scenarios: tuple[str, ...] = Field(min_length=1)
    headline: str = ""
    future: str = ""
    start: str = "2016-04"
    years: int = Field(default=10, ge=1, le=MOST_YEARS)
    run_in: int = Field(default=96, ge=0, le=MOST_RUN_IN)
    households: int | str = "full"
    draws: int = Field(default=20, ge=1, le=100_000)
    replicates: int = Field(default=1, ge=1, le=1_000)
    seed: int = Field(default=2016, ge=0, lt=2**32)
    keep: tuple[str, ...] = KEPT_UNASKED
    belief_cases: int = Field(default=CASE_LUCKS, ge=0, le=100)
    footing: int = Field(default=0, ge=0, le=10_000)
    footing_households: int = Field(default=2_000, ge=1, le=100_000)
    file: SkipJsonSchema[str] = Field(default="", exclude=True)

    @field_validator("start", mode="before")
    @classmethod
    def _april(cls, start: Any) -> str:
        label = start.isoformat()[:7] if isinstance(start, date) else str(start)
        try:
            number = month_number(label)
        except RequestError:
            raise ValueError(f'is {start!r}, which is not a month. Write it as "2016-04".') from None
        if number % MONTHS_PER_YEAR != FISCAL_YEAR_STARTS - 1:
            raise ValueError(
                f"is {label}; a study starts in an April, because years are fiscal years. Use {_near(number)}."
            )
        return month_label(number)

    @field_validator("households", mode="before")
    @classmethod
    def _some(cls, households: Any) -> int | str:
        if households == "full":
            return "full"
        if isinstance(households, str) and households.strip().lstrip("-").isdigit():
            households = int(households)
        if isinstance(households, bool) or not isinstance(households, int) or households < 1:
            raise ValueError(f'is {households!r}; it must be a whole number from 1 up, or "full" for the whole place.')
        return households

    @field_validator("belief_cases", mode="before")
    @classmethod
    def _lucks(cls, belief_cases: Any) -> Any:
        return {True: CASE_LUCKS, False: 0}[belief_cases] if isinstance(belief_cases, bool) else belief_cases

    @field_validator("keep")
    @classmethod
    def _known(cls, keep: tuple[str, ...]) -> tuple[str, ...]:
        for name in keep:
            if name not in OPTIONAL:
                remedy = did_you_mean(name, OPTIONAL)
                raise ValueError(f"has `{name}`; a study may keep {', '.join(OPTIONAL)}. {remedy}".rstrip())
        return keep

    @property
    def configs(self) -> Path:
        """The folder of config files that the study goes with."""
        return find_configs(Path(self.file).parent.parent if self.file else None)


def _near(number: int) -> str:
    april = number - (number - (FISCAL_YEAR_STARTS - 1)) % MONTHS_PER_YEAR
    return f'"{month_label(april)}" or "{month_label(april + MONTHS_PER_YEAR)}"'


def load_study(path: str | Path, settings: Mapping[str, Any] | None = None) -> Study:
    """Read a study.

    Parameters
    ----------
    path : path or str
        A file, or the id of one in ``configs/studies``.
    settings : mapping, optional
        Keys to set over the file's, as the command line does; those that are None are left.

    Raises
    ------
    ConfigError
        With every fault of the file and the settings.
    """
    given = {key: value for key, value in (settings or {}).items() if value is not None}
    file = Path(path) if str(path).endswith(".toml") else find_named(find_configs(), "studies", str(path))
    faults = Faults()
    study = read_study(file, faults, given)
    if faults:
        raise ConfigError([from_command_line(fault, given) for fault in faults])
    assert study is not None
    return study


def from_command_line(fault: Any, given: Mapping[str, Any]) -> Any:
    """A fault of a setting is not the file's."""
    key = fault.where.rpartition("`")[0].rpartition("`")[2]
    return replace(fault, where=f"--{key}") if key in given else fault


def read_study(path: Path, faults: Faults, settings: Mapping[str, Any] | None = None) -> Study | None:
    """Read one file, gathering faults: of its keys, its place and its scenarios' names."""
    where = path.as_posix()
    before = len(faults)
    table = read_toml(path, faults)
    if len(faults) > before:
        return None
    table |= settings or {}
    study = build(Study, {**table, "file": where}, where, faults)
    names = {key: table.get(key) for key in ("place", "scenarios", "headline", "future")}
    _check_names(names, find_configs(path.parent.parent), where, faults)
    if study is not None and not settings and study.id != path.stem:
        faults.add(f"{where}, `id`", f"is `{study.id}`, but the file is {path.name}.", f"Name it {study.id}.toml.")
    return study


def _check_names(names: Mapping[str, Any], configs: Path, where: str, faults: Faults) -> None:
    """The place and the scenarios are there, no scenario twice, and the headline is one of them."""
    place, scenarios, headline = names["place"], names["scenarios"], names["headline"]
    if isinstance(place, str) and place and not find_named(configs, "places", place).is_file():
        faults.add(f"{where}, `place`", *_no_such("place", place, list_ids(configs, "places")))
    future = names["future"]
    if isinstance(future, str) and future and not find_named(configs, "futures", future).is_file():
        faults.add(f"{where}, `future`", *_no_such("future", future, list_ids(configs, "futures")))
    if not isinstance(scenarios, Sequence) or isinstance(scenarios, str):
        return
    ids = [Path(name).stem for name in scenarios if isinstance(name, str)]
    for name in (name for name in scenarios if isinstance(name, str)):
        if not find_named(configs, "scenarios", name).is_file():
            faults.add(f"{where}, `scenarios`", *_no_such("scenario", name, list_ids(configs, "scenarios")))
    for name in dict.fromkeys(name for name in ids if ids.count(name) > 1):
        faults.add(f"{where}, `scenarios`", f"`{name}` is listed twice.", "List each scenario once.")
    if headline and headline not in ids:
        what = f"`{headline}` is not among the study's scenarios."
        faults.add(f"{where}, `headline`", what, did_you_mean(str(headline), ids) or f"There are: {', '.join(ids)}.")


def _no_such(kind: str, name: str, known: Sequence[str]) -> tuple[str, str]:
    remedy = did_you_mean(name, known) or f"There are: {', '.join(known)}."
    return f"there is no {kind} `{name}`.", remedy


def check_studies(configs: Path, book: Book) -> Section:
    """Check every file in ``studies/``: a checker for `demandsim.parameters.check`."""
    faults = Faults()
    paths = sorted((configs / "studies").glob("*.toml"))
    for path in paths:
        read_study(path, faults)
    return Section(tuple(faults), n_files=len(paths))
