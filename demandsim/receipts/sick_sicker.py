"""The "Sick-Sicker" chain of the DARTH group, as a cohort and as households that move by the model's own rule.

Nothing moves here by a formula of its own: the cohort goes through :mod:`demandsim.needs.closed_forms`, the households
through ``step_households``, month by month of a world in which one need has hazards and nothing else happens. A month
of that world stands for a year of the chain.
"""

from __future__ import annotations

import math
from datetime import date
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from demandsim.comparison.appraisal import DiscountSchedule, Segment, present_value
from demandsim.comparison.cycles import Heavy, simpson_weights
from demandsim.labels import CRISIS, N_NEEDS, N_STATES, NEEDS, STATES
from demandsim.model.columns import NOW, build_world
from demandsim.model.kernels import step_households
from demandsim.needs.closed_forms import hazards_behind, state_distribution, transition_matrix
from demandsim.needs.tables import NEEDS_TABLE
from demandsim.services.tables import LINE

Floats = NDArray[np.float64]

CYCLES: Final = 75
STRATEGIES: Final = ("standard", "A", "B", "AB")
#: Rungs of the ladder that healthy, sick, sicker and dead stand on: death is the sudden way to the rung of no return.
RUNGS: Final = (STATES.index("none"), STATES.index("emerging"), STATES.index("established"), CRISIS)
_HEALTHY, _SICK, _SICKER, _DEAD = range(4)
_NEED: Final = NEEDS.index("care")
_THREE_PER_CENT: Final = DiscountSchedule("3% a year", date.min, (Segment(math.inf, 0.03),))
_FALLS_ILL, _RECOVERS, _WORSENS, _DIES = 0.15, 0.5, 0.105, 0.002
_TIMES_AS_DEADLY: Final = (1.0, 3.0, 10.0)
_B_SLOWS: Final = 0.6


class Payoff(NamedTuple):
    """Discounted cost and quality-adjusted years of life of one person, from healthy until the last cycle."""

    cost: float
    qaly: float


def chain(strategy: str) -> Floats:
    """Probabilities of a year's moves; those other than death are conditional on surviving the year.

    Returns
    -------
    ndarray, shape (4, 4)
        From and to healthy, sick, sicker, dead.
    """
    worsens = _WORSENS * (_B_SLOWS if "B" in strategy else 1.0)
    moves = {
        (_HEALTHY, _SICK): _FALLS_ILL,
        (_SICK, _HEALTHY): _RECOVERS,
        (_SICK, _SICKER): worsens,
    }
    matrix = np.zeros((4, 4))
    for state, times in enumerate(_TIMES_AS_DEADLY):
        matrix[state, _DEAD] = _p_within_year(_DIES * times)
    for (before, after), hazard in moves.items():
        matrix[before, after] = _p_within_year(hazard) * (1.0 - matrix[before, _DEAD])
    np.fill_diagonal(matrix, 1.0 - matrix.sum(axis=1))
    return matrix


def _p_within_year(hazard: float) -> float:
    return float(transition_matrix([[0.0, hazard], [0.0, 0.0]])[0, 1])


def worth_by_state(strategy: str) -> tuple[Floats, Floats]:
    """Cost and quality of life of a year in each state under a strategy."""
    treated = np.array([0.0, 1.0, 1.0, 0.0])
    cost = np.array([2_000.0, 4_000.0, 15_000.0, 0.0])
    cost += treated * (12_000.0 * ("A" in strategy) + 13_000.0 * ("B" in strategy))
    return cost, np.array([1.0, 0.95 if "A" in strategy else 0.75, 0.5, 0.0])


@cache
def cohort(strategy: str, heavy: Heavy = "even") -> Payoff:
    """The cohort's payoff: shares in each state at the end of every cycle, through the closed forms."""
    step = transition_matrix(hazards_behind(chain(strategy)))
    trace = np.stack([state_distribution(step, _HEALTHY, cycle) for cycle in range(CYCLES + 1)])
    return payoff(trace, strategy, heavy)


def payoff(trace: Floats, strategy: str, heavy: Heavy = "even") -> Payoff:
    """Weight, price and discount shares in each state by cycle, shape (cycles + 1, 4)."""
    weights = simpson_weights(CYCLES, heavy)
    flows = (weights * (trace @ worth) for worth in worth_by_state(strategy))
    cost, qaly = (present_value(dict(enumerate(flow.tolist())), _THREE_PER_CENT) for flow in flows)
    return Payoff(cost, qaly)


def simulate(strategy: str, households: int, luck: int) -> Floats:
    """Shares of simulated households in each state at the end of every cycle.

    Parameters
    ----------
    strategy : str
        One of `STRATEGIES`; every strategy meets the same luck.
    households : int
        How many start healthy.
    luck : int
        Key of chance, beside the number of households: runs of different sizes share no draw.

    Returns
    -------
    ndarray, shape (cycles + 1, 4)
    """
    world, cases = build_world(households, 1, 0)
    now = np.zeros(1, NOW)
    now["k0"], now["k1"], now["shock"] = households, luck, 1.0
    needs, lines = _need_table(strategy), np.zeros(0, LINE)
    world.counts["households"][0, :, RUNGS[_HEALTHY]] = households
    trace = np.empty((CYCLES + 1, N_STATES))
    trace[0] = world.counts["households"][0, _NEED]
    for cycle in range(CYCLES):
        now["month"] = cycle
        step_households(
            world.households, world.low, world.high, world.occupant, world.stale, cases, needs, lines, now,
            world.counts, world.activity, world.state_months, 0, True,
        )  # fmt: skip
        trace[cycle + 1] = world.counts["households"][0, _NEED]
    return np.asarray(trace[:, RUNGS] / households)


def _need_table(strategy: str) -> NDArray[np.void]:
    """One need with the hazards behind the chain; six that nobody can have."""
    hazards = hazards_behind(chain(strategy))
    table = np.zeros(1, NEEDS_TABLE)
    table["disrepair"], table["relapse"], table["shock_most"], table["contact_in_help"] = 1.0, 1.0, 1.0, 1.0
    table["exposure"][0, _NEED] = 1.0
    table["touches"][0] = 1 << np.arange(N_NEEDS)
    for state in (_HEALTHY, _SICK, _SICKER):
        table["sudden"][0, _NEED, RUNGS[state]] = hazards[state, _DEAD]
    table["up"][0, _NEED, RUNGS[_HEALTHY]] = hazards[_HEALTHY, _SICK]
    table["up"][0, _NEED, RUNGS[_SICK]] = hazards[_SICK, _SICKER]
    table["down"][0, _NEED, RUNGS[_SICK]] = hazards[_SICK, _HEALTHY]
    return table
