"""Run a study: in memory, or into a folder from which it can be taken up again.

Takes a place, a book and scenarios, or a study file; gives results. The same seed gives the same figures, to the last
bit, whatever the number of workers, the order in which they finish, and however often the study was interrupted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from demandsim.errors import RequestError, StoreError
from demandsim.ledger.results import Frame, assemble, read_results
from demandsim.ledger.store import Arrays, Shard, Store
from demandsim.parameters.book import Book
from demandsim.place import Place
from demandsim.policy import Future, Scenario
from demandsim.study.config import KEPT_UNASKED, Study
from demandsim.study.finishing import finish_meta
from demandsim.study.footing.record import ATTRIBUTE, build_record
from demandsim.study.meta import build_meta
from demandsim.study.plan import Plan, Task, build_plan, default_headline
from demandsim.study.progress import Progress
from demandsim.study.recording import build_study_record, describe
from demandsim.study.workers import check_workers, run_tasks

if TYPE_CHECKING:
    from demandsim.study.luck import LuckJob

#: Runs one luck.
RunOne = Callable[["LuckJob"], Arrays]


@dataclass(frozen=True)
class Tally:
    """What a run of a study did.

    Attributes
    ----------
    folder : Path
    done, kept, failed : int
        Lucks run now, found there already, and failed.
    """

    folder: Path
    done: int
    kept: int
    failed: int


@dataclass(frozen=True)
class Work:
    """Does one luck of a plan: keeps it on disk where there is a store, hands its shard back where there is none."""

    plan: Plan
    run_one: RunOne | None = None
    store: Store | None = None

    def prepare(self, worker: int) -> None:
        """Compile before the first luck; workers with neighbouring numbers begin at different ends."""
        if self.run_one is None:
            from demandsim.study.warming import WARMERS, warm

            warm(worker % 2 * (len(WARMERS) // 2 + 1))

    def __call__(self, task: Task) -> Shard | None:
        """Run one luck."""
        arrays = self.plan.kept(task, _runner(self.run_one)(self.plan.job(task)))
        shard = shard_of(self.plan, task, arrays)
        if self.store is None:
            return shard
        self.store.write(shard)
        return None


def _runner(run_one: RunOne | None) -> RunOne:
    if run_one is not None:
        return run_one
    from demandsim.study.luck import run_luck

    return run_luck


def shard_of(plan: Plan, task: Task, arrays: Arrays | None = None, reason: str = "") -> Shard:
    """A luck's arrays, or the reason why there are none, under its name."""
    scenarios = plan.case_scenarios if task.case else plan.scenarios
    ids = tuple(one.id for one in scenarios)
    return Shard(plan.digest, task.case, task.draw, task.replicate, ids, arrays or {}, reason)


def run(
    place: Place,
    book: Book,
    scenarios: Sequence[Scenario],
    *,
    years: int = 10,
    draws: int = 20,
    replicates: int = 1,
    seed: int = 2016,
    households: int | None = None,
    start: str = "2016-04",
    run_in: int = 96,
    future: Future | None = None,
    keep: Sequence[str] = KEPT_UNASKED,
    workers: int = 1,
    show_progress: bool = False,
    run_one: RunOne | None = None,
) -> xr.Dataset:
    """Run scenarios in memory.

    Parameters
    ----------
    place : Place
    book : Book
    scenarios : sequence of Scenario
        The first is the one that the others are compared with.
    years, draws, replicates, seed, start, run_in
        As in `Study`.
    households : int, optional
        Households to simulate; otherwise as many as the place says.
    future : Future, optional
        How the times turn out, laid under every scenario; as now where there is none.
    keep : sequence of str
        As in `Study`.
    workers : int
        Processes; a script that asks for more than one needs a main guard.
    show_progress : bool
        On standard error.
    run_one : callable, optional
        Runs one luck; `demandsim.study.luck.run_luck` by default.

    Returns
    -------
    xarray.Dataset
        As `demandsim.read_results` gives.

    Raises
    ------
    ConfigError, RequestError
        If anything asked for cannot be run; nothing has been run then.
    """
    if not scenarios:
        raise RequestError("There is no scenario to run.")
    settings = {
        "years": years,
        "draws": draws,
        "replicates": replicates,
        "seed": seed,
        "start": start,
        "run_in": run_in,
    }
    study = check_numbers(place, scenarios, settings | {"keep": tuple(keep)})
    said = [f"{key}={value!r}" for key, value in settings.items()]
    said += [f"households={households}"] if households is not None else []
    said += [f"future={future.id}"] if future is not None else []
    said += [f"keep={study.keep!r}"] if study.keep != KEPT_UNASKED else []
    plan = Plan(
        place=place if households is None else place.scaled(households),
        book=book,
        scenarios=tuple(scenarios),
        headline=default_headline(scenarios),
        first_month=study.start,
        years=study.years,
        run_in=study.run_in,
        draws=study.draws,
        replicates=study.replicates,
        seed=study.seed,
        keep=study.keep,
        future=future,
        title=f"{scenarios[-1].title}, {place.title}",
        command=f"demandsim.run(place, book, scenarios, {', '.join(said)})",
    )
    plan.check()
    shards = []
    with Progress(len(plan.tasks), is_shown=show_progress) as progress:
        for outcome in run_tasks(plan.tasks, Work(plan, run_one), workers):
            shards.append(outcome.payload or shard_of(plan, outcome.task, reason=outcome.reason))
            progress.advance(bool(outcome.reason))
    results = assemble(_frame(plan), shards)
    results.attrs["meta"] = json.dumps(finish_meta(plan, results, build_meta(plan)))
    return results


def check_numbers(place: Place, scenarios: Sequence[Scenario], settings: dict[str, Any]) -> Study:
    """Check years, draws and the like as a study file's are."""
    from demandsim.parameters.reading import Faults, build

    faults = Faults()
    ids = tuple(one.id for one in scenarios)
    for name in dict.fromkeys(name for name in ids if ids.count(name) > 1):
        faults.add("run, `scenarios`", f"`{name}` is given twice.", "Give each scenario once.")
    study = build(Study, {"id": "run", "title": "run", "place": place.id, "scenarios": ids, **settings}, "run", faults)
    faults.stop()
    assert study is not None
    return study


def _frame(plan: Plan) -> Frame:
    return Frame(plan.scenario_ids, plan.draws, plan.replicates, plan.coords, plan.variables, describe(plan))


def run_study(
    study: Study,
    out: str | Path,
    *,
    workers: int | None = None,
    command: str = "",
    show_progress: bool = True,
    run_one: RunOne | None = None,
) -> Tally:
    """Run a study into a folder, or take it up where it was left.

    Parameters
    ----------
    study : Study
    out : path
        Each luck is written there whole or not at all. A luck that is there and sound is not run again; one that
        failed, is truncated or damaged is.
    workers : int, optional
        Processes; as many as there are processors by default.
    command : str, optional
        What to print in the brief as the way to get these figures again.
    show_progress : bool
        On standard error.
    run_one : callable, optional
        Runs one luck; `demandsim.study.luck.run_luck` by default.

    Raises
    ------
    ConfigError, RequestError
        If the study cannot be run; nothing has been run then.
    StoreError
        If the folder cannot be written to, is full, or holds another study. What was done is kept.
    """
    workers = check_workers(workers)
    plan = build_plan(study, command)
    store = Store(out, plan.digest)
    record = build_study_record(plan)
    meta = build_meta(plan)
    store.open({**record, "attrs": {**record["attrs"], "meta": meta}})
    missing = [task for task in plan.tasks if not _is_sound(store, task)]
    kept = len(plan.tasks) - len(missing)
    failed = 0
    with Progress(len(plan.tasks), kept, show_progress) as progress:
        for outcome in run_tasks(missing, Work(plan, run_one, store), workers):
            if outcome.reason:
                store.write(shard_of(plan, outcome.task, reason=outcome.reason))
                failed += 1
            progress.advance(bool(outcome.reason))
    footing = build_record(plan, store)
    finished = finish_meta(plan, read_results(out), meta, footing)
    store.write_record({**record, "attrs": {**record["attrs"], "meta": finished, ATTRIBUTE: footing}})
    return Tally(Path(out), len(missing), kept, failed)


def _is_sound(store: Store, task: Task) -> bool:
    """Whether a luck is there, whole, and did not fail."""
    try:
        shard = store.read(task.case, task.draw, task.replicate)
    except StoreError:
        return False
    return shard is not None and not shard.reason


__all__ = ["RunOne", "Tally", "Work", "run", "run_study", "shard_of"]
