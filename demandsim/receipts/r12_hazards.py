"""R12: a constant hazard, as a curve and as a chain of steps."""

from __future__ import annotations

from functools import partial
from typing import Final

from demandsim.needs.closed_forms import mean_duration, state_distribution, survival, transition_matrix
from demandsim.receipts.receipt import Receipt

_EXPONENTIAL: Final = "Exponential waiting time: Cox and Oakes (1984), Analysis of survival data, section 2.2"
_HAZARD_PER_YEAR: Final = 0.014
_MEAN: Final = "71.4286"
_SURVIVAL: Final = {10: ".8694", 20: ".7558", 50: ".4966", 100: ".2466"}


def _chain(years: int) -> float:
    """Share still in the first state of a chain of yearly steps with one move, which is never undone."""
    step = transition_matrix([[0.0, _HAZARD_PER_YEAR], [0.0, 0.0]])
    return float(state_distribution(step, 0, years)[0])


RECEIPTS: Final = (
    Receipt.printed(
        "R12", "hazard .014 a year: mean, years", _EXPONENTIAL, _MEAN, partial(mean_duration, _HAZARD_PER_YEAR)
    ),
    *(
        Receipt.printed("R12", f"hazard .014 a year: survival, {years} years", _EXPONENTIAL, text, compute)
        for years, text in _SURVIVAL.items()
        for compute in (partial(survival, _HAZARD_PER_YEAR, years),)
    ),
    *(
        Receipt.printed("R12", f"the same as {years} steps of a chain", _EXPONENTIAL, text, partial(_chain, years))
        for years, text in _SURVIVAL.items()
    ),
)
