"""Whether the rule for what drivers leave out would have held before: from each earlier year, against what followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from demandsim.study.prediction.bands import quantiles
from demandsim.study.prediction.discrepancy import estimate_discrepancy, widen
from demandsim.study.prediction.histories import History

#: Official years that must have passed before the rule is tried.
FEWEST_YEARS: Final = 8


@dataclass(frozen=True)
class Backtest:
    """How often bands held official values that followed.

    Attributes
    ----------
    n : int
        Values: series, years begun from, and years ahead. They overlap, so they say less than as many would.
    series : int
    in_half, in_nine : float
        Shares of them within the bands of one in two and of nine in ten.
    """

    n: int
    series: int
    in_half: float
    in_nine: float


def backtest_rule(histories: Mapping[str, History], horizons: int) -> Backtest | None:
    """Begin at every year of every long series, carry its value on, widen by the rule, and look at what came.

    Only years up to the base year are used. None where no series is long enough.
    """
    tried = {name: list(_try(history, horizons)) for name, history in histories.items()}
    held = [pair for pairs in tried.values() for pair in pairs]
    if not held:
        return None
    half, nine = np.mean(held, axis=0)
    return Backtest(len(held), sum(1 for pairs in tried.values() if pairs), float(half), float(nine))


def _try(history: History, horizons: int) -> Iterable[tuple[bool, bool]]:
    unit, values, years = history.series.unit, history.values, history.years
    for last in range(FEWEST_YEARS - 1, len(values) - 1):
        found = estimate_discrepancy(years[: last + 1], values[: last + 1], unit, horizons, history.place)
        if found is None:
            continue
        lines = quantiles(widen(np.full((horizons, 1), values[last]), unit, found))
        for at in range(last + 1, len(values)):
            ahead = history.starts[at] - history.starts[last] - 1
            if ahead < horizons:
                half, nine = (
                    lines[low][ahead] <= values[at] <= lines[high][ahead]
                    for low, high in (("p25", "p75"), ("p05", "p95"))
                )
                yield bool(half), bool(nine)
