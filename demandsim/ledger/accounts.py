"""Two accounts from one record: cash, and activity valued at unit cost. They are never added.

Amounts are whole pence times ticks (4,096ths of a month) until the last step, so that sums are exact and a recount
can be compared to the unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import ACCOUNTS, EVENTS
from demandsim.ledger.prices import Prices
from demandsim.ledger.record import Record
from demandsim.quantities import MONTHS_PER_YEAR, TICKS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Number = TypeVar("Number", np.int64, np.float64)

_ADMITTED: Final = EVENTS.index("admitted")
_CASE_TIME: Final = EVENTS.index("case_time")
_OVERTIME: Final = EVENTS.index("overtime")
_SPOT_TIME: Final = EVENTS.index("spot_time")
CASH: Final = ACCOUNTS.index("cash")
ACTIVITY: Final = ACCOUNTS.index("activity")


@dataclass(frozen=True, eq=False)
class Accounts:
    """Yearly amounts in pence × ticks.

    Attributes
    ----------
    lived : (years, categories) int64
        Cash that households' lives cause: purchases, overtime, spot purchases, residual costs of need.
    posts : (years, categories) int64
        Cash for posts, contact and the programme; income is negative.
    activity : (years, categories) int64
        Everything valued at unit cost.
    overspend : (years, services) int64
        The part of ``lived`` paid beyond capacity: overtime, and what is bought at the spot price.
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
    yearly = by_year(record.activity, years)
    lived = lived_pence(yearly, record.state_months.sum(axis=1), prices)
    other = by_year(other_pence(record, prices, programme_pence[:months]) * TICKS, years)
    activity = lived + other
    bought = yearly[:, :, _ADMITTED] * prices.pence_a_case * TICKS
    activity[:, :services] = yearly[:, :, _CASE_TIME] * prices.unit_pence + bought
    return Accounts(lived, other, activity, beyond_pence(yearly, prices))


def lived_pence(activity: Ints, states: Ints, prices: Prices) -> Ints:
    """What households' lives cost, in pence × ticks, (…, categories).

    Parameters
    ----------
    activity : ndarray of int64, shape (…, lines, events)
        Of any stretch of time.
    states : ndarray of int64, shape (…, 7, 5)
        Household-months in the same.
    prices : Prices
    """
    services, costs = activity.shape[-2], prices.residual.shape[0]
    lived = np.zeros((*activity.shape[:-2], len(prices.categories)), np.int64)
    lived[..., :services] = activity[..., _CASE_TIME] * prices.pence_a_month
    lived[..., :services] += activity[..., _ADMITTED] * prices.pence_a_case * TICKS
    lived[..., :services] += beyond_pence(activity, prices)
    lived[..., services : services + costs] = np.einsum("...ns,cns->...c", states, prices.residual) * TICKS
    return lived


def beyond_pence(activity: Ints, prices: Prices) -> Ints:
    """What is paid beyond the posts there are, in pence × ticks, (…, lines), of activity (…, lines, events)."""
    overtime = activity[..., _OVERTIME] * prices.pence_an_overtime_month
    return np.asarray(overtime + activity[..., _SPOT_TIME] * prices.pence_a_spot_month)


def other_pence(record: Record, prices: Prices, programme_pence: Ints) -> Ints:
    """Whole pence that no household's life costs by month: posts, contact, the programme, (months, categories)."""
    months = record.posts.shape[0]
    other = np.zeros((months, len(prices.categories)), np.int64)
    other[:, prices.unit_category] = post_pence(record, prices) + record.redundancy
    other[:, -1] = programme_pence
    return other + contact_pence(record.stream_pence, prices)


def contact_pence(stream_pence: Ints, prices: Prices) -> Ints:
    """Whole pence of streams (…, 3, streams) laid out by category: contracts, handling contact, and income below 0."""
    streams = stream_pence.shape[-1]
    laid = np.zeros((*stream_pence.shape[:-2], len(prices.categories)), np.int64)
    handling = len(prices.categories) - 1 - 2 * streams
    laid[..., prices.unit_category[prices.pence_a_month.size :]] = stream_pence[..., 2, :]
    laid[..., handling : handling + streams] = stream_pence[..., 0, :]
    laid[..., handling + streams : -1] = -stream_pence[..., 1, :]
    return laid


def post_pence(record: Record, prices: Prices) -> Ints:
    """Whole pence paid for posts in each month, (months, units)."""
    return np.asarray(np.rint(record.posts * prices.pence_a_post).astype(np.int64))


def by_year(monthly: NDArray[Number], years: int) -> NDArray[Number]:
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
