"""The model's own lists, fed with arrivals and lengths whose long run is known in closed form.

Takes hazards of arrival, lengths of help and a number of places; gives long-run measures with their Monte Carlo
standard errors. Nothing is queued here: every admission, wait and end is the work of ``serve_month``, month by month,
as in a world of households. Only who comes when, and for how long, is drawn, by addressed chance.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from demandsim.chance import Decision, ServiceDecision, draw_uniforms
from demandsim.errors import RequestError
from demandsim.labels import EVENTS
from demandsim.model.columns import COUNTS, HOUSEHOLD, NOW
from demandsim.quantities import TICKS
from demandsim.services.kernels import serve_month
from demandsim.services.tables import (
    CASE,
    ENDED,
    FIRST_COME,
    LIMITED,
    LINE,
    OPEN,
    WAITING,
    build_cases,
    grown_cases,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Lists that run side by side without touching: each is one batch, so that batch means are independent.
LISTS: Final = 48
#: Times in which a start from empty halves its distance from the long run, and then some: e⁻⁵ of it is left.
_WARM_UPS: Final = 5.0
#: What a case brings along; the rest of its record belongs to the pool.
_GIVEN: Final = (
    "arrival", "duration", "gives_up", "tie", "line", "status", "next_case", "place", "will_drop", "need",
)  # fmt: skip
#: Columns of a tally: helped; of whom waited; their waits; their help; left unhelped; their waits.
_TALLY: Final = ("helped", "waited", "wait", "help", "left", "wait_of_left")
_LIST_TIME, _CASE_TIME = EVENTS.index("list_time"), EVENTS.index("case_time")


class Estimate(NamedTuple):
    """A simulated mean and its Monte Carlo standard error."""

    value: float
    standard_error: float


class SimulatedQueue(NamedTuple):
    """Long-run measures of the model's own list; the fields of `QueueMeasures` and `AbandonmentMeasures`."""

    p_wait: Estimate
    wait_mean: Estimate
    queue_mean: Estimate
    time_in_system_mean: Estimate
    number_in_system_mean: Estimate
    utilisation: Estimate
    p_abandon: Estimate
    wait_served_mean: Estimate


def simulate_queue(
    arrivals_per_month: float,
    months_of_help: float,
    servers: int,
    patience_months: float = math.inf,
    months: int = 1000,
    seed: int = 1,
) -> SimulatedQueue:
    """Run the model's own list with Poisson arrivals, exponential help and exponential patience.

    Parameters
    ----------
    arrivals_per_month : float
        Hazard of arrival.
    months_of_help : float
        Mean length of help.
    servers : int
        Cases that can be open at once.
    patience_months : float
        Mean wait tolerated; without end by default.
    months : int
        Months observed on each of the `LISTS` lists, after a warm-up of five relaxation times.
    seed : int
        Key of chance.

    Returns
    -------
    SimulatedQueue
        Times in months.

    Raises
    ------
    RequestError
        If nothing is observed, or the list would grow without end.
    """
    load = arrivals_per_month * months_of_help
    if months < 1 or servers < 1 or (load >= servers and math.isinf(patience_months)):
        raise RequestError("A list needs a month, a server and, if nobody gives up, more servers than work.")
    relaxation = months_of_help / (math.sqrt(servers) - math.sqrt(load)) ** 2 if load < servers else math.inf
    warm_up = math.ceil(_WARM_UPS * min(relaxation, months_of_help + patience_months))
    lists = Lists(arrivals_per_month, months_of_help, servers, patience_months, warm_up + months, seed)
    for _ in range(warm_up):
        lists.step()
    totals = np.zeros((LISTS, len(_TALLY)))
    before = lists.activity[0].copy()
    for _ in range(months):
        lists.step()
        totals += lists.tally()
    posted = (lists.activity[0] - before).astype(np.float64)
    return _measures(totals, posted, servers, months)


def littles_law_holds(
    arrivals_per_month: float, months_of_help: float, servers: int, patience_months: float = math.inf,
    months: int = 200, seed: int = 1,
) -> bool:  # fmt: skip
    """Whether L = λW on the event log, in whole ticks: time posted by month is time spent case by case.

    Parameters
    ----------
    arrivals_per_month, months_of_help, servers, patience_months, seed
        As for `simulate_queue`.
    months : int
        Months from the opening of the lists, those still there at the end counted up to it.
    """
    lists = Lists(arrivals_per_month, months_of_help, servers, patience_months, months, seed)
    spent = 0
    for _ in range(months):
        lists.step()
        gone = lists.cases[lists.cases["status"] == ENDED]
        until = np.where(gone["start"] < math.inf, gone["end"], gone["gives_up"])
        spent += int((_ticks(until) - _ticks(gone["arrival"])).sum())
    here = lists.cases[np.isin(lists.cases["status"], (WAITING, OPEN))]
    spent += int((months * TICKS - _ticks(here["arrival"])).sum())
    posted = lists.activity[0][:, [_LIST_TIME, _CASE_TIME]].sum()
    return spent > 0 and int(posted) == spent


def _ticks(times: Floats) -> Ints:
    return np.floor(times * TICKS + 0.5).astype(np.int64)


class Lists:
    """Independent lists side by side, one service line each, through the kernel that serves a world.

    Attributes
    ----------
    households, stale, cases, lines, counts, activity
        As `serve_month` takes them; a case's household is the row of its own place in the pool.
    month : int
        Months done.
    """

    def __init__(
        self, arrivals_per_month: float, months_of_help: float, servers: int, patience_months: float, months: int,
        seed: int, lists: int = LISTS,
    ) -> None:  # fmt: skip
        self.month = 0
        self.n_lists = lists
        self.lines = np.zeros(lists, LINE)
        self.lines["intake"], self.lines["rule"], self.lines["slots"] = LIMITED, FIRST_COME, servers
        self.cases = build_cases(0)
        self.households = np.zeros(0, HOUSEHOLD)
        self.stale = np.zeros(0, np.uint16)
        self.counts = np.zeros(1, COUNTS)
        self.now = np.zeros(1, NOW)
        self.activity = np.zeros((1, lists, len(EVENTS)), np.int64)
        self._coming = _draw_cases(arrivals_per_month, months_of_help, patience_months, months, seed, lists)
        self._first = np.searchsorted(self._coming["arrival"], np.arange(months + 1))

    def step(self) -> None:
        """One month: those who come join their lists, and the lists are served."""
        here = self._coming[self._first[self.month] : self._first[self.month + 1]]
        self._make_room(here.size)
        unused = int(self.counts["unused"][0])
        places = self.cases["free"][unused - here.size : unused].copy()
        for field in _GIVEN:
            self.cases[field][places] = here[field]
        self.cases["row"][places] = places
        self.households["head"][places] = places
        self.counts["unused"] -= here.size
        self.counts["top"] = self.cases.size
        self.now["month"] = self.month
        serve_month(self.households, self.stale, self.cases, self.lines, self.now, self.counts, self.activity)
        self.month += 1

    def _make_room(self, arriving: int) -> None:
        unused = int(self.counts["unused"][0])
        if unused >= arriving:
            return
        capacity = 2 * self.cases.size + arriving + 64
        self.cases, unused = grown_cases(self.cases, unused, capacity)
        self.counts["unused"] = unused
        households = np.zeros(capacity, HOUSEHOLD)
        households["head"] = -1
        households[: self.households.size] = self.households
        self.households, self.stale = households, np.zeros(capacity, np.uint16)

    def tally(self) -> Floats:
        """What was settled in the month just done, by list and the columns of ``_TALLY``."""
        status, start = self.cases["status"], self.cases["start"]
        began = np.flatnonzero((status >= OPEN) & (start >= self.month - 1) & (start < self.month))
        left = np.flatnonzero((status == ENDED) & (start == math.inf))
        helped, gone = self.cases[began], self.cases[left]
        wait = helped["start"] - helped["arrival"]
        columns = (
            self._by_list(helped, np.ones(helped.size)),
            self._by_list(helped, (wait > 0.0).astype(np.float64)),
            self._by_list(helped, wait),
            self._by_list(helped, helped["duration"]),
            self._by_list(gone, np.ones(gone.size)),
            self._by_list(gone, gone["gives_up"] - gone["arrival"]),
        )
        return np.stack(columns, axis=1)

    def _by_list(self, cases: NDArray[np.void], weights: Floats) -> Floats:
        return np.bincount(cases["line"], weights, self.n_lists).astype(np.float64)


def _draw_cases(
    arrivals_per_month: float, months_of_help: float, patience_months: float, months: int, seed: int, lists: int
) -> NDArray[np.void]:
    """Everybody who will come to any of the lists, in order of arrival."""
    expected = arrivals_per_month * months
    n = math.ceil(expected + 10.0 * math.sqrt(expected) + 20.0)
    everybody = []
    for number in range(lists):
        # The address is an arrival's number, the list in the place of the occupant.
        gap, help_, patience, tie = (
            draw_uniforms(np.uint32(seed), np.uint32(0), np.arange(n), 0, number, int(decision))
            for decision in (Decision.ARRIVAL_TIME, *_SERVICE_WORDS)
        )
        cases = np.zeros(n, CASE)
        cases["arrival"] = np.cumsum(-np.log(gap)) / arrivals_per_month
        cases["duration"] = -months_of_help * np.log(help_)
        cases["gives_up"] = cases["arrival"] - patience_months * np.log(patience)
        cases["tie"] = np.floor(tie * 2.0**32)
        cases["line"], cases["status"], cases["next_case"] = number, WAITING, -1
        everybody.append(cases[cases["arrival"] < months])
    together = np.concatenate(everybody)
    return np.asarray(together[np.argsort(together["arrival"], kind="stable")])


_SERVICE_WORDS: Final = tuple(
    Decision.SERVICE + word for word in (ServiceDecision.LENGTH, ServiceDecision.PATIENCE, ServiceDecision.TIE)
)


def _measures(totals: Floats, posted: Floats, servers: int, months: int) -> SimulatedQueue:
    helped, waited, wait, help_, left, wait_of_left = totals.T
    everybody = helped + left
    waits = wait + wait_of_left
    queue = posted[:, _LIST_TIME] / TICKS
    busy = posted[:, _CASE_TIME] / TICKS
    observed = np.full(LISTS, float(months))
    return SimulatedQueue(
        p_wait=_ratio(waited + left, everybody),
        wait_mean=_ratio(waits, everybody),
        queue_mean=_ratio(queue, observed),
        time_in_system_mean=_ratio(waits + help_, everybody),
        number_in_system_mean=_ratio(queue + busy, observed),
        utilisation=_ratio(busy, servers * observed),
        p_abandon=_ratio(left, everybody),
        wait_served_mean=_ratio(wait, helped),
    )


def _ratio(over: Floats, under: Floats) -> Estimate:
    """Ratio of totals, which unlike a mean of ratios is not biased by short lists, with its error from list to list."""
    value = float(over.sum() / under.sum())
    apart = over - value * under
    return Estimate(value, float(apart.std(ddof=1) / under.mean() / math.sqrt(apart.size)))
