"""Small worlds on the real configs, and how two of them are compared to the bit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.ledger.record import Record
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import Inputs, build_inputs
from demandsim.parameters import Book, load_parameters
from demandsim.place import Place, load_place
from demandsim.place.population import Events, Population, build_population
from demandsim.policy import load_scenario, place_course
from demandsim.quantities import month_number
from demandsim.services.tables import DUTY, ENDED, FREE, LIMITED, WAITING

ROOT = Path(__file__).resolve().parents[1]
CONFIGS = ROOT / "configs"
#: Shipped scenarios act from April 2017, three months into these runs, so that both sides of the change are seen.
START = "2017-01"
#: All but the few that act from the start of a study.
SCENARIOS = tuple(
    path.stem for path in sorted((CONFIGS / "scenarios").glob("*.toml")) if "from = 2016" not in path.read_text()
)
RUN_IN = 6
MONTHS = 15
SEED = 2016

#: What a household's life is; ``head`` is a position in the pool of cases, and says nothing of the household.
LIFE = (
    "pence", "log_frailty", "trust", "deprivation", "waited", "area", "occupant", "since", "state", "tenure",
    "household_type", "adults", "children", "age_band", "relapsed", "recognised", "helped",
)  # fmt: skip
WHOLE_LIFE = (*LIFE, "history")
_CASE = ("row", "line", "arrival", "start", "end", "gives_up", "duration", "tie", "need", "status", "place")


@cache
def book() -> Book:
    """The beliefs as shipped, but that no place grows: every row is lived in, and worlds of two sizes share rows."""
    return load_parameters(CONFIGS / "parameters").with_overrides({"place.growth": 0.0})


@cache
def place(households: int, name: str = "demo") -> Place:
    """A shipped place at another size."""
    return load_place(CONFIGS / "places" / f"{name}.toml").scaled(households)


@cache
def population(households: int, months: int = MONTHS, run_in: int = RUN_IN) -> Population:
    """Who lives there over the run-in and the run."""
    growth, churn = place_course(book(), None, START, months, run_in)
    begins = month_number(START) - run_in
    return build_population(place(households), households, begins, run_in + months, SEED, growth, churn)


@cache
def inputs_of(
    scenario: str, households: int, draw: int | None = None, months: int = MONTHS, run_in: int = RUN_IN
) -> Inputs:
    """Inputs of one shipped scenario."""
    path = CONFIGS / "scenarios" / f"{scenario}.toml"
    drawn = book().draw(SEED, draw)
    return build_inputs(place(households), drawn, load_scenario(path, book()), START, months, run_in)


def world_of(inputs: Inputs, luck: int = 0, is_screened: bool = True, people: Population | None = None) -> DemandModel:
    """A world at the start of its run-in."""
    if people is None:
        people = population(inputs.n_households, inputs.n_months, inputs.run_in)
    return DemandModel(inputs, people, place(inputs.n_households).deprivation_z, SEED, luck, is_screened)


def finished(model: DemandModel) -> DemandModel:
    """The same world, stepped to its end."""
    while not model.is_done:
        model.step()
    return model


def unlimited(inputs: Inputs) -> Inputs:
    """The same world with more posts than anybody could need, wherever there are any."""
    many = np.where(inputs.planned > 0.0, 1e9, 0.0)
    slots = np.where(inputs.planned_slots > 0, 10**9, 0)
    return replace(inputs, planned=many, planned_slots=slots)


def without_cuts(inputs: Inputs) -> Inputs:
    """The same world with agencies that meet whatever comes, so that no budget ties one life to another."""
    purses = inputs.purses
    return replace(inputs, purses=replace(purses, is_limited=np.zeros_like(purses.is_limited)))


def settled(people: Population) -> Population:
    """The same residents, who never move or change."""
    events = people.events
    nobody = {field.name: getattr(events, field.name)[:0] for field in fields(events) if field.name != "event_start"}
    return replace(people, events=Events(np.zeros_like(events.event_start), **nobody))


def limited_lines(inputs: Inputs) -> NDArray[np.bool_]:
    """Which lines hold only so many cases."""
    return np.isin(inputs.lines["intake"], (LIMITED, DUTY))


def cases_of(model: DemandModel) -> NDArray[np.void]:
    """Every case that matters, whatever its place in the pool, in order of household and line.

    Left out: cases that never began or were superseded, which wait to be cleared, and what a waiting case's record
    still holds of the case before it.
    """
    live = model.cases[model.cases["status"] != FREE]
    live = live[(live["status"] != ENDED) | (live["start"] < np.inf)]
    is_waiting = live["status"] == WAITING
    live["start"][is_waiting] = live["end"][is_waiting] = np.inf
    rows = np.zeros(live.size, [(name, live.dtype[name]) for name in _CASE])
    for name in _CASE:
        rows[name] = live[name]
    return np.sort(rows, order=_CASE)


def record_arrays(record: Record) -> dict[str, NDArray[Any]]:
    """The arrays of a record, by name."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def differing_lives(one: DemandModel, other: DemandModel, columns: Sequence[str] = WHOLE_LIFE) -> NDArray[np.int64]:
    """Rows whose lives differ in some bit, over the rows that both worlds have."""
    n = min(one.n_households, other.n_households)
    differs = np.zeros(n, bool)
    for name in columns:
        a = np.ascontiguousarray(one.world.households[name][:n]).view(np.uint8).reshape(n, -1)
        b = np.ascontiguousarray(other.world.households[name][:n]).view(np.uint8).reshape(n, -1)
        differs |= (a != b).any(axis=1)
    return np.flatnonzero(differs)


def assert_same_world(one: DemandModel, other: DemandModel, columns: Sequence[str] = WHOLE_LIFE) -> None:
    """Both worlds are the same to the bit: columns, cases, running counts and record."""
    for name in columns:
        a, b = one.world.households[name], other.world.households[name]
        assert a.tobytes() == b.tobytes(), f"column `{name}` differs in rows {np.flatnonzero(_any(a != b))[:5]}"
    a, b = cases_of(one), cases_of(other)
    assert a.size == b.size, f"{a.size} cases and {b.size}"
    assert a.tobytes() == b.tobytes(), f"{(a != b).sum()} cases differ"
    for name in ("households", "unmet", "exported", "year_began"):
        np.testing.assert_array_equal(one.world.counts[name], other.world.counts[name], err_msg=name)
    assert_same_record(one.record, other.record)


def assert_same_record(one: Record, other: Record) -> None:
    """Two records are the same to the bit."""
    others = record_arrays(other)
    for name, array in record_arrays(one).items():
        np.testing.assert_array_equal(array, others[name], err_msg=name)


def _any(differs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return differs if differs.ndim == 1 else differs.any(axis=1)


def digest_of(model: DemandModel) -> str:
    """A fingerprint of a world's columns and record."""
    digest = hashlib.sha256()
    for name in WHOLE_LIFE:
        digest.update(model.world.households[name].tobytes())
    digest.update(cases_of(model).tobytes())
    for name, array in record_arrays(model.record).items():
        digest.update(name.encode() + array.tobytes())
    return digest.hexdigest()
