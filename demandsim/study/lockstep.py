"""Worlds of one luck side by side: the run-in once, then every scenario month by month against the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from demandsim.model.calendar import CALENDAR, live_everyday, move_people, serve, step_all_households
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import Inputs
from demandsim.place.population import REPLACED, Population
from demandsim.study.kernels import BUDGET, DIRECT, QUEUE, mark_homes, mark_own, mark_served, settle

Ints = NDArray[np.int64]


class Pairing:
    """One world against the first: who has parted, and why.

    Parameters
    ----------
    world, base : DemandModel
        Compared with the same luck.

    Attributes
    ----------
    totals : (4, 3) int64
        Households, ticks waited and pence·ticks by cause (same, direct, queue, budget). The row of ``same`` is 0.
    """

    def __init__(self, world: DemandModel, base: DemandModel) -> None:
        self.world = world
        self.base = base
        self.cause = np.zeros(world.n_households, np.uint8)
        self.totals = np.zeros((4, 3), np.int64)
        moved = world.inputs.planned_slots != base.inputs.planned_slots
        self._has_moved = np.logical_or.accumulate(moved, axis=1)
        one, other = world.inputs.everyday, base.inputs.everyday
        self._mending = one.streams.mends_homes
        moved = (one.streams.staff != other.streams.staff) | (one.streams.volume != other.streams.volume)
        self._homes_moved = np.logical_or.accumulate(moved[self._mending] | (one.digital != other.digital))

    def settle_leavers(self) -> None:
        """Close the accounts of households that leave this month, before their rows are given to others."""
        events = self.world.population.events
        here = events.of_month(self.world.months_done)
        self._settle(events.row[here][events.kind[here] == REPLACED].astype(np.int64))

    def settle_all(self) -> None:
        """Close everybody's accounts at the end of the run."""
        self._settle(np.arange(self.world.n_households))

    def _settle(self, rows: Ints) -> None:
        world, base = self.world, self.base
        year_began = int(world.world.counts["year_began"][0])
        settle(
            rows, world.world.households, base.world.households, world.needs, base.needs, year_began, world.month,
            self.cause, self.totals,
        )  # fmt: skip

    def mark_homes(self) -> None:
        """After the month's repairs: the lever, the agency's rule, or what else is waiting for repair."""
        one, other = self.world.world, self.base.world
        mending = self.world.lines.size + self._mending
        by_rule = self.world.posts[mending] != self.base.posts[mending]
        by_plan = self._homes_moved[self.world.months_done]
        why = DIRECT if by_plan else BUDGET if by_rule else QUEUE
        mark_homes(one.households, other.households, one.stale, other.stale, why, self.cause)

    def mark_own(self) -> None:
        """After the households' own month."""
        one, other, step = self.world.world, self.base.world, self.world.months_done
        planned = [world.inputs.monthly["p_referred"][:, step] for world in (self.world, self.base)]
        differs = self.world.lines["p_referred"] != self.base.lines["p_referred"]
        mark_own(
            one.households, other.households, one.stale, other.stale, self.world.cases, self.base.cases,
            (differs & (planned[0] == planned[1])).astype(np.uint8), self.world.month, self.cause,
        )  # fmt: skip

    def mark_served(self) -> None:
        """After the lists have been served."""
        one, other = self.world.world, self.base.world
        mark_served(
            one.households, other.households, one.stale, other.stale, self.world.cases, self.base.cases,
            self._cause_of_line(), self.cause,
        )  # fmt: skip

    def _cause_of_line(self) -> NDArray[np.uint8]:
        """Why a line's admissions differ this month: its plan, its agency's rule, or who else is on the list."""
        by_rule = self.world.lines["slots"] != self.base.lines["slots"]
        by_plan = self._has_moved[:, self.world.months_done]
        return np.where(by_plan, DIRECT, np.where(by_rule, BUDGET, QUEUE)).astype(np.uint8)


def run_in_lock_step(
    inputs: Sequence[Inputs],
    population: Population,
    deprivation: NDArray[np.float64],
    seed: int,
    luck: int,
    watch: Callable[[list[DemandModel]], None] | None = None,
) -> tuple[list[DemandModel], list[Pairing]]:
    """Run every scenario of one luck.

    Parameters
    ----------
    inputs : sequence of Inputs
        One a scenario, of the same place and draw; the first is compared with.
    population : Population
    deprivation : ndarray, shape (areas,)
    seed, luck : int
    watch : callable, optional
        Called with all worlds when the run proper begins and after every month of it; may change nothing.

    Returns
    -------
    worlds : list of DemandModel
        Finished; the caller closes them.
    pairings : list of Pairing
        One for each world after the first, settled.
    """
    base = DemandModel(inputs[0], population, deprivation, seed, luck)
    base.run_in()
    worlds = [base, *(base.branch(other) for other in inputs[1:])]
    pairings = [Pairing(world, base) for world in worlds[1:]]
    if watch is not None:
        watch(worlds)
    while not base.is_done:
        _step_together(worlds, pairings)
        if watch is not None:
            watch(worlds)
    for pairing in pairings:
        pairing.settle_all()
    return worlds, pairings


def _step_together(worlds: list[DemandModel], pairings: list[Pairing]) -> None:
    """One month of every world, row of the calendar by row."""
    for row in CALENDAR:
        if row.run is None:
            continue
        if row.run is move_people:
            for pairing in pairings:
                pairing.settle_leavers()
        for world in worlds:
            row.run(world)
        if row.run is live_everyday:
            for pairing in pairings:
                pairing.mark_homes()
        elif row.run is step_all_households:
            for pairing in pairings:
                pairing.mark_own()
        elif row.run is serve:
            for pairing in pairings:
                pairing.mark_served()
