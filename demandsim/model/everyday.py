"""Everyday contact, repairs and new homes in one world, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from demandsim.contacts.matters import MonthOfContacts, StreamState, repair_hazards, start_state, step_streams
from demandsim.contacts.streams import planned_posts, work_pence
from demandsim.labels import COMPLEX, HOUSING, TENURES
from demandsim.ledger.record import Record
from demandsim.model.kernels import step_repairs
from demandsim.place.population import VACANT

if TYPE_CHECKING:
    from demandsim.model.demand_model import DemandModel
    from demandsim.model.inputs import Inputs

Floats = NDArray[np.float64]


class EverydayLife:
    """What one world's streams of contact carry from month to month.

    Parameters
    ----------
    model : DemandModel
        With its residents in place.

    Attributes
    ----------
    by_tenure : (4,) int64
        Households present.
    last : MonthOfContacts or None
        What happened in the last month.
    disrepair : int
        Homes with a repair not done.
    """

    def __init__(self, model: DemandModel) -> None:
        self.model = model
        self._lived_in = model.population.household_type < VACANT
        self.by_tenure = np.bincount(model.population.tenure[self._lived_in], minlength=len(TENURES))
        self.last: MonthOfContacts | None = None
        self.disrepair = 0
        self._state: StreamState | None = None

    def twin(self, model: DemandModel) -> EverydayLife:
        """The same for a world that shares the past."""
        other = EverydayLife.__new__(EverydayLife)
        other.model = model
        other.by_tenure = self.by_tenure
        other._lived_in = self._lived_in.copy()
        other.last, other.disrepair, other._state = self.last, self.disrepair, self._state
        return other

    def step(self) -> None:
        """A month of contact, repairs reported and done, and homes let."""
        model, inputs = self.model, self.model.inputs
        everyday, step = inputs.everyday, model.months_done
        self._move_people()
        needs = model.world.counts["households"][0]
        if self._state is None:
            self._state = start_state(everyday.streams, self.by_tenure, needs)
        self.last = step_streams(
            everyday.streams, self._state, step, self.by_tenure, needs, self._posts(), float(everyday.digital[step])
        )
        self._state = self.last.state
        onset, completion = repair_hazards(everyday.streams, step, self.last.pace, self.last.left_share)
        world = model.world
        self.disrepair = step_repairs(
            world.households, world.repair, world.stale, model.needs, model.now, onset, completion
        )  # fmt: skip
        homeless = int(needs[HOUSING, COMPLEX:].sum())
        lettings = float(everyday.new_lettings[step]) * int(inputs.households_present[step])
        model.now["rehousing"] = min(inputs.rehousing_most, lettings / homeless) if homeless else 0.0

    def note(self, record: Record, month: int) -> None:
        """Write the month into the record."""
        if self.last is None:
            return
        pay = np.rint(self._posts() * self.model.inputs.prices.pence_a_post[self.model.lines.size :])
        record.stream_pence[month] = self.money()
        record.contacts[month] = self.last.by_kind(pay.astype(np.int64) + record.stream_pence[month, 2])
        record.disrepair[month] = self.disrepair

    def money(self) -> NDArray[np.int64]:
        """Pence of the last month by stream: handling contact, income, contracts; shape (3, streams)."""
        streams = self.model.inputs.everyday.streams
        if self.last is None:
            return np.zeros((3, len(streams.names)), np.int64)
        contracts = work_pence(streams, np.zeros(len(streams.names)), self.by_tenure)
        return np.stack([self.last.handling_pence, self.last.income_pence, contracts])

    def _posts(self) -> Floats:
        return np.asarray(self.model.posts[self.model.lines.size :])

    def _move_people(self) -> None:
        """Keep count of who lives where as dwellings are moved into and left empty."""
        population = self.model.population
        here = population.events.of_month(self.model.months_done)
        rows = population.events.row[here]
        now = population.events.household_type[here] < VACANT
        changed = now != self._lived_in[rows]
        if changed.any():
            tenures = population.tenure[rows[changed]]
            moved = np.where(now[changed], 1, -1)
            self.by_tenure = self.by_tenure + np.bincount(tenures, moved, len(TENURES)).astype(np.int64)
            self._lived_in[rows[changed]] = now[changed]


def planned_units(inputs: Inputs, everyday: EverydayLife) -> Floats:
    """Posts by plan of service lines and then of streams of contact, shape (units, months)."""
    growth = inputs.households_present / inputs.households_present[0]
    return np.concatenate([inputs.planned, planned_posts(inputs.everyday.streams, everyday.by_tenure) * growth])
