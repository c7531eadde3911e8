"""Hazard ratios from published studies: each study run again inside the model, until the model gives what it found.

Two passes over independent lucks. The first tries a grid of ratios in each luck and solves the ratio of each study; the
second replays every study at what was solved, on lucks that the solution has not seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import ConfigError, Fault, RequestError
from demandsim.model.demand_model import DemandModel
from demandsim.parameters.book import Book, load_parameters
from demandsim.place import Place, load_place
from demandsim.policy.scenario import Scenario, load_scenario
from demandsim.study.books import ENGLAND
from demandsim.study.progress import Progress
from demandsim.study.replay.checking import check_replays
from demandsim.study.replay.fitted_effects import Replayed, number_of, write_effects
from demandsim.study.replay.outcomes import contrast, follow, look
from demandsim.study.replay.people import Followed, Help, find_people, run_place
from demandsim.study.replay.solving import (
    Believed,
    Solved,
    believe,
    build_grid,
    contrasts_without,
    jackknife_error,
    solve,
    solve_jointly,
)
from demandsim.study.replay.studies import FILE, Replays, Study, load_replays
from demandsim.study.workers import check_workers, run_tasks

Floats = NDArray[np.float64]
Report = Callable[[str], None]


@dataclass(frozen=True)
class ReplayPlan:
    """How large and how often studies are replayed.

    Attributes
    ----------
    households : int
        Of the place as now, in which a study finds its people.
    people : int
        Households followed a study and luck; those found are taken as often as it needs.
    lucks : int
        Runs to solve with; as many others to replay with.
    run_in : int
        Months before a study begins.
    workers : int, optional
        As many as there are processors by default.
    """

    households: int = 60_000
    people: int = 4_000
    lucks: int = 8
    run_in: int = 96
    seed: int = 1604
    workers: int | None = None
    is_shown: bool = True

    def __post_init__(self) -> None:
        for name, least in (("households", 100), ("people", 10), ("lucks", 2), ("run_in", 1)):
            if getattr(self, name) < least:
                raise RequestError(f"{getattr(self, name):,} {name} are too few to replay anything. Ask for {least:,}.")


@dataclass(frozen=True, eq=False)
class Counted:
    """One study in one luck: mean outcomes.

    Attributes
    ----------
    helped : ndarray, shape (ratios,)
        At each hazard ratio tried.
    others : float
        Of the same people without the trial's help.
    before : float
        At the start; nan where the outcome is no state or case at one moment.
    found : int
        Households of the place that met the criteria.
    """

    helped: Floats
    others: float
    before: float
    found: int


@dataclass(frozen=True, eq=False)
class ReplayWork:
    """Does one luck: the place as now, then every study in it. Small enough to send to a worker.

    Attributes
    ----------
    ratios : mapping of study to ndarray
        Log hazard ratios to try.
    """

    place: Place
    book: Book
    as_now: Scenario
    studies: tuple[Study, ...]
    plan: ReplayPlan
    ratios: dict[str, Floats] = field(default_factory=dict)

    def __call__(self, luck: int) -> dict[str, Counted]:
        """Counted by study."""
        model = run_place(self.place, self.book, self.as_now, self.plan.run_in, self.plan.seed, luck)
        found = {study.name: self._replay(model, study) for study in self.studies}
        model.close()
        return found

    def _replay(self, model: DemandModel, study: Study) -> Counted:
        rows = find_people(model, study.population, "" if study.keeps_service else study.service)
        if rows.size == 0:
            raise RequestError(
                f"No household of the {self.plan.households:,} simulated is one that “{study.title}” would take in. "
                "Ask for more households, or mend its population in replays.toml."
            )
        people = np.resize(rows, self.plan.people)
        lines = [model.inputs.services.index(line) for line in study.outcome.lines]
        is_moment = study.outcome.kind in ("state_at", "case_ever")
        start = Followed(model, people, help_of(study), None)
        before = float(look(start, study.outcome, lines).mean()) if is_moment else float("nan")
        others = float(follow(start, study.outcome, lines, study.months).mean())
        helped = [
            follow(Followed(model, people, help_of(study), float(ratio)), study.outcome, lines, study.months).mean()
            for ratio in self.ratios[study.name]
        ]
        return Counted(np.array(helped), others, before, rows.size)


def help_of(study: Study) -> Help:
    """The trial's line of help of a study."""
    return Help(
        study.service, study.need, study.acts_on, study.length, study.lag, study.drop_out, not study.keeps_service,
        study.stays_open,
    )  # fmt: skip


def book_before(configs: Path) -> Book:
    """England's book without replayed effects: a fit of effects does not read what an earlier one wrote."""
    england = configs / "fitted" / f"{ENGLAND}.toml"
    return load_parameters(configs / "parameters", [england] if england.is_file() else [])


def fit_effects(configs: Path, plan: ReplayPlan | None = None, report: Report = print) -> Path:
    """Replay every study of ``configs/replays.toml`` and write ``configs/fitted/effects.toml``.

    Parameters
    ----------
    configs : Path
        Folder of the configs.
    plan : ReplayPlan, optional
    report : callable
        Told a line a study.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ConfigError
        If the studies or the parameters have faults.
    RequestError
        If the place is too small to find a study's people.
    """
    plan = plan or ReplayPlan()
    book = book_before(configs)
    replays = checked_replays(configs, book)
    place = load_place(configs / "places" / f"{ENGLAND}.toml").scaled(plan.households)
    as_now = load_scenario(configs / "scenarios" / "as_now.toml")
    found = replay_all(ReplayWork(place, book, as_now, replays.studies, plan))
    for one in found:
        report(f"{one.study.title}: {one.told()}")
    return write_effects(configs / "fitted" / "effects.toml", book, found, replays.uncontrolled)


def checked_replays(configs: Path, book: Book) -> Replays:
    """The studies, once everything about them agrees with the book."""
    path = configs / FILE
    if not path.is_file():
        raise ConfigError(Fault(path.as_posix(), "there is no such file.", "It says how each study is replayed."))
    if faults := check_replays(configs, book).faults:
        raise ConfigError(faults)
    return load_replays(path)


def replay_all(work: ReplayWork) -> list[Replayed]:
    """Solve every study, then replay it on lucks that the solution has not seen."""
    plan, book = work.plan, work.book
    grid = build_grid(number_of(book, "replay.most_ratio"))
    by_name = {study.name: study for study in work.studies}
    beside = {one.name: one.with_outcome_of(by_name[one.also]) for one in work.studies if one.also}
    believed = {name: believe(study, book[study.published], book) for name, study in by_name.items()}
    everything = replace(work, studies=(*work.studies, *beside.values()))
    with Progress(2 * plan.lucks, is_shown=plan.is_shown) as progress:
        first = _run(everything, {one.name: grid for one in everything.studies}, 0, progress)
        solved: dict[str, Solved] = {}
        for name, study in by_name.items():
            if name not in beside:
                solved[name] = solve(study, believed[name], grid, *_means(first, study))
                continue
            helped, others = zip(_means(first, study), _means(first, beside[name]), strict=True)
            pair = believed[name], believed[study.also]
            solved[name] = solve_jointly((study, beside[name]), pair, grid, helped, others)
        at = {name: np.log([one.ratio, _stated(book, by_name[name])]) for name, one in solved.items()}
        at |= {one.name: at[name] for name, one in beside.items()}
        second = _run(everything, at, plan.lucks, progress)
    return [
        _told(study, book, believed[name], solved[name], second, beside.get(name)) for name, study in by_name.items()
    ]


def _run(work: ReplayWork, ratios: dict[str, Floats], first: int, progress: Progress) -> list[dict[str, Counted]]:
    """So many lucks from the first on, in order of luck whoever finishes first."""
    lucks = range(first, first + work.plan.lucks)
    done: dict[int, dict[str, Counted]] = {}
    for outcome in run_tasks(lucks, replace(work, ratios=ratios), check_workers(work.plan.workers)):
        if outcome.reason:
            raise RequestError(f"A luck of the replays failed: {outcome.reason}.")
        done[outcome.task] = outcome.payload
        progress.advance()
    return [done[luck] for luck in lucks]


def _means(lucks: list[dict[str, Counted]], study: Study) -> tuple[Floats, Floats]:
    here = [luck[study.name] for luck in lucks]
    return np.stack([one.helped for one in here]), np.array([one.others for one in here])


def _stated(book: Book, study: Study) -> float:
    """The ratio that stood before any replay: the first of the study's effects, or none."""
    for effect in study.effects:
        return number_of(book, f"effects.{effect}.hazard_ratio")
    return 1.0


def _told(
    study: Study, book: Book, believed: Believed, solved: Solved, second: list[dict[str, Counted]], beside: Study | None
) -> Replayed:
    """What both passes say of one study."""
    helped, others = _means(second, study)
    pooled = _pooled(second, study)
    error = jackknife_error(np.stack(contrasts_without(study, helped, others)))
    here = [luck[study.name] for luck in second]
    return Replayed(
        study=study,
        published=book[study.published],
        believed=believed,
        solved=solved,
        replayed=float(pooled[0]),
        replayed_error=float(error[0]),
        stated=_stated(book, study),
        stated_gives=float(pooled[1]),
        others=float(others.mean()),
        before=float(np.mean([one.before for one in here])),
        found=float(np.mean([one.found for one in here])),
        lucks=others.size,
        also_gives=float(_pooled(second, beside)[0]) if beside else float("nan"),
    )


def _pooled(lucks: list[dict[str, Counted]], study: Study) -> Floats:
    """Contrast of all lucks together, at each ratio."""
    helped, others = _means(lucks, study)
    return contrast(study, helped.mean(axis=0), others.mean())
