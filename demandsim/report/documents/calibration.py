"""The page of all calibrations: targets met, traded off and missed, waves, and what no figure tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from demandsim.parameters.book import Book
from demandsim.parameters.calibrated import CalibratedDraws, is_current, read_calibrated
from demandsim.report.calibration import (
    answer_sentences,
    belief_cells,
    coverage_sentences,
    headline,
    target_cells,
    trade_sentences,
    unknown_beliefs,
    wave_cells,
    words_of,
)
from demandsim.report.documents.markdown import bullets, code, heading, page, table
from demandsim.study.books import ENGLAND, load_book

_INTRO = (
    "A fit finds one set of values under which the model measures what was published; `demandsim calibrate` finds all "
    "that do. It runs a place as now under many sets of beliefs, fits a stand-in (an emulator) of every figure, cuts "
    "away beliefs under which any figure lies more than 3 standard deviations off by the largest of its distances, and "
    "goes on from what is left, wave by wave. At the end it draws sets of beliefs, runs each for real, moves what the "
    "fit moves by as much as the run missed and runs it again while too few agree, weights them by how they came and "
    "how well they agree, and writes rows of equal weight. Every study of the place then draws from these rows; "
    "beliefs on which no figure depends are drawn as stated.\n\n"
    "A standard deviation holds the published tolerance (read as nine in ten), the luck of the place itself, the error "
    "of the stand-in, and a model discrepancy that is a belief (`calibration.discrepancy`). Agreement with levels says "
    "nothing about what a policy would do."
)
_MOST_ROWS = 40


def read_calibrations(configs: Path) -> list[tuple[CalibratedDraws, bool]]:
    """Every calibrated place, England first, and whether it was made against the beliefs as they are."""
    paths = sorted((configs / "calibrated").glob("*.toml"), key=lambda path: (path.stem != ENGLAND, path.stem))
    found = []
    for path in paths:
        book: Book = load_book(configs, path.stem.partition("_until_")[0], calibrated=False)
        draws = read_calibrated(path, book)
        found.append((draws, is_current(draws, book)))
    return found


def calibration_page(found: Sequence[tuple[CalibratedDraws, bool]], titles: Mapping[str, str]) -> str:
    """What every calibration found."""
    parts = [_INTRO]
    if not found:
        parts.append("No place has been calibrated yet. Run `demandsim calibrate england`.")
    for draws, current in found:
        parts += _place(draws, current, titles.get(draws.place, words_of(draws.place)))
    return page("Calibration", *parts)


def _place(draws: CalibratedDraws, current: bool, title: str) -> list[str]:
    rows = draws.tables
    until = f", figures up to {draws.until}" if draws.until else ""
    parts = [heading(title + until), f"{headline(draws)}.", bullets(answer_sentences(draws))]
    if not current:
        parts.append(f"**Beliefs have changed since.** Run `demandsim calibrate {draws.place}` again.")
    heads: tuple[str, ...] = ("figure", "published", "before", "after", "standard deviations away", "verdict")
    parts += [heading("Figures", 3), table(heads, (target_cells(row) for row in rows.get("target", [])))]
    parts += [heading("Traded off", 3), bullets(trade_sentences(draws))]
    heads = ("wave", "runs", "left of what was possible", "error of stand-in, median", "surprise")
    parts += [heading("Waves", 3), table(heads, (wave_cells(row) for row in rows.get("wave", [])))]
    told = [row for row in rows.get("belief", []) if row["identified"]]
    heads = ("belief", "spread left", "multiplier of the fit", "where in its stated range")
    parts += [heading("Narrowed most", 3), table(heads, (belief_cells(row) for row in told[:_MOST_ROWS]))]
    if unknown := unknown_beliefs(draws):
        listed = ", ".join(code(name) for name in unknown)
        parts += [heading("Not identified", 3), f"More than nine tenths of their spread is left: {listed}."]
    if covered := coverage_sentences(draws):
        parts += [heading("Does it find what is known?", 3), bullets(covered)]
    return parts
