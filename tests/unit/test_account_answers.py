"""What a demand line needs and what policies give of it, on results whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic_account import MEAN_SIZE, make_account_results, write_account

from demandsim.comparison.account import AccountAnswer
from demandsim.comparison.demand_lines import DemandAnswer, DemandLine, answer_line
from demandsim.comparison.meta import Meta
from demandsim.comparison.prevention import answer_prevention, answer_wait
from demandsim.comparison.share_of_runs import wilson
from demandsim.errors import RequestError
from demandsim.policy.account import load_account
from demandsim.report.account import render_account
from demandsim.report.account_record import account_record
from demandsim.report.plan_words import chance_words, headline, needed_sentence, prevention_sentence, verdict_sentence

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
    assert "all of it would not be enough" in needed_sentence(needed, YEAR)


def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(RequestError, match="no service `parks`"):
        DemandLine(make_account_results(), ["parks"], STAFFED, YEAR)


@pytest.mark.parametrize(("n_such", "n_runs"), [(0, 20), (3, 20), (20, 20)])
def test_wilson_agrees_with_a_published_routine(n_such: int, n_runs: int) -> None:
    from scipy.stats import binomtest

    interval = binomtest(n_such, n_runs).proportion_ci(0.95, "wilson")
    found = wilson(n_such, n_runs)
    assert (found.low, found.high) == (pytest.approx(interval.low, abs=1e-9), pytest.approx(interval.high, abs=1e-9))
    assert "chance is between" in chance_words(found)


def test_preventions_are_told_apart_into_effect_and_deadweight() -> None:
    results = make_account_results()
    found = answer_prevention(
        results, "family_support", "completed", "main_duty_acceptances", "better", "housing", target=2_000.0
    )
    # Two a month for ten households: 2,400 per 1,000 and year. Without the line 40 are accepted, with it 10.
    assert found.counted.mean == pytest.approx(2_400)
    assert found.averted.mean == pytest.approx(30)
    assert found.deadweight.mean == pytest.approx(1 - 30 / 2_400)
    assert found.crisis_months.mean == pytest.approx(24 / 48)
    assert (found.reached.n_such, found.reached.n_runs) == (4, 4)


def test_effect_and_deadweight_are_told_in_words() -> None:
    found = answer_prevention(
        make_account_results(), "family_support", "completed", "main_duty_acceptances", "better", "housing", 2_000.0
    )
    said = prevention_sentence(found, "2,000")
    assert "30 fewer of every 1,000 households" in said
    assert "98.8% of what is counted would not have led to an acceptance anyway" in said
    none = replace(found, averted=replace(found.averted, mean=0.0), deadweight=replace(found.deadweight, mean=1.0))
    assert "no fewer households are accepted" in prevention_sentence(none, "2,000")


def test_a_wait_is_in_weeks() -> None:
    found = answer_wait(make_account_results(), "family_support", 13.0)
    assert found.weeks.mean == pytest.approx(3 * 365.25 / 12 / 7)
    assert found.reached.n_such == 0
    assert answer_wait(make_account_results(), "family_support", 13.1).reached.n_such == 4


def _whole(amount: float, folder: Path) -> tuple[str, AccountAnswer]:
    account = load_account(write_account(folder))
    answer = AccountAnswer(YEAR, {"demand": _answer(amount)}, {}, {}, "as_now", 4, 0, 10, 100, "2015/16", Meta())
    return render_account(account, answer, "demandsim account plan"), answer


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


def test_the_record_is_what_json_can_hold(tmp_path: Path) -> None:
    import json

    _, answer = _whole(500.0, tmp_path)
    told = json.loads(json.dumps(account_record(load_account(write_account(tmp_path)), answer), allow_nan=False))
    line = told["answer"]["lines"]["demand"]
    assert line["needed"]["amount"] == 500
    assert line["reached"][1]["times_needed"] is None
    assert told["findings"][0]["ways"][0]["verdict"] == "agrees"
