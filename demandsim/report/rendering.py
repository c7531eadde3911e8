"""Sections into one HTML file that opens, prints and asks nothing of the network."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from demandsim.errors import RequestError
from demandsim.report import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demandsim.report.block import Section


def render_page(
    title: str, sections: Sequence[Section], headline: str, n_runs: int, kind: str, figures: str = ""
) -> str:
    """Sections as HTML text; the same sections always give the same text.

    Parameters
    ----------
    title : str
    sections : sequence of Section
    headline : str
        The answer in one line, without a full stop.
    n_runs : int
    kind : str
        What the page is, over its title.
    figures : str, optional
        Where its figures come from, as a sentence; simulated runs by default.
    """
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
    template = environment.get_template("brief.html.j2")
    said = figures or f"All figures come from {n_runs} simulated runs of each scenario, not from observation."
    return template.render(
        title=title, headline=headline, sections=sections, style=Markup(style), kind=kind, figures=said
    )


def keep_whole(text: str) -> str:
    """Keep a figure in one piece at a line's end: its sign, its number and its *million*."""
    text = re.sub(r"(?<=\d) (?=million|billion)", "\N{NO-BREAK SPACE}", text)
    text = re.sub(r"× (?=\d)", "×\N{NO-BREAK SPACE}", text)
    text = re.sub(rf"(?<= to) (?=[£+{words.MINUS}\d])", "\N{NO-BREAK SPACE}", text)
    return re.sub(rf"(?<=[+{words.MINUS}])(?=[£\d])", "\N{WORD JOINER}", text)


def write_page(html: str, path: str | Path, name: str = "brief") -> Path:
    """Write a page whole or not at all; its folder is made.

    Raises
    ------
    RequestError
        When it cannot be written.
    """
    target = Path(path)
    partial = target.with_name(f".{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(html, encoding="utf-8")
        os.replace(partial, target)
    except OSError as error:
        raise RequestError(f"The {name} could not be written to {target}: {error.strerror}.") from error
    return target
