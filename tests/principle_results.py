"""Results of a study of principles made up at once, with worths that a rule states."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from demandsim.study.combinations import NONE
from demandsim.study.orders import list_corners, paths_of, sample_pairs

PAYERS = ("council_adults", "council_housing", "nhs")
OUTCOMES = {"crisis_months": "sum", "quality_of_life_lost": "sum", "unmet_months": "sum"}
Rule = Callable[[set[str], int], float]


def label_of(mask: int, letters: Sequence[str]) -> str:
    return "".join(letter for i, letter in enumerate(letters) if mask >> i & 1) or NONE


def make_results(
    rule: Rule,
    letters: str = "abc",
    draws: int = 3,
    replicates: int = 2,
    orders: int = 0,
    seed: int = 11,
    rolled: dict[str, Callable[[int], float]] | None = None,
) -> xr.Dataset:
    """Results in which a combination's cash in each year is 1, 2 and 3 times ``rule(letters on, luck)`` by payer.

    Crisis months are the rule's too; other outcomes are nought. ``rolled`` gives what comes of orders carried out.
    """
    n, years = len(letters), ["2016/17", "2017/18"]
    masks = list(range(2**n))[::-1]  # any order will do
    if orders:
        report = paths_of(np.arange(n)[None])
        drawn = paths_of(sample_pairs(n, orders, seed)).ravel().tolist()
        masks = sorted({*report.ravel().tolist(), *list_corners(n), *drawn})
    labels = [label_of(mask, letters) for mask in masks]
    cash = np.empty((len(labels), draws, replicates, len(PAYERS), len(years)))
    own = np.zeros((len(labels), draws, replicates, len(years)))
    outcomes = np.zeros((len(labels), draws, replicates, len(OUTCOMES), len(years)))
    for row, label in enumerate(labels):
        group = set() if label == NONE else set(label)
        own[row] = len(group)
        for draw, replicate in np.ndindex(draws, replicates):
            worth = rule(group, draw * replicates + replicate)
            cash[row, draw, replicate] = worth * np.array([1.0, 2.0, 3.0])[:, None]
            outcomes[row, draw, replicate, 0] = worth
    plans = rolled or {}
    of_plan = np.array([[[plan(d * replicates + r) for r in range(replicates)] for d in range(draws)]
                        for plan in plans.values()]).reshape(len(plans), draws, replicates)  # fmt: skip
    plan_cash = of_plan[..., None, None] * np.array([1.0, 2.0, 3.0])[:, None] * np.ones(len(years))
    plan_outcomes = np.zeros((len(plans), draws, replicates, len(OUTCOMES), len(years)))
    plan_outcomes[..., 0, :] = of_plan[..., None]
    axes = ("combination", "draw", "replicate")
    plan_axes = ("order", "draw", "replicate")
    meta = {
        "discount_rate": {"0_30": 0.5},
        "outcomes": {
            name: {"title": name, "unit": "household-months", "combine": how} for name, how in OUTCOMES.items()
        },
        "place": {"title": "Anywhere"},
    }
    words = [
        {
            "letter": letter, "id": f"the_{letter}", "title": f"The {letter}", "mechanism": f"Moves {letter}.",
            "from": "2016-04", "running_cost": 0.1, "set_up_cost": 1.0, "cost_from": "assumed",
        }
        for letter in letters
    ]  # fmt: skip
    attrs = {
        "title": "A study", "question": "What does each add?", "version": "0", "seed": seed, "place": "anywhere",
        "n_households": 100, "n_households_full": 1000, "digests": "{}", "price_year": "2015/16", "run_in_months": 12,
        "command": "demandsim principles x --out DIR", "baseline": "as_now", "orders": orders,
        "intensity": 1.0, "stage_months": 4,
        "calibrated": json.dumps({"place": "somewhere", "until": "", "sets": 99}),
        "sittings": json.dumps([{"worlds": len(labels) * draws * replicates, "seconds": 240.0, "workers": 2}]),
        "principles": json.dumps(words), "meta": json.dumps(meta),
    }  # fmt: skip
    return xr.Dataset(
        {
            "cash": ((*axes, "payer", "year"), cash),
            "programme": ((*axes, "year"), own),
            "outcome_value": ((*axes, "outcome", "year"), outcomes),
            "rolled_cash": ((*plan_axes, "payer", "year"), plan_cash),
            "rolled_programme": ((*plan_axes, "year"), np.zeros((*of_plan.shape, len(years)))),
            "rolled_outcome_value": ((*plan_axes, "outcome", "year"), plan_outcomes),
            "rolled_status": (plan_axes, np.zeros(of_plan.shape, np.int8)),
            "status": (axes, np.zeros(cash.shape[:3], np.int8)),
            "reason": (axes, np.full(cash.shape[:3], "")),
        },
        coords={
            "combination": labels,
            "order": list(plans),
            "payer": list(PAYERS),
            "year": years,
            "outcome": list(OUTCOMES),
        },
        attrs=attrs,
    )
