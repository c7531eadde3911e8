"""Unit costs: nothing is lost or made up in re-pricing and sharing out."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from demandsim.errors import RequestError
from demandsim.labels import PAYERS
from demandsim.ledger.unit_costs import payer_shares, split_by_payer, uprate

INDEX = {"2008/09": 74.16, "2013/14": 80.886, "2015/16": 82.459}
PARTS = st.dictionaries(st.sampled_from(PAYERS), st.floats(0.0, 1e6), min_size=1).filter(
    lambda parts: sum(parts.values()) > 1e-3
)
TOTALS = st.integers(-(10**12), 10**12)


@given(TOTALS, PARTS)
def test_a_split_adds_up_exactly_and_nobody_is_a_penny_out(total: int, parts: dict[str, float]) -> None:
    shares = payer_shares(parts)
    split = split_by_payer(total, shares)
    assert list(split) == list(parts)
    assert sum(split.values()) == total
    whole = sum(Fraction(repr(share)) for share in shares.values())
    for payer, pence in split.items():
        assert abs(pence - total * Fraction(repr(shares[payer])) / whole) < 1
        if parts[payer] == 0.0:
            assert pence == 0


@given(TOTALS, PARTS, st.randoms(use_true_random=False))
def test_a_split_does_not_depend_on_the_order_of_payers(total: int, parts: dict[str, float], shuffler: object) -> None:
    shares = payer_shares(parts)
    names = list(shares)
    shuffler.shuffle(names)  # type: ignore[attr-defined]
    assert split_by_payer(total, {name: shares[name] for name in names}) == split_by_payer(total, shares)


@given(TOTALS, PARTS)
def test_a_refund_is_shared_as_the_payment_was(total: int, parts: dict[str, float]) -> None:
    shares = payer_shares(parts)
    back = {payer: -pence for payer, pence in split_by_payer(total, shares).items()}
    assert split_by_payer(-total, shares) == back


def test_ties_go_to_the_larger_share_then_to_the_alphabet() -> None:
    third = 1.0 / 3.0
    assert split_by_payer(100, {"police": third, "dwp": third, "nhs": third}) == {"police": 33, "dwp": 34, "nhs": 33}
    # 0.5 and 1.5 pence: equal remainders.
    assert split_by_payer(2, {"dwp": 0.25, "nhs": 0.75}) == {"dwp": 0, "nhs": 2}


def test_a_share_is_the_decimal_that_was_written() -> None:
    # In binary 0.1 lies above a tenth and 0.7 below seven tenths; 0.5 and 3.5 pence are a tie all the same.
    assert split_by_payer(5, {"nhs": 0.1, "dwp": 0.2, "police": 0.7}) == {"nhs": 0, "dwp": 1, "police": 4}


def test_shares_rounded_by_their_publisher_are_made_up_in_proportion() -> None:
    shares = {"nhs": 0.4741, "justice": 0.2352, "police": 0.168, "council_children": 0.0781, "council_housing": 0.0445}
    assert sum(split_by_payer(247_000, shares).values()) == 247_000


@pytest.mark.parametrize("shares", [{"nhs": 0.9}, {"nhs": 0.6, "dwp": 0.5}, {}])
def test_a_missing_payer_is_refused(shares: dict[str, float]) -> None:
    with pytest.raises(RequestError, match="sum to"):
        split_by_payer(100, shares)


@pytest.mark.parametrize("shares", [{"nhs": 1.5, "dwp": -0.5}, {"nhs": math.nan}])
def test_a_share_below_nothing_is_refused(shares: dict[str, float]) -> None:
    with pytest.raises(RequestError, match="at least 0"):
        split_by_payer(100, shares)


@pytest.mark.parametrize("total", [1.0, True])
def test_only_whole_pence_are_shared(total: int) -> None:
    with pytest.raises(RequestError, match="whole pence"):
        split_by_payer(total, {"nhs": 1.0})


@given(PARTS)
def test_shares_sum_to_one(parts: dict[str, float]) -> None:
    assert math.fsum(payer_shares(parts).values()) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("parts", [{}, {"nhs": 0.0}])
def test_nothing_has_no_shares(parts: dict[str, float]) -> None:
    with pytest.raises(RequestError, match="come to nothing"):
        payer_shares(parts)


@given(st.floats(0.01, 1e9), st.sampled_from(list(INDEX)), st.sampled_from(list(INDEX)))
def test_repricing_there_and_back_changes_nothing(gbp: float, first: str, second: str) -> None:
    there = uprate(gbp, first, second, INDEX)
    assert uprate(there, second, first, INDEX) == pytest.approx(gbp, rel=1e-12)
    assume(first != second)
    assert (there > gbp) == (second > first)


def test_a_year_outside_the_index_is_refused_with_the_nearest() -> None:
    with pytest.raises(RequestError, match=r"no year `2013-14`. Nearest: `2013/14`"):
        uprate(1.0, "2013-14", "2015/16", INDEX)
    with pytest.raises(RequestError, match="above 0"):
        uprate(1.0, "2013/14", "2015/16", {**INDEX, "2013/14": 0.0})
