"""From a place's figures to the tables its kernel reads.

Takes a `Place`; gives cumulative shares and monthly hazards by composition. Three things are solved, not stated:
how often households move, so that the share living at a new address is the published one; how often children are
born, so that births make up for 18th birthdays; and who the newcomers are, so that the mix of each tenure stays
as it is. So no trend in who lives here is built in.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import AGE_BANDS, HOUSEHOLD_TYPES, TENURES
from demandsim.place.schema import BIRTH_KEYS, CHILDREN_KEYS, MORE_ADULTS_KEYS
from demandsim.place.step import (
    ADULT_AT,
    BIRTH,
    DEATH,
    LEAVING,
    MAX_ADULTS,
    MAX_CHILDREN,
    N_BANDS,
    N_CELLS,
    N_CLOCKS,
    PARTING,
    VACANT,
    Tables,
)
from demandsim.quantities import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from demandsim.place.place import Place

Floats = NDArray[np.float64]

__all__ = [
    "BAND_FROM",
    "VACANT",
    "build_tables",
    "clock_hazards",
    "mean_tenure",
    "newcomer_mix",
    "resident_mix",
    "tenure_by_area",
]

#: Where each age band begins, in years, and where the last is taken to end.
BAND_FROM = (ADULT_AT, 25.0, 45.0, 65.0, 75.0, 85.0, 95.0)
_SHAPE = (MAX_ADULTS, MAX_CHILDREN + 1, N_BANDS)
_BISECTIONS = 80
_BARELY = 1e-6  # a yearly hazard too small to matter, and large enough to divide by
#: Age bands at which a stage of life begins: the youngest, 25, 45, 65.
_STAGES = (1, 2, 3)
# indices of every cell, shape (cells,)
_ADULTS, _CHILDREN, _BAND = (grid.ravel() for grid in np.indices(_SHAPE))


def build_tables(place: Place) -> Tables:
    """Everything the kernel needs, in the order of `labels`."""
    residents = resident_mix(place)
    hazard = clock_hazards(place, residents)
    stays = place.figure("turning_18.stays")
    lines = [newcomer_mix(residents, hazard[tenure], stays) for tenure in range(len(TENURES))]
    return Tables(
        area_cum=_cumulative(np.array([area.share for area in place.areas])),
        tenure_cum=np.array([_cumulative(row) for row in tenure_by_area(place)]),
        cell_cum=np.array([_cumulative(line) for line in (*lines, residents)]),
        hazard=np.ascontiguousarray(hazard),
        band_from=np.array(BAND_FROM),
        share_staying=np.array([stays]),
    )


def tenure_by_area(place: Place) -> Floats:
    """Shares of tenure, shape (areas, tenures): the area's own where it has them, else the place's."""
    everywhere = place.figures("tenure.mix", TENURES)
    return np.array([everywhere if area.tenure is None else area.tenure for area in place.areas])


def mean_tenure(place: Place) -> Floats:
    """Shares of tenure over the whole place."""
    shares: Floats = np.array([area.share for area in place.areas]) @ tenure_by_area(place)
    total: Floats = shares / shares.sum()
    return total


def resident_mix(place: Place) -> Floats:
    """Share of households in each composition, shape (cells,)."""
    types = dict(zip(HOUSEHOLD_TYPES, place.figures("household_type.mix", HOUSEHOLD_TYPES), strict=True))
    more = place.figures("household_type.adults_when_more", MORE_ADULTS_KEYS)
    mix = np.zeros(_SHAPE)
    for suffix, who, children in (
        ("", "without", np.eye(MAX_CHILDREN + 1)[0]),
        ("_children", "with", np.append(0.0, place.figures("children.per_household", CHILDREN_KEYS))),
    ):
        by_adults = [types[f"one_adult{suffix}"], types[f"two_adults{suffix}"], *(types[f"more_adults{suffix}"] * more)]
        ages = place.figures(f"age.{who}_children", AGE_BANDS)
        mix += np.einsum("a,c,b->acb", np.array(by_adults), children / children.sum(), ages / ages.sum())
    flat: Floats = mix.ravel() / mix.sum()
    return flat


def clock_hazards(place: Place, residents: Floats) -> Floats:
    """Monthly hazard of each clock, shape (tenures, cells, clocks)."""
    hazard = np.zeros((len(TENURES), N_CELLS, N_CLOCKS))
    types = np.minimum(_ADULTS, 2) + 3 * (_CHILDREN > 0)
    stated = place.keyed("partings.by_type")
    partings = np.array([stated.get(name, 0.0) for name in HOUSEHOLD_TYPES])
    hazard[:, :, DEATH] = place.figures("mortality.by_age", AGE_BANDS)[_BAND] * np.minimum(_ADULTS + 1, 2)
    hazard[:, :, BIRTH] = _births(place, residents)
    hazard[:, :, PARTING] = partings[types] * (_ADULTS > 0)
    hazard[:, :, LEAVING] = _moves(place, residents, hazard[0, :, DEATH])
    return hazard / MONTHS_PER_YEAR


def _births(place: Place, residents: Floats) -> Floats:
    """Yearly hazard of a birth by cell, at the level where births replace 18th birthdays."""
    by_children = np.append(place.figures("births.by_children", BIRTH_KEYS), 0.0)
    relative = place.figures("births.by_age", AGE_BANDS)[_BAND] * by_children[_CHILDREN]
    births = float(residents @ relative)
    birthdays = float(residents @ _CHILDREN) / ADULT_AT
    yearly: Floats = relative * (birthdays / births if births > 0.0 else 0.0)
    return yearly


def _moves(place: Place, residents: Floats, deaths: Floats) -> Floats:
    """Yearly hazard of moving out, shape (tenures, cells), at the level of the published share at a new address.

    A dwelling counts as newly occupied whether its people moved out or the last of them died.
    """
    ended_by_death = deaths * (_ADULTS == 0)
    relative = np.outer(place.figures("churn.by_tenure", TENURES), place.figures("churn.by_age", AGE_BANDS)[_BAND])
    weight = np.outer(mean_tenure(place), residents)
    wanted = place.figure("churn.moved_in_year")

    def moved(scale: float) -> float:
        return float((weight * -np.expm1(-(scale * relative + ended_by_death))).sum())

    low, high = 0.0, 1.0
    while moved(high) < wanted:
        high *= 2.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if moved(middle) < wanted else (low, middle)
    return relative * high


def newcomer_mix(residents: Floats, hazard: Floats, stays: float) -> Floats:
    """Compositions of those who move into one tenure, such that its residents' mix holds still.

    What must arrive in a composition is what leaves it less what turns into it. Where more turns into it than leaves
    (widowhood, for one), nobody of that kind arrives, and fewer of the same stage of life do.

    Parameters
    ----------
    residents : ndarray, shape (cells,)
    hazard : ndarray, shape (cells, clocks)
        Per month, of one tenure.
    stays : float
        Share of those turning 18 who stay as adults.
    """
    gain = np.zeros(_SHAPE)
    loss = residents * hazard.sum(axis=1)
    a, c, b = _ADULTS, _CHILDREN, _BAND

    def turn(flow: Floats, adults: int, children: int, band: int) -> None:
        """Move a flow out of its cells into those beside them; ``flow`` must be 0 where there is no such cell."""
        going = flow > 0.0
        np.add.at(gain, (a[going] + adults, c[going] + children, b[going] + band), flow[going])

    turn(residents * hazard[:, DEATH] * (a > 0), -1, 0, 0)
    turn(residents * hazard[:, PARTING], -1, 0, 0)
    turn(residents * hazard[:, BIRTH], 0, 1, 0)
    birthdays = residents * c / (ADULT_AT * MONTHS_PER_YEAR)
    can_stay = stays * (a < MAX_ADULTS - 1)
    turn(birthdays * can_stay, 1, -1, 0)
    turn(birthdays * (1.0 - can_stay), 0, -1, 0)
    crossing = residents * _crossing_hazard(residents, hazard)
    turn(crossing, 0, 0, 1)
    return _net_by_stage(loss + birthdays + crossing - gain.ravel(), residents)


def _crossing_hazard(residents: Floats, hazard: Floats) -> Floats:
    """Monthly hazard of entering the next age band, by cell, at ages that hold still.

    People come into a band from below and stay its length; into the youngest they only move, at any age within it,
    so more of them stand near its end.
    """
    years = np.diff(BAND_FROM)
    rate = 1.0 / years
    rate[-1] = 0.0
    young = _BAND == 0
    if residents[young].sum() > 0.0:
        leaving = float(np.average(hazard[young, LEAVING], weights=residents[young])) * MONTHS_PER_YEAR
        leaving = max(leaving, _BARELY)
        gone = -math.expm1(-leaving * years[0])
        rate[0] = gone / (years[0] - gone / leaving)
    monthly: Floats = rate[_BAND] / MONTHS_PER_YEAR
    return monthly


def _net_by_stage(needed: Floats, residents: Floats) -> Floats:
    """Arrivals by cell: what each stage of life needs on balance, among its cells that need any."""
    stage = np.digitize(_BAND, _STAGES) + len(AGE_BANDS) * (_CHILDREN > 0)
    wanted = np.maximum(needed, 0.0)
    arriving = np.zeros(N_CELLS)
    for group in np.unique(stage):
        here = stage == group
        if wanted[here].sum() > 0.0:
            arriving[here] = wanted[here] * max(needed[here].sum(), 0.0) / wanted[here].sum()
    mix: Floats = arriving / arriving.sum() if arriving.sum() > 0.0 else residents
    return mix


def _cumulative(shares: Floats) -> Floats:
    """Running total, ending at exactly 1."""
    total: Floats = np.cumsum(shares) / math.fsum(shares)
    total[-1] = 1.0
    return total
