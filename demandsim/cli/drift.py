"""The command about drift: how spending moves from early help to crisis under each scenario of a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from demandsim.cli.showing import console
from demandsim.cli.telling import say, told

if TYPE_CHECKING:
    from demandsim.comparison.drift import Drift
    from demandsim.comparison.spiral import Spiral
    from demandsim.report.official import OfficialLine


@told
def drift(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a study's results.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Also write an HTML page here.")] = None,
) -> None:
    """Show how spending drifts from early help to crisis, and what cuts bring back, beside official figures."""
    from demandsim.comparison.drift import limited_payers, measure_drift
    from demandsim.comparison.spiral import measure_spiral
    from demandsim.ledger.results import read_results
    from demandsim.report.drift import write_drift
    from demandsim.report.official import GRANTS_TOO, findings_table, load_lines
    from demandsim.study.books import ENGLAND, load_book
    from demandsim.study.folders import find_configs
    from demandsim.study.official import load_findings

    results = read_results(folder)
    configs = find_configs()
    book = load_book(configs, ENGLAND)
    limited = limited_payers(book)
    price_year = str(results.attrs.get("price_year", book.price_year))
    everyone = measure_drift(results, limited)
    lines = load_lines(configs, book, price_year)
    spiral = measure_spiral(results, limited) if len(everyone.scenarios) > 1 else None
    _print_drift(everyone, lines)
    if spiral is not None:
        _print_spiral(spiral)
    say(GRANTS_TOO)
    if output is not None:
        children = measure_drift(results, limited, ("council_children",))
        findings = findings_table(load_findings(configs, book), book)
        say(f"Written: {write_drift(everyone, children, lines, price_year, output, spiral, findings)}")


def _print_drift(everyone: Drift, lines: list[OfficialLine]) -> None:
    from rich.table import Table

    from demandsim.report.official import line_names, official_shares, quoted
    from demandsim.report.words import money, percent, points, signed, signed_range

    runs = everyone.change(everyone.scenarios[0]).n_runs
    first, last = everyone.years[0], everyone.years[-1]
    table = Table(
        title=f"Early share of what cash-limited purses spend on services ({runs} runs)",
        caption="In brackets: nine in ten runs lie between.",
    )
    for heading in ("", first, last, "Change", "Late spending, first to last year"):
        table.add_column(heading, justify="right" if heading else "left", max_width=None if heading else 48)
    for scenario in everyone.scenarios:
        share, change, late = everyone.share(scenario), everyone.change(scenario), everyone.spending(scenario, "late")
        table.add_row(
            everyone.meta.scenario_title(scenario),
            f"{percent(share[0].mean)}\n({percent(share[0].low)} to {percent(share[0].high)})",
            f"{percent(share[-1].mean)}\n({percent(share[-1].low)} to {percent(share[-1].high)})",
            f"{signed(change.mean, points)}\n({signed_range(change.low, change.high, points)})",
            f"{money(late[0].mean)} to {money(late[-1].mean)}\n({money(late[-1].low)} to {money(late[-1].high)})",
        )
    table.add_section()
    for some in (quoted(lines), lines):
        shares = official_shares(some)
        if len(shares) > 1:
            years = list(shares)
            told_shares = [f"{percent(shares[year])}\n({year})" for year in (years[0], years[-1])]
            change_text = signed(shares[years[-1]] - shares[years[0]], points)
            table.add_row(f"Published, England: {line_names(some)}", *told_shares, change_text, "")
    console().print(table)


def _print_spiral(spiral: Spiral) -> None:
    from rich.table import Table

    from demandsim.comparison.spiral import RETURNS, SAVES
    from demandsim.report.block import change_cell
    from demandsim.report.spiral import CONTACT, CRISIS, pence
    from demandsim.report.words import money, percent

    runs = spiral.beyond(spiral.others[0], *SAVES).n_runs
    base = spiral.meta.scenario_title(spiral.baseline)
    table = Table(
        title=f"What cuts saved and what came back in {spiral.year}, against \u201c{base}\u201d ({runs} runs)",
        caption="In brackets: nine in ten runs lie between. What came back is for each £1 less on posts: a loop feeds "
        "itself only where more than £1 does.",
    )
    for heading in (
        "",
        "On posts",
        "Back: crisis and need",
        "Back: everyday contact",
        "Back: all",
        "Taken on by early help",
    ):
        table.add_column(heading, justify="right" if heading else "left")
    for one in spiral.others:
        cells = [change_cell(spiral.beyond(one, *SAVES), money)]
        cells += [change_cell(spiral.comes_back(one, *parts), pence) for parts in (CRISIS, CONTACT, RETURNS)]
        cells.append(change_cell(spiral.link(one, "admitted"), percent))
        said = [f"{cell.main}\n({cell.sub})" if cell.sub else cell.main for cell in cells]
        table.add_row(spiral.meta.scenario_title(one), *said)
    console().print(table)
