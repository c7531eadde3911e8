"""What the need rule reads, as one record of fixed layout.

Hazards are per month, with no case open, at frailty 1 and average deprivation. The place multiplier is folded
into ``up`` and ``sudden``.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from demandsim.labels import AGE_BANDS, HOUSEHOLD_TYPES, N_NEEDS, N_STATES, TENURES

#: Positions of the four moves in tables of log hazard ratios.
MOVES: Final = ("up", "sudden", "down", "exit")

#: The one record of a world's need tables.
NEEDS_TABLE: Final = np.dtype(
    [
        ("up", "f8", (N_NEEDS, N_STATES - 1)),  # one rung up, from none to complex
        ("sudden", "f8", (N_NEEDS, N_STATES - 1)),  # straight to crisis
        ("down", "f8", (N_NEEDS, N_STATES)),  # one rung down
        ("exit", "f8", (N_NEEDS, N_STATES)),  # straight to exit_to
        ("exit_to", "i8", (N_NEEDS, N_STATES)),
        ("is_clock", "u1", (N_NEEDS, N_STATES - 1)),  # rungs that only time climbs: nothing multiplies their up
        ("gradient", "f8", (N_NEEDS, N_STATES - 1)),  # log hazard per standard deviation of deprivation
        ("frailty", "f8", (N_NEEDS, N_STATES - 1)),  # exponent of frailty
        ("duration", "f8", (N_NEEDS,)),  # exponent of time in state on down and exit
        ("relapse", "f8", (N_NEEDS,)),  # ratio on the first rung after recovery
        ("relapse_window", "f8"),  # months for which it lasts
        # 0 is out of scope; after the household types, a dwelling that nobody lives in
        ("exposure", "f8", (N_NEEDS, len(AGE_BANDS), len(TENURES), len(HOUSEHOLD_TYPES) + 1)),
        ("log_coupling", "f8", (N_NEEDS, N_STATES, N_NEEDS)),  # log ratio of cause × its state on the effect's rise
        ("touches", "u2", (N_NEEDS,)),  # bits of the needs whose hazards a need's state enters, itself included
        ("recovery_exponent", "f8"),  # power of the same ratio that slows recovery
        ("shock_most", "f8", (N_NEEDS,)),  # largest dated ratio of the run, for the screen
        ("contact", "f8", (N_NEEDS, N_STATES)),  # hazard of making contact about a need
        ("noticing_most", "f8", (len(TENURES),)),  # largest hazard of the run that an unknown need is noticed
        ("rehousing_most", "f8"),  # largest added hazard of the run that a homeless household is let a new home
        ("disrepair", "f8", (N_NEEDS,)),  # ratio on the rise of a need while a repair is not done
        ("touched_by_disrepair", "u2"),  # bits of the needs for which that ratio is not one
        ("excluded", "f8", (len(AGE_BANDS),)),  # share of households that cannot use the web
        ("trust_start", "f8"),  # usual log odds of trust of those who move in
        ("trust_spread", "f8"),  # standard deviation of the same
        ("contact_in_help", "f8"),  # ratio on it while a case for the need is open
        ("price", "i8", (N_NEEDS, N_STATES)),  # residual cost of a state, pence a month
        ("frailty_sd", "f8"),  # standard deviation of log frailty
    ],
    align=True,
)
