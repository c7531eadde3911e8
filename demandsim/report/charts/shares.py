"""How often something holds, as more years are counted: one small picture a purse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demandsim.report.charts.years import label_years
from demandsim.report.svg import GRID, INK, NAVY, QUIET, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from demandsim.comparison.pockets import Frequency


def draw_shares(years: list[str], panels: list[tuple[str, list[Frequency]]], goal: float) -> Figure:
    """Draw shares of runs by the last year counted, in the band where they would lie after very many runs.

    Parameters
    ----------
    years : list of str
        Fiscal years.
    panels : list of (title, frequencies)
        At most four; one frequency for each year.
    goal : float
        A dashed line at this share.
    """
    columns = 1 if len(panels) == 1 else 2
    rows = -(-len(panels) // columns)
    figure, grid = new_figure(0.6 + 1.75 * rows, columns, rows, sharex=True, sharey=True, squeeze=False)
    at = list(range(len(years)))
    for axes, (title, found) in zip(grid.flat, panels, strict=False):
        low, high = [100 * one.low for one in found], [100 * one.high for one in found]
        axes.axhline(100 * goal, color=QUIET, linewidth=1.2, linestyle="--", zorder=1)
        axes.fill_between(at, low, high, color=NAVY, alpha=0.22, linewidth=0, zorder=2)
        axes.plot(at, [100 * one.share for one in found], color=NAVY, linewidth=2.2, marker="o", markersize=4, zorder=3)
        axes.set_title(title, fontsize=9.5, fontweight="bold", loc="left", color=INK)
        axes.set_ylim(-4, 104)
        axes.grid(axis="y", color=GRID, linewidth=0.7)
        axes.set_axisbelow(True)
        label_years(axes, years)
    for axes in list(grid.flat)[len(panels) :]:
        axes.set_visible(False)
    for axes in grid[:, 0]:
        axes.set_ylabel("% of runs")
    return figure
