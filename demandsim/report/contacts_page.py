"""Everyday contact: failure demand beside what was published, what answering costs, who is left behind, enforcement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demandsim.comparison.failure_demand import (
    ALL_STREAMS,
    ANSWERING,
    BUDGET,
    LOST,
    StreamFigure,
    contact_figures,
    failure_demand,
)
from demandsim.comparison.meta import read_meta
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.failure import draw_failure
from demandsim.report.rendering import render_page, write_page
from demandsim.report.sections.case import picture, where_from
from demandsim.report.svg import chart_style

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

KIND: Final = "Everyday contact, from a simulation"
_WHAT_IT_IS: Final = (
    "Failure demand is contact that would not have been made had the matter been dealt with: a household chases, or "
    "complains. Nothing sets its share here: it follows from how much is settled at once, how soon the rest is worked "
    "on, how often work settles it, and how soon people chase."
)
_ASSUMED: Final = ", its number assumed"
#: Quantities told stream by stream; of the others all streams together are enough.
_BY_STREAM: Final = ("handling", "left_behind", "gross", "income", "net")
_EXPECTED: Final = (
    "Matters are counted in expectation, so that runs on the same beliefs differ only as far as needs and households "
    "do."
)


def write_contacts(results: xr.Dataset, path: str | Path, scenario: str | None = None) -> Path:
    """Write everyday contact as one HTML file.

    Parameters
    ----------
    results : xarray.Dataset
        With the variable ``contacts``.
    path : path
        Where to write; the folder is made, and the file is replaced whole or not at all.
    scenario : str, optional
        Only this scenario beside the first; all by default.

    Raises
    ------
    RequestError
        When the results hold no contacts or no such scenario, or the file cannot be written.
    """
    results = choose(results, scenario)
    with chart_style():
        sections = contact_sections(results)
    place = read_meta(results).place.get("title") or results.attrs.get("place", "one place")
    figures = failure_demand(results)
    html = render_page(f"Everyday contact: {place}", sections, contact_headline(figures), _runs(figures), KIND)
    return write_page(html, path, "page")


def choose(results: xr.Dataset, scenario: str | None) -> xr.Dataset:
    """The first scenario and one other, or all of them."""
    if scenario is None:
        return results
    failure_demand(results, scenario)  # says so if there is none
    first = str(results["scenario"].values[0])
    return results.sel(scenario=list(dict.fromkeys([first, scenario])))


def contact_headline(figures: list[StreamFigure]) -> str:
    """The finding in one line."""
    every = next(one for one in figures if one.stream == ALL_STREAMS)
    return f"“{every.scenario_title}”: {words.percent(every.level.mean)} of contacts chase or complain"


def contact_sections(results: xr.Dataset, is_drawn: bool = True) -> list[Section]:
    """Failure demand, answering, who is left behind, and streams with an income; without charts for a terminal."""
    figures = failure_demand(results)
    sections = [_failure(figures, is_drawn, where_from(results))]
    for name, heading, lead, quantities in (
        (
            "answering",
            "What answering contact costs",
            "The cost of taking the call, the visit, the form or the letter, and of looking into complaints. The work "
            "that follows is not in it.",
            ANSWERING,
        ),
        (
            "left-behind",
            "What is left behind",
            "Contacts never made because a household that does not use the web was sent there, matters given up while "
            "waiting, and complaints. They save money for as long as nobody comes back in a worse state.",
            LOST,
        ),
        (
            "enforcement",
            "Work that brings in money",
            "Posts and contracts of streams that charge or fine, and what they bring in. How far income follows the "
            "matters that are settled is not known; where it does, fewer posts may cost more than they save.",
            BUDGET,
        ),
    ):
        figures_of = contact_figures(results, quantities)
        told = [one for one in figures_of if one.stream == ALL_STREAMS or one.quantity in _BY_STREAM]
        sections.append(_figures_section(name, heading, lead, told))
    sections.append(_not_known())
    return sections


def _runs(figures: list[StreamFigure]) -> int:
    return max(one.level.n_runs for one in figures)


def _of_scenario(figures: list[StreamFigure]) -> dict[str, list[StreamFigure]]:
    """By scenario, in order."""
    return {
        name: [one for one in figures if one.scenario == name] for name in dict.fromkeys(f.scenario for f in figures)
    }


def _failure(figures: list[StreamFigure], is_drawn: bool, where_from: str) -> Section:
    by_scenario = list(_of_scenario(figures).values())
    before, after = by_scenario[0], by_scenario[1] if len(by_scenario) > 1 else []
    finding = contact_headline(figures)
    svg = ""
    if is_drawn:
        said = "Share of contacts that chase or complain by stream, with nine in ten runs, over the published range."
        svg = picture(draw_failure(before, after), "failure", finding, said)
    titles = [own[0].scenario_title for own in by_scenario]
    head = ["Stream", "Published", *_heads(titles, "Difference (points)", " (points)")]
    rows = []
    for at, one in enumerate(before):
        own = [figures_of[at] for figures_of in by_scenario]
        rows.append((Cell(one.stream_title), _published_cell(one), *_cells(own, words.percent, words.bare_points)))
    caption = interval_caption("Share of contacts that chase or complain, and the published range", _runs(figures))
    table = Table(f"{caption} {_sources(before)}", tuple(head), tuple(rows))
    exhibit = Exhibit("Contacts that chase or complain, stream by stream", _outside(before), svg, table)
    return Section("answer", finding, (_WHAT_IT_IS, where_from, _EXPECTED), exhibits=(exhibit,))


def _heads(titles: list[str], difference: str, unit: str = "") -> list[str]:
    """The first scenario, and another with its difference; of several others the difference only."""
    if len(titles) <= 2:
        return [titles[0], *(head for title in titles[1:] for head in (title, difference))]
    return [titles[0], *(f"{title}: difference{unit}" for title in titles[1:])]


def _cells(figures: list[StreamFigure], form: words.Format, of_change: words.Format) -> list[Cell]:
    """What stands under `_heads`: net spending has a sign, since it may be income."""
    cells = []
    for one in figures:
        if one.change is None or len(figures) <= 2:
            cells.append((change_cell if one.quantity == "net" else level_cell)(one.level, form))
        if one.change is not None:
            cells.append(change_cell(one.change, of_change))
    return cells


def _published_cell(one: StreamFigure) -> Cell:
    if one.published is None:
        return Cell("none")
    known = one.published
    return Cell(words.percent(known.typical), words.level_range(known.low, known.high, words.percent))


def _outside(figures: list[StreamFigure]) -> str:
    """How the model's middle figures stand to the published ranges."""
    known = [one for one in figures if one.published is not None]
    out = [
        one.stream_title
        for one in known
        if one.published is not None and not one.published.low <= one.level.mean <= one.published.high
    ]
    if not known:
        return "No published range travels with these results."
    if not out:
        verb = "lies" if len(known) == 1 else "all lie"
        said = words.sentence_list([one.stream_title for one in known])
        return f"{said} {verb} within the published range under “{figures[0].scenario_title}”."
    return f"Outside the published range under “{figures[0].scenario_title}”: {words.sentence_list(out)}."


def _sources(figures: list[StreamFigure]) -> str:
    known = [one.published for one in figures if one.published is not None]
    cited = dict.fromkeys(f"{one.source}{_ASSUMED if one.evidence == 'assumed' else ''}" for one in known)
    return f"Published by: {'; '.join(cited)}." if cited else ""


def _figures_section(name: str, heading: str, lead: str, figures: list[StreamFigure]) -> Section:
    """A table of quantities by stream for every scenario."""
    if not figures:
        return Section(name, heading, (lead, "These results do not hold it."))
    own = _of_scenario(figures)
    titles = [figures_of[0].scenario_title for figures_of in own.values()]
    head = ["What", *_heads(titles, f"Difference from {titles[0]}")]
    rows = []
    for at, one in enumerate(next(iter(own.values()))):
        here = [figures_of[at] for figures_of in own.values()]
        if one.stream != ALL_STREAMS and all(f.level.low == f.level.high == 0.0 for f in here):
            continue  # nothing of it here in any run; the row of all streams says so too
        form = words.formatter(one.unit)
        what = Cell(one.title, f"{one.stream_title}, {words.unit_words(one.unit).replace('GBP', 'pounds')}")
        rows.append((what, *_cells(here, form, form)))
    table = Table(interval_caption("Means over the years of the run", _runs(figures)), tuple(head), tuple(rows))
    totals = [one for one in figures if one.stream == ALL_STREAMS and one.quantity == figures[-1].quantity]
    return Section(name, heading, (lead,), exhibits=(Exhibit(_total_finding(totals), _change_said(totals), "", table),))


def _total_finding(totals: list[StreamFigure]) -> str:
    """The last quantity of all streams together, under the first scenario."""
    one = totals[0]
    form = words.formatter(one.unit)
    level = words.signed(one.level.mean, form) if one.quantity == "net" else form(one.level.mean)
    return f"{one.title}, all streams here: {level} a year under “{one.scenario_title}”"


def _change_said(totals: list[StreamFigure]) -> str:
    said, same = [], []
    for one in totals:
        if one.change is None:
            continue
        if one.change.low == one.change.high == 0.0:
            same.append(f"“{one.scenario_title}”")
            continue
        form = words.formatter(one.unit)
        less = "less" if one.unit.startswith("GBP") else "fewer"
        span = words.between(one.change.low, one.change.high, form, "more", less)
        runs = words.with_runs(one.change.n_runs)
        change = words.difference(one.change.mean, form, "more", less)
        said.append(f"Under “{one.scenario_title}” it is {change} a year: nine in ten of {runs} lie {span}.")
    if same:
        said.append(f"Under {words.sentence_list(same)} it changes in no run.")
    return " ".join(said) or f"From {words.with_runs(totals[0].level.n_runs)} of one scenario."


def _not_known() -> Section:
    return Section(
        "not-known",
        "What these figures cannot tell",
        (),
        (
            "Published shares of failure demand come from cases that consultants selected, or from councils' counts of "
            "themselves; their ranges are wide and most figures were recalled.",
            "How often households make contact, chase and give up is assumed; the intervals show what follows.",
            "Households that do not use the web are taken to make contact as often as others of their tenure.",
            "Income is anchored at the start, so that runs differ in it only as far as work and households change.",
            "Savings on answering are time of staff set free; they are cash only when posts go.",
        ),
    )
