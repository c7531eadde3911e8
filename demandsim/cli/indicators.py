"""The command about a council's own indicators: indicators."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from demandsim.cli.showing import print_sections
from demandsim.cli.telling import say, told


@told
def indicators(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a study's results.")],
    chosen: Annotated[str | None, typer.Option("--set", help="Which of configs/indicators; the place's own.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for another program.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Also write an HTML page here.")] = None,
) -> None:
    """Show a council's published indicators, what is simulated for them, and which are not modelled."""
    from demandsim.comparison.indicators import choose_set, show_indicators
    from demandsim.ledger.results import read_results
    from demandsim.report.indicators import indicator_sections, indicators_json, write_indicators
    from demandsim.study.books import ENGLAND, load_book
    from demandsim.study.folders import find_configs
    from demandsim.study.indicator_sets import load_indicator_sets

    results = read_results(folder)
    configs = find_configs()
    book = load_book(configs, ENGLAND)
    of = choose_set(results, load_indicator_sets(configs, book), chosen)
    shown = show_indicators(results, of)
    if json:
        print(indicators_json(results, of, shown))
    else:
        print_sections(indicator_sections(results, of, shown, book, is_drawn=False))
    if output is not None:
        say(f"Written: {write_indicators(results, of, shown, book, output)}")
