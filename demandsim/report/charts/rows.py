"""One row a thing, one dot a figure, one line for nine in ten runs."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.report import words
from demandsim.report.svg import GRID, INK, NAVY, PAPER, QUIET, new_figure, zero_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from demandsim.comparison.estimate import Estimate

LABEL_WIDTH: Final = 26


@dataclass(frozen=True)
class Row:
    """A labelled figure: `scale` divides the estimate, `text` is written at its right."""

    label: str
    estimate: Estimate
    text: str
    scale: float = 1.0


def money_scale(largest: float) -> tuple[float, str]:
    """A divisor and the words for an axis of money."""
    if largest >= 1e9:
        return 1e9, "£ billion"
    if largest >= 1e6:
        return 1e6, "£ million"
    return (1e3, "£ thousand") if largest >= 1e4 else (1.0, "£")


def largest_of(estimates: list[Estimate]) -> float:
    """The largest size among means and interval ends, zero when there is none."""
    sizes = [abs(value) for e in estimates for value in (e.mean, e.low, e.high) if np.isfinite(value)]
    return max(sizes, default=0.0)


def money_rows(named: list[tuple[str, Estimate]]) -> Figure:
    """Rows of money differences on one axis."""
    scale, unit = money_scale(largest_of([estimate for _, estimate in named]))
    rows = [Row(label, e, words.signed(e.mean, words.money), scale) for label, e in named]
    return draw_rows(rows, f"{unit}: less than zero is a saving")


def draw_rows(rows: list[Row], axis_label: str) -> Figure:
    """Draw differences as dots with lines; filled where nine in ten runs lie on one side of zero, else hollow."""
    figure, axes = new_figure(0.75 + 0.42 * max(len(rows), 2))
    plot_rows(axes, rows, axis_label)
    return figure


def plot_rows(axes: Axes, rows: list[Row], axis_label: str, show_labels: bool = True) -> None:
    """Draw rows on given axes."""
    zero_line(axes)
    for y, row in enumerate(rows):
        e = row.estimate
        if not np.isfinite(e.mean):
            axes.annotate("no figure", (0, y), ha="center", va="center", color=QUIET)
            continue
        axes.plot(
            [e.low / row.scale, e.high / row.scale], [y, y], color=NAVY, linewidth=2.4, solid_capstyle="butt", zorder=2
        )
        fill: Any = PAPER if e.includes_zero else NAVY
        axes.plot(
            [e.mean / row.scale],
            [y],
            "o",
            markersize=8,
            color=NAVY,
            markerfacecolor=fill,
            markeredgewidth=1.6,
            zorder=3,
        )
        axes.annotate(
            row.text, (1.03, y), xycoords=axes.get_yaxis_transform(), va="center", color=INK, annotation_clip=False
        )
    label_rows(axes, [row.label for row in rows], show_labels)
    axes.set_xlabel(axis_label)
    axes.margins(x=0.06)


def label_rows(axes: Axes, labels: list[str], show_labels: bool = True) -> None:
    """Name the rows at the left, first row on top, with a quiet guide through each."""
    wrapped = [textwrap.fill(label, LABEL_WIDTH) for label in labels] if show_labels else []
    axes.set_yticks(range(len(labels)), wrapped if show_labels else [""] * len(labels))
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y", color=GRID, linewidth=0.7, zorder=0)
    axes.set_axisbelow(True)
    axes.locator_params(axis="x", nbins=5)


def band_rows(labels: list[str], ratios: list[float], texts: list[str], tolerance: float) -> Figure:
    """Model against published as ratios, with the band within which they are called equal."""
    figure, axes = new_figure(0.85 + 0.4 * max(len(labels), 2))
    axes.axvspan(1 - tolerance, 1 + tolerance, color=GRID, zorder=0, linewidth=0)
    axes.axvline(1, color=INK, linewidth=1, zorder=1)
    for y, (ratio, text) in enumerate(zip(ratios, texts, strict=True)):
        inside = abs(ratio - 1) <= tolerance
        axes.plot(
            [ratio],
            [y],
            "o",
            markersize=8,
            color=NAVY,
            markerfacecolor=NAVY if inside else PAPER,
            markeredgewidth=1.6,
            zorder=3,
        )
        axes.annotate(
            text, (1.03, y), xycoords=axes.get_yaxis_transform(), va="center", color=INK, annotation_clip=False
        )
    label_rows(axes, labels)
    axes.set_xlabel("Model divided by published: 1 is a match")
    axes.margins(x=0.08)
    return figure
