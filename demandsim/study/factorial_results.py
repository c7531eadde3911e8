"""Results of a study of principles, with names on every axis.

Takes the folder that `run_principles` left; gives an `xarray.Dataset`. A chunk that failed or has not been run is
missing figures with its reason, never a gap.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from demandsim.errors import Fault, RequestError, StoreError
from demandsim.ledger.results import FAILED, MISSING, NOT_RUN, OK
from demandsim.ledger.store import Shard, Store, read_record

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
        is a success). A combination is labelled by its letters, ``none`` for no principle.

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
    runs = (len(labels), record["draws"], record["replicates"])
    coords = {name: record["coords"][name] for dims in _DIMS.values() for name in dims}
    arrays = {name: np.full((*runs, *(len(coords[dim]) for dim in dims)), np.nan) for name, dims in _DIMS.items()}
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
    axes = ("combination", "draw", "replicate")
    return xr.Dataset(
        {
            **{name: ((*axes, *_DIMS[name]), array, _UNITS[name]) for name, array in arrays.items()},
            "status": (axes, status),
            "reason": (axes, reason.astype(str)),
        },
        coords={**coords, "combination": labels, "draw": range(runs[1]), "replicate": range(runs[2])},
        attrs=_attrs(record),
    )


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
    attrs["baseline"] = record["scenarios"][0]
    return attrs
