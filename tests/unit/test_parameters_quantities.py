"""Units and their conversions."""

from __future__ import annotations

import math
from datetime import date

import pytest

from demandsim import quantities as q
from demandsim.errors import RequestError


def test_a_hazard_over_a_time_is_a_probability_that_compounds() -> None:
    hazard = q.Hazard(0.1)
    month, year = hazard.over(q.months(1)), hazard.over(q.years(1))
    assert month.value == pytest.approx(1 - math.exp(-0.1))
    assert 1 - year.value == pytest.approx((1 - month.value) ** 12)
    assert year.within(q.years(1)).per_month == pytest.approx(0.1)


def test_a_hazard_per_year_is_not_a_hazard_per_month() -> None:
    assert q.Hazard.yearly(1.2).per_month == pytest.approx(0.1)
    assert q.Hazard(0.1).per_year == pytest.approx(1.2)


def test_types_have_no_star() -> None:
    with pytest.raises(TypeError):
        q.Hazard(0.1) * q.months(1)  # type: ignore[operator]


def test_lengths_of_time_agree() -> None:
    assert q.weeks(q.WEEKS_PER_YEAR).months == pytest.approx(12)
    assert q.days(365.25).years == pytest.approx(1)
    assert q.months(6).weeks == pytest.approx(365.25 / 14)
    assert q.months(4).as_hazard_of_ending() == q.Hazard(0.25)


def test_a_ratio_spread_over_rungs_multiplies_back() -> None:
    assert q.Ratio(0.68).spread_over(3).value ** 3 == pytest.approx(0.68)
    assert q.Ratio(0.64).shrunk_by(0.5).value == pytest.approx(0.8)


def test_odds_are_scaled_and_ends_stay() -> None:
    scaled = q.Probability(0.2).with_odds_scaled_by(q.Ratio(2))
    assert scaled.odds == pytest.approx(0.5)
    assert q.Probability(1.0).with_odds_scaled_by(q.Ratio(0.1)).value == 1.0
    assert q.Probability(0.0).with_odds_scaled_by(q.Ratio(9)).value == 0.0


@pytest.mark.parametrize(
    "wrong", [lambda: q.Hazard(-0.1), lambda: q.Probability(1.1), lambda: q.months(-1), lambda: q.Ratio(-2)]
)
def test_impossible_quantities_are_refused(wrong) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RequestError):
        wrong()


def test_money_is_repriced_and_counted_in_pence() -> None:
    money = q.Money(100.0, "2013/14").repriced_to("2015/16", {"2013/14": 80.0, "2015/16": 82.0})
    assert money.gbp == pytest.approx(102.5)
    assert money.price_year == "2015/16"
    assert money.pence == 10250
    with pytest.raises(RequestError, match="No deflator for 2011/12"):
        q.price_factor("2011/12", "2015/16", {"2015/16": 82.0})


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1.2, "per year", 0.1),
        (2, "years", 24),
        (365.25 / 7 / 12, "weeks", 1),
        (36000, "GBP per FTE-year", 3000),
        (5, "FTE per 10,000 households", 0.0005),
        (12, "per 1,000 households per year", 0.001),
        (0.3, "share", 0.3),
    ],
)
def test_values_reach_the_models_own_units(value: float, unit: str, expected: float) -> None:
    assert q.to_model_units(value, unit) == pytest.approx(expected)
    assert q.to_model_units({"a": value}, unit) == {"a": pytest.approx(expected)}


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(RequestError, match="`per fortnight` is not a unit"):
        q.to_model_units(1.0, "per fortnight")


def test_months_and_fiscal_years() -> None:
    number = q.month_number("2016-04")
    assert number == q.month_number(date(2016, 4, 30)) == q.month_number("2016-04-01")
    assert q.month_label(number) == "2016-04"
    assert q.fiscal_year(number) == "2016/17"
    assert q.fiscal_year(number - 1) == "2015/16"
    assert q.fiscal_year(q.month_number("1999-12")) == "1999/00"
    for wrong in ("April", "2016-13"):
        with pytest.raises(RequestError, match="is not a month"):
            q.month_number(wrong)
