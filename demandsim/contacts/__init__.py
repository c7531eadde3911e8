"""Everyday contact, and how need comes to notice.

Takes the drawn beliefs; gives the hazard of contact by need and state. Never decides what a contact leads to.
"""

from demandsim.contacts.hazards import build_contact_hazards

__all__ = ["build_contact_hazards"]
