"""The command about principles: what each adds, in order and fairly, and which order is best."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from demandsim.cli.showing import console
from demandsim.cli.studies import Out, Workers
from demandsim.cli.telling import STOPPED, say, told

if TYPE_CHECKING:
    from demandsim.report.block import Cell, Table

#: What ``--quick`` asks for: a look in about a minute, too small to judge by.
QUICK: Final = {"households": 1000, "years": 3, "run_in": 60, "draws": 4, "replicates": 1}
_QUICK_ORDERS: Final = 20
_FIRST_COLUMN, _COLUMN = 40, 22


@told
def principles(
    study: Annotated[
        str, typer.Argument(metavar="STUDY.toml", help="A study file, or the id of one in configs/studies.")
    ],
    out: Out,
    orders: Annotated[
        int | None, typer.Option(metavar="N", help="Run so many orders, stage by stage; by default every combination.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A small place and few orders: a look, no answer.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="An HTML page to write.")] = None,
    workers: Workers = None,
) -> None:
    """Split the whole-place principles: what each adds, with which others, and in which order."""
    from demandsim.comparison.principles import compare_principles
    from demandsim.report.principles import principle_tables, write_principles
    from demandsim.study.config import load_study
    from demandsim.study.factorial_results import read_principles

    wanted = orders if orders is not None else (_QUICK_ORDERS if quick else 0)
    given = [*(["--quick"] if quick else []), *([f"--orders {orders}"] if orders is not None else [])]
    command = " ".join(["demandsim principles", study, *given, "--out DIR"])
    _run(load_study(study, QUICK if quick else {}), out, wanted, workers, command)
    effects = compare_principles(read_principles(out))
    for table in principle_tables(effects):
        _print(table)
    if output is not None:
        say(f"Written: {write_principles(effects, output)}")


def _run(study: Any, out: Path, orders: int, workers: int | None, command: str) -> None:
    from demandsim.study.factorial import run_principles

    try:
        tally = run_principles(study, out, orders=orders, workers=workers, command=command)
    except KeyboardInterrupt:
        say(f"Stopped. What was done is kept in {out}. The same command goes on from there:")
        say(f"  {command.replace('DIR', str(out))}")
        raise typer.Exit(STOPPED) from None
    minutes = f"{tally.seconds / 60:.1f} minutes" if tally.seconds >= 90 else f"{tally.seconds:.0f} seconds"
    say(f"{tally.run:,} worlds run in {minutes}, {tally.kept:,} were there, {tally.failed:,} failed.")


def _print(table: Table) -> None:
    """A table on the terminal, as many columns at once as fit, the first always."""
    from rich.table import Table as Rich

    screen = console()
    at_once = max(1, (screen.width - _FIRST_COLUMN) // _COLUMN)
    for first in range(1, len(table.head), at_once):
        shown = Rich(title=table.caption, show_lines=True)
        shown.add_column(table.head[0], max_width=_FIRST_COLUMN)
        for name in table.head[first : first + at_once]:
            shown.add_column(name, justify="right")
        for row in table.rows:
            shown.add_row(*(_text(cell) for cell in (row[0], *row[first : first + at_once])))
        screen.print(shown)


def _text(cell: Cell) -> str:
    return f"{cell.main}\n({cell.sub})" if cell.sub else cell.main
