"""Lazy agent sets: questions are answered from columns, agents are made only when somebody touches them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from mesa.agent import AgentSet, GroupBy
from numpy.typing import NDArray

from demandsim.labels import NEEDS, STATES
from demandsim.model.agents import FIELDS, Household
from demandsim.place.population import VACANT

if TYPE_CHECKING:
    from demandsim.model.demand_model import DemandModel

Rows = NDArray[np.int64]


class HouseholdSet(AgentSet):  # type: ignore[misc]
    """Some or all households of a model, by row.

    ``agg``, ``get``, ``groupby`` and ``sort`` read columns; ``select`` runs its filter on one face that moves from
    row to row; ``set`` writes through faces. Anything else Mesa offers works too, and makes the agents it needs.
    """

    def __init__(self, model: DemandModel, rows: Rows | None = None) -> None:
        self.model = model
        self.random = model.random
        self._rows = rows

    @property
    def rows(self) -> Rows:
        """Rows of the set, in its order; of all households, the dwellings that are lived in."""
        if self._rows is not None:
            return self._rows
        return np.flatnonzero(self.model.world.households["household_type"] < VACANT)

    @property
    def _agents(self) -> WeakKeyDictionary[Household, None]:
        # Mesa's inherited methods read this; faces are held strongly by the model, so weak keys do not vanish.
        return WeakKeyDictionary(dict.fromkeys(self))

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Household]:
        return (self.model.household(int(row)) for row in self.rows)

    def __contains__(self, agent: object) -> bool:
        return isinstance(agent, Household) and agent.model is self.model and agent.row in self.rows

    def __getitem__(self, item: int | slice) -> Any:
        if isinstance(item, slice):
            return [self.model.household(int(row)) for row in self.rows[item]]
        return self.model.household(int(self.rows[item]))

    def column(self, name: str) -> NDArray[Any]:
        """One attribute of every household of the set, as an array.

        Raises
        ------
        AttributeError
            If no column answers the attribute.
        """
        households = self.model.world.households
        chosen = self.rows
        if name in NEEDS:
            return np.asarray(np.array(STATES)[households["state"][chosen, NEEDS.index(name)]])
        if name in FIELDS:
            field, names = FIELDS[name]
            values = households[field][chosen]
            if names is not None:
                return np.asarray(np.array(names)[values])
            # As wide as Python's own numbers, so that `sum` over a narrow column cannot overflow.
            return values.astype(np.float64 if values.dtype.kind == "f" else np.int64)
        if name == "frailty":
            return np.asarray(np.exp(households["log_frailty"][chosen].astype(np.float64)))
        if name == "needs_established":
            return np.asarray((households["state"][chosen] >= STATES.index("established")).sum(axis=1))
        if name == "needs_in_crisis":
            return np.asarray((households["state"][chosen] == STATES.index("crisis")).sum(axis=1))
        if name == "row":
            return self.rows
        return self._answers(lambda household: getattr(household, name))

    def _answers(self, ask: Callable[[Household], Any]) -> NDArray[Any]:
        """What every household of the set answers, as an array of whatever they answer."""
        probe = _Probe(self.model)
        answers = [ask(probe.at(int(row))) for row in self.rows]
        values = np.empty(len(answers), object)
        values[:] = answers
        return values

    def agg(self, attribute: str, func: Callable[..., Any] | Iterable[Callable[..., Any]]) -> Any:
        """Aggregate one attribute; ``func`` gets an array."""
        values = self.column(attribute)
        return func(values) if callable(func) else [one(values) for one in func]

    def get(
        self, attr_names: str | list[str], handle_missing: str = "error", default_value: Any = None
    ) -> list[Any] | list[list[Any]]:
        """Values of one or more attributes, in the order of the set."""
        names = [attr_names] if isinstance(attr_names, str) else attr_names
        columns = []
        for name in names:
            try:
                columns.append(self.column(name).tolist())
            except AttributeError:
                if handle_missing == "error":
                    raise
                columns.append([default_value] * len(self))
        return columns[0] if isinstance(attr_names, str) else [list(row) for row in zip(*columns, strict=True)]

    def set(self, attr_name: str, value: Any) -> HouseholdSet:
        """Write one attribute of every household of the set; only a need's state can be written."""
        probe = _Probe(self.model)
        for row in self.rows:
            setattr(probe.at(int(row)), attr_name, value)
        return self

    def select(
        self,
        filter_func: Callable[[Household], bool] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type[Any] | None = None,
    ) -> HouseholdSet:
        """Households that pass a filter; ``at_most`` is a number of agents, or a share of them as a float."""
        most = int(len(self) * at_most) if isinstance(at_most, float) and at_most <= 1.0 else at_most
        if agent_type is not None and not issubclass(Household, agent_type):
            rows = np.empty(0, np.int64)
        elif filter_func is None:
            rows = self.rows[: None if most == float("inf") else int(most)]
        else:
            probe, kept = _Probe(self.model), list[int]()
            for row in self.rows:
                if len(kept) >= most:
                    break
                if filter_func(probe.at(int(row))):
                    kept.append(int(row))
            rows = np.array(kept, np.int64)
        return self._as(rows, inplace)

    def where(self, mask: NDArray[np.bool_]) -> HouseholdSet:
        """Households where a mask over the set holds; the quick way to select."""
        return HouseholdSet(self.model, self.rows[mask])

    def sort(self, key: Callable[[Household], Any] | str, ascending: bool = False, inplace: bool = False) -> AgentSet:
        """The set in the order of an attribute or a key; ties keep their order."""
        values = self.column(key) if isinstance(key, str) else self._answers(key)
        order = np.array(sorted(range(len(values)), key=values.tolist().__getitem__, reverse=not ascending), np.int64)
        return self._as(self.rows[order], inplace)

    def shuffle(self, inplace: bool = False) -> AgentSet:
        """The set in another order, by Mesa's generator: no result of the model depends on it."""
        return self._as(self.rows[self.model.rng.permutation(len(self))], inplace)

    def groupby(self, by: Callable[[Household], Any] | str, result_type: str = "agentset") -> GroupBy:
        """Group by an attribute or a key."""
        values = (self.column(by) if isinstance(by, str) else self._answers(by)).tolist()
        members: dict[Any, list[int]] = {}
        for row, value in zip(self.rows.tolist(), values, strict=True):
            members.setdefault(value, []).append(row)
        groups = {}
        for value, rows in members.items():
            part = HouseholdSet(self.model, np.array(rows, np.int64))
            groups[value] = part if result_type == "agentset" else list(part)
        return _Groups(groups)

    def _as(self, rows: Rows, inplace: bool) -> HouseholdSet:
        if inplace:
            self._rows = rows
            return self
        return HouseholdSet(self.model, rows)


class _Groups(GroupBy):  # type: ignore[misc]
    """Groups of households that aggregate from columns."""

    def agg(self, attr_name: str, func: Callable[..., Any]) -> dict[Any, Any]:
        """Aggregate one attribute over each group."""
        return {
            name: group.agg(attr_name, func)
            if isinstance(group, HouseholdSet)
            else func([getattr(a, attr_name) for a in group])
            for name, group in self.groups.items()
        }


class _Probe:
    """One face that moves from row to row, so that a question about everybody makes no agents."""

    def __init__(self, model: DemandModel) -> None:
        self._face = Household.__new__(Household)
        object.__setattr__(self._face, "model", model)

    def at(self, row: int) -> Household:
        object.__setattr__(self._face, "row", row)
        return self._face


class EveryAgent(AgentSet):  # type: ignore[misc]
    """All agents of a model: agencies and services, then households, made when touched."""

    def __init__(self, model: DemandModel) -> None:
        self.model = model
        self.random = model.random

    @property
    def _agents(self) -> WeakKeyDictionary[Any, None]:
        return WeakKeyDictionary(dict.fromkeys(self))

    def __iter__(self) -> Iterator[Any]:
        yield from self.model.agencies
        yield from self.model.services
        yield from self.model.households

    def __len__(self) -> int:
        return len(self.model.agencies) + len(self.model.services) + self.model.n_households
