"""Mesa agents: households are faces on rows; services and agencies decide in Python once a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from demandsim.errors import RequestError
from demandsim.labels import AGE_BANDS, EVENTS, HOUSEHOLD_TYPES, NEEDS, STATES, TENURES
from demandsim.model.calendar import make_room
from demandsim.model.kernels import set_state_of, step_one
from demandsim.quantities import PENCE_PER_POUND, TICKS
from demandsim.services.tables import OPEN, WAITING

if TYPE_CHECKING:
    from demandsim.model.demand_model import DemandModel

#: Attributes of a household that are one number or name of its record: name to (field, names or none).
FIELDS: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "area": ("area", None),
    "adults": ("adults", None),
    "children": ("children", None),
    "occupant": ("occupant", None),
    "tenure": ("tenure", TENURES),
    "household_type": ("household_type", (*HOUSEHOLD_TYPES, "vacant")),
    "age_band": ("age_band", AGE_BANDS),
}


class Household(mesa.Agent):  # type: ignore[misc]
    """A household: a face on one row of the columns.

    Every attribute is read from the row when asked for, so a face is never out of date. ``household.family`` and
    its six like give the need's state by name; writing one moves the household, with all counts kept.
    """

    def __init__(self, model: DemandModel, row: int) -> None:
        self.row = row
        super().__init__(model)

    def __getattr__(self, name: str) -> Any:
        if name in FIELDS:
            field, names = FIELDS[name]
            value = self._record[field].item()
            return value if names is None else names[value]
        if name in NEEDS:
            return STATES[self._record["state"][NEEDS.index(name)]]
        raise AttributeError(f"A household has no attribute `{name}`.")

    def __setattr__(self, name: str, value: Any) -> None:
        if name in NEEDS:
            self._move(name, value)
        elif name in FIELDS or name in ("frailty", "trust", "in_disrepair", "needs_in_crisis", "needs_established"):
            raise AttributeError(f"`{name}` follows from the place and the household's life; it cannot be set.")
        else:
            super().__setattr__(name, value)

    @property
    def _record(self) -> np.void:
        return self.model.world.households[self.row]  # type: ignore[no-any-return]

    def _move(self, need: str, state: str) -> None:
        if state not in STATES:
            raise RequestError(f"`{state}` is not a need state. States are {', '.join(STATES)}.")
        if self.household_type == "vacant":
            raise RequestError(f"Nobody lives in dwelling {self.row} now, so it has no need to move.")
        world, model = self.model.world, self.model
        set_state_of(
            world.households, world.stale, model.cases, model.needs, model.lines, model.now, world.counts,
            world.activity, world.state_months, self.row, NEEDS.index(need), STATES.index(state), model.month,
        )  # fmt: skip

    @property
    def frailty(self) -> float:
        """Lasting vulnerability, mean 1 over households."""
        return float(np.exp(np.float64(self._record["log_frailty"])))

    @property
    def trust(self) -> float:
        """Trust in services, from 0 to 1."""
        return float(1.0 / (1.0 + np.exp(-0.001 * self._record["trust"])))

    @property
    def in_disrepair(self) -> bool:
        """Whether the home has a repair that is not done."""
        return bool(self._record["in_disrepair"])

    @property
    def needs_established(self) -> int:
        """How many needs are at established or worse."""
        return int((self._record["state"] >= STATES.index("established")).sum())

    @property
    def needs_in_crisis(self) -> int:
        """How many needs are in crisis."""
        return int((self._record["state"] == STATES.index("crisis")).sum())

    @property
    def recognised(self) -> tuple[str, ...]:
        """Needs that some service knows of."""
        return tuple(need for bit, need in enumerate(NEEDS) if self._record["recognised"] >> bit & 1)

    @property
    def in_help(self) -> tuple[str, ...]:
        """Needs for which a case is open."""
        return tuple(need for bit, need in enumerate(NEEDS) if self._record["helped"] >> bit & 1)

    @property
    def months_waited(self) -> float:
        """Months spent on waiting lists since the start of the run proper, all lists together."""

        return float(self._record["waited"]) / TICKS

    def step(self) -> None:
        """The household's month: needs move, what grew is answered, contact is made.

        The same compiled rule as the monthly pass, for one row: stepping every household so, once each and in any
        order, gives the same world bit for bit.
        """
        make_room(self.model)
        world, model = self.model.world, self.model
        step_one(
            world.households, world.stale, model.cases, model.needs, model.lines, model.now, world.counts,
            world.activity, world.state_months, self.row,
        )  # fmt: skip


class Service(mesa.Agent):  # type: ignore[misc]
    """A service line: what it is, and how many cases it can hold this month."""

    def __init__(self, model: DemandModel, position: int) -> None:
        self.position = position
        super().__init__(model)

    @property
    def name(self) -> str:
        """Name in the configs."""
        return str(self.model.inputs.services[self.position])

    @property
    def agency(self) -> str:
        """Who runs it."""
        return str(self.model.inputs.agencies[self.position])

    @property
    def tier(self) -> str:
        """Universal, early, targeted or crisis."""
        return str(self.model.inputs.tiers[self.position])

    @property
    def code(self) -> int:
        """Address of its draws."""
        return int(self.model.lines["code"][self.position])

    @property
    def posts(self) -> float:
        """Posts paid this month (FTE)."""
        return float(self.model.posts[self.position])

    @property
    def slots(self) -> int:
        """Cases it can hold at once this month."""
        return int(self.model.lines["slots"][self.position])

    @property
    def open_cases(self) -> int:
        """Cases open now."""
        cases = self.model.cases
        return int(((cases["status"] == OPEN) & (cases["line"] == self.position)).sum())

    @property
    def waiting(self) -> int:
        """Households on its list now."""
        cases = self.model.cases
        return int(((cases["status"] == WAITING) & (cases["line"] == self.position)).sum())

    def last_month(self, event: str) -> int:
        """Count of an event in the last month posted."""
        if self.model.month < 1:
            raise RequestError("No month of the run proper has been posted yet.")
        return int(self.model.record.activity[self.model.month - 1, self.position, EVENTS.index(event)])

    def step(self) -> None:
        """Turn this month's posts into places."""
        model, position = self.model, self.position
        cases = model.posts[position] * model.inputs.cases_per_post[position, model.months_done]
        model.lines["slots"][position] = max(1, round(cases)) if cases > 0.0 else 0
        planned = model.budgets.posts_planned[position, model.months_done]
        if model.posts[position] < planned:  # a team that is cut raises its threshold
            model.lines["p_referred"][position] *= (model.posts[position] / planned) ** model.inputs.purses.response


class Agency(mesa.Agent):  # type: ignore[misc]
    """An agency: a purse with a yearly budget. Its Aprils decide on posts, with the others' since purses may pool."""

    def __init__(self, model: DemandModel, name: str) -> None:
        self.name = name
        self._purse = model.inputs.purses.names.index(name)
        self.positions = np.flatnonzero(model.inputs.purses.runs[self._purse])
        super().__init__(model)

    def last_april(self, item: str) -> float:
        """What the last April found, in pounds, by item of ``PURSE_ITEMS``; ``spent`` is known at the year's end."""
        years = self.model.budgets.years
        if not years or item not in years[-1]:
            raise RequestError(f"There is no `{item}` yet: agencies hold their first April when the run proper starts.")
        return float(years[-1][item][self._purse]) / PENCE_PER_POUND

    def step(self) -> None:
        """Pay this month's posts: the plan, less what Aprils have decided and the lag has brought into force."""
        if self.positions.size:
            self.model.posts[self.positions] = self.model.budgets.in_pay[self.positions]
