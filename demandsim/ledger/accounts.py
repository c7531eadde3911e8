"""Two accounts from one record: cash, and activity valued at unit cost. They are never added.

Amounts are whole pence times ticks (4,096ths of a month) until the last step, so that sums are exact and a recount
can be compared to the unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import ACCOUNTS, EVENTS
from demandsim.ledger.prices import Prices
from demandsim.ledger.record import Record
from demandsim.quantities import MONTHS_PER_YEAR, TICKS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_ADMITTED: Final = EVENTS.index("admitted")
_CASE_TIME: Final = EVENTS.index("case_time")
_SPOT_TIME: Final = EVENTS.index("spot_time")
CASH: Final = ACCOUNTS.index("cash")
ACTIVITY: Final = ACCOUNTS.index("activity")


@dataclass(frozen=True, eq=False)
class Accounts:
    """Yearly amounts in pence × ticks.

    Attributes
    ----------
    lived : (years, categories) int64
        Cash that households' lives cause: purchases, spot purchases, residual costs of need.
    posts : (years, categories) int64
        Cash for posts, and for the programme.
    activity : (years, categories) int64
        Everything valued at unit cost.
    overspend : (years, services) int64
        The part of ``lived`` bought beyond capacity.
    """

    lived: Ints
    posts: Ints
    activity: Ints
    overspend: Ints

    @property
    def cash(self) -> Ints:
        """All cash, (years, categories)."""
        return self.lived + self.posts


def price_record(record: Record, prices: Prices, programme_pence: Ints) -> Accounts:
    """Price a record.

    Parameters
    ----------
    record : Record
    prices : Prices
    programme_pence : ndarray of int64, shape (months,)
        Cost of the programme in each month of the run proper.

    Returns
    -------
    Accounts
    """
    months, services, _ = record.activity.shape
    years = record.state_months.shape[0]
    categories = len(prices.categories)
    lived, posts, activity = (np.zeros((years, categories), np.int64) for _ in range(3))
    yearly = by_year(record.activity, years)
    bought_time = yearly[:, :, _CASE_TIME] * prices.pence_a_month
    bought_cases = yearly[:, :, _ADMITTED] * prices.pence_a_case * TICKS
    overspend = yearly[:, :, _SPOT_TIME] * prices.pence_a_spot_month
    lived[:, :services] = bought_time + bought_cases + overspend
    posts[:, :services] = by_year(post_pence(record, prices) * TICKS, years)
    activity[:, :services] = yearly[:, :, _CASE_TIME] * prices.unit_pence + bought_cases
    states = record.state_months.sum(axis=1)
    residual = np.einsum("yns,cns->yc", states, prices.residual) * TICKS
    n_costs = prices.residual.shape[0]
    lived[:, services : services + n_costs] = residual
    activity[:, services : services + n_costs] = residual
    programme = by_year(programme_pence[:months, None] * TICKS, years)[:, 0]
    posts[:, -1] = programme
    activity[:, -1] = programme
    return Accounts(lived, posts, activity, overspend)


def post_pence(record: Record, prices: Prices) -> Ints:
    """Whole pence paid for posts in each month, (months, services)."""
    return np.asarray(np.rint(record.posts * prices.pence_a_post).astype(np.int64))


def by_year(monthly: Ints, years: int) -> Ints:
    """Sum months into years of twelve from the start; the last may be short."""
    padded = np.zeros((years * MONTHS_PER_YEAR, *monthly.shape[1:]), monthly.dtype)
    padded[: monthly.shape[0]] = monthly
    return np.asarray(padded.reshape(years, MONTHS_PER_YEAR, *monthly.shape[1:]).sum(axis=1))


def in_pounds(amounts: Ints | int) -> Floats:
    """Pence × ticks as pounds."""
    return np.asarray(np.asarray(amounts) / (100.0 * TICKS))


def cost_cube(accounts: Accounts, prices: Prices) -> Floats:
    """Pounds by account, payer, category and year, as the published payer splits have it."""
    cube = np.zeros((len(ACCOUNTS), prices.payers.shape[1], len(prices.categories), accounts.lived.shape[0]))
    for position, amounts in ((CASH, accounts.cash), (ACTIVITY, accounts.activity)):
        cube[position] = prices.payers.T[:, :, None] * in_pounds(amounts).T[None]
    return cube
