"""A plan as steps down from its gap, falls in demand beside what a line needs, and waits beside a target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.report import words
from demandsim.report.charts.rows import Row, label_rows, largest_of, money_scale, plot_rows
from demandsim.report.svg import INK, NAVY, PAPER, TEAL, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from demandsim.comparison.estimate import Estimate

#: Told apart by hatching as well as by colour, so that the chart reads in grey.
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "total": {"facecolor": INK, "edgecolor": INK},
    "simulated": {"facecolor": NAVY, "edgecolor": NAVY},
    "stated": {"facecolor": PAPER, "edgecolor": TEAL, "hatch": "////"},
    "not modelled": {"facecolor": PAPER, "edgecolor": INK, "hatch": "...."},
    "in no line": {"facecolor": PAPER, "edgecolor": INK},
}


@dataclass(frozen=True)
class Step:
    """One bar: from where to where (GBP million), how it is marked, and what is written beside it."""

    label: str
    start: float
    end: float
    mark: str
    text: str


def draw_steps(steps: list[Step]) -> Figure:
    """Draw a plan as steps, the first on top; marks are named in a legend."""
    from matplotlib.patches import Patch

    figure, axes = new_figure(1.1 + 0.36 * max(len(steps), 2))
    for y, step in enumerate(steps):
        low, high = sorted((step.start, step.end))
        axes.barh(y, high - low, left=low, height=0.62, linewidth=1.1, zorder=2, **LOOKS[step.mark])
        axes.annotate(
            step.text, (1.02, y), xycoords=axes.get_yaxis_transform(), va="center", color=INK, annotation_clip=False
        )
    label_rows(axes, [step.label for step in steps])
    axes.set_xlabel("£ million a year")
    axes.set_xlim(left=0)
    marks = [mark for mark in LOOKS if mark != "total" and any(step.mark == mark for step in steps)]
    figure.legend(
        handles=[Patch(label=mark, **LOOKS[mark]) for mark in marks],
        loc="outside upper left",
        ncols=len(marks),
        frameon=False,
    )
    return figure


def draw_falls(named: list[tuple[str, Estimate]], needed: float | None) -> Figure:
    """Draw the fall that each policy brings, and a line at the fall that is needed."""
    estimates = [estimate for _, estimate in named]
    scale, unit = money_scale(max(largest_of(estimates), needed or 0.0))
    rows = [Row(label, e, words.signed(e.mean, words.money), scale) for label, e in named]
    figure, axes = new_figure(0.95 + 0.42 * max(len(rows), 2))
    plot_rows(axes, rows, f"{unit} a year: more than zero is less spending")
    if needed is not None:
        _mark(axes, needed / scale, "needed")
    return figure


def draw_weeks(named: list[tuple[str, Estimate]], target: float) -> Figure:
    """Draw the weeks waited under each policy beside a target; hollow where nine in ten runs lie on both sides."""
    figure, axes = new_figure(0.95 + 0.42 * max(len(named), 2))
    told = [(y, e) for y, (_, e) in enumerate(named) if np.isfinite(e.mean)]
    for y, e in told:
        axes.plot([e.low, e.high], [y, y], color=NAVY, linewidth=2.4, solid_capstyle="butt", zorder=2)
        fill = PAPER if e.low <= target <= e.high else NAVY
        axes.plot([e.mean], [y], "o", markersize=8, color=NAVY, markerfacecolor=fill, markeredgewidth=1.6, zorder=3)
        text = words.number(e.mean)
        axes.annotate(text, (1.03, y), xycoords=axes.get_yaxis_transform(), va="center", color=INK)
    _mark(axes, target, "target")
    label_rows(axes, [label for label, _ in named])
    axes.set_xlabel("weeks on the list")
    axes.set_xlim(left=0)
    return figure


def _mark(axes: Axes, at: float, said: str) -> None:
    """A broken line across all rows, named at its top."""
    axes.axvline(at, color=INK, linewidth=1.6, linestyle="--", zorder=1)
    axes.annotate(
        said, (at, 1.01), xycoords=axes.get_xaxis_transform(), ha="center", va="bottom", color=INK, fontsize=8.5
    )
