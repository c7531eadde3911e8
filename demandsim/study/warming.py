"""Compile every kernel before the first luck, each worker beginning at another, so that no two compile the same.

A first run on a machine compiles for a while. What one worker has compiled the others load from the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from demandsim.contacts import kernels as contacts
from demandsim.contacts.tables import LEVERS, MATTERS, MONTH, STREAM
from demandsim.model import kernels as model
from demandsim.model.columns import NOW, World, build_world
from demandsim.model.yearly import kernels as yearly
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
    yearly.count_households(world.households, np.zeros((1, 4), np.int64), np.zeros(4, np.int64))
    before = np.zeros(0, np.int64)
    yearly.count_high_need(world.households, before, world.occupant, np.zeros((6, 2), np.int64))
    model.flush_state_time(world.households, needs, world.counts, world.state_months, 0)


def _warm_contacts() -> None:
    """No stream at all."""
    streams, levers, matters, months = (np.zeros(0, kind) for kind in (STREAM, LEVERS, MATTERS, MONTH))
    tenure, needs, none, table = np.ones(4), np.zeros((7, 5)), np.zeros(0), np.zeros((0, 4))
    contacts.mix_streams(streams, 0.0, table, table, none, none)
    contacts.count_first(streams, levers.reshape(1, 0), none, 0, 0, 1.0, tenure, needs, none)
    contacts.step_contacts(
        streams, levers.reshape(1, 0), matters, 0, 0, 1.0, tenure, needs, none, none, 0.0, -1, months,
        np.zeros((0, 3), np.int64), none, tenure,
    )  # fmt: skip


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


WARMERS: Final[tuple[Callable[[], None], ...]] = (
    *(_warm_households, _warm_pairs, _warm_lists, _warm_place, _warm_people, _warm_contacts),
)


def warm(first: int) -> None:
    """Compile every kernel, beginning with the one at ``first``."""
    for position in range(len(WARMERS)):
        WARMERS[(first + position) % len(WARMERS)]()
