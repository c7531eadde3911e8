"""Results with names on every axis.

Takes the shards of a study, or its lucks in memory; gives an `xarray.Dataset`. A luck that failed or has not been run
is a row with its reason, never a gap.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr

from demandsim.errors import Fault, RequestError, StoreError
from demandsim.ledger.store import RUN_AGAIN, Shard, Store, read_record
from demandsim.ledger.variables import VARIABLES, Variable

if TYPE_CHECKING:
    import pandas as pd

RUN_DIMS: Final = ("scenario", "draw", "replicate")
NOT_RUN: Final = "not run yet"
#: 0 is a success; anything else is not counted.
OK, FAILED, MISSING = 0, 1, 2
#: Where the titles of an axis's labels are kept in ``meta``.
_TITLES: Final = {
    "scenario": ("scenarios",),
    "service": ("services",),
    "category": ("services", "costs"),
    "outcome": ("outcomes",),
}


@dataclass(frozen=True)
class Frame:
    """The axes of a study's results.

    Parameters
    ----------
    scenarios : sequence of str
    draws, replicates : int
    coords : mapping of dimension to labels
        Every dimension of the variables kept.
    variables : sequence of str
        Names of the variables kept.
    attrs : mapping
    """

    scenarios: Sequence[str]
    draws: int
    replicates: int
    coords: Mapping[str, Sequence[Any]]
    variables: Sequence[str]
    attrs: Mapping[str, Any] = field(default_factory=dict)


def assemble(frame: Frame, shards: Iterable[Shard]) -> xr.Dataset:
    """Put lucks into one labelled dataset, whatever order they come in."""
    shape = (len(frame.scenarios), frame.draws, frame.replicates)
    status = np.full(shape, MISSING, np.int8)
    reason = np.full(shape, NOT_RUN, object)
    chosen = [variable for variable in VARIABLES if variable.name in frame.variables]
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for shard in shards:
        at = (slice(None), shard.draw, shard.replicate)
        status[at] = FAILED if shard.reason else OK
        reason[at] = shard.reason
        for variable in chosen:
            if variable.name in shard.arrays:
                own = shard.arrays[variable.name]
                if variable.name not in arrays:
                    arrays[variable.name] = np.zeros((*shape, *own.shape[1:]), own.dtype)
                arrays[variable.name][at] = own
    results = xr.Dataset(coords=_coordinates(frame), attrs=dict(frame.attrs))
    for variable in chosen:
        sizes = tuple(len(frame.coords[dim]) for dim in variable.dims)
        own = arrays.get(variable.name, np.zeros((*shape, *sizes)))
        results[variable.name] = ((*RUN_DIMS, *variable.dims), own, _attrs(variable))
    told = {"unit": "", "combine": "last"}
    results["status"] = (RUN_DIMS, status, {**told, "meaning": "0 succeeded, 1 failed, 2 not run yet"})
    results["reason"] = (RUN_DIMS, reason.astype(str), {**told, "meaning": "why it failed"})
    return results


def _coordinates(frame: Frame) -> dict[str, Any]:
    own = {"scenario": list(frame.scenarios), "draw": np.arange(frame.draws), "replicate": np.arange(frame.replicates)}
    used = {dim for variable in VARIABLES if variable.name in frame.variables for dim in variable.dims}
    return own | {dim: list(labels) for dim, labels in frame.coords.items() if dim in used}


def _attrs(variable: Variable) -> dict[str, str]:
    return {"unit": variable.unit, "meaning": variable.meaning, "combine": variable.combine}


def read_results(folder: str | Path) -> xr.Dataset:
    """Read the results of a study.

    Parameters
    ----------
    folder : path
        What was given as ``--out``.

    Returns
    -------
    xarray.Dataset
        Variables as `demandsim.ledger.variables.VARIABLES` lists them, over ``scenario``, ``draw``, ``replicate`` and
        their own dimensions, each with ``unit``, ``meaning`` and ``combine``; ``status`` and ``reason`` of every luck.

    Raises
    ------
    StoreError
        If there are none, or a shard is truncated or damaged; every such file is named.
    """
    record = read_record(folder)
    store = Store(folder, record["study"])
    draws, replicates = int(record["draws"]), int(record["replicates"])
    shards = read_shards(store, [("", draw, replicate) for draw in range(draws) for replicate in range(replicates)])
    coords, attrs = record["coords"], record["attrs"]
    attrs = {key: json.dumps(value) if isinstance(value, dict | list) else value for key, value in attrs.items()}
    frame = Frame(record["scenarios"], draws, replicates, coords, record["variables"], attrs)
    return assemble(frame, shards)


def read_shards(store: Store, keys: Iterable[tuple[str, int, int]]) -> list[Shard]:
    """Shards of the lucks that were run; every unsound file is reported at once."""
    shards, faults = [], []
    for key in keys:
        try:
            shard = store.read(*key)
        except StoreError as error:
            faults += list(error.faults)
            continue
        if shard is not None:
            shards.append(shard)
    if faults:
        raise StoreError(faults)
    return shards


def read_cases(folder: str | Path) -> xr.Dataset | None:
    """Differences under other beliefs, as the brief wants them; none where the study ran no belief cases.

    Returns
    -------
    xarray.Dataset or None
        ``cash`` (GBP, all agencies) and ``crisis_months`` (household-months): the headline scenario less the first,
        over ``case``, ``draw`` and ``replicate``; NaN where a luck failed or was not run.
    """
    record = read_record(folder)
    cases, lucks = list(record.get("cases", ())), int(record.get("case_lucks", 0))
    if not cases or not lucks:
        return None
    store = Store(folder, record["study"])
    keys = [(case, 0, replicate) for case in cases for replicate in range(lucks)]
    return case_differences(read_shards(store, keys), cases, lucks, record["coords"])


def case_differences(
    shards: Iterable[Shard], cases: Sequence[str], lucks: int, coords: Mapping[str, Sequence[Any]]
) -> xr.Dataset:
    """The two figures of every belief case: second scenario less first."""
    cash, crisis = (np.full((len(cases), 1, lucks), np.nan) for _ in range(2))
    account, state = list(coords["account"]).index("cash"), list(coords["state"]).index("crisis")
    for shard in shards:
        if shard.reason:
            continue
        at = (cases.index(shard.case), 0, shard.replicate)
        before, after = shard.arrays["cost"][:, account].reshape(2, -1).sum(axis=1)
        cash[at] = after - before
        fewer, more = shard.arrays["state_months"][:, :, :, state].reshape(2, -1).sum(axis=1)
        crisis[at] = more - fewer
    dims = ("case", "draw", "replicate")
    return xr.Dataset(
        {
            "cash": (dims, cash, {"unit": "GBP", "meaning": "Cash, all agencies: difference.", "combine": "sum"}),
            "crisis_months": (
                dims,
                crisis,
                {"unit": "household-months", "meaning": "Months in crisis: difference.", "combine": "sum"},
            ),
        },
        coords={"case": list(cases), "draw": [0], "replicate": np.arange(lucks)},
    )


def tidy(results: xr.Dataset, name: str) -> pd.DataFrame:
    """One variable in long form: a column a dimension, titles beside labels, then value and unit.

    Lucks that failed or were not run are left out.

    Raises
    ------
    RequestError
        If there is no such variable.
    """
    if name not in results.data_vars:
        known = ", ".join(str(variable) for variable in results.data_vars)
        raise RequestError(Fault("results, table", f"There is no `{name}`.", f"There are: {known}."))
    values = results[name]
    table = values.to_dataframe(name="value").reset_index()
    if set(RUN_DIMS) <= set(values.dims) and name not in ("status", "reason"):
        good = (results["status"] == OK).to_series()
        table = table[good.reindex(list(table[list(RUN_DIMS)].itertuples(index=False, name=None))).to_numpy()]
    meta = results.attrs.get("meta", {})
    meta = json.loads(meta) if isinstance(meta, str) else meta
    table["unit"] = values.attrs.get("unit", "")
    for dim in values.dims:
        records = {label: one for part in _TITLES.get(str(dim), ()) for label, one in meta.get(part, {}).items()}
        if records:
            titles = {label: one.get("title", label) for label, one in records.items()}
            where = list(table.columns).index(str(dim)) + 1
            table.insert(where, f"{dim}_title", table[dim].map(titles).fillna(table[dim]))
        if dim == "outcome" and records:
            table["unit"] = table["outcome"].map({label: one.get("unit", "") for label, one in records.items()})
    return table.reset_index(drop=True)


@xr.register_dataset_accessor("table")  # type: ignore[no-untyped-call]
class TableAccessor:
    """``results.table("cost")``: the tidy form of a variable."""

    def __init__(self, results: xr.Dataset) -> None:
        self._results = results

    def __call__(self, name: str) -> pd.DataFrame:
        """The tidy form; see `tidy`."""
        return tidy(self._results, name)


__all__ = ["RUN_AGAIN", "Frame", "assemble", "case_differences", "read_cases", "read_results", "read_shards", "tidy"]
