"""Which beliefs move the answer most, and how well each is known."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from demandsim.report.svg import INK, NAVY, ORANGE, PAPER, PLUM, TEAL, new_figure

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


def draw_beliefs(labels: list[str], strengths: list[float], grades: list[str], axis_label: str) -> Figure:
    """Draw a bar for each belief, patterned by its grade, which is also written at the bar's end."""
    figure, axes = new_figure(0.7 + 0.5 * max(len(labels), 2))
    for y, (strength, grade) in enumerate(zip(strengths, grades, strict=True)):
        edge, face, hatch = _LOOK.get(grade, (INK, PAPER, ""))
        axes.barh(y, abs(strength), height=0.6, color=face, edgecolor=edge, hatch=hatch, linewidth=1.2)
        axes.annotate(grade, (abs(strength), y), xytext=(5, 0), textcoords="offset points", va="center", color=INK)
    axes.set_yticks(range(len(labels)), [_wrap(label) for label in labels], fontsize=8.5)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(0, max([abs(s) for s in strengths] + [0.01]) * 1.3)
    axes.set_xlabel(axis_label)
    return figure


def _wrap(label: str) -> str:
    lines = textwrap.wrap(label, 40)
    return "\n".join(lines if len(lines) <= 3 else [*lines[:2], lines[2].rsplit(" ", 1)[0] + " …"])
