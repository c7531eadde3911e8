"""How spending drifts from early help to crisis, by scenario and year.

Takes results; gives what cash-limited purses spend on early and on late help, and the early share, with their spread.
Never tests the drift against official figures: grants, definitions and much else moved those too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.measures import ran, succeeded
from demandsim.comparison.meta import Meta, read_meta
from demandsim.comparison.paired import LUCK
from demandsim.errors import Fault, RequestError

if TYPE_CHECKING:
    import xarray as xr

    from demandsim.parameters.book import Book

EARLY_TIERS: Final = ("universal", "early")
SIDES: Final = ("early", "late")
#: Attributes of results that say how much of the place their figures are for.
_SIZE: Final = ("n_households", "n_households_full", "scaled_to_place")


@dataclass(frozen=True, eq=False)
class Drift:
    """Cash on early and late help.

    Attributes
    ----------
    spent : xarray.DataArray
        GBP over scenario, draw, replicate, side (early, late) and year; NaN where the run failed. Its attributes say
        how much of the place was simulated.
    meta : Meta
    purses : xarray.DataArray or None
        GBP over scenario, draw, replicate, purse, purse_item and year: what each April found; None where not kept.
    """

    spent: xr.DataArray
    meta: Meta
    purses: xr.DataArray | None = None

    @property
    def scenarios(self) -> list[str]:
        """Ids, the first the one that others are compared with."""
        return [str(name) for name in self.spent["scenario"].values]

    @property
    def years(self) -> list[str]:
        """Fiscal years."""
        return [str(year) for year in self.spent["year"].values]

    def spending(self, scenario: str, side: str) -> list[Estimate]:
        """Spending on one side, year by year."""
        return summarise(_rows(self.spent.sel(scenario=scenario, side=side)), "GBP")

    def share(self, scenario: str) -> list[Estimate]:
        """Early spending as a share of early and late, year by year."""
        return summarise(_rows(self._share().sel(scenario=scenario)), "share")

    def change(self, scenario: str) -> Estimate:
        """How much the early share differs between the last and the first year; below nought is a drift to late."""
        return summarise(self._change(scenario)[None], "share")[0]

    def beyond(self, scenario: str) -> Estimate:
        """How much more it changes than in the first scenario, run by run."""
        return summarise((self._change(scenario) - self._change(self.scenarios[0]))[None], "share")[0]

    def late_change(self, scenario: str) -> Estimate:
        """How much late spending differs between the last and the first year, as a share of the first year's."""
        late = _rows(self.spent.sel(scenario=scenario, side="late"))
        return summarise((late[-1] / np.where(late[0] > 0.0, late[0], np.nan) - 1.0)[None], "share")[0]

    def purse(self, scenario: str, purse: str, item: str) -> Estimate:
        """What a purse's Aprils found of one item, over all years."""
        assert self.purses is not None
        return summarise(_rows(self.purses.sel(scenario=scenario, purse=purse, purse_item=item)).sum(0)[None], "GBP")[0]

    def reserves_left(self, scenario: str, purse: str) -> Estimate:
        """What a purse had in hand in its last April."""
        assert self.purses is not None
        found = self.purses.sel(scenario=scenario, purse=purse, purse_item="reserves")
        return summarise(_rows(found)[-1][None], "GBP")[0]

    def purses_that_cut(self) -> list[str]:
        """Purses that let posts go, or took some back, in any run."""
        assert self.purses is not None
        cut = self.purses.sel(purse_item="cut")
        return [str(name) for name in cut["purse"].values if bool(np.nan_to_num(cut.sel(purse=name).values).any())]

    def _share(self) -> xr.DataArray:
        whole = self.spent.sum("side", skipna=False)
        return self.spent.sel(side="early", drop=True) / whole.where(whole > 0.0)

    def _change(self, scenario: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        rows = _rows(self._share().sel(scenario=scenario))
        return np.asarray(rows[-1] - rows[0])


def measure_drift(results: xr.Dataset, payers: Iterable[str], agencies: Sequence[str] = ()) -> Drift:
    """Measure early and late spending.

    Parameters
    ----------
    results : xarray.Dataset
        Results of a study of two years or more.
    payers : iterable of str
        Whose cash counts: those of cash-limited purses.
    agencies : sequence of str
        Only services that these run; all by default.

    Notes
    -----
    Early is what universal and early services cost, late what targeted and crisis services cost, places that demand
    leads agencies to buy included. What need costs besides services, the programme and contact are in neither.

    Raises
    ------
    RequestError
        If there is one year only, every run failed, or there is no service on either side.
    """
    import xarray as xr

    meta = read_meta(results)
    if results.sizes["year"] < 2:
        raise RequestError(Fault("drift", "One year shows no drift.", "Run the study for two years or more."))
    if not bool(ran(results).any()):
        raise RequestError(Fault("drift", "Every run failed.", "Run the study again: `demandsim run` tries them anew."))
    cash = succeeded(results, "cost").sel(account="cash", drop=True)
    known = [str(payer) for payer in cash["payer"].values]
    cash = cash.sel(payer=[payer for payer in known if payer in set(payers)]).sum("payer", skipna=False)
    sides = {side: _services(meta, cash, side, agencies) for side in SIDES}
    if not all(sides.values()):
        absent = " or ".join(side for side, services in sides.items() if not services)
        raise RequestError(Fault("drift", f"There is no {absent} service.", "Ask for more agencies."))
    spent = [cash.sel(category=services).sum("category", skipna=False) for services in sides.values()]
    purses = succeeded(results, "purses") if "purses" in results else None
    both = xr.concat(spent, xr.DataArray(list(SIDES), dims="side", name="side"))
    both.attrs = {name: results.attrs[name] for name in _SIZE if name in results.attrs}
    return Drift(both, meta, purses)


def limited_payers(book: Book) -> tuple[str, ...]:
    """Payers whose purse is cash-limited: those that may have to cut."""
    return tuple(payer for purse in book.agencies.values() if purse.cash_limited for payer in purse.payers)


def _services(meta: Meta, cash: xr.DataArray, side: str, agencies: Sequence[str]) -> list[str]:
    """Categories that are services of one side."""
    return [
        name
        for name in (str(category) for category in cash["category"].values)
        if name in meta.services
        and (meta.services[name]["tier"] in EARLY_TIERS) == (side == "early")
        and (not agencies or meta.services[name]["agency"] in agencies)
    ]


def _rows(values: xr.DataArray) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(values.transpose("year", *LUCK).values)
