"""The variables of a result, with dimensions, unit, meaning and how each combines: one list for writers and readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

#: Shares of households, from the costliest, whose part of attributable cost is reported.
CONCENTRATION_SHARES: Final = (0.01, 0.05, 0.10)


@dataclass(frozen=True)
class Variable:
    """One variable of a result, per scenario, draw and replicate.

    Attributes
    ----------
    name : str
    dims : tuple of str
        After scenario, draw and replicate.
    unit, meaning : str
    combine : {"sum", "mean", "last"}
        How values over years or months become one.
    """

    name: str
    dims: tuple[str, ...]
    unit: str
    meaning: str
    combine: Literal["sum", "mean", "last"]


VARIABLES: Final = (
    Variable(
        "cost",
        ("account", "payer", "category", "year"),
        "GBP",
        "Cost to each payer in the study's price year. Two accounts, never added: cash (posts paid, purchases, "
        "placements, benefits) and activity (the same valued at unit cost).",
        "sum",
    ),
    Variable(
        "activity",
        ("service", "event", "month"),
        "count, or months for times",
        "What happened to referrals and cases; stocks (waiting, open) are at the month's end.",
        "sum",
    ),
    Variable(
        "state_months",
        ("area", "need", "state", "year"),
        "household-months",
        "Time households spent in each state.",
        "sum",
    ),
    Variable(
        "unmet",
        ("need", "year"),
        "household-months",
        "At established or worse with no open case for that need, counted at month ends.",
        "sum",
    ),
    Variable("outcome_value", ("outcome", "year"), "see outcome", "Outcomes in published units.", "mean"),
    Variable(
        "door",
        ("door_event", "month"),
        "count, or months for times",
        "Contacts and what the front door did with them.",
        "sum",
    ),
    Variable(
        "contacts",
        ("stream", "contact_kind", "month"),
        "count, GBP for money, tonnes for waste",
        "Everyday contact in expectation: what it was, how it came, what it cost; pending is at the month's end.",
        "sum",
    ),
    Variable(
        "purses",
        ("purse", "purse_item", "year"),
        "GBP",
        "Each agency's year: budget, what was spent, what its April was short of, cut, left unfunded, held in reserve.",
        "last",
    ),
    Variable(
        "exported", ("need", "state", "year"), "households", "Households that left the place, by need and state.", "sum"
    ),
    Variable(
        "overspend",
        ("service", "year"),
        "GBP",
        "Spent beyond capacity: overtime, and places bought at the spot price.",
        "sum",
    ),
    Variable(
        "cause_effect",
        ("cause", "measure"),
        "by measure",
        "Difference from the study's first scenario by the first event at which lives part; with the change in posts, "
        "contact and programme cost it sums to the whole difference.",
        "sum",
    ),
    Variable(
        "high_need",
        ("high_need_group", "high_need_measure", "year"),
        "households, or GBP",
        "Households in high need as the year ends, and the attributable cash of the year that they cause.",
        "mean",
    ),
    Variable(
        "work_pathways",
        ("work_group", "work_event", "state", "year"),
        "household-months, or events",
        "Ways into work, watched month by month: by age and mental health, by distance from work; and whom a provider "
        "paid by results could have taken, took and helped.",
        "sum",
    ),
    Variable(
        "concentration",
        ("share_of_households",),
        "share",
        "Part of attributable cash that the costliest households account for.",
        "mean",
    ),
)
