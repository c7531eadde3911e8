"""The smallest payments between purses, against answers by hand, by linear programme or by trying everything."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from demandsim.comparison.choosing import MOST_SOLVED
from demandsim.comparison.pockets import runs_needed
from demandsim.comparison.transfers import settle, smallest_transfers
from demandsim.errors import RequestError


def tried(losses: np.ndarray, k: int) -> tuple[float, float]:
    """Least paid over and least missing, by trying every choice of k runs."""
    totals, sums = [], []
    for chosen in itertools.combinations(range(losses.shape[1]), k):
        needs = losses[:, chosen].max(axis=1)
        sums.append(needs.sum())
        if needs.sum() <= 1e-9:
            totals.append(np.maximum(needs, 0.0).sum())
    return (min(totals) if totals else float("nan")), max(0.0, min(sums))


def test_payments_by_hand() -> None:
    losses = np.array([[3.0, 2.0], [-5.0, -4.0], [-1.0, -2.0]])
    found = smallest_transfers(losses, ["a", "b", "c"], share=1.0, annuity=2.0)
    assert found.exist
    assert found.is_exact
    assert found.total == found.proved == 3
    # b gains 4 for certain and c gains 1, so they pay 3 in that proportion.
    assert found.receives == pytest.approx({"a": 3.0, "b": -2.4, "c": -0.6})
    assert [(one.payer, one.receiver) for one in found.payments] == [("b", "a"), ("c", "a")]
    assert found.payments[0].gbp_a_year == pytest.approx(1.2)
    assert found.held is not None
    assert found.held.n_such == 2


def test_one_run_in_five_may_be_let_go() -> None:
    losses = np.array([[1.0, 1.0, 1.0, 1.0, 10.0], [-4.0, -4.0, -4.0, -4.0, -4.0]])
    found = smallest_transfers(losses, ["a", "b"])
    assert (found.n_needed, found.total, found.held_by) == (4, 1.0, {"a": 4, "b": 5})
    every = smallest_transfers(losses, ["a", "b"], share=1.0)
    assert not every.exist
    assert every.is_exact
    assert every.missing == every.missing_proved == 6


def test_together_is_harder_than_each_by_itself() -> None:
    losses = np.array([[10.0, 0, 0, 0, 0], [0, 10.0, 0, 0, 0], [-12.0] * 5])
    apart = smallest_transfers(losses, ["a", "b", "c"], is_joint=False)
    assert apart.exist
    assert apart.payments == ()
    assert apart.held is not None
    assert apart.held.n_such == 3
    jointly = smallest_transfers(losses, ["a", "b", "c"])
    assert jointly.total == pytest.approx(10)
    losses[2] = -5.0
    nothing = smallest_transfers(losses, ["a", "b", "c"])
    assert not nothing.exist
    assert nothing.missing == pytest.approx(5)
    assert nothing.payments == ()
    assert np.isnan(nothing.total)


def test_households_are_made_whole_and_never_charged() -> None:
    losses = np.array([[2.0] * 3, [-9.0] * 3])
    assert smallest_transfers(losses, ["nhs", "households"]).missing == 2
    assert smallest_transfers(-losses, ["nhs", "households"]).missing == pytest.approx(7)
    paid = smallest_transfers(np.array([[-2.0] * 3, [1.0] * 3]), ["nhs", "households"])
    assert paid.receives == {"nhs": -1.0, "households": 1.0}


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4), st.integers(3, 9))
def test_the_programme_finds_what_trying_everything_finds(seed: int, n: int, n_runs: int) -> None:
    chance = np.random.default_rng(seed)
    losses = chance.normal(chance.normal(-0.5, 2.0, size=(n, 1)), 1.0, size=(n, n_runs))
    names = [f"purse {i}" for i in range(n)]
    found = smallest_transfers(losses, names)
    total, missing = tried(losses, runs_needed(0.8, n_runs))
    assert found.is_exact
    assert found.exist == bool(np.isfinite(total))
    if found.exist:
        assert found.total == pytest.approx(total, rel=1e-6, abs=1e-6)
        assert sum(found.receives.values()) == pytest.approx(0, abs=1e-9)
        held = (losses <= np.array(list(found.receives.values()))[:, None] + 1e-6).all(axis=0).sum()
        assert held >= found.n_needed
        assert smallest_transfers(losses, names, is_joint=False).total <= found.total + 1e-6
    else:
        assert found.missing == pytest.approx(missing, rel=1e-6, abs=1e-6)
    again = smallest_transfers(losses[:, chance.permutation(n_runs)], names)
    assert again.receives == pytest.approx(found.receives)
    assert again.missing == pytest.approx(found.missing)


@settings(max_examples=30)
@given(arrays(float, 5, elements=st.floats(-100, 100).map(lambda gbp: round(gbp, 3))))
def test_payments_between_pairs_are_the_optimum_of_the_linear_programme(needs: np.ndarray) -> None:
    from scipy.optimize import linprog

    pairs = list(itertools.permutations(range(5), 2))
    receipts = np.zeros((5, len(pairs)))
    for at, (payer, receiver) in enumerate(pairs):
        receipts[payer, at], receipts[receiver, at] = -1.0, 1.0
    best = linprog(np.ones(len(pairs)), A_ub=-receipts, b_ub=-needs)
    found = smallest_transfers(needs[:, None], [f"purse {i}" for i in range(5)], is_joint=False)
    assert found.exist == (best.status == 0) or abs(needs.sum()) < 1e-6
    if found.exist and best.status == 0:
        assert sum(one.gbp for one in found.payments) == pytest.approx(best.fun, abs=1e-6)


def test_a_search_cut_short_is_bounded_and_says_so() -> None:
    chance = np.random.default_rng(5)
    losses = chance.normal([[3.0], [-8.0], [-9.0], [1.0], [-1.0], [0.2]], 1.5, size=(6, 80))
    names = [f"purse {i}" for i in range(6)]
    short, full = (smallest_transfers(losses, names, share=0.6, most_nodes=nodes) for nodes in (1, 100_000))
    assert full.is_exact
    assert short.exist
    assert short.proved <= full.total * (1 + 1e-9)
    assert short.total >= full.total * (1 - 1e-9)
    assert short.is_exact == (short.total <= short.proved * (1 + 1e-6) + 0.01)
    assert short.held is not None
    assert short.held.n_such >= short.n_needed


def test_settling_pays_each_net_sum_once() -> None:
    payments = settle({"a": 5.0, "b": 1.0, "c": -4.0, "d": -2.0, "e": 0.0})
    net = dict.fromkeys("abcde", 0.0)
    for one in payments:
        net[one.payer] -= one.gbp
        net[one.receiver] += one.gbp
    assert net == {"a": 5, "b": 1, "c": -4, "d": -2, "e": 0}
    assert len(payments) <= 3
    assert settle({}) == ()


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(RequestError) as caught:
        smallest_transfers(np.array([[1.0, np.nan]]), ["a", "b"], share=1.5)
    said = str(caught.value)
    assert "2 names were given for 1 purses" in said
    assert "Leave failed runs out." in said
    assert "Write 80% as 0.8." in said
    with pytest.raises(RequestError, match="no purse or no run"):
        smallest_transfers(np.zeros((2, 0)), ["a", "b"])


def test_many_runs_are_bounded_by_what_each_purse_needs_itself() -> None:
    chance = np.random.default_rng(8)
    luck = chance.normal(size=MOST_SOLVED + 100)
    losses = np.stack([3.0 + luck, -9.0 + luck, -2.0 - 0.1 * luck])
    names = ["a", "b", "c"]
    jointly, apart = (smallest_transfers(losses, names, is_joint=is_joint) for is_joint in (True, False))
    assert jointly.exist
    assert jointly.proved == apart.total
    assert apart.total <= jointly.total
    assert jointly.held is not None
    assert jointly.held.n_such >= jointly.n_needed
    # One luck moves a and b together, so what a needs by itself is all but what they need jointly.
    assert jointly.total == pytest.approx(apart.total, rel=0.1)
