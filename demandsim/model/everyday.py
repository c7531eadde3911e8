"""Everyday contact, repairs and new homes in one world, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from demandsim.contacts.matters import Desk, StreamState, start_state
from demandsim.contacts.streams import planned_posts
from demandsim.labels import COMPLEX, HOUSING, TENURES
from demandsim.ledger.record import Record
from demandsim.model.kernels import step_repairs

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
    desk : Desk or None
        Where contacts come in; open from the first month.
    disrepair : int
        Homes with a repair not done.
    """

    def __init__(self, model: DemandModel) -> None:
        self.model = model
        self._present = model.population.n_households
        self.by_tenure = self._count_rows(0, self._present)
        self.desk: Desk | None = None
        self.disrepair = 0

    def twin(self, model: DemandModel) -> EverydayLife:
        """The same for a world that shares the past."""
        other = EverydayLife.__new__(EverydayLife)
        other.model = model
        other.by_tenure, other._present, other.disrepair = self.by_tenure, self._present, self.disrepair
        other.desk = None if self.desk is None else other._open_desk(self.desk.state)
        return other

    def step(self) -> None:
        """A month of contact, repairs reported and done, and homes let."""
        model, inputs = self.model, self.model.inputs
        everyday, step, world = inputs.everyday, model.months_done, model.world
        self._count_people()
        tenure, needs = self.by_tenure.astype(np.float64), world.counts["households"][0].astype(np.float64)
        if self.desk is None:
            self.desk = self._open_desk(start_state(everyday.streams, tenure, needs))
        self.desk.step(step, tenure, needs, self._posts(), float(everyday.digital[step]))
        self.disrepair = step_repairs(
            world.households, world.repair, world.stale, model.needs, model.now, self.desk.onset, self.desk.completion
        )  # fmt: skip
        homeless = float(sum(needs[HOUSING, COMPLEX:]))
        lettings = float(everyday.new_lettings[step]) * int(inputs.households_present[step])
        model.now["rehousing"] = min(inputs.rehousing_most, lettings / homeless) if homeless else 0.0

    def note(self, record: Record, month: int) -> None:
        """Write the month into the record."""
        if self.desk is None:
            return
        record.stream_pence[month] = self.desk.pence.T
        record.contacts[month] = self.desk.by_kind
        record.disrepair[month] = self.disrepair

    def money(self) -> NDArray[np.int64]:
        """Pence of the last month by stream: handling contact, income, contracts and waste; shape (3, streams)."""
        if self.desk is None:
            return np.zeros((3, len(self.model.inputs.everyday.streams.names)), np.int64)
        return self.desk.pence.T.copy()

    def _open_desk(self, state: StreamState) -> Desk:
        inputs = self.model.inputs
        return Desk(inputs.everyday.streams, state, inputs.prices.pence_a_post[self.model.lines.size :])

    def _posts(self) -> Floats:
        return np.asarray(self.model.posts[self.model.lines.size :])

    def _count_people(self) -> None:
        """Keep count of who lives where: as many rows are lived in, from the first, as there are households."""
        before, now = self._present, int(self.model.population.present[self.model.months_done])
        if now != before:
            self.by_tenure = self.by_tenure + self._count_rows(before, now) - self._count_rows(now, before)
            self._present = now

    def _count_rows(self, first: int, last: int) -> NDArray[np.int64]:
        return np.bincount(self.model.population.tenure[first:last], minlength=len(TENURES))


def planned_units(inputs: Inputs, everyday: EverydayLife) -> Floats:
    """Posts by plan of service lines and then of streams of contact, shape (units, months)."""
    growth = inputs.households_present / inputs.households_present[0]
    return np.concatenate([inputs.planned, planned_posts(inputs.everyday.streams, everyday.by_tenure) * growth])
