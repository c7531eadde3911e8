"""A plan as steps down from its gap, and falls in demand beside what a line needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from demandsim.report import words
from demandsim.report.charts.rows import Row, label_rows, largest_of, money_scale, plot_rows
from demandsim.report.svg import INK, NAVY, PAPER, TEAL, new_figure

if TYPE_CHECKING:
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
        axes.axvline(needed / scale, color=INK, linewidth=1.6, linestyle="--", zorder=1)
        axes.annotate(
            "needed",
            (needed / scale, 1.01),
            xycoords=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            color=INK,
            fontsize=8.5,
        )
    return figure
