"""Drawn beliefs about costs as whole pence and shares."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import N_NEEDS, N_STATES, NEEDS, PAYERS, STATES
from demandsim.ledger.prices import PROGRAMME, Prices
from demandsim.parameters.descriptors import Service
from demandsim.parameters.drawing import Draw
from demandsim.quantities import MONTHS_PER_YEAR, PENCE_PER_POUND


def build_prices(draw: Draw, services: tuple[Service, ...]) -> Prices:
    """Build the prices of one draw for services in order of code."""
    n = len(services)
    month, case, overtime, spot, post, unit = (np.zeros(n, np.int64) for _ in range(6))
    premium = draw.number_of("overtime.premium")
    for i, service in enumerate(services):
        name = f"services.{service.name}"
        if service.is_staffed:
            yearly = draw.number_of(f"{name}.cost_per_fte") + draw.number_of(f"{name}.non_staff")
            post[i] = round(yearly * PENCE_PER_POUND / MONTHS_PER_YEAR)
            unit[i] = round(post[i] / draw.number_of(f"{name}.cases_per_fte"))
            if service.duty:
                spot[i] = round(draw.number_of(f"{name}.spot_price") * PENCE_PER_POUND)
                overtime[i] = round(_case_pay(draw, name) * premium * PENCE_PER_POUND)
            continue
        persons = draw.number_of(f"conversion.{service.persons_per_case}") if service.persons_per_case else 1.0
        pence = round(draw.number_of(f"{name}.unit_cost") * PENCE_PER_POUND * persons)
        if draw.book[f"{name}.unit_cost"].unit == "GBP per case":
            case[i] = pence
        else:
            month[i] = pence
            unit[i] = pence
    costs = tuple(sorted(draw.book.costs))
    shares = [_shares(draw.numbers_of(f"services.{service.name}.payers")) for service in services]
    shares += [_shares(draw.numbers_of(f"costs.{name}.payers")) for name in costs]
    streams = tuple(draw.book.streams.values())
    stream_posts = [
        round(draw.number_of(f"{one.path}.cost_per_fte") * PENCE_PER_POUND / MONTHS_PER_YEAR) for one in streams
    ]
    work = [_shares(draw.numbers_of(f"{one.path}.payers")) for one in streams]
    shares += [*work, *(_shares({one.handling_payer: 1.0}) for one in streams), *work]
    shares.append(_shares({"council_corporate": 1.0}))
    return Prices(
        month, case, overtime, spot, np.append(post, stream_posts).astype(np.int64), unit, _residual(draw, costs),
        (*(service.name for service in services), *costs, *stream_categories(tuple(draw.book.streams)), PROGRAMME),
        np.array(shares),
    )  # fmt: skip


def _residual(draw: Draw, costs: tuple[str, ...]) -> NDArray[np.int64]:
    """Pence a month of each residual cost item by need and state."""
    residual = np.zeros((len(costs), N_NEEDS, N_STATES), np.int64)
    for i, name in enumerate(costs):
        item = draw.book.costs[name]
        for state in item.state:
            residual[i, NEEDS.index(item.need), STATES.index(state)] = round(
                draw.number_of(f"costs.{name}.unit_cost") * PENCE_PER_POUND
            )
    return residual


def _case_pay(draw: Draw, name: str) -> float:
    """Pounds of pay in a case-month: premises and goods are there already, whoever works longer in them."""
    return draw.number_of(f"{name}.cost_per_fte") / MONTHS_PER_YEAR / draw.number_of(f"{name}.cases_per_fte")


def stream_categories(streams: tuple[str, ...]) -> tuple[str, ...]:
    """Categories of cost of streams of contact: what they do, answering, and what they take in."""
    return tuple(f"{stream}_{part}" for part in ("work", "contact", "income") for stream in streams)


def _shares(by_payer: Mapping[str, float]) -> NDArray[np.float64]:
    shares = np.zeros(len(PAYERS))
    for payer, share in by_payer.items():
        shares[PAYERS.index(payer)] = share
    return np.asarray(shares / shares.sum())
