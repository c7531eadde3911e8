"""Official yearly series as a prediction sees them: nothing after its date, and how rates become published counts.

Takes `demandsim.study.series`; gives one history a figure. What is known of later years is kept apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demandsim.study.series import Point, Series, load_series

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """What was published of one figure.

    Attributes
    ----------
    place : str
    series : Series
    known : tuple of Point
        Up to the base year, in order; none where the first year published came later.
    later : tuple of Point
        Published since: shown, never used.
    """

    place: str
    series: Series
    known: tuple[Point, ...]
    later: tuple[Point, ...]

    @property
    def years(self) -> list[str]:
        """Fiscal years known."""
        return [point.year for point in self.known]

    @property
    def starts(self) -> list[int]:
        """First calendar year of each."""
        return [int(year[:4]) for year in self.years]

    @property
    def values(self) -> Floats:
        """Values known, in the model's unit."""
        return np.array([point.value for point in self.known], np.float64)

    @property
    def last(self) -> float:
        """The last value known; NaN where there is none."""
        return float(self.known[-1].value) if self.known else math.nan

    def counts_per_unit(self, year: str, points: Sequence[Point]) -> float:
        """How many are published for each unit of the model's, in a year or the last before it of some points."""
        before = [point for point in points if point.year <= year] or [points[0]]
        return before[-1].published / before[-1].value if before[-1].value else 1.0


def load_histories(configs: Path, place: str, base_year: str) -> Mapping[str, History]:
    """Histories of a place by measure: of several series of one measure, that with most years.

    Parameters
    ----------
    configs : Path
    place : str
    base_year : str
        The last fiscal year that may be used.
    """
    if not (configs / "series" / f"{place}.toml").is_file():  # a place of somebody's own need not have any
        return {}
    found: dict[str, History] = {}
    for series in load_series(configs, place):
        points = sorted(series.points, key=lambda point: point.year)
        known = tuple(point for point in points if point.year <= base_year)
        later = tuple(point for point in points if point.year > base_year)
        longest = found.get(series.measure)
        if series.measure and (longest is None or len(known) > len(longest.known)):
            found[series.measure] = History(place, series, known, later)
    return found
