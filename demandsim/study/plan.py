"""Everything a study will do, worked out before anything is run.

Takes a place, a book, scenarios and numbers, checked together; gives the lucks to run, the axes of their results, and
a digest of whatever could change a figure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from demandsim.errors import Fault, RequestError
from demandsim.ledger.prices import PROGRAMME
from demandsim.ledger.store import Arrays
from demandsim.ledger.variables import VARIABLES
from demandsim.parameters.book import Book
from demandsim.place import Place, load_place
from demandsim.policy import Future, Scenario, apply, digest_baseline, load_future, load_scenario, verify_pinned
from demandsim.quantities import MONTHS_PER_YEAR, fiscal_year, month_label, month_number
from demandsim.study.axes import fixed_axes
from demandsim.study.books import load_book
from demandsim.study.cases import CASES, case_book
from demandsim.study.config import KEPT_UNASKED, OPTIONAL, Study
from demandsim.study.fingerprint import digest_code
from demandsim.study.folders import find_named
from demandsim.study.footing.design import NO_FOOTING, REPLICATES, FootingDesign, keep_totals
from demandsim.version import VERSION

if TYPE_CHECKING:
    from demandsim.study.luck import LuckJob

#: A plan whose results would be larger than this is refused.
MOST_BYTES: Final = 4_000_000_000
_BYTES_A_NUMBER: Final = 8
ALL_AREAS: Final = "all areas"
#: What is kept of a belief case.
CASE_VARIABLES: Final = ("cost", "state_months")


@dataclass(frozen=True)
class Task:
    """One luck to run: of a belief case or the footing study, or of the study's own draws where ``case`` is empty."""

    case: str
    draw: int
    replicate: int


@dataclass(frozen=True, eq=False)
class Plan:
    """What a study will do. Small enough to send to a worker.

    Parameters
    ----------
    place : Place
        With the number of households to simulate.
    book : Book
    scenarios : tuple of Scenario
        The first is compared with.
    headline : str
        Id of the scenario that belief cases are run for; empty where there is only one.
    first_month : str
    years, run_in, draws, replicates, seed
    keep : tuple of str
    case_lucks : int
        Lucks for each belief case; 0 for none.
    footing : FootingDesign
        Many draws on a small version of the place, for what the answer stands on.
    id, title, question, command : str
    future : Future, optional
        Laid under every scenario.
    """

    place: Place
    book: Book
    scenarios: tuple[Scenario, ...]
    headline: str = ""
    first_month: str = "2016-04"
    years: int = 10
    run_in: int = 60
    draws: int = 20
    replicates: int = 1
    seed: int = 2016
    keep: tuple[str, ...] = KEPT_UNASKED
    case_lucks: int = 0
    footing: FootingDesign = NO_FOOTING
    id: str = "study"
    title: str = ""
    question: str = ""
    command: str = ""
    future: Future | None = None

    @property
    def n_months(self) -> int:
        """Months of the run proper."""
        return self.years * MONTHS_PER_YEAR

    @property
    def scenario_ids(self) -> tuple[str, ...]:
        """Ids, in order."""
        return tuple(scenario.id for scenario in self.scenarios)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables kept."""
        left_out = set(OPTIONAL) - set(self.keep)
        return tuple(variable.name for variable in VARIABLES if variable.name not in left_out)

    @property
    def case_scenarios(self) -> tuple[Scenario, ...]:
        """The two scenarios of the belief cases."""
        return (self.scenarios[0], *(one for one in self.scenarios if one.id == self.headline))

    @property
    def cases(self) -> tuple[str, ...]:
        """Belief cases to run; none where there is nothing to compare."""
        return CASES if self.case_lucks and len(self.case_scenarios) == 2 else ()

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Whatever could change a figure of a luck. More draws of the same study are the same study."""
        return {
            "version": VERSION,
            "code": digest_code(),
            "place": self.place.digest,
            "households": self.place.n_households,
            "beliefs": self.book.digest,
            "scenarios": {one.id: digest_baseline(one, self.book) for one in self.scenarios},
            "headline": self.headline,
            "future": _moves(self.future) if self.future else None,
            "start": self.first_month,
            "years": self.years,
            "run_in": self.run_in,
            "replicates": self.replicates,
            "seed": self.seed,
            "keep": sorted(self.keep),
        }

    @cached_property
    def digest(self) -> str:
        """Fingerprint of the identity."""
        return hashlib.sha256(json.dumps(self.identity, sort_keys=True).encode()).hexdigest()

    @cached_property
    def coords(self) -> dict[str, list[Any]]:
        """Labels of every dimension but the run's own."""
        from demandsim.model.prices import stream_categories

        first = month_number(self.first_month)
        services = [one.name for one in sorted(self.book.services.values(), key=lambda one: one.code)]
        streams = tuple(self.book.streams)
        return fixed_axes() | {
            "category": [*services, *sorted(self.book.costs), *stream_categories(streams), PROGRAMME],
            "year": [fiscal_year(first + MONTHS_PER_YEAR * year) for year in range(self.years)],
            "service": services,
            "month": [month_label(first + month) for month in range(self.n_months)],
            "area": [area.name for area in self.place.areas] if "areas" in self.keep else [ALL_AREAS],
            "stream": list(streams),
            "purse": list(self.book.agencies),
        }

    @property
    def n_bytes(self) -> int:
        """Size of the results."""
        numbers = 0
        for variable in VARIABLES:
            if variable.name in self.variables:
                size = 1
                for dim in variable.dims:
                    size *= len(self.coords[dim])
                numbers += size
        return numbers * _BYTES_A_NUMBER * len(self.scenarios) * self.draws * self.replicates

    @property
    def tasks(self) -> list[Task]:
        """Every luck, the study's own first."""
        own = [Task("", draw, replicate) for draw in range(self.draws) for replicate in range(self.replicates)]
        cases = [Task(case, 0, replicate) for case in self.cases for replicate in range(self.case_lucks)]
        return own + cases + self.footing_tasks

    @property
    def footing_tasks(self) -> list[Task]:
        """Lucks of the footing study; none where there is nothing to compare."""
        return [Task(*luck) for luck in self.footing.lucks] if len(self.case_scenarios) == 2 else []

    def job(self, task: Task) -> LuckJob:
        """What a luck needs."""
        from demandsim.study.luck import PLACE_SEED, LuckJob

        is_footing = task.case == self.footing.case
        is_own = not task.case
        return LuckJob(
            place=self.place.scaled(self.footing.households) if is_footing else self.place,
            book=self.book if is_own or is_footing else case_book(self.book, task.case),
            scenarios=self.scenarios if is_own else self.case_scenarios,
            first_month=self.first_month,
            years=self.years,
            run_in=self.run_in,
            seed=self.seed,
            draw=task.draw if is_own or is_footing else None,
            replicate=task.replicate,
            replicates=self.replicates if is_own else REPLICATES if is_footing else self.case_lucks,
            future=self.future,
            follow_work=is_own and "work_pathways" in self.keep,
            place_seed=self.footing.place_seed(PLACE_SEED, task.draw, task.replicate) if is_footing else PLACE_SEED,
        )

    def kept(self, task: Task, arrays: Arrays) -> dict[str, Any]:
        """Of what a luck yields, what the study keeps."""
        if task.case == self.footing.case:
            return keep_totals(arrays, self.coords)
        names = CASE_VARIABLES if task.case else self.variables
        kept = {name: arrays[name] for name in names}
        if "areas" not in self.keep:
            kept["state_months"] = kept["state_months"].sum(axis=1, keepdims=True)
        return kept

    def check(self) -> None:
        """Refuse what cannot be run, before anything is.

        Raises
        ------
        ConfigError
            If a scenario moves a lever before the start, or moves what is no lever.
        BaselineMoved
            If a scenario's baseline has moved since it was pinned.
        RequestError
            If the results would be too large.
        """
        if self.n_bytes > MOST_BYTES:
            what = f"would keep {self.n_bytes / 1e9:,.1f} GB of results; a study may keep {MOST_BYTES / 1e9:,.0f} GB."
            remedy = "Ask for fewer draws, replicates or scenarios."
            if "areas" in self.keep:
                remedy += f" Leaving `areas` out of `keep` drops {len(self.place.areas)} neighbourhoods."
            raise RequestError(Fault(f"study {self.id}", what, remedy))
        central = self.book.draw(self.seed)
        for scenario in self.scenarios:
            apply(central, scenario, self.first_month, self.n_months, future=self.future)
            verify_pinned(scenario, self.book, require=False)


def build_plan(study: Study, command: str = "") -> Plan:
    """Read a study's place, beliefs and scenarios, and check them together."""
    configs = study.configs
    place = load_place(find_named(configs, "places", study.place))
    if study.households != "full":
        place = place.scaled(int(study.households))
    book = load_book(configs, place.fit_id)
    scenarios = tuple(load_scenario(find_named(configs, "scenarios", name), book) for name in study.scenarios)
    plan = Plan(
        place=place,
        book=book,
        scenarios=scenarios,
        headline=study.headline or default_headline(scenarios),
        first_month=study.start,
        years=study.years,
        run_in=study.run_in,
        draws=study.draws,
        replicates=study.replicates,
        seed=study.seed,
        keep=study.keep,
        case_lucks=study.belief_cases,
        footing=FootingDesign(study.footing, study.footing_households),
        id=study.id,
        title=study.title,
        question=study.question,
        command=command or f"demandsim run {Path(study.file).as_posix()} --out DIR",
        future=load_future(find_named(configs, "futures", study.future), book) if study.future else None,
    )
    plan.check()
    return plan


def _moves(future: Future) -> list[Any]:
    """What a future does, without its words."""
    told = [change.model_dump(mode="json", exclude={"source", "note"}) for change in future.changes]
    return [future.id, told]


def pins_of(scenarios: Sequence[Scenario]) -> dict[str, dict[str, str]]:
    """What each scenario stands on, and whether it is pinned to it."""
    return {one.id: {"baseline": one.baseline_id, "pinned": one.pinned_digest, "file": one.file} for one in scenarios}


def default_headline(scenarios: Sequence[Scenario]) -> str:
    """The second scenario, where there is one."""
    return scenarios[1].id if len(scenarios) > 1 else ""
