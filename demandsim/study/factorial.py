"""Every combination of principles on the same people, beliefs and luck: the run-in once, then a branch for each.

Takes a study, principles and a folder; leaves in it one shard for each chunk of combinations and each luck, written
whole or not at all, so that a killed run goes on where it was. The same seed gives the same figures, to the last bit,
whatever the number of workers.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from demandsim.errors import ConfigError, Fault, StoreError
from demandsim.ledger.accounts import CASH, cost_cube
from demandsim.ledger.prices import PROGRAMME
from demandsim.ledger.store import Arrays, Shard, Store
from demandsim.model.calendar import CALENDAR
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import build_inputs
from demandsim.parameters.drawing import Draw
from demandsim.policy import Scenario, load_principles
from demandsim.policy.principles import PRINCIPLES_FILE
from demandsim.study.combinations import Combinations, check_intensity, check_orders, check_rollouts
from demandsim.study.config import Study
from demandsim.study.luck import LuckJob, build_indicators, population_of, price_world
from demandsim.study.meta import build_meta
from demandsim.study.plan import Task, build_plan
from demandsim.study.progress import Progress
from demandsim.study.recording import build_study_record
from demandsim.study.run import RunOne
from demandsim.study.sittings import Sitting, note_sitting
from demandsim.study.workers import check_workers, run_tasks

#: The world at the end of its run-in, of the luck that this process is working on.
_BASE: dict[tuple[Any, ...], tuple[DemandModel, Draw]] = {}


@dataclass(frozen=True)
class FactorialTally:
    """What a run of combinations did.

    Attributes
    ----------
    folder : Path
    run, kept, failed : int
        Worlds run now, found there already, and lost to a failure.
    seconds : float
        How long it took.
    """

    folder: Path
    run: int
    kept: int
    failed: int
    seconds: float


@dataclass(frozen=True)
class ChunkWork:
    """Does one chunk of one luck and keeps it on disk."""

    combinations: Combinations
    store: Store
    run_one: RunOne | None = None

    def prepare(self, worker: int) -> None:
        """Compile before the first chunk; workers with neighbouring numbers begin at different ends."""
        if self.run_one is None:
            from demandsim.study.warming import WARMERS, warm

            warm(worker % 2 * (len(WARMERS) // 2 + 1))

    def __call__(self, task: Task) -> None:
        """Run one chunk."""
        arrays = (self.run_one or run_combinations)(self.combinations.job(task))
        self.store.write(chunk_shard(self.combinations, task, arrays))


def chunk_shard(combinations: Combinations, task: Task, arrays: Arrays | None = None, reason: str = "") -> Shard:
    """A chunk's arrays, or the reason why there are none, under its name."""
    labels = combinations.labels(task.case)
    return Shard(combinations.digest, task.case, task.draw, task.replicate, labels, arrays or {}, reason)


def run_combinations(job: LuckJob) -> Arrays:
    """Run the combinations of one chunk, each a branch of one world at the end of its run-in.

    Parameters
    ----------
    job : LuckJob
        Its scenarios are combinations of principles on one baseline.

    Returns
    -------
    dict of str to ndarray
        With a leading axis of combinations: ``cash`` by payer and year (GBP), ``programme`` by year (the part of it
        that the principles themselves cost), ``outcome_value`` by outcome and year.

    Raises
    ------
    BalanceError
        If the books of any world do not balance.
    """
    base, draw = _run_in(job)
    totals = [_run_branch(base, draw, job, scenario) for scenario in job.scenarios]
    return {name: np.stack([total[name] for total in totals]) for name in totals[0]}


def _run_in(job: LuckJob) -> tuple[DemandModel, Draw]:
    """The luck's world at the end of its run-in, in which no scenario has moved a lever yet."""
    key = (job.place.digest, job.place.n_households, job.book.digest, job.seed, job.luck, job.first_month, job.months,
           job.run_in, job.draw, job.future.model_dump_json() if job.future else "")  # fmt: skip
    if key not in _BASE:
        for world, _ in _BASE.values():
            world.close()
        _BASE.clear()  # a worker serves one luck after the other
        draw = job.book.draw(job.seed, job.draw)
        baseline = job.scenarios[0].base or job.scenarios[0]
        inputs = build_inputs(job.place, draw, baseline, job.first_month, job.months, job.run_in, job.future)
        world = DemandModel(inputs, population_of(job), job.place.deprivation_z, job.seed, job.luck)
        world.run_in()
        _BASE[key] = world, draw
    return _BASE[key]


def _run_branch(base: DemandModel, draw: Draw, job: LuckJob, scenario: Scenario) -> dict[str, Any]:
    inputs = build_inputs(job.place, draw, scenario, job.first_month, job.months, job.run_in, job.future)
    world = base.branch(inputs)
    while not world.is_done:
        for row in CALENDAR:
            if row.run is not None:
                row.run(world)
    accounts = price_world(world)
    cash = cost_cube(accounts, inputs.prices)[CASH]
    programme = cash[:, inputs.prices.categories.index(PROGRAMME)].sum(axis=0)
    outcomes = build_indicators(world, draw).all()
    world.close()
    return {"cash": cash.sum(axis=1), "programme": programme, "outcome_value": outcomes}


def build_combinations(
    study: Study, orders: int = 0, command: str = "", intensity: float = 1.0, rollouts: int = 0
) -> Combinations:
    """Read a study's place, beliefs, baseline and principles, and check them together.

    Parameters
    ----------
    study : Study
        Its first scenario is the baseline; others are not run.
    orders : int
        Orders whose stages are run, an even number; 0 for every combination.
    command : str, optional
        What to print as the way to get these figures again.
    intensity : float
        How far each principle is carried, above 0 and up to 1.
    rollouts : int
        Orders carried out in time beside the report's, an even number.
    """
    study = study.model_copy(update={"scenarios": study.scenarios[:1], "headline": "", "belief_cases": 0})
    plan = build_plan(study, command or f"demandsim principles {Path(study.file).as_posix()} --out DIR")
    principles = load_principles(study.configs / PRINCIPLES_FILE, plan.book)
    n = check_orders(len(principles), orders)
    found = Combinations(plan, principles, n, check_intensity(intensity), check_rollouts(rollouts))
    _check_dates(found, study)
    return found


def _check_dates(found: Combinations, study: Study) -> None:
    """A principle begins within the run, or it could do nothing but cost."""
    from demandsim.policy import apply
    from demandsim.quantities import month_label, month_number

    plan = found.plan
    last = month_number(plan.first_month) + plan.n_months
    late = [one for one in found.principles if month_number(one.from_) >= last]
    if late:
        where = f"{study.file}, `years`"
        what = f"the run ends before {month_label(last)}; principle {late[0].letter} begins in {late[0].from_:%Y-%m}."
        raise ConfigError(Fault(where, what, "Run more years, or start the principle earlier."))
    whole = found.scenario(2**found.n_principles - 1)
    apply(plan.book.draw(plan.seed), whole, plan.first_month, plan.n_months, future=plan.future)


def run_principles(
    study: Study,
    out: str | Path,
    *,
    orders: int = 0,
    intensity: float = 1.0,
    rollouts: int = 0,
    workers: int | None = None,
    command: str = "",
    show_progress: bool = True,
    run_one: RunOne | None = None,
) -> FactorialTally:
    """Run combinations of principles into a folder, or take them up where they were left.

    Parameters
    ----------
    study : Study
        Its first scenario is the baseline.
    out : path
    orders : int
        0 runs every combination; an even number runs the report's order and so many drawn ones, stage by stage, and
        every pair of principles, alone and on top of all the others.
    intensity : float
        How far each principle is carried, above 0 and up to 1.
    rollouts : int
        Orders drawn to be carried out in time beside the report's, an even number; 0 carries out none.
    workers : int, optional
        Processes; as many as there are processors by default.
    command : str, optional
    show_progress : bool
        On standard error.
    run_one : callable, optional
        Runs one chunk; `run_combinations` by default.

    Raises
    ------
    ConfigError, RequestError
        If the study cannot be run; nothing has been run then.
    StoreError
        If the folder cannot be written to, is full, or holds another study. What was done is kept.
    """
    began = time.monotonic()
    workers = check_workers(workers)
    found = build_combinations(study, orders, command, intensity, rollouts)
    store = Store(out, found.digest)
    store.open(_record(found))
    missing = [task for task in found.tasks if not _is_sound(found, store, task)]
    size = {chunk: len(masks) for chunk, masks in found.chunks.items()}
    total = len(found.masks) * found.plan.draws * found.plan.replicates
    kept = total - sum(size[task.case] for task in missing)
    done = failed = 0
    try:
        with Progress(total, kept, show_progress, "worlds") as progress:
            for outcome in run_tasks(missing, ChunkWork(found, store, run_one), workers):
                count = size[outcome.task.case]
                if outcome.reason:
                    store.write(chunk_shard(found, outcome.task, reason=outcome.reason))
                    failed += count
                progress.advance(bool(outcome.reason), count)
                done += count
    finally:
        if done:
            note_sitting(out, Sitting(done, time.monotonic() - began, min(workers, len(missing))))
    return FactorialTally(Path(out), total - kept, kept, failed, time.monotonic() - began)


def _is_sound(found: Combinations, store: Store, task: Task) -> bool:
    """Whether a chunk is there, whole, of these combinations, and did not fail."""
    try:
        shard = store.read(task.case, task.draw, task.replicate)
    except StoreError:
        return False
    return shard is not None and not shard.reason and shard.scenarios == found.labels(task.case)


def _calibration_of(found: Combinations) -> dict[str, Any]:
    """Whose published figures the sets of beliefs were held against, and how many such sets there are; or nothing."""
    calibrated = found.plan.book.calibrated
    if calibrated is None:
        return {}
    told = calibrated.tables["calibration"]
    return {"place": told["place"], "until": calibrated.until, "sets": told["distinct_rows"]}


def _record(found: Combinations) -> dict[str, Any]:
    """What ``study.json`` says."""
    told = build_study_record(found.plan)
    told |= {
        "identity": found.identity,
        "kind": "principles",
        "orders": found.orders,
        "intensity": found.intensity,
        "stage_months": found.stage_months,
        "calibrated": _calibration_of(found),
        "chunks": {chunk: list(found.labels(chunk)) for chunk in found.chunks},
        "principles": [
            {
                **{key: getattr(one, key) for key in ("letter", "id", "title", "mechanism")},
                "from": f"{one.from_:%Y-%m}",
                "running_cost": one.running_cost.value,
                "set_up_cost": one.set_up_cost.value,
                "cost_from": ", ".join(dict.fromkeys((one.running_cost.source, one.set_up_cost.source))),
            }
            for one in found.principles
        ],
    }
    return {**told, "attrs": {**told["attrs"], "meta": build_meta(found.plan)}}
