"""The machinery of receipts: what counts as agreement, what is found, and what the table shows."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from demandsim.errors import RequestError
from demandsim.receipts import (
    AtMost,
    Exact,
    LastDigit,
    Receipt,
    Relative,
    StandardErrors,
    format_receipts,
    load_receipts,
    receipt_groups,
    run_receipts,
)
from demandsim.receipts.receipt import Computed, Tolerance


def _receipt(published: float | bool, tolerance: Tolerance, compute: Callable[[], Computed]) -> Receipt:
    return Receipt("R99", "a number", "a source", published, tolerance, compute)


@pytest.mark.parametrize(
    ("published", "tolerance", "computed", "agrees"),
    [
        (2.72, LastDigit(2), 2.7249, True),
        (2.72, LastDigit(2), 2.7251, False),
        (2.72, LastDigit(2), 2.7149, False),
        (1e6, Relative(1e-9), 1e6 + 0.9e-3, True),
        (1e6, Relative(1e-9), 1e6 + 1.1e-3, False),
        (0.0, Relative(1e-9), 1e-8, False),
        (336_800.0, Exact(), 336_800.0, True),
        (336_800.0, Exact(), 336_799.0, False),
        (True, Exact(), False, False),
        (5.0, StandardErrors(3.0), (5.29, 0.1), True),
        (5.0, StandardErrors(3.0), (5.31, 0.1), False),
        (5.0, StandardErrors(3.0), (4.69, 0.1), False),
        (5.0, StandardErrors(3.0), 5.0, False),  # no standard error given
        (5.0, StandardErrors(3.0), (5.0, math.nan), False),
        (5.0, StandardErrors(3.0), (5.0, 0.0), False),  # one run has no spread: not evidence of precision
        (5.0, LastDigit(0), (5.0, 10.0), False),  # a simulated value may not pose as a closed form
        (1.0, AtMost(), 1.0, True),
        (1.0, AtMost(), 1.001, False),
        (1.0, AtMost(1.645), (1.1, 0.1), True),
        (1.0, AtMost(1.645), (1.2, 0.1), False),
        (1.0, AtMost(1.645), 0.5, False),
        (1.0, AtMost(), math.nan, False),
        (1.0, AtMost(), -math.inf, False),
    ],
)
def test_agreement(published: float | bool, tolerance: Tolerance, computed: Computed, agrees: bool) -> None:
    outcome = _receipt(published, tolerance, lambda: computed).check()
    assert outcome.passed is agrees
    assert bool(outcome.reason) is not agrees


@pytest.mark.parametrize(("text", "value", "places"), [("2,724.30", 2724.30, 2), (".6", 0.6, 1), ("17", 17.0, 0)])
def test_a_printed_number_carries_its_decimals(text: str, value: float, places: int) -> None:
    receipt = Receipt.printed("R99", "a number", "a source", text, lambda: value)
    assert receipt.published == value
    assert receipt.tolerance == LastDigit(places)


def test_an_error_fails_its_own_row_only() -> None:
    def broken() -> float:
        raise RequestError("the list never settles")

    outcomes = [_receipt(1.0, Exact(), broken).check(), _receipt(1.0, Exact(), lambda: 1.0).check()]
    assert [outcome.passed for outcome in outcomes] == [False, True]
    assert "the list never settles" in outcomes[0].reason
    table = format_receipts(outcomes)
    assert "FAIL" in table
    assert "the list never settles" in table
    assert "1 of 2 receipts agree." in table


def test_the_table_shows_the_standard_error_and_the_source() -> None:
    outcome = _receipt(5.0, StandardErrors(), lambda: (5.1, 0.0625)).check()
    table = format_receipts([outcome])
    assert "0.062" in table
    assert "3 standard errors" in table
    assert "source: a source" in table
    assert all(line == line.rstrip() for line in table.splitlines())


def test_groups_are_found_in_numerical_order() -> None:
    groups = list(receipt_groups())
    assert {"R1", "R8", "R9", "R10", "R12"} <= set(groups)
    assert groups == sorted(groups, key=lambda group: int(group[1:]))


def test_every_receipt_stands_in_its_own_group_and_is_named_once() -> None:
    receipts = load_receipts(["R1", "R8", "R9", "R10", "R12"])
    assert len({(receipt.group, receipt.name) for receipt in receipts}) == len(receipts)
    for group in ("R1", "R8", "R9", "R10", "R12"):
        assert {receipt.group for receipt in load_receipts([group])} == {group}
    assert all(receipt.citation for receipt in receipts)


def test_groups_can_be_asked_for_in_any_spelling_and_come_in_order() -> None:
    outcomes = run_receipts(["r12", "R08"])
    assert [outcome.receipt.group for outcome in outcomes] == ["R8"] * 14 + ["R12"] * 9


def test_an_unknown_group_is_refused() -> None:
    with pytest.raises(RequestError, match="no receipt group `R77`"):
        load_receipts(["R77"])


def test_no_group_is_no_receipt() -> None:
    assert run_receipts([]) == []
    assert format_receipts([]).endswith("0 of 0 receipts agree.\n")
