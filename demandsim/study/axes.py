"""Axes of results that are the same in every study: names and measures, in their fixed order."""

from __future__ import annotations

from typing import Any

from demandsim.labels import (
    ACCOUNTS,
    CAUSE_MEASURES,
    CAUSES,
    DOOR_EVENTS,
    EVENTS,
    HIGH_NEED,
    HIGH_NEED_MEASURES,
    NEEDS,
    PAYERS,
    STATES,
)
from demandsim.ledger.outcomes import OUTCOMES
from demandsim.ledger.variables import CONCENTRATION_SHARES
from demandsim.parameters.vocabulary import CONTACT_KINDS


def fixed_axes() -> dict[str, list[Any]]:
    """Labels by dimension."""
    from demandsim.model.budgeting import PURSE_ITEMS
    from demandsim.study.pathways import WORK_EVENTS, WORK_GROUPS

    return {
        "account": list(ACCOUNTS),
        "payer": list(PAYERS),
        "event": list(EVENTS),
        "need": list(NEEDS),
        "state": list(STATES),
        "outcome": [outcome.name for outcome in OUTCOMES],
        "door_event": list(DOOR_EVENTS),
        "contact_kind": list(CONTACT_KINDS),
        "purse_item": list(PURSE_ITEMS),
        "cause": list(CAUSES),
        "measure": list(CAUSE_MEASURES),
        "share_of_households": list(CONCENTRATION_SHARES),
        "high_need_group": list(HIGH_NEED),
        "high_need_measure": list(HIGH_NEED_MEASURES),
        "work_group": list(WORK_GROUPS),
        "work_event": list(WORK_EVENTS),
    }
