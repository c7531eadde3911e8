"""Addressed chance: a draw is a pure function of who, when and which decision.

Takes a key (seed, luck index) and an address (row, month, block, occupant); gives four 32-bit words of
Philox 4×32-10 (Salmon et al. 2011, the Random123 generator). Never keeps state, never consumes in sequence:
two worlds that ask the same question get the same answer, whatever else they asked.

Decision ``d`` is word ``d mod 4`` of block ``d div 4``. A uniform is ``(word + ½)·2⁻³²``, so never 0 or 1.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np
from numba import njit, uint32, uint64

from demandsim.compiling import compiled

TWO_TO_MINUS_32: Final = 2.0**-32


class Decision(IntEnum):
    """Fixed codes of the decisions a household's month may need. Never renumbered, never reused."""

    MOVE = 0  # + need (0..6): one draw a need and month
    CONTACT = 7  # whether the household makes contact
    CONTACT_NEED = 8  # about which need
    ARRIVAL_TIME = 9  # when in the month
    DETECTION = 10  # + need (10..16): whether another need is noticed at the contact
    MANAGER = 17  # whether a decision is settled at the front line
    MANAGER_WAIT = 18  # how long a manager takes over it
    ASKED_TWICE = 19  # whether a hand-off means telling it all again
    INITIAL = 20  # + need (20..26): state on arrival in the place, first sweep
    INITIAL_AGAIN = 28  # + need (28..34): second sweep, given the other needs
    REPAIR = 36  # of a dwelling: word ``row mod 4`` of the block of four dwellings
    EXCLUDED = 40  # whether a household cannot use the web
    SERVICE = 64  # + 8 × service code + ServiceDecision


class ServiceDecision(IntEnum):
    """The eight words that every service line owns, from ``Decision.SERVICE + 8 × code``."""

    REFERRED = 0
    ARRIVED = 1
    TAKE_UP = 2
    ELIGIBLE = 3
    PATIENCE = 4
    LENGTH = 5
    DROP_OUT = 6
    TIE = 7


class PlaceDecision(IntEnum):
    """Codes of the draws made with the place, under the place's own seed."""

    AREA = 0
    TENURE = 1
    HOUSEHOLD_TYPE = 2
    AGE = 3
    FRAILTY = 4
    TAKE_UP = 5
    CHILDREN = 6
    CHILD_AGE = 7
    LEAVING = 8
    DEATH = 9
    BIRTH = 10
    PARTING = 11
    AGE_WITHIN_BAND = 12
    ADULTS = 13


@njit(inline="always")
def _mulhilo(a, b):
    product = uint64(a) * uint64(b)
    return uint32(product >> uint64(32)), uint32(product & uint64(0xFFFFFFFF))


@njit(inline="always")
def philox(c0, c1, c2, c3, k0, k1):
    """Ten rounds of Philox 4×32 on one counter; four uint32 words."""
    c0 = uint32(c0)
    c1 = uint32(c1)
    c2 = uint32(c2)
    c3 = uint32(c3)
    k0 = uint32(k0)
    k1 = uint32(k1)
    for _ in range(10):
        hi0, lo0 = _mulhilo(uint32(0xD2511F53), c0)
        hi1, lo1 = _mulhilo(uint32(0xCD9E8D57), c2)
        c0 = uint32(hi1 ^ c1 ^ k0)
        c1 = lo1
        c2 = uint32(hi0 ^ c3 ^ k1)
        c3 = lo0
        k0 = uint32(k0 + uint32(0x9E3779B9))
        k1 = uint32(k1 + uint32(0xBB67AE85))
    return c0, c1, c2, c3


@njit(inline="always")
def uniform_of(word):
    """The uniform on (0, 1) that a 32-bit word stands for."""
    return (np.float64(word) + 0.5) * TWO_TO_MINUS_32


@njit(inline="always")
def draw_word(k0, k1, row, month, occupant, decision):
    """The 32-bit word of one decision of one household in one month."""
    block = uint32(decision) >> uint32(2)
    w0, w1, w2, w3 = philox(uint32(row), uint32(month), block, uint32(occupant), k0, k1)
    lane = uint32(decision) & uint32(3)
    return w0 if lane == 0 else (w1 if lane == 1 else (w2 if lane == 2 else w3))


@njit(inline="always")
def draw_uniform(k0, k1, row, month, occupant, decision):
    """The uniform of one decision of one household in one month."""
    return uniform_of(draw_word(k0, k1, row, month, occupant, decision))


@compiled
def draw_uniforms(k0, k1, rows, month, occupant, decision):
    """Uniforms of one decision for many rows.

    Parameters
    ----------
    k0, k1 : int
        Key: seed and luck index.
    rows : ndarray of int64, shape (n,)
        Who.
    month, occupant, decision : int
        When, which occupant of the row, which decision.

    Returns
    -------
    ndarray of float64, shape (n,), each in (0, 1)
    """
    out = np.empty(rows.shape[0], np.float64)
    for i in range(rows.shape[0]):
        out[i] = draw_uniform(k0, k1, rows[i], month, occupant, decision)
    return out


@compiled
def philox_block(counter, key):
    """One block of Philox 4×32-10, for comparison with the Random123 known answers.

    Parameters
    ----------
    counter : ndarray of uint32, shape (4,)
    key : ndarray of uint32, shape (2,)

    Returns
    -------
    ndarray of uint32, shape (4,)
    """
    out = np.empty(4, np.uint32)
    out[0], out[1], out[2], out[3] = philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1])
    return out


def luck_index(draw: int, replicate: int, replicates: int) -> int:
    """Luck of one run: no two draws share luck, all scenarios do."""
    return draw * replicates + replicate
