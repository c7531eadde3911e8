"""A target for preventions, told apart: what is counted, what would have come about anyway, and what was averted.

Takes results with and without a service line on the same luck; gives rates per 1,000 households and year. Every
success that a service counts is either effect (something that happens without the line and not with it) or
deadweight; which of the two no service can see, because it never sees the other world.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from demandsim.comparison.estimate import Estimate, summarise, summarise_ratio
from demandsim.comparison.measures import OUTCOME_VALUE, STATE_MONTHS, succeeded
from demandsim.comparison.paired import LUCK
from demandsim.comparison.share_of_runs import ShareOfRuns, share_of_runs
from demandsim.quantities import MONTHS_PER_YEAR

if TYPE_CHECKING:
    import xarray as xr

#: The event by which a line's own records would count at the most.
_ENDED: Final = "completed"


@dataclass(frozen=True)
class PreventionAnswer:
    """Preventions as counted, and as they are.

    Attributes
    ----------
    ended : Estimate
        Cases that ran their length, whatever came of them, per 1,000 households and year.
    counted : Estimate
        Successes among them, in the same unit.
    averted : Estimate
        How much lower the averted outcome is with the line than without it, in the same unit.
    deadweight : Estimate
        Share of what is counted that would have come about anyway; may be below nought where luck outweighs it.
    crisis_months : Estimate
        Months that households spend in crisis of the same need, averted per success counted.
    reached, reached_by_ended : ShareOfRuns
        Runs in which at least the target is counted; and in which it would be if every case that ended were a success.
    """

    ended: Estimate
    counted: Estimate
    averted: Estimate
    deadweight: Estimate
    crisis_months: Estimate
    reached: ShareOfRuns
    reached_by_ended: ShareOfRuns


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
    events = results[["activity", "status"]].sel(event=list(dict.fromkeys((event, _ENDED))), service=service)
    years = results.sizes["month"] / MONTHS_PER_YEAR
    thousands = float(results.attrs["n_households"]) / 1_000.0
    counts = succeeded(events, "activity").sum("month", skipna=False).sel(scenario=now, drop=True)
    successes = counts.sel(event=event, drop=True)
    counted, ended = successes / years / thousands, counts.sel(event=_ENDED, drop=True) / years / thousands
    rate = succeeded(results, OUTCOME_VALUE).sel(outcome=averted).mean("year", skipna=False)
    fewer = rate.sel(scenario=without, drop=True) - rate.sel(scenario=now, drop=True)
    crisis = succeeded(results, STATE_MONTHS).sel(need=need, state="crisis").sum(["area", "year"], skipna=False)
    months = crisis.sel(scenario=without, drop=True) - crisis.sel(scenario=now, drop=True)
    return PreventionAnswer(
        ended=_one(ended, "per 1,000 households per year"),
        counted=_one(counted, "per 1,000 households per year"),
        averted=_one(fewer, "per 1,000 households per year"),
        deadweight=_per(counted - fewer, counted, "share"),
        crisis_months=_per(months, successes, "household-months"),
        reached=share_of_runs(counted, target),
        reached_by_ended=share_of_runs(ended, target),
    )


def _per(part: xr.DataArray, whole: xr.DataArray, unit: str) -> Estimate:
    return summarise_ratio(part.transpose(*LUCK).values, whole.transpose(*LUCK).values, unit)


def _one(values: xr.DataArray, unit: str) -> Estimate:
    return summarise(values.transpose(*LUCK).values[None], unit)[0]
