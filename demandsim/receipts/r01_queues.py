"""R1: waiting lists whose long-run measures are known in closed form."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, partial
from typing import Final

from demandsim.receipts.receipt import Exact, Receipt, Relative, StandardErrors
from demandsim.receipts.simulated_queues import SimulatedQueue, littles_law_holds, simulate_queue
from demandsim.services.queueing import erlang_a, mmc, p_wait_longer

_SIMULATED: Final = "Ciw, documentation; checked by the R package queueing"
_CIW: Final = "Ciw, README (the system); R package queueing, NewInput.MMC and QueueingModel (the measures)"
_R_QUEUEING: Final = "R package queueing, NewInput.MMC (Ríos Insua et al. 2004, Investigación operativa, example 10.9)"
_TEAM: Final = "R package queueing, NewInput.MMC and QueueingModel; an early-help team, 90% busy with 20 workers"
_IMPATIENT: Final = (
    "Garnett, Mandelbaum and Reiman (2002), MSOM 4(3), table comparing M/M/N with M/M/N+M "
    "(figures recalled from the paper, not read again)"
)
_PALM: Final = "Palm (1957): with patience as long as service the number in the system is Poisson, as in M/M/∞"
_LITTLE: Final = "Little (1961), A proof for the queuing formula L = λW, Operations Research 9(3)"

#: (system, arrivals, completions, servers, citation, P(wait), Wq, Lq, W, L)
_LISTS: Final = (
    ("M/M/1 λ 5, μ 8", 5.0, 8.0, 1, _SIMULATED, "0.625", "0.2083333", "1.0416667", "0.3333333", "1.6666667"),
    ("M/M/2 λ 5, μ 10", 5.0, 10.0, 2, _R_QUEUEING, "0.1", "0.0066667", "0.0333333", "0.1066667", "0.5333333"),
    ("M/M/3 λ 0.2, μ 0.1", 0.2, 0.1, 3, _CIW, "0.4444444", "4.4444444", "0.8888889", "14.4444444", "2.8888889"),
    ("M/M/20 λ 18, μ 1", 18.0, 1.0, 20, _TEAM, "0.5507690", "0.2753845", "4.9569210", "1.2753845", "22.9569210"),
    ("M/M/19 λ 18, μ 1", 18.0, 1.0, 19, _TEAM, "0.7497793", "0.7497793", "13.4960282", "1.7497793", "31.4960282"),
)
_MEASURES: Final = {
    "P(wait)": "p_wait",
    "Wq": "wait_mean",
    "Lq": "queue_mean",
    "W": "time_in_system_mean",
    "L": "number_in_system_mean",
}


def _list_receipts() -> list[Receipt]:
    receipts = []
    for system, arrivals, completions, servers, citation, *published in _LISTS:
        for (label, attribute), text in zip(_MEASURES.items(), published, strict=True):

            def compute(
                hazards: tuple[float, float] = (arrivals, completions), c: int = servers, field: str = attribute
            ) -> float:
                value: float = getattr(mmc(*hazards, c), field)
                return value

            receipts.append(Receipt.printed("R1", f"{system}: {label}", citation, text, compute))
    return receipts


def _one_worker_fewer() -> float:
    return mmc(18.0, 1.0, 19).wait_mean / mmc(18.0, 1.0, 20).wait_mean


def _wait_passed_by(share: float) -> float:
    """Seconds that this share of the callers of the published call centre wait longer than; by bisection."""
    low, high = 0.0, 10.0
    for _ in range(100):
        middle = (low + high) / 2.0
        low, high = (middle, high) if p_wait_longer(middle, 48.0, 1.0, 50) > share else (low, middle)
    return 60.0 * low


def _with_patience(measure: Callable[[object], float]) -> float:
    # 48 calls a minute, 50 agents, calls of a minute, patience of two minutes.
    return measure(erlang_a(48.0, 1.0, 0.5, 50))


def _attribute(name: str, scale: float, measures: object) -> float:
    value: float = getattr(measures, name)
    return scale * value


def _impatient_receipts() -> list[Receipt]:
    endless = "50 agents, 48 calls a minute, endless patience"
    impatient = "50 agents, 48 calls a minute, patience 2 minutes"
    rows: list[tuple[str, str, Callable[[], float]]] = [
        (f"{endless}: mean wait, seconds", "20.8", lambda: 60.0 * mmc(48.0, 1.0, 50).wait_mean),
        (f"{endless}: nine in ten wait under, seconds", "58.1", partial(_wait_passed_by, 0.1)),
        (f"{endless}: Lq", "17", lambda: mmc(48.0, 1.0, 50).queue_mean),
        (f"{endless}: agents busy, %", "96", lambda: 100.0 * mmc(48.0, 1.0, 50).utilisation),
    ]
    for label, text, name, scale in (
        ("leave unhelped, %", "3.1", "p_abandon", 100.0),
        ("mean wait, seconds", "3.7", "wait_mean", 60.0),
        ("Lq", "3", "queue_mean", 1.0),
        ("agents busy, %", "93", "utilisation", 100.0),
    ):
        rows.append((f"{impatient}: {label}", text, partial(_with_patience, partial(_attribute, name, scale))))
    return [Receipt.printed("R1", name, _IMPATIENT, text, compute) for name, text, compute in rows]


def _poisson_receipt() -> Receipt:
    load, servers = 18.0, 19
    p_fewer = math.fsum(math.exp(-load) * load**n / math.factorial(n) for n in range(servers))
    return Receipt(
        "R1",
        "M/M/19+M, patience as long as service: P(wait)",
        _PALM,
        1.0 - p_fewer,
        Relative(),
        lambda: erlang_a(load, 1.0, 1.0, servers).p_wait,
    )


#: Months of help in one case; the published systems are in units of one.
_CASE_LENGTHS: Final = (1.5, 3.0, 6.0)
#: Lengths of help for which each of the lists is observed: nearer to full, a list forgets more slowly.
_OBSERVED: Final = {20: 250, 19: 500}


@cache
def _simulated(servers: int, length: float) -> SimulatedQueue:
    # Each system has luck of its own, so that one unlucky stream of arrivals does not show in every row.
    seed = 10 * servers + _CASE_LENGTHS.index(length)
    return simulate_queue(18.0 / length, length, servers, months=round(_OBSERVED[servers] * length), seed=seed)


def _simulated_measure(servers: int, length: float, attribute: str) -> tuple[float, float]:
    value, standard_error = getattr(_simulated(servers, length), attribute)
    unit = length if "wait_mean" in attribute or "time" in attribute else 1.0
    return value / unit, standard_error / unit


def _simulated_receipts() -> list[Receipt]:
    """The teams of 20 and 19 again, on the model's own lists: monthly ticks, case lengths in months."""
    receipts = []
    for system, _, _, servers, citation, *published in _LISTS[-2:]:
        for length in _CASE_LENGTHS:
            for (label, attribute), text in zip(_MEASURES.items(), published, strict=True):
                name = f"the model's own list, cases of {length:g} months, {system}: {label}"
                compute = partial(_simulated_measure, servers, length, attribute)
                receipts.append(Receipt("R1", name, citation, float(text), StandardErrors(), compute))
    return receipts


def _littles_law_receipt() -> Receipt:
    name = "Little's law L = λW on the event log of the model's own lists, to the tick"
    compute = partial(littles_law_holds, 9.0, 2.0, 19, 3.0)
    return Receipt("R1", name, _LITTLE, True, Exact(), compute)


RECEIPTS: Final = (
    *_list_receipts(),
    Receipt.printed("R1", "19 workers for 20: the mean wait grows, times", _TEAM, "2.72", _one_worker_fewer),
    *_impatient_receipts(),
    _poisson_receipt(),
    *_simulated_receipts(),
    _littles_law_receipt(),
)
