"""Whole amounts shared out exactly: nothing is lost to rounding, and nothing depends on order."""

from __future__ import annotations

from collections.abc import Sequence

from demandsim.errors import RequestError


def share_exactly(total: int, weights: Sequence[int]) -> list[int]:
    """Share a whole number in proportion to weights, by largest remainder.

    Parameters
    ----------
    total : int
        What is shared; a negative amount is shared as its mirror image.
    weights : sequence of int
        None below nought. Python's own whole numbers are used throughout: pence times pence outgrow 64 bits.

    Returns
    -------
    list of int
        Shares that add up to ``total``, each within one of its exact share. Equal remainders go to the earlier one.

    Raises
    ------
    RequestError
        If a weight is negative, or nothing can bear an amount that is not nought.
    """
    whole = sum(weights)
    if any(weight < 0 for weight in weights) or (whole == 0 and total != 0):
        raise RequestError("An amount cannot be shared out: no weight may be negative, and one must be above nought.")
    if total == 0:
        return [0] * len(weights)
    sign, size = (-1, -total) if total < 0 else (1, total)
    parts = [divmod(size * int(weight), whole) for weight in weights]
    shares = [quotient for quotient, _ in parts]
    left = size - sum(shares)
    for position in sorted(range(len(parts)), key=lambda at: (-parts[at][1], at))[:left]:
        shares[position] += 1
    return [sign * share for share in shares]
