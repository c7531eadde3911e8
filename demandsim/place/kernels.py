"""The compiled life of every dwelling: who lives there, who follows, and when nobody does.

A dwelling is a row. Its area and tenure stay with it; its occupants follow one another, numbered from 0, and a spell in
which nobody lives there takes a number as a household does. As many rows are lived in as there are households that
month, always the first ones: so a place that grows fills rows from the lowest number up, and one that shrinks empties
them from the highest down. Where a row lies does not depend on its number's size, so both happen evenly everywhere.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, uint64

from demandsim.chance import draw_uniform, philox
from demandsim.compiling import compiled
from demandsim.place.step import (
    CHANGED,
    DEATH,
    HORIZON,
    LEAVING,
    OCCUPANT,
    REPLACED,
    TENURE,
    A,
    change,
    next_event,
    pick,
    settle,
    write,
    write_vacant,
)

GOLDEN = 0x9E3779B97F4A7C15  # 2^64 divided by the golden ratio, made odd


class Course(NamedTuple):
    """What changes over the months, the same for every row."""

    present: Any  # (months,) households that live in the place
    churn: Any  # (months,) ratio on how soon people leave
    churn_until: Any  # (months,) the month at which that ratio next changes
    fewest: Any  # (1,) of ``present``: rows below it are always lived in


@njit
def _area_of(row, offset, area_cum):
    """Area of a row: an additive recurrence, so any first n rows share out evenly and none depends on n."""
    x = uint64(row + 1) * uint64(GOLDEN) + offset
    u = np.float64(x >> uint64(11)) * 2.0**-53
    return min(np.searchsorted(area_cum, u, side="right"), area_cum.shape[0] - 1)


@njit
def _live(k0, k1, row, tenure, first, last, fill, course, tables, whole, timed, cursor, rows, kinds, columns):
    """Live a dwelling from month ``first``, at which it was settled, until month ``last``, which is another story.

    At most one event a month, seen at the first month that begins after it: what the month opens with. Counts events
    by month in ``cursor``; where ``fill`` is set, ``cursor`` holds the next free place of each month instead, and the
    events are written. Those who move in after the first month are an event themselves.
    """
    t, pending, kind = np.float64(first), first if first > 0 else -1, REPLACED if first > 0 else CHANGED
    horizon = np.float64(last - 1)
    while True:
        until = min(horizon, np.float64(course.churn_until[int(t)]))
        what, t = next_event(t, until, tenure, course.churn[int(t)], tables, whole, timed)
        if what == HORIZON and t < horizon:
            continue
        month = last if what == HORIZON else int(t) + 1
        if pending >= 0 and month != pending:
            at = cursor[pending]
            if fill:
                rows[at] = row
                kinds[at] = kind
                write(k0, k1, row, whole, at, columns)
            cursor[pending] = at + 1
            kind = CHANGED
        if what == HORIZON:
            return
        pending = month
        if what == LEAVING or (what == DEATH and whole[A] == 1):
            settle(k0, k1, row, whole[OCCUPANT] + 1, tenure, t, tables, whole, timed)
            kind = REPLACED
        else:
            change(what, k0, k1, row, t, tables, whole, timed)


@njit
def _dwell(k0, k1, row, tenure, fill, course, tables, whole, timed, cursor, rows, kinds, columns):
    """A dwelling from the first month to the last: spells lived in, and spells in which nobody lives there."""
    n_months = course.present.shape[0]
    first = 0
    while first < n_months:
        is_lived_in = course.present[first] > row
        last = n_months
        if row >= course.fewest[0]:
            last = first + 1
            while last < n_months and (course.present[last] > row) == is_lived_in:
                last += 1
        if is_lived_in:
            if first > 0:
                settle(k0, k1, row, whole[OCCUPANT] + 1, tenure, np.float64(first), tables, whole, timed)
            _live(k0, k1, row, tenure, first, last, fill, course, tables, whole, timed, cursor, rows, kinds, columns)
        elif first > 0:
            whole[OCCUPANT] += 1
            at = cursor[first]
            if fill:
                rows[at] = row
                kinds[at] = REPLACED
                write_vacant(whole[OCCUPANT], at, columns)
            cursor[first] = at + 1
        first = last


@compiled
def settle_first(k0, k1, course, tables, area, tenure, columns, counts, rows, kinds):
    """First pass: area, tenure and first occupants of every row, and how many events each month will have."""
    whole, timed = np.zeros(9, np.int64), np.zeros(9)
    first_line = tables.cell_cum.shape[0] - 1
    high, low, _, _ = philox(0, 0, 0, 0, k0, k1)
    offset = (uint64(high) << uint64(32)) | uint64(low)
    for row in range(area.shape[0]):
        area[row] = _area_of(row, offset, tables.area_cum)
        tenure[row] = pick(tables.tenure_cum, area[row], draw_uniform(k0, k1, row, 0, 0, TENURE))
        settle(k0, k1, row, 0, first_line, 0.0, tables, whole, timed)
        if course.present[0] > row:
            write(k0, k1, row, whole, row, columns)
        else:
            write_vacant(0, row, columns)
        _dwell(k0, k1, row, tenure[row], False, course, tables, whole, timed, counts, rows, kinds, columns)


@compiled
def fill_events(k0, k1, course, tables, tenure, columns, cursor, rows, kinds):
    """Second pass: the same lives again, each event written to the next free place of its month."""
    whole, timed = np.zeros(9, np.int64), np.zeros(9)
    first_line = tables.cell_cum.shape[0] - 1
    for row in range(tenure.shape[0]):
        settle(k0, k1, row, 0, first_line, 0.0, tables, whole, timed)
        _dwell(k0, k1, row, tenure[row], True, course, tables, whole, timed, cursor, rows, kinds, columns)
