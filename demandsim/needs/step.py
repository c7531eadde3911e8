"""The rule by which one need of one household moves in one month, written once.

Outcomes are ordered by severity on the unit interval, so that the same draw under a lower hazard is never
worse: crisis | one rung up | stay | one rung down | exit. Hazards compete inside one exponential step.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from demandsim.compiling import inner_rule, rule
from demandsim.labels import CRISIS, N_NEEDS

#: Slack that keeps a screened bound above the exact value under any rounding.
SLACK = 1.0 + 1e-5

#: Logarithm of one plus years, by whole months: what time in state slows recovery by.
LOG_YEARS: Final = np.array([math.log1p(months / 12.0) for months in range(1201)])


@inner_rule
def coupling_of(tables, states, effect):
    """Log ratio that a household's other needs put on the rise of one need; a need at none adds nought."""
    total = 0.0
    for cause in range(N_NEEDS):
        total += tables.log_coupling[cause, states[cause], effect]
    return total


@inner_rule
def log_years(months):
    """Logarithm of one plus the years that whole months make."""
    return LOG_YEARS[months] if months < 1201 else math.log1p(months / 12.0)


@inner_rule
def exp_above(power):
    """At least the exponential of ``power``, by at most 0.7%, at a fifth of its cost; for bounds only."""
    doublings = min(max(power * 1.4426950408889634, -1000.0), 1000.0)
    whole = math.floor(doublings)
    part = doublings - whole
    scale = np.int64((np.int64(whole) + 1023) << 52).view(np.float64)
    return scale * (1.004 + part * (0.6585 + 0.3445 * part))  # a parabola above 2 to the power of ``part``


@inner_rule
def worsening(tables, need, state, z, log_frailty, rise, coupling, is_recent):
    """Hazards per month of crisis and of one up, before any case's effect.

    ``rise`` is exposure × shock; ``coupling`` the log ratio from the other needs;
    ``is_recent`` whether the household recovered from this need within the relapse window.
    """
    if state >= CRISIS:
        return 0.0, 0.0
    sudden = tables.sudden[need, state]
    up = tables.up[need, state]
    is_clock = tables.is_clock[need, state]
    if sudden == 0.0 and (up == 0.0 or is_clock):
        return 0.0, up
    scale = rise * math.exp(tables.gradient[need, state] * z + tables.frailty[need, state] * log_frailty + coupling)
    if state == 0 and is_recent:
        scale *= tables.relapse[need]
    return sudden * scale, up * (1.0 if is_clock else scale)


@inner_rule
def slowing(tables, need, months_in_state, coupling):
    """Ratio by which the other needs and the time in state slow recovery."""
    held = tables.recovery_exponent * coupling
    if months_in_state > 0:
        held += tables.duration[need] * log_years(months_in_state)
    return math.exp(-held) if held != 0.0 else 1.0


@inner_rule
def hazards_of(tables, need, state, months_in_state, z, log_frailty, rise, coupling, is_recent):
    """Hazards per month of crisis, one up, one down and exit, before any case's effect; see :func:`worsening`."""
    crisis, up = worsening(tables, need, state, z, log_frailty, rise, coupling, is_recent)
    if state == 0:
        return crisis, up, 0.0, 0.0
    fall = slowing(tables, need, months_in_state, coupling)
    return crisis, up, tables.down[need, state] * fall, tables.exit[need, state] * fall


@inner_rule
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


@inner_rule
def threshold_16(hazard):
    """Highest upper half-word that a draw under ``1 − exp(−hazard)``, which is at most the hazard, can have."""
    return int(min(65535.0, hazard * (SLACK * 65536.0)))


@rule
def stationary_shares(chain, exit_to, flow, mass):
    """Write into ``mass`` the stationary distribution of one need's chain, up to a factor; return its sum.

    Parameters
    ----------
    chain : ndarray, shape (5, 4)
        Hazards of crisis, up, down and exit from each state.
    exit_to : ndarray of int, shape (5,)
        State that an exit leads to.
    flow : ndarray, shape (5, 5)
        Scratch.
    mass : ndarray, shape (5,)

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
        out = 0.0
        for to in range(last):
            out += flow[last, to]
        for origin in range(last):
            # An absorbing state has no way back, so no stationary share that a hazard could give: nobody starts in it.
            flow[origin, last] = flow[origin, last] / out if out > 0.0 else 0.0
            for to in range(last):
                if to != origin:
                    flow[origin, to] += flow[origin, last] * flow[last, to]
    mass[0] = 1.0
    total = 1.0
    for state in range(1, 5):
        mass[state] = flow[0, state]
        for origin in range(1, state):
            mass[state] += mass[origin] * flow[origin, state]
        total += mass[state]
    return total


@rule
def drawn_state(uniform, mass, total):
    """Draw a state from a distribution and its sum; worst first, so that a low draw is a bad one, as in the moves."""
    seen = 0.0
    for state in range(4, 0, -1):
        seen += mass[state] / total
        if uniform < seen:
            return state
    return 0
