"""Run a prediction's plan into a folder, or take it up where it was left."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import xarray as xr

from demandsim.errors import StoreError
from demandsim.ledger.results import read_results
from demandsim.ledger.store import Store
from demandsim.study.plan import Plan, Task
from demandsim.study.progress import Progress
from demandsim.study.recording import build_study_record
from demandsim.study.run import Work, shard_of
from demandsim.study.workers import check_workers, run_tasks

#: The folder of the runs, below that of the prediction.
RUNS: Final = "runs"


def run_prediction(plan: Plan, out: str | Path, workers: int | None = None, show_progress: bool = True) -> xr.Dataset:
    """Run every luck that is not there yet and sound; give the results of all.

    Parameters
    ----------
    plan : Plan
    out : path
        Folder of the prediction; runs are kept in ``runs`` below it.
    workers : int, optional
        Processes; all processors by default. The figures do not depend on it.

    Raises
    ------
    StoreError
        If the folder cannot be written to, or holds another prediction's runs. What was done is kept.
    """
    workers = check_workers(workers)
    store = Store(Path(out) / RUNS, plan.digest)
    store.open(build_study_record(plan))
    missing = [task for task in plan.tasks if not _is_there(store, task)]
    with Progress(len(plan.tasks), len(plan.tasks) - len(missing), show_progress) as progress:
        for outcome in run_tasks(missing, Work(plan, store=store), workers):
            if outcome.reason:
                store.write(shard_of(plan, outcome.task, reason=outcome.reason))
            progress.advance(bool(outcome.reason))
    return read_results(store.folder)


def _is_there(store: Store, task: Task) -> bool:
    try:
        shard = store.read(task.case, task.draw, task.replicate)
    except StoreError:
        return False
    return shard is not None and not shard.reason
