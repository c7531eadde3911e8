"""The command about plans: account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from demandsim.cli.showing import print_sections
from demandsim.cli.studies import Workers, run_loaded
from demandsim.cli.telling import say, told

if TYPE_CHECKING:
    from demandsim.comparison.account import AccountAnswer
    from demandsim.policy.account import Account


@told
def account(
    file: Annotated[
        str, typer.Argument(metavar="ACCOUNT.toml", help="An account file, or the id of one in configs/accounts.")
    ],
    stated: Annotated[
        bool, typer.Option("--stated", help="Only the plan as it states itself; simulate nothing.")
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="A first look: few households and few runs.")] = False,
    households: Annotated[str | None, typer.Option(metavar="N|full", help="Households to simulate.")] = None,
    draws: Annotated[int | None, typer.Option(help="Sets of beliefs.")] = None,
    years: Annotated[int | None, typer.Option(help="Years, 1 to 15.")] = None,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the runs; one that was stopped goes on from there.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="An HTML page to write.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for another program.")] = False,
) -> None:
    """Add up a council's plan line by line, and ask the model about lines that rest on less demand, and targets."""
    from demandsim.policy.account import load_account
    from demandsim.study.books import ENGLAND, load_book
    from demandsim.study.folders import find_configs, find_named

    configs = find_configs()
    path = find_named(configs, "accounts", file)
    plan = load_account(path, load_book(configs, ENGLAND))
    settings = {"households": households, "draws": draws, "years": years}
    words = ["demandsim account", file, *(["--stated"] if stated else []), *(["--quick"] if quick else [])]
    words += [f"--{key} {value}" for key, value in settings.items() if value is not None]
    command = " ".join(words)
    answer = None
    if not stated and plan.simulation is not None:
        folder = out or Path("out") / f"account_{plan.id}{'_quick' if quick else ''}"
        answer = _answered(plan, settings, quick, folder, workers, f"{command} --out DIR")
    _tell(plan, answer, json)
    if output is not None:
        from demandsim.report.account import write_account

        say(f"Written: {write_account(plan, output, answer, f'{command} -o {output.name}')}")


def _answered(
    plan: Account, settings: dict[str, Any], quick: bool, folder: Path, workers: int | None, command: str
) -> AccountAnswer:
    """Run the place, or take it up where it was left, and answer from what is there."""
    from demandsim.comparison.account import answer_account
    from demandsim.ledger.results import read_results
    from demandsim.place import load_place
    from demandsim.study.account import QUICK, study_of
    from demandsim.study.books import load_book
    from demandsim.study.folders import find_named

    given = {key: value for key, value in settings.items() if value is not None}
    study = study_of(plan, {**(QUICK if quick else {}), **given})
    place = load_place(find_named(study.configs, "places", study.place))
    run_loaded(study, folder, workers, command)
    return answer_account(plan, read_results(folder), load_book(study.configs, place.fit_id))


def _tell(plan: Account, answer: AccountAnswer | None, is_json: bool) -> None:
    import json

    if is_json:
        from demandsim.report.account_record import account_record

        print(json.dumps(account_record(plan, answer), indent=2, allow_nan=False))
        return
    from demandsim.report.account import build_sections

    print_sections(build_sections(plan, answer, is_drawn=False))
