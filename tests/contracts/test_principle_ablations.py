"""Each principle of the report, as its file has it: without its mechanism it changes nothing but what it costs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from engine_worlds import CONFIGS, MONTHS, RUN_IN, SEED, START, book, differing_lives, finished, place, world_of
from numpy.typing import NDArray
from principle_nulls import LIVED, PRINCIPLES, roomy

from demandsim.ledger.accounts import CASH, cost_cube
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import Inputs, build_inputs
from demandsim.policy import Principle, Scenario, load_principles, scenario_of
from demandsim.study.luck import price_world

HOUSEHOLDS = 600
AS_NOW = Scenario(id="as_now", title="As now")
#: Principle b moves posts, which do nothing where those of today could hold everybody, in each line that gets some.
NULLS = {one.letter: one.null for one in PRINCIPLES} | {"b": {"services.case_coordination.staff": 1.0}}
LETTERS = "abcdefghijk"


@cache
def reports() -> tuple[Principle, ...]:
    return load_principles(CONFIGS / "principles.toml", book())


def with_deep_reserves(inputs: Inputs) -> Inputs:
    """Agencies whose reserves last a hundred years, so that a cost ties no life to another and no gap is to be cut."""
    return replace(inputs, purses=replace(inputs.purses, reserves=np.full_like(inputs.purses.reserves, 100.0)))


def world(letter: str, intensity: float) -> DemandModel:
    """A world with one principle, whose mechanism does nothing; nor do posts moved, since each could hold everybody."""
    beliefs = book().with_overrides(NULLS.get(letter, {}))
    scenario = scenario_of(reports(), {letter: intensity}, AS_NOW)
    inputs = build_inputs(place(HOUSEHOLDS), beliefs.draw(SEED), scenario, START, MONTHS, RUN_IN)
    inputs = with_deep_reserves(inputs)
    return finished(world_of(roomy(inputs) if letter == "b" else inputs))


def cash(model: DemandModel) -> tuple[NDArray[np.float64], dict[str, int]]:
    """Cash (payers, categories, years), and the row of each category."""
    prices = model.inputs.prices
    books: Any = cost_cube(price_world(model), prices)[CASH]
    return books, {name: row for row, name in enumerate(prices.categories)}


@pytest.mark.parametrize("letter", LETTERS)
def test_without_its_mechanism_a_principle_changes_nothing_but_what_it_costs(letter: str) -> None:
    as_now, moved = world(letter, 0.0), world(letter, 1.0)
    assert differing_lives(as_now, moved, LIVED).size == 0
    difference = cash(moved)[0] - cash(as_now)[0]
    row = cash(moved)[1]["programme"]
    own = moved.inputs.programme_pence[RUN_IN:].sum() / 100
    assert own > 0
    assert difference[:, row].sum() == pytest.approx(own, abs=1e-6)
    rest = np.delete(difference, row, axis=1)
    if letter == "b":  # the money moved, of which none is made and none lost
        assert np.abs(rest).sum() > own
        assert rest.sum() == pytest.approx(0.0, abs=0.05 * MONTHS)
    else:
        assert not rest.any()
