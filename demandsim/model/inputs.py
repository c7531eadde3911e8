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
from demandsim.model.line_inputs import build_lines, build_monthly, build_staff
from demandsim.model.need_inputs import build_needs_table, build_shocks
from demandsim.model.prices import build_prices
from demandsim.parameters.descriptors import Service
from demandsim.parameters.drawing import Draw
from demandsim.place import Place
from demandsim.policy.scenario import Scenario
from demandsim.policy.timeline import Timeline, apply
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
        Households simulated.
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
    detection, arrival : ndarray, shape (months,)
    take_up_frailty, take_up_trust : float
    shocks : ndarray, shape (7, months)
    programme_pence : ndarray of int64, shape (months,)
        Cost of the programme itself.
    prices : Prices
    timeline : Timeline
        What every lever is set to, for the record of what moved.
    """

    place: str
    scenario: str
    first_month: str
    n_months: int
    run_in: int
    n_households: int
    services: tuple[str, ...]
    agencies: tuple[str, ...]
    tiers: tuple[str, ...]
    needs: Records
    lines: Records
    monthly: dict[str, NDArray[Any]]
    planned: Floats
    planned_slots: NDArray[np.int64]
    cases_per_post: Floats
    detection: Floats
    arrival: Floats
    take_up_frailty: float
    take_up_trust: float
    shocks: Floats
    programme_pence: NDArray[np.int64]
    prices: Prices
    timeline: Timeline


def build_inputs(
    place: Place,
    draw: Draw,
    scenario: Scenario,
    first_month: str = "2016-04",
    n_months: int = 120,
    run_in: int = 96,
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
    timeline = apply(draw, scenario, first_month, n_months, run_in)
    services = tuple(sorted(draw.book.services.values(), key=lambda service: service.code))
    shocks = build_shocks(draw, timeline)
    prices = build_prices(draw, services)
    posts = _planned_posts(draw, services, timeline, place, prices)
    cases_per_post = np.array([_cases_per_post(draw, timeline, service) for service in services])
    monthly = build_monthly(draw, services, timeline)
    needs = build_needs_table(draw, place, shocks, prices.residual_pence)
    return Inputs(
        place=place.id,
        scenario=scenario.id,
        first_month=first_month,
        n_months=n_months,
        run_in=run_in,
        n_households=place.n_households,
        services=tuple(service.name for service in services),
        agencies=tuple(service.agency for service in services),
        tiers=tuple(service.tier for service in services),
        needs=needs,
        lines=build_lines(draw, services, monthly, prices),
        monthly=monthly,
        planned=posts,
        planned_slots=slots_of(posts, cases_per_post),
        cases_per_post=cases_per_post,
        detection=_by_mode(draw, timeline, "front_door.detection"),
        arrival=_by_mode(draw, timeline, "front_door.arrival"),
        take_up_frailty=draw.number_of("front_door.take_up_frailty"),
        take_up_trust=draw.number_of("front_door.take_up_trust"),
        shocks=shocks,
        programme_pence=_programme_pence(timeline, place.n_households),
        prices=prices,
        timeline=timeline,
    )


def _planned_posts(
    draw: Draw, services: tuple[Service, ...], timeline: Timeline, place: Place, prices: Prices
) -> Floats:
    """Posts by plan, after any shift of money, shape (lines, months)."""
    staff = build_staff(draw, services, timeline, place)
    return plan_posts(
        staff,
        prices.pence_a_post.astype(np.float64),
        tuple(service.tier for service in services),
        timeline.numbers("budget.shift_to_early"),
        np.array([_shift_share(timeline, service.name, staff.shape[1]) for service in services]),
    )


def slots_of(posts: Floats, cases_per_post: Floats) -> NDArray[np.int64]:
    """Whole cases that posts can hold at once; a line with any post can hold one."""
    cases = posts * cases_per_post
    slots: NDArray[np.int64] = np.where(cases > 0.0, np.maximum(1, np.rint(cases)), 0).astype(np.int64)
    return slots


def _cases_per_post(draw: Draw, timeline: Timeline, service: Service) -> Floats:
    """Cases one post can hold, month by month: a lever in some lines, a belief in others."""
    months = timeline.run_in + timeline.n_months
    name = f"services.{service.name}.cases_per_fte"
    if not service.is_staffed:
        return np.zeros(months)
    return timeline.numbers(name) if name in timeline else np.full(months, draw.number_of(name))


def _shift_share(timeline: Timeline, service: str, months: int) -> Floats:
    lever = f"services.{service}.shift_share"
    return timeline.numbers(lever) if lever in timeline else np.zeros(months)


def _by_mode(draw: Draw, timeline: Timeline, name: str) -> Floats:
    """A probability of the front door, month by month, as its mode has it."""
    by_mode = {mode: draw.number_of(f"{name}.{mode}") for mode in ("silo", "single")}
    return np.array([by_mode[mode] for mode in timeline.names("front_door.mode")])


def _programme_pence(timeline: Timeline, households: int) -> NDArray[np.int64]:
    """Running cost every month, and set-up cost once, in the month in which its lever first rises."""
    running = timeline.numbers("programme.running_cost")
    set_up = timeline.numbers("programme.set_up_cost")
    rise = np.diff(set_up, prepend=0.0).clip(min=0.0)
    pence: NDArray[np.int64] = np.rint((running + rise) * 100.0 * households).astype(np.int64)
    return pence
