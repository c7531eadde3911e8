"""Recounts that can fail: the books of one world against its cases, its columns and its posts.

Each check recomputes a total from another source than the ledger used. A failure is a defect of the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import BalanceError, Fault
from demandsim.labels import EVENTS, HOUSEHOLD_TYPES, NEEDS
from demandsim.ledger.accounts import Accounts, by_year
from demandsim.ledger.prices import Prices
from demandsim.ledger.record import Record
from demandsim.quantities import TICKS

Ints = NDArray[np.int64]
REMEDY = "This is a defect of the model, not of your input. Please report it with the command and the seed."


def check_books(
    record: Record,
    accounts: Accounts,
    prices: Prices,
    planned: NDArray[np.float64],
    decisions: Sequence[tuple[int, Ints]],
    programme_pence: Ints,
    present: Ints,
    households: NDArray[np.void],
    before: Ints,
    after: Ints,
    left_pence: int,
) -> None:
    """Recount a finished world.

    Parameters
    ----------
    record, accounts, prices, programme_pence
        The books, and what the programme costs in each month.
    planned : ndarray, shape (units, months)
        Posts by plan, run proper only.
    decisions : sequence of (month, ndarray of int, shape (units,))
        Whole posts that agencies let go (negative: took back), and from when.
    present : ndarray of int64, shape (months,)
        Households that live in the place in each month.
    households : record array
        Columns at the end.
    before, after : ndarray of int64, shape (services, 2)
        Waiting and open cases at the start of the run proper and at its end, counted from the pool of cases.
    left_pence : int
        Pence × ticks posted to households that have since left.

    Raises
    ------
    BalanceError
        With every check that fails.
    """
    faults = [
        *_check_states(record, households, present),
        *_check_referrals(record, before, after),
        *_check_posts(record, accounts, prices, planned, decisions, programme_pence),
        *_check_lived(accounts, households, left_pence),
    ]
    if faults:
        raise BalanceError(faults)


def _check_states(record: Record, households: NDArray[np.void], present: Ints) -> Iterator[Fault]:
    if (record.households.sum(axis=2) != present[:, None]).any():
        yield Fault("ledger, households by state", "they do not add up to the population in every month.", REMEDY)
    states = households["state"][households["household_type"] < len(HOUSEHOLD_TYPES)]
    for need in range(len(NEEDS)):
        counted = np.bincount(states[:, need], minlength=record.households.shape[2])
        if (counted != record.households[-1, need]).any():
            what = "the last month's states differ from a recount of households."
            yield Fault(f"ledger, {NEEDS[need]}", what, REMEDY)
    if record.state_months.sum() != present.sum() * len(NEEDS):
        yield Fault("ledger, time in state", "it is not households × needs × months.", REMEDY)


def _check_referrals(record: Record, before: Ints, after: Ints) -> Iterator[Fault]:
    """Every referral is waiting, open, or has ended in one of four ways."""
    count = {name: record.activity[:, :, EVENTS.index(name)].sum(axis=0) for name in EVENTS}
    lists = before[:, 0] + count["referral"] - count["admitted"] - count["lapsed"] - after[:, 0]
    ended = count["completed"] + count["dropped_out"] + count["left_area"]
    help_ = before[:, 1] + count["admitted"] - ended - after[:, 1]
    for line in np.flatnonzero(lists):
        yield Fault(f"ledger, service {line}", f"{abs(lists[line])} referrals are unaccounted for.", REMEDY)
    for line in np.flatnonzero(help_):
        yield Fault(f"ledger, service {line}", f"{abs(help_[line])} cases are unaccounted for.", REMEDY)


def _check_posts(
    record: Record,
    accounts: Accounts,
    prices: Prices,
    planned: NDArray[np.float64],
    decisions: Sequence[tuple[int, Ints]],
    programme_pence: Ints,
) -> Iterator[Fault]:
    """Posts in pay are the plan less what agencies decided; contact, income, redundancy and programme come on top."""
    gone = np.zeros(planned.shape, np.int64)
    for month, change in decisions:
        gone[:, max(0, month) :] += change[:, None]
    pay = np.rint(np.maximum(planned - gone, 0.0).T * prices.pence_a_post).astype(np.int64)
    whole = pay.sum() + record.redundancy.sum() + programme_pence.sum()
    handling, income, contracts = (record.stream_pence[:, part].sum() for part in range(3))
    whole += handling + contracts - income
    units = prices.unit_category
    paid = pay + record.redundancy
    paid[:, prices.pence_a_month.size :] += record.stream_pence[:, 2]
    recount = by_year(paid, accounts.posts.shape[0])
    if (recount != accounts.posts[:, units] // TICKS).any() or whole * TICKS != accounts.posts.sum():
        yield Fault("ledger, posts", "pay differs from the posts decided times their price.", REMEDY)
    over, spot = (record.activity[:, :, EVENTS.index(event)].sum(axis=0) for event in ("overtime", "spot_time"))
    beyond = over * prices.pence_an_overtime_month + spot * prices.pence_a_spot_month
    if (beyond != accounts.overspend.sum(axis=0)).any():
        what = "overtime and spot purchases differ from the time they paid for."
        yield Fault("ledger, overspend", what, REMEDY)


def _check_lived(accounts: Accounts, households: NDArray[np.void], left_pence: int) -> Iterator[Fault]:
    """What the ledger prices from activity equals what was posted to households one by one."""
    gap = int(accounts.lived.sum()) - int(households["pence"].sum()) - left_pence
    if gap:
        what = f"activity priced differs from households' own postings by {gap} pence·ticks."
        yield Fault("ledger, cash", what, REMEDY)
