"""Who pays and who gains, as ribbons of money.

At the left, purses that spend more and what they spend it on; at the right, what less is spent on and whose money that
is. Both sides share one scale, so the taller side is the larger.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.report import words
from demandsim.report.svg import INK, NAVY, ORANGE, PAPER, QUIET, new_figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Ribbons thinner than this share of their side are gathered into "Others".
_THIN: Final = 0.015
#: The larger side's money is 1 high; these are in the same measure, and one of it is so many inches.
_INCHES: Final = 3.3
_LINE: Final = 0.125 / _INCHES
_GAP: Final = 0.04
_HEAD: Final = 0.16
#: Where the two stacks stand in a side's width, and how wide a bar is.
_REACH: Final = 0.36
_BAR: Final = 0.035


@dataclass(frozen=True)
class _Side:
    """One side of the picture: its money (rows flow to columns), its words and its look."""

    table: pd.DataFrame
    title: str
    heads: tuple[str, str]
    colour: str
    hatch: str


@dataclass(frozen=True)
class _Bar:
    """A node: what is written beside it and where it stands."""

    text: str
    bottom: float
    top: float


def draw_flow(table: pd.DataFrame) -> Figure:
    """Draw a table of cash differences (GBP), purses in rows and kinds of spending in columns."""
    more, less = _gathered(table.clip(lower=0.0)), _gathered(-table.clip(upper=0.0)).T
    largest = max(float(more.to_numpy().sum()), float(less.to_numpy().sum()), 1.0)
    sides = (
        _Side(more, "More spent", ("Who spends more", "On what"), NAVY, ""),
        _Side(less, "Less spent", ("Less is spent on", "Whose money it was"), ORANGE, "////"),
    )
    stacks = [[_stack(side.table.sum(axis=axis), largest) for axis in (1, 0)] for side in sides]
    height = max([-stack[-1].bottom for pair in stacks for stack in pair if stack] + [0.3]) + 2 * _LINE
    figure, both = new_figure((height + _HEAD) * _INCHES + 0.1, 2)
    for axes, side, pair in zip(both, sides, stacks, strict=True):
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(-height, _HEAD)
        _plot_side(axes, side, pair, largest)
    return figure


def _gathered(table: pd.DataFrame) -> pd.DataFrame:
    """Drop what is empty, gather what is too thin to read, and put the largest first."""
    total = float(table.to_numpy().sum())
    if total == 0:
        return table.iloc[:0, :0]
    for _ in range(2):
        table = table[table.sum(axis=1) > 0]
        sizes = table.sum(axis=1)
        thin = sizes[sizes < _THIN * total].index
        if len(thin) > 1:
            others = table.loc[thin].sum(axis=0)
            table = table.drop(index=thin)
            table.loc["Others"] = others
        table = table.loc[table.sum(axis=1).sort_values(ascending=False).index].T
    return table


def _stack(sizes: pd.Series[float], largest: float) -> list[_Bar]:
    """Stand the nodes below one another from zero down, each at least as high as its words."""
    bars = []
    top = 0.0
    for label, value in sizes.items():
        text = f"{textwrap.fill(str(label), 18)}\n{words.money(float(value))}"
        tall = float(value) / largest
        slot = max(tall, (text.count("\n") + 1) * _LINE)
        middle = top - slot / 2
        bars.append(_Bar(text, middle - tall / 2, middle + tall / 2))
        top -= slot + _GAP
    return bars


def _plot_side(axes: Axes, side: _Side, stacks: list[list[_Bar]], largest: float) -> None:
    total = float(side.table.to_numpy().sum())
    title = f"{side.title}: {words.money(total)}"
    axes.text(0.5, _HEAD - 0.05, title, ha="center", fontweight="bold", fontsize=10)
    if total == 0:
        axes.text(0.5, -0.15, "Nobody", ha="center", color=QUIET)
        return
    axes.text(_REACH, 0.03, side.heads[0], color=QUIET, fontsize=8.5, ha="right")
    axes.text(1 - _REACH, 0.03, side.heads[1], color=QUIET, fontsize=8.5, ha="left")
    _ribbons(axes, side, stacks, largest)
    at = (
        (stacks[0], _REACH - _BAR, _REACH - _BAR - 0.015, "right"),
        (stacks[1], 1 - _REACH, 1 - _REACH + _BAR + 0.015, "left"),
    )
    for bars, x, words_x, align in at:
        for bar in bars:
            axes.add_patch(_rectangle(x, bar, side))
            middle = (bar.bottom + bar.top) / 2
            axes.text(words_x, middle, bar.text, ha=align, va="center", fontsize=7.8, color=INK, linespacing=1.05)


def _ribbons(axes: Axes, side: _Side, stacks: list[list[_Bar]], largest: float) -> None:
    """Join the nodes: each ribbon is as thick as the money it carries."""
    s = np.linspace(0, 1, 24)
    bend = s * s * (3 - 2 * s)
    x = _REACH + (1 - 2 * _REACH) * s
    from_top, to_top = ([bar.top for bar in stack] for stack in stacks)
    cells = side.table.to_numpy(dtype=float) / largest
    for i, j in np.ndindex(*cells.shape):
        thick = cells[i, j]
        if thick <= 0:
            continue
        top = from_top[i] + (to_top[j] - from_top[i]) * bend
        axes.fill_between(x, top - thick, top, color=side.colour, alpha=0.32, linewidth=0.4, edgecolor=side.colour)
        from_top[i] -= thick
        to_top[j] -= thick


def _rectangle(x: float, bar: _Bar, side: _Side) -> Any:
    from matplotlib.patches import Rectangle

    face = PAPER if side.hatch else side.colour
    return Rectangle(
        (x, bar.bottom),
        _BAR,
        bar.top - bar.bottom,
        facecolor=face,
        edgecolor=side.colour,
        hatch=side.hatch,
        linewidth=0.8,
    )
