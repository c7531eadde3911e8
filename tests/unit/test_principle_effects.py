"""Contributions, synergies and orders of principles, on results whose answer is known."""

from __future__ import annotations

from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from principle_results import make_results

from demandsim.comparison import principles
from demandsim.comparison.principles import PrincipleEffects, compare_principles
from demandsim.errors import RequestError
from demandsim.report.principles import headline, opening, principle_tables, write_principles

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
    assert {(one.one, one.other) for one in sampled.synergies("cash")} == {
        tuple(pair) for pair in combinations("abcd", 2)
    }
    truth = [one.fair.mean for one in exact.contributions("cash")]
    found = sampled.contributions("cash")
    assert any(one.order_error > 0 for one in found)
    for one, value in zip(found, truth, strict=True):
        assert abs(one.fair.mean - value) <= 4 * one.order_error + 1e-9
    assert abs(sampled.gap("cash")) < 1e-9
    assert [a.reached for a in found] == [a.reached for a in exact.contributions("cash")]
    assert sampled.orders("cash").n_orders == 12
    assert not sampled.orders("cash").is_exact


@pytest.mark.parametrize(("size", "is_same"), [(2, True), (3, True), (4, False)])
def test_sampled_orders_tell_of_pairs_what_all_combinations_do_unless_four_work_together(
    size: int, is_same: bool
) -> None:
    """All do something together only; a pair's part is midway between alone and on top of all, but not of four."""

    def rule(group: set[str], luck: int) -> float:
        return -60.0 * (set("abcd"[:size]) <= group) + luck

    exact, sampled = (
        next(
            pair
            for pair in compare_principles(make_results(rule, "abcde", orders=orders)).synergies("crisis_months")
            if (pair.one, pair.other) == ("a", "b")
        )
        for orders in (0, 2)
    )
    assert (exact.alone.mean, exact.on_top.mean) == (sampled.alone.mean, sampled.on_top.mean)
    assert sampled.on_top.mean == pytest.approx(-120.0)
    assert sampled.alone.mean == pytest.approx(-120.0 if size == 2 else 0.0)
    assert exact.extra.mean == pytest.approx(-120.0 / (size - 1))
    assert (abs(sampled.extra.mean - exact.extra.mean) < 1e-9) == is_same


def test_what_a_principle_costs_itself_is_told_apart_and_one_that_does_no_more_is_idle() -> None:
    """Each costs 1 a year of its own; a costs no more than that, and b costs 5 beyond it."""

    def rule(group: set[str], luck: int) -> float:
        return (len(group) + 5.0 * ("b" in group)) / 6.0

    results = make_results(rule)
    results["outcome_value"][:] = 0.0
    effects = compare_principles(results)
    assert [one.mean for one in effects.rest("cash")] == pytest.approx([0.0, 10.0, 0.0], abs=1e-9)
    assert (effects.whole_own, effects.whole_rest.mean) == (pytest.approx(6.0), pytest.approx(10.0))
    assert effects.idle == ("a", "c")
    said = " ".join(opening.answer(effects).paragraphs)
    assert "In no run did a (The a) and c (The c) change any life or any cost but its own" in said
    assert "1 of 3 (b) on cash and none of 3 on months in crisis" in said
    assert "Not every saving is a gain" not in said
    results["outcome_value"][0, 0, 0, 2, 0] = 1.0  # one unmet month in one luck: no longer idle
    assert compare_principles(results).idle == ()


def test_a_saving_that_leaves_more_need_without_help_is_called_a_cut() -> None:
    results = make_results(lambda group, luck: -5.0 * ("b" in group) - 5.0 * ("c" in group))
    results["programme"][:] = 0.0
    for row, label in enumerate(results["combination"].values):
        results["outcome_value"][row, ..., 2, :] = 3.0 * ("b" in label)
    said = " ".join(opening.answer(compare_principles(results)).paragraphs)
    assert "for more months: b (The b): 6 more; nine in ten runs lie" in said
    assert "c (The c): " not in said


def test_few_draws_make_no_order_clear_that_many_would() -> None:
    """The same gain and spread: of three draws chance could make it, of thirty not."""

    def rule(group: set[str], luck: int) -> float:
        return (-1.0 + 1.2 * (luck % 3 - 1)) * ("c" in group)

    few, many = (
        compare_principles(make_results(rule, draws=draws, replicates=1)).orders("cash").share_clear
        for draws in (3, 30)
    )
    assert few == 0.0
    assert many > 0.5


def test_orders_carried_out_in_time_are_held_against_the_reports(tmp_path: Path) -> None:
    """One saves 2 a year whatever the luck, one only where luck is odd, one costs more."""
    rolled = {"abc": lambda luck: 50.0, "cab": lambda luck: 48.0, "bca": lambda luck: 50.0 - 6.0 * (luck % 2),
              "acb": lambda luck: 51.0}  # fmt: skip
    effects = compare_principles(make_results(additive, rolled=rolled, replicates=1, draws=4))
    found = effects.rollouts("cash")
    assert found.report.mean == pytest.approx((50.0 - 101.5) * CASH)
    assert (found.best, found.n_orders, found.share_better) == (("b", "c", "a"), 3, pytest.approx(2 / 3))
    assert found.gain.mean == pytest.approx(-3.0 * CASH)
    # Without an even draw, bca saves 4 of the others' mean and is chosen; without an odd one it saves 2, as cab does.
    assert found.gain_elsewhere.mean == pytest.approx(np.mean([0.0, -2.0, 0.0, -2.0]) * CASH)
    assert (found.share_low, found.share_high) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert found.share_clear == pytest.approx(1 / 3)
    assert [order for order, _ in effects.rolled_gains("cash")] == ["bca", "cab", "acb"]
    page = write_principles(effects, tmp_path / "rolled.html").read_text(encoding="utf-8")
    assert "Begun one after another, every 4 months, by cash: 67% of orders do better than the report" in page
    worse = compare_principles(make_results(additive, rolled={"abc": lambda luck: 5.0, "cab": lambda luck: 6.0}))
    none = worse.rollouts("cash")
    assert (none.best, none.gain.mean, none.gain_elsewhere.mean) == (("a", "b", "c"), 0.0, 0.0)
    assert opening.order_words(none) == "none of the orders looked at does better than the report's"
    with pytest.raises(RequestError, match="no orders were carried out in time"):
        compare_principles(make_results(additive)).rollouts("cash")


def test_results_without_the_combinations_they_need_are_told() -> None:
    results = make_results(additive, "abc", orders=4)
    effects = compare_principles(results.isel(combination=results["combination"] != "ab"))
    with pytest.raises(RequestError, match="lack combinations"):
        effects.contributions("cash")


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
    assert "worlds in 4 minutes on 2 processes" in page
    assert "from 99 sets under which the model comes near the figures of Somewhere" in page
    assert page.count("<svg") == 8
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_a_null_is_said_to_be_one(tmp_path: Path) -> None:
    results = make_results(lambda group, luck: 7.0)
    results["programme"][:] = 0.0
    effects = PrincipleEffects(results)
    assert headline(effects) == (
        "Together the principles cost the same as none of them, and change no months in crisis"
    )
    page = write_principles(effects, tmp_path / "null.html").read_text(encoding="utf-8")
    assert "none of 3 on cash and none of 3 on months in crisis" in page
    assert "In no run did a (The a), b (The b) and c (The c) change any life" in page
    assert "none of the orders looked at does better than the report&#39;s" in page
    found = effects.orders("cash")
    assert (found.best, found.share_better) == (("a", "b", "c"), 0.0)
    luck = PrincipleEffects(make_results(noisy, draws=8))
    assert "could cost more or less" in headline(luck)


def test_tables_for_a_terminal_have_a_cell_for_every_head() -> None:
    found = list(principle_tables(PrincipleEffects(make_results(together))))
    assert len(found) == 11
    assert all(len(row) == len(table.head) for table in found for row in table.rows)
    assert all("runs" in table.caption for table in found)
