"""Service beliefs as the records that referral, waiting and help read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import NEEDS, STATES
from demandsim.ledger.prices import Prices
from demandsim.model.door_inputs import generalist_ratios, log_odds_of_fit
from demandsim.needs.tables import MOVES
from demandsim.parameters.descriptors import Service
from demandsim.parameters.drawing import Draw
from demandsim.place import Place
from demandsim.policy.timeline import Timeline
from demandsim.services.tables import (
    BEST_PAID,
    COUNTED_AGAIN,
    DUTY,
    FIRST_COME,
    LIMITED,
    LINE,
    QUEUE_RULES,
    SCOPES,
    UNLIMITED,
    Records,
)

Floats = NDArray[np.float64]

#: How a place's posts differ from England's for its size, solved by `fit` from its own demand.
CAPACITY = "fitted.capacity"


def build_lines(
    draw: Draw, services: tuple[Service, ...], monthly: dict[str, NDArray[Any]], log_ratios: Floats, prices: Prices
) -> Records:
    """Build one record a service line, in order of code."""
    lines = np.zeros(len(services), LINE)
    for record, service in zip(lines, services, strict=True):
        name = f"services.{service.name}"
        record["code"] = service.code
        record["intake"] = _intake(service)
        record["rule"] = _rule(service)
        record["scope"] = SCOPES.index(service.scope)
        record["min_needs"] = service.min_needs
        record["is_universal"] = service.tier == "universal"
        record["automatic"] = service.route == "automatic"
        record["joins_up"] = service.joins_up
        again = [kind + 1 for kind, name in enumerate(COUNTED_AGAIN) if name in service.counts_as]
        record["counts_again"] = max(again, default=0)
        record["until_state_ends"] = service.until_state_ends
        record["instead"] = sum(1 << at for at, other in enumerate(services) if _is_same_help(service, other))
        record["needs_served"] = sum(1 << NEEDS.index(need) for need in service.needs)
        record["needs_helped"] = record["needs_served"] if service.counts_as_help else 0
        record["length"] = 0.0 if service.until_state_ends else draw.number_of(f"{name}.length")
        record["overtime"] = draw.number_of("overtime.share") if _intake(service) == DUTY else 0.0
        record["patience"] = draw.number_of(f"{name}.patience") if _intake(service) == LIMITED else np.inf
        for field in ("drop_out", "lag", "fade", "detection"):
            record[field] = draw.number_of(f"{name}.{field}")
    lines["most_fidelity"] = monthly["fidelity"].max(axis=1) * monthly["effort"].max(axis=(1, 2))
    lines["follows_pay"] = draw.number_of("providers.follows_pay")
    lines["price_time"] = prices.pence_a_month
    lines["price_case"] = prices.pence_a_case
    lines["price_overtime"] = prices.pence_an_overtime_month
    lines["price_spot"] = prices.pence_a_spot_month
    lines["log_ratio"] = log_ratios
    lines["has_effect"] = np.any(log_ratios != 0.0, axis=(2, 3))
    lines["raises"] = np.any(log_ratios > 0.0, axis=(2, 3)) @ (1 << np.arange(len(NEEDS)))
    for field, values in monthly.items():
        lines[field] = values[:, 0]
    return lines


def _is_same_help(one: Service, other: Service) -> bool:
    """Whether two lines are one help for different people: who grows out of the scope of the one stays in its help."""
    if one is other:
        return True
    same = ("agency", "tier", "needs", "delivery", "route", "duty", "until_state_ends")
    return one.until_state_ends and one.scope != other.scope and all(getattr(one, k) == getattr(other, k) for k in same)


def _rule(service: Service) -> int:
    """Whom the line takes next: pay by results decides where there is any."""
    if service.paid_by_results:
        return BEST_PAID
    return QUEUE_RULES.index(service.queue) if service.queue != "none" else FIRST_COME


def _intake(service: Service) -> int:
    if not service.is_staffed:
        return UNLIMITED
    return DUTY if service.duty else LIMITED


def build_log_ratios(draw: Draw, services: tuple[Service, ...]) -> Floats:
    """Log hazard ratios of full help by line, need, state and move: each effect's, on the rungs it acts on."""
    log_ratios = np.zeros((len(services), len(NEEDS), len(STATES), len(MOVES)))
    place_of = {service.name: position for position, service in enumerate(services)}
    for name, effect in draw.book.effects.items():
        log_ratio = np.log(draw.number_of(f"effects.{name}.hazard_ratio"))
        line = place_of[effect.service]
        for need, state, move in effect.moves():
            log_ratios[line, NEEDS.index(need), STATES.index(state), MOVES.index(move)] += log_ratio
    return log_ratios


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
    _lay_practice(draw, services, timeline, monthly)
    return monthly


def _lay_practice(
    draw: Draw, services: tuple[Service, ...], timeline: Timeline, monthly: dict[str, NDArray[Any]]
) -> None:
    """Lay the levers of practice over what single lines state: thresholds, fit of offers, generalists."""
    let_in = timeline.numbers("practice.earlier_threshold") * draw.number_of("practice.let_in.full")
    log_odds = log_odds_of_fit(draw, timeline)
    _, better = generalist_ratios(draw, timeline)
    monthly["below"] = np.zeros_like(monthly["take_up"])
    for position, service in enumerate(services):
        if service.route == "front_door" and service.tier in ("early", "targeted"):
            monthly["below"][position] = let_in
        if service.tier in ("universal", "early"):
            monthly["take_up"][position] = shifted(monthly["take_up"][position], log_odds)
        if service.is_staffed and service.tier == "early":
            monthly["fidelity"][position] *= better


def shifted(probability: Floats, log_odds: Floats) -> Floats:
    """Probabilities moved on the log-odds scale; 0, 1 and no shift are kept exactly."""
    odds = np.divide(probability, 1.0 - probability, out=np.zeros_like(probability), where=probability < 1.0)
    moved = odds * np.exp(log_odds) / (1.0 + odds * np.exp(log_odds))
    return np.where((log_odds == 0.0) | (probability <= 0.0) | (probability >= 1.0), probability, moved)


def build_staff(
    draw: Draw, services: tuple[Service, ...], timeline: Timeline, place: Place, present: NDArray[np.int64]
) -> Floats:
    """Build posts (FTE) before any shift of money, shape (lines, months), for the households there are each month."""
    months = timeline.run_in + timeline.n_months
    staff = np.zeros((len(services), months))
    fitted = f"{CAPACITY}.{place.fit_id}"
    capacity = draw.numbers_of(fitted) if fitted in draw else {}
    for position, service in enumerate(services):
        if service.is_staffed:
            per_10_000 = timeline.numbers(f"services.{service.name}.staff")
            staff[position] = per_10_000 * (present / 10_000) * capacity.get(service.name, 1.0)
    return staff
