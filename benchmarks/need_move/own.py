"""The project's own kernel, with no line to answer and no contact to make."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import SEED, england
from benchmarks.need_move.start import LUCK, Start, copied, empty_history
from demandsim.model.columns import NOW, build_world
from demandsim.model.kernels import step_households
from demandsim.services.tables import LINE, MOST_LINES, build_cases


def prepare(start: Start, is_screened: bool = True) -> Callable[[], NDArray[np.int64]]:
    """Set a run up; return the callable that steps it and gives counts by month, need and state."""
    world, _ = build_world(start.n_households, len(england().areas), 0)
    world.households[:] = copied(start)
    world.occupant[:] = start.households["occupant"]
    world.counts["households"] = start.counts
    cases, lines = build_cases(MOST_LINES), np.zeros(0, LINE)
    world.counts["unused"] = cases.size
    now = np.zeros(1, NOW)
    now["k0"], now["k1"] = SEED, LUCK
    history = empty_history(start)

    def run() -> NDArray[np.int64]:
        for month in range(start.months):
            now["month"] = month
            now["shock"] = start.shocks[:, month]
            step_households(
                world.households, world.low, world.high, world.occupant, world.stale, cases, start.needs, lines, now,
                world.counts, world.activity, world.state_months, 0, is_screened,
            )  # fmt: skip
            history[month] = world.counts["households"][0]
        return history

    return run
