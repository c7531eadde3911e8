"""Beliefs become floats: the model's door, where units end.

Inputs are rebuilt, purely, for every run: place × drawn beliefs × scenario. Nothing derived outlives a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.agencies import plan_posts
from demandsim.ledger.prices import Prices
from demandsim.model.causal_share import at_causal_share
from demandsim.model.door_inputs import build_door, generalist_ratios
from demandsim.model.everyday_inputs import Everyday, build_everyday
from demandsim.model.line_inputs import build_lines, build_log_ratios, build_monthly, build_staff
from demandsim.model.need_inputs import build_accepted, build_hazards, build_needs_table, build_shocks
from demandsim.model.prices import build_prices
from demandsim.model.provider_inputs import build_incentives
from demandsim.model.purse_inputs import PurseInputs, build_purses, value_of_lines
from demandsim.parameters.descriptors import Service, Stream
from demandsim.parameters.drawing import Draw
from demandsim.place import Place
from demandsim.place.path import households_present
from demandsim.policy.futures import Future
from demandsim.policy.scenario import Scenario
from demandsim.policy.timeline import Timeline, apply, place_course
from demandsim.quantities import month_number
from demandsim.services.tables import Records

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything one world reads.

    Attributes
    ----------
    place, scenario : str
        Ids.
    first_month : str
        First month of the run proper, such as "2016-04".
    n_months, run_in : int
        Months of the run proper, and before it.
    n_households : int
        Households at the start of the run proper.
    households_present : ndarray of int64, shape (months,)
    services, agencies, tiers : tuple of str
        Of each line, in order of code.
    needs : (1,) NEEDS_TABLE record
    lines : (lines,) LINE records
        Monthly fields hold the first month's values.
    monthly : dict of field to array, shape (lines, months)
        What the service agents write into ``lines`` month by month.
    planned : ndarray of float64, shape (lines, months)
        Posts by plan.
    planned_slots : ndarray of int64, shape (lines, months)
        Cases that planned posts can hold at once.
    cases_per_post : ndarray, shape (lines, months)
    everyday : Everyday
        Streams of contact, and new homes.
    door : dict of field to array, shape (months, …)
        Practice at the front line: what is written into the month's values.
    take_up_frailty, rehousing_most : float
    shocks : ndarray, shape (7, months)
    accepted : ndarray, shape (years,)
        Share of households owed the main duty that the law of each year counts as accepted.
    programme_pence : ndarray of int64, shape (months,)
        Cost of the programme itself.
    prices : Prices
    purses : PurseInputs
        What agencies decide by.
    timeline : Timeline
        What every lever is set to, for the record of what moved.
    """

    place: str
    scenario: str
    first_month: str
    n_months: int
    run_in: int
    n_households: int
    households_present: NDArray[np.int64]
    services: tuple[str, ...]
    agencies: tuple[str, ...]
    tiers: tuple[str, ...]
    needs: Records
    lines: Records
    monthly: dict[str, NDArray[Any]]
    planned: Floats
    planned_slots: NDArray[np.int64]
    cases_per_post: Floats
    everyday: Everyday
    door: dict[str, Floats]
    take_up_frailty: float
    rehousing_most: float
    shocks: Floats
    accepted: Floats
    programme_pence: NDArray[np.int64]
    prices: Prices
    purses: PurseInputs
    timeline: Timeline


def build_inputs(
    place: Place,
    draw: Draw,
    scenario: Scenario,
    first_month: str = "2016-04",
    n_months: int = 120,
    run_in: int = 96,
    future: Future | None = None,
) -> Inputs:
    """Build the inputs of one world.

    Parameters
    ----------
    place : Place
        With the number of households to simulate.
    draw : Draw
        One set of beliefs.
    scenario : Scenario
    first_month : str
        First month of the run proper.
    n_months, run_in : int
        Months of the run proper, and of the run-in, in which all is as now.
    future : Future, optional
        Laid under the scenario: circumstances that no policy moves.

    Returns
    -------
    Inputs

    Raises
    ------
    ConfigError
        If the scenario moves what it may not, or before the start.
    RequestError
        If the planned budget does not add up.
    """
    draw = at_causal_share(draw)
    timeline = apply(draw, scenario, first_month, n_months, run_in, future)
    growth, _ = place_course(draw.book, future, first_month, n_months, run_in)
    start = month_number(first_month) - run_in
    present = households_present(place, place.n_households, start, run_in + n_months, growth)
    services = tuple(sorted(draw.book.services.values(), key=lambda service: service.code))
    prices = build_prices(draw, services)
    shocks = build_shocks(draw, timeline)
    everyday = build_everyday(draw, timeline, place)
    door = build_door(draw, timeline, everyday.noticing)
    needs = build_needs_table(draw, place, shocks, prices.residual_pence, everyday, door["noticing"])
    helped = _build_services(draw, services, timeline, place, prices, present, needs, everyday)
    return Inputs(
        place=place.id,
        scenario=scenario.id,
        first_month=first_month,
        n_months=n_months,
        run_in=run_in,
        n_households=place.n_households,
        households_present=present,
        services=tuple(service.name for service in services),
        agencies=tuple(service.agency for service in services),
        tiers=tuple(service.tier for service in services),
        needs=needs,
        everyday=everyday,
        door=door,
        take_up_frailty=draw.number_of("front_door.take_up_frailty"),
        rehousing_most=draw.number_of("housing.rehousing_most"),
        shocks=shocks,
        accepted=build_accepted(draw, timeline),
        programme_pence=_programme_pence(timeline, present),
        prices=prices,
        timeline=timeline,
        **helped,
    )


def _build_services(
    draw: Draw,
    services: tuple[Service, ...],
    timeline: Timeline,
    place: Place,
    prices: Prices,
    present: NDArray[np.int64],
    needs: Records,
    everyday: Everyday,
) -> dict[str, Any]:
    """Build the fields that service lines and the agencies that run them read."""
    log_ratios = build_log_ratios(draw, services)
    monthly = build_monthly(draw, services, timeline)
    monthly |= build_incentives(draw, services, timeline, needs, log_ratios)
    lines = build_lines(draw, services, monthly, log_ratios, prices)
    cases_per_post = _cases_per_post(draw, services, timeline)
    planned = _planned_posts(draw, services, timeline, place, prices, present)
    streams = draw.book.streams.values()
    run_by = (*(service.agency for service in services), *(_run_by(draw, stream) for stream in streams))
    central = at_causal_share(draw.book.draw())  # an agency knows what is published, not what is true
    gain = value_of_lines(
        services,
        prices,
        lines,
        build_hazards(central, place),
        build_log_ratios(central, services),
        cases_per_post[:, 0],
    )
    return {
        "lines": lines,
        "monthly": monthly,
        "planned": planned,
        "planned_slots": slots_of(planned, cases_per_post),
        "cases_per_post": cases_per_post,
        "purses": build_purses(draw, services, timeline, prices, gain, run_by, everyday.streams),
    }  # fmt: skip


def _run_by(draw: Draw, stream: Stream) -> str:
    """The payer that runs a stream's posts: whoever pays most of them."""
    shares = draw.numbers_of(f"{stream.path}.payers")
    return max(shares, key=lambda payer: shares[payer])


def _planned_posts(
    draw: Draw,
    services: tuple[Service, ...],
    timeline: Timeline,
    place: Place,
    prices: Prices,
    present: NDArray[np.int64],
) -> Floats:
    """Posts by plan, after any shift of money, shape (lines, months)."""
    staff = build_staff(draw, services, timeline, place, present)
    return plan_posts(
        staff,
        prices.pence_a_post[: len(services)].astype(np.float64),
        tuple(service.tier for service in services),
        timeline.numbers("budget.shift_to_early"),
        np.array([_shift_share(timeline, service.name, staff.shape[1]) for service in services]),
    )


def slots_of(posts: Floats, cases_per_post: Floats) -> NDArray[np.int64]:
    """Whole cases that posts can hold at once; a line with any post can hold one."""
    cases = posts * cases_per_post
    slots: NDArray[np.int64] = np.where(cases > 0.0, np.maximum(1, np.rint(cases)), 0).astype(np.int64)
    return slots


def _cases_per_post(draw: Draw, services: tuple[Service, ...], timeline: Timeline) -> Floats:
    """Cases that one post of each line can hold, month by month: a lever in some lines, a belief in others."""
    months = timeline.run_in + timeline.n_months
    found = np.zeros((len(services), months))
    fewer, _ = generalist_ratios(draw, timeline)
    for position, service in enumerate(services):
        name = f"services.{service.name}.cases_per_fte"
        if service.is_staffed:
            found[position] = timeline.numbers(name) if name in timeline else draw.number_of(name)
            if service.tier == "early":
                found[position] *= fewer
    return found


def _shift_share(timeline: Timeline, service: str, months: int) -> Floats:
    lever = f"services.{service}.shift_share"
    return timeline.numbers(lever) if lever in timeline else np.zeros(months)


def _programme_pence(timeline: Timeline, households: NDArray[np.int64]) -> NDArray[np.int64]:
    """Running cost every month, and set-up cost once, in the month in which its lever first rises."""
    running = timeline.numbers("programme.running_cost")
    set_up = timeline.numbers("programme.set_up_cost")
    rise = np.diff(set_up, prepend=0.0).clip(min=0.0)
    pence: NDArray[np.int64] = np.rint((running + rise) * 100.0 * households).astype(np.int64)
    return pence
