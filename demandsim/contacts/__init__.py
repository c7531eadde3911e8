"""Everyday contact, and how need comes to notice.

Takes the drawn beliefs; gives the hazard of contact by need and state, and month by month what becomes of contacts
about repairs, benefits, streets and the like. Never decides what a contact about a need leads to.
"""

from demandsim.contacts.channels import Mix, mix_channels, noticing_by_tenure
from demandsim.contacts.hazards import build_contact_hazards
from demandsim.contacts.matters import (
    Desk,
    MonthOfContacts,
    StreamState,
    first_contacts,
    repair_hazards,
    start_state,
    step_streams,
    work_pence,
)
from demandsim.contacts.streams import Streams, build_streams, planned_posts

__all__ = [
    "Desk",
    "Mix",
    "MonthOfContacts",
    "StreamState",
    "Streams",
    "build_contact_hazards",
    "build_streams",
    "first_contacts",
    "mix_channels",
    "noticing_by_tenure",
    "planned_posts",
    "repair_hazards",
    "start_state",
    "step_streams",
    "work_pence",
]
