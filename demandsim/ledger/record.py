"""What one world yields: activity counted once, before any price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import DOOR_EVENTS, EVENTS, HIGH_NEED, HIGH_NEED_MEASURES, N_NEEDS, N_STATES, SPELLS
from demandsim.quantities import MONTHS_PER_YEAR

Ints = NDArray[np.int64]

#: Whom published rates are per.
PEOPLE = ("households", "adults", "adults_of_working_age", "children")


@dataclass(frozen=True, eq=False)
class Record:
    """Activity and states of the run proper; the run-in leaves no trace in it.

    Attributes
    ----------
    activity : (months, lines, events) int64
    activity_by_area : (years, areas, lines, events) int64
        Stocks (``waiting``, ``open``) are sums over the year's months here.
    state_months : (years, areas, 7, 5) int64
        Household-months by need and state.
    households : (months, 7, 5) int64
        Households by need and state at the end of the month.
    unmet : (months, 7) int64
        Households at established or worse without an open case for the need, at the end of the month.
    door : (months, 6) int64
    exported : (years, 7, 5) int64
        Households that left the place, by need and state.
    posts : (months, units) float64
        Posts paid: of service lines, then of streams of contact.
    redundancy : (months, units) int64
        Pence paid to holders of posts that went.
    contacts : (months, streams, kinds) float64
        Everyday contact in expectation, by what it was and how it came.
    stream_pence : (months, 3, streams) int64
        Paid for handling contact; taken as income; paid for contracts.
    purses : (years, purses, items) int64
        Each agency's year, in pence.
    trust : (years,) float64
        Mean trust of households at the end of the year.
    disrepair : (months,) int64
        Homes with a repair not done.
    onsets : (years, 7) int64
        Times a household rose to established or worse from below.
    spells : (years, 5) int64
        Spells out of work, as in `labels.SPELLS`.
    people : (years, areas, 4) int64
        Households, adults, adults of working age and children at the end of the year.
    known : (years, 4) int64
        At the end of the year: households with a common mental disorder or worse, those of them in help; households
        homeless or worse, those of them with three or more other established needs recognised.
    high_need : (years, 6, 2) int64
        Households in high need at the end of the year, as in `labels.HIGH_NEED`, and pence·ticks posted to them in it.
    """

    activity: Ints
    activity_by_area: Ints
    state_months: Ints
    households: Ints
    unmet: Ints
    door: Ints
    exported: Ints
    posts: NDArray[np.float64]
    redundancy: Ints
    contacts: NDArray[np.float64]
    stream_pence: Ints
    purses: Ints
    trust: NDArray[np.float64]
    disrepair: Ints
    onsets: Ints
    spells: Ints
    people: Ints
    known: Ints
    high_need: Ints


def build_record(months: int, areas: int, lines: int, streams: int, kinds: int, purses: int, items: int) -> Record:
    """Build an empty record for a run."""
    events = len(EVENTS)
    years = -(-months // MONTHS_PER_YEAR)
    return Record(
        activity=np.zeros((months, lines, events), np.int64),
        activity_by_area=np.zeros((years, areas, lines, events), np.int64),
        state_months=np.zeros((years, areas, N_NEEDS, N_STATES), np.int64),
        households=np.zeros((months, N_NEEDS, N_STATES), np.int64),
        unmet=np.zeros((months, N_NEEDS), np.int64),
        door=np.zeros((months, len(DOOR_EVENTS)), np.int64),
        exported=np.zeros((years, N_NEEDS, N_STATES), np.int64),
        posts=np.zeros((months, lines + streams)),
        redundancy=np.zeros((months, lines + streams), np.int64),
        contacts=np.zeros((months, streams, kinds)),
        stream_pence=np.zeros((months, 3, streams), np.int64),
        purses=np.zeros((years, purses, items), np.int64),
        trust=np.zeros(years),
        disrepair=np.zeros(months, np.int64),
        onsets=np.zeros((years, N_NEEDS), np.int64),
        spells=np.zeros((years, len(SPELLS)), np.int64),
        people=np.zeros((years, areas, len(PEOPLE)), np.int64),
        known=np.zeros((years, 4), np.int64),
        high_need=np.zeros((years, len(HIGH_NEED), len(HIGH_NEED_MEASURES)), np.int64),
    )
