"""Everyday contact: failure demand beside what was published, what answering costs, who is left behind, enforcement."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from demandsim.comparison.contact_lives import life_figures
from demandsim.comparison.failure_demand import (
    ALL_STREAMS,
    StreamFigure,
    contact_figures,
    failure_demand,
    waiting_figures,
)
from demandsim.comparison.meta import read_meta
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, interval_caption
from demandsim.report.charts.failure import draw_failure
from demandsim.report.contact_tables import PARTS, cells, heads, of_scenario, part_section, who_is_offline
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
    """Failure demand, answering, who is left behind, homes and needs, money and waste; without charts on a terminal."""
    figures = failure_demand(results)
    sections = [_failure(figures, is_drawn, where_from(results))]
    for part in PARTS:
        of_part = life_figures(results) if part.quantities is None else contact_figures(results, part.quantities)
        if part.name == "left-behind":
            of_part += waiting_figures(results)
        sections.append(part_section(part, of_part, is_drawn))
    at = next(at for at, part in enumerate(PARTS, 1) if part.name == "left-behind")
    if (who := who_is_offline(results)) is not None:
        sections[at] = replace(sections[at], exhibits=(*sections[at].exhibits, who))
    return [*sections, _not_known()]


def _runs(figures: list[StreamFigure]) -> int:
    return max(one.level.n_runs for one in figures)


def _failure(figures: list[StreamFigure], is_drawn: bool, where_from: str) -> Section:
    by_scenario = list(of_scenario(figures).values())
    before, after = by_scenario[0], by_scenario[1] if len(by_scenario) > 1 else []
    finding = contact_headline(figures)
    svg = ""
    if is_drawn:
        said = "Share of contacts that chase or complain by stream, with nine in ten runs, over the published range."
        svg = picture(draw_failure(before, after), "failure", finding, said)
    titles = [own[0].scenario_title for own in by_scenario]
    head = ["Stream", "Published", *heads(titles, "Difference (points)", " (points)")]
    rows = []
    for at, one in enumerate(before):
        own = [figures_of[at] for figures_of in by_scenario]
        rows.append((Cell(one.stream_title), _published_cell(one), *cells(own, words.percent, words.bare_points)))
    caption = interval_caption("Share of contacts that chase or complain, and the published range", _runs(figures))
    table = Table(f"{caption} {_sources(before)}", tuple(head), tuple(rows))
    exhibit = Exhibit("Contacts that chase or complain, stream by stream", _outside(before), svg, table)
    return Section("answer", finding, (_WHAT_IT_IS, where_from, _EXPECTED), exhibits=(exhibit,))


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
            "Whoever calls gets through: queues on the telephone, and calls given up in them, are not counted.",
            "Disposal is paid for by the tonne at once; joint authorities often charge a year or two later.",
        ),
    )
