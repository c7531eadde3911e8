"""Which figures a place states, in which unit and under which labels.

Takes nothing; gives `FIGURES`, from which files are checked and documented. Never reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from demandsim.labels import AGE_BANDS, HOUSEHOLD_TYPES, NEEDS, TENURES
from demandsim.place.deprivation import CUT_KEYS, DECILE_KEYS

CHILDREN_KEYS: Final = ("1", "2", "3", "4")
MORE_ADULTS_KEYS: Final = ("3", "4", "5")
BIRTH_KEYS: Final = ("0", "1", "2", "3")
SCHOOL_KEYS: Final = ("primary", "secondary")
PARTING_KEYS: Final = tuple(name for name in HOUSEHOLD_TYPES if not name.startswith("one_adult"))

#: ``mix``: shares that sum to 1. ``above_zero``: every entry. ``part``: above 0 and at most 0.9.
#: ``whole``: whole numbers, one of them above 0. ``falling``: each below the one before.
Rule = Literal["any", "mix", "above_zero", "part", "whole", "falling"]


class Figure(NamedTuple):
    """What a figure must look like; ``labels`` is empty for a single figure."""

    unit: str
    labels: tuple[str, ...] = ()
    rule: Rule = "any"
    required: bool = True
    inherited: bool = True  # counts belong to one place and are never taken from the place it is like
    dated: bool = False  # holds at least two dates, and no single value


FIGURES: Final[Mapping[str, Figure]] = {
    "households.census_2011": Figure("households", rule="above_zero", required=False, inherited=False),
    "households.census_2021": Figure("households", rule="above_zero", required=False, inherited=False),
    "households.path": Figure("households", rule="above_zero", required=False, inherited=False, dated=True),
    "people.path": Figure("persons", rule="above_zero", required=False, inherited=False, dated=True),
    "people.per_household": Figure("persons", rule="above_zero", required=False, inherited=False),
    "people.usual_residents_2021": Figure("persons", required=False, inherited=False),
    "people.all_2019": Figure("persons", required=False, inherited=False),
    "people.under_18_2019": Figure("persons", required=False, inherited=False),
    "people.aged_65_over_2019": Figure("persons", required=False, inherited=False),
    "schools.forms_planned": Figure("count", SCHOOL_KEYS, required=False, inherited=False),
    "areas.by_decile": Figure("count", DECILE_KEYS, rule="whole", required=False, inherited=False),
    "deprivation.score_cuts": Figure("index", CUT_KEYS, rule="falling"),
    "tenure.mix": Figure("share", TENURES, rule="mix"),
    "household_type.mix": Figure("share", HOUSEHOLD_TYPES, rule="mix"),
    "household_type.adults_when_more": Figure("share", MORE_ADULTS_KEYS, rule="mix"),
    "children.per_household": Figure("share", CHILDREN_KEYS, rule="mix"),
    "age.without_children": Figure("share", AGE_BANDS, rule="mix"),
    "age.with_children": Figure("share", AGE_BANDS, rule="mix"),
    "churn.moved_in_year": Figure("share", rule="part"),
    "churn.by_tenure": Figure("ratio", TENURES, rule="above_zero"),
    "churn.by_age": Figure("ratio", AGE_BANDS, rule="above_zero"),
    "mortality.by_age": Figure("per year", AGE_BANDS),
    "births.by_children": Figure("ratio", BIRTH_KEYS),
    "births.by_age": Figure("ratio", AGE_BANDS),
    "partings.by_type": Figure("per year", PARTING_KEYS),
    "turning_18.stays": Figure("share"),
    "place_multiplier": Figure("ratio", NEEDS),
}
