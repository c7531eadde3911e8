"""Who made how much of a joint result: Shapley values, interactions and orders of a game with few players.

Takes the worth of every coalition, players as bits of its number; gives exact figures. Knows nothing of principles.

References
----------
Shapley (1953), A value for n-person games.
Grabisch and Roubens (1999), An axiomatic approach to the concept of interaction among players in cooperative games.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def count_players(worth: Floats) -> int:
    """How many players a table of worths has: its first axis holds every coalition, 2ⁿ of them."""
    n = int(worth.shape[0]).bit_length() - 1
    if worth.shape[0] != 2**n:
        raise ValueError(f"{worth.shape[0]} coalitions are not all of any number of players.")
    return n


def shapley_values(worth: Floats) -> Floats:
    """What each player adds, on average over every order in which they may join.

    Parameters
    ----------
    worth : ndarray, shape (2**n, ...)
        Worth of each coalition.

    Returns
    -------
    ndarray, shape (n, ...)
        Adds up over players to the worth of all less the worth of none.
    """
    n = count_players(worth)
    sizes = _sizes(n)
    values = np.empty((n, *worth.shape[1:]))
    for player in range(n):
        without = np.flatnonzero(~np.arange(2**n) >> player & 1)
        weights = np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)])[sizes[without]]
        values[player] = np.tensordot(weights, worth[without | 1 << player] - worth[without], axes=1)
    return values


def shapley_interactions(worth: Floats) -> Floats:
    """What each pair adds beyond the sum of the two, averaged over what else is in place.

    This is the Shapley interaction index of pairs: above nought the two do more together than apart.

    Parameters
    ----------
    worth : ndarray, shape (2**n, ...)

    Returns
    -------
    ndarray, shape (n, n, ...)
        Symmetric, with nought on the diagonal.
    """
    n = count_players(worth)
    sizes = _sizes(n)
    found = np.zeros((n, n, *worth.shape[1:]))
    weights = np.array([factorial(s) * factorial(n - s - 2) / factorial(n - 1) for s in range(n - 1)])
    for one in range(n):
        for other in range(one):
            pair = 1 << one | 1 << other
            without = np.flatnonzero((np.arange(2**n) & pair) == 0)
            together = worth[without | pair] - worth[without | 1 << one] - worth[without | 1 << other] + worth[without]
            found[one, other] = found[other, one] = np.tensordot(weights[sizes[without]], together, axes=1)
    return found


def _sizes(n: int) -> Ints:
    """How many players each coalition has."""
    return np.array([mask.bit_count() for mask in range(2**n)])


def areas(worth: Floats, paths: Ints) -> Floats:
    """The value of orders: the mean of what has been gained after each stage, from the first to the last.

    Parameters
    ----------
    worth : ndarray, shape (coalitions, ...)
    paths : ndarray of int64, shape (orders, n + 1)
        Rows of ``worth``: nobody, then each stage.

    Returns
    -------
    ndarray, shape (orders, ...)
    """
    gained = np.zeros((paths.shape[0], *worth.shape[1:]))
    for stage in range(1, paths.shape[1]):  # stage by stage, so that many orders fit in memory
        gained += worth[paths[:, stage]] - worth[paths[:, 0]]
    return np.asarray(gained / (paths.shape[1] - 1))


def best_order(worth: Floats) -> tuple[tuple[int, ...], float]:
    """The order whose mean gain over its stages is lowest, exactly.

    Every coalition is reached best from one of the coalitions with one player fewer, so that 2ⁿ·n steps do for n!
    orders. Of equals, the order that is first by its last players is taken.

    Parameters
    ----------
    worth : ndarray, shape (2**n,)

    Returns
    -------
    order : tuple of int
    area : float
        As `areas` gives it.
    """
    n = count_players(worth)
    least = np.zeros(2**n)
    last = np.zeros(2**n, np.int64)
    for mask in range(1, 2**n):
        before, player = min((least[mask ^ 1 << player], player) for player in _players(mask))
        least[mask] = before + worth[mask] - worth[0]
        last[mask] = player
    order: list[int] = []
    mask = 2**n - 1
    while mask:
        order.append(int(last[mask]))
        mask ^= 1 << order[-1]
    return tuple(reversed(order)), float(least[-1]) / n


def _players(mask: int) -> Iterator[int]:
    return (player for player in range(mask.bit_length()) if mask >> player & 1)
