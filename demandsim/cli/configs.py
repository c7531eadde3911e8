"""Commands about configs: check, explain, levers, pin, schema, receipts, fit, docs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from demandsim.cli.showing import console
from demandsim.cli.telling import MENDABLE, say, told


@told
def check() -> None:
    """Check every config file, and find what nothing uses."""
    from demandsim.study.checking import check_configs
    from demandsim.study.folders import find_configs

    report = check_configs(find_configs())
    print(report)
    if not report.is_sound:
        raise typer.Exit(MENDABLE)


@told
def explain(
    name: Annotated[str, typer.Argument(help="A belief, lever, service, effect, cost, need, scenario or future.")],
) -> None:
    """Say in words what a name stands for."""
    from demandsim.parameters import explain as explain_name
    from demandsim.policy import load_future, load_scenario
    from demandsim.study.books import ENGLAND, load_book
    from demandsim.study.folders import find_configs

    configs = find_configs()
    scenarios = [load_scenario(path) for path in sorted((configs / "scenarios").glob("*.toml"))]
    futures = [load_future(path) for path in sorted((configs / "futures").glob("*.toml"))]
    print(explain_name(load_book(configs, ENGLAND), scenarios, name, futures))


@told
def levers(word: Annotated[str, typer.Argument(help="Only levers whose name holds this.")] = "") -> None:
    """List what a scenario may move, with its value as now and what it may be."""
    from rich.table import Table

    from demandsim.errors import RequestError
    from demandsim.parameters.explaining import show_value
    from demandsim.policy import list_levers
    from demandsim.study.books import ENGLAND, load_book
    from demandsim.study.folders import find_configs

    found = [one for one in list_levers(load_book(find_configs(), ENGLAND)).values() if word in one.name]
    if not found:
        raise RequestError(f"There is no lever whose name holds `{word}`. List all with: demandsim levers")
    table = Table("Lever", "As now", "May be", "Meaning")
    for one in found:
        bounds = ", ".join(one.choices) if one.choices else f"{one.low:g} to {one.high:g}"
        table.add_row(one.name, show_value(one.now, one.unit), bounds, one.meaning)
    console().print(table)


@told
def pin(files: Annotated[list[Path], typer.Argument(metavar="SCENARIO.toml...", help="Scenario files.")]) -> None:
    """Write the digest of its baseline into a scenario: a brief requires it."""
    from functools import cache

    from demandsim.parameters import load_parameters
    from demandsim.policy import load_scenario
    from demandsim.policy import pin as pin_file

    book_of = cache(load_parameters)  # scenarios of one folder share their beliefs
    for file in files:
        if len(files) > 1 and load_scenario(file).base is None:
            print(f"{file}: a baseline itself")
            continue
        print(f"{file}: {pin_file(file, book_of(file.parent.parent / 'parameters'))}")


@told
def schema(out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("out/schema")) -> None:
    """Write JSON Schemas of the config files, for editors."""
    from pydantic import BaseModel

    from demandsim.parameters import write_schema
    from demandsim.policy import Future, Scenario
    from demandsim.policy.account import Account
    from demandsim.policy.principles import Principles
    from demandsim.study.config import Study
    from demandsim.study.indicator_sets import IndicatorSet

    models: dict[str, type[BaseModel]] = {
        "scenario": Scenario,
        "future": Future,
        "principles": Principles,
        "account": Account,
        "study": Study,
        "indicators": IndicatorSet,
    }
    for path in write_schema(out, models):
        print(path)


@told
def receipts(
    groups: Annotated[list[str] | None, typer.Argument(help="Groups such as R1; all by default.")] = None,
) -> None:
    """Work out other people's published numbers again, and say how near we come."""
    from demandsim.receipts import format_receipts, run_receipts

    outcomes = run_receipts(groups or None)
    print(format_receipts(outcomes), end="")
    if not all(outcome.passed for outcome in outcomes):
        raise typer.Exit(1)


@told
def fit(
    what: Annotated[str, typer.Argument(help="`effects`, or the id of a place with targets; england first.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Effects: also write an HTML page here.")
    ] = None,
    households: Annotated[int | None, typer.Option(help="Effects: households to simulate.")] = None,
    lucks: Annotated[int | None, typer.Option(help="Effects: runs of luck.")] = None,
    workers: Annotated[int | None, typer.Option(help="Effects: processes; all processors by default.")] = None,
) -> None:
    """Solve what published figures say: effects by replay, base hazards, or a place's multipliers."""
    from demandsim.cli.effects import fit_effects_here
    from demandsim.errors import RequestError
    from demandsim.study.fitting import fit_place
    from demandsim.study.folders import find_configs

    if what == "effects":
        fit_effects_here(output, households, lucks, workers=workers)
        return
    given = {"--output": output, "--households": households, "--lucks": lucks, "--workers": workers}
    if asked := [name for name, value in given.items() if value is not None]:
        raise RequestError(f"{', '.join(asked)}: only for `demandsim fit effects`. Leave out, or name `effects`.")
    print(f"Written: {fit_place(what, find_configs(), report=say)}")


@told
def docs(out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write to.")] = Path("docs")) -> None:
    """Write the documentation pages that come from configs and code."""
    from demandsim.report.documents import write_documents
    from demandsim.study.folders import find_configs

    for path in write_documents(find_configs(), out):
        print(path)
