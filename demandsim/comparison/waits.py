"""A target for a wait: how long people wait as now, what more posts make of it, and what they cost.

Takes results of worlds in which a line has more posts; gives weeks, in one year. A plan seldom says where the clock
stops, so the wait until help begins and the time until it is over are both told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.measures import succeeded
from demandsim.comparison.paired import LUCK
from demandsim.comparison.share_of_runs import ShareOfRuns, share_of_runs
from demandsim.labels import COUNCIL
from demandsim.quantities import MONTHS_PER_YEAR, WEEKS_PER_MONTH, fiscal_year, month_number

if TYPE_CHECKING:
    import xarray as xr

_EVENTS = ("admitted", "wait_time", "case_time", "waiting")


@dataclass(frozen=True)
class Waited:
    """A line's list under one scenario, in the year asked about.

    Attributes
    ----------
    scenario : str
    posts : float
        Posts that are paid, of the whole place, at the central belief; posts are paid whether used or not, so their
        number goes with the cost.
    weeks : Estimate
        Mean weeks on the list, of those whose help began in the year; runs in which nobody's did are left out.
    weeks_to_end : Estimate
        The same and the time that help takes.
    in_time : Estimate
        Share of them whose help began in a month in which the mean wait was within the target.
    begun, listed : Estimate
        How many began in the year, and how many are on the list at a time; of the whole place.
    cost : Estimate
        The council's cash for the line, GBP in the prices wanted, of the whole place.
    reached, reached_to_end : ShareOfRuns
        Runs in which the mean wait, and the mean time until help is over, are within the target.
    """

    scenario: str
    posts: float
    weeks: Estimate
    weeks_to_end: Estimate
    in_time: Estimate
    begun: Estimate
    listed: Estimate
    cost: Estimate
    reached: ShareOfRuns
    reached_to_end: ShareOfRuns


@dataclass(frozen=True)
class WaitAnswer:
    """A target in weeks beside the list as now, and beside lists with more posts, the fewest first."""

    year: str
    target: float
    now: Waited
    tried: tuple[Waited, ...]

    @property
    def enough(self) -> Waited | None:
        """The cheapest world in which the mean of the runs is within the target; None where there is none."""
        return next((one for one in (self.now, *self.tried) if one.weeks.mean <= self.target), None)


def answer_wait(
    results: xr.Dataset,
    service: str,
    target_weeks: float,
    scenarios: Sequence[str] = (),
    year: str = "",
    price_factor: float = 1.0,
    posts_now: float = float("nan"),
) -> WaitAnswer:
    """Read a line's wait as now and under each scenario.

    Parameters
    ----------
    results : xarray.Dataset
        The first scenario is as now.
    service : str
        A line with posts.
    target_weeks : float
    scenarios : sequence of str
        Worlds in which the line has more posts.
    year : str
        Fiscal year; the last of the results where it is empty.
    price_factor : float
        What money of the results is multiplied by to be in the prices wanted.
    posts_now : float
        Posts of the line in the whole place as now.
    """
    year = year or str(results["year"].values[-1])
    names = [str(results["scenario"].values[0]), *scenarios]
    found = [_waited(results, name, service, target_weeks, year, price_factor) for name in names]
    cost_now = found[0].cost.mean
    now, *tried = (
        replace(one, posts=posts_now * one.cost.mean / cost_now if cost_now > 0 else posts_now) for one in found
    )
    return WaitAnswer(year, target_weeks, now, tuple(sorted(tried, key=lambda one: one.cost.mean)))


def _waited(results: xr.Dataset, scenario: str, service: str, target: float, year: str, price_factor: float) -> Waited:
    months = [month for month in results["month"].values if fiscal_year(month_number(str(month))) == year]
    # Activity is the largest array there is: take what is needed before anything else.
    few = results[["activity", "status"]].sel(scenario=[scenario], service=service, event=list(_EVENTS), month=months)
    monthly = succeeded(few, "activity").sel(scenario=scenario)
    counts = monthly.sum("month", skipna=False)
    begun, begun_monthly = counts.sel(event="admitted"), monthly.sel(event="admitted")
    some = begun.where(begun > 0)
    weeks = counts.sel(event="wait_time") / some * WEEKS_PER_MONTH
    to_end = weeks + counts.sel(event="case_time") / some * WEEKS_PER_MONTH
    is_in_time = monthly.sel(event="wait_time") * WEEKS_PER_MONTH <= target * begun_monthly
    in_time = begun_monthly.where(is_in_time, 0.0).sum("month") / some
    whole = float(results.attrs["n_households_full"]) / float(results.attrs["n_households"])
    cash = succeeded(results, "cost").sel(scenario=scenario, account="cash", category=service, year=year)
    cash = cash.sel(payer=[payer for payer in COUNCIL if payer in cash["payer"].values]).sum("payer", skipna=False)
    return Waited(
        scenario=scenario,
        posts=float("nan"),
        weeks=_one(weeks, "weeks"),
        weeks_to_end=_one(to_end, "weeks"),
        in_time=_one(in_time, "share"),
        begun=_one(begun * whole, "cases"),
        listed=_one(counts.sel(event="waiting") * whole / MONTHS_PER_YEAR, "cases"),
        cost=_one(cash * whole * price_factor, "GBP"),
        reached=share_of_runs(-weeks, -target),
        reached_to_end=share_of_runs(-to_end, -target),
    )


def _one(values: xr.DataArray, unit: str) -> Estimate:
    return summarise(values.transpose(*LUCK).values[None], unit)[0]
