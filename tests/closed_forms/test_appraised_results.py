"""Results appraised, against sums worked out by hand at the Treasury's rates."""

from __future__ import annotations

import dataclasses
import math
from datetime import date
from typing import Any

import numpy as np
import pytest
from synthetic_appraisal import APPRAISAL, make_appraised, make_meta

from demandsim.comparison.discounting import DiscountSchedule, Segment, annuity
from demandsim.comparison.meta import Meta
from demandsim.comparison.paired import compare
from demandsim.comparison.value import Appraisal
from demandsim.comparison.worth import Runs, appraise_runs, ratio_of
from demandsim.errors import RequestError

MONEY = DiscountSchedule("standard", date(2003, 4, 1), (Segment(math.inf, 0.035),))
HEALTH = DiscountSchedule("health", date(2003, 4, 1), (Segment(math.inf, 0.015),))
#: Worth of 1 GBP in each of three years, the first counted whole.
THREE = 1 + annuity(2, MONEY)
BENEFITS, HOSPITAL = 400 * annuity(2, MONEY), 900 / 1.035**2


def appraised(**settings: Any) -> Appraisal:
    return Appraisal(compare(make_appraised(**settings), "earlier"))


def test_each_agency_by_hand() -> None:
    by_name = {one.name: one for one in appraised().fiscal}
    council, nhs, dwp, everyone = (by_name[name] for name in ("council", "nhs", "dwp", "all together"))
    assert "households" not in by_name
    assert council.cost.mean == pytest.approx(1_000 * THREE)
    assert council.gain.mean == pytest.approx(30 * THREE)
    assert council.ratio.middle == pytest.approx(0.03)
    assert dwp.net.mean == pytest.approx(BENEFITS)
    assert dwp.ratio.middle is None
    assert nhs.net.mean == pytest.approx(HOSPITAL)
    assert (nhs.payback.middle, dwp.payback.middle, council.payback.middle) == (2, 1, None)
    assert everyone.net.mean == pytest.approx(-970 * THREE + BENEFITS + HOSPITAL)
    assert everyone.ratio.middle == pytest.approx((30 * THREE + BENEFITS + HOSPITAL) / (1_000 * THREE))
    assert everyone.worthwhile.n_such == 0


def test_transfers_are_in_the_budget_and_no_value_to_society() -> None:
    found = appraised()
    assert found.transfers.net.mean == pytest.approx(BENEFITS + 30 * THREE)
    assert found.resources.net.mean == pytest.approx(-1_000 * THREE + HOSPITAL)
    for run, total in enumerate(found.fiscal[-1].by_run):
        assert total == pytest.approx(found.resources.by_run[run] + found.transfers.by_run[run])
    # What households pay is no public money, and is a cost to the economy.
    assert found.others.kind == "economic"
    assert found.others.net.mean == pytest.approx(-50 / 1.035**2)


def test_life_and_output_have_prices_and_life_its_own_rate() -> None:
    found = appraised()
    years = 0.01 * (1 + annuity(2, HEALTH))
    assert found.price_of_life.years == pytest.approx(years)
    for at, price in APPRAISAL["qaly_value"].items():
        assert found.life[at].net.mean == pytest.approx(price * years)
    assert found.output["low"].net.mean == 0
    assert found.output["high"].net.mean == pytest.approx(800 * 3 * annuity(2, MONEY))
    spent = 1_000 * THREE - HOSPITAL
    assert found.price_of_life.middle == pytest.approx(spent / years)
    assert found.per_pound(found.life["middle"]).middle == pytest.approx(62_000 * years / spent)


def test_the_price_of_life_is_where_the_verdict_turns() -> None:
    cheap = appraised(years_lost=-0.012)  # about 59,000 a year: worth it at the middle price, not at the lowest
    assert [found.n_such for found in cheap.price_of_life.worthwhile.values()] == [0, 5, 5]
    lost = appraised(years_lost=0.01)
    assert lost.price_of_life.middle is None
    assert lost.price_of_life.gains.n_such == 0
    # Saving money at the cost of life: so much saved for each year lost.
    saves = appraised(years_lost=0.01, factors=[5.0] * 5)
    assert saves.price_of_life.is_saving
    assert saves.price_of_life.middle == pytest.approx((5 * HOSPITAL - 1_000 * THREE) / -saves.price_of_life.years)


def test_optimism_stands_beside_and_goes_by_the_weaker_grade() -> None:
    by_name = {one.name: one for one in appraised().fiscal}
    # Posts are measured, so their cost stays; benefits rest on published figures, the hospital's price on judgement.
    assert by_name["council"].corrected.cost.corrected == pytest.approx(1_000 * THREE)
    assert by_name["dwp"].corrected.net == pytest.approx(0.95 * BENEFITS)
    assert by_name["nhs"].corrected.net == pytest.approx(0.75 * HOSPITAL)
    assert by_name["nhs"].net.mean == pytest.approx(HOSPITAL)
    weak = {one.name: one for one in appraised(effect="assumed").fiscal}
    assert weak["dwp"].corrected.net == pytest.approx(0.6 * BENEFITS)
    assert weak["council"].corrected.cost.corrected == pytest.approx(1_000 * THREE)


def test_a_kind_of_spending_is_a_cost_or_a_gain_once_for_all_runs() -> None:
    found = {one.name: one for one in appraised(factors=[3.0, -1.0, 1.0, 1.0, 1.0]).fiscal}
    dwp = found["dwp"]
    assert dwp.cost.mean == dwp.cost.high == 0
    assert dwp.gain.low < 0
    assert dwp.gain.mean == pytest.approx(BENEFITS)
    assert (dwp.worthwhile.n_such, dwp.payback.ever.n_such) == (4, 4)


def test_what_is_counted_is_told_apart_from_what_is_averted() -> None:
    (work,) = appraised().deadweight
    assert work.need == "work"
    assert work.counted.mean == 2
    assert work.averted.mean == 6
    assert work.kept.middle == pytest.approx(6 / (12 * 2))


def test_ratios_are_of_runs_that_spend() -> None:
    found = ratio_of(np.array([1.0, 2.0, 3.0]), np.array([2.0, -1.0, 2.0]))
    assert (found.middle, found.n_priced, found.n_runs) == (2.0, 2, 3)
    assert found.low == pytest.approx(0.5 + 0.05)
    none = ratio_of(np.array([1.0]), np.array([0.0]))
    assert none.middle is none.low is none.high is None


def test_ten_years_of_a_pound_are_the_published_annuity() -> None:
    runs = Runs(np.ones((1, 1), bool))
    flows = {"assumed": np.array([[0.0]] + [[1.0]] * 10)}
    nothing = {"assumed": np.zeros((11, 1))}
    found = appraise_runs("x", "fiscal", nothing, flows, runs, MONEY, {"assumed": 0.4})
    assert found.net.mean == pytest.approx(8.316605, abs=5e-7)


def test_failed_runs_are_left_out_and_old_results_refused() -> None:
    results = make_appraised()
    results["status"][1, 2, 0] = 1
    found = Appraisal(compare(results, "earlier"))
    assert found.fiscal[0].by_run.size == 4
    assert found.fiscal[0].net.n_runs == 4
    results.attrs["meta"] = make_meta() | {"appraisal": {}}
    with pytest.raises(RequestError, match=r"carry no health_discount_rate, qaly_value.*run the study again"):
        Appraisal(compare(results, "earlier"))


def test_what_a_category_is() -> None:
    meta = Meta(**make_meta())
    assert [meta.kind(name) for name in ("early_help", "benefits", "parking_income", "programme")] == [
        "early", "living", "everyday", "programme",
    ]  # fmt: skip
    assert [meta.is_transfer(name) for name in ("early_help", "benefits", "parking_income", "parking_work")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert (meta.grade("hospital"), meta.grade("programme")) == ("elicited", "assumed")
    assert {one.name for one in dataclasses.fields(meta)} >= {"appraisal"}
