"""Naive forecasts, discrepancy and luck at the place's size, against values worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import t
from synthetic_prediction import make_history

from demandsim.study.prediction.backtest import backtest_rule
from demandsim.study.prediction.bands import at_place_size, lay_on, luck_factor, quantiles
from demandsim.study.prediction.discrepancy import estimate_discrepancy, widen
from demandsim.study.prediction.histories import load_histories
from demandsim.study.prediction.naive import N_LIKELY, last_value, last_value_and_trend, likely_steps
from demandsim.study.prediction.scales import shift, stretch, unstretch

ROOT = Path(__file__).resolve().parents[2]
RATE = "per 1,000 households"
YEARS = list(range(2009, 2015))


def test_scales_turn_back_and_shares_stay_shares() -> None:
    for unit, values in ((RATE, [0.5, 3.0, 70.0]), ("share", [0.01, 0.5, 0.99])):
        assert unstretch(stretch(np.array(values), unit), unit) == pytest.approx(values)
    assert shift(np.array([0.0, 2.0]), np.log(3.0), RATE) == pytest.approx([0.0, 6.0])
    assert shift(np.array([0.5]), np.log(3.0), "share") == pytest.approx([0.75])
    assert float(shift(np.array([0.99]), np.array(50.0), "share")[0]) <= 1.0


def test_steps_are_quantiles_of_students_t_with_its_middle_among_them() -> None:
    steps = likely_steps(5)
    assert steps.size == N_LIKELY
    assert steps[N_LIKELY // 2] == pytest.approx(0.0, abs=1e-12)
    assert float(np.quantile(steps, 0.95)) == pytest.approx(float(t.ppf(0.95, 5)), rel=0.02)


def test_last_value_spreads_with_the_root_of_time() -> None:
    """Changes of the logarithm are +0.1 and -0.1 in turn: their root mean square is 0.1."""
    values = 50.0 * np.exp([0.0, 0.1, 0.0, 0.1, 0.0, 0.1])
    found = last_value(YEARS, values, RATE, 4)
    assert found is not None
    lines = quantiles(found)
    assert lines["median"] == pytest.approx([values[-1]] * 4)
    wide = np.log(lines["p95"] / values[-1])
    assert wide / wide[0] == pytest.approx([1.0, math.sqrt(2), math.sqrt(3), 2.0], rel=0.01)
    assert wide[0] == pytest.approx(0.1 * float(t.ppf(0.95, 5)), rel=0.03)


def test_a_straight_line_goes_straight_on_without_spread() -> None:
    values = 10.0 * np.exp(0.05 * np.arange(6))
    found = last_value_and_trend(YEARS, values, RATE, 3)
    assert found is not None
    assert found == pytest.approx(np.repeat(values[-1] * np.exp(0.05 * np.arange(1, 4))[:, None], N_LIKELY, axis=1))


def test_the_trend_is_of_the_last_five_years_only() -> None:
    line = np.array([9.0, 0.0, 0.1, 0.2, 0.3, 0.4])
    found = last_value_and_trend(YEARS, np.exp(line), RATE, 1)
    assert found is not None
    assert quantiles(found)["median"] == pytest.approx([math.exp(0.5)])


def test_the_trends_spread_by_hand() -> None:
    """Changes 0.2, 0, 0.2, 0 of five years: slope 0.1 by least squares, s² = 4 × 0.01 / 3."""
    line = np.array([0.0, 0.2, 0.2, 0.4, 0.4])
    found = last_value_and_trend(YEARS[1:], np.exp(line), RATE, 2)
    assert found is not None
    s = math.sqrt(0.04 / 3)
    ahead = np.arange(1, 3)
    width = s * np.sqrt(ahead * (1 + ahead / 4)) * float(np.quantile(likely_steps(3), 0.95))
    assert np.log(quantiles(found)["p95"]) == pytest.approx(0.4 + 0.1 * ahead + width, rel=0.02)


@pytest.mark.parametrize("years", [[2014], [2013, 2014], [2010, 2012, 2014]])
def test_too_few_yearly_changes_make_no_forecast(years: list[int]) -> None:
    values = np.linspace(1.0, 2.0, len(years))
    assert last_value(years, values, RATE, 5) is None
    assert last_value_and_trend(years, values, RATE, 5) is None


def test_random_walks_stay_within_their_bands_as_often_as_they_should() -> None:
    """Of many walks with 12 known changes, nine in ten bands of the next five years hold what comes."""
    chance = np.random.default_rng(7)
    held = []
    for _ in range(300):
        walk = np.exp(np.cumsum(0.1 * chance.standard_normal(18)))
        found = last_value(list(range(13)), walk[:13], RATE, 5)
        assert found is not None
        lines = quantiles(found)
        held.append((lines["p05"] <= walk[13:]) & (walk[13:] <= lines["p95"]))
    assert 0.86 < np.mean(held) < 0.94


def test_discrepancy_is_the_root_mean_square_of_changes_and_never_grows_less_than_a_walk() -> None:
    years = [f"{year}/{(year + 1) % 100:02d}" for year in YEARS]
    rising = np.exp(0.1 * np.arange(6))
    found = estimate_discrepancy(years, rising, RATE, 5, "here")
    assert found is not None
    # 1 to 4 years: every change over h years is 0.1 h; over 5 years there is one only, so the walk's growth.
    assert found.spreads == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.4 * math.sqrt(5 / 4)])
    assert (found.changes, found.first_year, found.last_year, found.of) == (5, "2009/10", "2014/15", "here")
    there_and_back = estimate_discrepancy(years, np.exp([0.0, 0.1, 0.0, 0.1, 0.0, 0.1]), RATE, 3, "here")
    assert there_and_back is not None
    assert there_and_back.spreads == pytest.approx([0.1 * math.sqrt(h) for h in (1, 2, 3)])
    assert estimate_discrepancy(years[:2], rising[:2], RATE, 3, "here") is None


def test_widened_bands_keep_their_middle_and_widen_with_every_year() -> None:
    years = [f"{year}/{(year + 1) % 100:02d}" for year in YEARS]
    found = estimate_discrepancy(years, np.array([5.0, 5.5, 5.2, 5.9, 5.4, 6.0]), RATE, 5, "here")
    assert found is not None
    lines = quantiles(widen(np.full((5, 3), 8.0), RATE, found))
    assert lines["median"] == pytest.approx([8.0] * 5)
    for low, high in (("p05", "p95"), ("p25", "p75")):
        assert (np.diff(lines[high] - lines[low]) > 0).all()


def _runs(beliefs: float, luck: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    chance = np.random.default_rng(3)
    own = beliefs * chance.standard_normal((4000, 1, 1))
    return np.asarray(20.0 + own + luck * chance.standard_normal((4000, 2, 1)))


def test_runs_are_drawn_together_until_luck_is_that_of_the_place() -> None:
    """Beliefs 1, luck 2 at a quarter of the place's households: variance 1 + 4 / 4 of 1 + 4."""
    runs = _runs(1.0, 2.0)
    assert luck_factor(runs, 0.25) == pytest.approx(math.sqrt(2 / 5), rel=0.05)
    assert at_place_size(runs, 0.25).std() == pytest.approx(math.sqrt(2.0), rel=0.05)
    assert at_place_size(runs, 0.25).mean() == pytest.approx(runs.mean())


def test_runs_are_left_alone_where_luck_is_not_known_or_the_place_is_whole() -> None:
    runs = _runs(1.0, 2.0)
    for values, part in ((runs, 1.0), (runs[:, :1], 0.1), (runs[:1], 0.1)):
        assert at_place_size(values, part) == pytest.approx(values.reshape(-1, 1).T)


def test_the_models_change_is_laid_on_the_last_official_value() -> None:
    base = np.array([[10.0], [20.0]])
    ahead = np.array([[[11.0, 12.0]], [[20.0, 30.0]]])
    laid = lay_on(ahead, base, 50.0, RATE, 1.0)
    assert laid is not None
    assert laid == pytest.approx(np.array([[55.0, 50.0], [60.0, 75.0]]))
    assert lay_on(ahead, np.array([[0.0], [20.0]]), 50.0, RATE, 1.0) is None


def test_the_rule_is_tried_on_earlier_years_only_with_what_followed() -> None:
    """A steady series is always held; one that leaps in its last year is missed there, one year ahead and two."""
    steady = make_history("steady", RATE, RATE, [10.0, 11.0] * 5, 1.0)
    found = backtest_rule({"steady": steady, "short": make_history("short", RATE, RATE, [1.0, 2.0], 1.0)}, 5)
    assert found is not None
    assert (found.n, found.series, found.in_nine) == (3, 1, 1.0)  # from the 8th year two ahead, from the 9th one
    leap = make_history("leap", RATE, RATE, [10.0, 11.0] * 4 + [10.0, 50.0], 1.0)
    missed = backtest_rule({"leap": leap}, 5)
    assert missed is not None
    assert missed.in_nine == pytest.approx(1 / 3)
    assert backtest_rule({}, 5) is None


def test_the_rule_would_have_held_in_the_official_series_of_england() -> None:
    found = backtest_rule(load_histories(ROOT / "configs", "england", "2014/15"), 5)
    assert found is not None
    assert found.series >= 5
    assert 0.8 < found.in_nine < 0.99
    assert 0.4 < found.in_half < 0.7
