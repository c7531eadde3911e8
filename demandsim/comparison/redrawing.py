"""Runs drawn again with replacement, to see how far a figure rests on which runs there happen to be."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

#: How often runs are drawn again.
REDRAWS: Final = 1_000


def draw_again(n_runs: int, stream: int) -> NDArray[np.int64]:
    """Positions of runs for every re-draw, shape (re-draws, runs): the same for the same numbers.

    Parameters
    ----------
    n_runs : int
    stream : int
        Another number gives other re-draws.
    """
    from demandsim.chance import draw_uniforms

    rows = np.arange(REDRAWS * n_runs, dtype=np.int64)
    uniforms = draw_uniforms(np.uint32(stream), np.uint32(0), rows, 0, 0, 0)
    return np.asarray((uniforms * n_runs).astype(np.int64).reshape(REDRAWS, n_runs))
