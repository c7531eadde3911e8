"""What travels with results about what the answer stands on: the answer again, luck by luck, in three figures.

Takes the shards of belief cases and of the footing study; gives a plain record that JSON can hold, and reads it back.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.labels import COUNCIL
from demandsim.ledger.results import read_shards
from demandsim.study.footing.design import BASE, OTHER_LUCK, OTHER_PEOPLE, keep_totals

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from demandsim.ledger.store import Shard, Store
    from demandsim.study.plan import Plan

#: Name of the attribute of results that holds it.
ATTRIBUTE: Final = "footing"
#: Cash of all agencies and of the council in GBP, and household-months in crisis: differences, over all years.
FIGURES: Final = ("cash", "council", "crisis_months")
_KINDS: Final = {"draws": BASE, "other_luck": OTHER_LUCK, "other_people": OTHER_PEOPLE}


@dataclass(frozen=True, eq=False)
class Footing:
    """The headline scenario less the first, luck by luck; NaN where a luck failed.

    Parameters
    ----------
    scenario, against : str
    cases : mapping of belief case to figure to array of shape (lucks,)
        At the study's own size. Luck i is the same in every case.
    draws, other_luck, other_people : mapping of figure to array
        On the small version of the place: each set of beliefs, shape (draws,); the first of them again with another
        luck, and with other people and another luck, shape (again,).
    households, study_households : int
        Simulated in the small version, and in the study.
    """

    scenario: str
    against: str
    cases: Mapping[str, Mapping[str, NDArray[np.float64]]]
    draws: Mapping[str, NDArray[np.float64]]
    other_luck: Mapping[str, NDArray[np.float64]]
    other_people: Mapping[str, NDArray[np.float64]]
    households: int
    study_households: int


def build_record(plan: Plan, store: Store) -> dict[str, Any]:
    """The record of a study that was run; empty where it ran neither belief cases nor a footing study."""
    if len(plan.case_scenarios) < 2 or not (plan.cases or plan.footing.draws):
        return {}
    lucks = [(case, 0, luck) for case in plan.cases for luck in range(plan.case_lucks)]
    cases: dict[str, dict[str, list[float | None]]] = {
        case: {name: [None] * plan.case_lucks for name in FIGURES} for case in plan.cases
    }
    for shard, figures in _figures(plan, read_shards(store, lucks)):
        for name in FIGURES:
            cases[shard.case][name][shard.replicate] = figures[name]
    sizes = (plan.footing.draws, plan.footing.n_again, plan.footing.n_again)
    small: dict[str, dict[str, list[float | None]]] = {
        kind: {name: [None] * size for name in FIGURES} for kind, size in zip(_KINDS, sizes, strict=True)
    }
    kinds = {replicate: kind for kind, replicate in _KINDS.items()}
    for shard, figures in _figures(plan, read_shards(store, plan.footing.lucks)):
        for name in FIGURES:
            small[kinds[shard.replicate]][name][shard.draw] = figures[name]
    against, scenario = (one.id for one in plan.case_scenarios)
    sizes_told = {"households": plan.footing.households, "study_households": plan.place.n_households}
    return {"scenario": scenario, "against": against, "cases": cases, **small, **sizes_told}


def _figures(plan: Plan, shards: Iterable[Shard]) -> Iterable[tuple[Shard, dict[str, float]]]:
    """The figures of every luck that did not fail."""
    council = [payer in COUNCIL for payer in plan.coords["payer"]]
    for shard in shards:
        if not shard.reason:
            totals = keep_totals(shard.arrays, plan.coords) if "cost" in shard.arrays else shard.arrays
            moved = totals["cash"][1] - totals["cash"][0]
            crisis = totals["crisis_months"][1] - totals["crisis_months"][0]
            yield shard, dict(zip(FIGURES, map(float, (moved.sum(), moved[council].sum(), crisis)), strict=True))


def read_footing(results: xr.Dataset) -> Footing | None:
    """What results carry of it; None where they carry nothing.

    Parameters
    ----------
    results : xarray.Dataset
        Whose ``attrs["footing"]`` is a record of `build_record` or its JSON text.
    """
    raw = results.attrs.get(ATTRIBUTE)
    record = json.loads(raw) if isinstance(raw, str) else raw
    if not record:
        return None
    kinds = {kind: {name: _array(values) for name, values in record[kind].items()} for kind in _KINDS}
    return Footing(
        scenario=str(record["scenario"]),
        against=str(record["against"]),
        cases={case: {name: _array(v) for name, v in figures.items()} for case, figures in record["cases"].items()},
        draws=kinds["draws"],
        other_luck=kinds["other_luck"],
        other_people=kinds["other_people"],
        households=int(record["households"]),
        study_households=int(record["study_households"]),
    )


def _array(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([math.nan if value is None else value for value in values], np.float64)
