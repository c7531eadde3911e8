"""Published figures on the scale on which they are compared, and how far off a right model may be.

Takes targets; gives goals on a logarithm, or on log odds for shares near one. Never looks at a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.study.measuring import measurable
from demandsim.study.targets import Target

Floats = NDArray[np.float64]

#: Targets state a tolerance; it is read as the middle nine in ten, as the fit reads it.
_SIGMAS_OF_TOLERANCE: Final = 1.6449
#: Figures further from the target than this, on its scale, are all equally far: none at all has no logarithm.
_FURTHEST: Final = 4.0
_LEAST_ODDS: Final = 1e-4
_HALF: Final = 0.5


@dataclass(frozen=True)
class Goal:
    """A published figure on the scale of its comparison.

    Attributes
    ----------
    name, measure, unit, source : str
    value, low, high : float
        As published, in its own unit.
    tolerance, discrepancy : float
        Standard deviations on the scale: of the published figure, and of a model that has everything else right.
    is_odds : bool
        Whether it is compared on log odds: a share that lies nearer to one.
    """

    name: str
    measure: str
    unit: str
    source: str
    value: float
    low: float
    high: float
    tolerance: float
    discrepancy: float
    is_odds: bool = False

    @property
    def centre(self) -> float:
        """The published figure on the scale."""
        return _to_scale(self.value, self.is_odds)

    def scaled(self, figures: Floats) -> Floats:
        """Figures on the scale, none further from the target than `_FURTHEST`."""
        if self.is_odds:
            bounded = np.clip(figures, _LEAST_ODDS, 1.0 - _LEAST_ODDS)
            found = np.log(bounded / (1.0 - bounded))
        else:
            found = np.log(np.maximum(figures, 1e-300))
        return np.asarray(np.clip(found, self.centre - _FURTHEST, self.centre + _FURTHEST), np.float64)

    def unscaled(self, scaled: Floats) -> Floats:
        """Back from the scale to the published unit."""
        return np.asarray(1.0 / (1.0 + np.exp(-scaled)) if self.is_odds else np.exp(scaled), np.float64)


def make_goal(target: Target, discrepancy: float) -> Goal:
    """A goal from a target.

    Parameters
    ----------
    target : Target
    discrepancy : float
        Standard deviation of the logarithm (of the odds for shares near one) between a right model and the place.
    """
    is_odds = target.unit == "share" and target.value > _HALF
    low, high = _to_scale(target.low, is_odds), _to_scale(target.high, is_odds)
    tolerance = (high - low) / 2 / _SIGMAS_OF_TOLERANCE
    return Goal(
        target.name,
        target.measure,
        target.unit,
        target.source,
        target.value,
        target.low,
        target.high,
        tolerance,
        discrepancy,
        is_odds,
    )


def choose_goals(targets: Sequence[Target], discrepancy: float) -> list[Goal]:
    """Goals of every target to fit that the model measures."""
    return [make_goal(one, discrepancy) for one in targets if one.use == "fit" and measurable(one.measure)]


def _to_scale(value: float, is_odds: bool) -> float:
    if is_odds:
        bounded = min(max(value, _LEAST_ODDS), 1.0 - _LEAST_ODDS)
        return log(bounded / (1.0 - bounded))
    return log(value)
