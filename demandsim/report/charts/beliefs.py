"""Which beliefs move the answer most, and how well each is known."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from demandsim.report.svg import GRID, INK, NAVY, ORANGE, PAPER, PLUM, TEAL, new_figure, zero_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Grade: colour and hatch. Assumed is the emptiest, measured the fullest, so that grey print keeps the order.
_LOOK: Final = {
    "measured": (NAVY, NAVY, ""),
    "published": (TEAL, TEAL, ""),
    "elicited": (PLUM, PAPER, "xxxx"),
    "calibrated": (TEAL, PAPER, "////"),
    "assumed": (ORANGE, PAPER, ""),
}


def draw_beliefs(
    labels: list[str], moves: list[tuple[float, float, float]], grades: list[str], by_chance: float, axis_label: str
) -> Figure:
    """Draw a bar for each belief, patterned by its grade, which is also written at the right.

    Parameters
    ----------
    labels : list of str
    moves : list of (move, low, high)
        How far each moves the answer, and its interval.
    grades : list of str
    by_chance : float
        Within so much of zero chance alone could have moved it: a grey band.
    axis_label : str
    """
    figure, axes = new_figure(0.9 + 0.5 * max(len(labels), 2))
    axes.axvspan(-by_chance, by_chance, color=GRID, zorder=0, linewidth=0)
    zero_line(axes)
    for y, ((move, low, high), grade) in enumerate(zip(moves, grades, strict=True)):
        edge, face, hatch = _LOOK.get(grade, (INK, PAPER, ""))
        axes.barh(y, move, height=0.5, color=face, edgecolor=edge, hatch=hatch, linewidth=1.2, zorder=2)
        axes.plot([low, high], [y, y], color=PAPER, linewidth=4, zorder=3, solid_capstyle="butt")
        axes.plot([low, high], [y, y], color=INK, linewidth=1.6, zorder=4)
        axes.annotate(
            grade, (1.02, y), xycoords=axes.get_yaxis_transform(), va="center", color=INK, annotation_clip=False
        )
    axes.set_yticks(range(len(labels)), [_wrap(label) for label in labels], fontsize=8.5)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel(axis_label)
    return figure


def _wrap(label: str) -> str:
    lines = textwrap.wrap(label, 40)
    return "\n".join(lines if len(lines) <= 3 else [*lines[:2], lines[2].rsplit(" ", 1)[0] + " …"])
