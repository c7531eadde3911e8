"""The page of regression to the mean: what looks like a saving though nothing was done, beside what a trial finds.

Takes what a place gave when it was looked at again; gives one HTML file, and the finding in lines for a terminal.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.rows import Row, draw_rows, money_scale
from demandsim.report.rendering import render_page, write_page
from demandsim.report.svg import chart_style, svg_text
from demandsim.study.replay.regression import ARMS, WAYS, LookedAgain

if TYPE_CHECKING:
    from numpy.typing import NDArray

KIND: Final = "The worst-off families, looked at again a year later, in a simulation"
TITLE: Final = "A saving that nobody made"
#: On the chart, where a label has two lines.
_SHORT: Final = {"costliest": "Costliest last year", "crisis": "In crisis last year", "several": "Several needs now"}


def _estimate(values: NDArray[np.float64]) -> Estimate:
    """One set of beliefs, one run of luck each."""
    return summarise(values[np.newaxis, np.newaxis, :], "GBP")[0]


def looked_headline(found: LookedAgain) -> str:
    """The finding in one line."""
    seems = _estimate(found.looks_saved("costliest"))
    none = _estimate(found.controlled("costliest", "null"))
    said = "may cost more or less" if seems.includes_zero else f"cost {words.difference(-seems.mean, words.money)}"
    return (
        f"The costliest families {said} a year later though nothing was done; "
        f"help that does nothing saves {words.money(none.mean)}"
    )


def looked_lines(found: LookedAgain) -> list[str]:
    """The finding for a terminal: a line a way of choosing, and the published pair."""
    lines = [f"{found.place}, {found.n_households:,} households, {found.price_year} prices"]
    for way, title in WAYS.items():
        seems, trial = _estimate(found.looks_saved(way)), _estimate(found.controlled(way, "programme"))
        lines += [
            f"{title} ({np.mean(found.families[list(WAYS).index(way)]):,.0f} a run)",
            f"  before less after, nothing done:      {_said(seems)}",
            f"  with and without, the programme's null: {_said(trial)}",
        ]
    lines.append(
        f"Published: {_hundreds(found.claim)} a family claimed from before and after ({found.claim_printed}), at a "
        f"cost of {_hundreds(found.cost)}; the matched comparison found none."
    )
    return lines


def _hundreds(gbp: float) -> str:
    """A printed amount, to the hundred."""
    return f"£{round(gbp, -2):,.0f}"


def _said(one: Estimate) -> str:
    span = words.signed_range(one.low, one.high, words.money)
    return f"{words.signed(one.mean, words.money)} a family (nine in ten of {words.with_runs(one.n_runs)}: {span})"


def write_looked(found: LookedAgain, path: str | Path) -> Path:
    """Write the page.

    Raises
    ------
    RequestError
        When it cannot be written.
    """
    with chart_style():
        sections = [_answer(found), _beside(found), _levels(found), _not_known()]
    runs = found.everyone.size
    figures = f"All figures but those called published come from {words.with_runs(runs)} of a simulation."
    return write_page(render_page(TITLE, sections, looked_headline(found), runs, KIND, figures), path, "page")


def _answer(found: LookedAgain) -> Section:
    points = []
    for way, title in WAYS.items():
        points.append(
            f"{title}: a count before and after shows {_said(_estimate(found.looks_saved(way)))} as a saving, with "
            f"nothing done. A comparison with and without shows {_said(_estimate(found.controlled(way, 'programme')))} "
            "for the programme with the effect its study found: none."
        )
    points.append(
        f"The first Troubled Families programme was said to save {_hundreds(found.claim)} a family from costs before "
        f"and after ({found.claim_printed}), for {_hundreds(found.cost)} spent. The comparison with matched families "
        "found no effect."
    )
    return Section(
        "answer",
        looked_headline(found),
        (
            "Families are chosen when things are at their worst. Some of that is lasting and some is a bad year, and "
            "a bad year ends whatever is done. A count of costs before and after takes the end of the bad year for "
            "the work of whoever came in between; a comparison with families who had the same bad year does not.",
            f"{found.place}, {found.n_households:,} households simulated, as now, in {found.price_year} prices. Costs "
            "are what agencies buy for the family and what its needs cost them, without the pay of staff.",
        ),
        tuple(points),
    )


def _beside(found: LookedAgain) -> Section:
    seems, trial = _estimate(found.looks_saved("costliest")), _estimate(found.controlled("costliest", "programme"))
    finding = (
        f"The costliest seem to save {words.signed(seems.mean, words.money)} a family before and after, and "
        f"{words.signed(trial.mean, words.money)} with and without"
    )
    rows = []
    for way in WAYS:
        rows += [
            (f"{_SHORT[way]}: before and after", _estimate(found.looks_saved(way))),
            (f"{_SHORT[way]}: with and without", _estimate(found.controlled(way, "programme"))),
        ]
    claim = _published(found.claim)
    scale, unit = money_scale(max(abs(value) for _, e in [*rows, ("", claim)] for value in (e.low, e.high)))
    drawn = [Row(label, e, words.signed(e.mean, words.money), scale) for label, e in rows]
    drawn += [
        Row("Published: before and after", claim, words.signed(claim.mean, _hundreds), scale),
        Row("Published: matched comparison", _published(0.0), "none found", scale),
    ]
    svg = svg_text(
        draw_rows(drawn, f"{unit} a family: above zero is a saving"),
        "saved",
        finding,
        "Savings a family by way of choosing: before and after, and with and without, with nine in ten runs; the "
        "published claim and the matched comparison below.",
    )
    sentence = (
        "A dot is the mean, a line holds nine in ten runs; a hollow dot could be either. The programme's own line "
        "differs from no help only in what its workers notice, since its published effect is none."
    )
    return Section("beside", "Side by side", exhibits=(Exhibit(finding, sentence, svg, _beside_table(found)),))


_HELPED: Final = ("null", "programme")


def _beside_table(found: LookedAgain) -> Table:
    return Table(
        interval_caption("What seems to be saved, and what is: a family and year", found.everyone.size),
        ("Who", "Before and after, nothing done", *(f"With and without: {ARMS[arm].lower()}" for arm in _HELPED)),
        (
            *(
                (
                    Cell(title),
                    change_cell(_estimate(found.looks_saved(way)), words.money),
                    *(change_cell(_estimate(found.controlled(way, arm)), words.money) for arm in _HELPED),
                )
                for way, title in WAYS.items()
            ),
            (
                Cell("Published, first Troubled Families programme", f"cost {_hundreds(found.cost)}"),
                Cell(words.signed(found.claim, _hundreds), "seven areas, gross"),
                Cell("–"),
                Cell("none found", "matched families"),
            ),
        ),
    )


def _published(value: float) -> Estimate:
    """A printed figure as a point on the chart."""
    nan = float("nan")
    return Estimate(value, value, value, 0.0, nan, nan, nan, 1, 1, 0, int(value > 0.0), "GBP")


def _levels(found: LookedAgain) -> Section:
    caption = f"Cost a family and year; all families with children cost {words.money(float(found.everyone.mean()))}"
    table = Table(
        interval_caption(caption, found.everyone.size),
        ("Who", "The year before", "The year after, nothing done", "Families a run"),
        tuple(
            (
                Cell(title),
                level_cell(_estimate(found.of(way, "nothing")[0]), words.money),
                level_cell(_estimate(found.of(way, "nothing")[1]), words.money),
                Cell(f"{np.mean(found.families[list(WAYS).index(way)]):,.0f}"),
            )
            for way, title in WAYS.items()
        ),
    )
    sentence = (
        "How much comes back by itself follows from how families are chosen: by a year's cost, a great deal; by needs "
        "that they have now, set against the year in which those grew, little or none."
    )
    return Section(
        "levels", "Before and after", exhibits=(Exhibit("What they cost, before and after", sentence, "", table),)
    )


def _not_known() -> Section:
    return Section(
        "not-known",
        "What this does not show",
        points=(
            "How the seven areas chose their families, and so which row stands nearest to them.",
            "Costs that are not in this model, such as schools' and courts'.",
            "That help for families does nothing: only that a count before and after cannot tell.",
        ),
    )
