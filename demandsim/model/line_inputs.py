"""Service beliefs as the records that referral, waiting and help read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import NEEDS, STATES
from demandsim.ledger.prices import Prices
from demandsim.needs.tables import MOVES
from demandsim.parameters.descriptors import Service
from demandsim.parameters.drawing import Draw
from demandsim.place import Place
from demandsim.policy.timeline import Timeline
from demandsim.services.tables import DUTY, LIMITED, LINE, QUEUE_RULES, SCOPES, UNLIMITED, Records

Floats = NDArray[np.float64]

#: How a place's posts differ from England's for its size, solved by `fit` from its own demand.
CAPACITY = "fitted.capacity"


def build_lines(draw: Draw, services: tuple[Service, ...], monthly: dict[str, NDArray[Any]], prices: Prices) -> Records:
    """Build one record a service line, in order of code."""
    lines = np.zeros(len(services), LINE)
    for record, service in zip(lines, services, strict=True):
        name = f"services.{service.name}"
        record["code"] = service.code
        record["intake"] = _intake(service)
        record["rule"] = QUEUE_RULES.index(service.queue) if service.queue != "none" else 0
        record["scope"] = SCOPES.index(service.scope)
        record["min_needs"] = service.min_needs
        record["is_universal"] = service.tier == "universal"
        record["automatic"] = service.route == "automatic"
        record["until_state_ends"] = service.until_state_ends
        record["needs_served"] = sum(1 << NEEDS.index(need) for need in service.needs)
        record["needs_helped"] = record["needs_served"] if service.counts_as_help else 0
        record["length"] = 0.0 if service.until_state_ends else draw.number_of(f"{name}.length")
        record["patience"] = draw.number_of(f"{name}.patience") if _intake(service) == LIMITED else np.inf
        for field in ("drop_out", "lag", "fade", "detection"):
            record[field] = draw.number_of(f"{name}.{field}")
    lines["most_fidelity"] = monthly["fidelity"].max(axis=1)
    lines["price_time"] = prices.pence_a_month
    lines["price_case"] = prices.pence_a_case
    lines["price_spot"] = prices.pence_a_spot_month
    _lay_effects(draw, services, lines)
    for field, values in monthly.items():
        lines[field] = values[:, 0]
    return lines


def _intake(service: Service) -> int:
    if not service.is_staffed:
        return UNLIMITED
    return DUTY if service.duty else LIMITED


def _lay_effects(draw: Draw, services: tuple[Service, ...], lines: Records) -> None:
    """Add each effect's log hazard ratio on the rungs it acts on."""
    place_of = {service.name: position for position, service in enumerate(services)}
    for name, effect in draw.book.effects.items():
        log_ratio = np.log(draw.number_of(f"effects.{name}.hazard_ratio"))
        line = place_of[effect.service]
        for need, state, move in effect.moves():
            lines["log_ratio"][line, NEEDS.index(need), STATES.index(state), MOVES.index(move)] += log_ratio
    lines["has_effect"] = np.any(lines["log_ratio"] != 0.0, axis=(2, 3))
    lines["raises"] = np.any(lines["log_ratio"] > 0.0, axis=(2, 3)) @ (1 << np.arange(len(NEEDS)))


def build_monthly(draw: Draw, services: tuple[Service, ...], timeline: Timeline) -> dict[str, NDArray[Any]]:
    """Build what a lever may move, month by month: field of ``LINE`` to array of shape (lines, months)."""
    months = timeline.run_in + timeline.n_months
    monthly: dict[str, NDArray[Any]] = {
        field: np.zeros((len(services), months), np.int64) for field in ("opens_at", "closes_above")
    }
    for field in ("p_referred", "p_eligible", "take_up", "fidelity"):
        monthly[field] = np.zeros((len(services), months))
    for position, service in enumerate(services):
        for field, values in monthly.items():
            name = f"services.{service.name}.{field}"
            if field in ("opens_at", "closes_above"):
                values[position] = [STATES.index(state) for state in timeline.names(name)]
            elif field == "p_referred" and service.route == "automatic":
                continue  # nobody offers what the state itself triggers
            elif field == "p_eligible" and service.route == "front_door":
                continue  # the threshold and the offer decide
            elif name in timeline:
                values[position] = timeline.numbers(name)
            else:
                values[position] = draw.number_of(name)
    return monthly


def build_staff(draw: Draw, services: tuple[Service, ...], timeline: Timeline, place: Place) -> Floats:
    """Build posts (FTE) before any shift of money, shape (lines, months), for the households simulated."""
    months = timeline.run_in + timeline.n_months
    staff = np.zeros((len(services), months))
    fitted = f"{CAPACITY}.{place.fit_id}"
    capacity = draw.numbers_of(fitted) if fitted in draw else {}
    for position, service in enumerate(services):
        if service.is_staffed:
            per_10_000 = timeline.numbers(f"services.{service.name}.staff")
            staff[position] = per_10_000 * (place.n_households / 10_000) * capacity.get(service.name, 1.0)
    return staff
