"""A difference year by year: one small picture an agency, all on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from demandsim.report.charts.rows import largest_of, money_scale
from demandsim.report.svg import GRID, INK, NAVY, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from demandsim.comparison.estimate import Estimate


def draw_years(years: list[str], panels: list[tuple[str, list[Estimate]]], each: str = "a year") -> Figure:
    """Draw the yearly difference of each panel as a line in its band (nine in ten runs).

    Parameters
    ----------
    years : list of str
        Fiscal years, such as ``2016/17``.
    panels : list of (title, estimates)
        At most four; one estimate for each year.
    each : str
        What an amount stands for, after its unit.
    """
    columns = 1 if len(panels) == 1 else 2
    rows = -(-len(panels) // columns)
    figure, grid = new_figure(0.6 + 1.85 * rows, columns, rows, sharex=True, sharey=True, squeeze=False)
    scale, unit = money_scale(largest_of([estimate for _, estimates in panels for estimate in estimates]))
    for axes, (title, estimates) in zip(grid.flat, panels, strict=False):
        _plot_panel(axes, title, estimates, scale)
        label_years(axes, years)
    for axes in list(grid.flat)[len(panels) :]:
        axes.set_visible(False)
    for axes in grid[:, 0]:
        axes.set_ylabel(f"{unit} {each}")
    return figure


def _plot_panel(axes: Axes, title: str, estimates: list[Estimate], scale: float) -> None:
    at = np.arange(len(estimates))
    low = np.array([e.low for e in estimates]) / scale
    high = np.array([e.high for e in estimates]) / scale
    mean = np.array([e.mean for e in estimates]) / scale
    axes.axhline(0, color=INK, linewidth=1, zorder=1)
    axes.fill_between(at, low, high, color=NAVY, alpha=0.22, linewidth=0, zorder=2)
    axes.plot(at, mean, color=NAVY, linewidth=2.2, marker="o", markersize=4, zorder=3)
    axes.set_title(title, fontsize=9.5, fontweight="bold", loc="left")
    axes.grid(axis="y", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)


def label_years(axes: Axes, years: list[str]) -> None:
    """Name the first, the middle and the last year."""
    shown = sorted({0, (len(years) - 1) // 2, len(years) - 1})
    axes.set_xticks(shown, [years[i] for i in shown])
    axes.tick_params(axis="x", labelsize=8.5)
