"""The statistics of differences: closed forms, known answers, and what happens to failed runs."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from synthetic_results import make_results

from demandsim.comparison.estimate import summarise, summarise_ratio
from demandsim.comparison.paired import compare
from demandsim.comparison.pairing import pairing_gain
from demandsim.errors import RequestError


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    return make_results("wins", draws=6, replicates=2, years=4)


def one(values: list[list[float]]):
    return summarise(np.array([values], dtype=float), "GBP")[0]


def test_balanced_split_is_the_textbook_analysis_of_variance() -> None:
    # Draw means 2, 6, 10; within each draw plus or minus 1: within mean square 2, between mean square 32.
    e = one([[1, 3], [5, 7], [9, 11]])
    assert e.mean == 6
    assert e.luck_sd == pytest.approx(2**0.5)
    assert e.belief_sd == pytest.approx(((32 - 2) / 2) ** 0.5)
    assert e.standard_error == pytest.approx(4 / 3**0.5)
    assert e.luck_error == pytest.approx((2 / 6) ** 0.5)
    assert e.is_separable


def test_the_split_recovers_the_variances_that_made_the_runs() -> None:
    chance = np.random.default_rng(1)
    values = 3 + 2.0 * chance.normal(size=(4000, 1)) + 5.0 * chance.normal(size=(4000, 3))
    e = summarise(values[None], "GBP")[0]
    assert e.luck_sd == pytest.approx(5.0, rel=0.03)
    assert e.belief_sd == pytest.approx(2.0, rel=0.1)
    assert e.low == pytest.approx(3 - 1.645 * 29**0.5, rel=0.05)


def test_unbalanced_draws_weigh_alike_and_keep_the_split_unbiased() -> None:
    nan = float("nan")
    assert one([[1, 3], [10, nan]]).mean == 6
    chance = np.random.default_rng(2)
    values = 2.0 * chance.normal(size=(4000, 1)) + chance.normal(size=(4000, 3))
    values[::2, 2] = nan
    values[::5, 1:] = nan
    e = summarise(values[None], "GBP")[0]
    assert (e.luck_sd, e.belief_sd) == (pytest.approx(1.0, rel=0.05), pytest.approx(2.0, rel=0.05))
    assert e.n_runs == int(np.isfinite(values).sum())


def test_one_replicate_says_that_luck_and_belief_cannot_be_separated() -> None:
    e = one([[1], [2], [3], [4], [6]])
    assert not e.is_separable
    assert np.isnan(e.luck_error)
    assert e.standard_error == pytest.approx(np.std([1, 2, 3, 4, 6], ddof=1) / 5**0.5)
    assert "cannot be separated" in e.note()
    assert "interval holds both" in e.note()


def test_one_draw_says_that_the_interval_is_luck_alone() -> None:
    e = one([[1, 2, 3, 4]])
    assert e.standard_error == e.luck_error == pytest.approx(e.luck_sd / 2)
    assert np.isnan(e.belief_sd)
    assert "luck alone" in e.note()


def test_no_successful_run_gives_nothing() -> None:
    e = one([[float("nan")], [float("nan")]])
    assert e.n_runs == 0
    assert np.isnan(e.mean)


def test_a_scenario_that_changes_nothing_differs_by_exactly_zero(results: xr.Dataset) -> None:
    same = results.isel(scenario=[0, 0]).assign_coords(scenario=["as_now", "copy"])
    comparison = compare(same, "copy")
    total = comparison.cost.total()
    assert (total.mean, total.low, total.high, total.standard_error) == (0, 0, 0, 0)
    assert set(comparison.pockets()["position"]) == {"unchanged"}


def test_parts_add_up_to_the_total_run_by_run(results: xr.Dataset) -> None:
    comparison = compare(results, "whole_system", "as_now")
    total = comparison.cost.total().mean
    for dims in (("payer", "year"), ("purse",), ("category",), ("purse", "category")):
        assert comparison.cost.by(*dims)["difference"].sum() == pytest.approx(total)
    # The council is one purse, and its interval is that of the sum, not the sum of intervals.
    purses = comparison.cost.by("purse").set_index("purse")
    assert purses.index[0] == "council"
    payers = comparison.cost.by("payer").set_index("payer")
    council = payers.loc[[p for p in payers.index if p.startswith("council_")]]
    assert purses.loc["council", "difference"] == pytest.approx(council["difference"].sum())


def test_cash_and_activity_stay_apart(results: xr.Dataset) -> None:
    comparison = compare(results, "whole_system")
    cash = results["cost"].sel(account="cash").sum(["payer", "category", "year"])
    expected = (cash.sel(scenario="whole_system") - cash.sel(scenario="as_now")).mean()
    assert comparison.cost.total().mean == pytest.approx(float(expected))
    assert comparison.activity.total().mean != pytest.approx(float(expected))
    pockets = comparison.pockets()
    assert pockets["difference"].sum() == pytest.approx(comparison.cost.total().mean)
    assert pockets["activity_value"].sum() == pytest.approx(comparison.activity.total().mean)


def test_tables_are_labelled_with_units_and_runs(results: xr.Dataset) -> None:
    comparison = compare(results, "whole_system")
    table = comparison.cost.by("payer", "year")
    assert list(table.columns[:2]) == ["payer", "year"]
    assert {"difference", "low", "high", "standard_error", "runs", "unit"} <= set(table.columns)
    assert set(table["unit"]) == {"GBP"}
    assert set(table["runs"]) == {12}
    assert (table["low"] <= table["high"]).all()


def test_outcomes_combine_years_as_declared(results: xr.Dataset) -> None:
    comparison = compare(results, "whole_system")
    values = results["outcome_value"].sel(scenario="whole_system") - results["outcome_value"].sel(scenario="as_now")
    for name, how in (("crisis_episodes", "mean"), ("sustained_work", "sum")):
        expected = getattr(values.sel(outcome=name), how)("year").mean()
        assert comparison.outcome(name).total().mean == pytest.approx(float(expected))
    last = values.sel(outcome="children_looked_after").isel(year=-1).mean()
    assert comparison.outcome("children_looked_after").total().mean == pytest.approx(float(last))
    assert len(comparison.outcome("crisis_episodes").by("year")) == 4


def test_failed_runs_are_left_out_of_both_sides() -> None:
    failed = make_results("wins", draws=6, replicates=2, years=3, failed=3)
    comparison = compare(failed, "whole_system")
    assert (comparison.n_runs, comparison.n_failed) == (9, 3)
    assert comparison.cost.total().n_runs == 9
    assert compare(failed, "same_money").n_runs == 12
    good = compare(make_results("wins", draws=6, replicates=2, years=3), "whole_system").cost.values
    kept = comparison.cost.values
    xr.testing.assert_allclose(good.where(kept.notnull()), kept)


def test_causes_are_shown_only_against_the_first_scenario(results: xr.Dataset) -> None:
    table = compare(results, "whole_system").causes()
    assert table is not None
    assert set(table["measure"]) == {"households", "months_waited", "gbp"}
    assert compare(results, "whole_system", "same_money").causes() is None


def test_pairing_ratio_matches_its_closed_form() -> None:
    chance = np.random.default_rng(3)
    shared = chance.normal(size=(3000, 1))
    here, there = (shared + 0.5 * chance.normal(size=(3000, 1)) for _ in range(2))
    gain = pairing_gain(here, there)
    # Var(difference) = 2 x 0.25; Var apart = 2 x 1.25.
    assert gain.ratio == pytest.approx(0.2, abs=4 * gain.standard_error)
    assert 0 < gain.standard_error < 0.02
    assert np.isnan(pairing_gain(here[:2], there[:2]).ratio)


def test_pairing_helps_in_shared_luck(results: xr.Dataset) -> None:
    assert compare(results, "whole_system").pairing().ratio < 0.5


@pytest.mark.parametrize(
    ("scenario", "against", "said"),
    [
        ("nobody", None, "There is no scenario `nobody`"),
        ("as_now", None, "with itself"),
        ("whole_system", "x", "There are: as_now"),
    ],
)
def test_mistakes_say_what_to_do(results: xr.Dataset, scenario: str, against: str | None, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        compare(results, scenario, against)


def test_unknown_names_list_the_known(results: xr.Dataset) -> None:
    comparison = compare(results, "whole_system")
    with pytest.raises(RequestError, match="crisis_episodes"):
        comparison.outcome("happiness")
    with pytest.raises(RequestError, match="no `month` here"):
        comparison.cost.by("month")
    with pytest.raises(RequestError, match="Unknown keys: nonsense"):
        compare(results.assign_attrs(meta='{"nonsense": 1}'), "whole_system")


def test_scenarios_may_be_objects_with_an_id(results: xr.Dataset) -> None:
    class Named:
        id = "whole_system"

    assert compare(results, Named()).scenario == "whole_system"


def test_all_failed_is_refused() -> None:
    with pytest.raises(RequestError, match="no run in which both"):
        compare(make_results("wins", draws=4, replicates=1, years=2, failed=4), "whole_system")


def test_the_middle_of_a_ratio_is_that_of_the_means() -> None:
    part, whole = np.array([[1.0], [1.0], [2.0], [np.nan]]), np.array([[0.1], [10.0], [0.0], [np.nan]])
    found = summarise_ratio(part, whole, "share")
    assert found.mean == pytest.approx(4.0 / 10.1)
    assert found.n_runs == 2  # one failed, one has no whole
    assert 0.1 < found.low < found.high < 10.0
    assert np.isnan(summarise_ratio(part, 0.0 * whole, "share").mean)
