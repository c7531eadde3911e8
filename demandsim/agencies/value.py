"""What a pound of a line is believed to gain, for agencies that cut what does least first."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demandsim.quantities import PENCE_PER_POUND

Floats = NDArray[np.float64]

#: Of the four moves in a table of log hazard ratios (up, sudden, down, exit), those that make a need worse.
WORSENS: Final = (True, True, False, False)


def value_per_pound(
    log_ratio: ArrayLike,
    hazard: ArrayLike,
    served: ArrayLike,
    fidelity: ArrayLike,
    cases_per_post: ArrayLike,
    pence_per_post: ArrayLike,
) -> Floats:
    """Work out how many bad moves a pound is expected to prevent and how many recoveries to add.

    Parameters
    ----------
    log_ratio : array, shape (lines, needs, states, 4)
        Log hazard ratio of each move while help is at full effect.
    hazard : array, shape (needs, states, 4)
        Hazard a month of each move with no case open.
    served : array of bool, shape (lines, needs, states)
        States in which the line takes a need on.
    fidelity : array, shape (lines,)
        Share of the log ratio that is delivered.
    cases_per_post : array, shape (lines,)
    pence_per_post : array, shape (lines,)
        Of a post-month; lines without posts are worth nought here.

    Returns
    -------
    ndarray, shape (lines,)
        Moves a pound: the mean over the states served of what a case-month changes, times the case-months that a pound
        buys. Below nought where a line is believed to do harm. Every move counts alike, whatever it costs, and effects
        after the case ends are left out: an agency that ranks its lines knows no better. Give it central beliefs, not
        those of a draw: it knows what is published, not what is true.
    """
    ratio = np.exp(np.asarray(fidelity, np.float64)[:, None, None, None] * np.asarray(log_ratio, np.float64))
    gain = np.where(WORSENS, 1.0 - ratio, ratio - 1.0) * np.asarray(hazard, np.float64)
    mask = np.asarray(served, np.bool_)
    total = (gain.sum(axis=3) * mask).sum(axis=(1, 2))
    states = mask.sum(axis=(1, 2))
    a_case = np.divide(total, states, out=np.zeros_like(total), where=states > 0)
    pounds = np.asarray(pence_per_post, np.float64) / PENCE_PER_POUND
    bought = np.divide(np.asarray(cases_per_post, np.float64), pounds, out=np.zeros_like(total), where=pounds > 0.0)
    return np.asarray(a_case * bought)
