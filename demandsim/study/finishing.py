"""What only finished results can tell: which beliefs moved the answer, and what the size of the place hides.

Takes results and what the footing study found; gives records for `meta`. Never says more than so few draws allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import xarray as xr

from demandsim.parameters.drawing import Usage
from demandsim.study.footing.ranking import rank_beliefs
from demandsim.study.plan import Plan

#: A count whose yearly luck alone is within this share either way can be told.
_TELLING: Final = 0.05


def finish_meta(
    plan: Plan, results: xr.Dataset, meta: dict[str, Any], footing: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The record with its ranking of beliefs and what the place's size cannot tell.

    Parameters
    ----------
    plan : Plan
    results : xarray.Dataset
    meta : dict
        As `demandsim.study.meta.build_meta` gives it.
    footing : mapping, optional
        As `demandsim.study.footing.record.build_record` gives it.
    """
    place = dict(meta["place"])
    place["cannot_tell"] = " ".join(part for part in (place["cannot_tell"], say_size(plan, results)) if part)
    return {**meta, "belief_ranking": _ranking(plan, footing or {}), "place": place}


def _ranking(plan: Plan, footing: Mapping[str, Any]) -> list[dict[str, Any]]:
    if not footing or not plan.footing.draws:
        return []
    cash = np.array(footing["draws"]["cash"], np.float64)  # what failed is None, and becomes not a number
    return rank_beliefs(
        plan.book, plan.seed, cash / plan.footing.households, plan.footing.households, beliefs_read(plan)
    )


def beliefs_read(plan: Plan) -> list[str]:
    """Uncertain beliefs that the worlds of the headline and of what it is compared with are built from."""
    from demandsim.model.inputs import build_inputs

    usage = Usage()
    draw = plan.book.draw(plan.seed).recording(usage)
    for scenario in plan.case_scenarios:
        build_inputs(plan.place, draw, scenario, plan.first_month, plan.n_months, plan.run_in, plan.future)
    return [name for name, one in plan.book.uncertainties.items() if name in usage.read and not one.is_certain]


def say_size(plan: Plan, results: xr.Dataset) -> str:
    """What the number of households simulated is too small to tell: the rarest crisis service, year by year."""
    crisis = [one for one in plan.book.services.values() if one.tier == "crisis"]
    base = results.isel(scenario=0)
    admitted = (
        base["activity"].sel(event="admitted").sum("month").where(base["status"] == 0).mean(["draw", "replicate"])
    )
    yearly = {one.name: float(admitted.sel(service=one.name)) / plan.years for one in crisis}
    some = {name: count for name, count in yearly.items() if count > 0}
    if not some:
        return ""
    name = min(some, key=lambda one: some[one])
    share = 2.0 / float(np.sqrt(some[name]))
    if share < _TELLING:
        return ""
    title = plan.book.services[name].title
    title = title[:1].lower() + title[1:] if not title[:2].isupper() else title
    size = f"With {plan.place.n_households:,} households simulated,"
    said = f"{size} {title} begins about {_count(some[name])} times a year. In any one year luck alone"
    if share >= 1.0:
        return f"{said} may halve or double that, so no change in it can be told year by year."
    return f"{said} moves that by up to {share:.0%} either way."


def _count(number: float) -> str:
    return f"{number:,.0f}" if number >= 2 else f"{number:.1f}"
