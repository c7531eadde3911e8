"""Each principle's lever, the beliefs under which its mechanism does nothing, and what a life is to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from engine_worlds import book

from demandsim.model.inputs import Inputs

#: What a life is here; ``pence`` is left out, since a lever may change what the same help costs.
LIVED: Final = ("state", "since", "recognised", "helped", "trust", "waited", "in_disrepair")


@dataclass(frozen=True)
class Principle:
    """A lever, what it is set to in full, and the beliefs under which its mechanism does nothing."""

    letter: str
    lever: str
    null: Mapping[str, float | str]
    value: float = 1.0
    strong: Mapping[str, float] = field(default_factory=dict)  # beliefs under which it shows in so small a place


def _same(full: str, now: str) -> dict[str, float | str]:
    return {full: float(book()[now].central)}  # type: ignore[arg-type]


_STRONG_PAY = {"providers.follows_pay": 1.0} | {
    f"effects.{name}.hazard_ratio": 6.0 for name, effect in book().effects.items() if effect.service == "work_programme"
}
PRINCIPLES = (
    Principle("a", "practice.network", _same("practice.coverage.full", "practice.coverage.now")),
    Principle("c", "practice.earlier_threshold", {"practice.let_in.full": 0.0}),
    Principle("d", "practice.whole_household", _same("front_door.detection.single", "front_door.detection.silo")),
    Principle("f", "practice.progression", {"providers.follows_pay": 0.0}, strong=_STRONG_PAY),
    Principle("g", "practice.co_production", {"practice.fit.full": 0.0}),
    Principle("h", "practice.generalists", {"practice.caseload.full": 1.0, "practice.generalist_effect.full": 1.0}),
    Principle("i", "practice.trust_building", {"practice.wear_avoided.full": 0.0}),
    Principle(
        "j",
        "practice.records_matched",
        _same("front_door.arrival.single", "front_door.arrival.silo")
        | _same("practice.asked_twice.full", "practice.asked_twice.now"),
    ),
    Principle("k", "practice.joint_analysis", {"practice.visit_notices": 0.0}),
    Principle("discretion", "practice.discretion", {
        "practice.manager_wait": 0.0, "practice.front_line_effect.full": 1.0,
    }),
    Principle(
        "messages", "practice.messages", {"practice.message_effect.full": 0.0},
        strong={"practice.message_effect.full": 1.0},
    ),
    Principle("digital", "contacts.digital", {"contacts.left_behind": 0.0} | {
        f"streams.{name}.notices": 0.0 for name in book().streams
    }),
    Principle("homes", "housing.new_homes", {"housing.let_to_homeless": 0.0}, 20.0),
)  # fmt: skip


def roomy(inputs: Inputs) -> Inputs:
    """The same posts, each of which could hold everybody."""
    cases = np.where(inputs.cases_per_post > 0.0, 1e9, 0.0)
    return replace(inputs, cases_per_post=cases, planned_slots=np.where(inputs.planned_slots > 0, 10**9, 0))
