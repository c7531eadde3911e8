"""Cash and capacity side by side, on one scale, never stacked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demandsim.report import words
from demandsim.report.charts.rows import label_rows, largest_of, money_scale
from demandsim.report.svg import INK, NAVY, PAPER, TEAL, new_figure, zero_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from demandsim.comparison.estimate import Estimate


def draw_accounts(labels: list[str], cash: list[Estimate], activity: list[Estimate]) -> Figure:
    """Draw the cash difference of each kind of help at the left and its difference in activity at the right."""
    figure, (left, right) = new_figure(1.0 + 0.42 * max(len(labels), 2), 2, sharey=True, sharex=True)
    scale, unit = money_scale(largest_of([*cash, *activity]))
    for axes, estimates, colour, hatch, title in (
        (left, cash, NAVY, "", "Cash"),
        (right, activity, TEAL, "////", "Value of activity (not cash)"),
    ):
        _plot_bars(axes, estimates, scale, colour, hatch)
        label_rows(axes, labels)
        axes.set_title(title, fontsize=9.5, fontweight="bold", loc="left")
        axes.set_xlabel(unit)
        axes.locator_params(axis="x", nbins=3)
    right.tick_params(axis="y", labelleft=False)
    return figure


def _plot_bars(axes: Axes, estimates: list[Estimate], scale: float, colour: str, hatch: str) -> None:
    """Bars with the line of nine in ten runs and the middle figure at the right."""
    zero_line(axes)
    for y, e in enumerate(estimates):
        face = PAPER if hatch else colour
        axes.barh(y, e.mean / scale, height=0.5, color=face, edgecolor=colour, hatch=hatch, zorder=2)
        # A white casing keeps the line visible where it crosses the bar.
        axes.plot([e.low / scale, e.high / scale], [y, y], color=PAPER, linewidth=4, zorder=3, solid_capstyle="butt")
        axes.plot([e.low / scale, e.high / scale], [y, y], color=INK, linewidth=1.6, zorder=4)
        text = words.signed(e.mean, words.money)
        axes.annotate(
            text,
            (1.02, y),
            xycoords=axes.get_yaxis_transform(),
            va="center",
            fontsize=8.5,
            color=INK,
            annotation_clip=False,
        )
