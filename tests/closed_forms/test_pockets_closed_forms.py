"""Who pays whom, who would act alone, break-even and horizons, against answers worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from demandsim.comparison.horizons import WrongPockets
from demandsim.comparison.paired import compare
from demandsim.comparison.pockets import NOBODY, allocate, break_even, count_frequency, runs_needed
from demandsim.errors import RequestError

PAYERS = ("council_adults", "council_children", "nhs", "households")
MONEY = st.floats(-1e7, 1e7, allow_nan=False).map(lambda gbp: round(gbp, 2))


def made(differences: Any, payers: tuple[str, ...] = PAYERS, rates: dict[str, float] | None = None) -> WrongPockets:
    """Results whose second scenario differs from the first by these figures: payer, year, draw (one replicate)."""
    cash = np.asarray(differences, dtype=float)
    base = np.full(cash.shape, 100.0)
    cost = np.stack([base, base + cash]).transpose(0, 3, 1, 2)[:, :, None, None, :, None, :]
    dims = ("scenario", "draw", "replicate", "account", "payer", "category", "year")
    cost = np.concatenate([cost, 7.0 * cost], axis=3)
    results = xr.Dataset(
        {"cost": (dims, cost)},
        coords={
            "scenario": ["as_now", "other"],
            "account": ["cash", "activity"],
            "payer": list(payers),
            "category": ["all"],
            "year": [f"{2016 + year}/{17 + year}" for year in range(cash.shape[1])],
        },
        attrs={"meta": {"discount_rate": rates or {}}, "command": "demandsim run x --years 3 --out DIR"},
    )
    results["status"] = (dims[:3], np.zeros((2, cash.shape[2], 1), dtype=int))
    return compare(results, "other").wrong_pockets()


def test_pay_and_gain_are_shared_out_evenly() -> None:
    # 8 is paid and 4 gained: half of each payer's pay stands against a gain, the other half is lost to all.
    parts = allocate(np.array([6.0, 2.0, -3.0, -1.0]))
    assert parts[0].tolist() == [0, 0, 2.25, 0.75, 3]
    assert parts[1].tolist() == [0, 0, 0.75, 0.25, 1]
    assert parts[4].tolist() == [0, 0, 0, 0, 0]
    # The other way round, 4 is paid and 8 gained: half of each gain is free.
    parts = allocate(np.array([-6.0, -2.0, 3.0, 1.0]))
    assert parts[2].tolist() == [2.25, 0.75, 0, 0, 0]
    assert parts[4].tolist() == [3, 1, 0, 0, 0]


@given(arrays(float, (5, 2, 3), elements=MONEY))
def test_rows_add_up_to_pay_and_columns_to_gain(differences: np.ndarray) -> None:
    parts = allocate(differences)
    assert (parts >= 0).all()
    rows, columns = parts.sum(axis=1), parts.sum(axis=0)
    assert rows[:-1] == pytest.approx(np.maximum(differences, 0), rel=1e-12, abs=1e-9)
    assert columns[:-1] == pytest.approx(np.maximum(-differences, 0), rel=1e-12, abs=1e-9)
    # Either something is lost to all or something is free, never both; and nobody pays nobody.
    assert (np.minimum(parts[-1].sum(axis=0), parts[:, -1].sum(axis=0)) == 0).all()
    assert rows[:-1] - columns[:-1] == pytest.approx(differences, rel=1e-9, abs=1e-6)


def test_a_failed_run_stays_apart() -> None:
    parts = allocate(np.array([[1.0, np.nan], [-1.0, np.nan]]))
    assert np.isfinite(parts[..., 0]).all()
    assert np.isnan(parts[..., 1]).all()


def test_the_matrix_is_by_year_and_rolls_up_the_council() -> None:
    # Year 1: adults pay 5, children pay 1, NHS gains 2. Year 2: NHS pays 4, the council gains 4.
    wrong = made([[[5.0], [-3.0]], [[1.0], [-1.0]], [[-2.0], [4.0]], [[0.0], [0.0]]])
    cells = wrong.matrix.by("payer", "gainer").set_index(["payer", "gainer"])["difference"]
    assert cells["council", "nhs"] == 2
    assert cells["council", NOBODY] == 4
    assert cells["nhs", "council"] == 4
    yearly = wrong.matrix.by("payer", "gainer", "year").set_index(["payer", "gainer", "year"])["difference"]
    assert yearly["council", "nhs", "2016/17"] == 2
    assert yearly["council", "nhs", "2017/18"] == 0
    apart = WrongPockets(wrong.comparison, departments=True)
    cells = apart.matrix.by("payer", "gainer").set_index(["payer", "gainer"])["difference"]
    assert cells["council_adults", "nhs"] == pytest.approx(2 * 5 / 6)
    assert cells["nhs", "council_children"] == 1


def test_the_matrix_says_the_same_as_the_net_of_each_purse() -> None:
    chance = np.random.default_rng(3)
    wrong = made(chance.normal(size=(4, 3, 6)))
    net = wrong.comparison.pockets().set_index("purse")["difference"]
    pays = wrong.matrix.by("payer").set_index("payer")["difference"]
    gains = wrong.matrix.by("gainer").set_index("gainer")["difference"]
    for purse in net.index:
        assert pays[purse] - gains[purse] == pytest.approx(net[purse])


@pytest.mark.parametrize(
    ("flows", "year"),
    [
        ([5, -2, -3, 0], 2),
        ([5, -2, -2, 0], None),
        ([-1, 0, 0, 0], 0),
        ([0, -1, 0, 0], 1),
        ([-1, 3, -2, 0], 2),
        ([3, -4, 2, 0], None),
        ([1e9, 1e-7, -1e9, -1e-7], 3),
        ([0, 0, 0, 0], None),
    ],
)
def test_the_year_of_breaking_even_is_the_first_that_lasts(flows: list[float], year: int | None) -> None:
    found = break_even(np.array([flows], dtype=float).T, 1)
    assert found.middle == found.early == found.late == year
    assert found.ever.n_such == (year is not None)
    assert sum(found.in_year) == found.ever.n_such


def test_break_even_over_runs() -> None:
    runs = np.array([[-1, 0, 0], [1, -1, 0], [1, 0, -1], [1, 0, 0]], dtype=float).T
    found = break_even(runs, 4)
    assert found.in_year == (1, 1, 1)
    assert (found.early, found.middle, found.late) == (0, 1, None)
    assert found.ever.share == 0.75


def test_discounting_moves_breaking_even_and_the_verdict() -> None:
    # 100 now against 104 in a year is a saving, but not at 5%.
    flows = [[[0.0] * 5, [0.0] * 5], [[0.0] * 5, [0.0] * 5], [[100.0] * 5, [-104.0] * 5], [[0.0] * 5, [0.0] * 5]]
    plain, dear = (made(flows, rates=rates).whole.alone[1] for rates in (None, {"0_30": 0.05}))
    assert plain.purse == dear.purse == "nhs"
    assert (plain.verdict, plain.breaks_even.middle, plain.saves.n_such) == ("yes", 1, 5)
    assert (dear.verdict, dear.breaks_even.middle, dear.saves.n_such) == ("no", None, 0)
    assert dear.worth.mean == pytest.approx(100 - 104 / 1.05)
    assert made(flows).whole.alone[2].verdict == "not touched"


def test_a_purse_acts_alone_by_the_share_of_its_runs() -> None:
    runs = [-1.0, -1.0, 1.0, 1.0, 1.0]
    rows = [[runs], [[0.0] * 5], [[-1.0, -1.0, -1.0, 1.0, 1.0]], [[-1.0] * 4 + [1.0]]]
    by_purse = {one.purse: one.verdict for one in made(rows).whole.alone}
    assert by_purse["council"] == "no"
    assert by_purse["nhs"] == "perhaps"
    assert by_purse["households"] == "if others pay"
    alone = made([[[0.0] * 5], [[0.0] * 5], [[-1.0] * 4 + [1.0]], [[0.0] * 5]]).whole.alone
    assert alone[1].verdict == alone[-1].verdict == "yes"


def test_who_could_pay_for_all_is_asked_more_than_who_saves() -> None:
    # The council loses 3 and DWP gains 4, 3 and 2: it always saves, and could pay for all in two runs of three.
    nothing = [[0.0] * 3]
    by_purse = {one.purse: one for one in made([[[3.0] * 3], nothing, [[-4.0, -3.0, -2.0]], nothing]).whole.alone}
    assert by_purse["nhs"].saves.n_such == 3
    assert by_purse["nhs"].pays_all.n_such == 2
    assert by_purse["council"].pays_all.n_such == by_purse["households"].pays_all.n_such == 0
    assert by_purse["all together"].pays_all.n_such == by_purse["all together"].saves.n_such == 1


def test_a_share_of_few_runs() -> None:
    assert [runs_needed(0.8, n) for n in (1, 2, 4, 5, 10, 16)] == [1, 2, 4, 4, 8, 13]
    none = count_frequency(0, 10, 10)
    assert none.low == 0
    assert none.high == pytest.approx(1.6449**2 / (10 + 1.6449**2))
    # Runs that share beliefs count as one.
    assert count_frequency(8, 16, 8).low < count_frequency(8, 16, 16).low


def test_why_there_are_none_and_what_is_missing() -> None:
    nothing = np.zeros((1, 5))
    # The whole loses 4 less 1 in two runs of five.
    loses = made([np.full((1, 5), 4.0), nothing, [[-9.0, -9.0, -9.0, -1.0, -1.0]], nothing])
    assert loses.whole.why_none == "whole loses"
    assert loses.whole.whole.worth.n_above == 2
    assert loses.falls_short_by() == 3
    assert loses.whole.jointly.missing == 3
    kept = made([np.full((1, 5), 4.0), nothing, nothing, np.full((1, 5), -9.0)])
    assert kept.whole.why_none == "gain cannot be paid over"
    turns = made([[[4.0, -5.0, 4.0, -5.0, 4.0]], nothing, [[-5.0, 4.0, -5.0, 4.0, -5.0]], nothing])
    assert turns.whole.why_none == "who loses changes"
    assert turns.falls_short_by() == 0
    assert turns.years_to_go() == 0


def test_years_to_go_if_later_years_are_as_the_last() -> None:
    zero = np.zeros((3, 5))
    pays = np.repeat([[10.0], [-2.0], [-2.0]], 5, axis=1)
    wrong = made([pays, zero, zero, zero])
    assert wrong.years_to_go() == 3
    assert made([pays, zero, zero, zero], rates={"0_30": 0.1}).years_to_go() == 6  # 2 a year at 10% repay 10 in 8
    assert made([np.abs(pays), zero, zero, zero]).years_to_go() is None


def test_a_horizon_that_is_not_there_is_refused() -> None:
    with pytest.raises(RequestError, match="9 years were asked for"):
        made(np.zeros((4, 3, 2))).purses.until(9)


def test_horizons_are_those_the_years_cover() -> None:
    short, long = made(np.zeros((4, 3, 2))), made(np.zeros((4, 12, 2)))
    assert (short.covered, short.missing) == ([3], [5, 10, 15])
    assert (long.covered, long.missing) == ([5, 10, 12], [15])
    # A saving that comes in the seventh year is not there after five.
    late = np.zeros((4, 12, 2))
    late[2, 0], late[2, 6] = 1.0, -3.0
    found = made(late)
    assert [h.alone[1].verdict for h in found.horizons] == ["no", "yes", "yes"]
    assert [h.jointly.exist for h in found.horizons] == [False, True, True]
    assert found.no_worse(6)["nhs"].n_such == 0
    assert found.no_worse(7)["nhs"].n_such == 2


def test_leaving_parts_of_the_runs_out() -> None:
    rows = np.zeros((4, 1, 6))
    rows[0], rows[2] = np.arange(1.0, 7.0), -10.0
    steady = made(rows).steadiness
    assert steady is not None
    # Of five runs left, four must hold: the largest loss is let go, so the second largest is paid.
    assert (steady.low, steady.high) == (4, 5)
    assert steady.n_exist == steady.n_tried == 6
    # Tried on the run left out: the loss of 6 is then not covered by the 4 paid, the loss of 5 is not by the same, and
    # 1 to 4 are covered by 5.
    assert steady.held is not None
    assert (steady.held.n_such, steady.held.n_runs) == (4, 6)
    assert made(rows[:, :, :2]).steadiness is None


def test_the_order_of_runs_changes_nothing() -> None:
    chance = np.random.default_rng(11)
    rows = chance.normal([[[1.0]], [[0.5]], [[-3.0]], [[-0.1]]], 0.4, size=(4, 3, 12))
    here, there = made(rows), made(rows[:, :, chance.permutation(12)])
    assert here.whole.jointly.receives == pytest.approx(there.whole.jointly.receives)
    for one, other in zip(here.whole.alone, there.whole.alone, strict=True):
        assert one.breaks_even == other.breaks_even
        assert one.saves == other.saves
    columns = ["difference", "low", "high"]
    assert here.matrix.by("payer", "gainer")[columns].to_numpy() == pytest.approx(
        there.matrix.by("payer", "gainer")[columns].to_numpy()
    )
