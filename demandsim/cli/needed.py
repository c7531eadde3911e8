"""The command about amounts: needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from demandsim.cli.showing import print_sections
from demandsim.cli.telling import say, told

#: Work that charges and fines.
_ENFORCEMENT = ["asb_enforcement", "parking", "planning"]


@told
def needed(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A place file, or the id of one in configs/places.")],
    amount: Annotated[float, typer.Argument(metavar="AMOUNT", help="Pounds a year to save or earn.")],
    stream: Annotated[
        list[str] | None, typer.Option(help="A stream of contact; say it again for more. Enforcement by default.")
    ] = None,
    draws: Annotated[int, typer.Option(help="Sets of beliefs.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the sets of beliefs.")] = 2016,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Also write an HTML page here.")] = None,
) -> None:
    """Say what price, volume, posts or tonnes it would take for streams of contact to save or earn so much."""
    from demandsim.comparison.needed import find_needed
    from demandsim.place import load_place
    from demandsim.policy.scenario import load_scenario
    from demandsim.report.needed_page import needed_sections, write_needed
    from demandsim.study.books import load_book
    from demandsim.study.folders import find_configs, find_named

    configs = find_configs()
    where = load_place(find_named(configs, "places", place))
    book = load_book(configs, where.fit_id)
    as_now = load_scenario(configs / "scenarios" / "as_now.toml")
    answer = find_needed(book, where, as_now, "2016-04", amount, stream or _ENFORCEMENT, draws, seed)
    print_sections(needed_sections(answer, where.title, is_drawn=False))
    if output is not None:
        say(f"Written: {write_needed(answer, where.title, output)}")
