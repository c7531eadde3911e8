"""A whole in parts, once for each size: stacked bars that keep their order in grey print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demandsim.report.svg import INK, NAVY, ORANGE, PAPER, TEAL, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from demandsim.comparison.variance import Floats

#: Name, edge, face and hatch of each part.
_LOOK: Final = (("Luck", NAVY, NAVY, ""), ("Place", TEAL, PAPER, "////"), ("Belief", ORANGE, PAPER, "...."))


def draw_spread(labels: list[str], shares: list[Floats]) -> Figure:
    """Draw the shares of luck, place and belief, one bar for each size.

    Parameters
    ----------
    labels : list of str
    shares : list of ndarray, shape (3,)
        Each adds up to 1.
    """
    figure, axes = new_figure(1.3 + 0.5 * len(labels))
    for y, parts in enumerate(shares):
        start = 0.0
        for (name, edge, face, hatch), part in zip(_LOOK, parts, strict=True):
            width = 100 * float(part)
            label = name if y == 0 else None
            axes.barh(
                y, width, left=start, height=0.55, color=face, edgecolor=edge, hatch=hatch, linewidth=1.2, label=label
            )
            start += width
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("% of the variance of the cost between runs")
    figure.legend(loc="outside upper left", ncols=3, frameon=False, labelcolor=INK)
    return figure
