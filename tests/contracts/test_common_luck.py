"""R11: what happens to one household reaches another only through a place on a list (Starsim, Vivarium, neworder)."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from engine_worlds import (
    CONFIGS,
    LIFE,
    MONTHS,
    RUN_IN,
    SEED,
    START,
    WHOLE_LIFE,
    assert_same_world,
    cases_of,
    differing_lives,
    finished,
    inputs_of,
    place,
    population,
    unlimited,
    without_cuts,
    world_of,
)
from numpy.typing import NDArray

from demandsim.labels import EVENTS, NEEDS
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import Inputs, build_inputs
from demandsim.parameters import load_parameters
from demandsim.policy import load_scenario
from demandsim.quantities import month_number

HOUSEHOLDS = 2000
#: A life but for the time on a list and in the hands of a service, which even a useless one takes.
_LIVED = tuple(name for name in LIFE if name not in ("waited", "helped"))


def _in_trouble(model: DemandModel) -> int:
    """The household with most needs established."""
    return int(model.households.column("needs_established").argmax())


def _treat(model: DemandModel, rows: list[int]) -> None:
    for row in rows:
        for need in NEEDS:
            setattr(model.household(row), need, "none")


@pytest.mark.parametrize("scenario", ["as_now", "whole_system"])
def test_without_limits_treating_one_household_changes_no_other(scenario: str) -> None:
    inputs = unlimited(inputs_of(scenario, HOUSEHOLDS))
    left_alone, treated = world_of(inputs), world_of(inputs)
    left_alone.run_in(), treated.run_in()
    row = _in_trouble(treated)
    _treat(treated, [row])
    finished(left_alone), finished(treated)
    assert differing_lives(left_alone, treated).tolist() == [row]


def test_without_limits_treating_many_changes_no_other() -> None:
    inputs = unlimited(inputs_of("whole_system", HOUSEHOLDS))
    left_alone, treated = world_of(inputs), world_of(inputs)
    left_alone.run_in(), treated.run_in()
    rows = list(range(0, HOUSEHOLDS, 3))
    _treat(treated, rows)
    finished(left_alone), finished(treated)
    changed = differing_lives(left_alone, treated)
    assert set(changed) <= set(rows)
    assert len(changed) > HOUSEHOLDS / 6


def test_without_limits_helping_one_household_changes_no_other() -> None:
    inputs = unlimited(inputs_of("as_now", HOUSEHOLDS))
    left_alone, treated = world_of(inputs), world_of(inputs)
    left_alone.run_in(), treated.run_in()
    household = treated.households.select(lambda one: one.children > 0 and one.family == "none", at_most=1)[0]
    household.family = "established"  # help may now be offered, and cases open
    finished(left_alone), finished(treated)
    assert differing_lives(left_alone, treated).tolist() == [household.row]


def test_without_limits_one_more_household_changes_nothing_else() -> None:
    fewer = finished(world_of(unlimited(inputs_of("whole_system", HOUSEHOLDS))))
    more = finished(world_of(unlimited(inputs_of("whole_system", HOUSEHOLDS + 1))))
    assert differing_lives(fewer, more).size == 0
    mine = cases_of(more)
    assert cases_of(fewer).tobytes() == mine[mine["row"] < HOUSEHOLDS].tobytes()


def test_one_more_household_changes_nothing_else_of_the_place() -> None:
    fewer, more = population(HOUSEHOLDS), population(HOUSEHOLDS + 1)
    for name in ("area", "tenure", "household_type", "adults", "children", "age_band", "frailty_z", "take_up_z"):
        np.testing.assert_array_equal(getattr(fewer, name), getattr(more, name)[:HOUSEHOLDS], err_msg=name)
    mine = more.events.row < HOUSEHOLDS
    for name in ("row", "kind", "household_type", "adults", "children", "age_band", "frailty_z", "occupant"):
        np.testing.assert_array_equal(getattr(fewer.events, name), getattr(more.events, name)[mine], err_msg=name)


def test_with_limits_every_changed_life_first_parts_at_a_list() -> None:
    inputs = inputs_of("as_now", HOUSEHOLDS)
    left_alone, treated = world_of(inputs), world_of(inputs)
    left_alone.run_in(), treated.run_in()
    rows = set(range(0, HOUSEHOLDS, 5))
    _treat(treated, sorted(rows))
    parted: set[int] = set()
    while not treated.is_done:
        left_alone.step(), treated.step()
        # Needs move and contact is made before the lists are served: whatever has parted only now has parted there.
        before_lists = set(differing_lives(left_alone, treated, ("state", "since", "relapsed", "recognised")))
        assert before_lists - rows <= parted
        changed = set(differing_lives(left_alone, treated)) - rows
        assert changed - parted <= _met_a_list_differently(left_alone, treated)
        parted |= changed
    assert len(parted) > 20


def _met_a_list_differently(one: DemandModel, other: DemandModel) -> set[int]:
    """Rows whose places on lists of limited lines, or waits on them, differ between two worlds."""
    outcomes = []
    for model in (one, other):
        cases = cases_of(model)
        limited = model.inputs.lines["intake"][cases["line"]] > 0
        outcomes.append({(case["row"], case.tobytes()) for case in cases[limited]})
    waits = np.flatnonzero(one.world.households["waited"] != other.world.households["waited"])
    return {int(row) for row, _ in outcomes[0] ^ outcomes[1]} | set(waits.tolist())


def _new_book(folder: Path, code: int) -> Inputs:
    """The shipped configs and one more service, closed, whose code puts it anywhere among the others."""
    shutil.copytree(CONFIGS, folder / "configs")
    services = folder / "configs" / "parameters" / "services"
    text = (services / "null_service.toml").read_text()
    text = text.replace("null_service", "one_more").replace("code = 26", f"code = {code}")
    (services / "a_first_file.toml").write_text(text)
    book = load_parameters(folder / "configs" / "parameters").with_overrides({"place.growth": 0.0})
    scenario = load_scenario(folder / "configs" / "scenarios" / "whole_system.toml", book)
    return build_inputs(place(HOUSEHOLDS), book.draw(SEED), scenario, START, MONTHS, RUN_IN)


def _by_name(model: DemandModel, activity: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    return {name: activity[..., position, :] for position, name in enumerate(model.inputs.services)}


@pytest.mark.parametrize("code", [0, 99])
def test_adding_a_service_changes_no_draw(code: int, tmp_path: Path) -> None:
    more = finished(world_of(_new_book(tmp_path, code)))
    fewer = finished(world_of(inputs_of("whole_system", HOUSEHOLDS)))
    assert more.inputs.services.index("one_more") == (0 if code == 0 else len(fewer.inputs.services))
    assert differing_lives(fewer, more, LIFE).size == 0
    theirs = _by_name(more, more.record.activity)
    for name, activity in _by_name(fewer, fewer.record.activity).items():
        np.testing.assert_array_equal(activity, theirs[name], err_msg=name)
    np.testing.assert_array_equal(fewer.record.households, more.record.households)


def _reordered(inputs: Inputs, order: NDArray[np.int64]) -> Inputs:
    def moved(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names[i] for i in order)

    lines = inputs.lines[order]
    for line in lines:  # bits name lines by their positions
        bits = int(line["instead"])
        line["instead"] = sum(1 << at for at, was in enumerate(order) if bits >> int(was) & 1)
    return replace(
        inputs,
        services=moved(inputs.services),
        agencies=moved(inputs.agencies),
        tiers=moved(inputs.tiers),
        lines=lines,
        monthly={name: values[order] for name, values in inputs.monthly.items()},
        planned=inputs.planned[order],
        planned_slots=inputs.planned_slots[order],
        cases_per_post=inputs.cases_per_post[order],
    )


def test_reordering_services_changes_no_life() -> None:
    inputs = inputs_of("whole_system", HOUSEHOLDS)
    order = np.random.default_rng(4).permutation(len(inputs.services))
    one, other = finished(world_of(inputs)), finished(world_of(_reordered(inputs, order)))
    assert differing_lives(one, other, LIFE).size == 0
    np.testing.assert_array_equal(one.record.activity[:, order], other.record.activity)


@pytest.fixture(scope="module")
def null_worlds() -> tuple[DemandModel, DemandModel]:
    """As now, and with posts that do nothing."""
    return (
        finished(world_of(without_cuts(inputs_of("as_now", HOUSEHOLDS)))),
        finished(world_of(without_cuts(inputs_of("null_service", HOUSEHOLDS)))),
    )


def test_a_service_that_does_nothing_leaves_every_life_as_it_was(null_worlds: tuple[DemandModel, DemandModel]) -> None:
    as_now, null = null_worlds
    assert differing_lives(as_now, null, _LIVED).size == 0
    line = as_now.inputs.services.index("null_service")
    assert null.record.activity[:, line, EVENTS.index("admitted")].sum() > 10
    others = np.arange(as_now.lines.size) != line
    np.testing.assert_array_equal(as_now.record.activity[:, others], null.record.activity[:, others])
    np.testing.assert_array_equal(as_now.record.households, null.record.households)
    cases = cases_of(null)
    assert cases_of(as_now).tobytes() == cases[cases["line"] != line].tobytes()


def test_a_service_that_does_nothing_costs_exactly_its_posts(null_worlds: tuple[DemandModel, DemandModel]) -> None:
    as_now, null = null_worlds
    more = null.record.posts - as_now.record.posts
    line = as_now.inputs.services.index("null_service")
    since = month_number("2017-04") - month_number(START)
    expected = np.zeros_like(more)
    expected[since:, line] = 2.0 * HOUSEHOLDS / 10_000
    np.testing.assert_allclose(more, expected, rtol=0.0, atol=1e-12)
    prices = null.inputs.prices
    assert prices.pence_a_post[line] > 0
    for name in ("pence_a_month", "pence_a_case", "pence_a_spot_month"):
        assert getattr(prices, name)[line] == 0  # nothing but posts is paid for
    np.testing.assert_array_equal(as_now.inputs.programme_pence, null.inputs.programme_pence)


def test_a_scenario_that_moves_nothing_differs_by_nothing() -> None:
    once, again = (
        finished(world_of(inputs_of("as_now", HOUSEHOLDS))),
        finished(world_of(inputs_of("as_now", HOUSEHOLDS))),
    )
    assert_same_world(once, again, WHOLE_LIFE)


@pytest.mark.parametrize(
    "scenario", ["whole_system", "no_early_help", "earlier_threshold", "same_money", "null_effect"]
)
def test_scenarios_share_their_past(scenario: str) -> None:
    as_now, other = world_of(inputs_of("as_now", HOUSEHOLDS)), world_of(inputs_of(scenario, HOUSEHOLDS))
    change = month_number("2017-04") - month_number(START)
    while as_now.month < change:
        as_now.step(), other.step()
    assert_same_world(as_now, other)
    finished(as_now), finished(other)
    assert differing_lives(as_now, other).size > 0
