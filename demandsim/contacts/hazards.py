"""The hazard that a household makes contact about a need.

STUB of this version: contact is a constant hazard by need and state, and trust multiplies it by one fixed
number. Streams of contact, channels and failure demand replace this file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import N_NEEDS, N_STATES, NEEDS, STATES


def build_contact_hazards(
    numbers_of: Callable[[str], Mapping[str, float]], number_of: Callable[[str], float]
) -> NDArray[np.float64]:
    """Build hazards of contact per month.

    Parameters
    ----------
    numbers_of, number_of : callable
        Read a keyed or a single drawn belief by name.

    Returns
    -------
    ndarray, shape (7, 5)
        By need and state; nobody makes contact about a need they do not have.
    """
    hazards = np.zeros((N_NEEDS, N_STATES))
    trust = number_of("front_door.trust")
    for position, need in enumerate(NEEDS):
        by_state = numbers_of(f"contacts.hazard.{need}")
        for state, hazard in by_state.items():
            hazards[position, STATES.index(state)] = hazard * trust
    return hazards
