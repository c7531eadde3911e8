"""What the page says at its end: what each principle is, what the model does not know, how to get it again."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table

if TYPE_CHECKING:
    from demandsim.comparison.principles import PrincipleEffects


def month_of(principles: list[dict[str, Any]]) -> str:
    """When the first of the principles begins, in words."""
    return _month(min(str(one["from"]) for one in principles))


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


def time_taken(effects: PrincipleEffects) -> str:
    """How many worlds were run and how long it took, over all sittings that are on record."""
    sizes = effects.results.sizes
    n_worlds = (sizes["combination"] + sizes["order"]) * sizes["draw"] * sizes["replicate"]
    sittings = json.loads(str(effects.results.attrs["sittings"]))
    known = sum(one["worlds"] for one in sittings)
    if not known:
        return f"{n_worlds:,} worlds, whose time was not recorded"
    seconds = sum(one["seconds"] for one in sittings)
    took = f"{seconds / 60:.0f} minutes" if seconds >= 90 else words.count_of(round(seconds), "second")
    processes = words.count_of(max(one["workers"] for one in sittings), "process", "processes")
    begun = f" in {len(sittings)} sittings" if len(sittings) > 1 else ""
    part = "" if known == n_worlds else f", of which {known:,} with their time recorded:"
    return f"{n_worlds:,} worlds{part} in {took}{begun} on {processes}"


def limits(effects: PrincipleEffects) -> Section:
    """The limits, those of the place included."""
    points = [
        "It says nothing about any one person or family.",
        "How strongly a principle acts is mostly assumed; each range includes no effect at all, but for rules that are "
        "simply changed, such as a threshold or who carries a gap.",
        "What a principle costs is assumed too, at one figure without a range: read what follows from it beside that.",
        "A principle that costs less may do so by helping fewer: read cash beside need without help.",
        "Money is counted over the years simulated. What comes later, good or bad, is not in any figure.",
        *([str(said)] if (said := effects.meta.place.get("cannot_tell")) else []),
        *(str(item) for item in effects.meta.not_known),
    ]
    return Section("not-known", "What the model does not know", points=tuple(points))


def reproduce(effects: PrincipleEffects) -> Section:
    """Command, seed, digests and worlds."""
    attrs = effects.results.attrs
    sizes = effects.results.sizes
    each = f"{sizes['combination']:,} combinations"
    if sizes["order"]:
        each += f" and {words.count_of(sizes['order'], 'order')} carried out in time"
    n_worlds = (sizes["combination"] + sizes["order"]) * sizes["draw"] * sizes["replicate"]
    facts = [
        ("Version", attrs["version"]),
        ("Seed", attrs["seed"]),
        ("Worlds", f"{n_worlds:,}: {each}, {sizes['draw']} sets of beliefs, "
                   f"{words.count_of(sizes['replicate'], 'run')} of luck each"),
        ("Time taken", time_taken(effects)),
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
