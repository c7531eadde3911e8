"""Bands before and after calibration, as ratios to what was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from demandsim.report.charts.rows import label_rows
from demandsim.report.svg import GRID, INK, NAVY, PAPER, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Ratios further out than this are drawn at the edge.
_FURTHEST = 10.0


@dataclass(frozen=True)
class Narrowed:
    """One figure: low, middle and high over what was published, before and after; and its tolerance."""

    label: str
    before: Sequence[float]
    after: Sequence[float]
    tolerance: tuple[float, float]
    is_met: bool


def draw_narrowed(rows: Sequence[Narrowed]) -> Figure:
    """Draw wide grey bars for before, narrow dark ones for after, a box for the tolerance."""
    figure, axes = new_figure(1.0 + 0.4 * max(len(rows), 2))
    axes.axvline(1.0, color=INK, linewidth=1, zorder=1)
    for y, row in enumerate(rows):
        before, after = (np.clip(band, 1 / _FURTHEST, _FURTHEST) for band in (row.before, row.after))
        axes.plot([before[0], before[2]], [y, y], color=GRID, linewidth=9, solid_capstyle="butt", zorder=2)
        axes.plot(row.tolerance, [y, y], color=INK, linewidth=13, alpha=0.18, solid_capstyle="butt", zorder=3)
        axes.plot([after[0], after[2]], [y, y], color=NAVY, linewidth=2.6, solid_capstyle="butt", zorder=4)
        fill = NAVY if row.is_met else PAPER
        axes.plot([after[1]], [y], "o", markersize=7, color=NAVY, markerfacecolor=fill, markeredgewidth=1.6, zorder=5)
    label_rows(axes, [row.label for row in rows])
    axes.set_xscale("log")
    marks = [0.1, 0.2, 0.5, 1, 2, 5, 10]
    axes.set_xlim(1 / _FURTHEST * 0.9, _FURTHEST * 1.1)
    axes.set_xticks(marks, [f"{mark:g}" for mark in marks])
    axes.minorticks_off()
    axes.set_xlabel("Model divided by published: 1 is a match")
    return figure
