"""A month, as data: what happens, in which order, reading and writing what, by which draws.

``print(model.calendar)`` shows it. Rows without a function run inside the compiled pass of the row above them:
needs, contact and front door are one household's month, which no other household can see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from demandsim.model.kernels import change_occupants, step_households
from demandsim.services.kernels import note_answers, serve_month
from demandsim.services.tables import MOST_LINES, grown_cases

if TYPE_CHECKING:
    from demandsim.model.demand_model import DemandModel


@dataclass(frozen=True)
class Row:
    """One thing that happens in a month."""

    name: str
    reads: str
    writes: str
    draws: str
    run: Callable[[DemandModel], None] | None = None


@dataclass(frozen=True)
class Calendar:
    """The rows of a month, in order."""

    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __str__(self) -> str:
        titles = ("", "what", "reads", "writes", "draws")
        table = [(str(i + 1), row.name, row.reads, row.writes, row.draws) for i, row in enumerate(self.rows)]
        widths = [max(len(line[column]) for line in (titles, *table)) for column in range(len(titles))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in (titles, *table)
        )


def take_values(model: DemandModel) -> None:
    """Levers and dated shocks take this month's values; agencies and services set posts."""
    step = model.months_done
    now = model.now
    now["month"] = model.month
    for field, values in model.inputs.door.items():
        now[field] = values[step]
    now["shock"] = model.inputs.shocks[:, step]
    for field, values in model.inputs.monthly.items():
        model.lines[field] = values[:, step]
    model.budgets.open_month(step, model.month)
    for agency in model.agencies:
        agency.step()
    for service in model.services:
        service.step()
    note_answers(model.lines, now)


def move_people(model: DemandModel) -> None:
    """People arrive, leave, and change, as drawn with the place."""
    events = model.population.events
    here = events.of_month(model.months_done)
    if here.start == here.stop:
        return
    changes = np.stack(
        [
            events.household_type[here],
            events.adults[here],
            events.children[here],
            events.age_band[here],
            events.occupant[here],
        ],
        axis=1,
    ).astype(np.uint16)
    world = model.world
    change_occupants(
        world.households, world.occupant, world.stale, model.cases, model.needs, model.lines, model.now, world.counts,
        world.activity, world.state_months, events.row[here], events.kind[here], changes, events.frailty_z[here],
        events.take_up_z[here],
    )  # fmt: skip


def live_everyday(model: DemandModel) -> None:
    """People make contact about everyday things, repairs come up and are done, new homes are let."""
    model.everyday.step()


def step_all_households(model: DemandModel) -> None:
    """Needs move, contact is made, referrals go out: every household's month."""
    world = model.world
    reached = 0
    while reached < model.n_households:
        reached = step_households(
            world.households, world.low, world.high, world.occupant, world.stale, model.cases, model.needs,
            model.lines, model.now, world.counts, world.activity, world.state_months, reached, model.is_screened,
        )  # fmt: skip
        if reached < model.n_households:
            make_room(model)


def make_room(model: DemandModel) -> None:
    """Grow the pool of cases, unless one household's month fits."""
    unused = int(model.world.counts["unused"][0])
    if unused < MOST_LINES:
        model.cases, unused = grown_cases(model.cases, unused, model.cases.size * 3 // 2 + MOST_LINES)
        model.world.counts["unused"] = unused


def serve(model: DemandModel) -> None:
    """Lists admit in event time, cases run and end, duties beyond capacity are bought."""
    world = model.world
    serve_month(
        world.households, world.stale, model.cases, model.lines, model.now, world.counts, world.activity
    )  # fmt: skip


def post(model: DemandModel) -> None:
    """Post the month's activity and counts to the record, and begin the next month."""
    model.post_month()


CALENDAR = Calendar(
    (
        Row(
            "levers, shocks, agencies and posts",
            "levers, beliefs, plan, last year's ledger",
            "this month's values",
            "none",
            take_values,
        ),
        Row("people arrive and leave", "place", "households, cases", "place; arrival's needs", move_people),
        Row(
            "everyday contact and repairs",
            "streams, posts, homes",
            "matters outstanding, homes out of repair",
            "one a home",
            live_everyday,
        ),
        Row(
            "needs move",
            "states, cases, shocks",
            "states, histories",
            "one a need",
            step_all_households,
        ),
        Row("contact and recognition", "states, help, trust, noticing", "recognised", "contact, which need, when"),
        Row(
            "front door",
            "thresholds, practice, remit",
            "referrals, door counts",
            "noticed, settled, asked twice; referred, arrived, taken up",
        ),
        Row("lists admit", "referrals, posts", "cases, waits", "patience, drawn at referral", serve),
        Row("cases run and end", "cases", "cases, help", "length and drop-out, drawn at referral"),
        Row("crisis duty", "duty referrals, posts", "cases on overtime, then bought", "eligibility, drawn at referral"),
        Row("trust", "help, waits, refusals, hand-offs", "trust, as each of them happens", "none"),
        Row("activity is posted", "activity, counts", "record", "none", post),
    )
)
