"""The rule by which one need of one household moves in one month, written once.

Outcomes are ordered by severity on the unit interval, so that the same draw under a lower hazard is never
worse: crisis | one rung up | stay | one rung down | exit. Hazards compete inside one exponential step.
"""

from __future__ import annotations

import math

from demandsim.compiling import rule
from demandsim.labels import CRISIS, N_NEEDS

#: Slack that keeps a screened bound above the exact value under any rounding.
SLACK = 1.0 + 1e-5


@rule
def couple(tables, states, coupling):
    """Write into ``coupling`` the log ratio that a household's other needs put on the rise of each need."""
    coupling[:] = 0.0
    for cause in range(N_NEEDS):
        state = states[cause]
        if state > 0:
            for effect in range(N_NEEDS):
                coupling[effect] += tables.log_coupling[cause, state, effect]


@rule
def hazards_of(tables, need, state, months_in_state, z, log_frailty, rise, coupling, is_recent):
    """Hazards per month of crisis, one up, one down and exit, before any case's effect.

    ``rise`` is exposure × shock; ``coupling`` the log ratio from the other needs;
    ``is_recent`` whether the household recovered from this need within the relapse window.
    """
    crisis = 0.0
    up = 0.0
    if state < CRISIS:
        scale = rise * math.exp(tables.gradient[need, state] * z + tables.frailty[need, state] * log_frailty + coupling)
        if state == 0 and is_recent:
            scale *= tables.relapse[need]
        crisis = tables.sudden[need, state] * scale
        up = tables.up[need, state] * (1.0 if tables.is_clock[need, state] else scale)
    down = 0.0
    leave = 0.0
    if state > 0:
        held = tables.recovery_exponent * coupling
        if months_in_state > 0.0:
            held += tables.duration[need] * math.log1p(months_in_state / 12.0)
        fall = math.exp(-held)
        down = tables.down[need, state] * fall
        leave = tables.exit[need, state] * fall
    return crisis, up, down, leave


@rule
def moved_state(uniform, state, exit_to, crisis, up, down, leave):
    """State after the month, given its hazards and the household's draw for this need."""
    total = crisis + up + down + leave
    if total <= 0.0:
        return state
    share = -math.expm1(-total) / total
    if uniform < share * crisis:
        return CRISIS
    if uniform < share * (crisis + up):
        return state + 1
    if 1.0 - uniform < share * leave:
        return exit_to
    if 1.0 - uniform < share * (leave + down):
        return state - 1
    return state


@rule
def threshold_16(hazard):
    """Highest upper half-word that a draw under ``1 − exp(−hazard)``, which is at most the hazard, can have."""
    return min(65535, int(hazard * (SLACK * 65536.0)))


@rule
def stationary_state(uniform, chain, exit_to, flow):
    """Draw a state from the stationary distribution of one need's chain.

    Parameters
    ----------
    uniform : float
    chain : ndarray, shape (5, 4)
        Hazards of crisis, up, down and exit from each state.
    exit_to : ndarray of int, shape (5,)
        State that an exit leads to.
    flow : ndarray, shape (5, 5)
        Scratch.

    Notes
    -----
    Grassmann–Taksar–Heyman elimination: no subtraction, so no loss of small probabilities.
    """
    flow[:, :] = 0.0
    for state in range(5):
        if state < CRISIS:
            flow[state, CRISIS] += chain[state, 0]
            flow[state, state + 1] += chain[state, 1]
        if state > 0:
            flow[state, state - 1] += chain[state, 2]
            if exit_to[state] != state:
                flow[state, exit_to[state]] += chain[state, 3]
    for last in range(4, 0, -1):
        out = flow[last, :last].sum()
        for origin in range(last):
            # An absorbing state has no way back, so no stationary share that a hazard could give: nobody starts in it.
            flow[origin, last] = flow[origin, last] / out if out > 0.0 else 0.0
            for to in range(last):
                if to != origin:
                    flow[origin, to] += flow[origin, last] * flow[last, to]
    mass = flow[0]
    mass[0] = 1.0
    total = 1.0
    for state in range(1, 5):
        # flow[0, state] already holds the contribution of state 0
        for origin in range(1, state):
            mass[state] += mass[origin] * flow[origin, state]
        total += mass[state]
    seen = 0.0
    for state in range(4, 0, -1):  # worst first, so that a low draw is a bad one, as in the moves
        seen += mass[state] / total
        if uniform < seen:
            return state
    return 0
