"""The command about drift: how spending moves from early help to crisis under each scenario of a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from demandsim.cli.showing import console
from demandsim.cli.telling import say, told

if TYPE_CHECKING:
    from demandsim.comparison.drift import Drift
    from demandsim.report.official import OfficialLine


@told
def drift(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a study's results.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Also write an HTML page here.")] = None,
) -> None:
    """Show how spending drifts from early help to crisis, beside official figures."""
    from demandsim.comparison.drift import limited_payers, measure_drift
    from demandsim.ledger.results import read_results
    from demandsim.report.drift import write_drift
    from demandsim.report.official import GRANTS_TOO, load_lines
    from demandsim.study.books import ENGLAND, load_book
    from demandsim.study.folders import find_configs

    results = read_results(folder)
    configs = find_configs()
    book = load_book(configs, ENGLAND)
    limited = limited_payers(book)
    price_year = str(results.attrs.get("price_year", book.price_year))
    everyone = measure_drift(results, limited)
    lines = load_lines(configs, book, price_year)
    _print_drift(everyone, lines)
    say(GRANTS_TOO)
    if output is not None:
        children = measure_drift(results, limited, ("council_children",))
        say(f"Written: {write_drift(everyone, children, lines, price_year, output)}")


def _print_drift(everyone: Drift, lines: list[OfficialLine]) -> None:
    from rich.table import Table

    from demandsim.report.official import official_shares
    from demandsim.report.words import money, percent, points, signed, signed_range

    runs = everyone.change(everyone.scenarios[0]).n_runs
    first, last = everyone.years[0], everyone.years[-1]
    table = Table(
        title=f"Early share of what cash-limited purses spend on services ({runs} runs)",
        caption="In brackets: nine in ten runs lie between.",
    )
    for heading in ("", first, last, "Change", "Late spending, first to last year"):
        table.add_column(heading, justify="right" if heading else "left")
    for scenario in everyone.scenarios:
        share, change, late = everyone.share(scenario), everyone.change(scenario), everyone.spending(scenario, "late")
        table.add_row(
            everyone.meta.scenario_title(scenario),
            f"{percent(share[0].mean)}\n({percent(share[0].low)} to {percent(share[0].high)})",
            f"{percent(share[-1].mean)}\n({percent(share[-1].low)} to {percent(share[-1].high)})",
            f"{signed(change.mean, points)}\n({signed_range(change.low, change.high, points)})",
            f"{money(late[0].mean)} to {money(late[-1].mean)}\n({money(late[-1].low)} to {money(late[-1].high)})",
        )
    shares = official_shares(lines)
    if shares:
        years = list(shares)
        change_text = signed(shares[years[-1]] - shares[years[0]], points)
        told_shares = [f"{percent(shares[year])}\n({year})" for year in (years[0], years[-1])]
        table.add_section()
        table.add_row("Official, England: " + " and ".join(line.title for line in lines), *told_shares, change_text, "")
    console().print(table)
