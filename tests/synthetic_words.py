"""The words and beliefs that travel with the made-up results."""

from __future__ import annotations

from typing import Any, Final

SERVICES: Final[dict[str, dict[str, Any]]] = {
    "family_support": {
        "title": "Family support workers",
        "tier": "early",
        "agency": "council_children",
        "payers": {"council_children": 0.8, "schools": 0.2},
        "capacity_known": True,
    },
    "housing_advice": {
        "title": "Housing advice",
        "tier": "early",
        "agency": "council_housing",
        "payers": {"council_housing": 1.0},
        "capacity_known": True,
    },
    "talking_therapies": {
        "title": "Talking therapies",
        "tier": "targeted",
        "agency": "nhs",
        "payers": {"nhs": 1.0},
        "capacity_known": True,
        "waits_checked": "81% seen within six weeks, as published",
    },
    "employment_support": {
        "title": "Help into work",
        "tier": "early",
        "agency": "council_corporate",
        "payers": {"council_corporate": 0.5, "dwp": 0.5},
        "capacity_known": False,
    },
    "child_social_work": {
        "title": "Children's social work",
        "tier": "targeted",
        "agency": "council_children",
        "payers": {"council_children": 1.0},
        "capacity_known": True,
    },
    "temporary_accommodation": {
        "title": "Temporary accommodation",
        "tier": "crisis",
        "agency": "council_housing",
        "payers": {"council_housing": 0.55, "dwp": 0.45},
        "capacity_known": True,
    },
    "looked_after": {
        "title": "Children looked after",
        "tier": "crisis",
        "agency": "council_children",
        "payers": {"council_children": 1.0},
        "capacity_known": True,
    },
    "mental_health_crisis": {
        "title": "Mental health crisis team",
        "tier": "crisis",
        "agency": "nhs",
        "payers": {"nhs": 0.95, "police": 0.05},
        "capacity_known": False,
    },
}
COSTS: Final[dict[str, dict[str, Any]]] = {
    "out_of_work": {"title": "Out-of-work benefits", "payers": {"dwp": 1.0}},
    "emergency_care": {"title": "Emergency hospital care", "payers": {"nhs": 1.0}},
    "offending": {"title": "Crime and its victims", "payers": {"police": 0.4, "justice": 0.4, "households": 0.2}},
    "rent_arrears": {"title": "Rent arrears and evictions", "payers": {"housing_associations": 0.7, "households": 0.3}},
}
OUTCOMES: Final[dict[str, dict[str, Any]]] = {
    "crisis_episodes": {
        "title": "Households entering crisis",
        "unit": "per 1,000 households per year",
        "combine": "mean",
        "better": "lower",
    },
    "children_looked_after": {
        "title": "Children looked after",
        "unit": "per 10,000 children",
        "combine": "last",
        "better": "lower",
    },
    "homelessness_duty": {
        "title": "Accepted as homeless",
        "unit": "per 1,000 households per year",
        "combine": "mean",
        "better": "lower",
    },
    "sustained_work": {
        "title": "People moving into lasting work",
        "unit": "count",
        "combine": "sum",
        "better": "higher",
    },
    "qaly_loss": {"title": "Healthy years lost", "unit": "years", "combine": "sum", "better": "lower"},
}


def make_meta() -> dict[str, Any]:
    """The words that travel with the results."""
    meanings = [
        (
            "front_door.arrival.single",
            "Chance that a referral arrives after one shared assessment",
            "assumed",
            0.71,
            0.70,
            "probability",
        ),
        (
            "needs.share_causal",
            "Share of the link between two needs in which one causes the other",
            "assumed",
            0.55,
            0.30,
            "share",
        ),
        (
            "effects.family_support.published",
            "Families helped early whose child is later looked after, against matched families",
            "published",
            0.52,
            0.68,
            "ratio",
        ),
        (
            "services.looked_after.unit_cost",
            "Cost of a child looked after for a month",
            "published",
            0.44,
            3408,
            "GBP per case-month",
        ),
        (
            "needs.family.sudden_share",
            "Share of entries to care that no early sign came before",
            "assumed",
            0.4,
            0.6,
            "share",
        ),
        (
            "services.family_support.take_up",
            "Share of families offered support who take it up",
            "elicited",
            0.33,
            0.62,
            "share",
        ),
        (
            "needs.family.up",
            "Chance that strain in a family grows in a month without help",
            "calibrated",
            0.3,
            0.011,
            "per month",
        ),
        (
            "services.family_support.fade",
            "Months until the good of family support has faded",
            "assumed",
            -0.27,
            18,
            "months",
        ),
        (
            "coupling.association",
            "How much more often work and mental health trouble go together",
            "measured",
            0.2,
            2.1,
            "ratio",
        ),
        (
            "services.housing_advice.cost_per_fte",
            "What a housing adviser costs in a year",
            "published",
            0.12,
            41000,
            "GBP per FTE-year",
        ),
        ("front_door.trust", "How trust changes whether people come forward", "assumed", 0.05, 1.0, "ratio"),
    ]
    beliefs = [
        {
            "name": name,
            "meaning": meaning,
            "value": value,
            "unit": unit,
            "low": value * 0.7,
            "high": value * 1.3,
            "level": 0.9,
            "evidence": grade,
            "source": "assumed" if grade == "assumed" else "National statistics, 2015",
        }
        for name, meaning, grade, _, value, unit in meanings
    ]
    return {
        "scenarios": {
            "as_now": {"title": "As now", "question": "What happens if nothing changes?"},
            "whole_system": {
                "title": "Acting earlier, together",
                "question": (
                    "Does acting earlier, across all agencies, cost the whole system less and leave people better off?"
                ),
            },
            "same_money": {
                "title": "The same money on more of as now",
                "question": "Would the same budget do as much if it bought more of today's services?",
            },
        },
        "services": SERVICES,
        "costs": COSTS,
        "outcomes": OUTCOMES,
        "effects": {
            "family_support": {
                "title": "Family support on family strain",
                "published": "32% fewer children looked after at 19 to 24 months (matched families)",
                "hazard_ratio": {"family.emerging.up": 0.91, "family.established.up": 0.91},
                "replayed": False,
                "evidence": "published",
            },
            "talking_therapies": {
                "title": "Talking therapies on common mental disorder",
                "published": "46% recovered after treatment",
                "hazard_ratio": {"mental_health.established.down": 1.35},
                "replayed": True,
                "evidence": "published",
            },
            "nurse_visits": {
                "title": "Nurse visits to young mothers",
                "published": "no effect found (randomised trial)",
                "hazard_ratio": {"family.emerging.up": 1.0},
                "replayed": False,
                "evidence": "published",
            },
            "help_into_work": {
                "title": "Help into work for people far from work",
                "published": "no controlled study",
                "hazard_ratio": {"work.crisis.exit": 1.0},
                "replayed": False,
                "has_control": False,
                "evidence": "assumed",
            },
        },
        "beliefs": beliefs,
        "belief_ranking": [
            {
                "name": name,
                "moved": 400.0 * strength,
                "low": 400.0 * strength - 60.0,
                "high": 400.0 * strength + 60.0,
                "by_chance": 110.0,
                "explained": 0.41,
                "n_told": sum(abs(400.0 * one[3]) > 110.0 for one in meanings),
                "n_beliefs": 312,
                "runs": 192,
                "households": 2000,
                "evidence": grade,
            }
            for name, _, grade, strength, _, _ in meanings
        ],
        "place": {
            "title": "Hackney",
            "cannot_tell": (
                "With 20,000 households simulated, about 40 children a year enter care. A change of "
                "under 5% in that number cannot be told from luck."
            ),
            "multipliers": {"work": 1.04, "housing": 2.61, "mental_health": 0.97, "family": 1.18, "safety": 1.09},
        },
        "targets": [
            {
                "target": "homelessness_acceptances",
                "unit": "per 1,000 households per year",
                "published": 8.3,
                "model": 8.1,
                "difference": -0.2,
                "evidence": "published",
                "use": "fit",
                "low": 7.7,
                "high": 8.6,
                "runs": 20,
                "note": "2012 to 2015",
            },
            {
                "target": "children_looked_after",
                "unit": "per 10,000 children",
                "published": 60.0,
                "model": 62.4,
                "difference": 2.4,
                "evidence": "published",
                "use": "fit",
                "low": 58.0,
                "high": 66.0,
                "runs": 20,
                "note": "",
            },
            {
                "target": "children_in_need",
                "unit": "per 10,000 children",
                "published": 410.0,
                "model": 492.0,
                "difference": 82.0,
                "evidence": "published",
                "use": "check",
                "low": 470.0,
                "high": 514.0,
                "runs": 20,
                "note": "includes plans and children looked after",
            },
            {
                "target": "seen_within_six_weeks",
                "unit": "share",
                "published": 0.81,
                "model": 0.78,
                "difference": -0.03,
                "evidence": "published",
                "use": "hold",
                "low": 0.74,
                "high": 0.83,
                "runs": 20,
                "note": "talking therapies",
            },
        ],
        "not_known": ["Neighbours do not affect one another in these runs."],
    }
