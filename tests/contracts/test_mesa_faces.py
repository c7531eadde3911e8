"""A world is a genuine Mesa model, its households agents that are made only when somebody touches them."""

from __future__ import annotations

import gc
import pickle
import weakref
from collections.abc import Iterator

import mesa
import numpy as np
import pytest
from engine_worlds import assert_same_world, digest_of, finished, inputs_of, place, population, world_of
from mesa.agent import AgentSet
from mesa.datacollection import DataCollector

from demandsim.errors import RequestError
from demandsim.labels import NEEDS, STATES, TENURES
from demandsim.model.agents import Agency, Household, Service
from demandsim.model.demand_model import DemandModel

HOUSEHOLDS = 300


@pytest.fixture
def model() -> Iterator[DemandModel]:
    world = world_of(inputs_of("whole_system", HOUSEHOLDS))
    world.run_in()
    yield world
    world.close()


def _faces() -> int:
    gc.collect()
    return sum(isinstance(thing, Household) for thing in gc.get_objects())


def test_these_are_mesa_models_and_agents(model: DemandModel) -> None:
    assert isinstance(model, mesa.Model)
    assert issubclass(Household, mesa.Agent)
    assert set(model.agent_types) == {Agency, Service, Household}
    for kind, agents in model.agents_by_type.items():
        assert isinstance(agents, AgentSet)
        assert all(isinstance(agent, kind) and isinstance(agent, mesa.Agent) for agent in agents)
        assert all(agent.model is model for agent in agents)
    assert isinstance(model.agents, AgentSet)
    assert len(model.agents) == sum(len(agents) for agents in model.agents_by_type.values())
    assert len(list(model.agents)) == len(model.agents)
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)


def test_a_full_run_makes_no_household_agent() -> None:
    before = _faces()
    world = finished(world_of(inputs_of("whole_system", HOUSEHOLDS)))
    assert _faces() == before
    face = world.household(7)
    assert _faces() == before + 1
    assert world.household(7) is face
    world.close()


def test_questions_to_everybody_make_no_agents(model: DemandModel) -> None:
    before = _faces()
    people = model.agents_by_type[Household]
    people.agg("frailty", np.mean)
    people.get(["family", "adults"])
    people.select(lambda one: one.children > 0).sort("frailty")
    people.set("safety", "none")
    assert len(people) == HOUSEHOLDS
    assert _faces() == before


def test_groups_are_aggregated_without_agents(model: DemandModel) -> None:
    before = _faces()
    by_tenure = model.households.groupby("tenure").agg("frailty", np.mean)
    assert set(by_tenure) == set(model.households.get("tenure"))
    assert _faces() == before


def test_faces_are_their_rows(model: DemandModel) -> None:
    rows = model.world.households
    for row in (0, 5, HOUSEHOLDS - 1):
        face, record = model.household(row), rows[row]
        assert [getattr(face, need) for need in NEEDS] == [STATES[state] for state in record["state"]]
        assert (face.adults, face.children, face.area) == (record["adults"], record["children"], record["area"])
        assert face.tenure == TENURES[record["tenure"]]
        assert face.frailty == pytest.approx(np.exp(record["log_frailty"]), rel=1e-6)
    face = model.household(0)
    face.money = "complex"
    assert rows["state"][0, NEEDS.index("money")] == STATES.index("complex")
    rows["children"][0] = 9
    assert face.children == 9
    assert type(face.children) is int
    with pytest.raises(AttributeError, match="cannot be set"):
        face.tenure = "owner"
    with pytest.raises(RequestError, match="not a need state"):
        face.money = "poor"
    with pytest.raises(AttributeError, match="no attribute"):
        _ = face.income
    with pytest.raises(RequestError, match="no household"):
        model.household(HOUSEHOLDS)


def test_select_is_that_of_mesa(model: DemandModel) -> None:
    people = model.households
    plain = AgentSet(list(people), random=model.random)

    def is_parent(one: Household) -> bool:
        return one.children > 0

    assert list(people.select(is_parent)) == list(plain.select(is_parent))
    assert list(people.select(is_parent, at_most=5)) == list(plain.select(is_parent, at_most=5))
    assert len(people.select(at_most=0.5)) == HOUSEHOLDS // 2
    assert len(model.agents.select(agent_type=Household)) == HOUSEHOLDS
    assert len(model.agents.select(agent_type=Service)) == len(model.services)
    assert len(people.select(agent_type=Service)) == 0
    assert list(people.where(people.column("children") > 0)) == list(people.select(is_parent))


@pytest.mark.parametrize("name", ["adults", "frailty", "family", "tenure", "needs_established", "months_waited"])
def test_get_is_that_of_mesa(name: str, model: DemandModel) -> None:
    plain = AgentSet(list(model.households), random=model.random)
    assert model.households.get(name) == plain.get(name)
    assert model.households.get([name, "row"]) == plain.get([name, "row"])


@pytest.mark.parametrize("name", ["recognised", "in_help"])
def test_get_answers_whatever_a_household_can(name: str, model: DemandModel) -> None:
    plain = AgentSet(list(model.households), random=model.random)
    assert model.households.get(name) == plain.get(name)


def test_get_of_nothing_is_an_error_or_a_default(model: DemandModel) -> None:
    with pytest.raises(AttributeError, match="income"):
        model.households.get("income")
    assert model.households.get("income", handle_missing="default", default_value=0) == [0] * HOUSEHOLDS


@pytest.mark.parametrize("func", [min, max, sum, np.mean])
def test_agg_is_that_of_mesa(func: object, model: DemandModel) -> None:
    plain = AgentSet(list(model.households), random=model.random)
    for name in ("adults", "frailty", "needs_established"):
        assert model.households.agg(name, func) == pytest.approx(plain.agg(name, func), rel=1e-12)
    assert model.households.agg("adults", [min, max]) == plain.agg("adults", [min, max])


@pytest.mark.parametrize(
    "by", ["tenure", "family", "adults", lambda one: one.children > 0, lambda one: (one.tenure, one.adults)]
)
def test_groupby_is_that_of_mesa(by: object, model: DemandModel) -> None:
    plain = AgentSet(list(model.households), random=model.random).groupby(by)
    found = model.households.groupby(by)
    assert found.count() == plain.count()
    assert {key: list(group) for key, group in found} == {key: list(group) for key, group in plain}
    assert found.agg("frailty", max) == pytest.approx(plain.agg("frailty", max))
    as_lists = model.households.groupby(by, result_type="list")
    assert as_lists.map(len) == plain.map(len)


@pytest.mark.parametrize("ascending", [True, False])
@pytest.mark.parametrize("key", ["adults", "frailty", lambda one: one.children, lambda one: (one.adults, one.children)])
def test_sort_is_that_of_mesa(key: object, ascending: bool, model: DemandModel) -> None:
    plain = AgentSet(list(model.households), random=model.random)
    assert list(model.households.sort(key, ascending=ascending)) == list(plain.sort(key, ascending=ascending))


def test_set_and_do_reach_every_row(model: DemandModel) -> None:
    parents = model.households.select(lambda one: one.children > 0)
    assert len(parents) > 10
    parents.set("family", "complex")
    assert set(parents.get("family")) == {"complex"}
    assert model.world.counts["households"][0].sum() == HOUSEHOLDS * len(NEEDS)
    seen: list[int] = []
    parents.do(lambda one: seen.append(one.row))
    assert seen == parents.get("row")
    seen.clear()
    parents.shuffle_do(lambda one: seen.append(one.row))
    assert sorted(seen) == parents.get("row")
    assert parents.map(lambda one: one.row) == parents.get("row")


def test_shuffling_is_a_permutation_and_moves_no_result(model: DemandModel) -> None:
    other = world_of(inputs_of("whole_system", HOUSEHOLDS))
    other.run_in()
    shuffled = model.households.shuffle()
    assert sorted(one.row for one in shuffled) == list(range(HOUSEHOLDS))
    model.agents.shuffle_do(lambda one: None)
    assert_same_world(finished(model), finished(other))


def test_stepping_by_mesa_is_the_month_of_the_rule() -> None:
    from demandsim.model.calendar import step_all_households

    one, other = world_of(inputs_of("as_now", HOUSEHOLDS)), world_of(inputs_of("as_now", HOUSEHOLDS))
    while not one.is_done:
        one.step()
        for row in other.calendar:
            if row.run is step_all_households:
                other.agents_by_type[Household].shuffle_do("step")
            elif row.run is not None:
                row.run(other)
    assert_same_world(one, other)


def test_services_tell_what_they_hold(model: DemandModel) -> None:
    model.step()
    services = model.agents_by_type[Service]
    assert services.get("name") == list(model.inputs.services)
    assert sum(services.get("open_cases")) > 0
    for service in services:
        held = model.cases[model.cases["line"] == service.position]["status"]
        assert (service.waiting, service.open_cases) == ((held == 1).sum(), (held == 2).sum())
        assert service.last_month("open") == service.open_cases
        assert service.last_month("waiting") == service.waiting
        assert service.slots == model.inputs.planned_slots[service.position, model.months_done - 1]
    agencies = model.agents_by_type[Agency]
    assert set(agencies.get("name")) == set(model.inputs.purses.names)
    run = [position for agency in agencies for position in agency.positions]
    assert sorted(run) == list(range(model.posts.size))  # every post is run by one agency


def test_a_data_collector_works_over_steps(model: DemandModel) -> None:
    collector = DataCollector(
        model_reporters={
            "month": "month",
            "crises": lambda world: int(world.households.agg("needs_in_crisis", np.sum)),
        },
        agenttype_reporters={Service: {"name": "name", "open": "open_cases"}},
    )
    for _ in range(5):
        model.step()
        collector.collect(model)
    over_time = collector.get_model_vars_dataframe()
    assert over_time["month"].tolist() == [1, 2, 3, 4, 5]
    assert over_time["crises"].tolist() == model.record.households[:5, :, -1].sum(axis=1).tolist()
    by_service = collector.get_agenttype_vars_dataframe(Service)
    assert len(by_service) == 5 * len(model.services)
    last = by_service.xs(model.steps, level="Step").set_index("name")["open"]
    assert last.to_dict() == {service.name: service.open_cases for service in model.services}


def test_batch_run_works() -> None:
    inputs = [inputs_of("as_now", HOUSEHOLDS), inputs_of("whole_system", HOUSEHOLDS)]
    parameters = {
        "inputs": inputs,
        "population": [population(HOUSEHOLDS)],
        "deprivation": [place(HOUSEHOLDS).deprivation_z],
        "luck": [0, 1],
    }
    rows = mesa.batch_run(DemandModel, parameters, number_processes=1, max_steps=4, display_progress=False)
    assert len(rows) == 4
    assert {(row["inputs"].scenario, row["luck"]) for row in rows} == {
        (scenario, luck) for scenario in ("as_now", "whole_system") for luck in (0, 1)
    }
    assert {row["Step"] for row in rows} == {4}  # Mesa steps once more than `max_steps`, and counts from 0


def test_running_ends_with_the_run() -> None:
    world = world_of(inputs_of("as_now", HOUSEHOLDS))
    while world.running:
        world.step()
    assert world.is_done
    with pytest.raises(RequestError, match="over"):
        world.step()


def test_a_closed_world_is_let_go() -> None:
    world = finished(world_of(inputs_of("as_now", HOUSEHOLDS)))
    list(world.agents)
    twin = world_of(inputs_of("as_now", HOUSEHOLDS))
    twin.run_in()
    branch = twin.branch(inputs_of("whole_system", HOUSEHOLDS))
    kept = [weakref.ref(one) for one in (world, twin, branch)]
    for one in (world, twin, branch):
        one.close()
    del world, twin, branch, one
    gc.collect()
    assert [ref() for ref in kept] == [None, None, None]


def test_two_worlds_alive_do_not_touch() -> None:
    inputs = inputs_of("whole_system", HOUSEHOLDS)
    alone = digest_of(finished(world_of(inputs)))
    one, other = world_of(inputs), world_of(inputs_of("as_now", HOUSEHOLDS), luck=4)
    while not one.is_done:
        one.step()
        other.step()
        assert other.household(3).model is other
    assert digest_of(one) == alone


def test_what_a_worker_is_sent_can_be_pickled() -> None:
    inputs = inputs_of("whole_system", HOUSEHOLDS)
    sent = pickle.loads(pickle.dumps(inputs))
    assert_same_world(finished(world_of(inputs)), finished(world_of(sent)))
