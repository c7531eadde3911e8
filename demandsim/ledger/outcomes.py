"""The outcomes that results carry: one list for writers and readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True)
class Outcome:
    """One outcome that results carry.

    Attributes
    ----------
    name, title, unit : str
    combine : {"sum", "mean", "last"}
        How years become one figure.
    better : {"lower", "higher", "neither"}
        Neither where more may mean that more is known.
    """

    name: str
    title: str
    unit: str
    combine: Literal["sum", "mean", "last"]
    better: Literal["lower", "higher", "neither"] = "lower"


OUTCOMES: Final = (
    Outcome("crisis_months", "Time in crisis, all needs", "household-months", "sum"),
    Outcome("quality_of_life_lost", "Quality of life lost to need", "quality-adjusted life years", "sum"),
    Outcome("unmet_months", "Established need without help", "household-months", "sum"),
    Outcome("turned_away", "Contacts turned away below the threshold", "contacts", "sum"),
    Outcome("hand_offs", "Referrals sent on to another door", "referrals", "sum"),
    Outcome("employment_deprived_share", "Adults of working age out of work", "share", "mean"),
    Outcome("common_mental_disorder_share", "Adults with a common mental disorder or worse", "share", "mean"),
    Outcome("over_indebted_share", "Over-indebted adults", "share", "mean"),
    Outcome("main_duty_acceptances", "Homeless households accepted", "per 1,000 households per year", "mean"),
    Outcome("temporary_accommodation_stock", "Households in temporary accommodation", "per 1,000 households", "last"),
    Outcome("children_in_need_stock", "Children in need", "per 10,000 children", "last"),
    Outcome("children_in_need_starts", "Children newly in need", "per 10,000 children per year", "mean"),
    Outcome("child_protection_plans_stock", "Children on protection plans", "per 10,000 children", "last"),
    Outcome("looked_after_stock", "Looked-after children", "per 10,000 children", "last"),
    Outcome("looked_after_starts", "Children starting to be looked after", "per 10,000 children per year", "mean"),
    Outcome("looked_after_exits", "Children ceasing to be looked after", "per 10,000 children per year", "mean"),
    Outcome(
        "children_in_need_referrals", "Referrals to children's social care", "per 10,000 children per year", "mean",
        "neither",
    ),
    Outcome("re_referrals_share", "Referrals within a year of an earlier one", "share", "mean"),
    Outcome("domestic_abuse_women_share", "Women abused in the past year", "share", "mean"),
    Outcome("police_domestic_abuse_calls", "Police domestic abuse calls", "per 1,000 households per year", "mean"),
    Outcome("domestic_abuse_repeats_share", "Police domestic abuse calls within a year of another", "share", "mean"),
    Outcome("long_term_social_care", "Adults in long-term social care", "per 1,000 households per year", "mean"),
    Outcome(
        "talking_therapies_referrals", "People referred to therapy", "per 1,000 households per year", "mean", "neither"
    ),
    Outcome("talking_therapies_entered", "People starting therapy", "per 1,000 households per year", "mean", "higher"),
    Outcome("talking_therapies_six_weeks_share", "Talking therapy started within six weeks", "share", "mean", "higher"),
    Outcome(
        "talking_therapies_finished", "People finishing a course of therapy", "per 1,000 households per year", "mean",
        "higher",
    ),
    Outcome("talking_therapies_recovery_share", "Recovered by the end of therapy", "share", "mean", "higher"),
    Outcome("jobseeker_off_flow_26_weeks", "Job seekers who leave within 26 weeks", "share", "mean", "higher"),
    Outcome("jobseeker_off_flow_52_weeks", "Job seekers who leave within 52 weeks", "share", "mean", "higher"),
    Outcome("common_mental_disorder_treated_share", "Mental disorder with help", "share", "mean", "higher"),
    Outcome(
        "homeless_three_or_more_needs_share",
        "Homeless with three or more further needs known",
        "share",
        "mean",
        "neither",
    ),
    Outcome("asked_twice", "Households asked to tell it all again", "hand-offs", "sum"),
    Outcome("mean_trust", "Trust in services (full trust is 100%)", "share", "mean", "higher"),
    Outcome("homes_in_disrepair", "Homes with a repair not done", "per 1,000 households", "mean"),
    Outcome("failure_demand_share", "Everyday contact that chases or complains", "share", "mean"),
)  # fmt: skip
