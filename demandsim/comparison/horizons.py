"""The same money looked at over five, ten and fifteen years: who acts alone, and which payments would do.

Takes a comparison; gives a `Horizon` for each length that the results cover, and says which they do not. Never guesses
what a year that was not simulated holds, but for one figure that says so (`years_to_go`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.comparison.choosing import MOST_NODES
from demandsim.comparison.discounting import discount_factor, read_schedule
from demandsim.comparison.pockets import (
    SURE,
    Alone,
    Frequency,
    Purses,
    count_frequency,
    read_purses,
    runs_needed,
)
from demandsim.comparison.transfers import NEVER_PAY, Transfers, smallest_transfers

if TYPE_CHECKING:
    from demandsim.comparison.paired import Comparison, Difference

#: Years after which people ask.
HORIZONS: Final = (5, 10, 15)
#: How far ahead of the first year a continuation of the last one is followed.
FARTHEST: Final = 60
#: The transfers are found again without one in so many parts of the runs, to see how much they rest on any of them.
PARTS: Final = 10


@dataclass(frozen=True)
class Steadiness:
    """The payments found again, each time without one part of the runs, and tried on that part.

    Parameters
    ----------
    low, high : float
        Smallest and largest total; NaN where none was found.
    n_exist, n_tried : int
        How often there were any, of how many tries.
    held : Frequency or None
        Runs in which no purse is worse off after payments that were found without them; None where none were found.
    """

    low: float
    high: float
    n_exist: int
    n_tried: int
    held: Frequency | None


@dataclass(frozen=True)
class Horizon:
    """What one length of years shows.

    Parameters
    ----------
    n_years : int
    alone : tuple of Alone
        By purse, all together last.
    jointly, separately : Transfers
        Payments after which no purse is worse off in 80% of the runs, all in the same runs or each in its own.
    n_unpayable : int
        Runs in which all together lose once what `NEVER_PAY` gain is left with them.
    """

    n_years: int
    alone: tuple[Alone, ...]
    jointly: Transfers
    separately: Transfers
    n_unpayable: int

    @property
    def whole(self) -> Alone:
        """All purses together."""
        return self.alone[-1]

    @property
    def why_none(self) -> str:
        """``whole loses``, ``gain cannot be paid over``, ``who loses changes``, or nothing where there are payments."""
        if self.jointly.exist:
            return ""
        can_lose = self.jointly.n_runs - self.jointly.n_needed
        if self.whole.worth.n_above > can_lose:
            return "whole loses"
        return "gain cannot be paid over" if self.n_unpayable > can_lose else "who loses changes"


class WrongPockets:
    """Who pays and who gains, and what would make it worth everyone's while.

    Parameters
    ----------
    comparison : Comparison
    departments : bool
        The council by its departments, not as one purse.
    """

    def __init__(self, comparison: Comparison, departments: bool = False) -> None:
        self.comparison = comparison
        self.departments = departments
        self.purses: Purses = read_purses(comparison, departments)

    @cached_property
    def matrix(self) -> Difference:
        """Money from payer to gainer by year."""
        return self.purses.matrix()

    @cached_property
    def horizons(self) -> tuple[Horizon, ...]:
        """Each of `HORIZONS` that the results cover, and last the whole length of the results."""
        return (*(self._horizon(years) for years in self.covered[:-1]), self.whole)

    @cached_property
    def whole(self) -> Horizon:
        """The longest horizon there is."""
        return self._horizon(self.covered[-1])

    @property
    def covered(self) -> list[int]:
        """Years of the horizons shown."""
        n_years = len(self.purses.years)
        return [*(years for years in HORIZONS if years < n_years), n_years]

    @property
    def missing(self) -> list[int]:
        """Those of `HORIZONS` that these results are too short for."""
        return [years for years in HORIZONS if years > len(self.purses.years)]

    def _horizon(self, n_years: int) -> Horizon:
        purses = self.purses.until(n_years)
        jointly, separately = (self._transfers(purses, is_joint) for is_joint in (True, False))
        worth = purses.flows.sum(axis=1)
        keeps = np.array([name in NEVER_PAY for name in purses.names])
        left = np.where(keeps[:, None], np.maximum(worth, 0.0), worth).sum(axis=0)
        return Horizon(n_years, tuple(purses.alone()), jointly, separately, int((left > 0).sum()))

    def _transfers(
        self, purses: Purses, is_joint: bool, kept: Any = slice(None), most_nodes: int = MOST_NODES
    ) -> Transfers:
        return smallest_transfers(
            purses.flows.sum(axis=1)[:, kept],
            purses.names,
            share=SURE,
            is_joint=is_joint,
            annuity=float(purses.factors.sum()),
            n_free=purses.n_free,
            most_nodes=most_nodes,
        )

    @cached_property
    def steadiness(self) -> Steadiness | None:
        """How much the payments rest on any part of the runs; None with fewer than three independent runs."""
        purses = self.purses
        # A set of beliefs is left out whole; with one set only, runs of luck are.
        groups = purses.draw_of if len(np.unique(purses.draw_of)) > 1 else np.arange(len(purses.draw_of))
        parts = np.unique(groups, return_inverse=True)[1] % PARTS
        n_parts = int(parts.max()) + 1
        if n_parts < 3:
            return None
        again = [self._transfers(purses, True, parts != part, MOST_NODES // PARTS) for part in range(n_parts)]
        totals = [one.total for one in again if one.exist] or [math.nan]
        worth = purses.flows.sum(axis=1)
        held = [one.no_worse(worth[:, parts == part]) for part, one in enumerate(again) if one.exist]
        unseen = np.concatenate([*held, np.zeros(0, bool)])
        # As many of the independent runs were tried as of all.
        n_free = max(1, round(purses.n_free * unseen.size / worth.shape[1]))
        found = count_frequency(int(unseen.sum()), unseen.size, n_free) if unseen.size else None
        return Steadiness(min(totals), max(totals), sum(one.exist for one in again), n_parts, found)

    def years_to_go(self) -> int | None:
        """Years beyond the results until all together have broken even in 80% of runs, if later years are as the last.

        Returns
        -------
        int or None
            0 where they have within the results; None where they would not within 60 years of the start.
        """
        purses = self.purses
        whole = purses.flows.sum(axis=0)
        rates = self.comparison.meta.discount_rate
        later = np.ones(FARTHEST)
        if rates:
            later = discount_factor(np.arange(FARTHEST, dtype=np.float64), read_schedule(rates))
        last, n_years = whole[-1] / purses.factors[-1], len(whole)
        standing = whole.sum(axis=0)
        for year in range(n_years, FARTHEST + 1):
            if int((standing <= 0).sum()) >= runs_needed(SURE, whole.shape[1]):
                return year - n_years
            if year < FARTHEST:
                standing = standing + last * later[year]
        return None

    def falls_short_by(self) -> float:
        """GBP by which all together miss breaking even in 80% of the runs; 0 where they do not."""
        whole = np.sort(self.purses.flows.sum(axis=(0, 1)))
        return max(0.0, float(whole[runs_needed(SURE, len(whole)) - 1]))

    def no_worse(self, n_years: int) -> dict[str, Frequency]:
        """How often each purse, and all together, is no worse off after so many years and no payments."""
        purses = self.purses.until(n_years)
        worth = purses.flows.sum(axis=1)
        rows = [*worth, worth.sum(axis=0)]
        names = [alone.purse for alone in self.whole.alone]
        return {
            name: count_frequency(int((row <= 0).sum()), len(row), purses.n_free)
            for name, row in zip(names, rows, strict=True)
        }
