"""Who pays, who gains, who would act alone and which payments would do: a page, its words, and the same as data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from demandsim.report import words
from demandsim.report.block import Section
from demandsim.report.json_text import compared_json
from demandsim.report.rendering import render_page, write_page
from demandsim.report.sections import closing
from demandsim.report.sections.alone import alone, discounting, horizons
from demandsim.report.sections.case import Case, where_from
from demandsim.report.sections.matrix import matrix_exhibits
from demandsim.report.sections.transfers import headline, transfers
from demandsim.report.svg import chart_style

if TYPE_CHECKING:
    from pathlib import Path

    from demandsim.comparison.horizons import Horizon, WrongPockets
    from demandsim.comparison.paired import Comparison
    from demandsim.comparison.transfers import Transfers

KIND: Final = "Who pays and who gains, from a simulation"


def write_pockets(comparison: Comparison, path: str | Path, departments: bool = False) -> Path:
    """Write who pays and who gains as one HTML file.

    Parameters
    ----------
    comparison : Comparison
        As `demandsim.compare` gives.
    path : str or Path
        Where to write; the folder is made, and the file is replaced whole or not at all.
    departments : bool
        The council by its departments, not as one purse.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    RequestError
        When the file cannot be written.
    """
    wrong, case = comparison.wrong_pockets(departments), Case(comparison)
    with chart_style():
        sections = [_lead(wrong, case), *pockets_sections(wrong), closing.reproduce(case)]
    return write_page(render_page(case.page_title, sections, headline(wrong), case.n_runs, KIND), path, "page")


def pockets_sections(wrong: WrongPockets, is_drawn: bool = True) -> list[Section]:
    """The matrix, who would act alone, the payments, and what more years change; without charts for a terminal."""
    title = "Who pays more, and who gains"
    lead = (
        "Cash only. The value of staff time set free is not money and is not in these figures. "
        f"{where_from(wrong.comparison.results)}"
    )
    return [
        Section("matrix", title, (lead,), exhibits=matrix_exhibits(wrong, is_drawn)),
        alone(wrong, is_drawn),
        transfers(wrong, is_drawn),
        horizons(wrong, is_drawn),
    ]


def _lead(wrong: WrongPockets, case: Case) -> Section:
    """The question and its answer in one paragraph."""
    together = wrong.whole.whole
    years = words.count_of(wrong.whole.n_years, "year")
    span = words.between(together.worth.low, together.worth.high, words.money)
    said = (
        f"Over {years}, under “{case.title}” all purses together spend "
        f"{words.difference(together.worth.mean, words.money)} than under “{case.against}” ({discounting(wrong)}): "
        f"nine in ten of {words.with_runs(case.n_runs)} lie {span}. "
        f"{headline(wrong)}."
    )
    rule = (
        "These are simulated runs and not observations. A share of runs is how often something happens in the model "
        "as beliefs and luck vary; it is a chance only as far as the model and its beliefs are right."
    )
    return Section("answer", headline(wrong), (said, rule))


def pockets_json(wrong: WrongPockets) -> str:
    """Every figure as JSON; what is not known is null."""
    comparison = wrong.comparison
    record: dict[str, Any] = {
        "pockets": comparison.pockets(wrong.departments).to_dict("records"),
        "matrix": wrong.matrix.by("payer", "gainer").to_dict("records"),
        "matrix_by_year": wrong.matrix.by("payer", "gainer", "year").to_dict("records"),
        "horizons": [_horizon(horizon) for horizon in wrong.horizons],
        "horizons_missing": wrong.missing,
        "steadiness": asdict(wrong.steadiness) if wrong.steadiness else None,
        "years_to_go": wrong.years_to_go(),
        "falls_short_by": wrong.falls_short_by(),
    }
    return compared_json(comparison, "GBP", record)


def _horizon(horizon: Horizon) -> dict[str, Any]:
    return {
        "years": horizon.n_years,
        "alone": [{**asdict(one), "verdict": one.verdict} for one in horizon.alone],
        "jointly": _transfers(horizon.jointly),
        "separately": _transfers(horizon.separately),
        "why_none": horizon.why_none,
    }


def _transfers(found: Transfers) -> dict[str, Any]:
    return {**asdict(found), "exist": found.exist, "is_exact": found.is_exact}
