"""Tables of a prediction: all figures at a glance, one figure by year, and scores."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from demandsim.report import words
from demandsim.report.block import Cell, Table
from demandsim.study.prediction.scales import SHARES

if TYPE_CHECKING:
    from demandsim.comparison.predictions import Score
    from demandsim.study.prediction import Figure, Prediction

_NONE: Final = Cell("–")
#: Columns of one figure's table, where they could be made.
_COLUMNS: Final = ("model_wide", "model", "anchored_wide", "anchored", "last_value", "trend")
_SHORT: Final = {
    "model": "Model: beliefs and luck only",
    "model_wide": "Model",
    "anchored": "Its change on the last official value: beliefs and luck only",
    "anchored_wide": "Its change on the last official value",
    "last_value": "Last value",
    "trend": "Last value and trend",
}


def form_of(unit: str) -> words.Format:
    """How figures of a unit are written."""
    return words.formatter(unit)


def unit_said(unit: str) -> str:
    """A unit on an axis or in a table."""
    return "%" if unit in SHARES else unit


def overview(prediction: Prediction) -> Table:
    """Every figure: last official value, the model's base year, and the last year of the main forecasts."""
    base, last = prediction.request.base_year, prediction.years[-1]
    head = (
        *("Figure", "Last official value", f"Model, {base}", f"Model, {last}"),
        *(f"Model's change on the last official value, {last}", f"Last value and trend, {last}"),
    )
    caption = (
        f"Medians; the smaller figures are the two between which nine in ten lie ({words.with_runs(prediction.runs)}). "
        f"Those of {last} hold what the model's drivers leave out, where it could be estimated"
    )
    return Table(caption, head, tuple(_overview_row(prediction, figure) for figure in prediction.figures))


def _overview_row(prediction: Prediction, figure: Figure) -> tuple[Cell, ...]:
    form = form_of(figure.unit)
    official = _NONE
    if figure.history is not None and figure.history.known:
        official = Cell(form(figure.last), figure.history.years[-1])
    middle, low, high = (figure.base_band[line] for line in ("median", "p05", "p95"))
    return (
        Cell(figure.title, unit_said(figure.unit)),
        official,
        Cell(form(middle), words.level_range(low, high, form)),
        _band_cell(figure, figure.widest, len(prediction.years) - 1),
        _band_cell(figure, "anchored_wide", len(prediction.years) - 1),
        _band_cell(figure, "trend", len(prediction.years) - 1),
    )


def _band_cell(figure: Figure, kind: str, at: int, lines: tuple[str, str] = ("p05", "p95")) -> Cell:
    if kind not in figure.forecasts:
        return _NONE
    form, bands = form_of(figure.unit), figure.bands(kind)
    low, high = (float(bands[line][at]) for line in lines)
    return Cell(form(float(bands["median"][at])), words.level_range(low, high, form))


def figure_table(figure: Figure, prediction: Prediction, happened: Mapping[str, float]) -> Table:
    """One figure: a row a year, a column a forecast; the widest also with its middle half."""
    form = form_of(figure.unit)
    kinds = [kind for kind in _COLUMNS if kind in figure.forecasts]
    rows = []
    for at, year in enumerate(prediction.years):
        half = _band_cell(figure, figure.widest, at, ("p25", "p75"))
        cells = [_band_cell(figure, kind, at) for kind in kinds]
        seen = [Cell(form(happened[year])) if year in happened else _NONE] if happened else []
        rows.append((Cell(year), *seen, cells[0], Cell(half.sub), *cells[1:]))
    names = [_SHORT[kind] for kind in kinds]
    head = ("Year", *(["What happened"] if happened else []), names[0], f"{names[0]}: half between", *names[1:])
    caption = (
        f"{figure.title}, {unit_said(figure.unit)}: medians; the smaller figures are the two between which nine in ten "
        f"lie ({words.with_runs(prediction.runs)})"
    )
    return Table(caption, head, tuple(rows), is_folded=True)


def score_cells(score: Score, title: str, naive: Sequence[str]) -> tuple[Cell, ...]:
    """One forecast's scores."""
    saved = []
    for other in naive:
        found = score.skill[other]
        same = score.kind == other or math.isnan(found)
        both = words.count_of(score.n_both[other], "value")
        saved.append(_NONE if same else Cell(f"× {words.number(1.0 - found)}", both))
    return (
        Cell(title, words.count_of(score.n, "value")),
        *saved,
        Cell(words.percent(score.in_nine), f"half band: {words.percent(score.in_half)}"),
        Cell(words.percent(score.interval_nine), f"half band: {words.percent(score.interval_half)}"),
        Cell(words.percent(score.error), f"ranked probability score: {words.number(score.crps)}"),
    )
