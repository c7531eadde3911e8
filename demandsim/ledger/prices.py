"""What activity costs and who pays, as whole pence and shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pence = NDArray[np.int64]

#: The category of what a programme costs beyond its services' posts.
PROGRAMME = "programme"


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices of one draw.

    Attributes
    ----------
    pence_a_month, pence_a_case, pence_an_overtime_month, pence_a_spot_month : (lines,) int64
        Bought case-month; bought case; case-month that staff in post hold on overtime; case-month bought beyond both.
    pence_a_post : (units,) int64
        Post-month, of service lines and then of streams of contact.
    unit_pence : (lines,) int64
        Value of a case-month at unit cost: a post's month over its cases where staffed.
    residual : (costs, 7, 5) int64
        Pence a month of each residual cost item by need and state.
    categories : tuple of str
        Services, then residual cost items, then streams of contact three times (their work, handling contact, their
        income), then the programme.
    payers : (categories, payers) float64
        Shares, each row summing to 1.
    """

    pence_a_month: Pence
    pence_a_case: Pence
    pence_an_overtime_month: Pence
    pence_a_spot_month: Pence
    pence_a_post: Pence
    unit_pence: Pence
    residual: Pence
    categories: tuple[str, ...]
    payers: NDArray[np.float64]

    @property
    def unit_category(self) -> NDArray[np.int64]:
        """Category in which each unit's posts are paid, (units,)."""
        lines = self.pence_a_month.size
        streams = np.arange(self.pence_a_post.size - lines) + lines + self.residual.shape[0]
        return np.append(np.arange(lines), streams)

    @property
    def residual_pence(self) -> Pence:
        """Pence a month of all residual costs together, shape (7, 5)."""
        return np.asarray(self.residual.sum(axis=0))
