"""What providers paid by results make of a list and of a caseload, month by month."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import CRISIS, N_STATES, NEEDS, STATES
from demandsim.needs.tables import MOVES
from demandsim.parameters.descriptors import Service
from demandsim.parameters.drawing import Draw
from demandsim.policy.timeline import Timeline
from demandsim.services.providers import PROVIDER_MOVES, caseload_mix, provider_effort, provider_worth
from demandsim.services.tables import Records

Floats = NDArray[np.float64]

#: Where each move of a provider's tables stands in the tables of log hazard ratios.
_ORDER: Final = [MOVES.index(move) for move in PROVIDER_MOVES]


def build_incentives(
    draw: Draw, services: tuple[Service, ...], timeline: Timeline, needs: Records, log_ratios: Floats
) -> dict[str, Floats]:
    """Build what pay by results makes of lines, month by month.

    Parameters
    ----------
    draw : Draw
    services : tuple of Service
    timeline : Timeline
    needs : (1,) NEEDS_TABLE record
    log_ratios : ndarray, shape (lines, 7, 5, 4)
        Of each line's help, at full effect.

    Returns
    -------
    dict of field of ``LINE`` to ndarray
        ``worth`` and ``effort`` by line, month and state, and ``usual_worth`` by line and month. A line that is not
        paid by results has worth 0 and effort 1.
    """
    months = timeline.run_in + timeline.n_months
    worth = np.zeros((len(services), months, N_STATES))
    effort = np.ones((len(services), months, N_STATES))
    usual = np.zeros((len(services), months))
    shares = timeline.numbers("practice.progression")
    follows = draw.number_of("providers.follows_pay")
    bounds = draw.number_of("providers.least_effort"), draw.number_of("providers.most_effort")
    for position, service in enumerate(services):
        if not service.paid_by_results:
            continue
        need = NEEDS.index(service.needs[0])
        name = f"services.{service.name}"
        moves = _typical_hazards(needs, need), needs["exit_to"][0, need]
        band = (STATES.index(draw.name_of(f"{name}.{end}")) for end in ("opens_at", "closes_above"))
        mix = caseload_mix(*moves, *band)
        helped, length = log_ratios[position, need][:, _ORDER], draw.number_of(f"{name}.length")
        for share in np.unique(shares):  # few months differ from the one before
            then = shares == share
            pay = provider_worth(*moves, helped, length, float(share), mix)
            worth[position, then], usual[position, then] = pay, mix @ pay
            effort[position, then] = provider_effort(pay, mix, follows, *bounds)
    return {"worth": worth, "usual_worth": usual, "effort": effort}


def _typical_hazards(needs: Records, need: int) -> Floats:
    """Hazards of crisis, up, down and exit by state, shape (5, 4), of a household at average frailty and area."""
    record = needs[0]
    hazards = np.zeros((N_STATES, len(PROVIDER_MOVES)))
    hazards[:CRISIS, 0] = record["sudden"][need]
    hazards[:CRISIS, 1] = record["up"][need]
    hazards[:, 2] = record["down"][need]
    hazards[:, 3] = record["exit"][need]
    return hazards
