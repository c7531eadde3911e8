"""The brief: one HTML file in plain English that opens, prints and asks nothing of the network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from demandsim.comparison.paired import Comparison, compare
from demandsim.report.rendering import render_page, write_page
from demandsim.report.sections import (
    closing,
    door,
    evidence,
    footing,
    money,
    pathways,
    people,
    pockets,
    programmes,
    question,
    tiers,
)
from demandsim.report.sections.case import Case
from demandsim.report.svg import chart_style

if TYPE_CHECKING:
    import xarray as xr

    from demandsim.report.block import Section

#: What stands over the title.
KIND: Final = "A brief for scrutiny, from a simulation"


def write_brief(
    results: xr.Dataset | Comparison,
    path: str | Path,
    scenario: Any = "whole_system",
    against: Any = None,
    cases: xr.Dataset | None = None,
) -> Path:
    """Write the brief of one comparison.

    Parameters
    ----------
    results : xarray.Dataset or Comparison
        Results of a study, or a comparison already made (then `scenario` and `against` are its own).
    path : str or Path
        Where to write; the folder is made, and the file is replaced whole or not at all.
    scenario, against : str or object with an ``id``
        The scenario of interest, and what it is compared with (the first of the results when None).
    cases : xarray.Dataset, optional
        The comparison under other beliefs (`demandsim.report.answer.read_cases`); without it the brief says so.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    RequestError
        When a scenario is unknown, no run succeeded in both, or the file cannot be written.
    """
    html = render_brief(results if isinstance(results, Comparison) else compare(results, scenario, against), cases)
    return write_page(html, path)


def render_brief(comparison: Comparison, cases: xr.Dataset | None = None) -> str:
    """The brief as HTML text; the same comparison always gives the same text."""
    case = Case(comparison, cases)
    with chart_style():
        sections = build_sections(case)
    return render_page(case.page_title, sections, case.answer.headline(), case.n_runs, KIND)


def build_sections(case: Case) -> list[Section]:
    """All sections in the order in which a reader asks."""
    return [
        question.question(case),
        question.answer(case),
        money.compared(case),
        *programmes.programmes(case),
        money.cost(case),
        money.capacity(case),
        people.outcomes(case),
        *pathways.pathways(case),
        door.door(case),
        people.waits(case),
        tiers.tiers(case),
        pockets.pockets(case),
        pockets.causes(case),
        footing.footing(case),
        evidence.beliefs(case),
        evidence.assumption(case),
        evidence.unexplained(case),
        closing.not_known(case),
        closing.reproduce(case),
    ]
