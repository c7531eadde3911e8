"""Results of a study of principles, with names on every axis.

Takes the folder that `run_principles` left; gives an `xarray.Dataset`. A chunk that failed or has not been run is
missing figures with its reason, never a gap.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from demandsim.errors import Fault, RequestError, StoreError
from demandsim.ledger.results import FAILED, MISSING, NOT_RUN, OK
from demandsim.ledger.store import Shard, Store, read_record
from demandsim.study.combinations import ROLLED
from demandsim.study.sittings import read_sittings

#: Arrays of a chunk, and their dimensions after combination, draw and replicate.
_DIMS: Final = {"cash": ("payer", "year"), "programme": ("year",), "outcome_value": ("outcome", "year")}
_UNITS: Final = {
    "cash": {"unit": "GBP", "meaning": "Cash to each payer in the study's price year.", "combine": "sum"},
    "programme": {"unit": "GBP", "meaning": "The part of cash that the principles cost themselves.", "combine": "sum"},
    "outcome_value": {"unit": "see outcome", "meaning": "Outcomes in published units.", "combine": "mean"},
}


def read_principles(out: str | Path) -> xr.Dataset:
    """Read a study of principles.

    Parameters
    ----------
    out : path
        Folder that `run_principles` wrote to.

    Returns
    -------
    xarray.Dataset
        ``cash``, ``programme`` and ``outcome_value`` by combination, draw and replicate, and the ``status`` of each (0
        is a success). A combination is labelled by its letters, ``none`` for no principle. The same with ``rolled_``
        before their names by order, of the orders that were carried out in time.

    Raises
    ------
    StoreError
        If there is no such study in the folder.
    RequestError
        If the folder holds a study of another kind.
    """
    record = read_record(out)
    if record.get("kind") != "principles":
        where = Path(out).as_posix()
        raise RequestError(Fault(where, "holds no study of principles.", "Run one: demandsim principles STUDY.toml."))
    store = Store(out, record["study"])
    labels = [label for chunk in record["chunks"].values() for label in chunk]
    coords = {name: record["coords"][name] for dims in _DIMS.values() for name in dims}
    arrays = _gather(store, record, {dim: len(values) for dim, values in coords.items()})
    is_rolled = np.array([label.startswith(ROLLED) for label in labels])
    lucks = ("draw", "replicate")
    return xr.Dataset(
        {
            f"{start}{name}": ((dim, *lucks, *_DIMS.get(name, ())), array[rows], _UNITS.get(name, {}))
            for start, dim, rows in (("", "combination", ~is_rolled), ("rolled_", "order", is_rolled))
            for name, array in arrays.items()
        },
        coords={
            **coords,
            "combination": [label for label in labels if not label.startswith(ROLLED)],
            "order": [label.removeprefix(ROLLED) for label in labels if label.startswith(ROLLED)],
            "draw": range(record["draws"]),
            "replicate": range(record["replicates"]),
        },
        attrs={**_attrs(record), "sittings": json.dumps([asdict(one) for one in read_sittings(out)])},
    )


def _gather(store: Store, record: dict[str, Any], sizes: dict[str, int]) -> dict[str, Any]:
    """Every chunk of every luck one after the other, by label, draw and replicate; absent ones are not numbers."""
    runs = (sum(map(len, record["chunks"].values())), record["draws"], record["replicates"])
    arrays: dict[str, Any] = {
        name: np.full((*runs, *(sizes[dim] for dim in dims)), np.nan) for name, dims in _DIMS.items()
    }
    status = np.full(runs, MISSING, np.int8)
    reason = np.full(runs, NOT_RUN, object)
    first = 0
    for chunk, names in record["chunks"].items():
        rows = slice(first, first + len(names))
        first += len(names)
        for draw, replicate in np.ndindex(runs[1:]):
            shard = _read(store, chunk, draw, replicate, names)
            if shard is None:
                continue
            status[rows, draw, replicate] = FAILED if shard.reason else OK
            reason[rows, draw, replicate] = shard.reason
            for name, array in shard.arrays.items():
                arrays[name][rows, draw, replicate] = array
    return {**arrays, "status": status, "reason": reason.astype(str)}


def _read(store: Store, chunk: str, draw: int, replicate: int, labels: list[str]) -> Shard | None:
    """A chunk of a luck; none where it is absent, unsound or of other combinations."""
    try:
        shard = store.read(chunk, draw, replicate)
    except StoreError:
        return None
    return shard if shard is not None and list(shard.scenarios) == labels else None


def _attrs(record: dict[str, Any]) -> dict[str, Any]:
    attrs = dict(record["attrs"])
    attrs["meta"] = json.dumps(attrs["meta"])
    attrs["principles"] = json.dumps(record["principles"])
    attrs["orders"] = record["orders"]
    attrs["intensity"] = record["intensity"]
    attrs["stage_months"] = record["stage_months"]
    attrs["calibrated"] = json.dumps(record["calibrated"])
    attrs["baseline"] = record["scenarios"][0]
    return attrs
