"""Ways into work: who leaves a spell out of work for good, and whom a provider paid by results takes and leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demandsim.comparison.measures import succeeded
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.rows import Row, draw_rows
from demandsim.report.sections.case import Case, picture

if TYPE_CHECKING:
    import xarray as xr

    from demandsim.comparison.estimate import Estimate

WORK_PATHWAYS: Final = "work_pathways"

#: States of the work need in words, by how long people have been out of it; far is with a limiting health condition.
DISTANCES: Final = {
    ("emerging", "established"): "under a year",
    ("complex",): "over a year",
    ("crisis",): "far from work",
}
#: Those that providers paid by results may take.
_OF_PROVIDERS: Final = (("complex",), ("crisis",))
GROUPS: Final = {
    "under_25": "Under 25",
    "aged_25_64": "25 to 64",
    "with_mental_health_need": "Mental health need",
}


def pathways(case: Case) -> tuple[Section, ...]:
    """Ways into work; no section where a study did not watch them."""
    if WORK_PATHWAYS not in case.results:
        return ()
    counts = succeeded(case.results, WORK_PATHWAYS).sum("year", skipna=False)
    exhibits = [_sustained(case, counts)]
    providers = _with_providers(case, counts)
    exhibits += [_creaming(case, counts, providers)] if providers else []
    lead = (
        "Households of working age, by the age of the oldest adult and by how long somebody has been out of work: "
        "under a year, over a year, or far from work, which is with a health condition that limits it. Those whose "
        "mental health need is established or worse are told apart, and counted in their age group too. To leave is to "
        "find work or to stop seeking it, which the model does not tell apart; to leave for good is to be without the "
        "need for the six months after."
    )
    return (Section("pathways", "Ways into work, and who is left", (lead,), exhibits=tuple(exhibits)),)


def _sustained(case: Case, counts: xr.DataArray) -> Exhibit:
    rows, drawn = [], []
    for group, title in GROUPS.items():
        for states, distance in DISTANCES.items():
            here = counts.sel(work_group=group, state=list(states)).sum("state", skipna=False)
            left = _ratio(here, "left", "months", 100.0)
            stayed = _ratio(here, "stayed_in_work", ("stayed_in_work", "fell_back"), 1.0)
            whole = here.sel(work_event="stayed_in_work", drop=True)
            change = case.change(whole)
            rows.append(
                (
                    Cell(f"{title}: {distance}"),
                    level_cell(case.level(left, case.comparison.against), words.hundredths),
                    change_cell(case.change(left), words.hundredths),
                    level_cell(case.level(stayed, case.comparison.against), words.percent),
                    change_cell(change, words.whole),
                )
            )
            drawn.append(Row(f"{title}: {distance}", change, words.signed(change.mean, words.whole)))
    finding = _sustained_finding(case, counts)
    head = (
        "Who",
        f"Leave in a month, of 100, {case.against}",
        f"Difference, {case.title}",
        f"Of those who leave, for good, {case.against}",
        f"More who leave for good, {case.title}",
    )
    table = Table(interval_caption("Leaving a spell out of work", case.n_runs), head, tuple(rows))
    description = "How many more households leave for good, by age and distance from work, with nine in ten runs."
    svg = picture(draw_rows(drawn, "More households that leave for good"), "sustained", finding, description)
    sentence = (
        f"The picture counts households that leave for good, as a difference from “{case.against}” over all years. A "
        "hollow dot could be either."
    )
    return Exhibit(finding, sentence, svg, table)


def _sustained_finding(case: Case, counts: xr.DataArray) -> str:
    """What becomes of those who are far from work."""
    far = counts.sel(work_group="working_age", state="crisis", drop=True)
    change = case.change(far.sel(work_event="stayed_in_work", drop=True))
    level = case.level(_ratio(far, "left", "months", 100.0), case.comparison.against)
    more = words.difference(change.mean, words.whole, "more leave", "fewer leave")
    said = {"no difference": "no more leave"}.get(more, more)
    said = "more or fewer may leave" if words.direction(change) == "either" else said
    return f"Of 100 households far from work, {words.hundredths(level.mean)} leave in a month; {said} for good"


def _creaming(case: Case, counts: xr.DataArray, providers: list[str]) -> Exhibit:
    """Whom providers could have taken, whom they took, and on whom they spent their time."""
    rows = tuple(row for name in providers for row in _taken_rows(case, counts, name))
    efforts = [(case.meta.scenario_title(name), _effort_on_far(case, counts, name)) for name in providers]
    drawn = [Row(title, effort, words.signed(effort.mean, words.percent), 0.01) for title, effort in efforts]
    finding = _creaming_finding(efforts)
    head = (
        "Provider, and who",
        "Of those on its list",
        "Of those taken",
        "Effort (1 is even)",
        "Leave in a month, of 100 helped",
    )
    table = Table(interval_caption("Whom a provider paid by results takes, and leaves", case.n_runs), head, rows)
    description = "Effort of each provider on people far from work, by what it is paid for, with nine in ten runs."
    axis = "Effort on people far from work, beyond an even share, in %"
    svg = picture(draw_rows(drawn, axis), "creaming", finding, description)
    sentence = (
        "Taking the easiest first shows where a group is a larger part of those taken than of those on the list; "
        "leaving the hardest shows in effort under 1. Neither is written into the model: both follow from what each "
        "person can be expected to bring in, and pay for progress sets that by what people like them achieve unhelped. "
        "Where help is believed to do less for those far from work, pay for progress favours those nearer to it too. "
        "How far effort follows pay is assumed, from not at all to wholly."
    )
    return Exhibit(finding, sentence, svg, table)


def _taken_rows(case: Case, counts: xr.DataArray, name: str) -> list[tuple[Cell, ...]]:
    """One provider's list, intake and effort, by distance from work."""
    here = counts.sel(scenario=[name], work_group="working_age")
    whole = here.sel(state=[state for states in _OF_PROVIDERS for state in states]).sum("state", skipna=False)
    rows: list[tuple[Cell, ...]] = []
    for states in _OF_PROVIDERS:
        mine = here.sel(state=list(states)).sum("state", skipna=False)
        listed, taken = (_part(mine, whole, event) for event in ("on_providers_list", "taken"))
        effort = _ratio(mine, "effort", "helped_months", 1.0)
        ended = _ratio(mine, "left_in_help", "helped_months", 100.0)
        rows.append(
            (
                Cell(f"{case.meta.scenario_title(name)}: {DISTANCES[states]}"),
                level_cell(case.level(listed, name), words.percent),
                level_cell(case.level(taken, name), words.percent),
                level_cell(case.level(effort, name), words.hundredths),
                level_cell(case.level(ended, name), words.hundredths),
            )
        )
    return rows


def _creaming_finding(efforts: list[tuple[str, Estimate]]) -> str:
    """Effort on those far from work under each way of paying."""
    said = [f"{words.difference(effort.mean, words.percent)} under “{title}”" for title, effort in efforts]
    return f"Effort on people far from work, beside an even share: {words.sentence_list(said)}"


def _effort_on_far(case: Case, counts: xr.DataArray, scenario: str) -> Estimate:
    """Effort that a provider spends on those far from work, beyond an even share of it."""
    far = counts.sel(work_group="working_age", state="crisis", drop=True)
    return case.level(_ratio(far, "effort", "helped_months", 1.0) - 1.0, scenario)


def _with_providers(case: Case, counts: xr.DataArray) -> list[str]:
    """Scenarios in which a provider paid by results took anybody, the one of interest first."""
    taken = counts.sel(work_event="taken", work_group="working_age").sum("state")
    names = [str(name) for name in counts["scenario"].values if float(taken.sel(scenario=name).sum()) > 0.0]
    return sorted(names, key=lambda name: name != case.comparison.scenario)


def _part(mine: xr.DataArray, whole: xr.DataArray, event: str) -> xr.DataArray:
    of_all = whole.sel(work_event=event, drop=True)
    return mine.sel(work_event=event, drop=True) / of_all.where(of_all > 0)


def _ratio(counts: xr.DataArray, event: str, base: str | tuple[str, ...], times: float) -> xr.DataArray:
    """So many times one count over another; not known where the other is nought."""
    of = [base] if isinstance(base, str) else list(base)
    beneath = counts.sel(work_event=of).sum("work_event", skipna=False)
    return times * counts.sel(work_event=event, drop=True) / beneath.where(beneath > 0)
