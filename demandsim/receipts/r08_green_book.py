"""R8: the Green Book's discount factors and annuities."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from functools import cache, partial
from typing import Final

from demandsim.comparison.appraisal import DiscountSchedule, Segment, annuity, discount_factor, schedule_on
from demandsim.comparison.discounting import read_schedule
from demandsim.parameters import load_parameters
from demandsim.receipts.receipt import Receipt
from demandsim.study.folders import find_configs

_GREEN_BOOK: Final = "HM Treasury, The Green Book (2022), annex A6: 3.5% to year 30, 3.0% to 75, 2.5% to 125"
_STANDARD: Final = DiscountSchedule(
    name="standard",
    valid_from=date(2003, 4, 1),
    segments=(Segment(30, 0.035), Segment(75, 0.030), Segment(125, 0.025)),
)
#: A made-up later review: the schedule in force is chosen by date, so it must not disturb an appraisal of 2016.
_LATER: Final = DiscountSchedule("standard", date(2026, 4, 1), (Segment(math.inf, 0.02),))
_APPRAISAL_DAY: Final = date(2016, 4, 1)

_FACTORS: Final = {1: ".966184", 5: ".841973", 10: ".708919", 30: ".356278", 31: ".345901", 50: ".197263"}
_ANNUITIES: Final = {5: "4.515052", 10: "8.316605"}


def _schedule() -> DiscountSchedule:
    return schedule_on((_STANDARD, _LATER), _APPRAISAL_DAY)


def _factor(year: int) -> float:
    return discount_factor(float(year), _schedule())


@cache
def _shipped() -> DiscountSchedule:
    """The schedule that every discounted result of this project uses."""
    rates = load_parameters(find_configs() / "parameters")["appraisal.discount_rate"].central
    assert isinstance(rates, Mapping)
    return read_schedule(rates)


def _factor_as_used(year: int) -> float:
    return discount_factor(float(year), _shipped())


def _annuity(years: int) -> float:
    return annuity(years, _schedule())


RECEIPTS: Final = (
    *(
        Receipt.printed("R8", f"discount factor, year {year}", _GREEN_BOOK, text, partial(_factor, year))
        for year, text in _FACTORS.items()
    ),
    *(
        Receipt.printed("R8", f"annuity, {years} years", _GREEN_BOOK, text, partial(_annuity, years))
        for years, text in _ANNUITIES.items()
    ),
    *(
        Receipt.printed(
            "R8",
            f"discount factor as results use it, year {year}",
            _GREEN_BOOK,
            text,
            partial(_factor_as_used, year),
        )
        for year, text in _FACTORS.items()
    ),
)
