"""The most that each route gives, beside what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demandsim.report import words
from demandsim.report.charts.rows import Row, largest_of, money_scale, plot_rows
from demandsim.report.svg import ORANGE, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from demandsim.comparison.needed import AmountAnswer


def draw_needed(answer: AmountAnswer) -> Figure:
    """Draw the most that each route gives in a year (dot and line), and the amount asked (dashed)."""
    scale, unit = money_scale(max(largest_of([one.most for one in answer.routes]), answer.amount))
    rows = [Row(one.route.title, one.most, words.money(one.most.mean), scale) for one in answer.routes]
    figure, axes = new_figure(1.1 + 0.48 * max(len(rows), 2))
    plot_rows(axes, rows, f"{unit} a year at most; dashed: the {words.money(answer.amount)} asked")
    axes.axvline(answer.amount / scale, color=ORANGE, linestyle=(0, (4, 3)), linewidth=1.8, zorder=1)
    return figure
