"""Compile every kernel before the first luck, each worker beginning at another, so that no two compile the same.

A first run on a machine compiles for a while. What one worker has compiled the others load from the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from demandsim.model import kernels as model
from demandsim.model.columns import NOW, World, build_world
from demandsim.needs.tables import NEEDS_TABLE
from demandsim.services.kernels import note_answers, serve_month
from demandsim.services.tables import LINE, Records
from demandsim.study import kernels as study


def _nobody() -> tuple[World, Records, Records, Records, Records]:
    """A world without households: kernels run through at once, after they are compiled."""
    world, cases = build_world(0, 1, 1)
    return world, cases, np.zeros(1, NEEDS_TABLE), np.zeros(1, LINE), np.zeros(1, NOW)


def _warm_households() -> None:
    world, cases, needs, lines, now = _nobody()
    model.step_households(
        world.households, world.low, world.high, world.occupant, world.stale, cases, needs, lines, now, world.counts,
        world.activity, world.state_months, 0, True,
    )  # fmt: skip


def _warm_lists() -> None:
    world, cases, _, lines, now = _nobody()
    serve_month(world.households, world.stale, cases, lines, now, world.counts, world.activity)


def _warm_people() -> None:
    world, cases, needs, lines, now = _nobody()
    note_answers(lines, now)
    rows, kinds = np.zeros(0, np.int32), np.zeros(0, np.uint8)
    traits = np.zeros(0, np.float32)
    for array in (rows, kinds, traits):
        array.setflags(write=False)  # as the place's own columns are
    model.settle_all(world.households, world.stale, needs, now, world.counts, traits)
    model.step_repairs(world.households, world.repair, world.stale, needs, now, np.zeros(4), 0.0)
    model.change_occupants(
        world.households, world.occupant, world.stale, cases, needs, lines, now, world.counts, world.activity,
        world.state_months, rows, kinds, np.zeros((0, 5), np.uint16), traits, traits,
    )  # fmt: skip
    model.count_households(world.households, np.zeros((1, 4), np.int64), np.zeros(4, np.int64))
    model.flush_state_time(world.households, needs, world.counts, world.state_months, 0)


def _warm_pairs() -> None:
    world, cases, needs, _, _ = _nobody()
    cause, totals = np.zeros(0, np.uint8), np.zeros((4, 3), np.int64)
    here = world.households
    study.settle(np.zeros(0, np.int64), here, here, needs, needs, 0, 0, cause, totals)
    study.mark_homes(here, here, world.stale, world.stale, 0, cause)
    study.mark_own(here, here, world.stale, world.stale, cases, cases, np.zeros(1, np.uint8), 0, cause)
    study.mark_served(here, here, world.stale, world.stale, cases, cases, np.zeros(1, np.uint8), cause)


def _warm_place() -> None:
    from demandsim.place import load_place
    from demandsim.place.population import build_population
    from demandsim.study.folders import find_configs

    build_population(load_place(find_configs() / "places" / "england.toml"), 1, 0, 1, 1)


WARMERS: Final[tuple[Callable[[], None], ...]] = (_warm_households, _warm_pairs, _warm_lists, _warm_place, _warm_people)


def warm(first: int) -> None:
    """Compile every kernel, beginning with the one at ``first``."""
    for position in range(len(WARMERS)):
        WARMERS[(first + position) % len(WARMERS)]()
