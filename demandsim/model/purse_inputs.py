"""Purses as arrays: who pays what share of each category, what each may spend, and which posts it may cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.agencies.value import value_per_pound
from demandsim.contacts.streams import Streams, earns_its_keep
from demandsim.labels import CRISIS, N_NEEDS, N_STATES, NEEDS, PAYERS
from demandsim.ledger.prices import Prices
from demandsim.parameters.descriptors import Service
from demandsim.parameters.drawing import Draw
from demandsim.policy.timeline import Timeline
from demandsim.quantities import PENCE_PER_POUND
from demandsim.services.tables import Records

Floats = NDArray[np.float64]

#: Tiers that help before the crisis.
EARLY_TIERS = ("universal", "early")


@dataclass(frozen=True, eq=False)
class PurseInputs:
    """What agencies' yearly decisions read.

    Attributes
    ----------
    names : tuple of str
        Purses, in the book's order.
    is_limited : (purses,) bool
        Demand-led purses meet whatever comes and are never cut.
    share : (categories, purses) float64
        Who pays for each category of cost.
    grant : (purses, months) float64
        Budget against the start, in real terms and per household present; 1 for demand-led purses.
    reserves : (purses,) float64
        Shares of a year's budget held at the start.
    elsewhere : (purses,) float64
        Shares of a gap that services outside the model bear.
    order : tuple of str
        Order of cuts, by month.
    protected, pooled : (months,) float64
    lag : int
        Months from a decision until posts go or come back.
    response : float
        Power of posts in pay over posts planned in a line's offers.
    redundancy_pence : int
        Paid once for each post cut.
    runs : (purses, units) bool
        Whose posts they are. Units are service lines, then contact streams.
    may_cut : (purses, units) bool
        Those of a cash-limited purse that are no duty.
    is_early : (units,) bool
    value : (units,) float64
        What a pound is believed to gain; NaN for contact streams, whose worth nobody has in the same terms.
    """

    names: tuple[str, ...]
    is_limited: NDArray[np.bool_]
    share: Floats
    grant: Floats
    reserves: Floats
    elsewhere: Floats
    order: tuple[str, ...]
    protected: Floats
    pooled: Floats
    lag: int
    response: float
    redundancy_pence: int
    runs: NDArray[np.bool_]
    may_cut: NDArray[np.bool_]
    is_early: NDArray[np.bool_]
    value: Floats


def build_purses(
    draw: Draw,
    services: Sequence[Service],
    timeline: Timeline,
    prices: Prices,
    value: Floats,
    run_by: Sequence[str],
    streams: Streams,
) -> PurseInputs:
    """Build the inputs of agencies' decisions.

    Parameters
    ----------
    draw : Draw
    services : sequence of Service
        In order of code.
    timeline : Timeline
    prices : Prices
    value : ndarray, shape (lines,)
        What a pound of each line is believed to gain.
    run_by : sequence of str
        Payer that runs each unit: service lines, then contact streams.
    streams : Streams
    """
    purses = draw.book.agencies
    months = timeline.run_in + timeline.n_months
    limited = np.array([purse.cash_limited for purse in purses.values()])
    payer_in = np.array([[payer in purse.payers for purse in purses.values()] for payer in PAYERS])
    is_duty = np.array([*(service.duty for service in services), *([False] * (len(run_by) - len(services)))])
    runs = np.array([[payer in purse.payers for payer in run_by] for purse in purses.values()])
    keeps = np.append(np.zeros(len(services), bool), earns_its_keep(streams))
    return PurseInputs(
        names=tuple(purses),
        is_limited=limited,
        share=np.asarray(prices.payers @ payer_in),
        grant=np.array(
            [
                timeline.numbers(f"agencies.{name}.grant") if purses[name].cash_limited else np.ones(months)
                for name in purses
            ]
        ),
        reserves=_of_limited(draw, "reserves"),
        elsewhere=_of_limited(draw, "elsewhere"),
        order=timeline.names("budget.order_of_cuts"),
        protected=timeline.numbers("budget.protected_prevention"),
        pooled=timeline.numbers("budget.pooled"),
        lag=round(draw.number_of("budget.lag")),
        response=draw.number_of("budget.threshold_response"),
        redundancy_pence=round(draw.number_of("budget.redundancy") * PENCE_PER_POUND),
        runs=runs,
        may_cut=runs & ~is_duty & ~keeps & limited[:, None],
        is_early=np.array([*(service.tier in EARLY_TIERS for service in services), *([False] * len(streams.names))]),
        value=np.append(value, np.full(len(streams.names), np.nan)),
    )


def _of_limited(draw: Draw, key: str) -> Floats:
    """A belief of each cash-limited purse; nought for those that are demand-led."""
    purses = draw.book.agencies
    return np.array([draw.number_of(f"agencies.{name}.{key}") if purses[name].cash_limited else 0.0 for name in purses])


def value_of_lines(
    services: Sequence[Service], prices: Prices, lines: Records, hazards: Floats, log_ratios: Floats, cases: Floats
) -> Floats:
    """What a pound of each line is believed to gain, shape (lines,).

    Parameters
    ----------
    hazards : ndarray, shape (7, 5, 4)
        By need, state and move, as in ``MOVES``; as the agency believes them to be.
    log_ratios : ndarray, shape (lines, 7, 5, 4)
        The same of help.
    cases : ndarray, shape (lines,)
        That one post holds.
    """
    served = np.zeros((len(services), N_NEEDS, N_STATES), bool)
    for position, service in enumerate(services):
        last = min(int(lines["closes_above"][position]), CRISIS)
        for need in service.needs:
            served[position, NEEDS.index(need), int(lines["opens_at"][position]) : last + 1] = True
    return value_per_pound(log_ratios, hazards, served, lines["fidelity"], cases, prices.pence_a_post[: len(services)])
