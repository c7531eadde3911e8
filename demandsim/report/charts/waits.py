"""How long people wait in two scenarios, service by service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from demandsim.report import words
from demandsim.report.charts.rows import label_rows
from demandsim.report.svg import INK, NAVY, ORANGE, PAPER, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from demandsim.comparison.estimate import Estimate


def draw_waits(labels: list[str], before: list[Estimate], after: list[Estimate], names: tuple[str, str]) -> Figure:
    """Draw both scenarios' mean waits, each with the line of nine in ten runs."""
    figure, axes = new_figure(1.15 + 0.52 * max(len(labels), 2))
    for y, (early, late) in enumerate(zip(before, after, strict=True)):
        _plot_wait(axes, y - 0.15, early, ("s", ORANGE, PAPER))
        _plot_wait(axes, y + 0.15, late, ("o", NAVY, NAVY))
    label_rows(axes, labels)
    axes.set_xlim(left=0)
    axes.set_xlabel("Months waited before help, by those who were helped")
    square = axes.plot(
        [], [], "s", color=ORANGE, markerfacecolor=PAPER, markersize=7, label=f"Hollow square: {names[0]}"
    )
    dot = axes.plot([], [], "o", color=NAVY, markersize=7, label=f"Filled dot: {names[1]}")
    axes.legend(handles=[*square, *dot], loc="lower left", bbox_to_anchor=(0, 1.0), ncols=1, frameon=False, fontsize=9)
    return figure


def _plot_wait(axes: Axes, y: float, estimate: Estimate, look: tuple[str, str, str]) -> None:
    """One scenario's dot and line, in a look of marker, colour and fill; nothing where nobody was helped."""
    if not np.isfinite(estimate.mean):
        return
    marker, colour, fill = look
    axes.plot([estimate.low, estimate.high], [y, y], color=colour, linewidth=2.2, zorder=2)
    dot: dict[str, Any] = {"markersize": 7, "color": colour, "markerfacecolor": fill, "markeredgewidth": 1.6}
    axes.plot([estimate.mean], [y], marker, zorder=3, clip_on=False, **dot)
    beside: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "annotation_clip": False}
    axes.annotate(words.hundredths(estimate.mean), (1.03, y), va="center", fontsize=8.5, color=INK, **beside)
