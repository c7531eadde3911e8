"""What a demand line needs and what policies give of it, on results whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic_account import MEAN_SIZE, make_account_results, make_answer, write_account

from demandsim.comparison.account import AccountAnswer
from demandsim.comparison.demand_answers import DemandAnswer
from demandsim.comparison.demand_lines import DemandLine, answer_line
from demandsim.comparison.share_of_runs import wilson
from demandsim.errors import RequestError
from demandsim.policy.account import load_account
from demandsim.report.account import render_account
from demandsim.report.account_record import account_record
from demandsim.report.plan_words import best_sentence, headline, needed_sentence, verdict_sentence
from demandsim.report.sections.plan_answers import answer_section
from demandsim.report.target_words import chance_words

SERVICES = ("family_support", "temporary_accommodation")
STAFFED = frozenset({"family_support"})
YEAR = "2017/18"


def _answer(amount: float | None, price_factor: float = 1.0, **made: float) -> DemandAnswer:
    line = DemandLine(make_account_results(**made), SERVICES, STAFFED, YEAR, price_factor)  # type: ignore[arg-type]
    return answer_line(line, ["better", "worse"], amount)


def test_the_fall_needed_is_the_amount_over_what_follows_demand() -> None:
    needed = _answer(250.0).needed
    assert needed is not None
    # 100 for ten households of a hundred: 1,000 for the place; posts of family support follow no demand.
    assert needed.demand_led.mean == pytest.approx(1_000 * MEAN_SIZE)
    assert needed.spend.mean == pytest.approx(1_500 * MEAN_SIZE)
    assert needed.share.mean == pytest.approx(0.25 / MEAN_SIZE)
    assert needed.share.low == pytest.approx(np.quantile([0.25, 0.125, 0.5, 1.0], 0.05))
    assert needed.cases.mean == pytest.approx(50 * MEAN_SIZE)
    assert needed.cases_fewer.mean == pytest.approx(0.25 * 50)
    family, housing = needed.services
    assert family.cash.mean == 0
    assert np.isnan(family.alone.mean)
    assert housing.alone.mean == pytest.approx(needed.share.mean)


def test_what_posts_buy_beyond_capacity_follows_demand() -> None:
    needed = _answer(250.0, overspend=20.0).needed
    assert needed is not None
    assert needed.services[0].cash.mean == pytest.approx(200)
    assert needed.demand_led.mean == pytest.approx(1_000 * MEAN_SIZE + 200)


def test_what_a_policy_gives_and_on_whom_it_falls() -> None:
    best, other = _answer(150.0).reached
    assert (best.scenario, other.scenario) == ("better", "worse")
    assert best.fall.mean == pytest.approx(200 * MEAN_SIZE)
    assert best.fall_share.mean == pytest.approx(0.2)
    assert best.cases_share.mean == pytest.approx(0.2)
    assert best.fall_all_purses.mean == pytest.approx(800 * MEAN_SIZE)
    assert best.council.mean == pytest.approx(100 * MEAN_SIZE)  # 200 less 100 of posts
    assert best.everyone.mean == pytest.approx(700 * MEAN_SIZE)
    assert best.council_so_far.mean == pytest.approx(200 * MEAN_SIZE)  # two years
    assert {purse: one.mean for purse, one in best.by_purse.items() if one.mean} == {
        "council": pytest.approx(100 * MEAN_SIZE), "dwp": pytest.approx(600 * MEAN_SIZE)
    }  # fmt: skip
    assert best.times_needed == pytest.approx(150 / (200 * MEAN_SIZE))
    assert other.fall.mean == pytest.approx(-100 * MEAN_SIZE)
    assert other.times_needed == float("inf")


def test_how_often_it_is_enough() -> None:
    best, other = _answer(150.0).reached
    assert best.enough is not None
    assert best.enough_net is not None
    assert other.enough is not None
    # Falls of 200, 400, 100 and 50; net of posts half of each.
    assert (best.enough.n_such, best.enough.n_runs) == (2, 4)
    assert best.enough_net.n_such == 1
    assert other.enough.n_such == 0


def test_posts_follow_cases_only_where_somebody_cuts_them() -> None:
    best, other = _answer(250.0).reached
    # A fifth fewer cases of family support would leave a fifth of 500 idle, beside the 200 that is bought less.
    assert best.fall_with_posts.mean == pytest.approx(300 * MEAN_SIZE)
    assert other.fall_with_posts.mean == pytest.approx(-100 * MEAN_SIZE)  # more cases leave no post idle
    assert best.enough is not None
    assert best.enough_with_posts is not None
    # Of runs worth 200, 400, 100 and 50, those of 200 reach 250 only with 100 of posts.
    assert (best.enough.n_such, best.enough_with_posts.n_such) == (1, 2)


def test_services_that_are_all_posts_are_said_so_and_told_by_every_purse() -> None:
    line = DemandLine(make_account_results(), ["family_support"], STAFFED, YEAR)
    found = answer_line(line, ["worse", "better"], None)
    assert found.is_all_posts
    assert found.best.scenario == "better"  # by what it saves everybody: the fall is nought under both
    assert "posts, paid whether they are used or not" in best_sentence(found, "Better")
    assert "saves all purses together most" in best_sentence(found, "Better")


def test_failed_runs_are_left_out() -> None:
    best = _answer(150.0, failed=1).reached[0]
    assert best.enough is not None
    assert (best.enough.n_such, best.enough.n_runs) == (1, 3)
    assert best.fall.n_runs == 3


def test_prices_are_those_wanted() -> None:
    assert _answer(150.0, price_factor=2.0).best.fall.mean == pytest.approx(400 * MEAN_SIZE)


def test_a_line_without_an_amount_shows_what_policies_give() -> None:
    found = _answer(None)
    assert found.needed is None
    assert found.best.enough is None
    assert not found.is_reached
    assert "no amount" in verdict_sentence(found)


def test_it_is_reached_only_where_it_still_is_when_everything_is_counted() -> None:
    assert not _answer(150.0).is_reached  # the fall is enough, but the posts take half of it away
    assert _answer(90.0).is_reached
    assert "once its own cost is counted" in verdict_sentence(_answer(150.0))
    assert "in any run" in verdict_sentence(_answer(500.0))


def test_an_amount_beyond_all_spending_is_said_so() -> None:
    needed = _answer(5_000.0).needed
    assert needed is not None
    assert needed.share.mean > 1
    assert needed_sentence(needed, YEAR).count("all of it would not be enough") == 2  # with posts and without
    some = _answer(1_100.0).needed
    assert some is not None
    assert "a fall of 78% would do" in needed_sentence(some, YEAR)  # 1,100 over 1,500 times 15 over 16


def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(RequestError, match="no service `parks`"):
        DemandLine(make_account_results(), ["parks"], STAFFED, YEAR)


@pytest.mark.parametrize(("n_such", "n_runs"), [(0, 20), (3, 20), (20, 20)])
def test_wilson_agrees_with_a_published_routine(n_such: int, n_runs: int) -> None:
    from scipy.stats import binomtest

    interval = binomtest(n_such, n_runs).proportion_ci(0.95, "wilson")
    found = wilson(n_such, n_runs)
    assert found.low == pytest.approx(interval.low, abs=1e-9)
    assert found.high == pytest.approx(interval.high, abs=1e-9)
    assert "chance is between" in chance_words(found)


def _whole(amount: float, folder: Path) -> tuple[str, AccountAnswer]:
    answer = make_answer({"demand": _answer(amount)})
    return render_account(load_account(write_account(folder)), answer, "demandsim account plan"), answer


def test_the_page_says_yes_and_no(tmp_path: Path) -> None:
    no, answer = _whole(500.0, tmp_path)
    assert "No policy tried gives £500 by 2017/18, in any run" in no
    assert "4 runs" in no
    yes, _ = _whole(90.0, tmp_path)
    assert "1 of 1 lines that rest on less demand come about" in yes
    few = replace(answer, n_runs=2)
    assert headline(load_account(write_account(tmp_path)), few) == "2 runs: too few to say what policies give"


def test_the_page_has_a_table_beside_every_chart_and_asks_nothing_of_the_network(tmp_path: Path) -> None:
    page, _ = _whole(500.0, tmp_path)
    exhibits = page.split('<div class="exhibit">')[1:]
    assert sum("<svg" in exhibit for exhibit in exhibits) == 2
    assert all("<table>" in exhibit for exhibit in exhibits)
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "simulated" in page
    assert _whole(500.0, tmp_path)[0] == page


@pytest.mark.parametrize(("horizon", "how"), [("2010/11", "begin after"), ("2020/21", "do not reach")])
def test_a_plan_of_other_years_than_the_runs_is_told_so(horizon: str, how: str, tmp_path: Path) -> None:
    account = load_account(write_account(tmp_path, 'horizon = "2017/18"', f'horizon = "{horizon}"'))
    said = answer_section(account, make_answer({"demand": _answer(500.0)})).paragraphs[0]
    assert said == f"The runs {how} {horizon}: everything below is about 2017/18."


def test_the_record_is_what_json_can_hold(tmp_path: Path) -> None:
    import json

    _, answer = _whole(500.0, tmp_path)
    told = json.loads(json.dumps(account_record(load_account(write_account(tmp_path)), answer), allow_nan=False))
    line = told["answer"]["lines"]["demand"]
    assert line["needed"]["amount"] == 500
    assert line["reached"][1]["times_needed"] is None
    assert told["findings"][0]["ways"][0]["verdict"] == "agrees"
