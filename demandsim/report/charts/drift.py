"""The early share of spending year by year: one small picture a scenario, all on one scale."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from demandsim.report.charts.years import label_years
from demandsim.report.svg import GRID, INK, NAVY, QUIET, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from demandsim.comparison.estimate import Estimate

#: Letters of a title on one line over a picture of half the page.
TITLE_WIDTH: Final = 32


def draw_early_shares(years: list[str], panels: list[tuple[str, list[Estimate]]]) -> Figure:
    """Draw each scenario's early share as a line in its band (nine in ten runs), with its first year dashed.

    Parameters
    ----------
    years : list of str
        Fiscal years.
    panels : list of (title, estimates)
        One estimate for each year, as shares.
    """
    columns = 1 if len(panels) == 1 else 2
    rows = -(-len(panels) // columns)
    figure, grid = new_figure(0.6 + 1.75 * rows, columns, rows, sharex=True, sharey=True, squeeze=False)
    at = list(range(len(years)))
    for axes, (title, found) in zip(grid.flat, panels, strict=False):
        axes.axhline(100 * found[0].mean, color=QUIET, linewidth=1.2, linestyle="--", zorder=1)
        low, high = [100 * one.low for one in found], [100 * one.high for one in found]
        axes.fill_between(at, low, high, color=NAVY, alpha=0.22, linewidth=0, zorder=2)
        axes.plot(at, [100 * one.mean for one in found], color=NAVY, linewidth=2.2, marker="o", markersize=4, zorder=3)
        axes.set_title(textwrap.fill(title, TITLE_WIDTH), fontsize=9.5, fontweight="bold", loc="left", color=INK)
        axes.grid(axis="y", color=GRID, linewidth=0.7)
        axes.set_axisbelow(True)
        label_years(axes, years)
    for axes in list(grid.flat)[len(panels) :]:
        axes.set_visible(False)
    for axes in grid[:, 0]:
        axes.set_ylabel("% early")
    return figure
