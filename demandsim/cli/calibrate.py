"""The command that calibrates a place: which beliefs go together, given what was published of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from demandsim.cli.telling import say, told


@told
def calibrate(
    place: Annotated[str, typer.Argument(help="Id of a place with targets; england first.")],
    until: Annotated[str | None, typer.Option(help="Use no figure of a later month, such as 2015-03.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer and smaller runs, for a first look.")] = False,
    synthetic: Annotated[int, typer.Option(help="Also calibrate to this many made-up truths.", min=0)] = 0,
    workers: Annotated[int | None, typer.Option(help="Processes; as many as there are processors.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder where finished runs are kept.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Also write an HTML page here.")] = None,
) -> None:
    """Find the beliefs under which a place measures what was published of it; studies then draw from them."""
    from demandsim.report.calibration import write_calibration
    from demandsim.study.books import load_book
    from demandsim.study.calibration import calibrate_place, sizes_of
    from demandsim.study.folders import find_configs
    from demandsim.study.workers import check_workers

    configs = find_configs()
    folder = out or Path("out") / "calibrate" / (f"{place}_until_{until.replace('-', '_')}" if until else place)
    sizes = sizes_of(place, quick)
    path = calibrate_place(place, configs, sizes, until, folder, check_workers(workers), synthetic, say)
    print(f"Written: {path}")
    if output is not None:
        book = load_book(configs, place, until)
        say(f"Written: {write_calibration(book, output)}")
