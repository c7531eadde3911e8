"""How a household's needs come to the front door, and which of them a contact is about; written once, for one row."""

from __future__ import annotations

import math

from demandsim.chance import Decision, draw_uniform
from demandsim.compiling import inner_rule
from demandsim.labels import N_NEEDS
from demandsim.services.cases.step import case_detection
from demandsim.services.step import trusting

_CONTACT_NEED = int(Decision.CONTACT_NEED)


@inner_rule
def willingness(house, now):
    """Ratio that a household's trust puts on the contact it makes by itself."""
    return math.exp(now.trust_contact * trusting(house, now)) if now.trust_contact != 0.0 else 1.0


@inner_rule
def readiness(house, now):
    """Ratio on the contact a household makes by itself: its trust, whether it can, and a refusal not long ago.

    Never above its willingness, which bounds the screen: digital channels and refusals keep people away.
    """
    ready = willingness(house, now)
    if house.is_excluded:
        ready *= now.reach
    if now.month - house.put_off <= now.put_off_months:
        ready *= now.put_off
    return ready


@inner_rule
def _need_contact(house, needs, need, ready, seen, watched, in_help):
    """Hazard that a household's need comes to the front door: it asks, or somebody notices."""
    state = house.state[need]
    hazard = needs.contact[need, state] * ready
    if (watched >> need) & 1:
        hazard *= in_help
    if state > 0 and not (house.recognised >> need) & 1:
        hazard += seen
    return hazard


@inner_rule
def contact_hazard(house, cases, needs, lines, ready, noticing, in_help):
    """Hazard that any need of a household comes to the front door.

    ``noticing`` is what everyday contact and outreach add for a need that no service knows of.
    """
    total = 0.0
    if house.head < 0:  # most households: nobody is in the home to notice, and no need is in help
        unknown = 0
        for need in range(N_NEEDS):
            state = house.state[need]
            total += needs.contact[need, state]
            unknown += state > 0 and not (house.recognised >> need) & 1
        return total * ready + unknown * noticing
    seen, watched = case_detection(cases, lines, house.head)
    for need in range(N_NEEDS):
        total += _need_contact(house, needs, need, ready, seen + noticing, watched, in_help)
    return total


@inner_rule
def presented_need(house, row, cases, needs, lines, now, ready, total):
    """The need a contact is about: a point on the line of the needs' hazards laid end to end."""
    point = total * draw_uniform(now.k0, now.k1, row, now.month, house.occupant, _CONTACT_NEED)
    seen, watched = case_detection(cases, lines, house.head)
    seen += now.noticing[house.tenure]
    presented = 0
    for need in range(N_NEEDS):
        hazard = _need_contact(house, needs, need, ready, seen, watched, needs.contact_in_help)
        if hazard > 0.0:
            presented = need
            if point < hazard:
                break
            point -= hazard
    return presented
