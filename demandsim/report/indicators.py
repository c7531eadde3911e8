"""A council's own indicators: what was published, what is simulated as now, and what each scenario changes.

Takes indicators as a study shows them; gives sections, one HTML file and plain records. Those that the model does not
measure are listed with the reason, and never left out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from demandsim.comparison.estimate import FEWEST_RUNS
from demandsim.comparison.meta import read_meta
from demandsim.parameters.belief import ASSUMED
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.rows import Row, draw_rows
from demandsim.report.rendering import render_page, write_page
from demandsim.report.sections.case import picture
from demandsim.report.svg import chart_style

if TYPE_CHECKING:
    import xarray as xr

    from demandsim.comparison.indicators import Shown
    from demandsim.parameters.book import Book
    from demandsim.study.indicator_sets import Indicator, IndicatorSet

KIND: Final = "A council's indicators, beside a simulation"
_RECALLED: Final = "recalled, to be looked up before it is quoted"


def indicators_headline(shown: Sequence[Shown]) -> str:
    """How many of the indicators are there, in one line."""
    marks = [one.indicator.mark for one in shown]
    return (
        f"Of {words.count_of(len(marks), 'indicator')}, {marks.count('modelled')} simulated as published, "
        f"{marks.count('nearest')} by the nearest figure there is, {marks.count('not modelled')} not modelled"
    )


def write_indicators(
    results: xr.Dataset, chosen: IndicatorSet, shown: Sequence[Shown], book: Book, path: str | Path
) -> Path:
    """Write the page.

    Raises
    ------
    RequestError
        When it cannot be written.
    """
    with chart_style():
        sections = indicator_sections(results, chosen, shown, book)
    runs = max((one.under[0].level.n_runs for one in shown if one.under), default=0)
    return write_page(render_page(chosen.title, sections, indicators_headline(shown), runs, KIND), path, "page")


def indicator_sections(
    results: xr.Dataset, chosen: IndicatorSet, shown: Sequence[Shown], book: Book, is_drawn: bool = True
) -> list[Section]:
    """Those measured, then those that are not, then what to bear in mind; without charts for a terminal."""
    sources = {key: source.cite() for key, source in book.sources.items()}
    measured = [one for one in shown if one.under]
    exhibits = tuple(_exhibit(one, sources, is_drawn) for one in measured)
    lead = [f"Listed in: {sources[chosen.source]}."]
    if chosen.place != results.attrs.get("place"):
        here = read_meta(results).place.get("title") or results.attrs.get("place", "another place")
        lead.append(f"The published figures are of another place than these results, which are of {here}.")
    return [
        Section("measured", indicators_headline(shown), tuple(lead), exhibits=exhibits),
        _not_modelled([one.indicator for one in shown if not one.under], sources),
        _bear_in_mind(results, measured),
    ]


def indicators_json(results: xr.Dataset, chosen: IndicatorSet, shown: Sequence[Shown]) -> str:
    """Every indicator and scenario as JSON; what is not known is null."""
    rows = [row for one in shown for row in _records(one)]
    record = {"set": chosen.id, "published_for": chosen.place, "simulated": results.attrs.get("place"), "rows": rows}
    return json.dumps(record, indent=2, allow_nan=False)


def _published(one: Indicator, sources: Mapping[str, str]) -> Cell:
    if one.published is None:
        return Cell("no figure found")
    said = _RECALLED if one.source == ASSUMED else sources[one.source]
    return Cell(words.number(one.published), f"{one.year}; {said}")


def _exhibit(shown: Shown, sources: Mapping[str, str], is_drawn: bool) -> Exhibit:
    one, now = shown.indicator, shown.under[0]
    assert shown.first is not None
    near = "" if one.mark == "modelled" else ", by the nearest figure there is"
    published = "no published figure was found"
    if one.published is not None:
        recalled = " (recalled)" if one.source == ASSUMED else ""
        published = f"{words.number(one.published)} published for {one.year}{recalled}"
    level = f"{words.number(shown.first.mean)} simulated for {shown.first_year} under “{now.title}”{near}"
    svg = ""
    others = [(under.title, under.change) for under in shown.under if under.change is not None]
    unmoved = _unmoved(shown)
    if is_drawn and others and not unmoved:
        rows = [Row(title, change, words.signed(change.mean, words.number)) for title, change in others]
        said = f"Difference from “{now.title}” in {one.title.lower()} under each scenario, with nine in ten runs."
        svg = picture(draw_rows(rows, f"{one.unit}: difference from “{now.title}”"), one.name, one.title, said)
    parts = (f"{one.title}: {one.unit}.", one.differs, _converted(shown, sources), one.note, unmoved)
    sentence = " ".join(part for part in parts if part)
    return Exhibit(f"{one.title}: {published}, {level}", sentence, svg, _table(shown, sources))


def _converted(shown: Shown, sources: Mapping[str, str]) -> str:
    """By which stated figures the level was multiplied, and how far they alone could move it."""
    one = shown.indicator
    if not one.conversions:
        return ""
    assert shown.first is not None
    told = "; ".join(
        f"{words.number(each.value)} {each.meaning} ({words.number(each.low)} to {words.number(each.high)}; "
        f"{'assumed' if each.source == ASSUMED else sources[each.source]})"
        for each in one.conversions
    )
    ends = [words.number(shown.first.mean * end / one.factor) for end in one.factor_span]
    return (
        f"To come nearer to the published unit it is multiplied by stated figures: {told}. With these alone at their "
        f"ends, the {words.number(shown.first.mean)} simulated would be {ends[0]} to {ends[1]}."
    )


def _unmoved(shown: Shown) -> str:
    """Where no run differs at all: that this is not the same as being sure that nothing could."""
    changes = [under.change for under in shown.under if under.change is not None]
    if not changes or any((one.mean, one.low, one.high) != (0.0, 0.0, 0.0) for one in changes):
        return ""
    return (
        f"Not one of the {words.with_runs(changes[0].n_runs)} differs under any scenario: none of them acts on it, or "
        "too few households are simulated for so few people to be moved."
    )


def _table(shown: Shown, sources: Mapping[str, str]) -> Table:
    one, now = shown.indicator, shown.under[0]
    assert shown.first is not None
    rows = [
        (Cell("Published", one.measured_by), _published(one, sources), Cell(""), Cell("")),
        (
            Cell(now.title, shown.first_year),
            level_cell(shown.first, words.number),
            Cell(""),
            Cell(str(shown.first.n_runs)),
        ),
    ]
    for under in shown.under:
        change = Cell("") if under.change is None else change_cell(under.change, words.number)
        runs = under.level.n_runs if under.change is None else under.change.n_runs
        rows.append((Cell(under.title, shown.when), level_cell(under.level, words.number), change, Cell(str(runs))))
    head = ("Scenario", f"{one.title} ({one.unit})", f"Difference from {now.title}", "Runs")
    return Table(interval_caption(f"{one.title}, {one.unit}", now.level.n_runs), head, tuple(rows))


def _not_modelled(those: Sequence[Indicator], sources: Mapping[str, str]) -> Section:
    rows = tuple(
        (
            Cell(one.title, one.unit),
            Cell(one.measured_by),
            _published(one, sources),
            Cell(one.not_modelled),
        )
        for one in those
    )
    head = ("Indicator", "Published by", "Published", "Why not, and what would be needed")
    exhibit = Exhibit(
        f"{words.count_of(len(those), 'indicator')} not modelled",
        "No scenario is said to move these, for better or worse: nothing here measures them.",
        table=Table("Indicators that nothing in the model measures.", head, rows),
    )
    return Section("not-modelled", "Not modelled", exhibits=(exhibit,) if those else ())


def _bear_in_mind(results: xr.Dataset, measured: Sequence[Shown]) -> Section:
    points = [
        "A level near the published one proves nothing where the model was fitted to it; look at the differences.",
        "Each set of beliefs is drawn without being fitted again, so levels spread widely about the published figure.",
        "Each difference is between worlds with the same households on the same luck, run by run.",
    ]
    if any(one.indicator.mark == "nearest" for one in measured):
        points.append("A figure marked as the nearest measures something else: its level must not be set against it.")
    if cannot_tell := read_meta(results).place.get("cannot_tell"):
        points.insert(0, str(cannot_tell))
    runs = max((one.under[0].level.n_runs for one in measured), default=0)
    if runs < FEWEST_RUNS:
        points.insert(0, f"Too few runs to tell anything: {words.with_runs(runs)}.")
    return Section("not-known", "What to bear in mind", points=tuple(points))


def _records(shown: Shown) -> list[dict[str, Any]]:
    one = shown.indicator
    base: dict[str, Any] = {
        "indicator": one.name,
        "title": one.title,
        "unit": one.unit,
        "mark": one.mark,
        "published": one.published,
        "year": one.year or None,
        "source": one.source or None,
        "differs": one.differs or None,
        "conversions": [each.model_dump() for each in one.conversions],
        "why_not": one.not_modelled or None,
    }
    if not shown.under:
        return [base]
    assert shown.first is not None
    first = {"scenario": shown.under[0].scenario, "when": shown.first_year, **_of(shown.first, "level")}
    rows = [{**base, **first}]
    for under in shown.under:
        row = {**base, "scenario": under.scenario, "when": shown.when, **_of(under.level, "level")}
        if under.change is not None:
            row |= _of(under.change, "difference")
        rows.append(row)
    return rows


def _of(estimate: Any, name: str) -> dict[str, Any]:
    figures = {name: estimate.mean, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
    known = {key: value if math.isfinite(value) else None for key, value in figures.items()}
    return {**known, "runs": estimate.n_runs}
