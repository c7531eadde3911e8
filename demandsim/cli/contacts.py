"""The command about everyday contact: contacts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from demandsim.cli.showing import print_sections
from demandsim.cli.telling import say, told


@told
def contacts(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a study's results.")],
    scenario: Annotated[str | None, typer.Option(help="Another scenario than the study's headline.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Also write an HTML page here.")] = None,
) -> None:
    """Show failure demand, what answering contact costs, who is left behind, and what enforcement brings in."""
    from demandsim.ledger.results import read_results
    from demandsim.ledger.store import read_record
    from demandsim.report.contacts_page import choose, contact_sections, write_contacts

    results = read_results(folder)
    scenario = scenario or read_record(folder)["headline"] or None
    print_sections(contact_sections(choose(results, scenario), is_drawn=False))
    if output is not None:
        say(f"Written: {write_contacts(results, output, scenario)}")
