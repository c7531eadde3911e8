"""Samplers of a calibration against answers that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from demandsim.study.calibration.sampling import (
    Floats,
    effective_size,
    find_within,
    make_chance,
    pick_evenly,
    slice_elliptically,
    spread_points,
)


def test_elliptical_slices_draw_a_known_posterior() -> None:
    # y = 2 a - b + noise of 0.5, and y was seen to be 3; c is told nothing.
    slopes, seen, noise = np.array([2.0, -1.0, 0.0]), 3.0, 0.5

    def likelihood(points: Floats, chains: NDArray[np.int64]) -> Floats:
        return np.asarray(-0.5 * np.square((points @ slopes - seen) / noise))

    drawn = slice_elliptically(spread_points(4000, 3, make_chance(1, 1)), likelihood, 40, make_chance(1, 2))
    spread = np.linalg.inv(np.eye(3) + np.outer(slopes, slopes) / noise**2)
    mean = spread @ slopes * seen / noise**2
    assert drawn.mean(axis=0) == pytest.approx(mean, abs=0.06)
    assert np.cov(drawn.T) == pytest.approx(spread, abs=0.06)


def test_every_chain_may_have_a_likelihood_of_its_own() -> None:
    wanted = np.repeat([-2.0, 2.0], 1500)

    def likelihood(points: Floats, chains: NDArray[np.int64]) -> Floats:
        return np.asarray(-0.5 * np.square((points[:, 0] - wanted[chains]) / 0.5))

    drawn = slice_elliptically(spread_points(3000, 2, make_chance(8)), likelihood, 30, make_chance(9))
    for mark in (-2.0, 2.0):
        assert drawn[wanted == mark, 0].mean() == pytest.approx(mark / (1 + 0.25), abs=0.06)
    assert drawn[:, 1].std() == pytest.approx(1.0, abs=0.06)


def test_splitting_finds_a_rare_corner_and_how_rare_it_is() -> None:
    from scipy.stats import norm

    found = find_within(lambda points: np.asarray(4.0 - points[:, 0]), 0.5, 2000, 100, make_chance(3))
    assert (found.points[:, 0] >= 3.5).all()
    assert found.share == pytest.approx(norm.sf(3.5), rel=0.35)
    assert found.threshold == 0.5
    assert abs(found.points[:, 1].mean()) < 0.1
    assert found.points[:, 1].std() == pytest.approx(1.0, abs=0.06)


def test_splitting_tells_how_near_it_came_where_nothing_is_near_enough() -> None:
    def badness(points: Floats) -> Floats:
        return np.asarray(2.0 + np.abs(points[:, 0]))

    found = find_within(badness, 1.0, 500, 3, make_chance(4))
    assert 2.0 < found.threshold < 2.05
    assert (badness(found.points) <= found.threshold).all()


def test_points_are_picked_as_evenly_as_their_weights_allow() -> None:
    weights = np.array([0.5, 0.25, 0.25, 0.0])
    assert np.bincount(pick_evenly(weights, 40, make_chance(5)), minlength=4).tolist() == [20, 10, 10, 0]
    assert effective_size(np.ones(10)) == pytest.approx(10.0)
    assert effective_size(np.array([1.0, 0.0])) == pytest.approx(1.0)


def test_the_same_stage_has_the_same_chance_and_another_has_not() -> None:
    assert (spread_points(5, 2, make_chance(7, 1)) == spread_points(5, 2, make_chance(7, 1))).all()
    assert (spread_points(5, 2, make_chance(7, 1)) != spread_points(5, 2, make_chance(7, 2))).any()
