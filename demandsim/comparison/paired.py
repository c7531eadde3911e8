"""The difference between two scenarios, run by run: same households, same beliefs, same luck.

Takes results; gives estimates and labelled tables of differences. It never adds the cash account to the account of
activity, and never counts a run in which either scenario failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.comparison.discounting import discount_factor, read_schedule
from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.measures import MEASURES, OUTCOME_VALUE, STATE_MONTHS, months_waited, ran, succeeded
from demandsim.comparison.meta import Meta, read_meta
from demandsim.comparison.pairing import PairingGain, pairing_gain
from demandsim.errors import Fault, RequestError
from demandsim.labels import COUNCIL

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from demandsim.comparison.horizons import WrongPockets

LUCK: Final = ("draw", "replicate")


@dataclass(frozen=True)
class Difference:
    """One quantity's difference between two scenarios, run by run.

    Parameters
    ----------
    values : xarray.DataArray
        Over draw, replicate and the quantity's own dimensions; NaN where either run failed.
    unit : str
        Unit of `values`.
    over_years : str
        How years combine: ``sum``, ``mean`` or ``last``. All other dimensions add.
    """

    values: xr.DataArray
    unit: str
    over_years: str = "sum"

    def total(self) -> Estimate:
        """One estimate over everything."""
        return summarise(self._reduced(()).transpose(*LUCK).values[None], self.unit)[0]

    def by(self, *dims: str) -> pd.DataFrame:
        """A labelled table of differences.

        Parameters
        ----------
        *dims : str
            Dimensions to keep, such as ``"payer", "year"``. ``"purse"`` is the payer with the council as one.

        Returns
        -------
        pandas.DataFrame
            A row for each combination: the dimensions, then `difference`, `low`, `high` (nine in ten runs),
            `standard_error`, `luck_error`, `runs`, `runs_below_zero`, `runs_above_zero`, `unit`.
        """
        import pandas as pd

        kept = self._reduced(dims).transpose(*dims, *LUCK)
        labels = [kept[dim].values for dim in dims]
        cells = kept.values.reshape(-1, *kept.values.shape[len(dims) :])
        combinations = np.ndindex(*[len(values) for values in labels])
        rows = [
            {dim: values[i] for dim, values, i in zip(dims, labels, at, strict=True)} | as_row(estimate)
            for at, estimate in zip(combinations, summarise(cells, self.unit), strict=True)
        ]
        return pd.DataFrame(rows)

    def _reduced(self, dims: tuple[str, ...]) -> xr.DataArray:
        values = roll_up(self.values) if "purse" in dims else self.values
        unknown = [dim for dim in dims if dim not in values.dims]
        if unknown:
            have = ", ".join(str(dim) for dim in values.dims if dim not in LUCK)
            raise RequestError(Fault("comparison, by", f"There is no `{unknown[0]}` here.", f"There are: {have}."))
        if "year" in values.dims and "year" not in dims:
            values = _combine_years(values, self.over_years)
        return values.sum([dim for dim in values.dims if dim not in (*dims, *LUCK)], skipna=False)


class Comparison:
    """Everything that differs between `scenario` and `against` in one set of results."""

    def __init__(self, results: xr.Dataset, scenario: str, against: str) -> None:
        self.results = results
        self.scenario = scenario
        self.against = against
        self.meta: Meta = read_meta(results)
        good = ran(results)
        both = good.sel(scenario=scenario, drop=True) & good.sel(scenario=against, drop=True)
        self.n_runs = int(both.sum())
        self.n_failed = int(both.size) - self.n_runs
        if self.n_runs == 0:
            where = f"comparison, {scenario} against {against}"
            raise RequestError(Fault(where, "There is no run in which both scenarios succeeded.", "See `status`."))

    @cached_property
    def cost(self) -> Difference:
        """Cash: posts paid, places bought, benefits. GBP by payer, category and year."""
        return Difference(self._paired(self._account("cash")), "GBP")

    @cached_property
    def discount_factors(self) -> NDArray[np.float64] | None:
        """What a pound of each year is worth in the first, by the schedule that results carry; None without one."""
        if not self.meta.discount_rate:
            return None
        schedule = read_schedule(self.meta.discount_rate)
        return discount_factor(np.arange(self.results.sizes["year"], dtype=np.float64), schedule)

    def present_value(self) -> Estimate | None:
        """Cash difference discounted to the first year; None where results carry no schedule."""
        factors = self.discount_factors
        if factors is None:
            return None
        values = self.cost.values
        weights = values["year"].copy(data=factors)
        return Difference(values * weights, "GBP").total()

    @cached_property
    def activity(self) -> Difference:
        """Activity valued at unit cost: capacity used or released, not cash. GBP by payer, category and year."""
        return Difference(self._paired(self._account("activity")), "GBP")

    @cached_property
    def crisis_months(self) -> Difference:
        """Months that households spend in crisis, counted for each need."""
        crisis = succeeded(self.results, STATE_MONTHS).sel(state="crisis", drop=True)
        return Difference(self._paired(crisis), "household-months")

    @cached_property
    def unmet(self) -> Difference:
        """Months in which a need is established or worse and nobody helps with it."""
        return Difference(self._paired(succeeded(self.results, "unmet")), "household-months")

    def outcome(self, name: str) -> Difference:
        """The difference in one published outcome."""
        outcomes = succeeded(self.results, OUTCOME_VALUE)
        if name not in outcomes["outcome"].values:
            known = ", ".join(map(str, outcomes["outcome"].values))
            raise RequestError(Fault("comparison, outcome", f"There is no `{name}`.", f"There are: {known}."))
        declared = self.outcome_record(name)
        values = self._paired(outcomes.sel(outcome=name, drop=True))
        return Difference(values, str(declared["unit"]), str(declared["combine"]))

    def outcome_record(self, name: str) -> dict[str, Any]:
        """Title, unit, way of combining years and better direction of an outcome."""
        attrs = self.results[OUTCOME_VALUE].attrs
        default = {"unit": attrs.get("unit", ""), "combine": attrs.get("combine", "sum")}
        return self.meta.outcome(name, default)

    def waits(self) -> Difference:
        """Mean months waited by those admitted, by service (services that admitted nobody in a run are NaN there)."""
        return Difference(self._paired(months_waited(self.results, by_service=True)), "months")

    def pockets(self, departments: bool = False) -> pd.DataFrame:
        """Who pays more and who gains, purse by purse: the whole difference of each.

        Parameters
        ----------
        departments : bool
            The council by its departments (the column is then `payer`) and not as one `purse`.

        Returns
        -------
        pandas.DataFrame
            The cash difference of each purse (the council as one) with its interval, its `position` (``pays more``,
            ``gains``, ``could be either``, ``unchanged``), and beside it, never added to it, the difference in the
            value of activity, `activity_value`, with `activity_low` and `activity_high`.
        """
        dim = "payer" if departments else "purse"
        table, activity = self.cost.by(dim), self.activity.by(dim)
        table.insert(1, "position", [_position(*ends) for ends in zip(table["low"], table["high"], strict=True)])
        for new, old in (("activity_value", "difference"), ("activity_low", "low"), ("activity_high", "high")):
            table[new] = activity[old]
        return table

    def wrong_pockets(self, departments: bool = False) -> WrongPockets:
        """Whose pay stands against whose gain, who would act alone, and payments that leave nobody worse off."""
        from demandsim.comparison.horizons import WrongPockets

        return WrongPockets(self, departments)

    def causes(self) -> pd.DataFrame | None:
        """Direct, queue, budget and posts effects by measure; None unless compared with the first scenario."""
        import pandas as pd

        if "cause_effect" not in self.results or self.against != str(self.results["scenario"].values[0]):
            return None
        values = succeeded(self.results, "cause_effect").sel(scenario=self.scenario, drop=True)
        units = {"households": "households", "months_waited": "months", "gbp": "GBP"}
        parts = []
        for measure in values["measure"].values:
            part = Difference(values.sel(measure=measure, drop=True), units.get(str(measure), "")).by("cause")
            part.insert(1, "measure", measure)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def pairing(self, measure: str = "cash") -> PairingGain:
        """How much the shared luck narrowed the difference in a measure of `measures.MEASURES`."""
        values = next(item for item in MEASURES if item.name == measure).read(self.results).transpose("scenario", *LUCK)
        return pairing_gain(values.sel(scenario=self.scenario).values, values.sel(scenario=self.against).values)

    def _account(self, name: str) -> xr.DataArray:
        return succeeded(self.results, "cost").sel(account=name, drop=True)

    def _paired(self, values: xr.DataArray) -> xr.DataArray:
        here = values.sel(scenario=self.scenario, drop=True) - values.sel(scenario=self.against, drop=True)
        return here.transpose(*LUCK, ...)


def compare(results: xr.Dataset, scenario: Any, against: Any = None) -> Comparison:
    """Compare two scenarios of the same results on the same luck.

    Parameters
    ----------
    results : xarray.Dataset
        Results of a study.
    scenario, against : str or object with an ``id``
        The scenario of interest and what it is compared with (the first scenario of the results when None).

    Raises
    ------
    RequestError
        When a scenario is not in the results, or both never succeeded in the same run.
    """
    known = [str(name) for name in results["scenario"].values]
    first = _identifier(scenario)
    second = known[0] if against is None else _identifier(against)
    missing = [name for name in (first, second) if name not in known]
    if missing:
        faults = [
            Fault("comparison", f"There is no scenario `{n}`.", f"There are: {', '.join(known)}.") for n in missing
        ]
        raise RequestError(faults)
    if first == second:
        raise RequestError(Fault("comparison", f"`{first}` would be compared with itself."))
    return Comparison(results, first, second)


def roll_up(values: xr.DataArray) -> xr.DataArray:
    """Replace the payers by purses: the council's four departments become `council`."""
    import xarray as xr

    payers = [str(payer) for payer in values["payer"].values]
    council = [payer for payer in payers if payer in COUNCIL]
    others = [payer for payer in payers if payer not in COUNCIL]
    rest = values.sel(payer=others).rename(payer="purse")
    if not council:
        return rest
    one = values.sel(payer=council).sum("payer", skipna=False).expand_dims(purse=["council"])
    return xr.concat([one, rest], dim="purse")


def as_row(estimate: Estimate) -> dict[str, Any]:
    """An estimate as the columns of a table."""
    return {
        "difference": estimate.mean,
        "low": estimate.low,
        "high": estimate.high,
        "standard_error": estimate.standard_error,
        "luck_error": estimate.luck_error,
        "runs": estimate.n_runs,
        "runs_below_zero": estimate.n_below,
        "runs_above_zero": estimate.n_above,
        "unit": estimate.unit,
    }


def _identifier(scenario: Any) -> str:
    return scenario if isinstance(scenario, str) else str(scenario.id)


def _combine_years(values: xr.DataArray, how: str) -> xr.DataArray:
    if how == "sum":
        return values.sum("year", skipna=False)
    if how == "mean":
        return values.mean("year", skipna=False)
    if how == "last":
        return values.isel(year=-1, drop=True)
    raise RequestError(Fault("comparison", f"Years cannot be combined by `{how}`.", "Use sum, mean or last."))


def _position(low: float, high: float) -> str:
    if low == high == 0:
        return "unchanged"
    if low > 0:
        return "pays more"
    return "gains" if high < 0 else "could be either"
