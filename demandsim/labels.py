"""Every name allowed on an axis of a result, in its fixed order.

The order is part of the contract: columns, tables and addressed draws use the position.
"""

from __future__ import annotations

from typing import Final

NEEDS: Final = ("work", "money", "housing", "mental_health", "family", "care", "safety")
STATES: Final = ("none", "emerging", "established", "complex", "crisis")
TENURES: Final = ("owner", "social", "private", "other")
AGE_BANDS: Final = ("under_25", "25_44", "45_64", "65_74", "75_84", "85_over")
HOUSEHOLD_TYPES: Final = (
    "one_adult",
    "two_adults",
    "more_adults",
    "one_adult_children",
    "two_adults_children",
    "more_adults_children",
)
TIERS: Final = ("universal", "early", "targeted", "crisis")
ACCOUNTS: Final = ("cash", "activity")

PAYERS: Final = (
    "council_adults",
    "council_children",
    "council_housing",
    "council_corporate",
    "nhs",
    "dwp",
    "treasury",
    "police",
    "justice",
    "schools",
    "housing_associations",
    "voluntary_sector",
    "households",
)
#: The four council departments are one purse to a councillor.
COUNCIL: Final = ("council_adults", "council_children", "council_housing", "council_corporate")

PAYER_TITLES: Final = {
    "council_adults": "Council: adults",
    "council_children": "Council: children",
    "council_housing": "Council: housing",
    "council_corporate": "Council: corporate",
    "nhs": "NHS",
    "dwp": "DWP and Jobcentre Plus",
    "treasury": "Treasury",
    "police": "Police",
    "justice": "Courts, prisons and probation",
    "schools": "Schools",
    "housing_associations": "Housing associations and landlords",
    "voluntary_sector": "Voluntary sector",
    "households": "Households themselves",
}

#: What can happen to a referral, counted by service and month. ``*time`` are month-lengths, the rest are counts.
EVENTS: Final = (
    "referral",  # joined the service's list (or was admitted at once)
    "declined",  # offered and not taken up, or not eligible
    "not_arrived",  # referred to another door and never got there
    "admitted",  # help began
    "completed",  # help ran its length or the need was resolved
    "dropped_out",  # left help before it ended
    "lapsed",  # left the list unhelped: gave up, need went away, or moved out
    "spot_admitted",  # admitted beyond capacity, at the spot price
    "waiting",  # on the list at the end of the month
    "open",  # being helped at the end of the month
    "case_time",  # months of help given this month
    "overtime",  # of which given by staff beyond the hours in post
    "spot_time",  # of which bought at the spot price
    "wait_time",  # months waited, in all, by those admitted this month
    "list_time",  # months spent on the list this month, by all who were on it
    "waited_six_weeks",  # of those admitted this month, who waited six weeks or less
    "left_area",  # open cases whose household moved out
    "recovered",  # of those completed, whose need had fallen below the state at which the line opens
    "re_referral",  # of referrals, within twelve months of the household's last of the same kind that is counted so
)

#: What happens at the front door, counted by month.
DOOR_EVENTS: Final = (
    "contacts",
    "needs_noticed",
    "turned_away",
    "hand_offs",
    "asked_twice",
    "sent_to_manager",
    "repeat_contacts",
    "manager_time",  # a time, as those of `EVENTS`
)

#: Spells out of work, counted by the year in which each thing happens: begun, ended, or cut off because the household
#: moved away; 26 and 52 weeks are six and twelve months.
SPELLS: Final = ("begun", "left_in_26_weeks", "left_in_52_weeks", "moved_in_26_weeks", "moved_in_52_weeks")

#: Households in high need at the end of a year, by the states that their needs are in then: severe or persisting mental
#: illness; substantial help needed by somebody of working age; homeless. One household may be in several.
HIGH_NEED: Final = ("mental_health", "disabled_working_age", "homeless", "more_than_one", "any_of_them", "everybody")
HIGH_NEED_MEASURES: Final = ("households", "gbp")

#: Why a household's life differs between two worlds (``posts`` is the change in posts paid, which no household lives).
CAUSES: Final = ("direct", "queue", "budget", "posts")
CAUSE_MEASURES: Final = ("households", "months_waited", "gbp")

N_NEEDS: Final = len(NEEDS)
N_STATES: Final = len(STATES)
CRISIS: Final = STATES.index("crisis")
EMERGING: Final = STATES.index("emerging")
ESTABLISHED: Final = STATES.index("established")
COMPLEX: Final = STATES.index("complex")
HOUSING: Final = NEEDS.index("housing")
WORK: Final = NEEDS.index("work")
MENTAL_HEALTH: Final = NEEDS.index("mental_health")
FAMILY: Final = NEEDS.index("family")
CARE: Final = NEEDS.index("care")
