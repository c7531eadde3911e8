"""The hazard that a household makes contact about a need.

This is contact because of a need; trust and the doors there are multiply it household by household. Everyday contact
about something else is in :mod:`demandsim.contacts.streams`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import N_NEEDS, N_STATES, NEEDS, STATES


def build_contact_hazards(
    numbers_of: Callable[[str], Mapping[str, float]],
) -> NDArray[np.float64]:
    """Build hazards of contact per month.

    Parameters
    ----------
    numbers_of : callable
        Reads a keyed drawn belief by name.

    Returns
    -------
    ndarray, shape (7, 5)
        By need and state; nobody makes contact about a need they do not have.
    """
    hazards = np.zeros((N_NEEDS, N_STATES))
    for position, need in enumerate(NEEDS):
        by_state = numbers_of(f"contacts.hazard.{need}")
        for state, hazard in by_state.items():
            hazards[position, STATES.index(state)] = hazard
    return hazards
