"""What a prediction shows, in words: the finding of each figure, how it was made, and what is not in it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from demandsim.report import words
from demandsim.report.prediction_tables import form_of
from demandsim.study.prediction import place_words
from demandsim.study.prediction.scales import SHARES

if TYPE_CHECKING:
    from demandsim.study.prediction import Figure, Prediction

#: Fewer runs than this put the ends of a band of nine in ten on the outermost runs.
_FEW_RUNS: Final = 40
#: Differences of a luck factor from 1 that are worth a sentence.
_DRAWN: Final = 0.98
_MOST_TOLD: Final = 4


def figure_finding(figure: Figure, prediction: Prediction) -> str:
    """The last year's band, beside the last official value where there is one."""
    form = form_of(figure.unit)
    bands = figure.bands(figure.widest)
    middle, low, high = (form(float(bands[line][-1])) for line in ("median", "p05", "p95"))
    finding = f"{figure.title}: {middle} in {prediction.years[-1]} (nine in ten: {low} to {high})"
    if figure.history is None or not figure.history.known:
        return finding
    return f"{finding}, after {form(figure.last)} in {figure.history.years[-1]}"


def figure_sentence(figure: Figure, prediction: Prediction, is_cut: bool, has_actual: bool, has_known: bool) -> str:
    """How far out the level is, what was estimated of the drivers left out, and how to read the picture."""
    parts = [_level(figure, prediction), _strays(figure, prediction)]
    if figure.luck_factor < _DRAWN:
        parts.append(
            "Luck is smaller in the whole place than among the households simulated, so the spread between runs is "
            f"narrowed for it, to {words.percent(figure.luck_factor)} where most."
        )
    if is_cut:
        parts.append("The band goes on above the picture.")
    if has_actual:
        parts.append("Filled diamonds: what happened.")
    if has_known:
        parts.append("Hollow diamonds: published since.")
    return " ".join(part for part in parts if part)


def _level(figure: Figure, prediction: Prediction) -> str:
    form, base = form_of(figure.unit), prediction.request.base_year
    middle, low, high = (figure.base_band[line] for line in ("median", "p05", "p95"))
    span = f"{form(middle)} ({form(low)} to {form(high)})"
    if figure.history is None or not figure.history.known:
        return f"The model has {span} in {base}. No official value of the place up to then was read."
    if figure.history.years[-1] != base:
        last = f"The last official value, {form(figure.last)}, is of {figure.history.years[-1]}."
        return f"The model has {span} in {base}. {last}"
    where = "within" if low <= figure.last <= high else "above" if figure.last > high else "below"
    return f"In {base} the model has {span}; the official value, {form(figure.last)}, lies {where} that band."


def _strays(figure: Figure, prediction: Prediction) -> str:
    found = figure.discrepancy
    if found is None:
        return (
            "How far it strays for reasons outside the model is not estimated, for want of official years: the band is "
            "too narrow."
        )
    one, many = (words.percent(math.expm1(spread)) for spread in (found.spreads[0], found.spreads[-1]))
    is_own = found.of == prediction.place
    whose = "" if is_own else f" of {place_words(found.of)}"
    more = "" if is_own else " One place strays more than all together, so the band is likely too narrow."
    based = words.count_of(found.changes, "yearly change")
    what = "odds" if figure.unit in SHARES else "figure"
    years = len(found.spreads)
    ahead = "" if years == 1 else f" and {many} in {years} years"
    return (
        f"Official values{whose} from {found.first_year} to {found.last_year} say that the {what} strays by about "
        f"{one} in a year{ahead} for reasons the model cannot know ({based}).{more}"
    )


def footing(prediction: Prediction) -> tuple[str, ...]:
    """What the prediction was made from."""
    request = prediction.request
    size = f"{prediction.n_households:,} of the place's {prediction.households:,} households were simulated"
    if prediction.n_households >= prediction.households:
        size = f"All {prediction.households:,} households were simulated"
    ran = f"{words.with_runs(prediction.runs)} of {words.count_of(prediction.draws, 'set')} of beliefs"
    failed = f"; {words.with_runs(prediction.failed)} failed" if prediction.failed else ""
    few = " So few runs put the ends of a band on the outermost of them." if prediction.runs < _FEW_RUNS else ""
    return (
        f"As now, from {prediction.years[0]} to {prediction.years[-1]}: {ran}{failed}. {size}.{few}",
        _known_then(prediction),
        "The dark band holds half of what is likely and the light band nine in ten: beliefs, luck, and what moves "
        "official figures for reasons that are not in the model, estimated from how far they strayed before. The "
        "model's level is its own; where it differs from the last official value, that is shown and not mended."
        + (f" Nothing after {request.until} was used for the naive forecasts or for how far a figure strays."),
    )


def _known_then(prediction: Prediction) -> str:
    """Whether the beliefs knew of the years predicted."""
    until = prediction.request.until
    start = "Beliefs are as the configs state them: the place was not calibrated."
    if prediction.calibrated:
        fit = f"Beliefs were calibrated on figures up to {until} ({prediction.calibrated})."
        start = " ".join((fit, *prediction.doubts))
    told = []
    if prediction.later:
        named = words.few([one.said for one in prediction.later], _MOST_TOLD)
        told.append(f"The hazards under them were fitted to figures after {until} too: {named}.")
    if prediction.hindsight:
        named = "; ".join(prediction.hindsight)
        told.append(f"Laws and times that came after {until} are in, at judged strength: {named}.")
    if not told:
        return f"{start} They were fitted to nothing later."
    return f"{start} {' '.join(told)} To that extent it is hindsight, not prediction."


def _backtest(prediction: Prediction) -> tuple[str, ...]:
    """How the rule for what drivers leave out did before."""
    found = prediction.backtest
    if found is None:
        return ()
    series = words.count_of(found.series, "long series", "long series")
    return (
        f"That rule tried on the past: begun at each earlier year of England's {series} and carried on unchanged, its "
        f"bands of nine in ten held {words.percent(found.in_nine)}, and its half bands {words.percent(found.in_half)}, "
        f"of {found.n:,} values that followed. They overlap and are of few series: a sign, not a proof.",
    )


def closing_points(prediction: Prediction) -> tuple[str, ...]:
    """What is not in the model, and how the bands were made."""
    return (
        "What drove official figures in these years and is not in the model: rents and house prices, evictions by "
        "private landlords, cuts of grants to councils, changes of practice after a scandal, who counted what how. "
        "Their size is "
        "taken from how much figures strayed before, never their direction.",
        "From April 2018 the Homelessness Reduction Act asks councils to prevent and relieve homelessness of everybody "
        "first; the main duty is owed only once relief has failed. The model has this as a dated rule. Official "
        "counts of "
        "acceptances before and after the Act are not of the same thing.",
        "The model as now keeps grants in real terms, posts for each household and rules as they were, but for posts "
        "cut where a budget is overspent: a council that changed them in these years did what is not predicted here.",
        "No official series later than the date was used, but the model around them was written with hindsight: how "
        "many households there come to be and who they are follow the censuses of 2011 and 2021, and what services "
        "cost and achieve comes from whatever was published, some of it later.",
        "How far a figure strays: for so many years ahead, the root mean square of its own changes over as many years "
        "(logarithms of rates, log odds of shares), taken about no change, never growing less than a random walk, "
        "with the tails of Student's t that so few years leave. A small place's official figures hold its own luck "
        "too, so luck is "
        "to some degree counted twice.",
        *_backtest(prediction),
        "The naive forecasts: the last official value, with the spread of a random walk; and the same with the trend "
        "of the last five official years. Years in which an official figure means something else than before fool "
        "both, and the "
        "model.",
        "Published counts use as many children or households as in the last official year.",
    )
