"""Posts by plan, and what a shift of money to early help makes of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import RequestError

Floats = NDArray[np.float64]

#: Tiers from which a shift to early help takes money.
LATE_TIERS = ("targeted", "crisis")


def plan_posts(staff: Floats, cost: Floats, tiers: tuple[str, ...], shift: Floats, shift_share: Floats) -> Floats:
    """Plan posts when a share of late spending moves to early lines, within the same total.

    Parameters
    ----------
    staff : ndarray, shape (lines, months)
        Posts (FTE) before the shift.
    cost : ndarray, shape (lines,)
        Cost of a post, in any one unit; 0 for lines without posts.
    tiers : tuple of str
        Tier of each line.
    shift : ndarray, shape (months,)
        Share of planned spending on targeted and crisis posts that moves.
    shift_share : ndarray, shape (lines, months)
        Each line's share of what moves; sums to 1 in every month with a shift.

    Returns
    -------
    ndarray, shape (lines, months)
        Posts with the same total cost in every month.

    Raises
    ------
    RequestError
        If money moves but the shares of those who get it do not add up to 1, or go to a line without posts.
    """
    moving = shift > 0.0
    if not moving.any():
        return staff.copy()
    total = shift_share[:, moving].sum(axis=0)
    if not np.allclose(total, 1.0, atol=1e-6):
        raise RequestError(
            f"`budget.shift_to_early` moves money, but the `shift_share` of all services add up to {total.min():.3f}, "
            "not 1. Give the shares of the services that receive it, or leave the shift at 0."
        )
    if (shift_share[cost <= 0.0] > 0.0).any():
        raise RequestError("A `shift_share` goes to a service that has no posts. Give it to staffed services only.")
    is_late = np.isin(tiers, LATE_TIERS) & (cost > 0.0)
    pot = (staff * cost[:, None] * is_late[:, None]).sum(axis=0) * shift
    posts = np.where(is_late[:, None], staff * (1.0 - shift), staff)
    gained = np.divide(shift_share * pot, cost[:, None], out=np.zeros_like(staff), where=cost[:, None] > 0.0)
    return np.asarray(posts + gained)
