"""R2: the "Sick-Sicker" appraisal, as a cohort through closed forms and as households through the model's own rule."""

from __future__ import annotations

import math
from functools import cache, partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.comparison.cycles import Heavy
from demandsim.comparison.frontier import Increment, compare_incrementally
from demandsim.receipts.receipt import Exact, Receipt, StandardErrors
from demandsim.receipts.sick_sicker import STRATEGIES, cohort, payoff, simulate

Floats = NDArray[np.float64]

_PAPER: Final = (
    "Alarid-Escudero et al. (2023), An introductory tutorial on cohort state-transition models in R, "
    "Medical Decision Making 43(1): time-independent Sick-Sicker, all strategies"
)
_PARITY: Final = "The same with Simpson's heavier weight on the other cycles"
_MACHINE: Final = "The same table; households moved by the model's own monthly rule, error falling as 1/√N"

#: As printed: cost, QALYs, incremental cost, incremental QALYs, cost per QALY gained.
_TABLE: Final = {
    "standard": ("151,580", "20.711"),
    "B": ("259,100", "22.184", "107,521", "1.473", "72,988"),
    "AB": ("378,875", "23.137", "119,775", "0.952", "125,764"),
    "A": ("284,805", "21.499"),
}
_COLUMNS: Final = {
    "cost": "cost",
    "QALYs": "outcome",
    "incremental cost": "cost_more",
    "incremental QALYs": "outcome_more",
    "cost per QALY gained": "cost_per_unit",
}
#: Lucks run at each number of households: many small runs cost as much as few large ones.
LUCKS: Final = {1_000: 128, 10_000: 40, 100_000: 16}
#: Where two strategies are compared, on the same luck.
_PAIRED: Final = 10_000


@cache
def _compared(heavy: Heavy = "even") -> dict[str, Increment]:
    return {row.name: row for row in compare_incrementally({name: cohort(name, heavy) for name in STRATEGIES})}


def _cell(strategy: str, attribute: str, heavy: Heavy = "even") -> float:
    value: float = getattr(_compared(heavy)[strategy], attribute)
    return value


def _is_dominated() -> bool:
    return _compared()["A"].status == "dominated"


@cache
def payoffs_by_luck(strategy: str, households: int) -> Floats:
    """Cost and QALYs of simulated households, by luck.

    Returns
    -------
    ndarray, shape (lucks, 2)
    """
    traces = (simulate(strategy, households, luck) for luck in range(LUCKS[households]))
    return np.array([payoff(trace, strategy) for trace in traces])


def _mean(households: int, column: int) -> tuple[float, float]:
    return _mean_and_error(payoffs_by_luck("standard", households)[:, column])


def _gain(column: int) -> tuple[float, float]:
    return _mean_and_error(_paired_difference()[:, column])


def _paired_difference() -> Floats:
    return np.asarray(payoffs_by_luck("B", _PAIRED) - payoffs_by_luck("standard", _PAIRED))


def _cost_per_qaly() -> tuple[float, float]:
    """Ratio of the means of paired differences, its error by the delta method."""
    cost, qaly = _paired_difference().T
    ratio = float(cost.mean() / qaly.mean())
    return ratio, _mean_and_error(cost - ratio * qaly)[1] / float(qaly.mean())


def _mean_and_error(values: Floats) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1)) / math.sqrt(values.size)


def slope_of_error(column: int) -> tuple[float, float]:
    """Slope of the logarithm of the error against the cohort on that of the number of households, and its own error.

    The error is the root mean square over independent lucks, so a bias would flatten the slope.

    Parameters
    ----------
    column : int
        0 for cost, 1 for QALYs.
    """
    log_households = np.log(list(LUCKS))
    log_errors = []
    for households in LUCKS:
        apart = payoffs_by_luck("standard", households)[:, column] - cohort("standard")[column]
        log_errors.append(0.5 * math.log(float(np.mean(apart**2))))
    from_mean = log_households - log_households.mean()
    leverage = from_mean / float(from_mean @ from_mean)
    # A root mean square over n normal errors has a relative standard error of 1/√(2n).
    spread = np.array([1.0 / (2.0 * lucks) for lucks in LUCKS.values()])
    return float(leverage @ np.array(log_errors)), math.sqrt(float(leverage**2 @ spread))


def _cohort_receipts() -> list[Receipt]:
    rows = [
        Receipt.printed("R2", f"cohort, {name}: {label}", _PAPER, text, partial(_cell, name, attribute))
        for name, printed in _TABLE.items()
        for (label, attribute), text in zip(_COLUMNS.items(), printed, strict=False)
    ]
    rows.append(Receipt("R2", "cohort, A: dominated", _PAPER, True, Exact(), _is_dominated))
    other = partial(_cell, "B", "cost_per_unit", "odd")
    rows.append(Receipt.printed("R2", "cohort, B: cost per QALY gained, the other parity", _PARITY, "73,348", other))
    return rows


def _household_receipts() -> list[Receipt]:
    def printed(strategy: str, label: str) -> float:
        return float(_TABLE[strategy][list(_COLUMNS).index(label)].replace(",", ""))

    def near(name: str, published: float, compute: partial[tuple[float, float]]) -> Receipt:
        return Receipt("R2", name, _MACHINE, published, StandardErrors(3.0), compute)

    rows = [
        near(
            f"{households:,} households, {lucks} lucks, standard: {label}",
            printed("standard", label),
            partial(_mean, households, column),
        )
        for households, lucks in LUCKS.items()
        for column, label in enumerate(("cost", "QALYs"))
    ]
    pairs = f"{_PAIRED:,} households, {LUCKS[_PAIRED]} lucks, B against standard"
    rows += [
        near(f"{pairs}: {label}", printed("B", label), partial(_gain, column))
        for column, label in enumerate(("incremental cost", "incremental QALYs"))
    ]
    rows.append(near(f"{pairs}: cost per QALY gained", printed("B", "cost per QALY gained"), partial(_cost_per_qaly)))
    rows += [
        near(f"slope of log error of {label} on log N", -0.5, partial(slope_of_error, column))
        for column, label in enumerate(("cost", "QALYs"))
    ]
    return rows


RECEIPTS: Final = (*_cohort_receipts(), *_household_receipts())
