"""The prediction page: every figure's band beside the simplest forecasts, scored where it is known what happened.

Takes a prediction and what then happened; gives one HTML file. Says plainly where a naive forecast did better.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.comparison.predictions import Score, average_points, find_score, score_points
from demandsim.comparison.scores import is_covered
from demandsim.report import words
from demandsim.report.block import Exhibit, Section, Table
from demandsim.report.prediction_tables import figure_table, overview, score_cells, unit_said
from demandsim.report.prediction_words import closing_points, figure_finding, figure_sentence, footing
from demandsim.report.rendering import render_page, write_page
from demandsim.report.sections.case import picture
from demandsim.report.svg import chart_style
from demandsim.study.prediction import FORECASTS, NAIVE, known_actuals
from demandsim.study.prediction.scales import SHARES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demandsim.study.prediction import Actual, Figure, Prediction

KIND: Final = "What the model expects of later years, from a simulation"
#: Official years shown before the prediction.
_YEARS_SHOWN: Final = 12
#: Values under which no forecast can be said to be the better one.
_FEW: Final = 10


@dataclass(frozen=True, eq=False)
class PredictionCase:
    """A prediction and how it did.

    Attributes
    ----------
    prediction : Prediction
    actuals : tuple of Actual
        What happened, as given.
    known : tuple of Actual
        Later official values that the configs hold: shown, and scored only where asked.
    scores : tuple of Score
        In all first; empty where nothing was given.
    is_known_scored : bool
    """

    prediction: Prediction
    actuals: tuple[Actual, ...]
    known: tuple[Actual, ...]
    scores: tuple[Score, ...]
    is_known_scored: bool

    @property
    def n_points(self) -> int:
        """Values that are scored."""
        return max((score.n for score in self.scores), default=0)

    def record(self) -> dict[str, Any] | None:
        """The scores as plain data; none where there are none."""
        if not self.scores:
            return None
        return {"points": self.n_points, "known_too": self.is_known_scored, "rows": [s.record() for s in self.scores]}


def judge(prediction: Prediction, given: Sequence[Actual], score_known: bool) -> PredictionCase:
    """Score a prediction by what was given, and where asked by what the configs know besides."""
    told = {(one.series, one.year) for one in given}
    known = tuple(one for one in known_actuals(prediction) if (one.series, one.year) not in told)
    scored = [*given, *known] if score_known else given
    apart = {one.measure for one in prediction.later}
    scores = tuple(average_points(score_points(prediction, scored), NAIVE, apart)) if scored else ()
    return PredictionCase(prediction, tuple(given), known, scores, score_known)


def headline(case: PredictionCase) -> str:
    """The finding in one line: against what happened where that is known, else how the level compares."""
    if case.scores:
        return _score_headline(case)
    held, compared = _levels(case.prediction)
    base = case.prediction.request.base_year
    if not compared:
        return f"Nothing official of {base} to compare the model's level with, and nothing later to score it by"
    return f"In {base} the model's band holds the official value of {held} of {compared} figures; nothing is scored yet"


def _levels(prediction: Prediction) -> tuple[int, int]:
    """Figures whose official value of the base year lies among nine in ten runs, of those that have one."""
    base = prediction.request.base_year
    known = [one for one in prediction.figures if one.history and one.history.years[-1:] == [base]]
    inside = [is_covered(one.base_band["p05"], one.base_band["p95"], one.last) for one in known]
    return sum(inside), len(known)


def _width(prediction: Prediction) -> str:
    """How wide the bands are in the last year, told of the middle figure."""
    bands = [figure.bands(figure.widest) for figure in prediction.figures]
    ratios = [float(band["p95"][-1] / band["p05"][-1]) for band in bands if band["p05"][-1] > 0.0]
    times = words.number(float(np.median(ratios))) if ratios else "many"
    return f"in {prediction.years[-1]} the top of the middle figure's band is {times} times its bottom"


def _score_headline(case: PredictionCase) -> str:
    apart = {one.measure for one in case.prediction.later}
    figures = [one for one in case.prediction.figures if one.name not in apart]
    own = [score for one in figures if (score := find_score(case.scores, one.name, one.widest))]
    if not own:
        return "All that is scored are figures that the hazards were fitted to: no prediction is scored"
    held, scored = sum(round(score.in_nine * score.n) for score in own), sum(score.n for score in own)
    said = f"the model's bands of nine in ten held {held} of {words.count_of(scored, 'value')}"
    whole = _widest_score(case, "model")
    if whole is None or math.isnan(whole.skill["last_value"]):
        return said[0].upper() + said[1:]
    verdict = "does better than" if whole.skill["last_value"] > 0.0 else "does not beat"
    common = words.count_of(whole.n_both["last_value"], "value")
    return f"The model at its own level {verdict} the last value alone, on {common} that both forecast; {said}"


def verdicts(case: PredictionCase) -> list[str]:
    """The model's widest bands against each naive forecast, in words; what to do where nothing was given."""
    if not case.scores:
        nothing = (
            "Nothing is scored: no actual values were given. Fill in actuals_template.csv and give it with --actuals."
        )
        if case.known:
            held = words.count_of(len(case.known), "later official value")
            nothing += f" The configs hold {held}; --score-known scores by what they hold."
        return [nothing]
    widest = [_widest_score(case, kind) for kind in ("model", "anchored")]
    told = [_verdict(score, other) for score in widest if score for other in NAIVE if score.n_both[other]]
    if case.n_points < _FEW:
        told.append(f"{words.count_of(case.n_points, 'value')} cannot decide between forecasts: chance alone could.")
    if case.prediction.later:
        told.append(
            "Hazards were fitted to some figures of these years (above): scores on those flatter the model, so they "
            "are told figure by figure and left out of the whole."
        )
    return told


def _widest_score(case: PredictionCase, kind: str) -> Score | None:
    """In all, of the band that holds what the drivers leave out, where there is one."""
    return find_score(case.scores, "all", f"{kind}_wide") or find_score(case.scores, "all", kind)


def _verdict(score: Score, other: str) -> str:
    found, points = score.skill[other], words.count_of(score.n_both[other], "value")
    ours, theirs = f"“{FORECASTS[score.kind]}”", f"“{FORECASTS[other]}”"
    if math.isnan(found) or found == 0.0:
        return f"{ours} and {theirs} score the same ({points})."
    times = f"interval score is {words.number(1.0 - found)} times as large ({points}; lower is better)."
    if found > 0.0:
        return f"{ours} does better than {theirs}: its {times}"
    return f"The naive forecast wins: {theirs} beats {ours}, whose {times}"


def score_table(case: PredictionCase, series: str = "all") -> Table | None:
    """Scores of every forecast of a figure, or in all; none where nothing is scored."""
    chosen = [score for score in case.scores if score.series == series]
    if not chosen:
        return None
    title = "in all" if series == "all" else next(f.title for f in case.prediction.figures if f.name == series)
    caption = (
        f"Scores {title}, on {words.count_of(max(score.n for score in chosen), 'value')}. Lower is better for interval "
        "scores, error and ranked probability score. Interval scores and errors of rates are in % of the last official "
        "value, of shares in points. A band of nine in ten should hold nine in ten."
    )
    head = (
        *("Forecast", "Interval score, times the last value's", "Interval score, times the trend's"),
        *("Held by nine in ten", "Interval score, nine in ten", "Error of the median"),
    )
    return Table(caption, head, tuple(score_cells(score, FORECASTS[score.kind], NAIVE) for score in chosen))


def write_prediction_page(case: PredictionCase, path: str | Path) -> Path:
    """Write the page.

    Raises
    ------
    RequestError
        When it cannot be written.
    """
    prediction = case.prediction
    with chart_style():
        figures = tuple(_exhibit(case, figure) for figure in prediction.figures)
    sections = [
        Section("answer", headline(case), footing(prediction), tuple(verdicts(case))),
        Section("overview", "All figures", exhibits=(_overview(case),)),
        Section("figures", "Figure by figure", exhibits=figures),
        *_scores(case),
        Section("not-known", "What is not in these bands", points=closing_points(prediction)),
        Section("again", "These figures again", code=(prediction.request.command,)),
    ]
    title = f"{prediction.place_title}: {prediction.years[0]} to {prediction.years[-1]}"
    origin = f"Forecasts of the model come from {words.with_runs(prediction.runs)}; official values are as published."
    return write_page(render_page(title, sections, headline(case), prediction.runs, KIND, origin), path, "page")


def _overview(case: PredictionCase) -> Exhibit:
    base = case.prediction.request.base_year
    held, compared = _levels(case.prediction)
    finding = f"The official value of {base} lies in the model's band for {held} of {compared} figures that have one"
    sentence = (
        "Where the model's level is out, its own band carries that error on; the band laid on the last official value "
        "does not, but takes the model's change on trust. Both are shown and both are scored. Wide bands hold much and "
        f"tell little: {_width(case.prediction)}."
    )
    return Exhibit(finding, sentence, table=overview(case.prediction))


def _exhibit(case: PredictionCase, figure: Figure) -> Exhibit:
    """One figure: picture, table, and in words what they show."""
    from demandsim.report.charts.prediction import Fan, draw_fan

    prediction = case.prediction
    history = [(point.year, point.value) for point in figure.history.known] if figure.history else []
    points = {
        name: [(one.year, one.value) for one in found if one.series == figure.name]
        for name, found in (("actual", case.actuals), ("known", case.known))
    }
    others = ("anchored", *NAIVE)
    fan = Fan(
        history=history[-_YEARS_SHOWN:],
        years=[prediction.request.base_year, *prediction.years],
        bands={line: np.append(figure.base_band[line], ahead) for line, ahead in figure.bands(figure.widest).items()},
        lines={kind: figure.bands(kind)["median"] for kind in others if kind in figure.forecasts},
        actual=points["actual"],
        known=points["known"],
        times=100.0 if figure.unit in SHARES else 1.0,
        unit=unit_said(figure.unit),
    )
    finding = figure_finding(figure, prediction)
    described = f"{figure.title} by year: official values, the model's band, and the medians of the other forecasts."
    svg = picture(draw_fan(fan), figure.name.replace("_", "-"), finding, described)
    sentence = figure_sentence(figure, prediction, fan.is_cut, bool(fan.actual), bool(fan.known))
    happened = {**dict(points["known"]), **dict(points["actual"])}
    return Exhibit(finding, sentence, svg, figure_table(figure, prediction, happened))


def _scores(case: PredictionCase) -> list[Section]:
    if not case.scores:
        return []
    exhibits = [
        Exhibit(
            headline(case),
            "In the first two columns below 1 is better than the naive forecast, over 1 worse, where both forecast.",
            table=score_table(case),
        )
    ]
    for name in dict.fromkeys(score.series for score in case.scores if score.series != "all"):
        table = score_table(case, name)
        title = next(figure.title for figure in case.prediction.figures if figure.name == name)
        exhibits.append(
            Exhibit(
                f"{title}: too few values to rank forecasts by",
                "Few values: read it as an example, not as proof.",
                table=table,
            )
        )
    return [Section("scores", "How it did", exhibits=tuple(exhibits))]


__all__ = [
    "PredictionCase",
    "headline",
    "judge",
    "overview",
    "score_table",
    "verdicts",
    "write_prediction_page",
]
