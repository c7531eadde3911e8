"""Failure demand: one row a stream, a dot for the model, a grey band for what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from demandsim.report import words
from demandsim.report.charts.rows import label_rows
from demandsim.report.svg import GRID, INK, NAVY, ORANGE, PAPER, QUIET, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from demandsim.comparison.failure_demand import StreamFigure


def draw_failure(before: list[StreamFigure], after: list[StreamFigure]) -> Figure:
    """Draw each stream's share under one scenario (hollow square) and another (filled dot), if there is another."""
    figure, axes = new_figure(1.2 + 0.52 * max(len(before), 2))
    for y, one in enumerate(before):
        if one.published is not None:
            low, high = 100 * one.published.low, 100 * one.published.high
            axes.barh(y, high - low, left=low, height=0.62, color=GRID, zorder=1)
            axes.plot([100 * one.published.typical] * 2, [y - 0.31, y + 0.31], color=QUIET, linewidth=1.2, zorder=2)
    looks = ((before, -0.14, "s", ORANGE, PAPER, "Hollow square"), (after, 0.14, "o", NAVY, NAVY, "Filled dot"))
    for figures, shift, marker, colour, fill, said in looks:
        for y, one in enumerate(figures):
            e = one.level
            if not np.isfinite(e.mean):
                continue
            axes.plot([100 * e.low, 100 * e.high], [y + shift] * 2, color=colour, linewidth=2.2, zorder=3)
            axes.plot([100 * e.mean], [y + shift], marker, markersize=7, color=colour, markerfacecolor=fill, zorder=4)
        if figures:
            label = f"{said}: {figures[0].scenario_title}"
            axes.plot([], [], marker, color=colour, markerfacecolor=fill, markersize=7, label=label)
    for y, one in enumerate(after or before):
        beside = {"xycoords": axes.get_yaxis_transform(), "annotation_clip": False}
        text = words.percent(one.level.mean)
        axes.annotate(text, (1.03, y), va="center", fontsize=8.5, color=INK, **beside)
    label_rows(axes, [one.stream_title for one in before])
    axes.set_xlim(0, 100)
    axes.set_xlabel("In a hundred contacts. Grey: published range; its line: the typical figure")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=1, frameon=False, fontsize=9)
    return figure
