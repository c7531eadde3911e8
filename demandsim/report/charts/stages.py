"""What has been gained after each stage, as a staircase; of one order, or of two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.report import words
from demandsim.report.charts.rows import largest_of, money_scale
from demandsim.report.svg import GRID, INK, NAVY, ORANGE, PAPER, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from demandsim.comparison.estimate import Estimate

_HALF: Final = 0.36


def draw_stages(letters: list[str], reached: list[Estimate], unit: str) -> Figure:
    """Draw steps as a waterfall: each bar runs from what was reached before to what is reached now.

    Parameters
    ----------
    letters : list of str
        In order of the stages.
    reached : list of Estimate
        After each stage; nine in ten runs are drawn as a line at each.
    unit : str
    """
    figure, axes = new_figure(3.6)
    scale, label = _scale(reached, unit)
    before = 0.0
    for x, estimate in enumerate(reached):
        here = estimate.mean / scale
        axes.bar(x, here - before, bottom=before, width=2 * _HALF, color=NAVY, alpha=0.85, zorder=2)
        is_last = x == len(reached) - 1
        axes.plot([x - _HALF, x + _HALF + (not is_last)], [here, here], color=INK, linewidth=0.8, zorder=3)
        span = [estimate.low / scale, estimate.high / scale]
        # A white casing keeps the line visible where it crosses the bar, in grey too.
        axes.plot([x, x], span, color=PAPER, linewidth=4.6, zorder=4, solid_capstyle="butt")
        axes.plot([x, x], span, color=ORANGE, linewidth=2.2, zorder=5, solid_capstyle="butt")
        before = here
    _finish(axes, letters, f"{label}, all so far")
    return figure


def draw_two_orders(named: list[tuple[str, list[str], list[Estimate]]], unit: str) -> Figure:
    """Draw what two orders have reached after each stage: a name, its letters and its estimates each."""
    figure, axes = new_figure(3.4)
    scale, label = _scale([estimate for _, _, reached in named for estimate in reached], unit)
    looks = (("o", NAVY, "-", -0.08), ("s", ORANGE, "--", 0.08))
    for (name, letters, reached), (marker, colour, line, shift) in zip(named, looks, strict=False):
        at = np.arange(len(reached)) + shift
        mean = [estimate.mean / scale for estimate in reached]
        axes.plot(at, mean, line, color=colour, marker=marker, markersize=6, linewidth=2, label=name, zorder=3)
        for x, estimate, letter in zip(at, reached, letters, strict=True):
            axes.plot([x, x], [estimate.low / scale, estimate.high / scale], color=colour, linewidth=1.2, zorder=2)
            above: Any = {"textcoords": "offset points", "ha": "center", "zorder": 4}
            box = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}
            axes.annotate(letter, (x, estimate.mean / scale), (-8, 6), bbox=box, **above)
    _finish(axes, [str(stage + 1) for stage in range(len(named[0][2]))], f"{label}, all so far")
    axes.set_xlabel("Stage; the letter is the principle taken up at it")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False)
    return figure


def _scale(estimates: list[Estimate], unit: str) -> tuple[float, str]:
    if unit.startswith("GBP"):
        return money_scale(largest_of(estimates))
    return 1.0, words.unit_words(unit)


def _finish(axes: Axes, ticks: list[str], label: str) -> None:
    axes.axhline(0, color=INK, linewidth=1, zorder=1)
    axes.set_xticks(range(len(ticks)), ticks)
    axes.set_ylabel(label)
    axes.grid(axis="y", color=GRID, linewidth=0.7, zorder=0)
    axes.set_axisbelow(True)
