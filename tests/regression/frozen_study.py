"""One small study whose figures are kept. Run ``python tests/regression/frozen_study.py`` to freeze them anew.

A change of any figure is a change of the model or of its beliefs: freeze anew only when it was meant, and say in the
commit why.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from demandsim.labels import ACCOUNTS, PAYERS
from demandsim.ledger.outcomes import OUTCOMES
from demandsim.place import load_place
from demandsim.policy.scenario import load_scenario
from demandsim.quantities import TICKS
from demandsim.study.books import load_book
from demandsim.study.luck import LuckJob, run_luck

FROZEN = Path(__file__).with_name("frozen_study.json")
CONFIGS = Path(__file__).parents[2] / "configs"
SCENARIOS = ("as_now", "whole_system", "earlier_threshold", "no_early_help", "null_service")


def work_out() -> dict[str, object]:
    """Run the study and return its figures by scenario."""
    place = load_place(CONFIGS / "places" / "demo.toml").scaled(1_200)
    scenarios = tuple(load_scenario(CONFIGS / "scenarios" / f"{name}.toml") for name in SCENARIOS)
    arrays = run_luck(LuckJob(place, load_book(CONFIGS, place.fit_id), scenarios, "2016-04", 3, 24, 2016, 0, 0, 1))
    cash = arrays["cost"][:, ACCOUNTS.index("cash")].sum(axis=(2, 3))
    figures: dict[str, object] = {}
    for position, name in enumerate(SCENARIOS):
        outcomes = arrays["outcome_value"][position].sum(axis=1)
        figures[name] = {
            "cash_gbp": {payer: round(float(value), 2) for payer, value in zip(PAYERS, cash[position], strict=True)},
            "outcomes": {o.name: float(f"{value:.9g}") for o, value in zip(OUTCOMES, outcomes, strict=True)},
            "activity": hashlib.sha256(
                np.rint(arrays["activity"][position] * TICKS).astype(np.int64).tobytes()
            ).hexdigest(),
        }
    return figures


if __name__ == "__main__":
    FROZEN.write_text(json.dumps(work_out(), indent=1) + "\n", encoding="utf-8")
    print(f"Frozen anew: {FROZEN}")
