"""Results as a study would give them, made up, so that what is read from them can be tested without a study.

Three flavours of one place: ``wins`` (acting earlier costs less and people are better off), ``loses`` (it costs more
and does no good) and ``unclear`` (nobody can tell). Luck and beliefs are shared by the scenarios, as in real results.
"""

from __future__ import annotations

import json
from typing import Final

import numpy as np
import xarray as xr
from synthetic_words import COSTS, OUTCOMES, SERVICES, make_meta

from demandsim.labels import (
    ACCOUNTS,
    CAUSE_MEASURES,
    CAUSES,
    EVENTS,
    HIGH_NEED,
    HIGH_NEED_MEASURES,
    NEEDS,
    PAYERS,
    STATES,
)

SCENARIOS: Final = ("as_now", "whole_system", "same_money")
#: GBP a year in as-now: cash, activity.
LEVELS: Final = {
    "family_support": (2.1e6, 1.9e6),
    "housing_advice": (1.4e6, 1.3e6),
    "talking_therapies": (4.8e6, 4.7e6),
    "employment_support": (1.9e6, 1.7e6),
    "child_social_work": (14e6, 13.5e6),
    "temporary_accommodation": (16e6, 16e6),
    "looked_after": (21e6, 21e6),
    "mental_health_crisis": (9e6, 8.8e6),
    "out_of_work": (62e6, 0.0),
    "emergency_care": (12e6, 12e6),
    "offending": (8e6, 8e6),
    "rent_arrears": (3e6, 3e6),
    "programme": (0.0, 0.0),
}
#: By flavour: change of crisis spending by the last year, its spread over beliefs and over luck, growth of early help,
#: programme GBP a year, change of months in crisis and its spread.
FLAVOURS: Final = {
    "wins": {
        "crisis": -0.14,
        "belief": 0.035,
        "luck": 0.012,
        "early": 0.45,
        "programme": 0.6e6,
        "people": -0.11,
        "people_spread": 0.025,
    },
    "loses": {
        "crisis": -0.004,
        "belief": 0.006,
        "luck": 0.004,
        "early": 0.75,
        "programme": 1.4e6,
        "people": 0.0004,
        "people_spread": 0.002,
    },
    "unclear": {
        "crisis": -0.035,
        "belief": 0.05,
        "luck": 0.02,
        "early": 0.4,
        "programme": 0.5e6,
        "people": -0.015,
        "people_spread": 0.05,
    },
}


def make_results(
    flavour: str = "wins", draws: int = 10, replicates: int = 2, years: int = 10, failed: int = 0
) -> xr.Dataset:
    """Make results of a flavour; the first `failed` lucks of the second scenario have failed."""
    chance = np.random.default_rng(2016)
    look = FLAVOURS[flavour]
    shape = (draws, replicates)
    year_names = [f"{2016 + i}/{(17 + i) % 100:02d}" for i in range(years)]
    share = _shares(chance, shape, look)
    coords = {
        "scenario": list(SCENARIOS),
        "draw": np.arange(draws),
        "replicate": np.arange(replicates),
        "year": year_names,
    }
    parts = {
        "cost": _cost(chance, shape, years, look, share),
        "activity": _activity(chance, shape, years, look),
        "state_months": _state(chance, shape, years, share),
        "unmet": _unmet(chance, shape, years, share),
        "outcome_value": _outcome(chance, shape, years, share),
        "cause_effect": _causes(chance, shape, look, share),
        "concentration": _concentration(chance, shape),
        "high_need": _high_need(chance, shape, years),
    }
    results = xr.Dataset(parts, coords=coords)
    status = np.zeros((len(SCENARIOS), *shape), dtype=int)
    status[1].reshape(-1)[:failed] = 1
    reason = np.where(status == 1, "worker was killed", "")
    results["status"] = (
        ("scenario", "draw", "replicate"),
        status,
        {"unit": "", "meaning": "0 is a success", "combine": "last"},
    )
    results["reason"] = (
        ("scenario", "draw", "replicate"),
        reason,
        {"unit": "", "meaning": "why it failed", "combine": "last"},
    )
    results.attrs = {
        "title": "Whole system in Hackney",
        "version": "0.1.0",
        "seed": 2016,
        "place": "hackney",
        "n_households": 20000,
        "n_households_full": 101690,
        "price_year": "2015/16",
        "run_in_months": 24,
        "digests": json.dumps({"place": "7c1f9ab2", "beliefs": "0d41e6c3", "whole_system": "b91c77aa"}),
        "command": "demandsim run configs/studies/whole_place.toml --seed 2016",
        "meta": json.dumps(make_meta()),
        "footing": json.dumps(make_footing(flavour)),
    }
    return results


def make_footing(flavour: str = "wins", lucks: int = 6, draws: int = 96, again: int = 24) -> dict[str, object]:
    """What the answer stands on: the more strongly help works and the more take it up, the more is saved."""
    chance = np.random.default_rng(1604)
    look = FLAVOURS[flavour]
    trying = 10 * (look["programme"] + look["early"] * 5.4e6)
    saved = -10 * 0.5 * look["crisis"] * LEVELS["looked_after"][0]
    months = look["people"] * 40_000

    def level(part: float, own: np.ndarray) -> dict[str, list[float]]:
        cash = trying - part * saved + own
        return {
            "cash": cash.tolist(),
            "council": (0.7 * cash).tolist(),
            "crisis_months": (part * months + own / 1e3).tolist(),
        }

    shared = 4e5 * chance.normal(size=lucks)
    times = {"central": 1.0, "effects_null": 0.0, "effects_half": 0.5, "effects_double": 2.0, "effects_quadruple": 4.0}
    times |= {"take_up_none": 0.0, "take_up_half": 0.5, "take_up_everyone": 1.8}
    belief, place = 3e5 * chance.normal(size=draws), 1e5 * chance.normal(size=draws)
    luck = [2e5 * chance.normal(size=draws) for _ in range(3)]
    elsewhere = belief + 1e5 * chance.normal(size=draws)
    return {
        "scenario": "whole_system",
        "against": "as_now",
        "cases": {name: level(part, shared) for name, part in times.items()},
        "draws": level(0.1, belief + place + luck[0]),
        "other_luck": level(0.1, (belief + place + luck[1])[:again]),
        "other_people": level(0.1, (elsewhere + luck[2])[:again]),
        "households": 2000,
        "study_households": 20000,
    }


def make_cases(flavour: str = "wins", draws: int = 10, replicates: int = 2) -> xr.Dataset:
    """Differences under other beliefs, in step with `make_results`."""
    results = make_results(flavour, draws, replicates)
    cash = results["cost"].sel(account="cash").sum(["payer", "category", "year"])
    crisis = results["state_months"].sel(state="crisis").sum(["area", "need", "year"])
    cash, crisis = (
        v.sel(scenario="whole_system", drop=True) - v.sel(scenario="as_now", drop=True) for v in (cash, crisis)
    )
    # With no effect at all nothing is saved and the programme and its posts are still paid.
    cost_of_trying = 10 * (FLAVOURS[flavour]["programme"] + FLAVOURS[flavour]["early"] * 5.4e6)
    kept = {"central": 1.0, "mechanisms_null": 0.7, "effects_null": 0.0, "share_causal_0": 0.8, "share_causal_1": 1.3}
    return xr.Dataset(
        {
            "cash": xr.concat([cost_of_trying + part * (cash - cost_of_trying) for part in kept.values()], "case"),
            "crisis_months": xr.concat([part * crisis for part in kept.values()], "case"),
        }
    ).assign_coords(case=list(kept))


def _shares(chance: np.random.Generator, shape: tuple[int, int], look: dict[str, float]) -> dict[str, np.ndarray]:
    """Change of crisis spending and of months in crisis by scenario, draw and replicate."""
    belief, luck = chance.normal(size=(shape[0], 1)), chance.normal(size=shape)
    crisis = look["crisis"] + look["belief"] * belief + look["luck"] * luck
    people = look["people"] + look["people_spread"] * (0.9 * belief + 0.4 * luck)
    nothing = np.zeros(shape)
    level = np.exp(0.05 * chance.normal(size=(shape[0], 1)) + 0.01 * chance.normal(size=shape))
    return {
        "crisis": np.stack([nothing, crisis, 0.45 * crisis]),
        "people": np.stack([nothing, people, 0.4 * people]),
        "level": level,
    }


def _growth(years: int) -> np.ndarray:
    return np.minimum(1.0, np.arange(1, years + 1) / max(1, years - 3))


def _cost(
    chance: np.random.Generator,
    shape: tuple[int, int],
    years: int,
    look: dict[str, float],
    share: dict[str, np.ndarray],
) -> xr.DataArray:
    categories = list(LEVELS)
    cost = np.zeros((len(SCENARIOS), *shape, 2, len(PAYERS), len(categories), years))
    wobble = np.exp(0.01 * chance.normal(size=(*shape, years)))
    grown = _growth(years)
    for c, category in enumerate(categories):
        record = SERVICES.get(category) or COSTS.get(category) or {"payers": {"council_corporate": 0.7, "nhs": 0.3}}
        for s in range(len(SCENARIOS)):
            early = record.get("tier") == "early"
            strength = {"out_of_work": 0.15, "rent_arrears": 0.6, "talking_therapies": -0.25}.get(
                category, 0.3 if record.get("tier") == "targeted" else 1.0
            )
            change = strength * share["crisis"][s][..., None] * grown
            if early:
                change = np.broadcast_to([0.0, look["early"], look["early"]][s], (*shape, years))
            for a in range(2):
                lag = 0.75 if a == 0 and record.get("tier") == "crisis" else 1.0
                yearly = LEVELS[category][a] * share["level"][..., None] * wobble * (1 + lag * change)
                if category == "programme" and s == 1 and a == 0:
                    yearly = look["programme"] * np.ones((*shape, years))
                for payer, part in record["payers"].items():
                    cost[s, :, :, a, PAYERS.index(payer), c, :] = part * yearly
    dims = ("scenario", "draw", "replicate", "account", "payer", "category", "year")
    return xr.DataArray(
        cost,
        dims=dims,
        coords={"account": list(ACCOUNTS), "payer": list(PAYERS), "category": categories},
        attrs={"unit": "GBP", "meaning": "cost", "combine": "sum"},
    )


def _activity(chance: np.random.Generator, shape: tuple[int, int], years: int, look: dict[str, float]) -> xr.DataArray:
    months = [f"{2016 + (i + 3) // 12}-{(i + 3) % 12 + 1:02d}" for i in range(12 * years)]
    counts = np.zeros((len(SCENARIOS), *shape, len(SERVICES), len(EVENTS), len(months)), dtype=np.int64)
    for k, (name, record) in enumerate(SERVICES.items()):
        admitted = 20 + 6 * k
        wait = {"early": 1.6, "targeted": 3.2, "crisis": 0.0}[record["tier"]]
        for s in range(len(SCENARIOS)):
            shift = [0.0, 0.5 if record["tier"] == "early" else -0.12 * (look["crisis"] < -0.01), 0.1][s]
            if name == "talking_therapies":
                shift = 0.2 * (s > 0)
            here = chance.poisson(admitted, size=(*shape, len(months)))
            noise = np.exp(0.12 * chance.normal(size=(shape[0], 1, 1)) + 0.04 * chance.normal(size=(*shape, 1)))
            counts[s, :, :, k, EVENTS.index("admitted")] = here
            counts[s, :, :, k, EVENTS.index("wait_time")] = np.round(here * wait * (1 + shift) * noise)
    dims = ("scenario", "draw", "replicate", "service", "event", "month")
    return xr.DataArray(
        counts,
        dims=dims,
        coords={"service": list(SERVICES), "event": list(EVENTS), "month": months},
        attrs={"unit": "count", "meaning": "activity", "combine": "sum"},
    )


def _state(
    chance: np.random.Generator, shape: tuple[int, int], years: int, share: dict[str, np.ndarray]
) -> xr.DataArray:
    areas = ["Pembury", "Dalston", "Woodberry"]
    parts = np.array([0.86, 0.08, 0.035, 0.015, 0.01])
    state = 4000.0 * parts * np.ones((len(SCENARIOS), *shape, len(areas), len(NEEDS), years, len(STATES)))
    state *= share["level"][None, :, :, None, None, None, None]
    change = share["people"][:, :, :, None, None, None] * _growth(years)
    state[..., -1] *= 1 + change
    dims = ("scenario", "draw", "replicate", "area", "need", "year", "state")
    array = xr.DataArray(
        state,
        dims=dims,
        coords={"area": areas, "need": list(NEEDS), "state": list(STATES)},
        attrs={"unit": "household-months", "meaning": "states", "combine": "sum"},
    )
    return array.transpose("scenario", "draw", "replicate", "area", "need", "state", "year")


def _unmet(
    chance: np.random.Generator, shape: tuple[int, int], years: int, share: dict[str, np.ndarray]
) -> xr.DataArray:
    unmet = 900.0 * np.ones((len(SCENARIOS), *shape, len(NEEDS), years)) * share["level"][None, :, :, None, None]
    unmet *= 1 + 1.4 * share["people"][:, :, :, None, None] * _growth(years)
    dims = ("scenario", "draw", "replicate", "need", "year")
    return xr.DataArray(
        unmet,
        dims=dims,
        coords={"need": list(NEEDS)},
        attrs={"unit": "household-months", "meaning": "unmet need", "combine": "sum"},
    )


def _outcome(
    chance: np.random.Generator, shape: tuple[int, int], years: int, share: dict[str, np.ndarray]
) -> xr.DataArray:
    levels = np.array([14.2, 61.0, 8.3, 410.0, 92.0])
    strength = np.array([1.0, 1.2, 0.8, -0.7, 0.9])
    values = (
        levels[:, None] * np.ones((len(SCENARIOS), *shape, len(levels), years)) * share["level"][None, :, :, None, None]
    )
    values *= 1 + strength[:, None] * (share["people"][..., None, None] * _growth(years))
    noise = 1 + 0.004 * chance.normal(size=values.shape) * (np.arange(len(SCENARIOS)) > 0)[:, None, None, None, None]
    dims = ("scenario", "draw", "replicate", "outcome", "year")
    return xr.DataArray(
        values * noise,
        dims=dims,
        coords={"outcome": list(OUTCOMES)},
        attrs={"unit": "by outcome", "meaning": "outcomes", "combine": "mean"},
    )


def _causes(
    chance: np.random.Generator, shape: tuple[int, int], look: dict[str, float], share: dict[str, np.ndarray]
) -> xr.DataArray:
    values = np.zeros((len(SCENARIOS), *shape, len(CAUSES), len(CAUSE_MEASURES)))
    money = share["crisis"] * 3e8
    for c, part in enumerate((0.8, 0.25, -0.05, 0.0)):
        values[..., c, 0] = (
            (3200, 900, 120, 0)[c]
            * (np.arange(len(SCENARIOS)) > 0)[:, None, None]
            * (1 + 0.05 * chance.normal(size=shape))
        )
        values[..., c, 1] = share["crisis"] * (2000, 5200, -400, 0)[c]
        values[..., c, 2] = part * money
    values[1, ..., 3, 2] = look["early"] * 5.4e7 * (1 + 0.05 * chance.normal(size=shape))
    dims = ("scenario", "draw", "replicate", "cause", "measure")
    return xr.DataArray(
        values,
        dims=dims,
        coords={"cause": list(CAUSES), "measure": list(CAUSE_MEASURES)},
        attrs={"unit": "by measure", "meaning": "difference from the first scenario", "combine": "sum"},
    )


def _concentration(chance: np.random.Generator, shape: tuple[int, int]) -> xr.DataArray:
    values = np.array([0.24, 0.58, 0.74]) * np.ones((len(SCENARIOS), *shape, 3))
    values *= 1 + 0.02 * chance.normal(size=(1, *shape, 1))
    dims = ("scenario", "draw", "replicate", "share_of_households")
    return xr.DataArray(
        values,
        dims=dims,
        coords={"share_of_households": [0.01, 0.05, 0.1]},
        attrs={"unit": "share", "meaning": "share of cost", "combine": "mean"},
    )


def _high_need(chance: np.random.Generator, shape: tuple[int, int], years: int) -> xr.DataArray:
    levels = np.array([[900, 12e6], [400, 6e6], [300, 9e6], [120, 5e6], [1480, 22e6], [40_000, 90e6]])
    values = levels[..., None] * np.ones((len(SCENARIOS), *shape, len(levels), 2, years))
    values *= 1 + 0.02 * chance.normal(size=(1, *shape, 1, 1, 1))
    dims = ("scenario", "draw", "replicate", "high_need_group", "high_need_measure", "year")
    return xr.DataArray(
        values,
        dims=dims,
        coords={"high_need_group": list(HIGH_NEED), "high_need_measure": list(HIGH_NEED_MEASURES)},
        attrs={"unit": "households, or GBP", "meaning": "households in high need", "combine": "mean"},
    )
