"""The command line: one verb a command, messages without tracebacks.

Takes words and files; gives tables, files and exit codes: 0 done, 1 done with failures, 2 something to mend, 130 stopped.
Nothing heavy is imported here: ``--help`` answers at once, and each command fetches what it needs.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from demandsim.version import VERSION

if TYPE_CHECKING:
    from demandsim.report.tables import ComparisonTable

MENDABLE = 2
STOPPED = 130
_WIDE = 220  # characters of a table that goes to a file
_FIRST_COLUMN, _COLUMN = 30, 23

app = typer.Typer(
    name="demandsim",
    help="Demand simulation: does acting earlier cost the whole public system less, who pays, and who gains?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Out = Annotated[Path, typer.Option("--out", help="Folder of the results; a run that was stopped goes on from there.")]
Workers = Annotated[int | None, typer.Option("--workers", help="Processes; all processors by default.")]
Results = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a study's results.")]


def told(command: Callable[..., None]) -> Callable[..., None]:
    """Tell what a user can mend in words, without a traceback; leave everything else as it is."""

    @functools.wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except KeyboardInterrupt:
            _say("Stopped.")
            raise typer.Exit(STOPPED) from None
        except BrokenPipeError:  # whoever read our output has heard enough
            sys.stderr.close()
            raise typer.Exit(1) from None
        except Exception as error:
            if (message := _mendable(error)) is None:
                raise
            _say(message)
            raise typer.Exit(MENDABLE) from None

    return wrapped


def _mendable(error: Exception) -> str | None:
    from demandsim.errors import DemandsimError

    if isinstance(error, DemandsimError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'A file'}: {error.strerror}. Check the path, its permissions and the room on the disk."
    return None


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _version(is_asked: bool) -> None:
    if is_asked:
        print(f"demandsim {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")] = False,
) -> None:
    """Demand simulation: does acting earlier cost the whole public system less, who pays, and who gains?"""


@app.command()
@told
def run(
    study: Annotated[str, typer.Argument(metavar="STUDY.toml", help="A study file, or the id of one in configs/studies.")],
    out: Out,
    place: Annotated[str | None, typer.Option(help="Another place: an id or a place file.")] = None,
    households: Annotated[str | None, typer.Option(metavar="N|full", help="Households to simulate.")] = None,
    years: Annotated[int | None, typer.Option(help="Years, 1 to 15.")] = None,
    draws: Annotated[int | None, typer.Option(help="Sets of beliefs.")] = None,
    replicates: Annotated[int | None, typer.Option(help="Runs of luck for each.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of every draw.")] = None,
    workers: Workers = None,
) -> None:
    """Run a study into a folder; run it again to go on where it stopped."""
    settings = {
        "place": place,
        "households": households,
        "years": years,
        "draws": draws,
        "replicates": replicates,
        "seed": seed,
    }
    given = [f"--{key} {value}" for key, value in settings.items() if value is not None]
    _run(study, out, settings, workers, " ".join(["demandsim run", study, *given, "--out DIR"]))
    _say(f"Next: demandsim compare {out}, or demandsim brief {out} -o brief.html")


def _run(study: str, out: Path, settings: dict[str, Any], workers: int | None, command: str) -> None:
    from demandsim.errors import StoreError
    from demandsim.study.config import load_study
    from demandsim.study.run import count_done, run_study

    loaded = load_study(study, settings)
    try:
        tally = run_study(loaded, out, workers=workers, command=command)
    except KeyboardInterrupt:
        try:
            done, total = count_done(out)
        except StoreError:
            raise KeyboardInterrupt from None
        _say(f"Stopped. {done} of {total} lucks are kept in {out}. The same command goes on from there:")
        _say(f"  {command.replace('DIR', str(out))}")
        raise typer.Exit(STOPPED) from None
    total = tally.done + tally.kept
    _say(f"{total} lucks in {tally.folder}: {tally.done} run now, {tally.kept} were there, {tally.failed} failed.")
    if tally.failed:
        _say("Failed lucks are left out of every figure; their reasons are in the results. Run again to try them again.")
        if tally.failed == total:
            _say(f"All failed. The first reason: {_first_reason(out)}")
            raise typer.Exit(1)


def _first_reason(out: Path) -> str:
    from demandsim.ledger.results import read_results

    return next((str(reason) for reason in read_results(out)["reason"].values.ravel() if str(reason)), "unknown")


@app.command()
@told
def compare(
    folder: Results,
    scenario: Annotated[str | None, typer.Option(help="Only this scenario.")] = None,
    against: Annotated[str | None, typer.Option(help="Compared with this one; the study's first by default.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for another program.")] = False,
) -> None:
    """Compare scenarios: cost, capacity, crisis, unmet need and waits, on the same households and luck."""
    from demandsim.ledger.results import read_results

    results = read_results(folder)
    if scenario is None:
        from demandsim.report import comparison_table

        table = comparison_table(results, against)
        print(table.to_json()) if json else _print_table(table)
        return
    _compare_two(results, scenario, against, json)


def _compare_two(results: Any, scenario: str, against: str | None, is_json: bool) -> None:
    """Two scenarios: the table, and who pays."""
    import json

    from demandsim.comparison.paired import compare as compare_pair
    from demandsim.report import comparison_table

    pair = compare_pair(results, scenario, against)
    table = comparison_table(results.sel(scenario=[pair.against, pair.scenario]), pair.against)
    pockets = pair.pockets()
    if is_json:
        told_so_far = json.loads(table.to_json())
        print(json.dumps(told_so_far | {"pockets": json.loads(pockets.to_json(orient="records"))}, indent=2))
        return
    _print_table(table)
    _print_pockets(pockets)


def _console() -> Any:
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=_WIDE)


def _print_table(table: ComparisonTable) -> None:
    """As many scenarios side by side as the terminal is wide."""
    from dataclasses import replace

    console = _console()
    scenarios = list(dict.fromkeys(figure.scenario for figure in table.figures))
    at_once = max(1, (console.width - _FIRST_COLUMN) // _COLUMN)
    for first in range(0, len(scenarios), at_once):
        chosen = scenarios[first : first + at_once]
        console.print(replace(table, figures=tuple(one for one in table.figures if one.scenario in chosen)))


def _print_pockets(pockets: Any) -> None:
    from rich.table import Table

    from demandsim.comparison.meta import readable
    from demandsim.report.words import money

    table = Table(title="Who pays more and who gains, in cash", caption="In brackets: nine in ten runs lie between.")
    for heading in ("Purse", "Position", "Cash difference", ""):
        table.add_column(heading, justify="left" if heading in ("Purse", "Position") else "right")
    for row in pockets.to_dict("records"):
        span = f"({money(row['low'])} to {money(row['high'])})"
        table.add_row(readable(str(row["purse"])), str(row["position"]), money(row["difference"]), span)
    _console().print(table)


@app.command()
@told
def brief(
    folder: Results,
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file to write.")],
    scenario: Annotated[str | None, typer.Option(help="Another scenario than the study's headline.")] = None,
    against: Annotated[str | None, typer.Option(help="Compared with this one; the study's first by default.")] = None,
) -> None:
    """Write the brief: one HTML file in plain English."""
    _say(f"Written: {_write_brief(folder, output, scenario, against)}")


def _write_brief(folder: Path, output: Path, scenario: str | None = None, against: str | None = None) -> Path:
    from demandsim.errors import RequestError
    from demandsim.ledger.results import read_cases, read_results
    from demandsim.ledger.store import read_record
    from demandsim.report import write_brief
    from demandsim.study.pins import require_pins

    record = read_record(folder)
    require_pins(record["pins"])
    headline = scenario or record["headline"]
    if not headline:
        raise RequestError(f"{folder}: the study has one scenario only, so there is nothing to compare in a brief.")
    is_headline = headline == record["headline"] and against in (None, record["scenarios"][0])
    cases = read_cases(folder) if is_headline else None
    return write_brief(read_results(folder), output, headline, against, cases)


@app.command()
@told
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder of the results.")] = Path("out/demo"),
    workers: Workers = None,
) -> None:
    """Run a small invented borough, show the comparison and write its brief."""
    from demandsim.ledger.results import read_results
    from demandsim.ledger.store import read_record
    from demandsim.report import comparison_table
    from demandsim.study.config import load_study
    from demandsim.study.pins import require_pins
    from demandsim.study.plan import build_plan, pins_of

    require_pins(pins_of(build_plan(load_study("demo")).scenarios))
    _run("demo", out, {}, workers, "demandsim demo --out DIR")
    _print_table(comparison_table(read_results(out)))
    written = _write_brief(out, out / "brief.html")
    print(f"\nThe brief: {written}")
    print(f"What this size cannot tell: {read_record(out)['attrs']['meta']['place']['cannot_tell']}")


@app.command()
@told
def check() -> None:
    """Check every config file, and find what nothing uses."""
    from demandsim.study.checking import check_configs
    from demandsim.study.folders import find_configs

    report = check_configs(find_configs())
    print(report)
    if not report.is_sound:
        raise typer.Exit(MENDABLE)


@app.command()
@told
def explain(name: Annotated[str, typer.Argument(help="A belief, lever, service, effect, cost, need or scenario.")]) -> None:
    """Say in words what a name stands for."""
    from demandsim.parameters import explain as explain_name
    from demandsim.policy import load_scenario
    from demandsim.study.books import ENGLAND, load_book
    from demandsim.study.folders import find_configs

    configs = find_configs()
    scenarios = [load_scenario(path) for path in sorted((configs / "scenarios").glob("*.toml"))]
    print(explain_name(load_book(configs, ENGLAND), scenarios, name))


@app.command()
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
    _console().print(table)


@app.command()
@told
def pin(files: Annotated[list[Path], typer.Argument(metavar="SCENARIO.toml...", help="Scenario files.")]) -> None:
    """Write the digest of its baseline into a scenario: a brief requires it."""
    from demandsim.policy import load_scenario
    from demandsim.policy import pin as pin_file

    for file in files:
        if len(files) > 1 and load_scenario(file).base is None:
            print(f"{file}: a baseline itself")
            continue
        print(f"{file}: {pin_file(file)}")


@app.command()
@told
def schema(out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("out/schema")) -> None:
    """Write JSON Schemas of the config files, for editors."""
    from demandsim.parameters import write_schema
    from demandsim.policy import Scenario
    from demandsim.study.config import Study

    for path in write_schema(out, {"scenario": Scenario, "study": Study}):
        print(path)


@app.command()
@told
def receipts(groups: Annotated[list[str] | None, typer.Argument(help="Groups such as R1; all by default.")] = None) -> None:
    """Work out other people's published numbers again, and say how near we come."""
    from demandsim.receipts import format_receipts, run_receipts

    outcomes = run_receipts(groups or None)
    print(format_receipts(outcomes), end="")
    if not all(outcome.passed for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
@told
def fit(place: Annotated[str, typer.Argument(help="Id of a place with targets; england first.")]) -> None:
    """Solve base hazards, or a place's multipliers, from published figures."""
    from demandsim.study.fitting import fit_place
    from demandsim.study.folders import find_configs

    print(f"Written: {fit_place(place, find_configs(), report=_say)}")


def main() -> None:
    """Run the command line."""
    app(prog_name="demandsim")
