"""Tables on a terminal, as wide as it is; in a file, as wide as they need to be."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from demandsim.report.block import Section, Table
    from demandsim.report.tables import ComparisonTable

_WIDE = 220  # characters of a table that goes to a file
_FIRST_COLUMN, _COLUMN = 30, 23


def console() -> Any:
    """Where tables go."""
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=_WIDE)


def print_table(table: ComparisonTable) -> None:
    """As many scenarios side by side as the terminal is wide."""
    from dataclasses import replace

    screen = console()
    scenarios = list(dict.fromkeys(figure.scenario for figure in table.figures))
    at_once = max(1, (screen.width - _FIRST_COLUMN) // _COLUMN)
    for first in range(0, len(scenarios), at_once):
        chosen = scenarios[first : first + at_once]
        screen.print(replace(table, figures=tuple(one for one in table.figures if one.scenario in chosen)))


def print_pockets(pockets: Any) -> None:
    """Who pays and who gains, purse by purse."""
    from rich.table import Table

    from demandsim.comparison.meta import readable
    from demandsim.report.words import money, signed, signed_range

    table = Table(title="Who pays more and who gains, in cash", caption="In brackets: nine in ten runs lie between.")
    for heading in ("Purse", "Position", "Cash difference", ""):
        table.add_column(heading, justify="left" if heading in ("Purse", "Position") else "right")
    for row in pockets.to_dict("records"):
        span = f"({signed_range(row['low'], row['high'], money)})"
        table.add_row(readable(str(row["purse"])), str(row["position"]), signed(row["difference"], money), span)
    console().print(table)


def print_sections(sections: Iterable[Section]) -> None:
    """Sections of a page as words and tables, without their charts."""
    from rich.markup import escape

    screen = console()
    for section in sections:
        screen.print(f"\n[bold]{escape(section.heading)}[/bold]")
        for paragraph in section.paragraphs:
            screen.print(escape(paragraph))
        for exhibit in section.exhibits:
            screen.print(f"\n[bold]{escape(exhibit.finding)}.[/bold]\n{escape(exhibit.sentence)}")
            if exhibit.table is not None and not exhibit.table.is_folded:
                screen.print(as_rich(exhibit.table))
            elif exhibit.table is not None:
                screen.print("The figures are in the page (-o page.html) and in --json.")
        for point in section.points:
            screen.print(f"- {escape(point)}")


def as_rich(block: Table) -> Any:
    """A table of a page for a terminal: what stands beneath a figure in brackets."""
    from rich.markup import escape
    from rich.table import Table as RichTable

    caption = block.caption.replace("The smaller figures", "The figures in brackets")
    caption = caption.replace("the smaller figures", "the figures in brackets")
    table = RichTable(title=None, caption=escape(caption), show_lines=True)
    for at, heading in enumerate(block.head):
        table.add_column(escape(heading), justify="left" if at == 0 else "right", overflow="fold")
    for row in block.rows:
        table.add_row(*[escape(f"{cell.main}\n({cell.sub})" if cell.sub else cell.main) for cell in row])
    return table
