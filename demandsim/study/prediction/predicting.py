"""Bands of every predicted figure, from finished runs and official histories."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from demandsim.errors import Fault, RequestError
from demandsim.ledger.outcomes import OUTCOMES
from demandsim.ledger.results import OK
from demandsim.study.books import ENGLAND
from demandsim.study.plan import Plan
from demandsim.study.prediction.backtest import Backtest, backtest_rule
from demandsim.study.prediction.bands import FORECASTS, at_place_size, lay_on, luck_factor, quantiles
from demandsim.study.prediction.discrepancy import Discrepancy, estimate_discrepancy, widen
from demandsim.study.prediction.histories import History, load_histories
from demandsim.study.prediction.naive import last_value, last_value_and_trend
from demandsim.study.prediction.request import LaterTarget, Request, doubts_about, later_shocks, later_targets
from demandsim.study.prediction.running import run_prediction

Floats = NDArray[np.float64]
Histories = Mapping[str, History]

#: Outcomes predicted, in the order shown.
PREDICTED: Final = (
    "main_duty_acceptances",
    "temporary_accommodation_stock",
    "looked_after_stock",
    "looked_after_starts",
    "looked_after_exits",
    "children_in_need_stock",
    "children_in_need_starts",
    "re_referrals_share",
    "talking_therapies_referrals",
    "talking_therapies_entered",
    "talking_therapies_finished",
    "talking_therapies_recovery_share",
    "talking_therapies_six_weeks_share",
    "jobseeker_off_flow_26_weeks",
    "jobseeker_off_flow_52_weeks",
)
_BY_NAME: Final = {outcome.name: outcome for outcome in OUTCOMES}


@dataclass(frozen=True, eq=False)
class Figure:
    """One figure predicted.

    Attributes
    ----------
    name, title, unit : str
        The outcome, its title and the model's unit.
    history : History or None
        What was official up to the base year.
    base : ndarray, shape (runs,)
        The model in the base year.
    forecasts : mapping of kind to ndarray, shape (years, n)
        Equally likely values by year; kinds of `FORECASTS` that could be made.
    discrepancy : Discrepancy or None
    luck_factor : float
        Smallest over years: how far runs were drawn together to the luck of the whole place.
    """

    name: str
    title: str
    unit: str
    history: History | None
    base: Floats
    forecasts: Mapping[str, Floats]
    discrepancy: Discrepancy | None
    luck_factor: float

    def bands(self, kind: str) -> dict[str, Floats]:
        """The lines of a band by year: p05, p25, median, p75, p95."""
        return quantiles(self.forecasts[kind])

    @property
    def base_band(self) -> dict[str, float]:
        """The lines of the band in the base year."""
        return {line: float(values[0]) for line, values in quantiles(self.base[None]).items()}

    @property
    def last(self) -> float:
        """The last official value known; NaN where there is none."""
        return self.history.last if self.history else math.nan

    @property
    def widest(self) -> str:
        """The kind that holds most of what is not known of the model's own forecast."""
        return "model_wide" if "model_wide" in self.forecasts else "model"


@dataclass(frozen=True, eq=False)
class Prediction:
    """Every figure, and what it was made from.

    Attributes
    ----------
    request : Request
    years : list of str
        Fiscal years predicted.
    figures : tuple of Figure
    place, place_title : str
    n_households, households : int
        Simulated, and of the place.
    runs, draws, failed : int
        Runs counted, sets of beliefs counted, runs that failed.
    calibrated : str
        Label of the calibrated draws; empty where beliefs are as the configs state them.
    doubts : tuple of str
        Sentences on what speaks against those draws.
    later : tuple of LaterTarget
        Published figures after the date that something was fitted to.
    hindsight : tuple of str
        Dated changes of the times after the date that are in the beliefs, in words.
    backtest : Backtest or None
        How the rule for what drivers leave out did in England's long series before the date.
    digest : str
        Of the runs.
    """

    request: Request
    years: list[str]
    figures: tuple[Figure, ...]
    place: str
    place_title: str
    n_households: int
    households: int
    runs: int
    draws: int
    failed: int
    calibrated: str
    doubts: tuple[str, ...]
    later: tuple[LaterTarget, ...]
    hindsight: tuple[str, ...]
    backtest: Backtest | None
    digest: str


def build_prediction(
    request: Request,
    plan: Plan,
    results: xr.Dataset,
    own: Histories,
    england: Histories,
    later: tuple[LaterTarget, ...],
) -> Prediction:
    """Turn finished runs into a prediction.

    Parameters
    ----------
    own, england : mapping of measure to History
        The place's series, and England's: where the place has too few years to say how far a figure strays, England's
        say it. Nothing else of England's is used.

    Raises
    ------
    RequestError
        If fewer than two sets of beliefs succeeded.
    """
    good = (results["status"].isel(scenario=0) == OK).all("replicate").to_numpy()
    if good.sum() < 2:
        reasons = sorted({str(why) for why in results["reason"].to_numpy().ravel() if why})
        raise RequestError(Fault("predict", "Fewer than two sets of beliefs ran to their end.", "; ".join(reasons)))
    values = results["outcome_value"].isel(scenario=0).transpose("outcome", "draw", "replicate", "year")
    part = plan.place.n_households / plan.place.households
    figures = []
    for name in PREDICTED:
        runs = np.asarray(values.sel(outcome=name).to_numpy()[good], np.float64)
        figures.append(_figure(name, runs, part, own.get(name), england.get(name), request.base_year))
    return Prediction(
        request=request,
        years=request.years,
        figures=tuple(figures),
        place=plan.place.id,
        place_title=plan.place.title,
        n_households=plan.place.n_households,
        households=plan.place.households,
        runs=int(good.sum()) * plan.replicates,
        draws=int(good.sum()),
        failed=int((results["status"].isel(scenario=0) != OK).sum()),
        calibrated=plan.book.calibrated.label if plan.book.calibrated else "",
        doubts=doubts_about(plan.book, plan.place.fit_id, request.until),
        later=later,
        hindsight=later_shocks(plan.book, request.until),
        backtest=backtest_rule(england, len(request.years)),
        digest=plan.digest,
    )


def _figure(
    name: str, runs: Floats, part: float, own: History | None, england: History | None, base_year: str
) -> Figure:
    """One figure from its runs, shape (draws, lucks, years), the first of which is the base year."""
    outcome = _BY_NAME[name]
    unit, base, ahead = outcome.unit, runs[:, :, 0], runs[:, :, 1:]
    horizons = ahead.shape[-1]
    forecasts = {"model": at_place_size(ahead, part)}
    if own is not None and own.years[-1:] == [base_year]:
        anchored = lay_on(ahead, base, own.last, unit, part)
        forecasts |= {"anchored": anchored} if anchored is not None else {}
    discrepancy = _discrepancy(own, unit, horizons) or _discrepancy(england, unit, horizons)
    if discrepancy is not None:
        forecasts |= {f"{kind}_wide": widen(runs, unit, discrepancy) for kind, runs in forecasts.items()}
    if own is not None and own.known:
        forecasts |= _naive(own, unit, base_year, horizons)
    return Figure(
        name=name,
        title=outcome.title,
        unit=unit,
        history=own,
        base=np.asarray(at_place_size(base[:, :, None], part)[0]),
        forecasts={kind: forecasts[kind] for kind in FORECASTS if kind in forecasts},
        discrepancy=discrepancy,
        luck_factor=float(luck_factor(ahead, part).min()),
    )


def _naive(own: History, unit: str, base_year: str, horizons: int) -> dict[str, Floats]:
    """Naive forecasts of the years predicted; a series that ended before the base year has further to go."""
    gap = int(base_year[:4]) - own.starts[-1]
    makers = {"last_value": last_value, "trend": last_value_and_trend}
    made = {kind: make(own.starts, own.values, unit, gap + horizons) for kind, make in makers.items()}
    return {kind: values[gap:] for kind, values in made.items() if values is not None}


def _discrepancy(history: History | None, unit: str, horizons: int) -> Discrepancy | None:
    if history is None or not history.known:
        return None
    return estimate_discrepancy(history.years, history.values, unit, horizons, history.place)


def predict_place(
    request: Request, plan: Plan, configs: Path, out: Path, workers: int | None = None, show_progress: bool = True
) -> Prediction:
    """Run a plan, or what is missing of it, and turn it into a prediction.

    Raises
    ------
    StoreError
        If the folder cannot be written to, or holds another prediction's runs.
    RequestError
        If too few runs succeeded.
    """
    own, england = (load_histories(configs, name, request.base_year) for name in (plan.place.id, ENGLAND))
    later = tuple(later_targets(configs, plan.place, request.until))
    results = run_prediction(plan, out, workers, show_progress)
    return build_prediction(request, plan, results, own, england, later)
