"""The spiral link by link: fewer posts, longer waits, more need, and how much of what was saved comes back as cost.

Takes results; gives how each scenario differs from the first in its last year, when most cuts are in force. Never says
that a link carries an effect: each is what the runs counted, and may as well show nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from demandsim.comparison.drift import EARLY_TIERS
from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.measures import STATE_MONTHS, succeeded
from demandsim.comparison.meta import Meta, read_meta
from demandsim.comparison.paired import LUCK
from demandsim.errors import Fault, RequestError
from demandsim.quantities import MONTHS_PER_YEAR

if TYPE_CHECKING:
    import xarray as xr

Runs = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

#: Where posts that are no duty are paid, and so where cuts save.
SAVES: Final = ("early", "targeted", "work")
#: What demand leads a purse to pay: where savings come back, if they do.
RETURNS: Final = ("crisis", "living", "answering", "income")
#: Events of early services, then states of need, in the order in which the argument links them.
EVENTS_EARLY: Final = ("referral", "admitted", "lapsed", "list_time")
LINKS: Final = (*EVENTS_EARLY, "months_waited", "severe_months", "crisis_months")
#: Savings under this share of all spending are too small to divide by.
_LEAST_SAVED: Final = 0.001


@dataclass(frozen=True, eq=False)
class Spiral:
    """How scenarios differ from the first in the last year.

    Attributes
    ----------
    spent : xarray.DataArray
        GBP of cash-limited purses over scenario, draw, replicate and part (``SAVES`` and ``RETURNS``); NaN where the
        run failed. Income is below 0.
    counted : xarray.DataArray
        Counts over scenario, draw, replicate and link (``LINKS``).
    year : str
        The fiscal year they are of.
    meta : Meta
    """

    spent: xr.DataArray
    counted: xr.DataArray
    year: str
    meta: Meta

    @property
    def baseline(self) -> str:
        """Id of the scenario that others are compared with."""
        return str(self.spent["scenario"].values[0])

    @property
    def others(self) -> list[str]:
        """Ids of the scenarios compared with it."""
        return [str(name) for name in self.spent["scenario"].values[1:]]

    def beyond(self, scenario: str, *parts: str) -> Estimate:
        """Spending on some parts beyond the first scenario's, run by run."""
        return summarise(self._beyond(scenario, parts)[None], "GBP")[0]

    def comes_back(self, scenario: str, *parts: str) -> Estimate:
        """Spending on some parts beyond the first scenario's, for each pound that posts cost less on average.

        NaN where that is under a thousandth of all spending, or not told apart from nothing by these runs.
        """
        saved = -self._beyond(scenario, SAVES)
        usual = summarise(saved[None], "GBP")[0]
        outgoings = self.spent.sel(scenario=self.baseline).drop_sel(part="income").sum("part")
        least = np.nanmax([_LEAST_SAVED * float(outgoings.mean()), 2.0 * usual.standard_error])
        back = self._beyond(scenario, parts) / (usual.mean if usual.mean > least else np.nan)
        return summarise(back[None], "GBP for each GBP")[0]

    def link(self, scenario: str, link: str) -> Estimate:
        """Change of one link against its mean in the first scenario, run by run, as a share."""
        first = _rows(self.counted.sel(scenario=self.baseline, link=link))
        here = _rows(self.counted.sel(scenario=scenario, link=link))
        usual = np.nanmean(first) if np.isfinite(first).any() else np.nan
        return summarise(((here - first) / (usual if usual > 0.0 else np.nan))[None], "share")[0]

    def _beyond(self, scenario: str, parts: Iterable[str]) -> Runs:
        spent = self.spent.sel(part=list(parts)).sum("part", skipna=False)
        return _rows(spent.sel(scenario=scenario)) - _rows(spent.sel(scenario=self.baseline))


def measure_spiral(results: xr.Dataset, payers: Iterable[str]) -> Spiral:
    """Measure each link in the last year of the results.

    Parameters
    ----------
    results : xarray.Dataset
        Results of two scenarios or more; the first is what others are compared with.
    payers : iterable of str
        Whose cash counts: those of cash-limited purses.

    Raises
    ------
    RequestError
        If there is one scenario only.
    """
    if results.sizes["scenario"] < 2:
        raise RequestError(Fault("spiral", "There is one scenario only.", "Run a study that compares two or more."))
    meta, limited = read_meta(results), set(payers)
    cash = succeeded(results[["cost", "status"]].isel(year=-1), "cost").sel(account="cash", drop=True)
    cash = cash.sel(payer=[name for name in map(str, cash["payer"].values) if name in limited])
    return Spiral(
        spent=_by_part(meta, cash.sum("payer", skipna=False)),
        counted=_count_links(results, meta),
        year=str(results["year"].values[-1]),
        meta=meta,
    )


def part_of(meta: Meta, category: str) -> str:
    """What part of spending a category of cost is, of ``SAVES`` and ``RETURNS``; empty for the programme."""
    kind = meta.kind(category)
    if kind == "everyday":
        return {"work": "work", "contact": "answering", "income": "income"}[category.rpartition("_")[2]]
    return "early" if kind in EARLY_TIERS else kind if kind in (*SAVES, *RETURNS) else ""


def _by_part(meta: Meta, cash: xr.DataArray) -> xr.DataArray:
    import xarray as xr

    categories = [str(name) for name in cash["category"].values]
    parts = [
        cash.sel(category=[name for name in categories if part_of(meta, name) == part]).sum("category", skipna=False)
        for part in (*SAVES, *RETURNS)
    ]
    return xr.concat(parts, xr.DataArray([*SAVES, *RETURNS], dims="part", name="part"))


def _count_links(results: xr.Dataset, meta: Meta) -> xr.DataArray:
    import xarray as xr

    early = [name for name in map(str, results["service"].values) if meta.services[name]["tier"] in EARLY_TIERS]
    asked = {"service": early, "event": [*EVENTS_EARLY, "wait_time"]}
    recent = results[["activity", "status"]].isel(month=slice(-MONTHS_PER_YEAR, None)).sel(asked).sum("month")
    events = succeeded(recent, "activity").sum("service", skipna=False)
    admitted = events.sel(event="admitted", drop=True)
    waited = events.sel(event="wait_time", drop=True) / admitted.where(admitted > 0)
    states = succeeded(results[[STATE_MONTHS, "status"]].isel(year=-1), STATE_MONTHS).sum(
        ["area", "need"], skipna=False
    )
    severe = states.sel(state=["complex", "crisis"]).sum("state", skipna=False)
    counts = [*(events.sel(event=event, drop=True) for event in EVENTS_EARLY), waited, severe]
    counts.append(states.sel(state="crisis", drop=True))
    return xr.concat(counts, xr.DataArray(list(LINKS), dims="link", name="link"), coords="minimal", compat="override")


def _rows(values: xr.DataArray) -> Runs:
    return np.asarray(values.transpose(*LUCK).values)
