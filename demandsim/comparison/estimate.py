"""A figure from many runs, with its spread, its error and the number of runs behind it.

Two things make runs differ. *Beliefs* differ between draws; *luck* differs between the replicates of one draw.
With two or more replicates a draw the two are told apart by a one-way random-effects split; with one they cannot
be, and an estimate then says so instead of guessing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Nine in ten runs lie between these two shares of the runs in order.
LOW_SHARE: Final = 0.05
HIGH_SHARE: Final = 0.95
#: Fewer runs than this say nothing about spread.
FEWEST_RUNS: Final = 4


@dataclass(frozen=True)
class Estimate:
    """One figure, its spread over runs and its error.

    Parameters
    ----------
    mean : float
        Mean over draws of the mean over each draw's replicates.
    low, high : float
        Between these lie nine in ten runs (5th and 95th in a hundred): beliefs and luck together.
    standard_error : float
        Error of `mean` from having run finitely many draws and replicates.
    luck_error : float
        The part of that error which more replicates of the same draws would remove; NaN when luck and belief
        cannot be separated.
    luck_sd, belief_sd : float
        Standard deviation within a draw and between draws; NaN when they cannot be separated.
    n_runs, n_draws : int
        Runs and draws behind the figure (failed runs are not among them).
    n_below, n_above : int
        Runs below and above zero.
    unit : str
        Unit of every figure but the counts.
    """

    mean: float
    low: float
    high: float
    standard_error: float
    luck_error: float
    luck_sd: float
    belief_sd: float
    n_runs: int
    n_draws: int
    n_below: int
    n_above: int
    unit: str

    @property
    def is_separable(self) -> bool:
        """Whether luck and belief could be told apart."""
        return bool(np.isfinite(self.luck_sd) and np.isfinite(self.belief_sd))

    @property
    def includes_zero(self) -> bool:
        """Whether the interval includes zero."""
        return bool(self.low <= 0.0 <= self.high)

    def note(self) -> str:
        """Say in one sentence what the interval holds."""
        if self.n_draws <= 1:
            return (
                "All runs hold the same beliefs, so the interval shows luck alone and leaves out how unsure "
                "the beliefs are."
            )
        if not self.is_separable:
            return (
                "Each set of beliefs was run once, so luck and belief cannot be separated from these runs: "
                "the interval holds both."
            )
        return (
            "Each set of beliefs was run more than once, so luck and belief can be told apart: the interval "
            "holds both, and the two parts are known."
        )


def summarise(values: NDArray[np.float64], unit: str) -> list[Estimate]:
    """Summarise runs, row by row.

    Parameters
    ----------
    values : array of shape (rows, draws, replicates)
        One figure a run; NaN where the run failed.
    unit : str
        Unit of the figures.

    Returns
    -------
    list of Estimate
        One for each row.
    """
    return [_summarise_row(row, unit) for row in np.asarray(values, dtype=np.float64)]


def summarise_ratio(part: NDArray[np.float64], whole: NDArray[np.float64], unit: str) -> Estimate:
    """Summarise a ratio run by run; its mean is that of the means, which no run with hardly any whole can sway.

    Parameters
    ----------
    part, whole : array of shape (draws, replicates)
        One figure a run; NaN where the run failed. Runs whose whole is not above zero have no ratio.
    unit : str
        Unit of the ratio.

    Returns
    -------
    Estimate
    """
    by_run = np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=np.asarray(whole) > 0.0)
    above, below = (one.mean for one in summarise(np.stack([part, whole]), unit))
    return replace(summarise(by_run[None], unit)[0], mean=above / below if below > 0.0 else float("nan"))


def _summarise_row(row: NDArray[np.float64], unit: str) -> Estimate:
    ran = np.isfinite(row)
    runs_of = ran.sum(axis=1)
    row, ran, runs_of = row[runs_of > 0], ran[runs_of > 0], runs_of[runs_of > 0]
    n_draws, n_runs = len(runs_of), int(runs_of.sum())
    if n_runs == 0:
        nan = float("nan")
        return Estimate(nan, nan, nan, nan, nan, nan, nan, 0, 0, 0, 0, unit)
    flat = row[ran]
    draw_means = np.where(ran, row, 0.0).sum(axis=1) / runs_of
    error, luck_error, luck_sd, belief_sd = _split(flat, draw_means, runs_of)
    low, high = np.quantile(flat, [LOW_SHARE, HIGH_SHARE])
    return Estimate(
        mean=float(draw_means.mean()),
        low=float(low),
        high=float(high),
        standard_error=error,
        luck_error=luck_error,
        luck_sd=luck_sd,
        belief_sd=belief_sd,
        n_runs=n_runs,
        n_draws=n_draws,
        n_below=int((flat < 0).sum()),
        n_above=int((flat > 0).sum()),
        unit=unit,
    )


def _split(
    flat: NDArray[np.float64], draw_means: NDArray[np.float64], runs_of: NDArray[np.int64]
) -> tuple[float, float, float, float]:
    """Standard error, its luck part, and the standard deviations of luck and of belief.

    One-way random effects by the method of moments, for draws with unequal numbers of successful replicates:
    within mean square = luck variance; between mean square = luck variance + n0 x belief variance.
    """
    nan = float("nan")
    n_runs, n_draws = int(runs_of.sum()), len(runs_of)
    if n_runs == 1:
        return nan, nan, nan, nan
    if n_draws == 1:
        luck_sd = float(flat.std(ddof=1))
        error = luck_sd / n_runs**0.5
        return error, error, luck_sd, nan
    error = float(draw_means.std(ddof=1)) / n_draws**0.5
    if n_runs == n_draws:
        return error, nan, nan, nan
    within = float(((flat - np.repeat(draw_means, runs_of)) ** 2).sum()) / (n_runs - n_draws)
    between = float((runs_of * (draw_means - flat.mean()) ** 2).sum()) / (n_draws - 1)
    typical_runs = (n_runs - float((runs_of**2).sum()) / n_runs) / (n_draws - 1)
    belief_variance = max(0.0, (between - within) / typical_runs)
    luck_error = (within * float((1.0 / runs_of).sum())) ** 0.5 / n_draws
    return error, luck_error, within**0.5, belief_variance**0.5
