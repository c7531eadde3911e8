"""Results whose appraisal can be worked out by hand: a council pays for early help, DWP and the NHS gain."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr

PAYERS: Final = ("council_children", "nhs", "dwp", "households")
CATEGORIES: Final = ("early_help", "benefits", "hospital", "parking_income")
APPRAISAL: Final[dict[str, dict[str, float]]] = {
    "health_discount_rate": {"0_30": 0.015},
    "qaly_value": {"low": 15_000.0, "middle": 62_000.0, "high": 70_900.0},
    "output_value": {"low": 0.0, "middle": 400.0, "high": 800.0},
    "optimism_bias": {"measured": 0.0, "published": 0.05, "calibrated": 0.15, "elicited": 0.25, "assumed": 0.4},
}
#: GBP by payer, category and year: what the second scenario spends more than the first.
FLOWS: Final[dict[tuple[str, str], list[float]]] = {
    ("council_children", "early_help"): [1_000.0, 1_000.0, 1_000.0],
    ("council_children", "parking_income"): [-30.0, -30.0, -30.0],
    ("dwp", "benefits"): [0.0, -400.0, -400.0],
    ("nhs", "hospital"): [0.0, 0.0, -900.0],
    ("households", "hospital"): [0.0, 0.0, 50.0],
}


def make_meta(effect: str = "published") -> dict[str, Any]:
    """Words and beliefs that go with the figures; `effect` is the grade of what early help does."""
    return {
        "scenarios": {"as_now": {"title": "As now"}, "earlier": {"title": "Earlier"}},
        "services": {"early_help": {"title": "Early help", "tier": "early", "needs": ["work", "money"]}},
        "costs": {"benefits": {"title": "Benefits", "transfer": True}, "hospital": {"title": "Hospital"}},
        "streams": {"parking": {"title": "Parking"}},
        "effects": {"into_work": {"title": "Into work", "service": "early_help", "evidence": effect}},
        "outcomes": {
            "quality_of_life_lost": {
                "title": "Quality of life lost",
                "unit": "years",
                "combine": "sum",
                "better": "lower",
            }
        },
        "beliefs": [
            {"name": "services.early_help.cost_per_fte", "evidence": "measured"},
            {"name": "costs.benefits.unit_cost", "evidence": "published"},
            {"name": "costs.hospital.unit_cost", "evidence": "elicited"},
        ],
        "discount_rate": {"0_30": 0.035},
        "appraisal": APPRAISAL,
        "place": {"title": "Somewhere"},
    }


def make_appraised(
    draws: int = 5, effect: str = "published", factors: list[float] | None = None, years_lost: float = -0.01
) -> xr.Dataset:
    """Results over three years; the differences of draw d are `FLOWS` times its factor (1 in every draw by default).

    Parameters
    ----------
    draws : int
    effect : str
        Evidence grade of the effect of early help.
    factors : list of float, optional
        Multiplies the gains (not the cost of early help) of each draw.
    years_lost : float
        Years of life in full health lost in each year, in every draw; below zero is a gain.
    """
    by_draw = np.ones(draws) if factors is None else np.array(factors)
    cost = np.zeros((2, draws, 1, 2, len(PAYERS), len(CATEGORIES), 3))
    cost[:] = 500.0
    for (payer, category), flow in FLOWS.items():
        times = np.ones(draws) if category == "early_help" else by_draw
        more = times[:, None, None, None] * np.array(flow)
        cost[1, :, :, :, PAYERS.index(payer), CATEGORIES.index(category)] += more
    months = np.full((2, draws, 1, 1, 7, 5, 3), 100.0)
    months[1, :, :, 0, 0, 1, 1:] -= 3.0  # work, emerging: 6 months fewer in all
    outcome = np.zeros((2, draws, 1, 1, 3))
    outcome[1] += years_lost
    events = np.zeros((2, draws, 1, 1, 2, 36))
    events[1, ..., 0, :4], events[1, ..., 1, :2] = 1.0, 1.0  # 4 more finished, 2 of them recovered
    run = ("scenario", "draw", "replicate")
    return xr.Dataset(
        {
            "cost": ((*run, "account", "payer", "category", "year"), cost),
            "state_months": ((*run, "area", "need", "state", "year"), months),
            "outcome_value": ((*run, "outcome", "year"), outcome),
            "activity": ((*run, "service", "event", "month"), events),
            "status": (run, np.zeros((2, draws, 1), int)),
        },
        coords={
            "scenario": ["as_now", "earlier"],
            "draw": np.arange(draws),
            "replicate": [0],
            "account": ["cash", "activity"],
            "payer": list(PAYERS),
            "category": list(CATEGORIES),
            "area": ["all"],
            "need": ["work", "money", "housing", "mental_health", "family", "care", "safety"],
            "state": ["none", "emerging", "established", "complex", "crisis"],
            "year": ["2016/17", "2017/18", "2018/19"],
            "outcome": ["quality_of_life_lost"],
            "service": ["early_help"],
            "event": ["completed", "recovered"],
        },
        attrs={"meta": make_meta(effect), "command": "demandsim run x --years 3 --out DIR", "price_year": "2015/16"},
    )
