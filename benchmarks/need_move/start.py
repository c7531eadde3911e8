"""Where all forms begin: England's households with their needs as settled, and the rule's tables.

No services, no contacts, nobody moves house: seven needs, coupled, with frailty, deprivation, exposure, time in
state and relapse, under the dated shocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import FIRST_MONTH, SEED, england, inputs_of
from demandsim.labels import N_NEEDS, N_STATES
from demandsim.model.columns import NOW, build_world
from demandsim.model.kernels import settle_all
from demandsim.place.population import build_population
from demandsim.quantities import month_number

#: Second key word of chance.
LUCK = 0


@dataclass(frozen=True, eq=False)
class Start:
    """Columns at the first month, and what the rule reads.

    Attributes
    ----------
    households : (n,) HOUSEHOLD records
    counts : (7, 5) int64
        Households by need and state at the start.
    needs : (1,) NEEDS_TABLE record
        With no hazard of contact.
    shocks : (7, months)
    """

    households: NDArray[np.void]
    counts: NDArray[np.int64]
    needs: NDArray[np.void]
    shocks: NDArray[np.float64]

    @property
    def months(self) -> int:
        """Months to run."""
        return int(self.shocks.shape[1])

    @property
    def n_households(self) -> int:
        """Households."""
        return int(self.households.size)

    @property
    def exposure(self) -> NDArray[np.float64]:
        """Exposure of every household to every need, shape (n, 7): occupants are fixed, and so is this."""
        who = self.households
        table = self.needs["exposure"][0]
        return np.ascontiguousarray(table[:, who["age_band"], who["tenure"], who["household_type"]].T)


def build_start(households: int, months: int) -> Start:
    """Build the start of one comparison."""
    years = -(-months // 12) * 12
    inputs = inputs_of(households, months=years, run_in=0)
    people = build_population(england(), households, month_number(FIRST_MONTH), 1, SEED)  # nobody comes after
    needs = inputs.needs.copy()
    needs["contact"] = 0.0
    world, _ = build_world(households, len(england().areas), 0)
    columns = world.households
    for field in ("area", "tenure", "household_type", "adults", "children", "age_band", "occupant"):
        columns[field] = getattr(people, field)
    columns["deprivation"] = england().deprivation_z[people.area]
    sd = float(needs["frailty_sd"][0])
    columns["log_frailty"] = sd * people.frailty_z - 0.5 * sd * sd
    now = np.zeros(1, NOW)
    now["k0"], now["k1"] = SEED, LUCK
    settle_all(columns, world.stale, needs, now, world.counts, people.take_up_z)
    return Start(columns, world.counts["households"][0].copy(), needs, inputs.shocks[:, :months])


def empty_history(start: Start) -> NDArray[np.int64]:
    """Room for counts by month, need and state."""
    return np.zeros((start.months, N_NEEDS, N_STATES), np.int64)


def copied(start: Start) -> NDArray[Any]:
    """The households, to be changed."""
    return start.households.copy()
