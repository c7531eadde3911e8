"""Practice at the front line as monthly numbers: what is noticed, handed on, agreed and trusted, and by how much.

Each lever of practice is an intensity from 0 to 1 between two uncertain end points: as now, and as it would be.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demandsim.parameters.drawing import Draw
from demandsim.policy.timeline import Timeline

Floats = NDArray[np.float64]

#: Events that move trust; the last three wear it down.
_STEPS = ("helped", "turned_away", "waited", "asked_twice")


def between(draw: Draw, timeline: Timeline, lever: str, now: str, full: str) -> Floats:
    """A belief month by month, as far from one end point to the other as the lever has it."""
    start, end = draw.number_of(now), draw.number_of(full)
    return start + timeline.numbers(lever) * (end - start)


def build_door(draw: Draw, timeline: Timeline, everyday: Floats) -> dict[str, Floats]:
    """Build the monthly values of the front door: field of ``NOW`` to array of shape (months, …).

    Parameters
    ----------
    draw : Draw
    timeline : Timeline
    everyday : ndarray, shape (months, 4)
        Hazard by tenure that everyday contact brings an unknown need to notice.
    """
    coverage = between(draw, timeline, "practice.network", "practice.coverage.now", "practice.coverage.full")
    lever = "practice.records_matched"
    matched = between(draw, timeline, lever, "front_door.arrival.silo", "front_door.arrival.single")
    retold = between(draw, timeline, lever, "practice.asked_twice.now", "practice.asked_twice.full")
    values = {
        "detection": between(
            draw, timeline, "practice.whole_household", "front_door.detection.silo", "front_door.detection.single"
        ),
        "arrival": np.minimum(1.0, matched * coverage / draw.number_of("practice.coverage.now")),
        "asked_twice": retold,
        "arrival_joined": np.minimum(
            1.0,
            draw.number_of("front_door.arrival.single") * coverage / draw.number_of("practice.coverage.now"),
        ),
        "asked_twice_joined": np.full(coverage.size, draw.number_of("practice.asked_twice.full")),
        "put_off": np.full(coverage.size, draw.number_of("trust.put_off")),
        "put_off_months": np.full(coverage.size, draw.number_of("trust.put_off_months")),
        "discretion": timeline.numbers("practice.discretion"),
        "manager_wait": np.full(coverage.size, draw.number_of("practice.manager_wait")),
        "noticing": everyday + _visits(draw, timeline)[:, None],
        "reach": 1.0 - timeline.numbers("contacts.digital") * draw.number_of("contacts.left_behind"),
        "trust_usual": np.full(coverage.size, draw.number_of("trust.at_start")),
    }
    for field in ("take_up", "contact", "disclosure"):
        values[f"trust_{field}"] = np.full(coverage.size, draw.number_of(f"trust.{field}"))
    wear = 1.0 - timeline.numbers("practice.trust_building") * draw.number_of("practice.wear_avoided.full")
    for field in _STEPS:
        step = draw.number_of(f"trust.{field}") * (1.0 if field == "helped" else wear)
        values[f"trust_{field}"] = np.rint(1000.0 * step * np.ones(coverage.size))
    return values


def _visits(draw: Draw, timeline: Timeline) -> Floats:
    """Hazard that a visit brings a need unknown to services to notice: visits go where joint analysis points."""
    intensity = timeline.numbers("practice.joint_analysis")
    visits = intensity * number_in_model_units(draw, "practice.visits.full")
    accuracy = 1.0 + intensity * (draw.number_of("practice.visit_accuracy.full") - 1.0)
    return np.asarray(visits * accuracy * draw.number_of("practice.visit_notices"))


def number_in_model_units(draw: Draw, name: str) -> float:
    """One belief in months and households."""
    value = draw.in_model_units(name)
    assert isinstance(value, float)
    return value


def log_odds_of_fit(draw: Draw, timeline: Timeline) -> Floats:
    """What co-production and tested messages add to the log odds of take-up, month by month."""
    fit = timeline.numbers("practice.co_production") * draw.number_of("practice.fit.full")
    return fit + timeline.numbers("practice.messages") * draw.number_of("practice.message_effect.full")


def generalist_ratios(draw: Draw, timeline: Timeline) -> tuple[Floats, Floats]:
    """Ratios on cases a post holds and on what help delivers, by who gives it and who decides on it."""
    intensity = timeline.numbers("practice.generalists")
    fewer = 1.0 + intensity * (draw.number_of("practice.caseload.full") - 1.0)
    better = 1.0 + intensity * (draw.number_of("practice.generalist_effect.full") - 1.0)
    # As now some decide at the front line already: published effects hold for that mix.
    beyond = timeline.numbers("practice.discretion") - draw.number_of("practice.discretion")
    return fewer, better * (1.0 + beyond * (draw.number_of("practice.front_line_effect.full") - 1.0))
