"""Small studies for tests: the project's own configs, cut down, in a folder of their own; and lucks made up at once."""

from __future__ import annotations

import os
import re
import shutil
import signal
from pathlib import Path
from typing import Any, Final

import numpy as np

from demandsim.labels import DOOR_EVENTS, EVENTS, HIGH_NEED, HIGH_NEED_MEASURES
from demandsim.ledger.outcomes import OUTCOMES
from demandsim.ledger.variables import VARIABLES
from demandsim.model.budgeting import PURSE_ITEMS
from demandsim.parameters import load_parameters
from demandsim.parameters.vocabulary import CONTACT_KINDS
from demandsim.policy import load_scenario, pin
from demandsim.study.luck import LuckJob
from demandsim.study.pathways import WORK_EVENTS, WORK_GROUPS

CONFIGS: Final = Path(__file__).resolve().parents[1] / "configs"

STUDY: Final = """id = "tiny"
title = "A tiny study"
question = "Does it work?"
place = "demo"
scenarios = ["as_now", "whole_system", "null_service"]
headline = "whole_system"
start = "2016-04"
years = 1
run_in = 12
households = 60
draws = 2
replicates = 2
seed = 7
belief_cases = 0
"""


def write_configs(home: Path, study: str = STUDY, pinned: bool = True) -> Path:
    """Copy the configs below a folder, with one tiny study; give the study's file."""
    shutil.copytree(CONFIGS, home / "configs")
    for path in (home / "configs" / "studies").glob("*.toml"):
        path.unlink()
    book = load_parameters(home / "configs" / "parameters") if pinned else None
    for path in (home / "configs" / "scenarios").glob("*.toml"):
        path.write_text(re.sub("@sha256:[0-9a-f]{8}", "", path.read_text(encoding="utf-8")), encoding="utf-8")
        if pinned and load_scenario(path).baseline_id:
            pin(path, book)
    file = home / "configs" / "studies" / "tiny.toml"
    file.write_text(study, encoding="utf-8")
    return file


def make_luck(job: LuckJob) -> dict[str, Any]:
    """Arrays of the right shapes, different for every luck, draw and scenario, at once."""
    services = len(job.book.services)
    categories = services + len(job.book.costs) + 3 * len(job.book.streams) + 1
    sizes = {
        "account": 2, "payer": 13, "category": categories, "year": job.years,
        "service": services, "event": len(EVENTS), "month": job.months, "area": len(job.place.areas), "need": 7,
        "state": 5, "outcome": len(OUTCOMES), "door_event": len(DOOR_EVENTS), "cause": 4, "measure": 3,
        "share_of_households": 3,
        "high_need_group": len(HIGH_NEED), "high_need_measure": len(HIGH_NEED_MEASURES),
        "work_group": len(WORK_GROUPS), "work_event": len(WORK_EVENTS),
        "stream": len(job.book.streams), "contact_kind": len(CONTACT_KINDS), "purse": len(job.book.agencies),
        "purse_item": len(PURSE_ITEMS),
    }  # fmt: skip
    chance = np.random.default_rng([job.seed, job.luck])
    arrays: dict[str, Any] = {}
    for variable in VARIABLES:
        shape = (len(job.scenarios), *(sizes[dim] for dim in variable.dims))
        whole = variable.unit in ("household-months", "households", "count", "count or ticks")
        drawn = chance.integers(0, 100, shape) if whole else chance.normal(size=shape)
        arrays[variable.name] = drawn
    return arrays


def fail_second_draw(job: LuckJob) -> dict[str, Any]:
    """A model with a defect that shows in one draw."""
    if job.draw == 1:
        raise ZeroDivisionError("a defect")
    return make_luck(job)


def kill_worker_once(job: LuckJob) -> dict[str, Any]:
    """A worker that is killed at its first luck, and not again."""
    mark = Path(os.environ["DEMANDSIM_TEST_MARK"])
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return make_luck(job)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def kill_worker_at_second_draw(job: LuckJob) -> dict[str, Any]:
    """A worker that is killed whenever it meets one draw."""
    if job.draw == 1 and job.replicate == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return make_luck(job)
