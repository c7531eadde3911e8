"""Budgets, pooling and cuts as pure rules: whole posts, exact pence, no drift without overspend or grant cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demandsim.agencies import (
    decide_cuts,
    open_purses,
    pool_gaps,
    review_year,
    set_budgets,
    share_exactly,
    value_per_pound,
)
from demandsim.agencies.value import WORSENS
from demandsim.errors import RequestError
from demandsim.needs.tables import MOVES
from demandsim.parameters.vocabulary import ORDERS_OF_CUTS

LIMITED = np.array([True, True, False])
PENCE = st.integers(min_value=0, max_value=10**13)
ORDERS = st.sampled_from(ORDERS_OF_CUTS)


@st.composite
def purses_units(draw: st.DrawFn) -> dict[str, Any]:
    """The units of one purse, some of them duties, some early, some already cut."""
    n = draw(st.integers(1, 8))
    planned = np.array(draw(st.lists(st.floats(0, 60), min_size=n, max_size=n)))
    cut = np.floor(planned * np.array(draw(st.lists(st.floats(0, 1), min_size=n, max_size=n))))
    return {
        "posts": planned - cut,
        "planned": planned,
        "cost": np.array(draw(st.lists(st.integers(0, 9_000_000), min_size=n, max_size=n))),
        "may_cut": np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n))),
        "is_early": np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n))),
        "value": np.array(draw(st.lists(st.floats(-1, 1) | st.just(float("nan")), min_size=n, max_size=n))),
    }


def _cut(shortfall: int, order: str = "pro_rata", protected: float = 0.0, **changed: Any) -> list[int]:
    """Four units: universal, early, targeted, and a duty, at a thousand pounds a post-year."""
    units: dict[str, Any] = {
        "posts": [10.4, 20.0, 30.0, 40.0],
        "planned": [10.4, 20.0, 30.0, 40.0],
        "cost": [100_000] * 4,
        "may_cut": [True, True, True, False],
        "is_early": [True, True, False, False],
        "value": [0.3, 0.1, 0.2, 0.0],
    } | changed
    return [int(n) for n in decide_cuts(shortfall, order=order, protected=protected, **units).change]


# -- sharing and pooling


@given(st.integers(-(10**14), 10**14), st.lists(PENCE, min_size=1, max_size=12))
def test_shares_add_up_exactly_and_lie_within_one_of_proportion(total: int, weights: list[int]) -> None:
    weights[0] += 1  # one at least can bear it
    shares = share_exactly(total, weights)
    assert sum(shares) == total
    whole = sum(weights)
    assert all(abs(share * whole - total * weight) < whole for share, weight in zip(shares, weights, strict=True))


def test_what_nobody_can_bear_is_refused() -> None:
    assert share_exactly(0, [0, 0]) == [0, 0]
    with pytest.raises(RequestError, match="cannot be shared"):
        share_exactly(5, [0, 0])
    with pytest.raises(RequestError, match="cannot be shared"):
        share_exactly(5, [-1, 3])


@given(
    st.lists(st.integers(-(10**13), 10**13), min_size=3, max_size=3),
    st.lists(PENCE, min_size=3, max_size=3),
    st.floats(0, 1),
)
def test_pooling_moves_money_and_makes_none(gaps: list[int], budgets: list[int], pooled: float) -> None:
    after = pool_gaps(gaps, budgets, pooled, LIMITED)
    assert after.sum() == sum(gaps)
    assert after[2] == gaps[2]  # demand-led
    assert pool_gaps(gaps, budgets, 0.0, LIMITED).tolist() == gaps


def test_a_pool_of_everything_is_carried_in_proportion_to_budgets() -> None:
    assert pool_gaps([900, 0, 7], [1000, 2000, 50], 1.0, LIMITED).tolist() == [300, 600, 7]
    assert pool_gaps([900, 0, 7], [1000, 2000, 50], 0.5, LIMITED).tolist() == [600, 300, 7]
    assert pool_gaps([900, -900, 0], [1000, 2000, 50], 1.0, LIMITED).tolist() == [0, 0, 0]


# -- budgets and reserves


def test_a_flat_grant_pays_for_the_plan_exactly() -> None:
    odd = 2**53 - 1
    assert set_budgets([odd, 10], [0, 5], [1.0, 0.9]).tolist() == [odd, 14]


@pytest.mark.parametrize("grant", [-0.1, float("nan")])
def test_a_grant_below_nought_is_refused(grant: float) -> None:
    with pytest.raises(RequestError, match=r"agencies\.<purse>\.grant"):
        set_budgets([10], [0], [grant])


def _review(outturn: int, expected: int, budget: int = 1000, reserves: int = 100, held: int | None = None) -> Any:
    state = open_purses([1000, 1000, 1000], [reserves / 1000] * 3, 2)
    if held is not None:
        state.reserves[:] = held
    return review_year([1000] * 3, [outturn, 1000, 9999], [budget] * 3, [expected, budget, 9999], state, 0.0, LIMITED)


def test_reserves_meet_overspend_first_and_then_the_year_ahead() -> None:
    found = _review(outturn=1060, expected=1060)
    assert found.overspent.tolist() == [60, 0, 0]
    assert found.state.reserves.tolist() == [40, 100, 100]
    assert found.unfunded.tolist() == [0, 0, 0]
    assert found.shortfall.tolist() == [20, 0, 0]  # 60 expected, 40 in hand
    assert _review(outturn=1160, expected=1160).unfunded.tolist() == [60, 0, 0]


def test_services_outside_the_model_bear_their_share_of_gaps_and_of_room() -> None:
    state = open_purses([1000, 1000, 1000], [0.01] * 3, 2)
    spent = [1100, 900, 5000]
    found = review_year([1000] * 3, spent, [1000] * 3, spent, state, 0.0, LIMITED, [0.8, 0.8, 0.8])
    assert found.elsewhere.tolist() == [80, -80, 0]
    assert found.unfunded.tolist() == [10, 0, 0]  # 20 of 100 stay here, and 10 are in reserve
    assert found.shortfall.tolist() == [20, 0, 0]
    assert found.surplus.tolist() == [0, 20, 0]
    everything = review_year([1000] * 3, spent, [1000] * 3, spent, state, 0.0, LIMITED, 1.0)
    assert not everything.shortfall.any()


def test_what_is_borne_elsewhere_is_not_asked_of_these_posts_bit_by_bit() -> None:
    """A gap that lasts is cut once, by its own share, and comes back whole when the gap goes."""
    state, limited = open_purses([1000], [0.0], 1), [True]
    cut = 0
    for gap, wanted in ((100, 20), (100, 20), (100, 20), (150, 30), (0, 0), (-50, 0)):
        spent = [1000 + gap - cut]
        found = review_year([1000], spent, [1000], spent, state, 0.0, limited, [0.8], [cut])
        cut = max(0, cut + int(found.shortfall[0] - found.surplus[0]))  # posts of a penny
        assert cut == wanted
        state = found.state
    assert found.elsewhere.tolist() == [-40]


def test_a_surplus_fills_reserves_before_it_restores_posts() -> None:
    found = _review(outturn=990, expected=950, held=30)
    assert found.state.reserves.tolist() == [40, 30, 30]
    assert found.surplus.tolist() == [0, 0, 0]  # 50 of room, 60 missing from reserves
    assert _review(outturn=900, expected=950).surplus.tolist() == [50, 0, 0]
    assert _review(outturn=900, expected=950).state.reserves.tolist() == [100, 100, 100]


def test_a_grant_below_last_years_is_a_gap_at_once() -> None:
    found = _review(outturn=1000, expected=1000, budget=800)
    assert found.gap.tolist() == [200, 0, 0]
    assert found.shortfall.tolist() == [100, 0, 0]


@given(
    st.lists(PENCE, min_size=3, max_size=3),
    st.lists(PENCE, min_size=3, max_size=3),
    st.lists(PENCE, min_size=3, max_size=3),
    st.floats(0, 1),
)
def test_reserves_are_never_negative_and_pooling_changes_no_total(
    budget: list[int], spent: list[int], expected: list[int], pooled: float
) -> None:
    state = open_purses(budget, [0.04] * 3, 2)
    found = review_year(budget, spent, budget, expected, state, pooled, LIMITED)
    assert (found.state.reserves >= 0).all()
    assert (found.state.reserves <= state.full).all()
    assert found.pooled_in.sum() == 0
    assert not ((found.shortfall > 0) & (found.surplus > 0)).any()
    assert (found.shortfall[2], found.surplus[2], found.unfunded[2]) == (0, 0, 0)


@settings(max_examples=60)
@given(purses_units(), ORDERS, st.floats(0, 1), st.floats(0, 1), st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_no_drift_without_overspend_or_grant_cut(
    units: dict[str, Any], order: str, protected: float, pooled: float, purchases: list[float]
) -> None:
    """Whatever the order, the pool and the protection: posts stay as planned while purchases stay within the base's."""
    units["posts"] = units["planned"].copy()
    base = 5_000_000
    pay = round(float((units["planned"] * units["cost"]).sum()))
    budget = set_budgets([pay, 700, 0], [base, 300, 0], [1.0, 1.0, 1.0])
    state = open_purses(budget, [0.0] * 3, units["cost"].size)
    outturn = budget.copy()
    for share in purchases:
        bought = round(share * base)
        expected = np.array([pay + bought, 1000, 0])
        found = review_year(budget, outturn, budget, expected, state, pooled, LIMITED)
        assert not found.shortfall.any()
        decision = decide_cuts(-int(found.surplus[0]), order=order, protected=protected, **units)
        assert not decision.change.any()
        state, outturn = found.state.with_cuts(decision.change), expected
    assert not state.cut.any()


# -- cuts


def test_pro_rata_cuts_in_proportion_to_pay_and_never_a_duty() -> None:
    assert _cut(600_000) == [1, 2, 3, 0]
    assert _cut(600_000, cost=[100_000, 200_000, 300_000, 100_000]) == [1, 1, 1, 0]
    assert _cut(0) == [0, 0, 0, 0]
    assert _cut(1) == [0, 0, 1, 0]  # the last post is cut whole; its share is the largest


def test_early_first_spares_the_rest_until_early_help_is_gone() -> None:
    assert _cut(900_000, "early_first") == [3, 6, 0, 0]
    assert _cut(3_400_000, "early_first") == [10, 20, 4, 0]


def test_by_value_cuts_what_does_least_first() -> None:
    assert _cut(2_200_000, "by_value") == [0, 20, 2, 0]
    assert _cut(2_200_000, "by_value", value=[0.0, 0.0, 0.0, 0.0]) == [10, 12, 0, 0]  # ties by position


def test_posts_without_a_value_bear_their_part_before_the_order_begins() -> None:
    value = [0.3, 0.1, float("nan"), 0.0]
    assert _cut(1_200_000, "by_value", value=value) == [0, 6, 6, 0]  # half of the pay that may go, so half of the cut
    assert _cut(5_900_000, "by_value", value=value) == [9, 20, 30, 0]
    assert _cut(-1_200_000, "by_value", value=value, posts=[0.4, 10.0, 10.0, 40.0]) == [-6, 0, -6, 0]
    assert _cut(600_000, "pro_rata", value=value) == [1, 2, 3, 0]  # where value is not asked for, all are alike


def test_protection_keeps_its_share_of_universal_and_early_posts() -> None:
    assert _cut(9_000_000, "early_first", protected=0.5) == [5, 10, 30, 0]
    assert _cut(9_000_000, "early_first", protected=1.0) == [0, 0, 30, 0]


def test_what_cannot_be_cut_is_said() -> None:
    decision = decide_cuts(500, [0.9], [0.9], [100], [True], [True], [0.0], "pro_rata")
    assert (decision.change.tolist(), decision.saved) == ([0], 0)


def test_posts_come_back_in_the_reverse_order() -> None:
    held = {"posts": [0.4, 0.0, 26.0, 40.0]}
    assert _cut(-600_000, "early_first", **held) == [-1, -1, -4, 0]
    assert _cut(-2_000_000, "by_value", **held) == [-10, -6, -4, 0]
    assert _cut(-99_999, "pro_rata", **held) == [0, 0, 0, 0]
    assert _cut(-99_999_999, "pro_rata", **held) == [-10, -20, -4, 0]


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(RequestError, match="`late_first` is no order of cuts"):
        _cut(1, "late_first")


@given(purses_units(), st.integers(1, 10**9), ORDERS, st.floats(0, 1))
def test_cuts_are_whole_enough_and_no_more(units: dict[str, Any], need: int, order: str, protected: float) -> None:
    decision = decide_cuts(need, order=order, protected=protected, **units)
    change, cost = decision.change, units["cost"]
    left = units["posts"] - change
    assert change.dtype == np.int64
    assert (change >= 0).all()
    assert not change[~units["may_cut"] | (cost == 0)].any()
    assert (left >= -1e-6).all()
    touched = units["is_early"] & (change > 0)
    assert (left[touched] >= protected * units["planned"][touched] - 1e-5).all()
    assert decision.saved == int((change * cost).sum())
    if decision.saved > need:
        assert decision.saved - need < cost[change > 0].max()
    if decision.saved < need:  # nothing that might be cut is left
        floor = np.where(units["is_early"], protected * units["planned"], 0.0)
        assert (left - floor < 1.0)[units["may_cut"] & (cost > 0)].all()


@given(purses_units(), st.integers(0, 10**9), ORDERS)
def test_restoring_is_within_the_money_and_the_plan(units: dict[str, Any], surplus: int, order: str) -> None:
    decision = decide_cuts(-surplus, order=order, **units)
    assert (decision.change <= 0).all()
    assert -decision.saved <= surplus
    assert (units["posts"] - decision.change <= units["planned"] + 1e-6).all()


@given(purses_units(), st.integers(1, 10**9), st.floats(0, 1))
def test_early_first_leaves_the_rest_alone_while_early_help_can_be_cut(
    units: dict[str, Any], need: int, protected: float
) -> None:
    change = decide_cuts(need, order="early_first", protected=protected, **units).change
    early, free = units["is_early"], units["may_cut"] & (units["cost"] > 0)
    if change[~early].any():
        assert (units["posts"] - change - protected * units["planned"] < 1.0)[early & free].all()


# -- value


def _value(log_ratio: float, move: str, **changed: Any) -> float:
    table = np.zeros((1, 1, 2, 4))
    table[0, 0, 0, MOVES.index(move)] = log_ratio
    settings: dict[str, Any] = {"fidelity": [1.0], "cases_per_post": [12.0], "pence_per_post": [400_000]} | changed
    return float(value_per_pound(table, np.full((1, 2, 4), 0.02), np.ones((1, 1, 2), bool), **settings)[0])


def test_value_is_what_a_pound_prevents_and_adds() -> None:
    assert [name for name, worsens in zip(MOVES, WORSENS, strict=True) if worsens] == ["up", "sudden"]
    assert _value(np.log(0.75), "up") == pytest.approx(0.02 * 0.25 / 2 * 12 / 4000)
    assert _value(np.log(1.5), "down") == pytest.approx(0.02 * 0.5 / 2 * 12 / 4000)
    assert _value(np.log(1.5), "up") < 0 < _value(np.log(0.5), "sudden")
    assert _value(np.log(0.5), "up", fidelity=[0.0]) == 0.0
    assert _value(np.log(0.5), "up", pence_per_post=[0]) == 0.0
    assert _value(np.log(0.5), "up", cases_per_post=[24.0]) == pytest.approx(2 * _value(np.log(0.5), "up"))
