"""In how many runs something happened, with the interval within which its chance lies."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import xarray as xr

#: Level of the interval of a share of runs.
SHARE_LEVEL: Final = 0.95


@dataclass(frozen=True)
class ShareOfRuns:
    """In how many runs something happened, with the interval (Wilson's) within which its chance lies."""

    n_such: int
    n_runs: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself; NaN where no run succeeded."""
        return self.n_such / self.n_runs if self.n_runs else float("nan")


def share_of_runs(values: xr.DataArray, at_least: float) -> ShareOfRuns:
    """How often a figure is at least so much, failed runs left out."""
    good = values.values[values.notnull().values]
    return wilson(int((good >= at_least).sum()), int(good.size))


def wilson(n_such: int, n_runs: int, level: float = SHARE_LEVEL) -> ShareOfRuns:
    """Wilson's score interval of a share: sound for few runs, and where none or all are such."""
    if n_runs == 0:
        return ShareOfRuns(0, 0, 0.0, 1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = n_such / n_runs
    middle = share + z * z / (2 * n_runs)
    half = z * sqrt(share * (1 - share) / n_runs + z * z / (4 * n_runs * n_runs))
    below = 1 + z * z / n_runs
    return ShareOfRuns(n_such, n_runs, max(0.0, (middle - half) / below), min(1.0, (middle + half) / below))
