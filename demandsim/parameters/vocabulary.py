"""Which names may stand where in the parameter files.

Takes nothing; gives tables of allowed names built from `demandsim.labels`. Never reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from demandsim.labels import AGE_BANDS, HOUSEHOLD_TYPES, STATES, TENURES

QUEUE_RULES: Final = ("none", "first_come", "worst_first", "easiest_first", "nearest_crisis")
ORDERS_OF_CUTS: Final = ("pro_rata", "early_first", "by_value")
SCOPES: Final = ("everyone", "with_children", "working_age", "aged_65_over", "under_25", "aged_25_64")
NEED_SCOPES: Final = ("everyone", "working_age", "with_children")

#: Names a categorical belief may take, by the end of its own name.
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    ".queue": QUEUE_RULES,
    "order_of_cuts": ORDERS_OF_CUTS,
}
#: Names any other categorical belief may take, by its unit.
CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = {
    "need state": STATES,
    "rule": (*QUEUE_RULES, *ORDERS_OF_CUTS),
}

RUNGS: Final = STATES[:-1]
#: From which states each move of a need may start.
MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    "up": RUNGS,
    "down": STATES[1:],
    "sudden": STATES[:3],
    "exit": STATES,
}

#: Labels that a need's belief must hold, all of them and no others. A missing one would silently become something.
NEED_LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "up": MOVES["up"],
    "down": MOVES["down"],
    "sudden": MOVES["sudden"],
    "gradient": RUNGS,
    "frailty": RUNGS,
    "exposure_age": AGE_BANDS,
    "exposure_tenure": TENURES,
    "exposure_household": HOUSEHOLD_TYPES,
}
NEED_BELIEFS: Final = (*NEED_LABELS, "exit", "sudden_share", "duration", "relapse")
NEED_REQUIRED: Final = (*NEED_LABELS, "sudden_share", "duration", "relapse")

SERVICE_LEVERS: Final = ("opens_at", "closes_above", "fidelity")
SERVICE_COMMON: Final = (
    *SERVICE_LEVERS,
    "p_referred",
    "take_up",
    "p_eligible",
    "length",
    "patience",
    "drop_out",
    "lag",
    "fade",
    "detection",
    "payers",
)
SERVICE_STAFFED: Final = ("staff", "cases_per_fte", "cost_per_fte", "non_staff", "shift_share")
SERVICE_BOUGHT: Final = ("unit_cost",)
SERVICE_BELIEFS: Final = (*SERVICE_COMMON, *SERVICE_STAFFED, *SERVICE_BOUGHT, "spot_price")
SERVICE_REQUIRED: Final = (*SERVICE_LEVERS, "take_up", "drop_out", "lag", "fade", "detection", "payers")
#: Beliefs of a service that scenarios must be able to move.
ALWAYS_LEVERS: Final = ("opens_at", "closes_above", "staff", "shift_share")
#: Numbers that may be no lower than this though their unit allows it, by the end of the belief's name.
_LOWEST: Final[Mapping[str, float]] = {".grant": 0.0}
STAFFED_REQUIRED: Final = ("staff", "cases_per_fte", "cost_per_fte", "non_staff")

#: What effort that follows pay needs to be told, in the table `providers`.
PROVIDER_BELIEFS: Final = ("follows_pay", "least_effort", "most_effort")

EFFECT_BELIEFS: Final = ("published", "hazard_ratio")
COST_BELIEFS: Final = ("unit_cost", "payers")
SHOCK_BELIEFS: Final = ("ratio", "strength")
#: A cash-limited purse states them all, a demand-led one none.
PURSE_BELIEFS: Final = ("grant", "reserves", "elsewhere")

#: Ways in which a household reaches those who run a stream of contact; all but the web meet a person.
CHANNELS: Final = ("phone", "face", "web", "letter")
#: What happens to contacts and the matters they are about, counted by stream and month; ``pending`` is a stock.
CONTACT_COUNTS: Final = ("first", "repeats", "complaints", "settled", "given_up", "pending", "left_behind")
#: GBP a month: answering contacts, the work that follows, and what it brings in.
CONTACT_MONEY: Final = ("handling", "work", "income")
#: Tonnes a month of household waste, of the stream that takes it.
CONTACT_TONNES: Final = ("thrown_away", "recycled")
CONTACT_KINDS: Final = (*CONTACT_COUNTS, *CHANNELS, *CONTACT_MONEY, *CONTACT_TONNES)
STREAM_LEVERS: Final = ("staff", "volume")
#: Levers of the streams that charge or fine.
STREAM_OPTIONAL_LEVERS: Final = ("price",)
STREAM_REQUIRED: Final = (
    *STREAM_LEVERS,
    "rate",
    "channels",
    "first_contact",
    "fastest",
    "done_right",
    "chase",
    "complains",
    "gives_up",
    "utilisation",
    "cost_per_fte",
    "non_staff",
    "notices",
    "payers",
    "published_failure",
)
STREAM_BELIEFS: Final = (
    *STREAM_REQUIRED,
    *STREAM_OPTIONAL_LEVERS,
    "by_need",
    "scale",
    "growth",
    "night_time",
    "night_growth",
    "income",
)
#: Labels that a stream's belief must hold, all of them and no others.
STREAM_LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "rate": TENURES,
    "channels": CHANNELS,
    "published_failure": ("low", "typical", "high"),
}

#: Beliefs a table of each family may and must hold.
FAMILY_BELIEFS: Final[Mapping[str, tuple[str, ...]]] = {
    "services": SERVICE_BELIEFS,
    "effects": EFFECT_BELIEFS,
    "costs": COST_BELIEFS,
    "needs": NEED_BELIEFS,
    "shocks": SHOCK_BELIEFS,
    "agencies": PURSE_BELIEFS,
    "streams": STREAM_BELIEFS,
}
FAMILY_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "services": SERVICE_REQUIRED,
    "effects": ("hazard_ratio",),
    "costs": COST_BELIEFS,
    "needs": NEED_REQUIRED,
    "shocks": SHOCK_BELIEFS,
    "agencies": (),
    "streams": STREAM_REQUIRED,
}

#: Descriptors that any table may carry for its readers.
FREE_DESCRIPTORS: Final = ("title", "meaning", "note", "price_year")


def choices_of(name: str, unit: str) -> tuple[str, ...]:
    """The names a categorical belief may take; empty for a unit of numbers."""
    for ending, allowed in _CHOICES.items():
        if name.endswith(ending):
            return allowed
    return CATEGORIES.get(unit, ())


def lowest_of(name: str, low: float) -> float:
    """The lowest a belief may be: its unit's bound, or a higher one that goes with its name."""
    return max([low, *(bound for ending, bound in _LOWEST.items() if name.endswith(ending))])
