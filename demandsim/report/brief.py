"""The brief: one HTML file in plain English that opens, prints and asks nothing of the network."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demandsim.comparison.paired import Comparison, compare
from demandsim.errors import RequestError
from demandsim.report import words
from demandsim.report.sections import closing, evidence, money, people, pockets, question
from demandsim.report.sections.case import Case
from demandsim.report.svg import chart_style

if TYPE_CHECKING:
    import xarray as xr

    from demandsim.report.block import Section


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
    target = Path(path)
    partial = target.with_name(f".{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(html, encoding="utf-8")
        os.replace(partial, target)
    except OSError as error:
        raise RequestError(f"The brief could not be written to {target}: {error.strerror}.") from error
    return target


def render_brief(comparison: Comparison, cases: xr.Dataset | None = None) -> str:
    """The brief as HTML text; the same comparison always gives the same text."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("demandsim.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["as_svg"] = Markup
    environment.filters["whole"] = keep_whole
    loader = environment.loader
    assert loader is not None
    style, _, _ = loader.get_source(environment, "brief.css")
    case = Case(comparison, cases)
    with chart_style():
        sections = build_sections(case)
    title = f"{case.title}: {case.meta.place.get('title') or case.attr('place')}"
    return environment.get_template("brief.html.j2").render(
        title=title, headline=case.answer.headline(), sections=sections, style=Markup(style), n_runs=case.n_runs
    )


def keep_whole(text: str) -> str:
    """Keep a figure in one piece at a line's end: its sign, its number and its *million*."""
    text = re.sub(r"(?<=\d) (?=million|billion)", "\N{NO-BREAK SPACE}", text)
    text = re.sub(r"× (?=\d)", "×\N{NO-BREAK SPACE}", text)
    text = re.sub(rf"(?<= to) (?=[£+{words.MINUS}\d])", "\N{NO-BREAK SPACE}", text)
    return re.sub(rf"(?<=[+{words.MINUS}])(?=[£\d])", "\N{WORD JOINER}", text)


def build_sections(case: Case) -> list[Section]:
    """All sections in the order in which a reader asks."""
    return [
        question.question(case),
        question.answer(case),
        money.compared(case),
        money.cost(case),
        money.capacity(case),
        people.outcomes(case),
        people.waits(case),
        pockets.pockets(case),
        pockets.causes(case),
        evidence.beliefs(case),
        evidence.assumption(case),
        evidence.unexplained(case),
        closing.not_known(case),
        closing.reproduce(case),
    ]
