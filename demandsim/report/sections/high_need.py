"""High need, high spend: those with severe mental illness, disabled adults of working age, homeless households."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Table, change_cell, interval_caption, level_cell
from demandsim.report.sections.case import Case

if TYPE_CHECKING:
    import xarray as xr

    from demandsim.comparison.estimate import Estimate

_TITLES: Final = {
    "mental_health": "Severe or persisting mental illness, or worse",
    "disabled_working_age": "Disabled, of working age, in need of substantial help",
    "homeless": "Homeless",
    "more_than_one": "In more than one of these groups",
    "any_of_them": "In any of these groups",
}


def high_need(case: Case) -> tuple[Exhibit, ...]:
    """What share of households is in high need, what share of the cost is theirs, and what the scenario changes."""
    if "high_need" not in case.results:
        return ()
    from demandsim.comparison.measures import succeeded

    counted = succeeded(case.results, "high_need").mean("year", skipna=False)
    households = counted.sel(high_need_measure="households", drop=True)
    pounds = counted.sel(high_need_measure="gbp", drop=True)
    shares, cost_shares = (
        values / values.sel(high_need_group="everybody", drop=True) for values in (households, pounds)
    )
    each = pounds / households.where(households > 0)
    rows = tuple(
        (
            Cell(title),
            level_cell(_now(case, shares, group), words.percent),
            level_cell(_now(case, cost_shares, group), words.percent),
            level_cell(_now(case, each, group), words.money),
            change_cell(_change(case, pounds, group), words.money),
        )
        for group, title in _TITLES.items()
    )
    few, much = (_now(case, values, "any_of_them").mean for values in (shares, cost_shares))
    finding = (
        f"Households in high need, {words.percent(few)} of all, account for {words.percent(much)} of the cost that can "
        "be traced to a household"
    )
    sentence = (
        "Who is in which group is told by needs as each year ends, whether or not any service knows of them, and the "
        "cost is that of the year before. Part of it is the price of their worst year: many of them would cost less "
        "in the next one with no new help at all."
    )
    heads = (
        "Households", "Share of households", "Share of the cost", "A household, a year",
        f"Difference a year under “{case.title}”",
    )  # fmt: skip
    caption = interval_caption(f"High need and high spend under “{case.against}”, mean of all years", case.n_runs)
    return (Exhibit(finding, sentence, "", Table(caption, heads, rows)),)


def _now(case: Case, values: xr.DataArray, group: str) -> Estimate:
    return case.level(values.sel(high_need_group=group, drop=True), case.comparison.against)


def _change(case: Case, pounds: xr.DataArray, group: str) -> Estimate:
    own = pounds.sel(high_need_group=group, drop=True)
    difference = own.sel(scenario=[case.comparison.scenario]) - own.sel(scenario=case.comparison.against, drop=True)
    return case.level(difference, case.comparison.scenario, "GBP")
