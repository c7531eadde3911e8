"""Shapley values, interactions and best orders: known games, axioms, and brute force."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from demandsim.comparison.games import areas, best_order, shapley_interactions, shapley_values
from demandsim.study.orders import paths_of, sample_orders, sample_pairs

Floats = np.ndarray[Any, np.dtype[np.float64]]


def game(n: int, worth: Callable[[set[int]], float]) -> Floats:
    """The worths of a game of n players, given by a rule."""
    return np.array([worth({i for i in range(n) if mask >> i & 1}) for mask in range(2**n)], float)


def games(least: int = 1, most: int = 5) -> st.SearchStrategy[Floats]:
    """Games of any worths, nobody's included."""
    return st.integers(least, most).flatmap(
        lambda n: arrays(np.float64, 2**n, elements=st.floats(-1e6, 1e6, allow_subnormal=False))
    )


def test_an_additive_game_gives_each_its_own() -> None:
    own = [3.0, -1.0, 0.0, 7.5]
    worth = game(4, lambda group: 10.0 + sum(own[i] for i in group))
    assert_allclose(shapley_values(worth), own, atol=1e-12)
    assert_allclose(shapley_interactions(worth), 0.0, atol=1e-12)


def test_the_glove_game() -> None:
    """One left glove, two right ones: a pair is worth 1, and the scarce glove two thirds of it."""
    worth = game(3, lambda group: float(0 in group and len(group) > 1))
    assert_allclose(shapley_values(worth), [2 / 3, 1 / 6, 1 / 6])
    found = shapley_interactions(worth)
    assert_allclose([found[0, 1], found[0, 2], found[1, 2]], [0.5, 0.5, -0.5])


@pytest.mark.parametrize("n", [3, 5, 7])
def test_a_majority_shares_alike(n: int) -> None:
    assert_allclose(shapley_values(game(n, lambda group: float(len(group) > n / 2))), 1 / n)


def test_the_airport_game_shares_each_length_among_those_who_need_it() -> None:
    """Littlechild and Owen (1973): a runway for the largest; each stretch is paid for alike by all who use it."""
    needs = [1.0, 4.0, 10.0]
    worth = game(3, lambda group: max((needs[i] for i in group), default=0.0))
    assert_allclose(shapley_values(worth), [1 / 3, 1 / 3 + 3 / 2, 1 / 3 + 3 / 2 + 6])


def test_unanimity_of_some() -> None:
    worth = game(5, lambda group: float({1, 2, 4} <= group))
    assert_allclose(shapley_values(worth), [0, 1 / 3, 1 / 3, 0, 1 / 3], atol=1e-12)
    found = shapley_interactions(worth)
    assert_allclose([found[1, 2], found[1, 4], found[0, 1], found[2, 2]], [0.5, 0.5, 0, 0], atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(games())
def test_shares_add_up_and_agree_with_all_orders(worth: Floats) -> None:
    n = worth.size.bit_length() - 1
    shares = shapley_values(worth)
    size = 1.0 + np.abs(worth).max()
    assert_allclose(shares.sum(), worth[-1] - worth[0], atol=1e-9 * size)
    orders = np.array(list(permutations(range(n))))
    added = np.diff(worth[paths_of(orders)], axis=1)
    each = [added[orders == player].mean() for player in range(n)]
    assert_allclose(shares, each, atol=1e-9 * size)


@settings(max_examples=40, deadline=None)
@given(games(2), st.randoms(use_true_random=False))
def test_names_do_not_matter(worth: Floats, chance: Any) -> None:
    n = worth.size.bit_length() - 1
    new = list(range(n))
    chance.shuffle(new)
    renamed = np.empty_like(worth)
    for mask in range(2**n):
        renamed[sum(1 << new[i] for i in range(n) if mask >> i & 1)] = worth[mask]
    size = 1.0 + np.abs(worth).max()
    assert_allclose(shapley_values(renamed)[new], shapley_values(worth), atol=1e-9 * size)
    assert_allclose(shapley_interactions(renamed)[np.ix_(new, new)], shapley_interactions(worth), atol=1e-9 * size)


@settings(max_examples=40, deadline=None)
@given(games(1, 4), st.floats(-1e3, 1e3))
def test_one_who_adds_the_same_to_all_gets_just_that(worth: Floats, own: float) -> None:
    """With own = 0 this is the null player."""
    more = np.concatenate([worth, worth + own])
    size = 1e-9 * (1.0 + np.abs(more).max())
    assert_allclose(shapley_values(more)[-1], own, atol=size)
    assert_allclose(shapley_values(more)[:-1], shapley_values(worth), atol=size)
    assert_allclose(shapley_interactions(more)[-1], 0.0, atol=size)


@settings(max_examples=40, deadline=None)
@given(games(3, 3), games(3, 3))
def test_values_are_linear_and_lucks_are_kept_apart(one: Floats, other: Floats) -> None:
    both = np.stack([one, other], axis=1)
    size = 1e-9 * (1.0 + np.abs(both).max())
    assert_allclose(shapley_values(both), np.stack([shapley_values(one), shapley_values(other)], axis=1), atol=size)
    assert_allclose(shapley_values(one + other), shapley_values(one) + shapley_values(other), atol=2 * size)


@settings(max_examples=30, deadline=None)
@given(games(1, 6))
def test_the_best_order_is_the_best_of_all(worth: Floats) -> None:
    n = worth.size.bit_length() - 1
    orders = np.array(list(permutations(range(n))))
    every = areas(worth, paths_of(orders))
    order, area = best_order(worth)
    assert sorted(order) == list(range(n))
    size = 1e-9 * (1.0 + np.abs(worth).max())
    assert_allclose(area, every.min(), atol=size)
    assert_allclose(areas(worth, paths_of(np.array([order])))[0], area, atol=size)


def test_an_area_is_the_mean_gain_over_stages() -> None:
    worth = game(2, lambda group: 5.0 + (-6.0 if 0 in group else 0.0) + (-2.0 if 1 in group else 0.0))
    assert_allclose(areas(worth, paths_of(np.array([[0, 1], [1, 0]]))), [(-6 - 8) / 2, (-2 - 8) / 2])
    assert best_order(worth) == ((0, 1), -7.0)


def test_worths_that_are_no_game_are_refused() -> None:
    with pytest.raises(ValueError, match="6 coalitions"):
        shapley_values(np.zeros(6))


def test_orders_are_permutations_equally_likely_and_nested() -> None:
    orders = sample_orders(4, 12_000, seed=3)
    assert (np.sort(orders, axis=1) == np.arange(4)).all()
    counts = np.unique(orders @ [64, 16, 4, 1], return_counts=True)[1]
    assert len(counts) == 24
    assert ((counts - 500) ** 2 / 500).sum() < 49.7  # chi-squared of 23 degrees: one in a thousand
    assert (sample_orders(4, 50, seed=3) == orders[:50]).all()
    assert (sample_orders(4, 50, seed=4) != orders[:50]).any()


def test_pairs_are_an_order_and_its_reverse() -> None:
    pairs = sample_pairs(5, 6, seed=1)
    assert (pairs[1::2] == pairs[::2, ::-1]).all()
    assert (sample_pairs(5, 4, seed=1) == pairs[:4]).all()


def test_sampled_orders_come_near_the_exact_values() -> None:
    chance = np.random.default_rng(5)
    worth = chance.normal(size=2**6).cumsum()
    orders = sample_pairs(6, 4000, seed=9)
    added = np.diff(worth[paths_of(orders)], axis=1)
    for player, exact in enumerate(shapley_values(worth)):
        each = added[orders == player].reshape(-1, 2).mean(axis=1)
        assert abs(each.mean() - exact) < 4 * each.std(ddof=1) / len(each) ** 0.5
