"""Everybody who will live in the place during the run, drawn before any policy is known.

Takes a `Place`, a size, a span of months and a seed; gives first occupants and a table of events by month.
Never reads a policy, never draws in sequence: a row's life depends on the seed and the row's number only.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import RequestError
from demandsim.place.kernels import CHANGED, REPLACED, Columns, fill_events, settle_first
from demandsim.place.place import Place
from demandsim.place.tables import build_tables

#: Keeps the place's draws apart from those of any run: a run's second key word is its luck index, never this large.
PLACE_KEY = 0xFFFFFFFF
_SEED_LIMIT = 2**32
_MOST_ROWS = 2**31 - 1
_MOST_MONTHS = 1200

__all__ = ["CHANGED", "REPLACED", "Events", "Population", "build_population"]


@dataclass(frozen=True, eq=False)
class Events:
    """Arrivals and changes of composition, sorted by month, then row; at most one a row and month.

    ``event_start[m]`` to ``event_start[m + 1]`` are the events seen at the start of month ``m`` (counted from the
    first month, whose own slice is empty: the residents' columns already say who is there). Every entry holds the
    household as it stands after the event. ``kind`` is ``REPLACED`` (0: others live here now) or ``CHANGED`` (1).
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
    standard normal.
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
    events: Events

    @property
    def n_households(self) -> int:
        """Number of rows."""
        return len(self.area)


def build_population(place: Place, n_households: int, first_month: int, n_months: int, seed: int) -> Population:
    """Draw the people of a place for a span of months.

    Parameters
    ----------
    place : Place
        Where.
    n_households : int
        Number of dwellings, one row each, always occupied.
    first_month : int
        As numbered by `quantities.month_number`. It labels the months and moves no draw.
    n_months : int
        Months covered, the first included.
    seed : int
        The place's own seed, 0 to 2³² − 1.

    Returns
    -------
    Population
        Arrays that cannot be written to. Rows below ``n`` are the same whatever is built above them, and months
        before ``n_months`` whatever is built after.

    Raises
    ------
    RequestError
        If a size is not positive or too large for its column, or the seed is out of range.
    """
    _check_request(n_households, n_months, seed)
    tables = build_tables(place)
    area, tenure = np.empty(n_households, np.uint16), np.empty(n_households, np.uint8)
    residents = _empty_columns(n_households)
    counts = np.zeros(n_months, np.int64)
    k0, k1 = np.uint32(seed), np.uint32(PLACE_KEY)
    no_row, no_kind = np.empty(0, np.int32), np.empty(0, np.uint8)
    settle_first(k0, k1, n_months, tables, area, tenure, residents, counts, no_row, no_kind)
    start = np.concatenate(([0], np.cumsum(counts)))
    n_events = int(start[-1])
    row, kind, columns = np.empty(n_events, np.int32), np.empty(n_events, np.uint8), _empty_columns(n_events)
    fill_events(k0, k1, n_months, tables, tenure, columns, start[:-1].copy(), row, kind)
    events = Events(start, row, kind, **columns._asdict())
    people = Population(place.id, seed, first_month, n_months, area, tenure, **residents._asdict(), events=events)
    _freeze(events)
    _freeze(people)
    return people


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
