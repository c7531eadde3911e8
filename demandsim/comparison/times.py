"""How a place fares in each future if it goes on as now: who comes and goes, and what need and cost become.

Takes results by future; gives levels of the first scenario, in figures that do not depend on how many households are
simulated, and what differs from the first future, run by run. Never compares policies, and never counts a run that
failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.measures import STATE_MONTHS, months_waited, succeeded
from demandsim.comparison.paired import LUCK
from demandsim.labels import ESTABLISHED, STATES
from demandsim.quantities import MONTHS_PER_YEAR

if TYPE_CHECKING:
    import xarray as xr

_PER_1000: Final = 1_000.0
#: How a case may end.
_ENDS: Final = ("completed", "dropped_out", "left_area")


@dataclass(frozen=True)
class Fare:
    """One future under the study's first scenario.

    Attributes
    ----------
    growth : Estimate
        Households of the last year against those of the first, less 1.
    left : Estimate or None
        Households that move away or die out, for each that lives there and year; none where the study did not keep it.
    carried : Estimate or None
        Needs at established or worse that leave with them, for a thousand households and a year.
    ties_cut : Estimate
        Share of the cases that end which end because the household leaves.
    crisis : Estimate
        Months in crisis for a thousand households and a year, all needs.
    more_crisis : Estimate
        The same less that of the first future, run by run: the same beliefs and luck.
    waited : Estimate
        Months waited by those admitted.
    cash : Estimate
        Pounds of all agencies for each household and year.
    """

    growth: Estimate
    left: Estimate | None
    carried: Estimate | None
    ties_cut: Estimate
    crisis: Estimate
    more_crisis: Estimate
    waited: Estimate
    cash: Estimate


def describe_times(futures: Mapping[str, xr.Dataset]) -> dict[str, Fare]:
    """Describe every future.

    Raises
    ------
    RequestError
        Where results lack what this is read from.
    """
    as_now = {name: results.isel(scenario=slice(0, 1)) for name, results in futures.items()}
    crisis = {name: _crisis(results) for name, results in as_now.items()}
    first = next(iter(crisis.values()))
    return {name: _describe(results, crisis[name], first) for name, results in as_now.items()}


def _describe(results: xr.Dataset, crisis: xr.DataArray, first: xr.DataArray) -> Fare:
    months = succeeded(results, STATE_MONTHS)
    lived = _sum(months.isel(need=0, drop=True), "year")  # every need is in some state in every month lived
    household_years = _sum(lived) / MONTHS_PER_YEAR
    left = carried = None
    if "exported" in results:
        gone = succeeded(results, "exported")
        left = _estimate(_sum(gone.isel(need=0, drop=True)) / household_years, "share")
        worse = gone.sel(state=[state for state in STATES[ESTABLISHED:] if state in gone["state"].values])
        carried = _estimate(_sum(worse) / household_years * _PER_1000, "needs")
    ended = _sum(succeeded(results, "activity").sel(event=list(_ENDS)), "event")
    return Fare(
        growth=_estimate(lived.isel(year=-1) / lived.isel(year=0) - 1.0, "share"),
        left=left,
        carried=carried,
        ties_cut=_estimate(ended.sel(event="left_area") / ended.sum("event", skipna=False), "share"),
        crisis=_estimate(crisis, "household-months"),
        more_crisis=_estimate(crisis - first, "household-months"),
        waited=_estimate(months_waited(results), "months"),
        cash=_estimate(_sum(succeeded(results, "cost").sel(account="cash")) / household_years, "GBP"),
    )


def _crisis(results: xr.Dataset) -> xr.DataArray:
    """Months in crisis for a thousand households and a year."""
    months = succeeded(results, STATE_MONTHS)
    lived = _sum(months.isel(need=0, drop=True))
    return _sum(months.sel(state="crisis")) / lived * MONTHS_PER_YEAR * _PER_1000


def _sum(values: xr.DataArray, *kept: str) -> xr.DataArray:
    """Sum over everything but the run and what is kept."""
    return values.sum([dim for dim in values.dims if dim not in ("scenario", *LUCK, *kept)], skipna=False)


def _estimate(values: xr.DataArray, unit: str) -> Estimate:
    return summarise(values.isel(scenario=0, drop=True).transpose(*LUCK).values[None], unit)[0]
