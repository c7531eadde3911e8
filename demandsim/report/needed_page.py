"""What it would take for streams of contact to save or earn an amount: routes in words, a chart and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, level_cell
from demandsim.report.charts.needed import draw_needed
from demandsim.report.rendering import render_page, write_page
from demandsim.report.sections.case import picture
from demandsim.report.svg import chart_style

if TYPE_CHECKING:
    from pathlib import Path

    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.needed import AmountAnswer, RouteAnswer

KIND: Final = "What it would take, from a model"
_WHAT_IT_IS: Final = (
    "Each route is tried alone, step by step away from as now, until what is left over has risen by the amount asked: "
    "income, less the pay of posts, the cost of answering contacts and what becomes of waste. Each set of beliefs "
    "gives one answer. Matters are counted in expectation and in the long run, years after the change; no household "
    "is simulated, and nothing is lost or gained by luck."
)
_LIMITS: Final = {
    "price": "tried up to twice as dear",
    "volume": "tried up to twice as many",
    "volume_and_posts": "tried up to twice as many of both",
    "posts": "tried down to no posts at all",
    "less_waste": "tried down to half as much",
    "recycling": "tried up to two and a half times the share",
}
_NOT_KNOWN: Final = (
    "What may lawfully be charged is not known to the model: many penalties and fees are set by law, and some may "
    "cover cost and no more.",
    "How far income follows the matters settled, and how people respond to dearer prices, are assumed within wide "
    "ranges; how often each route is reached says how much of those ranges reaches it, and is no forecast.",
    "More to settle is taken as given: nobody says here what would bring it, and more to enforce is no good in itself.",
    "Contacts of households in need come on top, and their answering is not in the sums; nor are redundancy, notice "
    "or new systems.",
)


def write_needed(answer: AmountAnswer, place: str, path: str | Path) -> Path:
    """Write the answer as one HTML file, replaced whole or not at all.

    Raises
    ------
    RequestError
        When the file cannot be written.
    """
    with chart_style():
        sections = needed_sections(answer, place)
    title = f"{words.money(answer.amount)} a year: {place}"
    figures = f"All figures come from {_sets(answer.n_draws)} of the model, not from observation."
    return write_page(
        render_page(title, sections, needed_headline(answer), answer.n_draws, KIND, figures), path, "page"
    )


def needed_headline(answer: AmountAnswer) -> str:
    """The finding in one line."""
    best = max(answer.routes, key=lambda one: one.reached)
    asked = f"{words.money(answer.amount)} a year"
    if best.reached == 0.0:
        return f"No route here reaches {asked} under any set of beliefs"
    share = "every set" if best.reached == 1.0 else f"{words.percent(best.reached)} of sets"
    return f"{asked}, each route alone: “{best.route.title}” reaches it most often, in {share} of beliefs"


def needed_sections(answer: AmountAnswer, place: str, is_drawn: bool = True) -> list[Section]:
    """The answer, the streams as now, and what is not known; without its chart for a terminal."""
    finding = needed_headline(answer)
    svg = ""
    if is_drawn:
        said = "The most that each route gives in a year, with nine in ten sets of beliefs, beside the amount asked."
        svg = picture(draw_needed(answer), "needed", finding, said)
    exhibit = Exhibit(finding, " ".join(_said(one) for one in answer.routes), svg, _routes_table(answer))
    streams = words.sentence_list([title.lower() for title in answer.titles])
    lead = f"{place}: {streams}, taken together."
    return [
        Section("answer", "What it would take", (lead, _WHAT_IT_IS), exhibits=(exhibit,)),
        Section("as-now", "As now", (), exhibits=(_as_now(answer),)),
        Section("not-known", "What these figures cannot tell", (), _NOT_KNOWN),
    ]


def _sets(n: int) -> str:
    return "1 set of beliefs" if n == 1 else f"{n:,} sets of beliefs"


def _said(one: RouteAnswer) -> str:
    """A route in a sentence."""
    most = f"at most {words.money(one.most.mean)} a year"
    if one.reached == 0.0:
        return f"{one.route.title}: never enough; {most}."
    change = words.signed(one.size.mean - 1.0, words.percent)
    share = "every set" if one.reached == 1.0 else f"the {words.percent(one.reached)} of sets that reach it"
    return f"{one.route.title}: it takes {change} in {share}."


def _routes_table(answer: AmountAnswer) -> Table:
    caption = (
        f"The smaller figures are the two between which nine in ten of {_sets(answer.n_draws)} lie. What it takes is "
        "over those sets that reach the amount; failure demand, the share of contacts that chase or complain, is where "
        "they reach it, or where the route gives most. It is "
        f"{words.percent(answer.failure.mean)} as now."
    )
    head = ("Route, alone", "What it takes, against as now", "Reached in", "The most it gives a year", "Failure demand")
    rows = tuple(
        (
            Cell(one.route.title, _LIMITS[one.route.name]),
            _size_cell(one.size),
            Cell(words.percent(one.reached), "of sets of beliefs"),
            level_cell(one.most, words.money),
            level_cell(one.failure, words.percent),
        )
        for one in answer.routes
    )
    return Table(caption, head, rows)


def _size_cell(size: Estimate) -> Cell:
    if size.n_runs == 0:
        return Cell("not reached")
    span = words.signed_range(size.low - 1.0, size.high - 1.0, words.percent)
    return Cell(words.signed(size.mean - 1.0, words.percent), span)


def _as_now(answer: AmountAnswer) -> Exhibit:
    rows = [
        (Cell("Posts"), level_cell(answer.posts, words.number)),
        (Cell("Gross spending", "pounds a year: posts, contracts, waste"), level_cell(answer.gross, words.money)),
        (Cell("Income", "pounds a year"), level_cell(answer.income, words.money)),
        (Cell("Net spending", "pounds a year"), change_cell(answer.net, words.money)),
        (Cell("Failure demand", "share of contacts"), level_cell(answer.failure, words.percent)),
    ]
    if answer.tonnes.n_runs:
        rows += [
            (Cell("Household waste", "tonnes a year"), level_cell(answer.tonnes, words.whole)),
            (Cell("Recycled or composted", "share of it"), level_cell(answer.recycled, words.percent)),
        ]
    share = answer.amount / abs(answer.net.mean) if answer.net.mean else float("nan")
    finding = f"{words.money(answer.amount)} is {words.percent(share)} of net spending as now"
    caption = f"The smaller figures are the two between which nine in ten of {_sets(answer.n_draws)} lie."
    return Exhibit(finding, "", "", Table(caption, ("What", "As now"), tuple(rows)))
