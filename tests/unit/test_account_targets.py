"""Targets of a plan beside results whose answer is known: preventions, waits, and whose money is spent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from synthetic_account import MEAN_SIZE, make_account_results, make_answer, write_account

from demandsim.comparison.demand_lines import council_rise, spent_by_purse
from demandsim.comparison.prevention import answer_prevention
from demandsim.comparison.waits import WaitAnswer, answer_wait
from demandsim.policy.account import load_account
from demandsim.report.account import render_account
from demandsim.report.plan_words import headline
from demandsim.report.target_words import mapping_sentence, prevention_sentence, rise_sentence, wait_sentence

YEAR = "2017/18"


def test_preventions_are_told_apart_into_effect_and_deadweight() -> None:
    results = make_account_results()
    found = answer_prevention(
        results, "family_support", "completed", "main_duty_acceptances", "better", "housing", target=2_000.0
    )
    # Two a month for ten households: 2,400 per 1,000 and year. Without the line 40 are accepted, with it 10.
    assert found.counted.mean == pytest.approx(2_400)
    assert found.averted.mean == pytest.approx(30)
    assert found.ended.mean == pytest.approx(2_400)
    assert found.deadweight.mean == pytest.approx(1 - 30 / 2_400)
    assert found.crisis_months.mean == pytest.approx(24 / 48)
    assert (found.reached.n_such, found.reached.n_runs) == (4, 4)


def test_effect_and_deadweight_are_told_in_words() -> None:
    found = answer_prevention(
        make_account_results(), "family_support", "completed", "main_duty_acceptances", "better", "housing", 2_000.0
    )
    said = prevention_sentence(found, "2,000")
    assert "30 fewer of every 1,000 households" in said
    assert "98.8% of the successes would not have led to an acceptance anyway" in said
    none = replace(found, averted=replace(found.averted, mean=0.0), deadweight=replace(found.deadweight, mean=1.0))
    assert "no fewer households are accepted" in prevention_sentence(none, "2,000")


def test_only_successes_count_as_prevented() -> None:
    found = answer_prevention(
        make_account_results(), "family_support", "recovered", "main_duty_acceptances", "better", "housing", 1_000.0
    )
    # Half a case a month ends well of two that end.
    assert found.counted.mean == pytest.approx(600)
    assert found.ended.mean == pytest.approx(2_400)
    assert found.deadweight.mean == pytest.approx(1 - 30 / 600)
    assert (found.reached.n_such, found.reached_by_ended.n_such) == (0, 4)
    assert "if each of them were counted as a success" in prevention_sentence(found, "1,000")


WEEK = 365.25 / 12 / 7  # of a month


WAIT = """
[[target]]
name = "list"
title = "The list"
value = 6
unit = "weeks"
mark = "simulated"
measure = "wait"
service = "family_support"
scenarios = ["better"]
why = "The clock is not stated."
source = "assumed"
"""


def _waits(target: float, *scenarios: str) -> WaitAnswer:
    return answer_wait(make_account_results(), "family_support", target, scenarios, "", 1.0, posts_now=4.0)


def test_a_wait_is_that_of_the_year_in_weeks() -> None:
    now = _waits(13.0).now
    assert now.weeks.mean == pytest.approx(3 * 11 / 12 * WEEK)  # in its last month nobody waits
    assert now.weeks_to_end.mean == pytest.approx(now.weeks.mean + WEEK)
    assert now.in_time.mean == pytest.approx(1 / 12)  # three months are a little more than 13 weeks
    assert now.begun.mean == pytest.approx(480)
    assert (now.reached.n_such, now.reached_to_end.n_such) == (4, 0)
    assert _waits(11.9).now.reached.n_such == 0


def test_a_wait_is_told_with_the_least_that_meets_it() -> None:
    found = _waits(6.0, "worse", "better")
    assert [one.scenario for one in found.tried] == ["worse", "better"]  # the cheaper first
    assert found.enough is found.tried[1]
    assert found.tried[1].posts == pytest.approx(4 * 60 / 50)
    said = wait_sentence(found, "6 weeks", str)
    assert "The least of what was tried that meets it in the middle of its runs: “better”, 4.8 posts for 4" in said
    assert "No more is needed." in wait_sentence(_waits(12.0, "better"), "12 weeks", str)
    assert "Nothing tried meets it" in wait_sentence(_waits(1.0, "better"), "1 week", str)


def test_a_plan_without_amounts_is_headed_by_its_targets(tmp_path: Path) -> None:
    account = load_account(write_account(tmp_path, "amount = 2.5\n", ""))
    met, missed = (replace(make_answer({}), waits={"w": _waits(weeks)}) for weeks in (12.0, 1.0))
    assert headline(account, met) == "Of 1 target that the model can follow, 1 is met in most runs as now"
    assert headline(account, missed) == "Of 1 target that the model can follow, none is met in most runs as now"


def test_whose_money_it_is_adds_up_to_all_of_it() -> None:
    spent = spent_by_purse(make_account_results(), YEAR)
    assert sum(one.mean for one in spent.values()) == pytest.approx(4_500 * MEAN_SIZE)
    assert "33% is the council's" in mapping_sentence(spent, YEAR)


def test_what_going_on_as_now_costs_more_is_told() -> None:
    results = make_account_results()
    cost = results["cost"].copy()
    cost.loc[{"year": YEAR, "payer": "council_housing", "category": "programme", "account": "cash"}] += 7.0
    rise = council_rise(results.assign(cost=cost), YEAR)
    assert rise.mean == pytest.approx(70)
    assert rise.low == pytest.approx(70)
    said = rise_sentence(replace(make_answer({}), rise=rise))
    assert "£70 more in 2017/18 than in 2016/17" in said


def test_the_page_of_a_plan_with_a_wait_shows_list_target_and_remark(tmp_path: Path) -> None:
    asked = 'mark = "simulated"\nservices = ["family_support", "temporary_accommodation"]\n'
    path = write_account(tmp_path, asked, 'mark = "stated"\n')
    path.write_text(path.read_text() + WAIT, encoding="utf-8")
    account = load_account(path)
    answer = replace(make_answer({}), waits={"list": _waits(6.0, "better")})
    told = render_account(account, answer)
    page = told.partition(">The list: 12 weeks as now, 6 weeks promised<")[2]
    assert "<svg" in page.partition("</table>")[0]
    assert "Weeks until finished" in page
    assert "The list: The clock is not stated." in told
