"""What sharing luck between scenarios is worth: the same difference is seen more sharply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class PairingGain:
    """How much sharing luck narrows the difference.

    `ratio` is the variance of the paired difference over the variance it would have with separate luck and beliefs
    (1 means that pairing did nothing); `standard_error` is its jackknife error over draws.
    """

    ratio: float
    standard_error: float


def pairing_gain(here: np.ndarray[Any, Any], there: np.ndarray[Any, Any]) -> PairingGain:
    """Variance of the paired difference over that of an unpaired one, with its jackknife error.

    Parameters
    ----------
    here, there : arrays of shape (draws, replicates)
        The same figure in the two scenarios; NaN where a run failed.
    """
    both = np.isfinite(here) & np.isfinite(there)
    # A draw is left out whole: its replicates share beliefs. With one draw, each replicate is left out in turn.
    groups = np.broadcast_to(np.arange(here.shape[0])[:, None], here.shape)
    if here.shape[0] == 1:
        groups = np.broadcast_to(np.arange(here.shape[1]), here.shape)
    x, y, group = here[both], there[both], groups[both]
    names = np.unique(group)
    if len(names) < 3:
        return PairingGain(float("nan"), float("nan"))
    left_out = np.array([_variance_ratio(x[group != name], y[group != name]) for name in names])
    spread = ((left_out - left_out.mean()) ** 2).sum() * (len(names) - 1) / len(names)
    return PairingGain(_variance_ratio(x, y), float(spread**0.5))


def _variance_ratio(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> float:
    apart = float(x.var(ddof=1) + y.var(ddof=1))
    return float((x - y).var(ddof=1)) / apart if apart > 0 else float("nan")
