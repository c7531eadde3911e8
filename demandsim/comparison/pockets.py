"""Who pays and who gains, purse by purse: whose money goes to whose gain, who would act alone, and from when.

Takes a comparison; gives money from payer to gainer run by run, and what each purse would see if it looked at itself
only. Nothing here moves money between purses: `demandsim.comparison.transfers` does. Money bears no name: which payer's
pound became which gainer's is a rule of sharing out (`allocate`), never a finding.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.comparison.appraisal import payback_year
from demandsim.comparison.estimate import HIGH_SHARE, LOW_SHARE, Estimate, summarise
from demandsim.comparison.paired import LUCK, Difference, roll_up
from demandsim.errors import Fault, RequestError

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from demandsim.comparison.paired import Comparison

#: Stands among the payers for gains that nobody paid for, and among the gainers for pay that nobody gained.
NOBODY: Final = "nobody"
#: All purses together, as one more row.
TOGETHER: Final = "all together"
#: A purse would act when it saves in at least so many of its runs: perhaps, and with some certainty.
LIKELY: Final = 0.5
SURE: Final = 0.8
#: Of a normal distribution, the point with one in twenty above it.
_ONE_IN_TWENTY: Final = 1.6449


@dataclass(frozen=True)
class Frequency:
    """How often something happened over runs, and what more runs could make of it.

    Parameters
    ----------
    n_such, n_runs : int
        Runs in which it happened, of all.
    low, high : float
        Nine in ten: where the share would lie after very many runs (Wilson's interval). Runs that share beliefs are
        counted as one, so it is never too narrow for want of independence.
    """

    n_such: int
    n_runs: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share of the runs."""
        return self.n_such / self.n_runs

    def is_at_least(self, share: float) -> bool:
        """Whether it happened in so large a share of the runs."""
        return self.n_such >= runs_needed(share, self.n_runs)


def runs_needed(share: float, n_runs: int) -> int:
    """Fewest runs that make a share: four of five for 80%, all three of three."""
    # 0.8 x 5 is 4.000000000000001 in some orders of working; a run is not lost to that.
    return int(np.ceil(share * n_runs - 1e-9))


def count_frequency(n_such: int, n_runs: int, n_free: int) -> Frequency:
    """A frequency with Wilson's interval, for `n_free` runs that are independent of one another."""
    share, z = n_such / n_runs, _ONE_IN_TWENTY
    middle = (share + z * z / (2 * n_free)) / (1 + z * z / n_free)
    half = z * (share * (1 - share) / n_free + (z / (2 * n_free)) ** 2) ** 0.5 / (1 + z * z / n_free)
    return Frequency(n_such, n_runs, max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True)
class BreakEven:
    """When a purse has its money back for good.

    Parameters
    ----------
    in_year : tuple of int
        Runs by the year (the first is 0) from which cumulative discounted cash is back at zero or below and stays.
    ever : Frequency
        Runs in which that happens within the horizon. A run in which the purse is not touched counts as never.
    middle, early, late : int or None
        The year by which half of the runs, one in twenty and nineteen in twenty have broken even; None for never.
    """

    in_year: tuple[int, ...]
    ever: Frequency
    middle: int | None
    early: int | None
    late: int | None


@dataclass(frozen=True)
class Alone:
    """What one purse sees if it looks at itself only.

    Parameters
    ----------
    purse : str
    worth : Estimate
        Its cash difference within the horizon, discounted; below zero is a saving.
    saves : Frequency
        Runs in which that is a saving.
    pays_all : Frequency
        Runs in which that saving is at least what all purses that lose lose together, so that it could pay for
        everything by itself and still be no worse off. For all together the same as `saves`.
    breaks_even : BreakEven
    """

    purse: str
    worth: Estimate
    saves: Frequency
    pays_all: Frequency
    breaks_even: BreakEven

    @property
    def is_touched(self) -> bool:
        """Whether its cash differs in any run."""
        return self.worth.n_below + self.worth.n_above > 0

    @property
    def verdict(self) -> str:
        """Whether it would act: ``yes``, ``if others pay``, ``perhaps``, ``no`` or ``not touched``.

        Whoever saves only because somebody else pays would go along, and would not act alone.
        """
        if not self.is_touched:
            return "not touched"
        if self.pays_all.is_at_least(SURE):
            return "yes"
        if self.saves.is_at_least(SURE):
            return "if others pay"
        return "perhaps" if self.saves.is_at_least(LIKELY) else "no"


@dataclass(frozen=True)
class Purses:
    """Cash differences by purse and year, run by run.

    Parameters
    ----------
    values : xarray.DataArray
        GBP over purse, year, draw and replicate; NaN where a run failed.
    factors : array
        What a pound of each year is worth in the first.
    """

    values: xr.DataArray
    factors: NDArray[np.float64]

    @property
    def names(self) -> list[str]:
        """The purses."""
        return [str(name) for name in self.values["purse"].values]

    @property
    def years(self) -> list[str]:
        """The fiscal years."""
        return [str(year) for year in self.values["year"].values]

    @cached_property
    def _ran(self) -> NDArray[np.bool_]:
        return np.asarray(np.isfinite(self.values.values).all(axis=(0, 1)))

    @property
    def draw_of(self) -> NDArray[np.int64]:
        """The set of beliefs of each run that succeeded."""
        return np.nonzero(self._ran)[0]

    @property
    def n_free(self) -> int:
        """Runs that are independent: sets of beliefs, or runs of luck where there is one set only."""
        n_draws = len(np.unique(self.draw_of))
        return n_draws if n_draws > 1 else len(self.draw_of)

    @cached_property
    def flows(self) -> NDArray[np.float64]:
        """Discounted differences over purse, year and run, for runs that succeeded."""
        return np.asarray(self.values.values[:, :, self._ran] * self.factors[:, None])

    def until(self, n_years: int) -> Purses:
        """The first years only."""
        if not 1 <= n_years <= len(self.factors):
            raise RequestError(
                Fault("pockets", f"{n_years} years were asked for.", f"There are 1 to {len(self.factors)}.")
            )
        return Purses(self.values.isel(year=slice(n_years)), self.factors[:n_years])

    def matrix(self) -> Difference:
        """Money from payer to gainer by year, with `NOBODY` on both sides, shared out as `allocate` does; GBP."""
        import xarray as xr

        dims = ("purse", "year", *LUCK)
        parts = allocate(self.values.transpose(*dims).values)
        names = [*self.names, NOBODY]
        coords = {"payer": names, "gainer": names, **{dim: self.values[dim] for dim in dims[1:]}}
        return Difference(xr.DataArray(parts, dims=("payer", "gainer", *dims[1:]), coords=coords), "GBP")

    def alone(self) -> list[Alone]:
        """Each purse by itself, and at the end all together."""
        by_purse = np.concatenate([self.flows, self.flows.sum(axis=0, keepdims=True)])
        lost = np.maximum(self.flows.sum(axis=1), 0.0).sum(axis=0)
        rows = zip([*self.names, TOGETHER], by_purse, strict=True)
        return [self._one(name, flows, 0.0 if name == TOGETHER else lost) for name, flows in rows]

    def _one(self, name: str, flows: NDArray[np.float64], lost: NDArray[np.float64] | float) -> Alone:
        worth = np.full(self._ran.shape, np.nan)
        worth[self._ran] = flows.sum(axis=0)
        estimate = summarise(worth[None], "GBP")[0]
        saves = count_frequency(estimate.n_below, estimate.n_runs, self.n_free)
        own = flows.sum(axis=0)
        pays_all = count_frequency(int(((own < 0.0) & (own + lost <= 0.0)).sum()), estimate.n_runs, self.n_free)
        return Alone(name, estimate, saves, pays_all, break_even(flows, self.n_free))


def read_purses(comparison: Comparison, departments: bool = False) -> Purses:
    """The cash differences of a comparison by purse, the council as one or by its departments."""
    cash = comparison.cost.values.sum("category", skipna=False)
    values = cash.rename(payer="purse") if departments else roll_up(cash)
    factors = comparison.discount_factors
    return Purses(
        values.transpose("purse", "year", *LUCK),
        np.ones(values.sizes["year"]) if factors is None else factors,
    )


def allocate(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share out money from those who pay more to those who gain.

    In each run and year the purses with a positive difference are payers and those with a negative one gainers. From
    payer to gainer goes the payer's share of all extra pay, times the gainer's share of all gain, times the smaller of
    the two totals. What of the pay no gain stands against is lost to all; what of the gain no pay stands against is
    free. So each payer's row adds up to what it pays more, and each gainer's column to what it gains.

    Parameters
    ----------
    differences : array, shape (purses, ...)
        GBP; any axes may follow. NaN stays NaN.

    Returns
    -------
    array, shape (purses + 1, purses + 1, ...)
        The last column is lost to all, the last row is free gain, and their corner is zero.
    """
    pays, gains = np.maximum(differences, 0.0), np.maximum(-differences, 0.0)
    all_pay, all_gain = pays.sum(axis=0), gains.sum(axis=0)
    larger = np.maximum(all_pay, all_gain)
    # Where nobody pays or gains, nothing is shared out; dividing by one then keeps it zero, and NaN stays NaN.
    divisor = np.where(larger == 0.0, 1.0, larger)
    n = len(differences)
    parts = np.zeros((n + 1, n + 1, *differences.shape[1:]))
    parts[:n, :n] = pays[:, None] * (gains[None, :] / divisor)
    parts[:n, n] = pays * ((larger - all_gain) / divisor)
    parts[n, :n] = gains * ((larger - all_pay) / divisor)
    parts[n, n] = 0.0 * larger
    return parts


def break_even(flows: NDArray[np.float64], n_free: int) -> BreakEven:
    """When money is back for good, over runs.

    Parameters
    ----------
    flows : array, shape (years, runs)
        Discounted cash differences of one purse; plus is more spent.
    n_free : int
        Runs that are independent of one another.
    """
    n_years, n_runs = flows.shape
    found = [_payback(run) for run in flows.T]
    counts = Counter(year for year in found if year is not None)
    ordered = [*sorted(counts.elements()), *[None] * (n_runs - counts.total())]
    # The first year by which at least that share of the runs is there.
    early, middle, late = (ordered[max(1, runs_needed(s, n_runs)) - 1] for s in (LOW_SHARE, 0.5, HIGH_SHARE))
    ever = count_frequency(counts.total(), n_runs, n_free)
    return BreakEven(tuple(counts[year] for year in range(n_years)), ever, middle, early, late)


def _payback(flows: NDArray[np.float64]) -> int | None:
    by_year: dict[int, float] = dict(enumerate(flows.tolist()))
    costs: dict[int, Any] = {year: max(flow, 0.0) for year, flow in by_year.items()}
    gains = {year: max(-flow, 0.0) for year, flow in by_year.items()}
    return payback_year(costs, gains)
