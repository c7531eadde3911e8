"""The command about beliefs: what is believed, how it is known, and what no figure fixes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from demandsim.cli.showing import console
from demandsim.cli.telling import told

if TYPE_CHECKING:
    from demandsim.study.footing.identified import Identified

_NAME, _LAST = 48, 30


@told
def beliefs(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A place: its fit and its past.")] = "england",
    unidentified: Annotated[
        bool, typer.Option("--unidentified", help="Only those that no published figure fixes.")
    ] = False,
) -> None:
    """List what is believed, how it is known, and what fixes it."""
    from demandsim.place import load_place
    from demandsim.study.books import load_book
    from demandsim.study.folders import find_configs, find_named
    from demandsim.study.footing.identified import identify_beliefs

    configs = find_configs()
    where = load_place(find_named(configs, "places", place))
    book = load_book(configs, where.fit_id)
    rows = identify_beliefs(book)
    _print_counts(rows, where.title, book.calibrated)
    shown = [one for one in rows if not one.is_fixed] if unidentified else rows
    if shown:
        console().print(_table(shown, show_meaning=unidentified))


def _print_counts(rows: list[Identified], title: str, calibrated: Any) -> None:
    """How many there are, of which grade, and how many nothing fixes: before any list."""
    from collections import Counter

    from demandsim.report.words import count_of

    free = [one for one in rows if not one.is_fixed]
    grades = Counter(one.evidence for one in rows)
    graded = ", ".join(f"{n:,} {grade}" for grade, n in grades.most_common())
    print(f"{title}: {len(free):,} of {count_of(len(rows), 'uncertain belief')} are fixed by no published figure.")
    print(f"By how they are known: {graded}.")
    part = sum(bool(one.loose) for one in rows)
    if part:
        print(f"Of {part:,} that a figure fixes, only some numbers are fixed; the list names those that are not.")
    if calibrated is None:
        print("Nothing was calibrated here, so beliefs are as wide as stated. To change that: demandsim calibrate")
    elif calibrated.until:
        print(f"Calibrated to figures up to {calibrated.until}.")


def _table(rows: list[Identified], show_meaning: bool) -> Any:
    """A row a belief, at most 100 columns wide: what fixes it, or where nothing does, what it means."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(caption="All about one of them: demandsim explain NAME")
    table.add_column("Belief", overflow="fold", max_width=_NAME)
    table.add_column("Known")
    table.add_column("What it means" if show_meaning else "What fixes it", overflow="fold", max_width=_LAST)
    for one in rows:
        fixed = "; ".join(one.fixed_by) or "nothing"
        fixed += f"; nothing fixes {', '.join(one.loose)}" if one.loose else ""
        table.add_row(escape(one.name), one.evidence, escape(one.meaning if show_meaning else fixed))
    return table
