"""What a purse may spend, and how far it is short: budgets, pooling and reserves.

Takes and gives whole pence by purse. A year is closed on what was spent; the next is opened on what the posts in pay
will cost and what was bought last year. Cuts and their order are in `demandsim.agencies.cuts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demandsim.agencies.sharing import share_exactly
from demandsim.errors import RequestError

Pence = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PurseState:
    """What agencies carry from one April to the next.

    Attributes
    ----------
    reserves : ndarray of int64, shape (purses,)
        Pence in hand; never below nought.
    full : ndarray of int64, shape (purses,)
        The level at which reserves began, and to which a surplus refills them.
    cut : ndarray of int64, shape (units,)
        Whole posts under plan that have been decided, in pay until the lag is over.
    """

    reserves: Pence
    full: Pence
    cut: NDArray[np.int64]

    def with_cuts(self, change: ArrayLike) -> PurseState:
        """The state after further posts are cut (or, where negative, restored)."""
        return replace(self, cut=self.cut + np.asarray(change, np.int64))


@dataclass(frozen=True, eq=False)
class Review:
    """What an April finds, in pence by purse; nought everywhere for demand-led purses.

    Attributes
    ----------
    overspent : ndarray of int64
        Last year's spending over budget before pooling; negative is an underspend.
    elsewhere : ndarray of int64
        What of it services outside the model met: a cost that no account here shows.
    unfunded : ndarray of int64
        What of it neither they, the pool nor reserves met: reported, and not asked for again.
    gap : ndarray of int64
        This year's expected spending over this year's budget, before anything meets it; negative is room.
    pooled_in : ndarray of int64
        What the pool adds to the gap of this year; sums to nought.
    shortfall : ndarray of int64
        What must be cut here: the gap after services outside the model, pooling and reserves.
    surplus : ndarray of int64
        What may be restored: room after pooling beyond what refills reserves.
    state : PurseState
        With reserves as they are after last year.
    """

    overspent: Pence
    elsewhere: Pence
    unfunded: Pence
    gap: Pence
    pooled_in: Pence
    shortfall: Pence
    surplus: Pence
    state: PurseState


def set_budgets(planned: ArrayLike, base_purchases: ArrayLike, grant: ArrayLike) -> Pence:
    """Set each purse's budget for a year: ``grant × (planned pay and programme + base-year purchases)``.

    Parameters
    ----------
    planned : array of int, shape (purses,)
        Pence of this year's planned posts and programme, each purse's share.
    base_purchases : array of int, shape (purses,)
        Pence of what demand led it to buy in the year before the start.
    grant : array of float, shape (purses,)
        Budget against the start in real terms; 1 is flat.

    Returns
    -------
    ndarray of int64
        Pence; exactly the sum where the grant is 1.

    Raises
    ------
    RequestError
        If a grant is below nought or is not a number.
    """
    index = np.asarray(grant, np.float64)
    if not np.all(np.isfinite(index)) or (index < 0.0).any():
        raise RequestError(
            f"A grant of {float(index.min()):g} cannot be: it is a share of the budget at the start, from 0 up. "
            "Mend `agencies.<purse>.grant`."
        )
    base = np.asarray(planned, np.int64) + np.asarray(base_purchases, np.int64)
    return np.where(index == 1.0, base, np.rint(index * base)).astype(np.int64)


def open_purses(budget: ArrayLike, reserves_share: ArrayLike, units: int) -> PurseState:
    """What purses hold at the start: reserves as a share of a year's budget, and no post cut."""
    reserves = np.rint(np.asarray(budget, np.float64) * np.asarray(reserves_share, np.float64)).astype(np.int64)
    return PurseState(reserves, reserves.copy(), np.zeros(units, np.int64))


def pool_gaps(gaps: ArrayLike, budgets: ArrayLike, pooled: float, is_limited: ArrayLike) -> Pence:
    """Share a part of every cash-limited purse's gap over all of them.

    Parameters
    ----------
    gaps : array of int, shape (purses,)
        Pence over budget; negative is room, and is shared alike.
    budgets : array of int, shape (purses,)
        In proportion to these each carries the pool.
    pooled : float
        Share of each gap that goes into the pool, 0 to 1.
    is_limited : array of bool, shape (purses,)
        Demand-led purses neither give nor take.

    Returns
    -------
    ndarray of int64
        Gaps after pooling, with exactly the same sum.
    """
    own = np.asarray(gaps, np.int64)
    members = np.flatnonzero(np.asarray(is_limited, np.bool_) & (np.asarray(budgets) > 0))
    if pooled == 0.0 or members.size < 2:
        return own.copy()
    given = [round(pooled * int(own[purse])) for purse in members]
    weights = [int(np.asarray(budgets)[purse]) for purse in members]
    after = own.copy()
    for purse, gave, took in zip(members, given, share_exactly(sum(given), weights), strict=True):
        after[purse] += took - gave
    return after


def review_year(
    budget_before: ArrayLike,
    outturn: ArrayLike,
    budget: ArrayLike,
    expected: ArrayLike,
    state: PurseState,
    pooled: float,
    is_limited: Sequence[bool] | NDArray[np.bool_],
    elsewhere: ArrayLike = 0.0,
    saved: ArrayLike = 0,
    saved_before: ArrayLike | None = None,
) -> Review:
    """Close one year and open the next.

    Parameters
    ----------
    budget_before, outturn : array of int, shape (purses,)
        Last year's budget, and what was spent: pay of posts, programme and purchases. Equal in the first year.
    budget : array of int, shape (purses,)
        This year's, of `set_budgets`.
    expected : array of int, shape (purses,)
        This year's pay of posts as decided (plan less cuts, for a full year), programme, and last year's purchases.
    state : PurseState
    pooled : float
        Share of each gap and surplus that all cash-limited purses carry together.
    is_limited : array of bool, shape (purses,)
    elsewhere : array of float, shape (purses,)
        Share of a gap, or of room, that falls on services of the purse which the model does not hold.
    saved : array of int, shape (purses,)
        Pence a year that cuts decided so far save: the share is of the gap as it would be without them, so that what is
        borne elsewhere one year is borne there the next, and is not asked of these posts bit by bit.
    saved_before : array of int, shape (purses,), optional
        What they did save last year, as they came into force; as much as ``saved`` by default.

    Notes
    -----
    A grant below last year's is a gap at once; crisis overspend is one because next year is expected to buy as much.
    Posts decided are counted for a full year, so that a cut that has yet to bite is not decided twice. Reserves meet
    last year's overspend first; what is left of them stands before a cut, and only a surplus that finds them full
    restores posts. A purse holds much that this model does not: what those services bear never reaches these posts.
    """
    limited = np.asarray(is_limited, np.bool_)
    overspent = np.where(limited, np.asarray(outturn, np.int64) - np.asarray(budget_before, np.int64), 0)
    spared = np.where(limited, np.asarray(saved, np.int64), 0)
    before = saved if saved_before is None else saved_before
    met = _share_of(overspent + np.where(limited, np.asarray(before, np.int64), 0), elsewhere)
    owed = pool_gaps(overspent - met, budget_before, pooled, limited)
    reserves = np.clip(state.reserves - owed, 0, np.maximum(state.full, 0))
    gap = np.where(limited, np.asarray(expected, np.int64) - np.asarray(budget, np.int64), 0)
    own = gap - _share_of(gap + spared, elsewhere)
    ahead = pool_gaps(own, budget, pooled, limited)
    return Review(
        overspent=overspent,
        elsewhere=met,
        unfunded=np.maximum(owed - state.reserves, 0),
        gap=gap,
        pooled_in=ahead - own,
        shortfall=np.maximum(ahead - reserves, 0),
        surplus=np.maximum(-ahead - (state.full - reserves), 0),
        state=replace(state, reserves=reserves),
    )


def _share_of(pence: Pence, share: ArrayLike) -> Pence:
    """Whole pence of a share."""
    return np.rint(pence * np.asarray(share, np.float64)).astype(np.int64)
