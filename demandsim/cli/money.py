"""The commands about whose money it is and what it is worth: pockets, appraise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from demandsim.cli.showing import print_sections
from demandsim.cli.telling import say, told

if TYPE_CHECKING:
    from demandsim.comparison.paired import Comparison


@told
def pockets(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a study's results.")],
    scenario: Annotated[str | None, typer.Option(help="Another scenario than the study's headline.")] = None,
    against: Annotated[str | None, typer.Option(help="Compared with this one; the study's first by default.")] = None,
    departments: Annotated[bool, typer.Option("--departments", help="The council by its departments.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for another program.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="An HTML file to write.")] = None,
) -> None:
    """Who pays and who gains, who would act alone, and which payments would leave nobody worse off."""
    from demandsim.report.pockets_page import pockets_json, pockets_sections, write_pockets

    comparison = _comparison(folder, scenario, against)
    wrong = comparison.wrong_pockets(departments)
    print(pockets_json(wrong)) if json else print_sections(pockets_sections(wrong, is_drawn=False))
    if output is not None:
        say(f"Written: {write_pockets(comparison, output, departments)}")


@told
def appraise(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a study's results.")],
    scenario: Annotated[str | None, typer.Option(help="Another scenario than the study's headline.")] = None,
    against: Annotated[str | None, typer.Option(help="Compared with this one; the study's first by default.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for another program.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="An HTML file to write.")] = None,
) -> None:
    """Appraise a scenario by the Treasury's rules: net present value, benefit-cost ratio, payback, by agency."""
    from demandsim.comparison.value import Appraisal
    from demandsim.report.appraisal_page import appraisal_json, appraisal_sections, write_appraisal

    comparison = _comparison(folder, scenario, against)
    appraisal = Appraisal(comparison)
    print(appraisal_json(appraisal)) if json else print_sections(appraisal_sections(appraisal, is_drawn=False))
    if output is not None:
        say(f"Written: {write_appraisal(comparison, output)}")


def _comparison(folder: Path, scenario: str | None, against: str | None) -> Comparison:
    from demandsim.comparison.paired import compare
    from demandsim.errors import RequestError
    from demandsim.ledger.results import read_results
    from demandsim.ledger.store import read_record

    record = read_record(folder)
    chosen = scenario or record["headline"]
    if not chosen:
        raise RequestError(f"{folder}: the study has one scenario only, so nobody pays more or gains by another.")
    return compare(read_results(folder), chosen, against)
