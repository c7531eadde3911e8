"""The picture of one comparison that stands alone: what changes for each purse, with nine in ten runs."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from demandsim.comparison.paired import Comparison, compare
from demandsim.report import words
from demandsim.report.charts.rows import Row, draw_rows, largest_of, money_scale
from demandsim.report.rendering import write_page
from demandsim.report.sections.case import estimates_of
from demandsim.report.sections.money import purse_title
from demandsim.report.svg import PAPER, chart_style, svg_text

if TYPE_CHECKING:
    import xarray as xr

    from demandsim.comparison.estimate import Estimate

_TITLE_WIDTH: Final = 76


def write_picture(
    results: xr.Dataset | Comparison, path: str | Path, scenario: Any = "whole_system", against: Any = None
) -> Path:
    """Write one chart as an SVG file that needs nothing else: cash by purse, and all purses together.

    Parameters
    ----------
    results : xarray.Dataset or Comparison
        Results of a study, or a comparison already made (then `scenario` and `against` are its own).
    path : str or Path
        Ends in ``.svg``; the file is replaced whole or not at all.
    scenario, against : str or object with an ``id``
        As for `demandsim.compare`.

    Returns
    -------
    Path
        The file written; the same results always give the same bytes.

    Raises
    ------
    RequestError
        When a scenario is unknown, no run succeeded in both, or the file cannot be written.
    """
    comparison = results if isinstance(results, Comparison) else compare(results, scenario, against)
    return write_page(draw_picture(comparison), path, "picture")


def draw_picture(comparison: Comparison) -> str:
    """The picture as SVG text, on white so that it can be read on any page."""
    named = purse_differences(comparison)
    scale, unit = money_scale(largest_of([estimate for _, estimate in named]))
    rows = [Row(label, one, words.signed(one.mean, words.money), scale) for label, one in named]
    title = _title(comparison)
    with chart_style():
        figure = draw_rows(rows, f"{unit}: left of zero is a saving. Dot: middle of the runs. Line: nine in ten.")
        figure.suptitle(textwrap.fill(title, _TITLE_WIDTH), fontsize=10, fontweight="bold", x=0.01, ha="left")
        text = svg_text(figure, "picture", title, describe(named))
    head, _, rest = text.partition("</desc>")
    return f'{head}</desc><rect width="100%" height="100%" fill="{PAPER}"/>{rest}\n'


def purse_differences(comparison: Comparison) -> list[tuple[str, Estimate]]:
    """Cash differences: all purses together, then each purse that changes, the largest first."""
    table = comparison.cost.by("purse")
    table = table[(table["low"] != 0.0) | (table["high"] != 0.0)]
    table = table.reindex(table["difference"].abs().sort_values(ascending=False, kind="stable").index)
    purses = [purse_title(str(purse)) for purse in table["purse"]]
    return [("All agencies together", comparison.cost.total()), *zip(purses, estimates_of(table), strict=True)]


def describe(named: list[tuple[str, Estimate]]) -> str:
    """What the picture shows, for somebody who cannot see it."""
    said = (
        f"{label}: {words.signed(one.mean, words.money)} ({words.signed_range(one.low, one.high, words.money)})"
        for label, one in named
    )
    return f"Cash difference of each purse, with the interval of nine in ten runs. {'; '.join(said)}."


def _title(comparison: Comparison) -> str:
    meta, attrs = comparison.meta, comparison.results.attrs
    place = str(meta.place.get("title") or attrs.get("place", ""))
    years = words.count_of(comparison.results.sizes["year"], "year")
    what, than = meta.scenario_title(comparison.scenario), meta.scenario_title(comparison.against)
    return f"{place}: cash over {years}, “{what}” less “{than}” ({words.with_runs(comparison.n_runs)})"
