"""Whom a replay follows, and the world they are followed in.

Takes a place as now at the start of its run proper; gives worlds in which only a study's people live, as many as asked
for, each with the needs, cases and places on lists of a household of the place that met the study's criteria. Two such
worlds from the same people and luck differ in nothing but the trial's line of help.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from demandsim.chance import Decision, ServiceDecision, draw_uniforms
from demandsim.labels import ESTABLISHED, N_NEEDS, N_STATES, NEEDS, STATES
from demandsim.model.columns import build_world
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import build_inputs
from demandsim.model.kernels import flush_state_time, step_households
from demandsim.needs.tables import MOVES
from demandsim.parameters.book import Book
from demandsim.place import Place
from demandsim.place.population import VACANT, build_population
from demandsim.policy.scenario import Scenario
from demandsim.policy.timeline import GROWTH
from demandsim.quantities import MONTHS_PER_YEAR, month_number
from demandsim.services.kernels import note_answers, serve_month
from demandsim.services.tables import (
    FREE,
    MOST_LINES,
    OPEN,
    UNLIMITED,
    WAITING,
    Records,
    build_cases,
    grown_cases,
)
from demandsim.study.luck import PLACE_SEED
from demandsim.study.replay.studies import Population, age_positions, state_positions

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: The line that stands for a trial: it has a code of its own, and no posts as now.
TRIAL: Final = "null_service"
#: Studies begin here.
FIRST_MONTH: Final = "2016-04"


@dataclass(frozen=True)
class Help:
    """The trial's line of help.

    Attributes
    ----------
    service : str
        Whose length, lag, fade, drop-out and noticing it has.
    need : str
        What a case of it is for.
    acts_on : tuple of str
        Moves that take the hazard ratio.
    length, lag, drop_out : float, optional
        Where other than the service's.
    is_shut : bool
        Whether the service as now is shut to the study's people.
    stays_open : bool
        Whether help goes on when the need is met.
    """

    service: str
    need: str
    acts_on: tuple[str, ...]
    length: float | None = None
    lag: float | None = None
    drop_out: float | None = None
    is_shut: bool = True
    stays_open: bool = False


def run_place(
    place: Place, book: Book, as_now: Scenario, run_in: int, seed: int, luck: int, months: int = 0
) -> DemandModel:
    """A place as now at the end of its run-in, or so many months on; nothing grows and no agency cuts."""
    limited = (name for name, purse in book.agencies.items() if purse.cash_limited)
    still = book.with_overrides({GROWTH: 0.0, **{f"agencies.{name}.elsewhere": 1.0 for name in limited}})
    span = max(MONTHS_PER_YEAR, months)
    inputs = build_inputs(place, still.draw(), as_now, FIRST_MONTH, span, run_in)
    first = month_number(FIRST_MONTH) - run_in
    people = build_population(place, place.n_households, first, run_in + span, PLACE_SEED)
    model = DemandModel(inputs, people, place.deprivation_z, seed, luck)
    model.run_in()
    while model.month < months:
        model.step()
    return model


def find_people(model: DemandModel, population: Population, service: str = "") -> Ints:
    """Rows of a place that meet a study's criteria and have no live case of the service studied.

    Parameters
    ----------
    model : DemandModel
    population : Population
    service : str, optional
        Whose clients are left out.
    """
    house = model.world.households
    chosen: Flags = house["household_type"] != VACANT
    for need, states in population.states.items():
        chosen &= np.isin(house["state"][:, NEEDS.index(need)], state_positions(states))
    if population.children:
        chosen &= house["children"] > 0
    chosen &= np.isin(house["age_band"], age_positions(population.ages))
    for need, months in population.newly.items():
        chosen &= model.month - house["since"][:, NEEDS.index(need)] <= months
    chosen &= (house["state"] >= ESTABLISHED).sum(axis=1) >= population.several
    if service:
        line = model.inputs.services.index(service)
        live = np.isin(model.cases["status"], (WAITING, OPEN)) & (model.cases["line"] == line)
        chosen[model.cases["row"][live]] = False
    return np.flatnonzero(chosen)


class Followed:
    """A study's people in a world of their own, where the times stand still: nobody moves in or away or grows older.

    Parameters
    ----------
    model : DemandModel
        The place as now, between two months.
    rows : ndarray of int64
        Whom to follow: rows of the place, one or more times each. A row taken twice has two futures.
    help_ : Help
    log_ratio : float or None
        Logarithm of the trial's hazard ratio; None where the trial's help is not given.

    Notes
    -----
    Lists with limited places keep for these people the places they hold at the start.
    """

    def __init__(self, model: DemandModel, rows: Ints, help_: Help, log_ratio: float | None) -> None:
        n = rows.size
        self.world, _ = build_world(n, 1, model.lines.size)
        self.world.households[:] = model.world.households[rows]
        self.world.households["area"] = 0
        self.world.occupant[:] = self.world.households["occupant"]
        self.world.repair[:] = model.world.repair[rows]
        self.month = model.month
        self.needs = model.needs
        self.now = model.now.copy()
        self.now["month"] = self.month
        self.world.counts["year_began"] = self.month
        self.lines = model.lines.copy()
        self.trial = model.inputs.services.index(TRIAL)
        self._set_lines(model, help_, log_ratio or 0.0)
        self.cases = self._copy_cases(model, rows)
        held = np.bincount(self.cases["line"][self.cases["status"] == OPEN], minlength=self.lines.size)
        self.lines["slots"] = np.where(self.lines["intake"] == UNLIMITED, self.lines["slots"], held)
        if log_ratio is not None:
            self._enrol(NEEDS.index(help_.need))
        note_answers(self.lines, self.now)
        self.now["answers"] &= ~np.uint64(1 << self.trial)  # nobody comes to the trial by themselves

    def _set_lines(self, model: DemandModel, help_: Help, log_ratio: float) -> None:
        """The trial's line: the service's own, that nobody comes to by the front door."""
        lines, own = self.lines, model.inputs.services.index(help_.service)
        code, ratios = lines["code"][self.trial], np.zeros((N_NEEDS, N_STATES, len(MOVES)))
        for need, state, move in (entry.split(".") for entry in help_.acts_on):
            ratios[NEEDS.index(need), STATES.index(state), MOVES.index(move)] = log_ratio
        if own != self.trial:
            lines[self.trial] = lines[own]
            if help_.is_shut:
                lines["p_referred"][own] = lines["p_eligible"][own] = 0.0
        given = {"length": help_.length, "lag": help_.lag, "drop_out": help_.drop_out}
        values: dict[str, Any] = {
            "code": code, "instead": np.uint64(1 << self.trial), "intake": UNLIMITED, "automatic": 0,
            "p_referred": 0.0, "below": 0.0,
            "until_state_ends": help_.stays_open, "opens_at": 0 if help_.stays_open else 1, "slots": 0,
            "price_time": 0, "price_case": 0, "price_overtime": 0, "price_spot": 0,
            "fidelity": 1.0, "effort": 1.0, "most_fidelity": 1.0, "log_ratio": ratios,
            "has_effect": np.any(ratios != 0.0, axis=(1, 2)),
            "raises": int(np.any(ratios > 0.0, axis=(1, 2)) @ (1 << np.arange(N_NEEDS))),
            **{field: value for field, value in given.items() if value is not None},
        }  # fmt: skip
        if help_.stays_open:
            values["closes_above"] = N_STATES
        for field, value in values.items():
            lines[field][self.trial] = value

    def _copy_cases(self, model: DemandModel, rows: Ints) -> Records:
        """The cases of the rows, waiting, open or fading, chained to who follows them here."""
        old = np.flatnonzero(model.cases["status"] != FREE)
        old = old[np.argsort(model.cases["row"][old], kind="stable")]
        count = np.bincount(model.cases["row"][old], minlength=model.n_households)
        first, each = np.concatenate([[0], np.cumsum(count)])[rows], count[rows]
        total, n = int(each.sum()), rows.size
        begins = np.concatenate([[0], np.cumsum(each)])
        taken = old[np.repeat(first - begins[:-1], each) + np.arange(total)]
        cases = build_cases(total + 4 * n + 4 * MOST_LINES)
        unused = cases.size - total
        cases[:total] = model.cases[taken]
        cases["free"][:unused] = np.arange(cases.size - 1, total - 1, -1)
        cases["row"][:total] = np.repeat(np.arange(n), each)
        following = np.arange(1, total + 1)
        following[begins[1:][each > 0] - 1] = -1  # the last of each chain
        cases["next_case"][:total] = following
        self.world.households["head"] = np.where(each > 0, begins[:-1], -1)
        self.world.counts["unused"], self.world.counts["top"] = unused, total
        return cases

    def _enrol(self, need: int) -> None:
        """Open a case of the trial's line for everybody, at the last moment before the first month followed."""
        house, line, n = self.world.households, self.lines[self.trial], self.world.households.size
        used = int(self.world.counts["top"][0])
        new = np.arange(used, used + n)
        begins = float(self.month - 1)
        key = int(self.now["k0"][0]), int(self.now["k1"][0])
        word = int(Decision.SERVICE) + 8 * int(line["code"])
        ends, leaves = (
            -np.log(draw_uniforms(*key, np.arange(n), self.month, 0, word + int(at)))
            for at in (ServiceDecision.LENGTH, ServiceDecision.DROP_OUT)
        )
        ends *= float(line["length"])
        leaves = leaves / line["drop_out"] if line["drop_out"] > 0.0 else np.full(n, np.inf)
        values: dict[str, Any] = {
            "row": np.arange(n), "line": self.trial, "need": need, "status": OPEN, "arrival": begins, "start": begins,
            "duration": np.minimum(ends, leaves), "end": begins + np.minimum(ends, leaves), "gives_up": np.inf,
            "will_drop": leaves < ends, "next_case": house["head"],
        }  # fmt: skip
        for field, value in values.items():
            self.cases[field][new] = value
        house["head"] = new
        house["helped"] |= np.uint8(int(line["needs_helped"]))
        self.world.counts["unused"] -= n
        self.world.counts["top"] += n

    # -- time

    def step(self) -> None:
        """One month: needs move, contact is made, lists admit, cases run."""
        world, reached = self.world, 0
        while reached < world.households.size:
            reached = step_households(
                world.households, world.low, world.high, world.occupant, world.stale, self.cases, self.needs,
                self.lines, self.now, world.counts, world.activity, world.state_months, reached, True,
            )  # fmt: skip
            if reached < world.households.size:
                unused = int(world.counts["unused"][0])
                self.cases, unused = grown_cases(self.cases, unused, self.cases.size * 3 // 2 + MOST_LINES)
                world.counts["unused"] = unused
        serve_month(world.households, world.stale, self.cases, self.lines, self.now, world.counts, world.activity)
        self.month += 1
        self.now["month"] = self.month

    def is_open(self, lines: list[int]) -> Flags:
        """Who has an open case of any of the lines."""
        found = np.zeros(self.world.households.size, np.bool_)
        found[self.cases["row"][(self.cases["status"] == OPEN) & np.isin(self.cases["line"], lines)]] = True
        return found

    def pence(self) -> Ints:
        """What each household has cost so far, in pence·ticks, up to this month."""
        world = self.world
        flush_state_time(world.households, self.needs, world.counts, world.state_months, self.month)
        return np.array(world.households["pence"])
