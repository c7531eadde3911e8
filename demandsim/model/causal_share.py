"""What a draw of the causal share changes: every fitted value is kept where the targets are still met.

Cross-sections cannot tell shared frailty from one need causing another. ``fit`` therefore solves the same targets at
several causal shares; a draw of that share alone then changes no prevalence, only what helping one need does to the
others.
"""

from __future__ import annotations

import numpy as np

from demandsim.parameters.drawing import Draw

#: Values of ``share_causal`` at which `fit` solved the fitted values anew, by label.
KNOTS = {"causal_0": 0.0, "causal_30": 0.3, "causal_60": 0.6, "causal_100": 1.0}

_PREFIX = "fitted.by_share_causal."


def at_causal_share(draw: Draw) -> Draw:
    """The draw with every fitted value as solved at its own causal share, in a straight line between knots."""
    share = draw.number_of("needs.share_causal")
    ratios = {}
    for name in draw:
        if name.startswith(_PREFIX):
            at_knots = draw.numbers_of(name)
            along = np.interp(share, list(KNOTS.values()), [at_knots[knot] for knot in KNOTS])
            ratios[name.removeprefix(_PREFIX)] = float(along)
    return draw.scaled(ratios)
