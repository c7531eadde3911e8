"""A provider paid for numbers takes the easiest and leaves the hardest; paid for progress, it does neither."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest
from engine_worlds import CONFIGS, SEED, START, book, place, population, world_of
from numpy.typing import NDArray

from demandsim.labels import CRISIS, NEEDS
from demandsim.model.inputs import Inputs, build_inputs
from demandsim.policy import load_scenario
from demandsim.services.tables import OPEN, WAITING

WORK = NEEDS.index("work")
LINE = "work_programme"
MONTHS, RUN_IN = 24, 6
#: Help as good for the hardest as for the easiest, and strong, so that who gets it shows; all effort follows pay.
EQUAL = {
    "effects.work_programme.hazard_ratio": 8.0,
    "effects.work_programme_ill_health.hazard_ratio": 8.0,
    "providers.follows_pay": 1.0,
}


@dataclass
class Followed:
    """States of those who could have been taken and of those who were, and what became of the hardest in help."""

    candidates: list[int] = field(default_factory=list)
    admitted: list[int] = field(default_factory=list)
    months_of_hardest: int = 0
    ends_of_hardest: int = 0

    @property
    def preference(self) -> float:
        """How much larger the share of the hardest is among those taken than among those who could have been."""
        return float(np.mean(np.array(self.admitted) == CRISIS) - np.mean(np.array(self.candidates) == CRISIS))


@cache
def _inputs(scenario: str, households: int) -> Inputs:
    drawn = book().with_overrides(EQUAL).draw(SEED)
    path = CONFIGS / "scenarios" / f"{scenario}.toml"
    return build_inputs(place(households), drawn, load_scenario(path, book()), START, MONTHS, RUN_IN)


@cache
def _followed(scenario: str, households: int, luck: int) -> Followed:
    """Run one world and look at the provider's list and cases every month."""
    inputs = _inputs(scenario, households)
    model = world_of(inputs, luck, people=population(households, MONTHS, RUN_IN))
    line = inputs.services.index(LINE)
    found = Followed()
    while not model.is_done:
        before = model.cases[(model.cases["line"] == line) & (model.cases["status"] == OPEN)]
        rows = before["row"][_work(model.world.households, before["row"]) == CRISIS]
        month = model.month
        model.step()
        after = _work(model.world.households, rows)
        found.months_of_hardest += rows.size
        found.ends_of_hardest += int((after == 0).sum())
        cases = model.cases[model.cases["line"] == line]
        is_new = (cases["status"] == OPEN) & (cases["start"] >= month)
        states = _work(model.world.households, cases["row"])
        found.admitted += states[is_new].tolist()
        found.candidates += states[is_new | (cases["status"] == WAITING)].tolist()
    return found


def _work(households: NDArray[np.void], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(households["state"][rows, WORK])


def _compare(households: int, lucks: range) -> tuple[list[Followed], list[Followed]]:
    by_target, by_progression = (
        [_followed(scenario, households, luck) for luck in lucks]
        for scenario in ("providers_by_target", "providers_by_progression")
    )
    return by_target, by_progression


def _end_hazard(followed: list[Followed]) -> float:
    """Share of months in help of the hardest in which the need ends."""
    return sum(one.ends_of_hardest for one in followed) / sum(one.months_of_hardest for one in followed)


def test_numbers_make_a_provider_take_the_easiest_and_progress_does_not() -> None:
    by_target, by_progression = _compare(3_000, range(2))
    for target, progression in zip(by_target, by_progression, strict=True):
        assert len(target.admitted) >= 20
        assert target.preference < -0.05
        assert progression.preference > -0.05
        assert progression.preference > target.preference + 0.1


def test_the_hardest_get_less_effort_for_numbers_and_not_for_progress() -> None:
    effort = {}
    for scenario in ("providers_by_target", "providers_by_progression"):
        inputs = _inputs(scenario, 3_000)
        effort[scenario] = inputs.monthly["effort"][inputs.services.index(LINE), -1]
    assert effort["providers_by_target"][CRISIS] < 1.0 < effort["providers_by_target"][CRISIS - 1]
    assert effort["providers_by_progression"][CRISIS] >= 1.0


@pytest.mark.slow
def test_numbers_leave_the_hardest_in_help_with_less() -> None:
    by_target, by_progression = _compare(10_000, range(4))
    assert _end_hazard(by_target) < 0.85 * _end_hazard(by_progression)
    assert np.mean([one.preference for one in by_target]) < -0.05
    assert np.mean([one.preference for one in by_progression]) > -0.05
