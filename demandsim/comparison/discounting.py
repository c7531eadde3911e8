"""What a pound at a distance of years is worth today: dated discount schedules in segments.

Takes years from the base year and a schedule; gives factors and annuities. Never picks the rates: they are beliefs.

References
----------
HM Treasury (2022), The Green Book: appraisal and evaluation in central government, annex A6 (discounting).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demandsim.errors import ConfigError, Fault, RequestError


@dataclass(frozen=True)
class Segment:
    """A stretch of years with one annual discount rate.

    Parameters
    ----------
    through_year : float
        Last year from the base year that it covers; ``math.inf`` for a segment without end.
    share_per_year : float
        The rate, for instance 0.035.
    """

    through_year: float
    share_per_year: float


@dataclass(frozen=True)
class DiscountSchedule:
    """Discount rates by distance in years, as published at a date.

    Parameters
    ----------
    name : str
        For instance ``standard`` or ``health``.
    valid_from : datetime.date
        From when appraisals use it.
    segments : tuple of Segment
        In ascending order of `through_year`; the first starts at year 0.

    Raises
    ------
    ConfigError
        If there is no segment, their years do not ascend, or a rate is not a number above -1.
    """

    name: str
    valid_from: date
    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        where = f"discount schedule {self.name}"
        faults = [] if self.segments else [Fault(where, "it has no segment.", "Give at least one.")]
        ends = [0.0, *(segment.through_year for segment in self.segments)]
        if not all(earlier < later for earlier, later in pairwise(ends)):
            faults.append(Fault(where, f"its segments end at years {ends[1:]}.", "List them ascending, above 0."))
        faults += [
            Fault(where, f"a rate of {segment.share_per_year!r} a year has no meaning.", "Write 3.5% as 0.035.")
            for segment in self.segments
            if not (math.isfinite(segment.share_per_year) and segment.share_per_year > -1.0)
        ]
        if faults:
            raise ConfigError(faults)


def read_schedule(by_band: Mapping[str, float], name: str = "standard") -> DiscountSchedule:
    """A schedule from rates by band of years, such as ``{"0_30": 0.035, "31_75": 0.03}``.

    The last band goes on for ever: appraisals beyond it have no published rate.
    """
    bands = sorted((int(band.partition("_")[2]), rate) for band, rate in by_band.items())
    ends = [*(float(last) for last, _ in bands[:-1]), math.inf]
    segments = tuple(Segment(end, rate) for end, (_, rate) in zip(ends, bands, strict=True))
    return DiscountSchedule(name, date.min, segments)


def schedule_on(schedules: Iterable[DiscountSchedule], day: date) -> DiscountSchedule:
    """Return the schedule in force on a day: the latest that is valid from that day or earlier.

    Raises
    ------
    RequestError
        If none is valid yet.
    """
    known = [schedule for schedule in schedules if schedule.valid_from <= day]
    if not known:
        raise RequestError(f"No discount schedule is valid on {day.isoformat()}. Add one dated that day or earlier.")
    return max(known, key=lambda schedule: schedule.valid_from)


@overload
def discount_factor(years: float, schedule: DiscountSchedule) -> float: ...
@overload
def discount_factor(years: NDArray[np.float64], schedule: DiscountSchedule) -> NDArray[np.float64]: ...
def discount_factor(years: ArrayLike, schedule: DiscountSchedule) -> float | NDArray[np.float64]:
    """Worth today of 1 GBP in so many years, compounded segment by segment.

    Parameters
    ----------
    years : float or array of float
        Years from the base year, at least 0; need not be whole.
    schedule : DiscountSchedule
        The rates.

    Returns
    -------
    float or numpy.ndarray
        A number for a number, an array of the same shape for an array.

    Raises
    ------
    RequestError
        If a year is negative, not a number, or beyond the schedule's last segment.
    """
    distance = np.asarray(years, dtype=np.float64)
    end = schedule.segments[-1].through_year
    if not np.all((distance >= 0.0) & (distance <= end)) or np.any(np.isinf(distance)):
        raise RequestError(f"Discount schedule {schedule.name} covers years 0 to {end:g} from base, not {years!r}.")
    factor = np.ones_like(distance)
    start = 0.0
    for segment in schedule.segments:
        spent = np.clip(distance, start, segment.through_year) - start
        factor = factor * (1.0 + segment.share_per_year) ** -spent
        start = segment.through_year
    return float(factor) if distance.ndim == 0 else factor


def annuity(years: int, schedule: DiscountSchedule) -> float:
    """Worth today of 1 GBP at the end of each of the next `years` years: the sum of their factors.

    Raises
    ------
    RequestError
        If `years` is not a whole number of at least 0, or is beyond the schedule.
    """
    if isinstance(years, bool) or not isinstance(years, (int, np.integer)) or years < 0:
        raise RequestError(f"An annuity runs for a whole number of years, at least 0, not {years!r}.")
    return math.fsum(discount_factor(np.arange(1.0, years + 1.0), schedule))
