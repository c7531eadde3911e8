"""Scores of forecasts against values worked out by hand, and against brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest

from demandsim.comparison.scores import absolute_error, interval_score, is_covered, sample_crps, skill


@pytest.mark.parametrize(
    ("actual", "missed", "score"),
    [
        (15.0, 0.1, 10.0),  # inside: the width
        (10.0, 0.1, 10.0),  # on the edge
        (8.0, 0.1, 10.0 + 20.0 * 2.0),
        (23.0, 0.1, 10.0 + 20.0 * 3.0),
        (23.0, 0.5, 10.0 + 4.0 * 3.0),
    ],
)
def test_interval_score_is_width_and_a_fine_for_what_lies_outside(actual: float, missed: float, score: float) -> None:
    assert interval_score(10.0, 20.0, actual, missed) == pytest.approx(score)


def test_interval_score_is_lowest_on_average_at_the_true_quantiles() -> None:
    values = np.linspace(-1.0, 1.0, 2001)  # uniform: a band of nine in ten is -0.9 to 0.9

    def mean(half: float) -> float:
        return float(np.mean([interval_score(-half, half, value, 0.1) for value in values]))

    assert mean(0.9) < mean(0.85)
    assert mean(0.9) < mean(0.95)


def test_coverage_takes_in_the_ends() -> None:
    assert [is_covered(1.0, 2.0, value) for value in (0.99, 1.0, 1.5, 2.0, 2.01)] == [False, True, True, True, False]


def test_error_is_absolute() -> None:
    assert absolute_error(3.0, 5.5) == absolute_error(5.5, 3.0) == 2.5


def test_crps_of_one_value_is_its_error_and_of_two_by_hand() -> None:
    assert sample_crps([3.0], 5.0) == 2.0
    # Distances 1 and 1, mean 1; two values 2 apart, mean distance over all four pairs 1; 1 - 1/2.
    assert sample_crps([0.0, 2.0], 1.0) == pytest.approx(0.5)


def test_crps_equals_its_definition_over_all_pairs() -> None:
    values = np.array([4.0, -1.0, 2.5, 2.5, 9.0])
    pairs = np.abs(values[:, None] - values[None, :]).mean()
    assert sample_crps(values, 3.0) == pytest.approx(np.abs(values - 3.0).mean() - 0.5 * pairs)


def test_crps_of_many_normal_quantiles_nears_the_closed_form() -> None:
    from scipy.stats import norm

    values = norm.ppf((np.arange(4001) + 0.5) / 4001)
    closed = 0.5 * (2.0 * norm.cdf(0.5) - 1.0) + 2.0 * norm.pdf(0.5) - 1.0 / math.sqrt(math.pi)
    assert sample_crps(values, 0.5) == pytest.approx(closed, abs=1e-3)


def test_skill_is_the_part_saved() -> None:
    assert skill(3.0, 4.0) == 0.25
    assert skill(4.0, 4.0) == 0.0
    assert skill(6.0, 4.0) == -0.5
    assert math.isnan(skill(1.0, 0.0))


def test_a_figure_set_apart_is_scored_by_itself_and_in_no_score_of_all() -> None:
    from dataclasses import replace

    from demandsim.comparison.predictions import ALL, Point, average_points, find_score

    one = Point("fresh", "2015/16", "model", True, True, 1.0, 2.0, 0.5, 0.1, 1.0)
    points = [one, replace(one, series="fitted", interval_nine=100.0)]
    scores = average_points(points, (), {"fitted"})
    whole, fitted = find_score(scores, ALL, "model"), find_score(scores, "fitted", "model")
    assert whole is not None
    assert fitted is not None
    assert (whole.n, whole.interval_nine) == (1, 2.0)
    assert fitted.interval_nine == 100.0
    both = find_score(average_points(points, ()), ALL, "model")
    assert both is not None
    assert both.interval_nine == 51.0
