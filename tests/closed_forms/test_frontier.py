"""Policies compared one by one: dominance, mixtures, the price of each step; weights within cycles."""

from __future__ import annotations

import math

import numpy as np
import pytest

from demandsim.comparison.cycles import simpson_weights
from demandsim.comparison.frontier import compare_incrementally
from demandsim.errors import RequestError


def test_a_dearer_and_worse_policy_is_dominated() -> None:
    rows = {row.name: row for row in compare_incrementally({"a": (0.0, 0.0), "b": (10.0, 2.0), "c": (12.0, 1.0)})}
    assert (rows["b"].against, rows["b"].cost_per_unit) == ("a", 5.0)
    assert rows["c"].status == "dominated"
    assert rows["c"].cost_per_unit is None


def test_a_policy_beaten_by_a_mixture_is_extendedly_dominated() -> None:
    # b costs 10 a unit, then c 2.5: half of a and half of c give more than b for less.
    rows = compare_incrementally({"a": (0.0, 0.0), "b": (10.0, 1.0), "c": (15.0, 3.0)})
    assert [row.name for row in rows] == ["a", "c", "b"]
    assert rows[1].cost_per_unit == 5.0
    assert rows[2].status == "extendedly dominated"


def test_dropping_one_policy_may_uncover_that_the_one_before_it_is_beaten_too() -> None:
    policies = {"a": (0.0, 0.0), "b": (6.0, 1.0), "c": (11.0, 2.0), "d": (12.0, 4.0)}
    rows = compare_incrementally(policies)
    assert [row.name for row in rows if row.status == "on the frontier"] == ["a", "d"]


def test_prices_rise_along_the_frontier_whatever_the_policies() -> None:
    chance = np.random.Generator(np.random.Philox(7))
    for _ in range(200):
        policies = {str(i): (float(c), float(o)) for i, (c, o) in enumerate(chance.random((9, 2)))}
        rows = compare_incrementally(policies)
        assert {row.name for row in rows} == set(policies)
        prices = [row.cost_per_unit for row in rows if row.cost_per_unit is not None]
        assert prices == sorted(prices)
        frontier = [row for row in rows if row.status == "on the frontier"]
        # At any price of an outcome, the best of all policies is one on the frontier.
        for price in (0.01, 0.3, 1.0, 5.0):
            best = max(policies.values(), key=lambda pair: price * pair[1] - pair[0])
            assert max(price * row.outcome - row.cost for row in frontier) == price * best[1] - best[0]


def test_the_cheapest_may_be_the_only_one_and_equals_are_kept_once() -> None:
    rows = compare_incrementally({"a": (-5.0, 3.0), "b": (1.0, 2.0), "same_as_a": (-5.0, 3.0)})
    assert [(row.name, row.status) for row in rows] == [
        ("a", "on the frontier"),
        ("same_as_a", "dominated"),
        ("b", "dominated"),
    ]


@pytest.mark.parametrize("policies", [{}, {"a": (math.nan, 1.0)}, {"a": (1.0, math.inf)}])
def test_nothing_to_compare_is_refused(policies: dict[str, tuple[float, float]]) -> None:
    with pytest.raises(RequestError):
        compare_incrementally(policies)


def test_simpson_integrates_a_cubic_exactly_where_the_rule_holds() -> None:
    ends = np.linspace(0.0, 8.0, 9)
    assert float(simpson_weights(8, "odd") @ ends**3) == pytest.approx(8.0**4 / 4.0, rel=1e-12)
    assert float(simpson_weights(8, "even") @ ends**3) != pytest.approx(8.0**4 / 4.0, rel=1e-3)


def test_the_two_parities_swap_the_inner_weights() -> None:
    assert simpson_weights(3, "even").tolist() == pytest.approx([1 / 3, 2 / 3, 4 / 3, 1 / 3])
    assert simpson_weights(3, "odd").tolist() == pytest.approx([1 / 3, 4 / 3, 2 / 3, 1 / 3])


def test_weights_of_no_cycle_are_refused() -> None:
    with pytest.raises(RequestError, match="at least one cycle"):
        simpson_weights(0, "odd")
