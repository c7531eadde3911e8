"""The page of replays: every published study against the same study run inside the model, and what it cannot give."""

from __future__ import annotations

from collections.abc import Iterable

from demandsim.parameters.book import Book
from demandsim.report import replay_words as told
from demandsim.report import words
from demandsim.report.documents.figures import source_text
from demandsim.report.documents.markdown import bullets, code, heading, page, table
from demandsim.report.replay_words import Row

_NONE_YET = "Not replayed yet: run `demandsim fit effects`."


def replays_page(book: Book) -> str:
    """Published against replayed, the ratios solved, what is not reached, and what has no control group.

    Parameters
    ----------
    book : Book
        With the fitted effects.
    """
    rows = told.replay_rows(book)
    if not rows:
        return page("Replays", told.INTRO, _NONE_YET)
    missed = [row for row in rows if told.is_missed(row)]
    return page(
        "Replays",
        told.INTRO,
        bullets(told.RULES),
        f"{told.headline(rows)}. The error is that of {words.with_runs(int(rows[0]['lucks']))}.",
        heading("Published against replayed"),
        table(
            ("study", "contrast", "published", "believed", "replayed", "error", "without help", "verdict", "source"),
            (_contrast_row(row) for row in rows),
        ),
        heading("The ratios"),
        "The range is the study's own, carried through the model; the range in force, after the rules above, is in "
        "[parameters](parameters.md). The error is of the ratio, from luck.",
        table(
            ("study", "acts on", "effects (weight)", "stated before", "ratio", "range of the study", "error"),
            (_ratio_row(row) for row in rows),
        ),
        heading("What the model cannot reproduce"),
        bullets(told.cannot(row) for row in missed) if missed else "Nothing.",
        heading("Without help, before and after"),
        "The same people with nothing from the trial, at the start and at the end: what a count before and after would "
        "have called the effect of help. Only outcomes that can be looked at at one moment.",
        table(("study", "at the start", "at the end", "people found"), _before_rows(rows)),
        heading("No control group"),
        "Nobody was compared, so the figure says nothing about effect: centred on none.",
        table(("effects", "why"), ((_codes(row["effects"]), row["why"]) for row in told.uncontrolled_rows(book))),
    )


def _contrast_row(row: Row) -> list[str]:
    return [
        str(row["title"]),
        told.kind_words(row),
        f"{told.figure(row, row['published'])} ({told.between(row, row['published_low'], row['published_high'])})",
        f"{told.figure(row, row['believed'])} ({told.between(row, row['believed_low'], row['believed_high'])})",
        told.figure(row, row["replayed"]),
        told.error_words(row),
        told.comparison_words(row),
        told.verdict(row),
        source_text(str(row["source"])),
    ]


def _ratio_row(row: Row) -> list[str]:
    error = float(row["standard_error"])
    effects = zip(row["effects"], row["weights"], strict=True)
    return [
        str(row["title"]),
        _codes(row["acts_on"]),
        ", ".join(f"{code(name)} ({weight:g})" for name, weight in effects) or "none",
        f"{row['stated']:.3g}" if row["effects"] else "",
        told.ratio_words(row),
        f"{row['low']:.2f} to {row['high']:.2f}",
        f"±{100 * error:.1f}%" if error > 0.0 and row["is_reached"] else "",
    ]


def _before_rows(rows: Iterable[Row]) -> Iterable[list[str]]:
    for row in rows:
        if row["before"] == row["before"]:
            yield [
                str(row["title"]),
                words.percent(row["before"]),
                words.percent(row["comparison"]),
                f"{row['found']:,.0f}",
            ]


def _codes(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in names)
