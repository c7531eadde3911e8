"""The handful of figures by which scenarios are compared, one number a run.

Cash and the value of activity are two accounts of the same events. They stand side by side and are never added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from demandsim.errors import Fault, RequestError
from demandsim.labels import COUNCIL

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

RUN_DIMS: Final = ("scenario", "draw", "replicate")
#: A labelled array may not bear the name of its own dimension, so these two are not called `state` and `outcome`.
STATE_MONTHS: Final = "state_months"
OUTCOME_VALUE: Final = "outcome_value"


@dataclass(frozen=True)
class Measure:
    """One comparable figure: what it is called, its unit, which way is better and how it is read from results."""

    name: str
    title: str
    unit: str
    read: Callable[[xr.Dataset], xr.DataArray]


def ran(results: xr.Dataset) -> xr.DataArray:
    """Whether each run succeeded (scenario, draw, replicate)."""
    if "status" not in results:
        raise RequestError(Fault("results", "There is no `status`, so failed runs cannot be told from good ones."))
    return results["status"] == 0


def succeeded(results: xr.Dataset, name: str) -> xr.DataArray:
    """A variable as floats, NaN where the run failed."""
    if name not in results:
        raise RequestError(Fault("results", f"There is no `{name}` in these results.", "Keep it in the study's cubes."))
    return results[name].astype(float).where(ran(results))


def total(values: xr.DataArray) -> xr.DataArray:
    """Sum over everything but the run; a failed run stays NaN."""
    return values.sum([dim for dim in values.dims if dim not in RUN_DIMS], skipna=False)


def months_waited(results: xr.Dataset, by_service: bool = False) -> xr.DataArray:
    """Mean months waited by those admitted; NaN where nobody was admitted."""
    # Activity is the largest array there is: take the two events and add up the months before anything else.
    events = results[["activity", "status"]].sel(event=["admitted", "wait_time"]).sum("month")
    counts = succeeded(events, "activity")
    if not by_service:
        counts = counts.sum("service", skipna=False)
    admitted = counts.sel(event="admitted", drop=True)
    return counts.sel(event="wait_time", drop=True) / admitted.where(admitted > 0)


def _account(name: str) -> Callable[[xr.Dataset], xr.DataArray]:
    return lambda results: total(succeeded(results, "cost").sel(account=name, drop=True))


def _council_cash(results: xr.Dataset) -> xr.DataArray:
    cash = succeeded(results, "cost").sel(account="cash", drop=True)
    here = [payer for payer in COUNCIL if payer in cash["payer"].values]
    return total(cash.sel(payer=here))


def _crisis(results: xr.Dataset) -> xr.DataArray:
    return total(succeeded(results, STATE_MONTHS).sel(state="crisis", drop=True))


#: In the order in which tables show them.
MEASURES: Final = (
    Measure("cash", "Cash, all agencies", "GBP", _account("cash")),
    Measure("council_cash", "Cash, the council", "GBP", _council_cash),
    Measure("activity_value", "Value of activity (not cash)", "GBP", _account("activity")),
    Measure("crisis_months", "Months in crisis", "household-months", _crisis),
    Measure("unmet_months", "Months of unmet need", "household-months", lambda r: total(succeeded(r, "unmet"))),
    Measure("months_waited", "Wait before help", "months", months_waited),
)
