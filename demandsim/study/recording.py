"""What a study's results say of themselves: attributes of the dataset, and the record kept beside the shards."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from demandsim.ledger.store import Store, read_record
from demandsim.study.footing.design import NO_FOOTING, FootingDesign
from demandsim.study.plan import Plan, Task, pins_of
from demandsim.version import VERSION


def describe(plan: Plan) -> dict[str, Any]:
    """What a dataset says of itself, apart from ``meta``."""
    identity = plan.identity
    digests = {
        "study": plan.digest,
        "place": identity["place"],
        "beliefs": identity["beliefs"],
        **identity["scenarios"],
    }
    return {
        "title": plan.title,
        "question": plan.question,
        "version": VERSION,
        "seed": plan.seed,
        "place": plan.place.id,
        "future": plan.future.id if plan.future else "",
        "n_households": plan.place.n_households,
        "n_households_full": plan.place.households,
        "digests": json.dumps(digests),
        "price_year": plan.book.price_year,
        "run_in_months": plan.run_in,
        "command": plan.command,
    }


def build_study_record(plan: Plan) -> dict[str, Any]:
    """What ``study.json`` says, apart from ``meta``."""
    return {
        "title": plan.title,
        "headline": plan.headline,
        "identity": plan.identity,
        "scenarios": list(plan.scenario_ids),
        "pins": pins_of(plan.scenarios),
        "draws": plan.draws,
        "replicates": plan.replicates,
        "cases": list(plan.cases),
        "case_lucks": plan.case_lucks,
        "footing": asdict(plan.footing if plan.footing_tasks else NO_FOOTING),
        "variables": list(plan.variables),
        "coords": plan.coords,
        "attrs": describe(plan),
        "made_with": {"python": platform.python_version(), **_versions()},
    }


def _versions() -> dict[str, str]:
    found = {}
    for name in ("numpy", "numba", "mesa", "xarray", "pyarrow"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # vendored or run from source
            continue
    return found


def count_done(out: str | Path) -> tuple[int, int]:
    """How many of a folder's lucks are there, and how many it will have."""
    record = read_record(out)
    store = Store(out, record["study"])
    keys = [Task("", d, r) for d in range(record["draws"]) for r in range(record["replicates"])]
    keys = [*keys, *(Task(case, 0, r) for case in record["cases"] for r in range(record["case_lucks"]))]
    keys = [*keys, *(Task(*luck) for luck in FootingDesign(**record["footing"]).lucks)]
    return sum(store.path(k.case, k.draw, k.replicate).exists() for k in keys), len(keys)
