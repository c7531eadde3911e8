"""Tier by tier: how many are helped, how long they wait, and what it costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from demandsim.comparison.estimate import summarise
from demandsim.comparison.measures import succeeded
from demandsim.comparison.paired import LUCK
from demandsim.labels import TIERS
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.rows import Row, draw_rows
from demandsim.report.sections.case import TIER_TITLES, Case, picture

if TYPE_CHECKING:
    import xarray as xr

    from demandsim.comparison.estimate import Estimate

#: One worker for all needs of a household: early help by its tier, told apart because a plan may rest on it.
_JOINED: Final = "joined_up"
_TITLES: Final = TIER_TITLES | {_JOINED: "Case co-ordination"}
_ORDER: Final = ("universal", "early", _JOINED, "targeted", "crisis")


@dataclass(frozen=True)
class _Figures:
    """What a group of service lines did, over all years: by scenario, draw and replicate."""

    cases: xr.DataArray
    waited: xr.DataArray
    cash: xr.DataArray
    activity: xr.DataArray


def tiers(case: Case) -> Section:
    """Help by tier, and line by line."""
    groups = {tier: lines for tier, lines in _lines_by_tier(case).items() if lines}
    figures = {tier: _figures(case, lines) for tier, lines in groups.items()}
    helped = {tier: one for tier, one in figures.items() if float(one.cases.fillna(0).sum()) > 0}
    if not helped:
        return Section("tiers", "Help tier by tier", ("No service in these runs helped anybody.",))
    changes = {tier: _change(case, one.cases, "cases") for tier, one in helped.items()}
    finding = "; ".join(f"{_TITLES[tier]}: {words.change(change, words.whole)}" for tier, change in changes.items())
    rows = [Row(_TITLES[tier], change, words.signed(change.mean, words.whole)) for tier, change in changes.items()]
    svg = picture(
        draw_rows(rows, "Cases begun: difference"),
        "tiers",
        f"Cases begun. {finding}",
        f"Cases begun in each tier, “{case.title}” against “{case.against}”, with nine in ten runs.",
    )
    return Section(
        "tiers",
        "Help tier by tier",
        (_lead(groups),),
        exhibits=(
            Exhibit(
                f"Cases begun. {finding}",
                "A hollow dot could be either. Waits are of those who were helped; crisis and some targeted help has "
                "no list.",
                svg,
                _tier_table(case, helped),
            ),
            _by_line(case, groups),
        ),
    )


def _lead(groups: dict[str, list[str]]) -> str:
    joined = "Case co-ordination is early help too, and has a row of its own. " if _JOINED in groups else ""
    return (
        f"Services are in {words.count_of(len([t for t in groups if t != _JOINED]), 'tier')}: help that is open to "
        f"everyone, such as self-service and advice; early help for households in difficulty; help for those in "
        f"greater need; and the response to crisis. {joined}The cost is of the services alone."
    )


def _lines_by_tier(case: Case) -> dict[str, list[str]]:
    """Service lines of each tier, in the order of the results."""
    found: dict[str, list[str]] = {tier: [] for tier in _ORDER}
    for name in map(str, case.results["service"].values):
        record = case.meta.services.get(name, {})
        tier = str(record.get("tier", ""))
        if record.get("joins_up"):
            found[_JOINED].append(name)
        elif tier in TIERS:
            found[tier].append(name)
    return found


def _figures(case: Case, lines: list[str]) -> _Figures:
    events = case.results[["activity", "status"]].sel(service=lines, event=["admitted", "wait_time"])
    counts = succeeded(events.sum(["month", "service"]), "activity")
    cases = counts.sel(event="admitted", drop=True)
    cost = succeeded(case.results, "cost").sel(category=[c for c in case.results["category"].values if c in lines])
    spent = cost.sum(["payer", "category", "year"], skipna=False)
    return _Figures(
        cases,
        counts.sel(event="wait_time", drop=True) / cases.where(cases > 0),
        spent.sel(account="cash", drop=True),
        spent.sel(account="activity", drop=True),
    )


def _change(case: Case, values: xr.DataArray, unit: str) -> Estimate:
    here = values.sel(scenario=case.comparison.scenario, drop=True)
    change = here - values.sel(scenario=case.comparison.against, drop=True)
    return summarise(change.transpose(*LUCK).values[None], unit)[0]


def _tier_table(case: Case, figures: dict[str, _Figures]) -> Table:
    rows = []
    for tier, one in figures.items():
        rows.append(
            (
                Cell(_TITLES[tier]),
                level_cell(case.level(one.cases, case.comparison.against, "cases"), words.whole),
                change_cell(_change(case, one.cases, "cases"), words.whole),
                _waited(case, one, case.comparison.against),
                _waited(case, one, case.comparison.scenario),
                change_cell(_change(case, one.cash, "GBP"), words.money),
                change_cell(_change(case, one.activity, "GBP"), words.money),
            )
        )
    head = (
        "Tier",
        f"Cases begun, {case.against}",
        "Difference",
        f"Months waited, {case.against}",
        f"Months waited, {case.title}",
        "Cash, difference",
        "Value of activity, difference (not cash)",
    )
    return Table(
        interval_caption(f"Help by tier, “{case.title}” against “{case.against}”", case.n_runs), head, tuple(rows)
    )


def _waited(case: Case, figures: _Figures, scenario: str) -> Cell:
    waited = case.level(figures.waited, scenario, "months")
    return Cell("nobody helped") if math.isnan(waited.mean) else level_cell(waited, words.hundredths)


def _by_line(case: Case, groups: dict[str, list[str]]) -> Exhibit:
    """Each service line that helps anybody under either scenario."""
    events = case.results[["activity", "status"]].sel(event="admitted", drop=True).sum("month")
    cases = succeeded(events, "activity").sel(scenario=[case.comparison.against, case.comparison.scenario])
    rows = []
    for tier, lines in groups.items():
        for line in lines:
            begun = cases.sel(service=line, drop=True)
            if float(begun.fillna(0).sum()) == 0:
                continue
            rows.append(
                (
                    Cell(case.meta.category_title(line)),
                    Cell(_TITLES[tier]),
                    level_cell(case.level(begun, case.comparison.against, "cases"), words.whole),
                    level_cell(case.level(begun, case.comparison.scenario, "cases"), words.whole),
                    change_cell(_change(case, begun, "cases"), words.whole),
                )
            )
    caption = interval_caption("Cases begun by service, over all years", case.n_runs)
    head = ("Service", "Tier", case.against, case.title, "Difference")
    return Exhibit(
        f"{words.count_of(len(rows), 'service')} helped somebody under one of the two",
        "The table has each of them.",
        "",
        Table(caption, head, tuple(rows), is_folded=True),
    )
