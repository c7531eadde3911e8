"""What services would count as success, and what is fewer because of them: deadweight as the model implies it.

Takes a comparison; gives, by need, extra successes counted at the end of help and the months with the need that are
really fewer. No share is taken off any gain: the model runs both worlds, so what would have come about anyway is in
neither difference. The share is shown only for whoever would count successes and take each for a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from demandsim.comparison.estimate import Estimate
from demandsim.comparison.measures import succeeded
from demandsim.comparison.paired import LUCK
from demandsim.comparison.worth import Ratio, Runs, ratio_of
from demandsim.labels import NEEDS
from demandsim.quantities import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

    from demandsim.comparison.paired import Comparison


@dataclass(frozen=True)
class Deadweight:
    """One need.

    Parameters
    ----------
    need : str
    counted : Estimate
        Extra cases of the lines that finish more of them, ended with the need below the state at which they open.
    averted : Estimate
        Household-months with the need that are fewer, over the years simulated.
    kept : Ratio
        Months averted for each month claimed, if each success counted stood for a year without the need. One less this
        would have come about anyway, did not last, or came to somebody else's cost.
    """

    need: str
    counted: Estimate
    averted: Estimate
    kept: Ratio


def count_deadweight(comparison: Comparison, runs: Runs, months: Callable[[str], xr.DataArray]) -> list[Deadweight]:
    """Tell what is counted from what is averted, for each need of which more successes are counted.

    Parameters
    ----------
    comparison : Comparison
    runs : Runs
    months : callable
        Difference in household-months with a need, by year.
    """
    results = comparison.results[["activity", "status"]]
    if not {"completed", "recovered"} <= set(map(str, results["event"].values)):
        return []
    events = succeeded(results.sel(event=["completed", "recovered"]).sum("month"), "activity")
    here, there = (events.sel(scenario=one, drop=True) for one in (comparison.scenario, comparison.against))
    extra = (here - there).transpose("event", "service", *LUCK)
    completed, recovered = (extra.sel(event=event).values[:, runs.ran] for event in ("completed", "recovered"))
    first_need = [
        next(iter(comparison.meta.services.get(str(name), {}).get("needs", [])), "") for name in extra["service"].values
    ]
    found = []
    for need in NEEDS:
        lines = [at for at, own in enumerate(first_need) if own == need and completed[at].mean() > 0.0]
        counted = recovered[lines].sum(axis=0)
        if not lines or counted.mean() <= 0.0:
            continue
        averted = -np.asarray(months(need).sum("year", skipna=False).transpose(*LUCK).values[runs.ran])
        found.append(
            Deadweight(
                need,
                runs.estimate(counted, "cases"),
                runs.estimate(averted, "household-months"),
                ratio_of(averted, MONTHS_PER_YEAR * counted),
            )
        )
    return found
