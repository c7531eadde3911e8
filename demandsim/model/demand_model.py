"""One world as a Mesa model: columns underneath, agents on top, the calendar in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mesa
import numpy as np
from mesa.datacollection import DataCollector

from demandsim.errors import RequestError
from demandsim.labels import CRISIS
from demandsim.ledger.accounts import contact_pence
from demandsim.ledger.record import Record
from demandsim.model.agents import Agency, Household, Service
from demandsim.model.budgeting import Budgets
from demandsim.model.calendar import CALENDAR, Calendar
from demandsim.model.columns import NOW, build_world, copy_world
from demandsim.model.everyday import EverydayLife, planned_units
from demandsim.model.household_set import EveryAgent, HouseholdSet
from demandsim.model.inputs import Inputs
from demandsim.model.kernels import flush_state_time, settle_all
from demandsim.model.recording import empty_record
from demandsim.model.step import ALL
from demandsim.model.yearly.kernels import count_high_need, count_households
from demandsim.place.population import Population
from demandsim.quantities import MONTHS_PER_YEAR
from demandsim.services.tables import OPEN, WAITING


class DemandModel(mesa.Model):  # type: ignore[misc]
    """A place, month by month, under one scenario, one set of beliefs and one luck.

    Parameters
    ----------
    inputs : Inputs
        What the world reads.
    population : Population
        Who lives there; covers the run-in and the run proper.
    deprivation : ndarray, shape (areas,)
        Standard score of each area.
    seed : int
        Key of chance.
    luck : int
        Luck index; draws of the same luck are the same in every scenario.
    is_screened : bool
        Skip, by cached bounds, what cannot happen; no result depends on it.

    Notes
    -----
    Randomness is addressed (see :mod:`demandsim.chance`): Mesa's own generators are seeded and never used.
    """

    def __init__(
        self,
        inputs: Inputs,
        population: Population,
        deprivation: np.ndarray[Any, np.dtype[np.float64]],
        seed: int = 2016,
        luck: int = 0,
        is_screened: bool = True,
    ) -> None:
        super().__init__(rng=seed)
        if population.n_households != inputs.n_households:
            raise RequestError("The population and the inputs are of different sizes. Build both from the same place.")
        if population.n_months < inputs.run_in + inputs.n_months:
            raise RequestError("The population ends before the run does. Build it for the run-in and the run together.")
        if (population.present[: inputs.run_in + inputs.n_months] != inputs.households_present).any():
            raise RequestError("The population and the inputs follow different paths. Build both from the same future.")
        self.inputs = inputs
        self.population = population
        self.n_households = population.n_rows
        self.is_screened = is_screened
        self.months_done = 0
        self.needs = inputs.needs
        self.lines = inputs.lines.copy()
        self.world, self.cases = build_world(self.n_households, deprivation.size, self.lines.size)
        self.record: Record = empty_record(inputs, deprivation.size)
        self.now = np.zeros(1, NOW)
        self.now["k0"], self.now["k1"] = seed & 0xFFFFFFFF, luck
        self.now["month"] = self.month
        self.now["take_up_frailty"] = inputs.take_up_frailty
        for field, values in inputs.door.items():
            self.now[field] = values[0]
        self.cases_before = np.zeros((self.lines.size, 2), np.int64)
        self._faces: dict[int, Household] = {}
        self._households = HouseholdSet(self)
        self.agencies = [Agency(self, name) for name in inputs.purses.names]
        self.services = [Service(self, position) for position in range(len(inputs.services))]
        self.datacollector = build_collector()
        self._move_in(deprivation)
        self._open_year()
        self.everyday = EverydayLife(self)
        self.budgets = Budgets(inputs, planned_units(inputs, self.everyday), None)
        self.posts = self.budgets.posts_planned[:, 0].copy()

    def _move_in(self, deprivation: np.ndarray[Any, np.dtype[np.float64]]) -> None:
        """Fill the columns with the place's first occupants and their needs."""
        households, people = self.world.households, self.population
        for field in ("area", "tenure", "household_type", "adults", "children", "age_band", "occupant"):
            households[field] = getattr(people, field)
        self.world.occupant[:] = people.occupant
        households["deprivation"] = deprivation[people.area]
        sd = float(self.needs["frailty_sd"][0])
        households["log_frailty"] = sd * people.frailty_z - 0.5 * sd * sd
        self.world.repair[:] = people.tenure
        self.world.counts["year_began"] = self.month
        settle_all(households, self.world.stale, self.needs, self.now, self.world.counts, people.take_up_z)

    # -- time

    @property
    def month(self) -> int:
        """Months since the start; negative in the run-in."""
        return self.months_done - self.inputs.run_in

    @property
    def is_done(self) -> bool:
        """Whether the run is over."""
        return self.months_done >= self.inputs.run_in + self.inputs.n_months

    @property
    def calendar(self) -> Calendar:
        """The rows of a month; printable."""
        return CALENDAR

    def step(self) -> None:
        """One month."""
        if self.is_done:
            raise RequestError("The run is over: its last month has been stepped.")
        for row in CALENDAR:
            if row.run is not None:
                row.run(self)
        self.datacollector.collect(self)

    def run_in(self) -> None:
        """Step to the start of the run proper."""
        while self.month < 0:
            self.step()

    def post_month(self) -> None:
        """Move the month's activity to the record and begin the next month."""
        counts, activity, month = self.world.counts, self.world.activity, self.month
        if month >= 0:
            record = self.record
            record.activity[month] = activity.sum(axis=0)
            record.activity_by_area[month // MONTHS_PER_YEAR] += activity
            record.households[month] = counts["households"][0]
            record.unmet[month] = counts["unmet"][0]
            record.door[month] = counts["door"][0]
            record.posts[month] = self.posts
            record.redundancy[month] = self.budgets.redundancy
            self.everyday.note(record, month)
        else:
            self.budgets.count_run_in(activity, contact_pence(self.everyday.money(), self.inputs.prices), month)
        activity[:] = 0
        counts["door"] = 0
        self.months_done += 1
        if self.month == -self.budgets.base_months:
            self._flush()  # the months from which budgets are set begin
            self.world.state_months[:] = 0
        if self.month == 0:
            self._begin_record()
        elif self.month > 0 and (self.month % MONTHS_PER_YEAR == 0 or self.is_done):
            self._close_year((self.month - 1) // MONTHS_PER_YEAR)
        self.running = not self.is_done

    def _begin_record(self) -> None:
        """The run-in is over: money, waits and time in state count from here."""
        self._flush()
        self.budgets.set_base(self.world.state_months)
        self.world.counts["year_began"] = 0
        self.world.counts["exported"] = 0
        self.world.counts["onsets"] = 0
        self.world.counts["spells"] = 0
        self.world.counts["left_pence"] = 0
        self.world.state_months[:] = 0
        self.cases_before = self.live_cases()
        self.world.households["pence"] = 0
        self.world.households["waited"] = 0
        self._open_year()

    def _open_year(self) -> None:
        """Note what has been posted to whom, so that a year can be told from those before it."""
        self._pence_before = self.world.households["pence"].copy()
        self._occupant_before = self.world.occupant.copy()

    def _flush(self) -> None:
        world = self.world
        flush_state_time(world.households, self.needs, world.counts, world.state_months, self.month)

    def _close_year(self, year: int) -> None:
        self._flush()
        self.record.state_months[year] = self.world.state_months
        self.record.exported[year] = self.world.counts["exported"][0]
        self.record.onsets[year] = self.world.counts["onsets"][0]
        self.record.spells[year] = self.world.counts["spells"][0]
        trust, present = count_households(self.world.households, self.record.people[year], self.record.known[year])
        self.record.trust[year] = trust / present
        count_high_need(
            self.world.households, self._pence_before, self._occupant_before, self.record.high_need[year]
        )  # fmt: skip
        self._open_year()
        self.budgets.close_year(self.record, year)
        self.world.state_months[:] = 0
        self.world.counts["exported"] = 0
        self.world.counts["onsets"] = 0
        self.world.counts["spells"] = 0

    def live_cases(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Waiting and open cases by service, counted from the pool; shape (services, 2)."""
        live, line = self.cases["status"], self.cases["line"]
        lines = self.lines.size
        return np.stack([np.bincount(line[live == what], minlength=lines) for what in (WAITING, OPEN)], axis=1)

    def branch(self, inputs: Inputs) -> DemandModel:
        """A second world that shares this one's past, under other levers from here on.

        Scenarios may not move a lever before the start, so their run-in is the same and is run once.
        """
        if self.month != 0:
            raise RequestError("A world branches at the start of the run proper, after its run-in.")
        twin = DemandModel.__new__(DemandModel)
        mesa.Model.__init__(twin, rng=self._seed)
        for name in ("population", "n_households", "is_screened", "months_done", "cases_before"):
            setattr(twin, name, getattr(self, name))
        twin.inputs = inputs
        twin.needs = inputs.needs
        twin.lines = inputs.lines.copy()
        twin.world = copy_world(self.world)
        twin.cases = self.cases.copy()
        twin.record = empty_record(inputs, self.record.state_months.shape[1])
        twin.now = self.now.copy()
        twin.posts = self.posts.copy()
        twin._open_year()
        twin.everyday = self.everyday.twin(twin)
        twin.budgets = self.budgets.twin(inputs, planned_units(inputs, twin.everyday))
        twin._faces = {}
        twin._households = HouseholdSet(twin)
        twin.agencies = [Agency(twin, name) for name in inputs.purses.names]
        twin.services = [Service(twin, position) for position in range(len(inputs.services))]
        twin.datacollector = build_collector()
        # A bound is cached under this world's beliefs about help; other levers may raise it.
        twin.world.stale[:] = ALL
        return twin

    # -- Mesa's faces

    @property
    def households(self) -> HouseholdSet:
        """All households, as a lazy agent set that answers from columns."""
        return self._households

    @property
    def agents(self) -> mesa.agent.AgentSet:
        """All agents: agencies, services and households."""
        return EveryAgent(self)

    @property
    def agents_by_type(self) -> Mapping[type[mesa.Agent], mesa.agent.AgentSet]:
        """Agent sets by class; the households' set is lazy."""
        return {**self._agents_by_type, Household: self._households}

    @property
    def agent_types(self) -> list[type[mesa.Agent]]:
        """Classes of agents in the model."""
        return list(self.agents_by_type)

    def register_agent(self, agent: mesa.Agent) -> None:
        """Register an agent; a household is a face on its row and is kept by row."""
        if isinstance(agent, Household):
            self._faces[agent.row] = agent
        else:
            super().register_agent(agent)

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Forget an agent; a household's face only, its row lives on."""
        if isinstance(agent, Household):
            self._faces.pop(agent.row, None)
        else:
            super().deregister_agent(agent)

    def household(self, row: int) -> Household:
        """The agent of one row, made when first asked for."""
        if not 0 <= row < self.n_households:
            raise RequestError(f"There is no household {row}: rows go from 0 to {self.n_households - 1}.")
        return self._faces.get(row) or Household(self, row)

    def close(self) -> None:
        """Let go of the model: Mesa's class-level table of ids keeps every model alive until its entry is dropped."""
        mesa.Agent._ids.pop(self, None)
        self._faces.clear()


def build_collector() -> DataCollector:
    """Build Mesa's collector of what a glance at a world wants; add reporters of your own before stepping."""
    return DataCollector(
        model_reporters={
            "month": lambda model: model.month,
            "needs_in_crisis": lambda model: int(model.world.counts["households"][0, :, CRISIS].sum()),
            "unmet_needs": lambda model: int(model.world.counts["unmet"][0].sum()),
        }
    )
