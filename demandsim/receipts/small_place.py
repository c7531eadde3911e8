"""A small place run through the whole machine, for receipts that are about lives rather than formulas."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import ACCOUNTS, PAYERS
from demandsim.place import load_place
from demandsim.policy.scenario import load_scenario
from demandsim.study.books import load_book
from demandsim.study.folders import find_configs
from demandsim.study.luck import LuckJob, run_luck

HOUSEHOLDS, YEARS, RUN_IN, LUCKS = 1_500, 3, 24, 32
SCENARIOS = (
    "as_now",
    "whole_system",
    "earlier_threshold",
    "same_money",
    "no_early_help",
    "null_service",
    "null_effect",
    "employment_support",
)


@lru_cache(maxsize=1)
def cash_by_luck() -> NDArray[np.float64]:
    """Cash by luck, scenario and payer, GBP over the run; one set of beliefs, every luck its own.

    Returns
    -------
    ndarray, shape (lucks, scenarios, payers)
    """
    configs: Path = find_configs()
    place = load_place(configs / "places" / "demo.toml").scaled(HOUSEHOLDS)
    book = load_book(configs, place.fit_id)
    scenarios = tuple(load_scenario(configs / "scenarios" / f"{name}.toml") for name in SCENARIOS)
    jobs = [LuckJob(place, book, scenarios, "2016-04", YEARS, RUN_IN, 2016, None, luck, LUCKS) for luck in range(LUCKS)]
    return np.stack([run_luck(job)["cost"][:, ACCOUNTS.index("cash")].sum(axis=(2, 3)) for job in jobs])


@lru_cache(maxsize=1)
def gain_from_employment_support() -> NDArray[np.float64]:
    """What each payer gains when the council pays for more employment support, GBP over ten years, by luck.

    Returns
    -------
    ndarray, shape (lucks, payers)
    """
    configs = find_configs()
    place = load_place(configs / "places" / "demo.toml").scaled(10_000)
    book = load_book(configs, place.fit_id)
    scenarios = tuple(
        load_scenario(configs / "scenarios" / f"{name}.toml") for name in ("as_now", "employment_support")
    )
    lucks = 10
    jobs = [LuckJob(place, book, scenarios, "2016-04", 10, RUN_IN, 2016, None, luck, lucks) for luck in range(lucks)]
    cash = np.stack([run_luck(job)["cost"][:, ACCOUNTS.index("cash")].sum(axis=(2, 3)) for job in jobs])
    return np.asarray(cash[:, 0] - cash[:, 1])


def purse(cash: NDArray[np.float64], payers: tuple[str, ...]) -> NDArray[np.float64]:
    """Cash of some payers together."""
    return np.asarray(cash[..., [PAYERS.index(payer) for payer in payers]].sum(axis=-1))
