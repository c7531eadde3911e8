"""A prediction against what then happened, beside the naive forecasts, figure by figure and in all."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.comparison.scores import absolute_error, interval_score, is_covered, sample_crps, skill
from demandsim.study.prediction.scales import SHARES, stretch

if TYPE_CHECKING:
    from demandsim.study.prediction import Actual, Figure, Prediction

#: What a score of several figures is called.
ALL: Final = "all"


@dataclass(frozen=True)
class Point:
    """How one forecast of one figure did in one year.

    Interval scores and errors of rates are divided by the figure's size: the last official value, else the model's
    first median. Those are known before what happens, so that dividing by them leaves a score proper. Shares are left
    as they are. The ranked probability score is of logarithms (log odds of shares), where heavy tails have a mean.
    """

    series: str
    year: str
    kind: str
    in_half: bool
    in_nine: bool
    interval_half: float
    interval_nine: float
    error: float
    crps: float
    size: float


@dataclass(frozen=True)
class Score:
    """Mean over points of one forecast, for one figure or for all.

    Attributes
    ----------
    series, kind : str
    n : int
        Points: figures × years.
    in_half, in_nine : float
        Shares of points that the bands of one in two and nine in ten held.
    interval_half, interval_nine, error, crps : float
        As in `Point`.
    skill : mapping of naive forecast to float
        Part of the naive forecast's interval score (nine in ten) saved on the points that both have; NaN where none.
    n_both : mapping of naive forecast to int
        Points that both have.
    """

    series: str
    kind: str
    n: int
    in_half: float
    in_nine: float
    interval_half: float
    interval_nine: float
    error: float
    crps: float
    skill: dict[str, float]
    n_both: dict[str, int]

    def record(self) -> dict[str, Any]:
        """As plain data; what is not known is None."""
        plain = asdict(self)
        plain["skill"] = {name: None if math.isnan(value) else value for name, value in self.skill.items()}
        return plain


def score_points(prediction: Prediction, actuals: Iterable[Actual]) -> list[Point]:
    """Score every forecast of every actual value."""
    figures = {figure.name: figure for figure in prediction.figures}
    points = []
    for actual in actuals:
        figure, at = figures[actual.series], prediction.years.index(actual.year)
        for kind in figure.forecasts:
            points.append(_point(figure, kind, at, actual))
    return points


def _point(figure: Figure, kind: str, at: int, actual: Actual) -> Point:
    band = {line: float(values[at]) for line, values in figure.bands(kind).items()}
    size = figure.last if figure.last > 0.0 else float(figure.bands("model")["median"][0]) or 1.0
    size = 1.0 if figure.unit in SHARES else size
    return Point(
        series=actual.series,
        year=actual.year,
        kind=kind,
        in_half=is_covered(band["p25"], band["p75"], actual.value),
        in_nine=is_covered(band["p05"], band["p95"], actual.value),
        interval_half=interval_score(band["p25"], band["p75"], actual.value, 0.5) / size,
        interval_nine=interval_score(band["p05"], band["p95"], actual.value, 0.1) / size,
        error=absolute_error(band["median"], actual.value) / size,
        crps=sample_crps(stretch(figure.forecasts[kind][at], figure.unit), float(stretch(actual.value, figure.unit))),
        size=size,
    )


def average_points(points: Sequence[Point], naive: Sequence[str], apart: Collection[str] = ()) -> list[Score]:
    """Scores of each forecast: in all first, then figure by figure; those set apart are in no score of all."""
    names = [ALL, *dict.fromkeys(point.series for point in points)]
    kinds = dict.fromkeys(point.kind for point in points)
    scores = []
    for name in names:
        here = [point for point in points if point.series == name or (name == ALL and point.series not in apart)]
        scores += [_average(name, kind, here, naive) for kind in kinds if any(point.kind == kind for point in here)]
    return scores


def _average(name: str, kind: str, points: Sequence[Point], naive: Sequence[str]) -> Score:
    own = [point for point in points if point.kind == kind]

    def mean(attribute: str) -> float:
        return float(np.mean([getattr(point, attribute) for point in own]))

    pairs = {other: _both(own, points, other) for other in naive}
    return Score(
        series=name,
        kind=kind,
        n=len(own),
        in_half=mean("in_half"),
        in_nine=mean("in_nine"),
        interval_half=mean("interval_half"),
        interval_nine=mean("interval_nine"),
        error=mean("error"),
        crps=mean("crps"),
        skill={other: _skill(pair) for other, pair in pairs.items()},
        n_both={other: len(pair) for other, pair in pairs.items()},
    )


def _both(own: Sequence[Point], points: Sequence[Point], other: str) -> list[tuple[Point, Point]]:
    """Points of a forecast beside those of a naive one, where both were made."""
    there = {(point.series, point.year): point for point in points if point.kind == other}
    return [(point, there[point.series, point.year]) for point in own if (point.series, point.year) in there]


def _skill(pairs: Sequence[tuple[Point, Point]]) -> float:
    if not pairs:
        return float("nan")
    return skill(
        float(np.mean([mine.interval_nine for mine, _ in pairs])),
        float(np.mean([theirs.interval_nine for _, theirs in pairs])),
    )


def find_score(scores: Iterable[Score], series: str, kind: str) -> Score | None:
    """The score of one forecast of one figure, or of all; none where it was not made."""
    return next((score for score in scores if (score.series, score.kind) == (series, kind)), None)
