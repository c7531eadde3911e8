"""The books of a world balance, and every recount can fail: each is broken here on purpose."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from engine_worlds import finished, inputs_of, place, population, world_of

from demandsim.errors import BalanceError
from demandsim.labels import EVENTS
from demandsim.ledger.accounts import Accounts, price_record
from demandsim.ledger.checks import check_books
from demandsim.ledger.record import Record
from demandsim.model.demand_model import DemandModel
from demandsim.study.kernels import DIRECT, PENCE, SAME, WAITED
from demandsim.study.lockstep import run_in_lock_step
from demandsim.study.luck import _cause_effect

HOUSEHOLDS = 2_000


@dataclass
class Books:
    """What `check_books` reads of one world, free to be spoilt."""

    record: Record
    accounts: Accounts
    decisions: Any
    households: Any
    before: Any
    after: Any
    left_pence: int


@pytest.fixture(scope="module")
def world() -> DemandModel:
    return finished(world_of(inputs_of("whole_system", HOUSEHOLDS)))


@pytest.fixture
def books(world: DemandModel) -> Books:
    inputs = world.inputs
    accounts = price_record(world.record, inputs.prices, inputs.programme_pence[inputs.run_in :])
    return deepcopy(
        Books(
            world.record,
            accounts,
            world.budgets.decisions,
            world.world.households,
            world.cases_before,
            world.live_cases(),
            int(world.world.counts["left_pence"][0]),
        )
    )


def check(world: DemandModel, books: Books) -> None:
    inputs = world.inputs
    check_books(
        books.record,
        books.accounts,
        inputs.prices,
        world.budgets.posts_planned[:, inputs.run_in :],
        books.decisions,
        inputs.programme_pence[inputs.run_in :],
        inputs.households_present[inputs.run_in :],
        books.households,
        books.before,
        books.after,
        books.left_pence,
    )


def _lose_a_household(books: Books) -> None:
    books.record.households[0, 0, 0] -= 1


def _miscount_the_last_month(books: Books) -> None:
    books.record.households[-1, 2, 0] -= 1
    books.record.households[-1, 2, 1] += 1


def _lose_a_month_in_a_state(books: Books) -> None:
    books.record.state_months[0, 0, 3, 0] -= 1


def _lose_a_referral(books: Books) -> None:
    books.record.activity[3, 4, EVENTS.index("referral")] -= 1


def _lose_a_waiting_case(books: Books) -> None:
    books.after[10, 0] += 1


def _end_a_case_twice(books: Books) -> None:
    books.record.activity[3, 4, EVENTS.index("completed")] += 1


def _forget_an_open_case(books: Books) -> None:
    books.after[4, 1] -= 1


def _pay_a_post_that_was_not_planned(books: Books) -> None:
    books.accounts.posts[0, 4] += 10**9


def _forget_a_cut(books: Books) -> None:
    books.decisions.append((3, np.eye(1, books.record.posts.shape[1], 4, dtype=np.int64)[0]))


def _take_no_income(books: Books) -> None:
    books.record.stream_pence[2, 1] = 0


def _overspend_on_nothing(books: Books) -> None:
    books.accounts.overspend[0, 5] += 1


def _post_a_penny_to_a_household(books: Books) -> None:
    books.households["pence"][7] += 1


def _forget_those_who_left(books: Books) -> None:
    books.left_pence -= 1


def _price_activity_twice(books: Books) -> None:
    books.accounts.lived[0, 15] += 1


BREAKS: dict[Callable[[Books], None], str] = {
    _lose_a_household: "do not add up to the population",
    _miscount_the_last_month: "differ from a recount of households",
    _lose_a_month_in_a_state: "time in state",
    _lose_a_referral: "referrals are unaccounted for",
    _lose_a_waiting_case: "referrals are unaccounted for",
    _end_a_case_twice: "cases are unaccounted for",
    _forget_an_open_case: "cases are unaccounted for",
    _pay_a_post_that_was_not_planned: "pay differs from the posts decided",
    _forget_a_cut: "pay differs from the posts decided",
    _take_no_income: "pay differs from the posts decided",
    _overspend_on_nothing: "spot purchases differ",
    _post_a_penny_to_a_household: "differs from households' own postings",
    _forget_those_who_left: "differs from households' own postings",
    _price_activity_twice: "differs from households' own postings",
}


def test_the_books_of_a_world_balance(world: DemandModel, books: Books) -> None:
    check(world, books)
    assert books.accounts.lived.sum() > 0
    assert books.left_pence > 0


@pytest.mark.parametrize("spoil", BREAKS, ids=lambda spoil: spoil.__name__.strip("_"))
def test_a_spoilt_book_is_found(world: DemandModel, books: Books, spoil: Callable[[Books], None]) -> None:
    spoil(books)
    with pytest.raises(BalanceError, match=BREAKS[spoil]):
        check(world, books)


def test_causes_that_miss_the_whole_are_found() -> None:
    inputs = [inputs_of(name, 500) for name in ("as_now", "whole_system")]
    worlds, (pairing,) = run_in_lock_step(inputs, population(500), place(500).deprivation_z, 2016, 0)
    base, other = (
        price_record(one.record, one.inputs.prices, one.inputs.programme_pence[one.inputs.run_in :]) for one in worlds
    )
    effect = _cause_effect(pairing, other, base)
    whole = (other.cash.sum() - base.cash.sum()) / (100.0 * 4096)
    np.testing.assert_allclose(effect[:, -1].sum(), whole, rtol=1e-12)
    pairing.totals[DIRECT, PENCE] += 1
    with pytest.raises(BalanceError, match="miss the whole by -1"):
        _cause_effect(pairing, other, base)
    pairing.totals[DIRECT, PENCE] -= 1
    pairing.totals[SAME, PENCE] = 1  # lives that never parted may not differ
    with pytest.raises(BalanceError):
        _cause_effect(pairing, other, base)


def test_a_wait_for_a_manager_is_put_down_to_its_cause() -> None:
    """A referral that waits for a manager has parted from the same one that does not, before any list has moved."""
    inputs = [inputs_of(name, 1_000) for name in ("as_now", "front_line_discretion")]
    _, (pairing,) = run_in_lock_step(inputs, population(1_000), place(1_000).deprivation_z, 2016, 0)
    assert not pairing.totals[SAME].any()
    assert pairing.totals[DIRECT, WAITED] != 0
