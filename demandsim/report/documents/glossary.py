"""The glossary: every name on an axis with its meaning, and the terms of the field as they are used here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from demandsim.chance import Decision, ServiceDecision
from demandsim.labels import CAUSES, DOOR_EVENTS, EVENTS, NEEDS, PAYER_TITLES, STATES, TIERS
from demandsim.parameters.belief import GRADES, ROLES
from demandsim.report.documents.figures import readable
from demandsim.report.documents.markdown import code, heading, page, table
from demandsim.report.documents.terms import (
    CAUSE_MEANINGS,
    DOOR_MEANINGS,
    EVENT_MEANINGS,
    LADDERS,
    QUEUE_MEANINGS,
    ROLE_MEANINGS,
    SEVERITY,
    TERMS,
    TIER_MEANINGS,
)
from demandsim.report.words import GRADES as GRADE_MEANINGS
from demandsim.services.tables import QUEUE_RULES


def glossary_page() -> str:
    """All of it, in the order in which a reader meets it.

    Raises
    ------
    KeyError
        If a label has no meaning here: a new name needs one.
    """
    return page(
        "Glossary",
        heading("Terms"),
        table(("term", "as used here"), sorted(TERMS.items())),
        heading("Needs and their states"),
        "States order how severe a need is, not which service is used. A household's state is that of its worst-off "
        "member in scope.",
        ladder_block(),
        *_labels("What happens to referrals and cases", "event", EVENTS, EVENT_MEANINGS),
        *_labels("What happens at the front door", "event", DOOR_EVENTS, DOOR_MEANINGS),
        *_labels("Why a life differs between two scenarios", "cause", CAUSES, CAUSE_MEANINGS),
        *_labels("Kinds of help", "tier", TIERS, TIER_MEANINGS),
        *_labels("Who is helped next", "rule", QUEUE_RULES, QUEUE_MEANINGS),
        *_labels("Who pays", "payer", tuple(PAYER_TITLES), PAYER_TITLES),
        *_labels("How well a figure is known", "grade", GRADES, GRADE_MEANINGS),
        *_labels("What may move a belief", "role", ROLES, ROLE_MEANINGS),
    )


def ladder_block() -> str:
    """What each state of each need means."""
    rows = [[readable(need), *(LADDERS[need][state] for state in STATES)] for need in NEEDS]
    general = ["any need", *(SEVERITY[state] for state in STATES)]
    return table(("need", *STATES), [general, *rows])


def decisions_block() -> str:
    """Every decision that takes a draw, with its fixed code."""
    rows: list[list[object]] = [[decision.value, readable(decision.name.lower())] for decision in Decision]
    own = ", ".join(f"{word.value} {readable(word.name.lower())}" for word in ServiceDecision)
    rows[-1][1] = f"service lines: 64 + 8 × the line's code + one of {own}"
    return table(("code", "decision"), rows)


def _labels(title: str, what: str, labels: Sequence[str], meanings: Mapping[str, str]) -> list[str]:
    return [heading(title), table((what, "meaning"), ([code(label), meanings[label]] for label in labels))]
