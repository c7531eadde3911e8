"""Agencies' Aprils: what was spent is set against the budget, and posts go or come back.

The rule is that of :mod:`demandsim.agencies`; here it meets one world's ledger. Staff are paid whether used or not,
posts go in whole numbers, and only after the lag: only then is money cashable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from demandsim.agencies.budgets import PurseState, Review, open_purses, review_year, set_budgets
from demandsim.agencies.cuts import decide_cuts
from demandsim.labels import EVENTS
from demandsim.ledger.accounts import contact_pence, lived_pence, other_pence
from demandsim.ledger.record import Record
from demandsim.quantities import MONTHS_PER_YEAR, TICKS

if TYPE_CHECKING:
    from demandsim.model.inputs import Inputs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Years of the run-in over which purchases are averaged for the base.
_BASE_YEARS: Final = 3
#: What is kept of each purse's year, in pence.
PURSE_ITEMS: Final = ("budget", "spent", "elsewhere", "shortfall", "cut", "unfunded", "reserves")


class Budgets:
    """The agencies' books of one world.

    Parameters
    ----------
    inputs : Inputs
    posts_planned : (units, months) float64
        Service lines, then contact streams.
    base : (categories,) int64 or None
        Pence of a year's purchases before the start; a run without a run-in takes its first year's instead.

    Attributes
    ----------
    in_force : (units,) int64
        Whole posts under plan that are out of pay now.
    in_pay : (units,) float64
        Posts paid this month: the plan, less those.
    decisions : list of (month, change)
        Every decision, by the month from which it is in force.
    redundancy : (units,) int64
        Pence paid this month for posts that go.
    years : list of dict
        What each April found, by item of ``PURSE_ITEMS``.
    """

    def __init__(self, inputs: Inputs, posts_planned: Floats, base: Ints | None) -> None:
        self.inputs = inputs
        self.posts_planned = posts_planned
        self.base = base
        units = posts_planned.shape[0]
        self.in_force = np.zeros(units, np.int64)
        self.in_pay = posts_planned[:, 0].copy()
        self.redundancy = np.zeros(units, np.int64)
        self.decisions: list[tuple[int, Ints]] = []
        self.years: list[dict[str, Ints]] = []
        self._state: PurseState | None = None
        self._purchases: Ints | None = None
        self._saved = np.zeros(len(inputs.purses.names), np.int64)
        self._run_in = np.zeros((len(inputs.services), len(EVENTS)), np.int64)
        self._run_in_contact = np.zeros(len(inputs.prices.categories), np.int64)

    def twin(self, inputs: Inputs, posts_planned: Floats) -> Budgets:
        """The books of a world that shares the past, under other levers."""
        return Budgets(inputs, posts_planned, self.base)

    @property
    def base_months(self) -> int:
        """Months of the run-in from which the base is taken: several years, since one has its luck."""
        return min(_BASE_YEARS * MONTHS_PER_YEAR, self.inputs.run_in)

    def count_run_in(self, activity: Ints, contact: Ints, month: int) -> None:
        """Count a month before the start: what happened, and what contact cost by category."""
        if month >= -self.base_months:
            self._run_in += activity.sum(axis=0)
            self._run_in_contact += contact

    def set_base(self, state_months: Ints) -> None:
        """Set what a year's purchases were before the start, from what was counted and time in state."""
        lived = lived_pence(self._run_in, state_months.sum(axis=0), self.inputs.prices)
        years = self.base_months / MONTHS_PER_YEAR
        self.base = np.rint((lived / TICKS + self._run_in_contact) / years).astype(np.int64)

    def close_year(self, record: Record, year: int) -> None:
        """Work out what was spent in a year of the run, for the next April and the record."""
        months = slice(year * MONTHS_PER_YEAR, (year + 1) * MONTHS_PER_YEAR)
        lived = lived_pence(
            record.activity[months].sum(axis=0), record.state_months[year].sum(axis=0), self.inputs.prices
        )
        programme = self.inputs.programme_pence[self.inputs.run_in :]
        other = other_pence(record, self.inputs.prices, programme)[months].sum(axis=0)
        contact = contact_pence(record.stream_pence[months].sum(axis=0), self.inputs.prices)
        self._purchases = np.rint(lived / TICKS).astype(np.int64) + contact
        if self.base is None:
            self.base = self._purchases
        if not self.years:
            return
        full_year = MONTHS_PER_YEAR / record.posts[months].shape[0]
        self.years[-1]["spent"] = _by_purse(np.rint(lived / TICKS) + other, self.inputs.purses.share, full_year)
        planned = self.posts_planned[:, self.inputs.run_in :][:, months]
        gone = np.rint((planned - record.posts[months].T) * self.inputs.prices.pence_a_post[:, None]).sum(axis=1)
        saved = np.zeros(self.inputs.purses.share.shape[0])
        np.add.at(saved, self._categories, gone)
        self._saved = _by_purse(saved, self.inputs.purses.share, full_year)
        for position, item in enumerate(PURSE_ITEMS):
            record.purses[year, :, position] = self.years[-1][item]

    def open_month(self, step: int, month: int) -> None:
        """Hold April where it is one, and bring into force what was decided a lag ago."""
        if month >= 0 and month % MONTHS_PER_YEAR == 0:
            self.review(step, month)
        self.redundancy[:] = 0
        for since, change in self.decisions:
            if since == month:
                self.in_force += change
                self.redundancy += np.maximum(change, 0) * self.inputs.purses.redundancy_pence
        self.in_pay = np.maximum(self.posts_planned[:, step] - self.in_force, 0.0)

    def review(self, step: int, month: int) -> None:
        """Hold one April.

        Parameters
        ----------
        step, month : int
            Position in the run with its run-in; months since the start.
        """
        if self.base is None:
            return
        purses = self.inputs.purses
        share, present = purses.share, self.inputs.households_present
        base = _by_purse(self.base, share, present[step] / present[self.inputs.run_in])
        planned = self._cost(self.posts_planned, step)
        budget = set_budgets(planned, base, purses.grant[:, step])
        if self._state is None or self._purchases is None:
            self._state = open_purses(budget, purses.reserves, self.posts_planned.shape[0])
            before, outturn, purchases = budget, budget, base
        else:
            before, outturn = self.years[-1]["budget"], self.years[-1]["spent"]
            last_year = present[max(0, step - MONTHS_PER_YEAR) : step].mean()
            purchases = _by_purse(self._purchases, share, present[step] / last_year)
        gone = np.maximum(self.posts_planned - self._state.cut[:, None], 0.0)
        pay = self._cost(gone, step)
        found = review_year(
            before, outturn, budget, pay + purchases, self._state, float(purses.pooled[step]), purses.is_limited,
            purses.elsewhere, planned - pay, self._saved,
        )  # fmt: skip
        decided = self._decide(found, gone[:, step], step)
        self._state = found.state.with_cuts(decided)
        if decided.any():
            self.decisions.append((month + purses.lag, decided))
        self._note(budget, found, decided)

    def _decide(self, found: Review, held: Floats, step: int) -> Ints:
        """Whole posts that all purses together let go, or take back."""
        purses = self.inputs.purses
        pence = self.inputs.prices.pence_a_post * MONTHS_PER_YEAR
        total = np.zeros(held.size, np.int64)
        for purse in np.flatnonzero(purses.is_limited):
            wanted = int(found.shortfall[purse] - found.surplus[purse])
            if wanted > 0 or (wanted < 0 and found.state.cut.any()):
                paid = np.rint(pence * purses.share[self._categories, purse]).astype(np.int64)
                total += decide_cuts(
                    wanted, held, held + found.state.cut, paid, purses.may_cut[purse], purses.is_early, purses.value,
                    purses.order[step], float(purses.protected[step]),
                ).change  # fmt: skip
        return total

    @property
    def _categories(self) -> Ints:
        return self.inputs.prices.unit_category

    def _cost(self, posts: Floats, step: int) -> Ints:
        """Pence by purse of a year's posts (units, months) from a month on, and of the programme beside them."""
        year = slice(step, min(step + MONTHS_PER_YEAR, posts.shape[1]))
        cost = np.zeros(self.inputs.purses.share.shape[0])
        pay = np.rint(posts[:, year] * self.inputs.prices.pence_a_post[:, None]).sum(axis=1)
        np.add.at(cost, self._categories, pay)
        cost[-1] += self.inputs.programme_pence[year].sum()
        return _by_purse(cost, self.inputs.purses.share, MONTHS_PER_YEAR / (year.stop - year.start))

    def _note(self, budget: Ints, found: Review, decided: Ints) -> None:
        saved = np.zeros(self.inputs.purses.share.shape[0])
        np.add.at(saved, self._categories, decided * self.inputs.prices.pence_a_post * MONTHS_PER_YEAR)
        self.years.append(
            {
                "budget": budget,
                "spent": np.zeros_like(budget),
                "elsewhere": found.elsewhere,
                "shortfall": found.shortfall,
                "cut": _by_purse(saved, self.inputs.purses.share),
                "unfunded": found.unfunded,
                "reserves": found.state.reserves,
            }
        )


def _by_purse(by_category: Ints | Floats, share: Floats, ratio: float = 1.0) -> Ints:
    """Whole pence by purse of amounts by category."""
    return np.rint((np.asarray(by_category, np.float64) * ratio) @ share).astype(np.int64)
