"""Orders in which principles may be taken up, drawn by address: the same seed always gives the same orders.

Takes a number of principles and of orders; gives permutations. Never keeps a generator.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

#: Key of chance of orders; no luck index of a study is as large.
_ORDERS: Final = 0xFFFFFFF0


def sample_orders(n_principles: int, n_orders: int, seed: int) -> Ints:
    """Draw orders, every one equally likely.

    Parameters
    ----------
    n_principles, n_orders : int
    seed : int

    Returns
    -------
    ndarray of int64, shape (n_orders, n_principles)
        Positions of principles; the first rows are the same however many are asked for.
    """
    from demandsim.chance import draw_uniforms

    rows = np.arange(n_orders, dtype=np.int64)
    keys = [draw_uniforms(seed & 0xFFFFFFFF, _ORDERS, rows, 0, 0, principle) for principle in range(n_principles)]
    return np.argsort(np.stack(keys, axis=1), axis=1, kind="stable").astype(np.int64)


def sample_pairs(n_principles: int, n_orders: int, seed: int) -> Ints:
    """Draw orders in pairs, each followed by its reverse: what one overstates, the other tends to understate.

    Parameters
    ----------
    n_principles : int
    n_orders : int
        An even number.
    seed : int

    Returns
    -------
    ndarray of int64, shape (n_orders, n_principles)
    """
    forward = sample_orders(n_principles, n_orders // 2, seed)
    return np.stack([forward, forward[:, ::-1]], axis=1).reshape(-1, n_principles)


def list_corners(n_principles: int) -> list[int]:
    """Combinations of at most two principles, and of all but at most two, as numbers whose bits are principles.

    By these, what two do together is known where nothing else is in place and where everything is, whatever the orders.
    """
    whole = 2**n_principles - 1
    few = [0, *(1 << one for one in range(n_principles))]
    few += [1 << one | 1 << other for other in range(n_principles) for one in range(other)]
    return list(dict.fromkeys([*few, *(whole ^ mask for mask in few)]))


def paths_of(orders: Ints) -> Ints:
    """Which principles are in place after each stage of each order, as a number whose bits are principles.

    Parameters
    ----------
    orders : ndarray of int64, shape (orders, principles)

    Returns
    -------
    ndarray of int64, shape (orders, principles + 1)
        From 0, nothing in place, to all.
    """
    bits = np.left_shift(np.int64(1), orders)
    start = np.zeros((orders.shape[0], 1), np.int64)
    return np.concatenate([start, np.cumsum(bits, axis=1)], axis=1)
