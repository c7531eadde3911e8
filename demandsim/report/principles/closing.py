"""What the page says at its end: what each principle is, what the model does not know, how to get it again."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table

if TYPE_CHECKING:
    from demandsim.comparison.principles import PrincipleEffects


def _month(month: str) -> str:
    """`April 2017` of `2017-04`."""
    return f"{date.fromisoformat(f'{month[:7]}-01'):%B %Y}"


def mechanisms(effects: PrincipleEffects) -> Section:
    """Each principle's mechanism, date and cost."""
    rows = tuple(
        (
            Cell(f"{one['letter']}. {one['title']}"),
            Cell(str(one["mechanism"])),
            Cell(_month(str(one["from"]))),
            Cell(
                f"£{one['running_cost']:.2f} a household a month, and £{one['set_up_cost']:.2f} a household once",
                str(one["cost_from"]),
            ),
        )
        for one in effects.words
    )
    head = ("Principle", "What it moves", "From", "What it costs")
    table = Table(
        "Each principle as the model has it, at full intensity; where its cost comes from beneath", head, rows
    )
    sentence = "A principle acts through what is named here and through nothing else."
    exhibit = Exhibit("What each principle is", sentence, "", table)
    return Section("mechanisms", "The principles", exhibits=(exhibit,))


def limits(effects: PrincipleEffects) -> Section:
    """The limits, those of the place included."""
    points = [
        "It says nothing about any one person or family.",
        "How strongly a principle acts, and what it costs, is mostly assumed: each range includes no effect at all.",
        "Money is counted over the years simulated. What comes later, good or bad, is not in any figure.",
        *([str(said)] if (said := effects.meta.place.get("cannot_tell")) else []),
        *(str(item) for item in effects.meta.not_known),
    ]
    return Section("not-known", "What the model does not know", points=tuple(points))


def reproduce(effects: PrincipleEffects) -> Section:
    """Command, seed, digests and worlds."""
    attrs = effects.results.attrs
    sizes = effects.results.sizes
    n_worlds = sizes["combination"] * sizes["draw"] * sizes["replicate"]
    facts = [
        ("Version", attrs["version"]),
        ("Seed", attrs["seed"]),
        ("Worlds", f"{n_worlds:,}: {sizes['combination']:,} combinations, {sizes['draw']} sets of beliefs, "
                   f"{words.count_of(sizes['replicate'], 'run')} of luck each"),
        ("Months run before counting", attrs["run_in_months"]),
        ("Prices of", attrs["price_year"]),
        ("Compared with", effects.meta.scenario_title(str(attrs["baseline"]))),
        *((f"Digest: {name}", digest) for name, digest in json.loads(str(attrs["digests"])).items()),
    ]  # fmt: skip
    rows = tuple((Cell(name), Cell(str(value))) for name, value in facts)
    table = Table("What these figures were made from", ("What", "Value"), rows)
    sentence = "The same command with the same digests gives the same figures, to the last digit."
    exhibit = Exhibit("Where the figures come from", sentence, "", table)
    return Section("reproduce", "How to reproduce this", exhibits=(exhibit,), code=(str(attrs["command"]),))
