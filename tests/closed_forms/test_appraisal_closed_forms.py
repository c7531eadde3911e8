"""Discounting against geometric sums, and the rules of appraisal that are easy to get wrong."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demandsim.comparison.appraisal import (
    DiscountSchedule,
    Segment,
    Stream,
    annuity,
    appraise,
    benefit_cost_ratio,
    beside_optimism_bias,
    discount_factor,
    net_by_payer,
    net_present_value,
    payback_year,
    present_value,
    schedule_on,
)
from demandsim.errors import ConfigError, RequestError

SEGMENTED = DiscountSchedule(
    "standard", date(2003, 4, 1), (Segment(30, 0.035), Segment(75, 0.030), Segment(125, 0.025))
)
FLAT = DiscountSchedule("flat", date(2003, 4, 1), (Segment(math.inf, 0.04),))
NONE = DiscountSchedule("none", date(2003, 4, 1), (Segment(math.inf, 0.0),))
GBP = st.floats(-1e6, 1e6)


@given(st.integers(0, 125))
def test_an_annuity_is_the_sum_of_its_factors(years: int) -> None:
    factors = [discount_factor(float(year), SEGMENTED) for year in range(1, years + 1)]
    assert annuity(years, SEGMENTED) == pytest.approx(sum(factors), rel=1e-12)


@given(st.integers(1, 200))
def test_an_annuity_at_one_rate_is_the_geometric_sum(years: int) -> None:
    assert annuity(years, FLAT) == pytest.approx((1.0 - 1.04**-years) / 0.04, rel=1e-12)
    assert annuity(years, NONE) == years


@given(st.floats(0.0, 124.0), st.floats(0.0, 1.0))
def test_a_later_pound_is_worth_less_at_the_rate_of_its_own_segment(year: float, step: float) -> None:
    ratio = discount_factor(year, SEGMENTED) / discount_factor(year + step, SEGMENTED)
    assert 1.025**step * (1 - 1e-12) <= ratio <= 1.035**step * (1 + 1e-12)


def test_segments_compound_and_do_not_reach_back() -> None:
    assert discount_factor(0.0, SEGMENTED) == 1.0
    assert discount_factor(100.0, SEGMENTED) == pytest.approx(1.035**-30 * 1.03**-45 * 1.025**-25, rel=1e-12)
    years = np.array([[0.0, 30.0], [30.5, 125.0]])
    factors = discount_factor(years, SEGMENTED)
    assert factors.shape == (2, 2)
    assert factors[1, 0] == pytest.approx(1.035**-30 * 1.03**-0.5, rel=1e-12)


@pytest.mark.parametrize("year", [-0.1, 125.1, math.nan])
def test_years_outside_the_schedule_are_refused(year: float) -> None:
    with pytest.raises(RequestError, match="covers years 0 to 125"):
        discount_factor(year, SEGMENTED)
    with pytest.raises(RequestError, match="covers years 0 to inf"):
        discount_factor(math.inf, FLAT)


@pytest.mark.parametrize("years", [-1, 2.5])
def test_an_annuity_runs_for_whole_years(years: int) -> None:
    with pytest.raises(RequestError, match="whole number of years"):
        annuity(years, SEGMENTED)


def test_the_schedule_in_force_is_the_latest_begun() -> None:
    later = DiscountSchedule("standard", date(2026, 4, 1), (Segment(math.inf, 0.02),))
    assert schedule_on((later, SEGMENTED), date(2016, 4, 1)) is SEGMENTED
    assert schedule_on((SEGMENTED, later), date(2026, 4, 1)) is later
    with pytest.raises(RequestError, match="No discount schedule is valid on 2000-01-01"):
        schedule_on((SEGMENTED, later), date(2000, 1, 1))


@pytest.mark.parametrize(
    "segments",
    [(), (Segment(30, 0.035), Segment(30, 0.03)), (Segment(0, 0.035),), (Segment(30, -1.0),), (Segment(30, math.nan),)],
)
def test_a_schedule_that_cannot_be_meant_is_refused(segments: tuple[Segment, ...]) -> None:
    with pytest.raises(ConfigError, match="discount schedule odd"):
        DiscountSchedule("odd", date(2003, 4, 1), segments)


@given(st.dictionaries(st.integers(0, 125), GBP), st.dictionaries(st.integers(0, 125), GBP))
def test_present_value_adds_up(first: dict[int, float], second: dict[int, float]) -> None:
    both = {year: first.get(year, 0.0) + second.get(year, 0.0) for year in {*first, *second}}
    apart = present_value(first, SEGMENTED) + present_value(second, SEGMENTED)
    assert present_value(both, SEGMENTED) == pytest.approx(apart, rel=1e-9, abs=1e-4)
    net = net_present_value(first, second, SEGMENTED)
    assert net == pytest.approx(present_value(second, SEGMENTED) - present_value(first, SEGMENTED), abs=1e-6)


def test_what_saves_money_has_no_ratio() -> None:
    assert benefit_cost_ratio({0: 100.0}, {1: 208.0}, FLAT) == pytest.approx(2.0, rel=1e-12)
    assert benefit_cost_ratio({0: -100.0}, {1: 208.0}, FLAT) is None
    assert benefit_cost_ratio({}, {1: 208.0}, FLAT) is None


@pytest.mark.parametrize(
    ("costs", "benefits", "year"),
    [
        ({0: 100.0}, {1: 50.0, 2: 50.0, 3: 50.0}, 2),
        ({0: 100.0}, {1: 50.0, 2: 49.0}, None),
        ({0: 0.3}, {1: 0.1, 2: 0.1, 3: 0.1}, 3),  # repaid to the penny, though 0.1 three times is not 0.3 in binary
        ({3: 100.0}, {1: 50.0, 4: 50.0}, 4),  # ahead in year 1, in debt in year 3: repaid in year 4
        ({0: 100.0, 5: 10.0}, {1: 100.0}, None),  # a late bill undoes it
        ({0: -5.0}, {}, 0),
        ({0: 0.0}, {0: 0.0, 1: 5.0}, 1),  # a gain that begins in year 1 is not there in year 0
        ({}, {}, None),
        ({0: 0.0}, {1: 0.0}, None),  # nothing laid out, nothing repaid
    ],
)
def test_payback(costs: dict[int, float], benefits: dict[int, float], year: int | None) -> None:
    assert payback_year(costs, benefits) == year


def test_discounting_delays_payback() -> None:
    costs, benefits = {0: 100.0}, {1: 50.0, 2: 50.0, 3: 50.0}
    assert payback_year(costs, benefits, FLAT) == 3
    assert payback_year(costs, benefits, NONE) == 2


def test_kinds_of_value_are_kept_apart_and_each_uses_its_own_schedule() -> None:
    worth = appraise(
        [
            Stream("social", FLAT, benefits={1: 104.0}),
            Stream("social", NONE, benefits={1: 10.0}),
            Stream("fiscal", FLAT, costs={0: 50.0}, benefits={1: 52.0}),
        ]
    )
    assert list(worth) == ["fiscal", "social"]
    assert worth["fiscal"].present_benefit == pytest.approx(50.0, rel=1e-12)
    assert worth["fiscal"].benefit_cost_ratio == pytest.approx(1.0, rel=1e-12)
    assert worth["social"].net_present_value == pytest.approx(110.0, rel=1e-12)
    assert worth["social"].benefit_cost_ratio is None
    with pytest.raises(RequestError, match="no value kind `total`"):
        appraise([Stream("total", FLAT)])


def test_who_pays_and_who_gains_are_both_in_the_net() -> None:
    assert net_by_payer({"council_children": 952.0}, {"justice": 1588.0, "council_children": 67.0}) == {
        "council_children": -885.0,
        "justice": 1588.0,
    }


def test_optimism_bias_is_shown_beside_and_always_against_the_case() -> None:
    amounts, bias = {"published": 100.0, "assumed": -20.0}, {"published": 0.05, "assumed": 0.40, "measured": 0.0}
    cost = beside_optimism_bias(amounts, bias, side="cost")
    benefit = beside_optimism_bias(amounts, bias, side="benefit")
    assert cost.as_estimated == benefit.as_estimated == 80.0
    # A doubtful saving of 20 is worth 12 of it, not 28.
    assert cost.corrected == pytest.approx(105.0 - 12.0)
    assert benefit.corrected == pytest.approx(95.0 - 28.0)


def test_optimism_bias_needs_every_grade() -> None:
    with pytest.raises(RequestError, match="graded assumed"):
        beside_optimism_bias({"assumed": 1.0}, {"published": 0.05}, side="cost")
    with pytest.raises(RequestError, match="at least 0"):
        beside_optimism_bias({"assumed": 1.0}, {"assumed": -0.05}, side="cost")
    with pytest.raises(RequestError, match="`cost` or `benefit`"):
        beside_optimism_bias({}, {}, side="costs")  # type: ignore[arg-type]
