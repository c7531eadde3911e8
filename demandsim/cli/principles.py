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
_QUICK_ORDERS: Final = 8
#: Orders carried out in time where nothing is asked for.
ROLLOUTS: Final = 20
_FIRST_COLUMN, _COLUMN = 40, 22


Orders = Annotated[
    int | None, typer.Option(metavar="N", help="Run so many orders and every pair; by default every combination.")
]
Rollouts = Annotated[
    int, typer.Option(metavar="N", help="Carry out the report's order and so many others in time, stage by stage.")
]
Intensity = Annotated[float, typer.Option(help="How far principles are carried, above 0 and up to 1.")]


@told
def principles(
    study: Annotated[
        str, typer.Argument(metavar="STUDY.toml", help="A study file, or the id of one in configs/studies.")
    ],
    out: Out,
    orders: Orders = None,
    rollouts: Rollouts = ROLLOUTS,
    intensity: Intensity = 1.0,
    quick: Annotated[bool, typer.Option("--quick", help="A small place and few orders: a look, no answer.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="An HTML page to write.")] = None,
    place: Annotated[str | None, typer.Option(help="Another place: an id or a place file.")] = None,
    households: Annotated[str | None, typer.Option(metavar="N|full", help="Households to simulate.")] = None,
    years: Annotated[int | None, typer.Option(help="Years, 1 to 15.")] = None,
    draws: Annotated[int | None, typer.Option(help="Sets of beliefs.")] = None,
    replicates: Annotated[int | None, typer.Option(help="Runs of luck for each.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of every draw.")] = None,
    workers: Workers = None,
) -> None:
    """Split the whole-place principles: what each adds, with which others, and in which order."""
    settings = {"place": place, "households": households, "years": years, "draws": draws}
    settings = _given({**settings, "replicates": replicates, "seed": seed})
    changed = {"rollouts": (rollouts, ROLLOUTS), "intensity": (intensity, 1.0)}
    own = _given({"orders": orders, **{key: now if now != usual else None for key, (now, usual) in changed.items()}})
    said = [f"--{key} {value}" for key, value in {**settings, **own}.items()]
    command = " ".join(["demandsim principles", study, *(["--quick"] if quick else []), *said, "--out DIR"])
    wanted = orders if orders is not None else (_QUICK_ORDERS if quick else 0)
    settings = {**(QUICK if quick else {}), **settings}
    _run(study, settings, out, command, orders=wanted, intensity=intensity, rollouts=rollouts, workers=workers)
    _tell(out, output)


def _given(settings: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if value is not None}


def _tell(out: Path, output: Path | None) -> None:
    """Every table on the terminal, and the page where one is asked for."""
    from demandsim.comparison.principles import compare_principles
    from demandsim.report.principles import headline, principle_tables, write_principles
    from demandsim.study.factorial_results import read_principles

    effects = compare_principles(read_principles(out))
    say(f"{headline(effects)}.")
    for table in principle_tables(effects):
        _print(table)
    if output is not None:
        say(f"Written: {write_principles(effects, output)}")


def _run(study: str, settings: dict[str, Any], out: Path, command: str, **how: Any) -> None:
    from demandsim.study.config import load_study
    from demandsim.study.factorial import run_principles

    try:
        tally = run_principles(load_study(study, settings), out, command=command, **how)
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
