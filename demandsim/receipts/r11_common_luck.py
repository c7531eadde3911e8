"""R11: two policies meet the same people on the same luck, so their difference varies less than two runs apart.

The property after Starsim, Vivarium and neworder; the other properties of the row are contract tests, since they
compare whole worlds bit for bit.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from demandsim.receipts.receipt import AtMost, Exact, Receipt
from demandsim.receipts.small_place import HOUSEHOLDS, LUCKS, SCENARIOS, YEARS, cash_by_luck

CITATION = "Property of common random numbers, after Starsim, Vivarium and neworder"
_RUNS = f"{LUCKS} lucks, {HOUSEHOLDS:,} households, {YEARS} years"


def variance_ratio(scenario: str) -> tuple[float, float]:
    """Variance of the paired difference over that of two independent runs, with its jackknife standard error."""
    cash = cash_by_luck().sum(axis=-1)
    base, other = cash[:, 0], cash[:, SCENARIOS.index(scenario)]

    def ratio(keep: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
        unpaired = base[keep].var(ddof=1) + other[keep].var(ddof=1)
        return float((other - base)[keep].var(ddof=1) / unpaired)

    everyone = np.ones(base.size, bool)
    left_out = [ratio(everyone & (np.arange(base.size) != luck)) for luck in range(base.size)]
    spread = (base.size - 1) * float(np.var(left_out))
    return ratio(everyone), math.sqrt(spread)


def null_service_costs_itself() -> bool:
    """Whether a service that does nothing costs every payer but its own exactly nothing, in every luck."""
    cash = cash_by_luck()
    difference = cash[:, SCENARIOS.index("null_service")] - cash[:, 0]
    return int((np.abs(difference) > 1e-6).any(axis=0).sum()) == 1


RECEIPTS = (
    *(
        Receipt(
            "R11",
            f"{scenario}: paired over unpaired variance of cash ({_RUNS})",
            CITATION,
            1.0,
            AtMost(3.0),
            partial(variance_ratio, scenario),
        )
        for scenario in SCENARIOS[1:]
    ),
    Receipt(
        "R11",
        "a service without effect changes no payer's cash but its own",
        CITATION,
        True,
        Exact(),
        null_service_costs_itself,
    ),
)
