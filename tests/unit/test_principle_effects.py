"""Contributions, synergies and orders of principles, on results whose answer is known."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from principle_results import make_results

from demandsim.comparison import principles
from demandsim.comparison.principles import PrincipleEffects, compare_principles
from demandsim.errors import RequestError
from demandsim.report.principles import principle_tables, write_principles
from demandsim.report.principles.page import headline

OWN = {"a": -4.0, "b": 1.0, "c": -10.0}
#: Cash is six times the rule a year, for two years.
CASH = 12.0


def additive(group: set[str], luck: int) -> float:
    return 100.0 + luck + sum(OWN[letter] for letter in group)


def together(group: set[str], luck: int) -> float:
    """a and b do something together only, and how much is a matter of luck."""
    return -float({"a", "b"} <= group) * (1.0 + luck)


def noisy(group: set[str], luck: int) -> float:
    """Nothing but luck, another for each combination."""
    return float(np.random.default_rng([luck, *sorted(map(ord, group))]).normal())


def test_an_additive_game_is_the_same_in_order_and_whatever_the_order() -> None:
    effects = compare_principles(make_results(additive))
    found = effects.contributions("cash")
    assert [one.letter for one in found] == ["a", "b", "c"]
    assert [one.title for one in found] == ["The a", "The b", "The c"]
    assert_allclose([one.step.mean for one in found], [OWN[k] * CASH for k in "abc"])
    assert_allclose([one.reached.mean for one in found], np.cumsum([OWN[k] * CASH for k in "abc"]))
    assert_allclose([one.fair.mean for one in found], [OWN[k] * CASH for k in "abc"])
    assert [one.order_error for one in found] == [0.0] * 3
    assert all(one.fair.standard_error < 1e-9 and one.fair.n_runs == 6 for one in found)
    assert abs(effects.gap("cash")) < 1e-9
    assert effects.whole("cash").mean == pytest.approx(-13.0 * CASH)


def test_purses_and_discounting_add_up() -> None:
    effects = compare_principles(make_results(additive))
    assert list(effects.purses) == ["cash.council", "cash.nhs"]
    a = {
        measure: effects.contributions(measure)[0].fair.mean
        for measure in ("cash.council", "cash.nhs", "present_value")
    }
    assert_allclose([a["cash.council"], a["cash.nhs"]], [-4 * 3 * 2, -4 * 3 * 2])
    assert a["present_value"] == pytest.approx(-4 * 6 * (1 + 1 / 1.5))
    assert effects.contributions("crisis_months")[2].fair.mean == pytest.approx(-20)
    assert effects.measure_title("cash.council") == "Council"
    assert [one.fair.mean for one in effects.contributions("programme")] == pytest.approx([2.0] * 3)
    with pytest.raises(RequestError, match="no measure `kudos`"):
        effects.worth("kudos")


def test_what_two_do_together_is_a_synergy_with_its_luck() -> None:
    effects = compare_principles(make_results(together))
    pairs = effects.synergies("crisis_months")
    assert (pairs[0].one, pairs[0].other) == ("a", "b")
    assert pairs[0].extra.mean == pytest.approx(-2 * 3.5)
    assert (pairs[0].extra.low, pairs[0].extra.high) == (pytest.approx(-2 * 5.75), pytest.approx(-2 * 1.25))
    assert all(pair.extra.mean == pytest.approx(0, abs=1e-12) for pair in pairs[1:])
    steps = [one.step.mean for one in effects.contributions("crisis_months")]
    fair = [one.fair.mean for one in effects.contributions("crisis_months")]
    assert_allclose(steps, [0, -7, 0], atol=1e-12)  # whoever comes second seems to have done it
    assert_allclose(fair, [-3.5, -3.5, 0], atol=1e-12)


def test_the_best_order_and_the_share_that_beats_the_reports() -> None:
    found = compare_principles(make_results(additive)).orders("crisis_months")
    assert found.best == ("c", "a", "b")
    area = {order: 2 * np.mean(np.cumsum([OWN[letter] for letter in order])) for order in permutations("abc")}
    assert found.report.mean == pytest.approx(area[("a", "b", "c")])
    assert found.gain.mean == pytest.approx(area[("c", "a", "b")] - area[("a", "b", "c")])
    assert found.gain_elsewhere.mean == pytest.approx(found.gain.mean)
    better = np.mean([value < area[("a", "b", "c")] - 1e-12 for value in area.values()])
    assert abs(found.share_better - better) < 4 * found.share_error
    assert found.share_low == found.share_high == found.share_better
    assert found.share_clear == found.share_better  # no luck in it: what is better is clearly so
    assert (found.n_orders, found.is_exact) == (100_000, True)


def test_luck_alone_is_seen_to_be_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    """The best of many orders always looks good on the lucks that chose it, and not on others."""
    monkeypatch.setattr(principles, "ORDERS_LOOKED_AT", 50)
    chosen, elsewhere = [], []
    for study in range(40):
        effects = compare_principles(
            make_results(lambda group, luck, k=100 * study: noisy(group, k + luck), "abcd", 4, 1)
        )
        found = effects.orders("crisis_months")
        chosen.append(found.gain.mean)
        elsewhere.append(found.gain_elsewhere.mean)
    error = np.std(elsewhere, ddof=1) / len(elsewhere) ** 0.5
    assert max(chosen) <= 0.0
    assert np.mean(chosen) < -5 * error
    assert abs(np.mean(elsewhere)) < 3 * error


def test_a_luck_with_a_failed_combination_is_left_out_whole() -> None:
    results = make_results(together)
    results["status"][2, 1, 0] = 1
    results["cash"][2, 1, 0] = np.nan
    results["outcome_value"][2, 1, 0] = np.nan
    effects = compare_principles(results)
    assert (effects.n_runs, effects.n_failed) == (5, 1)
    whole = effects.whole("crisis_months")
    lucks = [np.mean([0, 1]), 3, np.mean([4, 5])]  # draws, each the mean of the lucks that ran
    assert whole.mean == pytest.approx(-2 * (1 + np.mean(lucks)))
    assert whole.n_runs == 5
    assert effects.orders("crisis_months").report.n_runs == 5
    results["status"][0] = 1
    with pytest.raises(RequestError, match="no luck has run all"):
        compare_principles(results)


def test_sampled_orders_carry_their_own_error() -> None:
    def rule(group: set[str], luck: int) -> float:
        return -float(len(group) ** 2) * (1 + 0.01 * luck) - 3 * ("b" in group)

    exact = compare_principles(make_results(rule, "abcd"))
    sampled = compare_principles(make_results(rule, "abcd", orders=12))
    assert not sampled.is_exact
    assert sampled.synergies("cash") == []
    truth = [one.fair.mean for one in exact.contributions("cash")]
    found = sampled.contributions("cash")
    assert any(one.order_error > 0 for one in found)
    for one, value in zip(found, truth, strict=True):
        assert abs(one.fair.mean - value) <= 4 * one.order_error + 1e-9
    assert abs(sampled.gap("cash")) < 1e-9
    assert [a.reached for a in found] == [a.reached for a in exact.contributions("cash")]
    assert sampled.orders("cash").n_orders == 12
    assert not sampled.orders("cash").is_exact


def test_one_luck_says_that_it_cannot_say() -> None:
    effects = compare_principles(make_results(additive, draws=1, replicates=1))
    found = effects.orders("cash")
    assert found.gain_elsewhere.n_runs == 0
    assert np.isnan(found.share_clear)
    assert headline(effects) == "1 run: too few to say what the principles do together"


@pytest.mark.parametrize("orders", [0, 8])
def test_the_page_holds_every_figure_and_is_the_same_each_time(orders: int, tmp_path: Path) -> None:
    effects = PrincipleEffects(make_results(together, orders=orders))
    page = write_principles(effects, tmp_path / "one.html").read_text(encoding="utf-8")
    assert page == write_principles(effects, tmp_path / "two.html").read_text(encoding="utf-8")
    for text in ("Together the principles cost £42 less", "a. The a", "Moves b.", "Anywhere", "In which order"):
        assert text in page
    assert ("Shapley interaction index" in page) == (orders == 0)
    assert page.count("<svg") == 6
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_a_null_is_said_to_be_one(tmp_path: Path) -> None:
    effects = PrincipleEffects(make_results(lambda group, luck: 7.0))
    assert headline(effects) == (
        "Together the principles cost the same as none of them, and change no months in crisis"
    )
    page = write_principles(effects, tmp_path / "null.html").read_text(encoding="utf-8")
    assert "none of 3 on cash and none of 3 on months in crisis" in page
    assert "none of the orders looked at does better than the report&#39;s" in page
    found = effects.orders("cash")
    assert (found.best, found.share_better) == (("a", "b", "c"), 0.0)
    luck = PrincipleEffects(make_results(noisy, draws=8))
    assert "could cost more or less" in headline(luck)


def test_tables_for_a_terminal_have_a_cell_for_every_head() -> None:
    found = list(principle_tables(PrincipleEffects(make_results(together))))
    assert len(found) == 10
    assert all(len(row) == len(table.head) for table in found for row in table.rows)
    assert all("runs" in table.caption for table in found)
