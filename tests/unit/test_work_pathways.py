"""Ways into work, counted from a world moved by hand, month by month."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from engine_worlds import CONFIGS, book, inputs_of, place, population, world_of

from demandsim.labels import EVENTS, MENTAL_HEALTH, N_NEEDS, WORK
from demandsim.place.population import VACANT
from demandsim.policy import load_scenario
from demandsim.services.tables import CASE, ENDED, OPEN, WAITING
from demandsim.study.luck import LuckJob, run_luck
from demandsim.study.pathways import WORK_EVENTS, WORK_GROUPS, Pathways, Watch

HOUSEHOLD = [("occupant", "u2"), ("state", "u1", (N_NEEDS,)), ("age_band", "u1"), ("household_type", "u1")]
COMPLEX, CRISIS = 3, 4
PROVIDER, OTHER = 1, 0


class ByHand:
    """Four households: under 25, 25 to 64 with a mental health need, pensioners, and an empty dwelling."""

    def __init__(self) -> None:
        self.households = np.zeros(4, HOUSEHOLD)
        self.households["age_band"] = [0, 1, 3, 0]
        self.households["household_type"] = [0, 0, 0, VACANT]
        self.households["state"][1, MENTAL_HEALTH] = 2
        self.households["state"][:, WORK] = CRISIS
        effort = np.ones((2, 5))
        effort[PROVIDER] = [1.0, 1.0, 1.0, 1.5, 0.5]
        self.world: Any = SimpleNamespace(
            inputs=SimpleNamespace(n_months=24, run_in=0),
            world=SimpleNamespace(households=self.households),
            cases=np.zeros(3, CASE),
            lines={"effort": effort},
            months_done=0,
            month=0,
        )
        self.pathways = Pathways(cast(Any, self.world), np.array([PROVIDER]))

    def month(self, **states: int) -> None:
        """One more month, after which households `h0`, `h1` ... are in these states."""
        for name, state in states.items():
            self.households["state"][int(name[1:]), WORK] = state
        self.world.months_done += 1
        self.world.month += 1
        self.pathways.look()

    def count(self, event: str, group: str = "working_age", state: int = CRISIS) -> float:
        at = WORK_GROUPS.index(group), WORK_EVENTS.index(event), state
        return float(self.pathways.counts[at].sum())


@pytest.fixture
def by_hand() -> ByHand:
    return ByHand()


def test_only_people_of_working_age_are_counted_each_in_their_groups(by_hand: ByHand) -> None:
    by_hand.month()
    assert [by_hand.count("months", group) for group in WORK_GROUPS] == [2, 1, 1, 1]


def test_leaving_is_sustained_after_six_months_without_the_need(by_hand: ByHand) -> None:
    by_hand.month(h0=0, h1=0)
    assert by_hand.count("left") == 2
    by_hand.month()
    by_hand.month(h1=1)  # out of work again, the first state
    assert by_hand.count("fell_back") == 1
    for _ in range(8):
        by_hand.month()
    assert by_hand.count("stayed_in_work", "under_25") == 1
    assert by_hand.count("stayed_in_work") == 1
    assert by_hand.count("fell_back") == 1


def test_who_left_is_followed_in_the_group_to_which_they_belonged_as_they_left(by_hand: ByHand) -> None:
    by_hand.month(h1=0)
    by_hand.households["state"][1, MENTAL_HEALTH] = 0  # well again before the six months are over
    for _ in range(6):
        by_hand.month()
    assert by_hand.count("stayed_in_work", "with_mental_health_need") == 1


def test_who_moves_away_neither_left_nor_stayed(by_hand: ByHand) -> None:
    by_hand.month(h0=0)
    by_hand.households["occupant"][:2] += 1
    by_hand.month(h1=0)
    for _ in range(8):
        by_hand.month()
    assert by_hand.count("left") == 1
    assert by_hand.count("stayed_in_work") + by_hand.count("fell_back") == 0


def test_whom_a_provider_could_have_taken_took_and_helped(by_hand: ByHand) -> None:
    cases = by_hand.world.cases
    cases["line"] = [PROVIDER, PROVIDER, OTHER]
    cases["row"] = [0, 1, 1]
    cases["status"] = [WAITING, OPEN, OPEN]
    cases["start"] = [np.inf, 0.4, 0.4]
    cases["end"] = np.inf
    by_hand.month(h1=COMPLEX)
    assert by_hand.count("on_providers_list", state=CRISIS) == 1
    assert by_hand.count("on_providers_list", state=COMPLEX) == by_hand.count("taken", state=COMPLEX) == 1
    assert by_hand.count("taken", state=CRISIS) == 0
    by_hand.month()
    assert by_hand.count("helped_months", state=COMPLEX) == 1
    assert by_hand.count("effort", state=COMPLEX) == 1.5
    cases["status"][1], cases["end"][1] = ENDED, 2.0  # as a need that ends closes its case: at the month's beginning
    by_hand.month(h1=0)
    assert by_hand.count("left_in_help", state=COMPLEX) == 1
    assert by_hand.count("helped_months", state=COMPLEX) == 2
    by_hand.month()
    assert by_hand.count("helped_months", state=COMPLEX) == 2


def test_a_world_that_is_watched_counts_what_its_own_record_counts() -> None:
    inputs = inputs_of("providers_by_target", 400)
    world = world_of(inputs, people=population(400))
    world.run_in()
    watch = Watch(np.array([inputs.services.index("work_programme")]))
    watch([world])
    while not world.is_done:
        world.step()
        watch([world])
    counts = watch.pathways[0].counts[WORK_GROUPS.index("working_age")]
    admitted = world.record.activity[:, inputs.services.index("work_programme"), EVENTS.index("admitted")].sum()
    assert counts[WORK_EVENTS.index("taken")].sum() == admitted > 0
    out_of_work = world.record.households[:, WORK, 1:].sum()
    assert 0.99 * out_of_work < counts[WORK_EVENTS.index("months"), 1:].sum() <= out_of_work  # some pass working age


def test_a_run_that_is_watched_is_the_same_to_the_bit() -> None:
    scenarios = tuple(load_scenario(CONFIGS / "scenarios" / f"{name}.toml", book()) for name in ("as_now", "pause"))
    job = LuckJob(place(200), book(), scenarios, "2017-04", 1, 6, seed=1, draw=None, replicate=0, replicates=1)
    alone, watched = (run_luck(replace(job, follow_work=is_watched)) for is_watched in (False, True))
    for name, array in alone.items():
        np.testing.assert_array_equal(array, watched[name], err_msg=name)
