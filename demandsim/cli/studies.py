"""Commands about studies: run, compare, brief, demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from demandsim.cli.showing import print_pockets, print_sections, print_table
from demandsim.cli.telling import STOPPED, say, told

Out = Annotated[Path, typer.Option("--out", help="Folder of the results; a run that was stopped goes on from there.")]
Workers = Annotated[int | None, typer.Option("--workers", help="Processes; all processors by default.")]
Results = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a study's results.")]


@told
def run(
    study: Annotated[
        str, typer.Argument(metavar="STUDY.toml", help="A study file, or the id of one in configs/studies.")
    ],
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
    say(f"Next: demandsim compare {out}, or demandsim brief {out} -o brief.html")


def _run(study: str, out: Path, settings: dict[str, Any], workers: int | None, command: str) -> None:
    from demandsim.study.config import load_study

    run_loaded(load_study(study, settings), out, workers, command)


def run_loaded(study: Any, out: Path, workers: int | None, command: str) -> None:
    """Run a study into a folder, and say what was done, what failed, and how to go on where it was stopped."""
    from demandsim.errors import StoreError
    from demandsim.study.recording import count_done
    from demandsim.study.run import run_study

    try:
        tally = run_study(study, out, workers=workers, command=command)
    except KeyboardInterrupt:
        try:
            done, total = count_done(out)
        except StoreError:
            raise KeyboardInterrupt from None
        say(f"Stopped. {done} of {total} lucks are kept in {out}. The same command goes on from there:")
        say(f"  {command.replace('DIR', str(out))}")
        raise typer.Exit(STOPPED) from None
    total = tally.done + tally.kept
    say(f"{total} lucks in {tally.folder}: {tally.done} run now, {tally.kept} were there, {tally.failed} failed.")
    if tally.failed:
        say("Failed lucks are left out of every figure; their reasons are in the results. Run again to try them again.")
        if tally.failed == total:
            say(f"All failed. The first reason: {_first_reason(out)}")
            raise typer.Exit(1)


def _first_reason(out: Path) -> str:
    from demandsim.ledger.results import read_results

    return next((str(reason) for reason in read_results(out)["reason"].values.ravel() if str(reason)), "unknown")


@told
def compare(
    folder: Results,
    scenario: Annotated[str | None, typer.Option(help="Only this scenario.")] = None,
    against: Annotated[str | None, typer.Option(help="Compared with this one; the study's first by default.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for another program.")] = False,
) -> None:
    """Compare scenarios: cost, crisis, unmet need, waits and the front door, on the same households and luck."""
    from demandsim.ledger.results import read_results

    results = read_results(folder)
    if scenario is None:
        from demandsim.report import comparison_table
        from demandsim.report.sections.case import where_from
        from demandsim.report.sections.door import door_table

        table, door = comparison_table(results, against), door_table(results, against)
        if json:
            print(table.joined(door).to_json())
            return
        print_table(table)
        print_table(door)
        print(where_from(results))
        return
    _compare_two(results, scenario, against, json)


def _compare_two(results: Any, scenario: str, against: str | None, is_json: bool) -> None:
    """Two scenarios: the table, and who pays."""
    import json

    from demandsim.comparison.paired import compare as compare_pair
    from demandsim.report import comparison_table
    from demandsim.report.sections.case import Case, where_from
    from demandsim.report.sections.door import door_table
    from demandsim.report.sections.footing import footing

    pair = compare_pair(results, scenario, against)
    both = results.sel(scenario=[pair.against, pair.scenario])
    table, door = comparison_table(both, pair.against), door_table(both, pair.against)
    pockets = pair.pockets()
    if is_json:
        told_so_far = json.loads(table.joined(door).to_json())
        print(json.dumps(told_so_far | {"pockets": json.loads(pockets.to_json(orient="records"))}, indent=2))
        return
    print_table(table)
    print_table(door)
    print_pockets(pockets)
    print_sections([footing(Case(pair))])
    print(where_from(results))


@told
def brief(
    folder: Results,
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file to write.")],
    scenario: Annotated[str | None, typer.Option(help="Another scenario than the study's headline.")] = None,
    against: Annotated[str | None, typer.Option(help="Compared with this one; the study's first by default.")] = None,
) -> None:
    """Write the brief: one HTML file in plain English."""
    say(f"Written: {_write_brief(folder, output, scenario, against)}")


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


@told
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder of the results.")] = Path("out/demo"),
    workers: Workers = None,
) -> None:
    """Run Hackney in small, show the comparison and write its brief."""
    from demandsim.ledger.results import read_results
    from demandsim.ledger.store import read_record
    from demandsim.report import comparison_table
    from demandsim.report.sections.case import where_from
    from demandsim.study.config import load_study
    from demandsim.study.pins import require_pins
    from demandsim.study.plan import build_plan, pins_of

    require_pins(pins_of(build_plan(load_study("demo")).scenarios))
    _run("demo", out, {}, workers, "demandsim demo --out DIR")
    results = read_results(out)
    print_table(comparison_table(results))
    print(where_from(results))
    written = _write_brief(out, out / "brief.html")
    print(f"\nThe brief: {written}")
    print(f"What this size cannot tell: {read_record(out)['attrs']['meta']['place']['cannot_tell']}")
