"""The command about futures: one study under each of them, and which policies hold in all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from demandsim.cli.showing import as_rich, console
from demandsim.cli.telling import STOPPED, say, told

if TYPE_CHECKING:
    import xarray as xr

    from demandsim.comparison.robustness import Verdict
    from demandsim.report.futures import FuturesCase

#: What the judgement is kept as, beside the folders of the futures.
RECORD = "robustness.json"


@told
def futures(
    study: Annotated[
        str, typer.Argument(metavar="STUDY.toml", help="A study file, or the id of one in configs/studies.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder of the results, one below it for each future.")],
    future: Annotated[
        list[str] | None, typer.Option(help="Only this one (say it again for more); all by default.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="An HTML page to write.")] = None,
    households: Annotated[str | None, typer.Option(metavar="N|full", help="Households to simulate.")] = None,
    years: Annotated[int | None, typer.Option(help="Years, 1 to 15.")] = None,
    draws: Annotated[int | None, typer.Option(help="Sets of beliefs.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes; all processors by default.")] = None,
) -> None:
    """Run a study under every future, and say which policies hold in all of them."""
    from demandsim.ledger.store import write_text

    settings = {"households": households, "years": years, "draws": draws}
    given = [f"--{key} {value}" for key, value in settings.items() if value is not None]
    chosen = [f"--future {name}" for name in future or ()]
    command = " ".join(["demandsim futures", study, *given, *chosen, "--out DIR"])
    folders = _run_each(study, out, settings, future, workers, command)
    case = _judge(folders)
    record = {measure: judged.record() for measure, judged in case.judged.items()}
    write_text(out / RECORD, json.dumps(record, indent=2) + "\n")
    _print_times(case)
    for measure in case.judged:
        console().print(_table(case, measure))
    if output is not None:
        from demandsim.report.futures import write_futures_page

        say(f"Written: {write_futures_page(case, output, command)}")


def _run_each(
    study: str, out: Path, settings: dict[str, Any], names: list[str] | None, workers: int | None, command: str
) -> dict[str, Path]:
    """Run the study under each future into a folder of its own; what is there is kept."""
    from demandsim.study.config import load_study
    from demandsim.study.futures import list_futures
    from demandsim.study.run import run_study

    chosen = list_futures(load_study(study, settings), names)
    studies = {name: load_study(study, {**settings, "future": name}) for name in chosen}
    folders = {}
    for name, one in studies.items():
        say(f"Future: {name}")
        try:
            tally = run_study(one, out / name, workers=workers, command=command)
        except KeyboardInterrupt:
            say(f"Stopped. What was done is kept in {out}. The same command goes on from there.")
            raise typer.Exit(STOPPED) from None
        say(f"{tally.done} lucks run now, {tally.kept} were there, {tally.failed} failed.")
        folders[name] = out / name
    return folders


def _print_times(case: FuturesCase) -> None:
    """How the place fares in each future if it goes on as now."""
    from demandsim.report.times import times_tables

    policy = case.policy_title(case.one.baseline)
    console().print(f"What each future does to the place under “{policy}”", style="bold")
    for table in times_tables(case.fares, case.future_titles, policy):
        console().print(as_rich(table))


def _judge(folders: dict[str, Path]) -> FuturesCase:
    from demandsim.ledger.results import read_results
    from demandsim.report.futures import read_futures

    results: dict[str, xr.Dataset] = {name: read_results(folder) for name, folder in folders.items()}
    return read_futures(results)


def _sign_words(measure: str, verdict: Verdict) -> str:
    """Which way the means lie over the futures, and whether nine in ten runs lie there too."""
    more, less = ("costs more", "costs less") if measure == "cash" else ("more months", "fewer months")
    if verdict.sign == "changes":
        return f"{more} in some, {less} in others"
    if verdict.sign == "none":
        return "no difference in any future" + ("" if verdict.is_sure else " on average")
    said = more if verdict.sign == "more" else less
    return f"{said} in every future, {'surely' if verdict.is_sure else 'not surely in each'}"


def _table(case: FuturesCase, measure: str) -> Any:
    """Policies in rows, futures in columns."""
    from rich.table import Table

    from demandsim.report.words import in_runs, money, signed, signed_range, whole

    judged, form = case.judged[measure], money if measure == "cash" else whole
    said = {judged.maximin: ["least bad in its worst future"]}
    said.setdefault(judged.minimax_regret, []).append("never far wrong (smallest largest regret)")
    table = Table(
        title=f"{judged.measure.title}: difference from {case.policy_title(judged.baseline)} in the same future",
        caption=f"In brackets: nine in ten of {case.n_runs} runs in each future lie between. "
        "More and less are told of means.",
        show_lines=True,
    )
    for heading in (
        "Policy",
        *(case.future_title(name) for name in judged.futures),
        "It costs less" if measure == "cash" else "It has fewer",
        "Largest regret",
        "",
    ):
        table.add_column(heading, justify="left" if heading in ("Policy", "") else "right")
    for policy in judged.policies:
        verdict = judged.verdicts[policy]
        cells = []
        for name in judged.futures:
            one = judged.standings[name, policy].difference
            cells.append(f"{signed(one.mean, form)}\n({signed_range(one.low, one.high, form)})")
        often = in_runs(verdict.n_better, verdict.n_runs)
        remark = "\n".join(
            [*said.get(policy, []), *([_sign_words(measure, verdict)] if policy != judged.baseline else [])]
        )
        table.add_row(case.policy_title(policy), *cells, often, form(verdict.largest_regret), remark)
    return table
