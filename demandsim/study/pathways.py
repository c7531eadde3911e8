"""Ways into work, watched from outside: who leaves a spell out of work for good, and whom a provider takes.

Takes the worlds of one luck, looked at when the run begins and after every month; counts by age, by how far people are
from work and by year. Never touches what it looks at: a run that is watched is the same as one that is not, to the bit.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import AGE_BANDS, ESTABLISHED, MENTAL_HEALTH, N_STATES, WORK
from demandsim.model.demand_model import DemandModel
from demandsim.place.population import VACANT
from demandsim.quantities import MONTHS_PER_YEAR
from demandsim.services.tables import ENDED, OPEN, WAITING, Records

#: Who is counted: households of working age by the age of the oldest adult, and those of them whose mental health need
#: is established or worse.
WORK_GROUPS: Final = ("working_age", "under_25", "aged_25_64", "with_mental_health_need")

#: What is counted, by the state of the work need. Those of a provider concern lines that are paid by results.
WORK_EVENTS: Final = (
    "months",  # household-months at that distance from work
    "left",  # went from it into work, or stopped seeking
    "stayed_in_work",  # had left six months ago, and have been without the need ever since
    "fell_back",  # had left less than six months ago, and have the need again
    "on_providers_list",  # household-months on a provider's list, those taken in that month included
    "taken",  # begun by a provider
    "helped_months",  # household-months in a provider's help
    "effort",  # the same, each month counted by the effort that the provider spends on somebody at that distance
    "left_in_help",  # of those in a provider's help, whose need ended that month
)
#: Months without the need after which work counts as sustained, as the contracts of providers had it.
SUSTAINED_MONTHS: Final = 6

_LAST_BAND_OF_WORK: Final = AGE_BANDS.index("45_64")
_UNDER_25: Final = AGE_BANDS.index("under_25")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Pathways:
    """One world, watched.

    Parameters
    ----------
    world : DemandModel
        At the end of its run-in; it is looked at once.
    providers : ndarray of int64
        Positions of the lines whose providers are paid by results.

    Attributes
    ----------
    counts : (groups, events, states, years) float64
        By `WORK_GROUPS` and `WORK_EVENTS`, and by the state of the work need: when the month ended for `months` and
        lists, when it began for the rest, and the state that was left for the two that tell
        what became of those who left, in the groups to which they belonged as they left.
    """

    def __init__(self, world: DemandModel, providers: Ints) -> None:
        years = -(-world.inputs.n_months // MONTHS_PER_YEAR)
        self.world = world
        self.providers = providers
        self.counts = np.zeros((len(WORK_GROUPS), len(WORK_EVENTS), N_STATES, years))
        households = world.world.households
        self._came_from = np.zeros(households.size, np.int8)
        self._left_in = np.zeros(households.size, np.int32)
        self._left_as = np.zeros((len(WORK_GROUPS), households.size), np.bool_)
        self._remember(households)

    def look(self) -> None:
        """Count the month that has just been lived."""
        world, households = self.world, self.world.world.households
        year = (world.months_done - world.inputs.run_in - 1) // MONTHS_PER_YEAR
        here = self.counts[..., year]
        is_same = households["occupant"] == self._occupant
        state = households["state"][:, WORK]
        members = _members(households)
        for row, of_group in enumerate(members):
            here[row, 0] += np.bincount(state[of_group], minlength=N_STATES)
        has_left = is_same & (self._state > 0) & (state == 0)
        self._count(here, "left", has_left, self._state, members)
        self._count(here, "fell_back", is_same & (self._came_from > 0) & (state > 0), self._came_from, self._left_as)
        self._came_from[~is_same | (state > 0)] = 0
        self._came_from[has_left] = self._state[has_left]
        self._left_in[has_left] = world.months_done
        self._left_as[:, has_left] = members[:, has_left]
        has_stayed = (self._came_from > 0) & (world.months_done - self._left_in == SUSTAINED_MONTHS)
        self._count(here, "stayed_in_work", has_stayed, self._came_from, self._left_as)
        self._came_from[has_stayed] = 0
        self._count_providers(here, state, members, has_left)
        self._remember(households)

    def _count_providers(
        self, here: Floats, state: NDArray[np.int8], members: NDArray[np.bool_], has_left: NDArray[np.bool_]
    ) -> None:
        """Whom providers could have taken, whom they took, and how those they help fare."""
        if not self.providers.size:
            return
        world, cases = self.world, self.world.cases
        began = float(world.month - 1)
        of_provider = np.isin(cases["line"], self.providers)
        is_new = of_provider & np.isin(cases["status"], (OPEN, ENDED)) & (cases["start"] >= began)
        is_new &= cases["start"] < np.inf
        is_open = of_provider & (cases["status"] == OPEN) & (cases["start"] < began)
        is_open |= of_provider & (cases["status"] == ENDED) & (cases["start"] < began) & (cases["end"] >= began)
        is_listed = is_new | (of_provider & (cases["status"] == WAITING))
        for event, chosen in (("on_providers_list", is_listed), ("taken", is_new), ("helped_months", is_open)):
            rows = cases["row"][chosen]
            at = self._state if event == "helped_months" else state
            self._count_rows(here, event, rows, at, np.ones(rows.size), members)
        rows, line = cases["row"][is_open], cases["line"][is_open]
        effort = world.lines["effort"][line, self._state[rows]]
        self._count_rows(here, "effort", rows, self._state, effort, members)
        self._count_rows(here, "left_in_help", rows, self._state, has_left[rows].astype(np.float64), members)

    def _count(
        self, here: Floats, event: str, chosen: NDArray[np.bool_], state: NDArray[np.int8], members: NDArray[np.bool_]
    ) -> None:
        for row, of_group in enumerate(members):
            here[row, WORK_EVENTS.index(event)] += np.bincount(state[chosen & of_group], minlength=N_STATES)

    def _count_rows(
        self, here: Floats, event: str, rows: Ints, state: NDArray[np.int8], weight: Floats, members: NDArray[np.bool_]
    ) -> None:
        for row, of_group in enumerate(members):
            mine = of_group[rows]
            counted = np.bincount(state[rows[mine]], weight[mine], minlength=N_STATES)
            here[row, WORK_EVENTS.index(event)] += counted

    def _remember(self, households: Records) -> None:
        self._state = households["state"][:, WORK].astype(np.int8)
        self._occupant = households["occupant"].copy()


class Watch:
    """Watches the worlds of one luck side by side: called when the run begins and after every month of it.

    Parameters
    ----------
    providers : ndarray of int64
        Positions of the lines whose providers are paid by results.
    """

    def __init__(self, providers: Ints) -> None:
        self.providers = providers
        self.pathways: list[Pathways] = []

    def __call__(self, worlds: list[DemandModel]) -> None:
        """Look at every world."""
        if not self.pathways:
            self.pathways = [Pathways(world, self.providers) for world in worlds]
            return
        for one in self.pathways:
            one.look()


def _members(households: Records) -> NDArray[np.bool_]:
    """Who belongs to each group, shape (groups, rows)."""
    band = households["age_band"]
    of_age = (households["household_type"] != VACANT) & (band <= _LAST_BAND_OF_WORK)
    is_ill = households["state"][:, MENTAL_HEALTH] >= ESTABLISHED
    return np.stack((of_age, of_age & (band == _UNDER_25), of_age & (band != _UNDER_25), of_age & is_ill))
