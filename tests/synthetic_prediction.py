"""A prediction made up at once: three figures, of which one has many official years, one few and one none."""

from __future__ import annotations

import numpy as np

from demandsim.study.prediction import Figure, Prediction, Request
from demandsim.study.prediction.backtest import Backtest
from demandsim.study.prediction.bands import FORECASTS
from demandsim.study.prediction.discrepancy import estimate_discrepancy, widen
from demandsim.study.prediction.histories import History
from demandsim.study.prediction.naive import last_value, last_value_and_trend
from demandsim.study.prediction.request import LaterTarget
from demandsim.study.series import Point, Series

RUNS = 12
PER_CHILD = "per 10,000 children"
SEEN = "Looked-after children"


def make_history(name: str, unit: str, published: str, values: list[float], scale: float, later: int = 0) -> History:
    """Yearly values that end in 2014/15, and so many after it."""
    first = 2015 - len(values) + later
    points = tuple(
        Point(year=f"{first + at}/{(first + at + 1) % 100:02d}", value=value, published=value * scale)
        for at, value in enumerate(values)
    )
    told = {
        "name": name,
        "measure": name,
        "title": name,
        "unit": unit,
        "published_unit": published,
        "source": "made_up",
    }
    series = Series.model_validate({**told, "point": points})
    known = points[: len(points) - later]
    return History("made_up", series, known, points[len(points) - later :])


def make_prediction(is_level_right: bool = True) -> Prediction:
    """Five years ahead of 2014/15."""
    request = Request("made_up", "2020-03", command="demandsim predict made_up --to 2020-03 --out DIR")
    stock = make_history(
        "looked_after_stock", PER_CHILD, "children", [54.6, 46.9, 53.6, 55.7, 56.4, 58.8, 60.0], 5.8, 1
    )
    share = make_history("re_referrals_share", "share", "%", [0.2, 0.22, 0.21], 100.0)
    figures = (
        _figure("looked_after_stock", SEEN, PER_CHILD, stock, 60.0 if is_level_right else 20.0, 1.01),
        _figure("re_referrals_share", "Referred again", "share", share, 0.2, 1.0),
        _figure("talking_therapies_entered", "Therapy", "per 1,000 households per year", None, 40.0, 1.03),
    )
    return Prediction(
        request=request,
        years=request.years,
        figures=figures,
        place="made_up",
        place_title="A made-up place",
        n_households=5_000,
        households=50_000,
        runs=RUNS,
        draws=RUNS,
        failed=0,
        calibrated="made_up_until_2015_03",
        doubts=("The configs have changed since.",),
        later=(LaterTarget("main_duty_acceptances", "main duty acceptances (made up, March 2018)"),),
        hindsight=("A law of 2018 (April 2018)",),
        backtest=Backtest(255, 5, 0.58, 0.93),
        digest="0" * 64,
    )


def _figure(name: str, title: str, unit: str, history: History | None, level: float, growth: float) -> Figure:
    spread = np.linspace(0.9, 1.1, RUNS)
    values = level * spread * growth ** np.arange(1, 6)[:, None]
    forecasts = {"model": values}
    found = None
    if history is not None:
        forecasts["anchored"] = history.last * growth ** np.arange(1, 6)[:, None] * np.linspace(0.98, 1.02, RUNS)
        found = estimate_discrepancy(history.years, history.values, unit, 5, "made_up")
        assert found is not None
        forecasts |= {f"{kind}_wide": widen(runs, unit, found) for kind, runs in forecasts.items()}
        naive = {"last_value": last_value, "trend": last_value_and_trend}
        made = {kind: make(history.starts, history.values, unit, 5) for kind, make in naive.items()}
        forecasts |= {kind: runs for kind, runs in made.items() if runs is not None}
    ordered = {kind: forecasts[kind] for kind in FORECASTS if kind in forecasts}
    return Figure(name, title, unit, history, level * spread, ordered, found, 0.5)
