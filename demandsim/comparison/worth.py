"""What one account of a policy is worth over the years, run by run: cost, gain, what is left, and when it is repaid.

Takes flows of cost and gain by year and run; gives present values, a ratio and payback with their spread, and beside
them what is left once costs and gains are corrected for optimism. Plus is a gain here, as appraisals have it. Never
adds accounts of different kinds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from demandsim.comparison.appraisal import Beside, DiscountSchedule, Stream, Worth, appraise, beside_optimism_bias
from demandsim.comparison.discounting import discount_factor
from demandsim.comparison.estimate import HIGH_SHARE, LOW_SHARE, Estimate, summarise
from demandsim.comparison.pockets import BreakEven, Frequency, break_even, count_frequency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Runs:
    """Which runs succeeded, so that figures by run find their place again.

    Parameters
    ----------
    ran : array of bool, shape (draws, replicates)
    """

    ran: NDArray[np.bool_]

    @property
    def n_free(self) -> int:
        """Runs that are independent: sets of beliefs, or runs of luck where there is one set only."""
        n_draws = int(self.ran.any(axis=1).sum())
        return n_draws if n_draws > 1 else int(self.ran.sum())

    def estimate(self, by_run: Floats, unit: str = "GBP") -> Estimate:
        """One figure a run as an estimate."""
        laid = np.full(self.ran.shape, np.nan)
        laid[self.ran] = by_run
        return summarise(laid[None], unit)[0]

    def count(self, such: NDArray[np.bool_]) -> Frequency:
        """In how many runs something is so."""
        return count_frequency(int(such.sum()), such.size, self.n_free)


@dataclass(frozen=True)
class Ratio:
    """Gain for each pound of cost.

    Parameters
    ----------
    middle : float or None
        Mean gain over mean cost; None where the mean cost is not above zero, so that there is nothing to pay for.
    low, high : float or None
        Between these lie nine in ten of the runs that have a cost; None where none has.
    n_priced, n_runs : int
        Runs with a cost above zero, of all.
    """

    middle: float | None
    low: float | None
    high: float | None
    n_priced: int
    n_runs: int


def ratio_of(gain: Floats, cost: Floats) -> Ratio:
    """Gain over cost by run, where there is a cost; the middle is a ratio of means, which no single run blows up."""
    priced = cost > 0.0
    low, high = (
        (float(end) for end in np.quantile(gain[priced] / cost[priced], [LOW_SHARE, HIGH_SHARE]))
        if priced.any()
        else (None, None)
    )
    middle = float(gain.mean() / cost.mean()) if cost.mean() > 0.0 else None
    return Ratio(middle, low, high, int(priced.sum()), cost.size)


@dataclass(frozen=True)
class Corrected:
    """Mean present cost and gain as estimated, and each corrected for optimism; GBP."""

    cost: Beside
    gain: Beside

    @property
    def net(self) -> float:
        """Net present value once both are corrected."""
        return self.gain.corrected - self.cost.corrected


@dataclass(frozen=True)
class Account:
    """One account of a policy.

    Parameters
    ----------
    name : str
        A purse, or what is valued.
    kind : str
        ``fiscal``, ``economic`` or ``social``.
    cost, gain, net : Estimate
        Present GBP; `net` is gain less cost, plus is a gain.
    worthwhile : Frequency
        Runs in which `net` is above zero.
    ratio : Ratio
        Gain for each pound of cost.
    payback : BreakEven
    corrected : Corrected
    by_run : array
        `net` of each run that succeeded.
    """

    name: str
    kind: str
    cost: Estimate
    gain: Estimate
    net: Estimate
    worthwhile: Frequency
    ratio: Ratio
    payback: BreakEven
    corrected: Corrected
    by_run: Floats

    @property
    def is_touched(self) -> bool:
        """Whether anything is paid or gained in any run."""
        return bool(self.by_run.any())


def appraise_runs(
    name: str,
    kind: str,
    costs: Mapping[str, Floats],
    gains: Mapping[str, Floats],
    runs: Runs,
    schedule: DiscountSchedule,
    bias_by_grade: Mapping[str, float],
) -> Account:
    """Appraise one account.

    Parameters
    ----------
    costs, gains : mapping of evidence grade to array, shape (years, runs)
        GBP, not discounted; what rests on evidence of each grade. A cost that turns out a saving in a year is below
        zero, and stays a cost.
    runs : Runs
    schedule : DiscountSchedule
    bias_by_grade : mapping of str to float

    Returns
    -------
    Account
    """
    n_years = next(iter([*costs.values(), *gains.values()])).shape[0]
    n_runs = int(runs.ran.sum())
    cost, gain = (sum(parts.values(), np.zeros((n_years, n_runs))) for parts in (costs, gains))
    worths = [_one(kind, cost[:, run], gain[:, run], schedule) for run in range(n_runs)]
    present_cost, present_gain, net = (
        np.array([getattr(worth, what) for worth in worths])
        for what in ("present_cost", "present_benefit", "net_present_value")
    )
    factors = discount_factor(np.arange(n_years, dtype=np.float64), schedule)
    means = [{grade: float(factors @ flows.mean(axis=1)) for grade, flows in parts.items()} for parts in (costs, gains)]
    corrected = Corrected(
        beside_optimism_bias(means[0], bias_by_grade, side="cost"),
        beside_optimism_bias(means[1], bias_by_grade, side="benefit"),
    )
    return Account(
        name=name,
        kind=kind,
        cost=runs.estimate(present_cost),
        gain=runs.estimate(present_gain),
        net=runs.estimate(net),
        worthwhile=runs.count(net > 0.0),
        ratio=ratio_of(present_gain, present_cost),
        payback=break_even((cost - gain) * factors[:, None], runs.n_free),
        corrected=corrected,
        by_run=net,
    )


def _one(kind: str, cost: Floats, gain: Floats, schedule: DiscountSchedule) -> Worth:
    flows = (dict(enumerate(one.tolist())) for one in (cost, gain))
    return appraise([Stream(kind, schedule, *flows)])[kind]
