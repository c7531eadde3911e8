"""Children of school age by year, in proportion to the households of a place: added up, never simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from demandsim.errors import Fault, RequestError
from demandsim.place.path import households_present
from demandsim.place.place import Place
from demandsim.place.schema import SCHOOL_KEYS
from demandsim.quantities import MONTHS_PER_YEAR, fiscal_year, month_number

#: Pupils in a form, and years of age of each school: 4 to 10, and 11 to 15.
FORM: Final = 30
PRIMARY: Final = 7
SECONDARY: Final = 5
#: Ages under 18, all taken to be equally many: in life younger children are a few in a hundred more in a young borough.
AGES: Final = 18
COUNTED: Final = "people.under_18_2019"
FORMS: Final = "schools.forms_planned"
COUNTED_IN: Final = "2019-06"


@dataclass(frozen=True)
class Schooling:
    """Children of school age in one fiscal year's first month, and how many more than in the first year."""

    year: str
    primary: float
    secondary: float
    more_primary: float
    more_secondary: float


def count_pupils(place: Place, first: str, years: int, pace: float) -> list[Schooling]:
    """Children of school age, in proportion to the place's households as they follow its path.

    Parameters
    ----------
    place : Place
        With a count of residents under 18 in mid-2019, on which the path is laid.
    first : str
        Month of the first count, such as ``"2015-04"``.
    years : int
        Years after it.
    pace : float
        How far the path is followed: 0 not at all, 1 as stated.

    Returns
    -------
    list of Schooling
        One for the first month and one for each year after it.

    Raises
    ------
    RequestError
        If children have not been counted there, or years or pace are negative.
    """
    if COUNTED not in place.beliefs:
        what = f"children have not been counted in {place.title}."
        raise RequestError(Fault(f"places, {place.id}", what, f"Add {COUNTED} to its file."))
    if years < 0 or pace < 0.0:
        raise RequestError(f"Years and pace are not negative, as {years} and {pace:g} are.")
    begins, counted = month_number(first), month_number(COUNTED_IN)
    earliest = min(begins, counted)
    months = max(begins + years * MONTHS_PER_YEAR, counted) - earliest + 1
    present = households_present(place, place.households, earliest, months, np.full(months, pace))
    value = place.beliefs[COUNTED].central
    assert isinstance(value, float | int)
    children = value * present / present[counted - earliest]
    at = children[begins - earliest :: MONTHS_PER_YEAR][: years + 1]
    primary, secondary = at * PRIMARY / AGES, at * SECONDARY / AGES
    return [
        Schooling(
            fiscal_year(begins + year * MONTHS_PER_YEAR),
            float(primary[year]),
            float(secondary[year]),
            float(primary[year] - primary[0]),
            float(secondary[year] - secondary[0]),
        )
        for year in range(years + 1)
    ]


def forms_of(place: Place, given: Sequence[float] | None = None) -> tuple[float, float]:
    """Further forms of entry, primary and secondary: as given, or else as the place states them.

    Raises
    ------
    RequestError
        If none are given and the place states none, or one is negative.
    """
    if given is None:
        if FORMS not in place.beliefs:
            what = f"no plan of school places is stated for {place.title}."
            raise RequestError(Fault(f"places, {place.id}", what, f"Give --forms PRIMARY SECONDARY, or add {FORMS}."))
        given = [float(number) for number in place.figures(FORMS, SCHOOL_KEYS)]
    primary, secondary = given
    if min(primary, secondary) < 0.0:
        raise RequestError(f"Forms of entry are not negative, as {primary:g} and {secondary:g} are.")
    return primary, secondary


def places_of(primary_forms: float, secondary_forms: float) -> tuple[float, float]:
    """Places that so many further forms of entry make, primary and secondary, once every year of age has them."""
    return FORM * PRIMARY * primary_forms, FORM * SECONDARY * secondary_forms
