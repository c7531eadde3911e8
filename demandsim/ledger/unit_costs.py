"""Unit costs: brought to another year's prices, and shared out among those who pay.

Takes an amount and an index, or an amount in pence and shares. Gives an amount, or whole pence by payer that add up to
the amount exactly. Never chooses the index: which one to use is a belief.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import numpy as np

from demandsim.errors import RequestError

#: Published shares are rounded to some digits; a sum further from 1 than this is a missing or doubled payer.
_SHARES_TOLERANCE: Final = Fraction(1, 1000)


def uprate(value: float, from_year: str, to_year: str, index: Mapping[str, float]) -> float:
    """Bring an amount from one year's prices to another's.

    Parameters
    ----------
    value : float
        Amount in the prices of `from_year`.
    from_year, to_year : str
        Years as the index names them, for instance ``2013/14``.
    index : mapping of str to float
        Price level by year, on any base.

    Returns
    -------
    float
        The amount in the prices of `to_year`, not rounded.

    Raises
    ------
    RequestError
        If the index lacks a year, or a level in it is not above 0.
    """
    return value * _level(index, to_year) / _level(index, from_year)


def payer_shares(parts: Mapping[str, float]) -> dict[str, float]:
    """Shares of the payers of a cost that is published in parts.

    Parameters
    ----------
    parts : mapping of str to float
        Amount by payer, none negative. Their own sum is the whole, since a published total is often rounded apart.

    Returns
    -------
    dict of str to float
        Shares in the order of `parts`, which sum to 1.

    Raises
    ------
    RequestError
        If a part is negative or not a number, or the parts come to nothing.
    """
    _check_not_negative("part", parts)
    whole = math.fsum(parts.values())
    if whole <= 0.0:
        raise RequestError("A cost whose parts come to nothing has no payer shares.")
    return {payer: amount / whole for payer, amount in parts.items()}


def split_by_payer(total: int, shares: Mapping[str, float]) -> dict[str, int]:
    """Share out an amount in whole pence so that the parts add up to it exactly.

    Parameters
    ----------
    total : int
        Pence; may be negative, which is shared out as its opposite is.
    shares : mapping of str to float
        Share by payer, none negative, summing to 1 within a thousandth; what rounding left out is made up in
        proportion.

    Returns
    -------
    dict of str to int
        Pence by payer, in the order of `shares`.

    Raises
    ------
    RequestError
        If `total` is not a whole number, a share is negative, or the shares do not sum to 1.

    Notes
    -----
    Largest remainder (Hamilton's method), in exact fractions. Equal remainders go to the larger share, then to the
    payer first in the alphabet, so the answer does not depend on the order in which payers are listed.
    """
    if isinstance(total, bool) or not isinstance(total, (int, np.integer)):
        raise RequestError(f"The total must be whole pence, not {total!r}.")
    _check_not_negative("share", shares)
    # A share means the decimal that was written, not the nearest binary number.
    exact = {payer: Fraction(repr(float(share))) for payer, share in shares.items()}
    whole = sum(exact.values(), Fraction(0))
    if abs(whole - 1) > _SHARES_TOLERANCE:
        raise RequestError(f"Payer shares sum to {float(whole):g}, not 1. Look for a payer missing or counted twice.")
    size, sign = abs(int(total)), -1 if total < 0 else 1
    due = {payer: size * share / whole for payer, share in exact.items()}
    pence = {payer: math.floor(amount) for payer, amount in due.items()}
    by_claim = sorted(due, key=lambda payer: (pence[payer] - due[payer], -exact[payer], payer))
    for payer in by_claim[: size - sum(pence.values())]:
        pence[payer] += 1
    return {payer: sign * amount for payer, amount in pence.items()}


def _level(index: Mapping[str, float], year: str) -> float:
    if year not in index:
        near = difflib.get_close_matches(year, list(index), n=1, cutoff=0.0)
        raise RequestError(f"The price index has no year `{year}`." + (f" Nearest: `{near[0]}`." if near else ""))
    level = index[year]
    if not (math.isfinite(level) and level > 0.0):
        raise RequestError(f"The price index is {level!r} in `{year}`; a price level is above 0.")
    return level


def _check_not_negative(name: str, amounts: Mapping[str, float]) -> None:
    if wrong := [payer for payer, amount in amounts.items() if not (math.isfinite(amount) and amount >= 0.0)]:
        raise RequestError(f"A payer's {name} must be a finite number of at least 0; it is not for {', '.join(wrong)}.")
