"""Studies as published, as believed and as replayed: three marks a row, told apart by shape and not by colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from demandsim.report.charts.rows import label_rows
from demandsim.report.svg import GRID, INK, NAVY, PAPER, QUIET, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Mark:
    """One study: published with its interval, believed with its own, replayed with its error to both sides."""

    label: str
    published: tuple[float, float, float]
    believed: tuple[float, float, float]
    replayed: tuple[float, float, float]
    text: str


def draw_replays(marks: list[Mark], axis_label: str, none: float, is_log: bool) -> Figure:
    """Draw each study in a row of its own.

    Parameters
    ----------
    marks : list of Mark
        Value, low and high of each.
    axis_label : str
    none : float
        Where no effect lies.
    is_log : bool
        Whether equal ratios are equally far apart.
    """
    figure, axes = new_figure(1.3 + 0.62 * max(len(marks), 2))
    label_rows(axes, [mark.label for mark in marks])
    if is_log:
        axes.set_xscale("log")
    axes.axvline(none, color=INK, linewidth=1, zorder=1)
    for y, mark in enumerate(marks):
        for at, (value, low, high), colour, width, shape, fill in (
            (y - 0.24, mark.published, QUIET, 1.2, "|", QUIET),
            (y, mark.believed, QUIET, 3.2, "D", PAPER),
            (y + 0.24, mark.replayed, NAVY, 1.8, "o", NAVY),
        ):
            axes.plot([low, high], [at, at], color=colour, linewidth=width, solid_capstyle="butt", zorder=2)
            axes.plot(
                [value], [at], shape, color=colour, markersize=7, markerfacecolor=fill, markeredgewidth=1.5, zorder=3
            )
        axes.annotate(
            mark.text, (1.03, y), xycoords=axes.get_yaxis_transform(), va="center", color=INK, annotation_clip=False
        )
    axes.set_ylim(len(marks) - 0.4, -0.6)
    axes.grid(axis="x", color=GRID, linewidth=0.7)
    if is_log:
        _label_ratios(axes)
    axes.set_xlabel(axis_label)
    return figure


def _label_ratios(axes: object) -> None:
    """Plain numbers on an axis of ratios."""
    from matplotlib.axes import Axes
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

    assert isinstance(axes, Axes)
    axes.xaxis.set_major_locator(FixedLocator([0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
