"""Published indicators beside what a study gives for them: as now, and what each scenario changes.

Takes results and a set of indicators; gives figures in the published unit, with spread and runs. Never counts a run
that failed, and gives nothing for an indicator that no outcome measures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.measures import OUTCOME_VALUE, STATE_MONTHS, succeeded
from demandsim.comparison.meta import read_meta
from demandsim.comparison.paired import LUCK
from demandsim.errors import Fault, RequestError
from demandsim.ledger.outcomes import OUTCOMES
from demandsim.study.indicator_sets import NEED_OF_STATES, Indicator, IndicatorSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

_COMBINE = {outcome.name: outcome.combine for outcome in OUTCOMES}


@dataclass(frozen=True)
class Under:
    """An indicator under one scenario.

    Attributes
    ----------
    scenario, title : str
    level : Estimate
        Over all years, as the outcome combines them: their mean, or the last.
    change : Estimate or None
        Paired difference from the scenario compared with; none for that one itself.
    """

    scenario: str
    title: str
    level: Estimate
    change: Estimate | None


@dataclass(frozen=True)
class Shown:
    """One indicator as a study shows it.

    Attributes
    ----------
    indicator : Indicator
    when : str
        What the levels are of: "2025/26", or "mean of 2016/17 to 2025/26"; empty where nothing measures it.
    first_year : str
    first : Estimate or None
        Under the scenario compared with, in the first year: the nearest to what was published.
    under : tuple of Under
        The scenario compared with first; empty where nothing measures the indicator.
    """

    indicator: Indicator
    when: str = ""
    first_year: str = ""
    first: Estimate | None = None
    under: tuple[Under, ...] = ()


def show_indicators(results: xr.Dataset, indicators: IndicatorSet) -> list[Shown]:
    """Measure every indicator of a set.

    Parameters
    ----------
    results : xarray.Dataset
        Results of a study; their first scenario is compared with.
    indicators : IndicatorSet

    Raises
    ------
    RequestError
        Where results lack an outcome that an indicator needs.
    """
    return [_show(results, one) if one.outcome else Shown(one) for one in indicators.indicators]


def choose_set(results: xr.Dataset, sets: Sequence[IndicatorSet], wanted: str | None = None) -> IndicatorSet:
    """The set asked for; else that of the results' place; else the only one there is.

    Raises
    ------
    RequestError
        If none of these is there.
    """
    known = ", ".join(one.id for one in sets) or "none"
    if wanted is not None:
        chosen = [one for one in sets if one.id == wanted]
    else:
        chosen = [one for one in sets if one.place == results.attrs.get("place")] or list(sets)
    if wanted is not None and not chosen:
        raise RequestError(Fault("indicators", f"There is no set `{wanted}`.", f"There are: {known}."))
    if len(chosen) != 1:
        raise RequestError(Fault("indicators", "It is not clear which set is meant.", f"Choose with --set: {known}."))
    return chosen[0]


def _show(results: xr.Dataset, indicator: Indicator) -> Shown:
    values = _values(results, indicator)
    scenarios = [str(name) for name in values["scenario"].values]
    years = [str(year) for year in values["year"].values]
    last = _COMBINE[indicator.outcome] == "last"
    whole = values.isel(year=-1, drop=True) if last else values.mean("year", skipna=False)
    when = years[-1] if last or len(years) == 1 else f"mean of {years[0]} to {years[-1]}"
    meta, base = read_meta(results), whole.sel(scenario=scenarios[0], drop=True)
    under = []
    for name in scenarios:
        here = whole.sel(scenario=name, drop=True)
        change = None if name == scenarios[0] else _estimate(here - base, indicator.unit)
        under.append(Under(name, meta.scenario_title(name), _estimate(here, indicator.unit), change))
    first = _estimate(values.sel(scenario=scenarios[0]).isel(year=0), indicator.unit)
    return Shown(indicator, when, years[0], first, tuple(under))


def _values(results: xr.Dataset, indicator: Indicator) -> xr.DataArray:
    """The indicator in its published unit, over scenario, draw, replicate and year."""
    outcomes = succeeded(results, OUTCOME_VALUE)
    if indicator.outcome not in outcomes["outcome"].values:
        what = f"These results hold no `{indicator.outcome}`."
        raise RequestError(Fault(f"indicators, {indicator.name}", what, "Run the study again."))
    values = outcomes.sel(outcome=indicator.outcome, drop=True) * indicator.factor
    if not indicator.only_states:
        return values
    months = succeeded(results, STATE_MONTHS).sel(need=NEED_OF_STATES[indicator.outcome], drop=True)
    months = months.sum([dim for dim in ("area",) if dim in months.dims], skipna=False)
    every = months.sel(state=[str(state) for state in months["state"].values if state != "none"])
    every = every.sum("state", skipna=False)
    part = months.sel(state=list(indicator.only_states)).sum("state", skipna=False)
    return values * part / every.where(every > 0.0, 1.0)


def _estimate(values: xr.DataArray, unit: str) -> Estimate:
    return summarise(values.transpose(*LUCK).values[None], unit)[0]
