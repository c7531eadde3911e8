"""The page of replays: published studies beside the same studies run inside the model.

Takes a book with fitted effects; gives one HTML file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from demandsim.errors import RequestError
from demandsim.parameters.book import Book
from demandsim.report import replay_words as told
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table
from demandsim.report.charts.replays import Mark, draw_replays
from demandsim.report.rendering import render_page, write_page
from demandsim.report.replay_words import Row
from demandsim.report.svg import chart_style, svg_text

KIND: Final = "Published studies, run again inside a simulation"
TITLE: Final = "What help was found to do, and what the model makes of it"
_MARKS: Final = (
    "In each row: above, an upright stroke in a thin line, as published with its interval; in the middle, a diamond in "
    "a thick line, what is believed of it; below, a full dot, what the model gave back, with twice its error from luck "
    "to each side."
)


def write_replays(book: Book, path: str | Path) -> Path:
    """Write the page.

    Raises
    ------
    RequestError
        Where effects were never fitted, or the page cannot be written.
    """
    rows = told.replay_rows(book)
    if not rows:
        raise RequestError("No study has been replayed yet. Run: demandsim fit effects")
    ratios = [row for row in rows if told.is_ratio(row)]
    others = [row for row in rows if not told.is_ratio(row)]
    sections = [_answer(rows)]
    with chart_style():
        sections.append(_published(ratios, "ratios", "Ratios: 1 is no effect"))
        sections.append(_published(others, "differences", "Differences of shares, in points: 0 is no effect"))
    sections += [_strengths(rows), _cannot(rows), _before(rows), _uncontrolled(book)]
    lucks = int(rows[0]["lucks"])
    figures = f"Replayed figures come from {words.with_runs(lucks)} of each simulated study; published ones from it."
    return write_page(render_page(TITLE, sections, told.headline(rows), lucks, KIND, figures), path, "page")


def _answer(rows: Sequence[Row]) -> Section:
    return Section("answer", told.headline(rows), (told.INTRO,), told.RULES)


def _mark(row: Row) -> Mark:
    """Positions of a study's three figures; ratios as they are, differences in points."""
    value = float(row["replayed"])
    twice = 2.0 * float(row["replayed_error"])
    ends = (value * math.exp(-twice), value * math.exp(twice)) if told.is_ratio(row) else (value - twice, value + twice)
    scale = 1.0 if told.is_ratio(row) else 100.0

    def scaled(middle: float, low: float, high: float) -> tuple[float, float, float]:
        return scale * middle, scale * low, scale * high

    text = "none found" if row["is_null"] else told.figure(row, value) + ("" if row["is_reached"] else ", not reached")
    return Mark(
        str(row["title"]),
        scaled(*(float(row[name]) for name in ("published", "published_low", "published_high"))),
        scaled(*(float(row[name]) for name in ("believed", "believed_low", "believed_high"))),
        scaled(value, *ends),
        text,
    )


def _published(rows: Sequence[Row], name: str, axis_label: str) -> Section:
    finding = told.counts_words(rows, name)
    is_log = name == "ratios"
    drawn = [row for row in rows if is_log or row["contrast"] == "risk_difference"]  # one unit on an axis
    drawing = draw_replays([_mark(row) for row in drawn], axis_label, 1.0 if is_log else 0.0, is_log)
    svg = svg_text(drawing, name, finding, f"{_MARKS} The same figures are in the table.")
    table = Table(
        f"As published, as believed and as replayed: {name}. The smaller figures are intervals; under “replayed”, the "
        f"error from luck of {words.with_runs(int(rows[0]['lucks']))}.",
        ("Study", "Published", "Believed", "Replayed", "Without help", "Verdict"),
        tuple(_row(row) for row in rows),
    )
    return Section(name, axis_label, exhibits=(Exhibit(finding, _MARKS, svg, table),))


def _row(row: Row) -> tuple[Cell, ...]:
    return (
        Cell(str(row["title"]), told.kind_words(row)),
        Cell(told.figure(row, row["published"]), told.between(row, row["published_low"], row["published_high"])),
        Cell(told.figure(row, row["believed"]), told.between(row, row["believed_low"], row["believed_high"])),
        Cell(told.figure(row, row["replayed"]), told.error_words(row)),
        Cell(told.comparison_words(row)),
        Cell(told.verdict(row)),
    )


def _strengths(rows: Sequence[Row]) -> Section:
    table = Table(
        "How many times as fast needs move while help is at full effect (the hazard ratio): below 1 is slower, above "
        "1 faster. The smaller figures are the study's range, carried through the model.",
        ("Study", "Acts on", "Stated before", "Solved", "What the stated ratio gives"),
        tuple(
            (
                Cell(str(row["title"]), str(row["stands_in"])),
                Cell(words.moves(row["acts_on"])),
                Cell(f"{row['stated']:.2f}" if row["effects"] else "–"),
                Cell(told.ratio_words(row), f"{row['low']:.2f} to {row['high']:.2f}"),
                Cell(told.figure(row, row["stated_gives"]) if row["effects"] else "–"),
            )
            for row in rows
        ),
    )
    sentence = "The stated ratios were set by a rule from the published figures, before any study was run again."
    finding = told.stronger_words(rows)
    return Section("strengths", "The strength of help", exhibits=(Exhibit(finding, sentence, "", table),))


def _cannot(rows: Sequence[Row]) -> Section:
    missed = tuple(told.cannot(row) for row in rows if told.is_missed(row))
    said = missed or ("Every study that found an effect was reached.",)
    return Section("cannot", "What the model cannot reproduce", points=said)


def _before(rows: Sequence[Row]) -> Section:
    seen = [row for row in rows if row["before"] == row["before"]]
    table = Table(
        "Share of each study's people with its outcome, without its help; means of "
        f"{words.with_runs(int(rows[0]['lucks']))}",
        ("Study", "At the start", "At the end", "Households found"),
        tuple(
            (
                Cell(str(row["title"])),
                Cell(words.percent(row["before"])),
                Cell(words.percent(row["comparison"])),
                Cell(f"{row['found']:,.0f}"),
            )
            for row in seen
        ),
    )
    sentence = "Nobody here was helped. A count before and after would have put what changed anyway down to help."
    moved = sum(words.percent(row["before"]) != words.percent(row["comparison"]) for row in seen)
    finding = f"Without help, the share with the outcome moved by itself in {moved} of {len(seen)} studies"
    return Section("before", "Before and after", exhibits=(Exhibit(finding, sentence, "", table),))


def _uncontrolled(book: Book) -> Section:
    points = tuple(f"{_services(book, row)}: {row['why']}" for row in told.uncontrolled_rows(book))
    said = "Where nobody was compared, a figure says nothing about effect; these are centred on none, with a range."
    return Section("uncontrolled", "No control group", (said,), points)


def _services(book: Book, row: Row) -> str:
    """Titles of the services that a row's effects are of."""
    return words.sentence_list([book.services[book.effects[name].service].title for name in row["effects"]])
