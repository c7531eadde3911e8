"""The command line: one verb a command, messages without tracebacks.

Takes words and files; gives tables, files and exit codes: 0 done, 1 done with failures, 2 something to mend,
130 stopped. Nothing heavy is imported here: ``--help`` answers at once, and each command fetches what it needs.
"""

from __future__ import annotations

import os
from typing import Annotated

import typer

from demandsim.cli import (
    account,
    beliefs,
    calibrate,
    configs,
    contacts,
    drift,
    effects,
    futures,
    indicators,
    money,
    needed,
    predict,
    principles,
    studies,
)
from demandsim.version import VERSION

__all__ = ["app", "main"]

_QUESTION = "Demand simulation: does acting earlier cost the whole public system less, who pays, and who gains?"

app = typer.Typer(
    name="demandsim",
    help=_QUESTION,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    *(studies.run, studies.compare, studies.brief, studies.demo, principles.principles),
    *(money.pockets, money.appraise),
    account.account,
    contacts.contacts,
    needed.needed,
    drift.drift,
    futures.futures,
    indicators.indicators,
    *(configs.check, configs.explain, beliefs.beliefs, configs.levers, configs.pin),
    *(configs.fit, calibrate.calibrate, predict.predict, effects.look_again),
    *(configs.schema, configs.receipts, configs.docs),
):
    app.command()(command)


def _version(is_asked: bool) -> None:
    if is_asked:
        print(f"demandsim {VERSION}")
        raise typer.Exit


@app.callback(help=_QUESTION)
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Take the options that go before any command."""


def main() -> None:
    """Run the command line."""
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # matrices here are small: threads would only wait
        os.environ.setdefault(library, "1")
    app(prog_name="demandsim")
