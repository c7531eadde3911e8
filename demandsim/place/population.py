"""Everybody who will live in the place during the run, drawn before any policy is known.

Takes a `Place`, a size, a span of months and a seed; gives first occupants and a table of events by month.
Never reads a policy, never draws in sequence: a row's life depends on the seed and the row's number only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import RequestError
from demandsim.place.kernels import Course, fill_events, settle_first
from demandsim.place.path import households_present
from demandsim.place.place import Place
from demandsim.place.step import CHANGED, REPLACED, Columns
from demandsim.place.tables import VACANT, build_tables

#: Keeps the place's draws apart from those of any run: a run's second key word is its luck index, never this large.
PLACE_KEY = 0xFFFFFFFF
_SEED_LIMIT = 2**32
_MOST_ROWS = 2**31 - 1
_MOST_MONTHS = 1200

Floats = NDArray[np.float64]

__all__ = ["CHANGED", "REPLACED", "VACANT", "Events", "Population", "build_population"]


@dataclass(frozen=True, eq=False)
class Events:
    """Arrivals and changes of composition, sorted by month, then row; at most one a row and month.

    ``event_start[m]`` to ``event_start[m + 1]`` are the events seen at the start of month ``m`` (counted from the
    first month, whose own slice is empty: the residents' columns already say who is there). Every entry holds the
    household as it stands after the event. ``kind`` is ``REPLACED`` (0: others live here now, or nobody any more, or
    the first who ever did) or ``CHANGED`` (1).
    """

    event_start: NDArray[np.int64]
    row: NDArray[np.int32]
    kind: NDArray[np.uint8]
    household_type: NDArray[np.uint8]
    adults: NDArray[np.uint8]
    children: NDArray[np.uint8]
    age_band: NDArray[np.uint8]
    frailty_z: NDArray[np.float32]
    take_up_z: NDArray[np.float32]
    occupant: NDArray[np.uint16]

    def of_month(self, month: int) -> slice:
        """Where the events of one month (0 is the first) are in every column."""
        return slice(int(self.event_start[month]), int(self.event_start[month + 1]))

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, eq=False)
class Population:
    """The dwellings, their occupants at the first month, and what will become of them. Columns have one entry a row.

    ``household_type``, ``tenure`` and ``age_band`` are positions in `labels`; ``frailty_z`` and ``take_up_z`` are
    standard normal. In a dwelling that nobody lives in, ``household_type`` is ``VACANT`` (6) and all else is 0 but
    ``occupant``, by which a vacancy is numbered as a household is.

    ``present`` holds how many households live in the place, by month: row ``r`` is lived in while it is above ``r``.
    """

    place_id: str
    seed: int
    first_month: int
    n_months: int
    area: NDArray[np.uint16]
    tenure: NDArray[np.uint8]
    household_type: NDArray[np.uint8]
    adults: NDArray[np.uint8]
    children: NDArray[np.uint8]
    age_band: NDArray[np.uint8]
    frailty_z: NDArray[np.float32]
    take_up_z: NDArray[np.float32]
    occupant: NDArray[np.uint16]
    present: NDArray[np.int64]
    events: Events

    @property
    def n_rows(self) -> int:
        """Dwellings: the most households of any month."""
        return len(self.area)

    @property
    def n_households(self) -> int:
        """Households of the first month; as many as there are rows unless the place grows."""
        return int(self.present[0])


def build_population(
    place: Place,
    n_households: int,
    first_month: int,
    n_months: int,
    seed: int,
    growth: Sequence[float] | Floats | None = None,
    churn: Sequence[float] | Floats | None = None,
) -> Population:
    """Draw the people of a place for a span of months.

    Parameters
    ----------
    place : Place
        Where.
    n_households : int
        Households of the first month. Where ``growth`` is 0 until a run's start, those of the start.
    first_month : int
        As numbered by `quantities.month_number`. It labels the months, and places them on the path of the place's
        households; it moves no draw.
    n_months : int
        Months covered, the first included.
    seed : int
        The place's own seed, 0 to 2³² − 1.
    growth : sequence of float, shape (months,), optional
        How far the place's path is followed in each month: 0 not at all (the default), 1 as stated.
    churn : sequence of float, shape (months,), optional
        How many times as soon as published people leave, month by month; 1 by default. Who comes is not changed by it.

    Returns
    -------
    Population
        Arrays that cannot be written to. Rows below ``n`` are the same whatever is built above them, and months
        before ``n_months`` whatever is built after.

    Raises
    ------
    RequestError
        If a size is not positive or too large for its column, the seed is out of range, or growth or churn is given
        for another number of months.
    """
    _check_request(n_households, n_months, seed)
    course = _plan_course(households_present(place, n_households, first_month, n_months, growth), churn)
    n_rows = int(course.present.max())
    _check_request(n_rows, n_months, seed)
    tables = build_tables(place)
    area, tenure = np.empty(n_rows, np.uint16), np.empty(n_rows, np.uint8)
    residents = _empty_columns(n_rows)
    counts = np.zeros(n_months, np.int64)
    k0, k1 = np.uint32(seed), np.uint32(PLACE_KEY)
    no_row, no_kind = np.empty(0, np.int32), np.empty(0, np.uint8)
    settle_first(k0, k1, course, tables, area, tenure, residents, counts, no_row, no_kind)
    start = np.concatenate(([0], np.cumsum(counts)))
    n_events = int(start[-1])
    row, kind, columns = np.empty(n_events, np.int32), np.empty(n_events, np.uint8), _empty_columns(n_events)
    fill_events(k0, k1, course, tables, tenure, columns, start[:-1].copy(), row, kind)
    events = Events(start, row, kind, **columns._asdict())
    people = Population(
        place.id, seed, first_month, n_months, area, tenure, **residents._asdict(), present=course.present,
        events=events,
    )  # fmt: skip
    _freeze(events)
    _freeze(people)
    return people


def _plan_course(present: NDArray[np.int64], churn: Sequence[float] | Floats | None) -> Course:
    """What changes over the months, as the kernel reads it."""
    n_months = len(present)
    ratios = np.ones(n_months) if churn is None else np.array(churn, np.float64)
    if len(ratios) != n_months:
        raise RequestError(f"Churn is given for {len(ratios)} months, and the run has {n_months}.")
    if not (np.isfinite(ratios) & (ratios >= 0.0)).all():
        raise RequestError("Churn is a ratio, never below 0.")
    changes = np.append(np.flatnonzero(np.diff(ratios)) + 1, n_months)
    until = changes[np.searchsorted(changes, np.arange(n_months), side="right")]
    return Course(present, ratios, until.astype(np.int64), np.array([present.min()]))


def _check_request(n_households: int, n_months: int, seed: int) -> None:
    if not 1 <= n_households <= _MOST_ROWS:
        raise RequestError(f"{n_households} households cannot be built. Ask for 1 to {_MOST_ROWS:,}.")
    if not 1 <= n_months <= _MOST_MONTHS:
        raise RequestError(f"{n_months} months cannot be built. Ask for 1 to {_MOST_MONTHS:,}.")
    if not 0 <= seed < _SEED_LIMIT:
        raise RequestError(f"Seed {seed} is out of range. Give a whole number from 0 to {_SEED_LIMIT - 1:,}.")


def _empty_columns(n: int) -> Columns:
    types = (np.uint8, np.uint8, np.uint8, np.uint8, np.float32, np.float32, np.uint16)
    return Columns(*(np.empty(n, kind) for kind in types))


def _freeze(record: Events | Population) -> None:
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
