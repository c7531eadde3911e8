"""A target for preventions, told apart: what is counted, what would have come about anyway, and what was averted.

Takes results with and without a service line on the same luck; gives rates per 1,000 households and year. Every
success that a service counts is either effect (something that happens without the line and not with it) or
deadweight; which of the two no service can see, because it never sees the other world.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.measures import OUTCOME_VALUE, STATE_MONTHS, months_waited, succeeded
from demandsim.comparison.paired import LUCK
from demandsim.comparison.share_of_runs import ShareOfRuns, share_of_runs
from demandsim.quantities import MONTHS_PER_YEAR, WEEKS_PER_MONTH

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class PreventionAnswer:
    """Preventions as counted, and as they are.

    Attributes
    ----------
    counted : Estimate
        Successes that the line counts, per 1,000 households and year.
    averted : Estimate
        How much lower the averted outcome is with the line than without it, in the same unit.
    deadweight : Estimate
        Share of what is counted that would have come about anyway; may be below nought where luck outweighs it.
    crisis_months : Estimate
        Months that households spend in crisis of the same need, averted per success counted.
    reached : ShareOfRuns
        Runs in which at least the target is counted.
    """

    counted: Estimate
    averted: Estimate
    deadweight: Estimate
    crisis_months: Estimate
    reached: ShareOfRuns


def answer_prevention(
    results: xr.Dataset, service: str, event: str, averted: str, without: str, need: str, target: float
) -> PreventionAnswer:
    """Tell effect from deadweight.

    Parameters
    ----------
    results : xarray.Dataset
        The first scenario has the line, ``without`` has not.
    service, event : str
        The line, and the event that it counts as a success.
    averted : str
        An outcome in "per 1,000 households per year".
    need : str
        Whose months in crisis are reported.
    target : float
        Successes per 1,000 households and year.
    """
    now = str(results["scenario"].values[0])
    events = results[["activity", "status"]].sel(event=event, service=service)
    years = results.sizes["month"] / MONTHS_PER_YEAR
    thousands = float(results.attrs["n_households"]) / 1_000.0
    successes = succeeded(events, "activity").sum("month", skipna=False).sel(scenario=now, drop=True)
    counted = successes / years / thousands
    rate = succeeded(results, OUTCOME_VALUE).sel(outcome=averted).mean("year", skipna=False)
    fewer = rate.sel(scenario=without, drop=True) - rate.sel(scenario=now, drop=True)
    crisis = succeeded(results, STATE_MONTHS).sel(need=need, state="crisis").sum(["area", "year"], skipna=False)
    months = crisis.sel(scenario=without, drop=True) - crisis.sel(scenario=now, drop=True)
    some = successes.where(successes > 0)
    return PreventionAnswer(
        counted=_one(counted, "per 1,000 households per year"),
        averted=_one(fewer, "per 1,000 households per year"),
        deadweight=_one(1 - fewer / counted.where(counted > 0), "share"),
        crisis_months=_one(months / some, "household-months"),
        reached=share_of_runs(counted, target),
    )


@dataclass(frozen=True)
class WaitAnswer:
    """Mean weeks waited by those admitted to a line, and the runs in which it is no longer than the target."""

    weeks: Estimate
    reached: ShareOfRuns


def answer_wait(results: xr.Dataset, service: str, target_weeks: float) -> WaitAnswer:
    """How long people wait for a line as now, beside a target in weeks."""
    now = str(results["scenario"].values[0])
    weeks = months_waited(results, by_service=True).sel(scenario=now, service=service) * WEEKS_PER_MONTH
    return WaitAnswer(_one(weeks, "weeks"), share_of_runs(-weeks, -target_weeks))


def _one(values: xr.DataArray, unit: str) -> Estimate:
    return summarise(values.transpose(*LUCK).values[None], unit)[0]
