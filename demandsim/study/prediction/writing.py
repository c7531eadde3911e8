"""A prediction as files: every band as a line of CSV, and the record of how it was made."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from demandsim.ledger.store import write_whole
from demandsim.study.prediction.bands import LINES, NAIVE
from demandsim.study.prediction.predicting import Figure, Prediction

PREDICTIONS: Final = "predictions.csv"
RECORD: Final = "record.json"
_LINES: Final = ("median", "p05", "p25", "p75", "p95")
_HEAD: Final = (
    *("series", "title", "year", "forecast", "level", "discrepancy", "unit", *_LINES),
    *("published_unit", *(f"published_{line}" for line in _LINES), "runs"),
)


def write_prediction(prediction: Prediction, folder: Path) -> Path:
    """Write ``predictions.csv``: a line for each figure, kind of forecast and year.

    ``level`` is ``raw`` (the model's own), ``anchored`` (its change laid on the last official value) or ``official``
    (the naive forecasts); ``discrepancy`` says whether what the model's drivers leave out is in the band. Published
    counts use as many children or households as in the last official year.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    for figure in prediction.figures:
        for kind in figure.forecasts:
            writer.writerows(_rows(prediction, figure, kind))
    path = folder / PREDICTIONS
    write_whole(path, text.getvalue().encode())
    return path


def _rows(prediction: Prediction, figure: Figure, kind: str) -> Iterator[tuple[str, ...]]:
    bands = figure.bands(kind)
    is_naive = kind in NAIVE
    level = "official" if is_naive else "anchored" if kind.startswith("anchored") else "raw"
    for at, year in enumerate(prediction.years):
        history = figure.history if figure.history and figure.history.known else None
        counts = history.counts_per_unit(year, history.known) if history else None
        lines = [float(bands[line][at]) for line in _LINES]
        yield (
            *(figure.name, figure.title, year, kind, level, "yes" if kind.endswith("_wide") else "no", figure.unit),
            *(f"{value:.6g}" for value in lines),
            history.series.published_unit if history else "",
            *(f"{value * counts:.6g}" if counts is not None else "" for value in lines),
            "" if is_naive else str(prediction.runs),
        )


def write_record(prediction: Prediction, folder: Path, scores: Mapping[str, Any] | None = None) -> Path:
    """Write ``record.json``: what was asked, from what it was made, what was estimated, and any scores."""
    request = prediction.request
    record = {
        "place": prediction.place,
        "until": request.until,
        "to": request.to,
        "years": prediction.years,
        "command": request.command,
        "seed": request.seed,
        "runs": {
            "digest": prediction.digest,
            "draws": prediction.draws,
            "counted": prediction.runs,
            "failed": prediction.failed,
            "households_simulated": prediction.n_households,
            "households": prediction.households,
        },
        "beliefs": {
            "calibrated": prediction.calibrated,
            "doubts": prediction.doubts,
            "fitted_to_later": [one.said for one in prediction.later],
            "hindsight": prediction.hindsight,
        },
        "quantiles": dict(LINES),
        "backtest": asdict(prediction.backtest) if prediction.backtest else None,
        "figures": {figure.name: _figure(figure) for figure in prediction.figures},
        "scores": scores,
    }
    path = folder / RECORD
    write_whole(path, (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode())
    return path


def _figure(figure: Figure) -> dict[str, Any]:
    known = {point.year: point.value for point in figure.history.known} if figure.history else {}
    found = figure.discrepancy
    return {
        "unit": figure.unit,
        "official": known,
        "source": figure.history.series.source if figure.history else "",
        "luck_factor": round(figure.luck_factor, 4),
        "discrepancy": None
        if found is None
        else {
            "spreads": [round(spread, 4) for spread in found.spreads],
            "yearly_changes": found.changes,
            "from": found.first_year,
            "to": found.last_year,
            "series_of": found.of,
        },
    }
