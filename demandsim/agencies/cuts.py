"""Which posts go when a purse is short, and which come back when it is not.

Takes a shortfall in pence and a row for each unit (a service line, or a contact stream with posts); gives whole posts.
Never cuts a duty, never more than the shortfall needs but for the last whole post, and never restores above plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demandsim.errors import RequestError
from demandsim.parameters.vocabulary import ORDERS_OF_CUTS

Posts = NDArray[np.int64]

#: Plans hold fractions of posts, and sums of them errors far smaller than this.
_TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Decision:
    """What one purse decides in an April.

    Attributes
    ----------
    change : ndarray of int64, shape (units,)
        Whole posts cut; negative where they are restored.
    saved : int
        Pence a full year of it saves; negative where posts come back.
    """

    change: Posts
    saved: int


def decide_cuts(
    shortfall: int,
    posts: ArrayLike,
    planned: ArrayLike,
    cost: ArrayLike,
    may_cut: ArrayLike,
    is_early: ArrayLike,
    value: ArrayLike,
    order: str,
    protected: float = 0.0,
) -> Decision:
    """Decide which posts of one purse go, or come back.

    Parameters
    ----------
    shortfall : int
        Pence a year to be found; a surplus is negative.
    posts, planned : array of float, shape (units,)
        Posts in pay as decided so far, and by this year's plan.
    cost : array of int, shape (units,)
        Pence that a post-year costs this purse; units with nought are left alone.
    may_cut : array of bool, shape (units,)
        Units that this purse runs and that are no duty.
    is_early : array of bool, shape (units,)
        Universal and early tiers.
    value : array of float, shape (units,)
        What is believed to be gained for a pound, of `demandsim.agencies.value`; read by ``by_value`` alone. NaN where
        nobody has a value for it.
    order : {"pro_rata", "early_first", "by_value"}
        All in proportion to pay (largest remainder); universal and early tiers first, in proportion among themselves,
        and only then the rest; or least value first, of what is left when units without a value have borne their share
        in proportion to pay. Posts come back in the reverse of it.
    protected : float
        Share of the planned posts of universal and early tiers that stays.

    Returns
    -------
    Decision

    Raises
    ------
    RequestError
        If the order is not one of the three.
    """
    if order not in ORDERS_OF_CUTS:
        raise RequestError(f"`{order}` is no order of cuts. There are: {', '.join(ORDERS_OF_CUTS)}.")
    held, plan = np.asarray(posts, np.float64), np.asarray(planned, np.float64)
    pence = [int(one) for one in np.asarray(cost)]
    early = np.asarray(is_early, np.bool_)
    free = np.asarray(may_cut, np.bool_) & (np.asarray(cost) > 0)
    if shortfall > 0:
        floor = np.where(early, protected * plan, 0.0)
        room = _whole(np.where(free, held - floor, 0.0))
        weights = [round(float(posts) * each) for posts, each in zip(held, pence, strict=True)]
    else:
        room = np.rint(np.where(free, np.maximum(plan - held, 0.0), 0.0)).astype(np.int64)
        weights = [int(posts) * each for posts, each in zip(room, pence, strict=True)]
    unvalued, groups = _groups(order, early, np.asarray(value, np.float64), is_cut=shortfall > 0)
    moved = _share_out(abs(shortfall), unvalued, groups, room, weights, pence, is_limit=shortfall <= 0)
    change = moved if shortfall > 0 else -moved
    saved = sum(int(n) * each for n, each in zip(change, pence, strict=True))
    return Decision(change, saved)


def _whole(posts: NDArray[np.float64]) -> Posts:
    """Whole posts in a number that may hold fractions; none where it is negative."""
    return np.maximum(np.floor(posts + _TINY), 0.0).astype(np.int64)


def _groups(
    order: str, early: NDArray[np.bool_], value: NDArray[np.float64], is_cut: bool
) -> tuple[list[int], list[list[int]]]:
    """Units that bear their part before the order begins, and the groups in which units are cut, or restored."""
    units = range(early.size)
    if order == "pro_rata":
        return [], [list(units)]
    if order == "early_first":
        groups = [[unit for unit in units if early[unit]], [unit for unit in units if not early[unit]]]
        return [], groups if is_cut else groups[::-1]
    valued = sorted((unit for unit in units if not np.isnan(value[unit])), key=lambda unit: (value[unit], unit))
    unvalued = [unit for unit in units if np.isnan(value[unit])]
    return unvalued, [*([unit] for unit in (valued if is_cut else valued[::-1])), unvalued]


def _share_out(
    amount: int,
    unvalued: list[int],
    groups: list[list[int]],
    room: Posts,
    weights: list[int],
    pence: list[int],
    is_limit: bool,
) -> Posts:
    """Whole posts of each unit that an amount takes, or gives back where it is a limit.

    Units without a value bear their part first, in proportion to all weights. Then group after group goes, until the
    amount is met or nothing is left; when posts come back, a later group waits for an earlier one.
    """
    moved = np.zeros(room.size, np.int64)
    whole = sum(weight for weight, posts in zip(weights, room, strict=True) if posts > 0)
    own = amount * sum(weights[unit] for unit in unvalued if room[unit] > 0) // max(whole, 1)
    for place, (group, most) in enumerate([(unvalued, own), *((group, amount) for group in groups)]):
        left = room - moved
        here = {unit: weights[unit] for unit in group if left[unit] > 0}
        for unit, posts in _share_posts(min(most, amount), here, left, pence, is_limit).items():
            moved[unit] += posts
            amount -= posts * pence[unit]
        if is_limit and place and any(moved[unit] < room[unit] for unit in group):
            break
    return moved


def _share_posts(
    amount: int, weights: dict[int, int], room: Posts, pence: list[int], is_limit: bool = False
) -> dict[int, int]:
    """Whole posts in proportion to weights by largest remainder: worth at least the amount, or at most where a limit.

    No unit gets more than its room: what it cannot take is shared out again among the others. Equal remainders go to
    the earlier unit.
    """
    given: dict[int, int] = {}
    exact: dict[int, Fraction] = {}
    left = amount
    while left > 0 and (open_to := {unit: weight for unit, weight in weights.items() if unit not in given}):
        whole = sum(open_to.values())
        exact = {unit: Fraction(left * weight, whole * pence[unit]) for unit, weight in open_to.items()}
        full = [unit for unit, posts in exact.items() if posts >= room[unit]]
        given |= {unit: int(room[unit]) for unit in full} if full else {unit: int(exact[unit]) for unit in exact}
        left = amount - sum(posts * pence[unit] for unit, posts in given.items())
        if not full:
            break
    else:
        return given
    for unit in sorted(exact, key=lambda one: (given[one] - exact[one], one)):
        if left >= pence[unit] or (left > 0 and not is_limit):
            given[unit] += 1
            left -= pence[unit]
    return given
