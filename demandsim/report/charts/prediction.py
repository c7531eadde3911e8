"""One figure by year: what was official, the model's band, the other forecasts, and what happened where it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from demandsim.report.svg import GRID, INK, NAVY, PAPER, PLUM, QUIET, TEAL, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

#: Lines of forecasts beside the model's band: colour, dashes (told apart in grey), and label.
_LINES: Final = {
    "anchored": (TEAL, "--", "Model's change"),
    "last_value": (QUIET, ":", "Last value"),
    "trend": (PLUM, "-.", "Trend"),
}
#: The picture reaches at most this many times the largest line; bands of short series reach to the sky.
_TALLEST: Final = 1.8
#: Room between two labels, as a share of the picture's height.
_APART: Final = 0.11


@dataclass(frozen=True)
class Fan:
    """What a picture shows of one figure.

    Attributes
    ----------
    history : sequence of (year, value)
    years : sequence of str
        The base year and the years predicted.
    bands : mapping of line to ndarray, shape (years,)
        The model's: p05, p25, median, p75, p95.
    lines : mapping of forecast to ndarray, shape (years predicted,)
        Medians of the others.
    actual, known : sequence of (year, value)
        What happened as given, and what the configs hold of later years.
    times : float
        By which values are multiplied: 100 for shares.
    unit : str
        On the axis.
    """

    history: Sequence[tuple[str, float]]
    years: Sequence[str]
    bands: dict[str, Floats]
    lines: dict[str, Floats]
    actual: Sequence[tuple[str, float]]
    known: Sequence[tuple[str, float]]
    times: float
    unit: str

    @property
    def top(self) -> float:
        """Where the picture ends above."""
        firm = [value for _, value in (*self.history, *self.actual, *self.known)]
        firm += [float(values.max()) for values in (self.bands["p75"], *self.lines.values())]
        tallest = min(1.08 * float(self.bands["p95"].max()), _TALLEST * max(firm))
        return self.times * max(tallest, 1.05 * max(firm), 1e-9)

    @property
    def is_cut(self) -> bool:
        """Whether the band goes on above the picture."""
        return bool(self.times * self.bands["p95"].max() > self.top)


def draw_fan(fan: Fan) -> Figure:
    """Draw one figure by year."""
    figure, axes = new_figure(2.9)
    every = list(dict.fromkeys([*(year for year, _ in fan.history), *fan.years]))
    first = int(every[0][:4])
    at = np.array([int(year[:4]) - first for year in fan.years])
    bands = {line: fan.times * values for line, values in fan.bands.items()}
    axes.fill_between(at, bands["p05"], bands["p95"], color=NAVY, alpha=0.16, linewidth=0, zorder=2)
    axes.fill_between(at, bands["p25"], bands["p75"], color=NAVY, alpha=0.30, linewidth=0, zorder=2)
    axes.plot(at, bands["median"], color=NAVY, linewidth=2.2, zorder=4)
    ends = [("Model", float(bands["median"][-1]))]
    for kind, values in fan.lines.items():
        colour, dashes, label = _LINES[kind]
        axes.plot(at[1:], fan.times * values, color=colour, linestyle=dashes, linewidth=1.8, zorder=3)
        ends.append((label, float(fan.times * values[-1])))
    _plot_points(axes, fan, first)
    axes.set_ylim(0.0, fan.top)
    axes.set_xlim(-0.4, at[-1] + 0.4)
    _label_ends(axes, ends, fan.top, float(at[-1]))
    axes.set_ylabel(fan.unit)
    axes.grid(axis="y", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    _label_years(axes, first, int(at[-1]))
    return figure


def _plot_points(axes: Axes, fan: Fan, first: int) -> None:
    """Official values, and what happened since: filled as given, hollow as already published."""
    styles = (
        (fan.history, "o", INK, "-", 4.0),
        (fan.known, "D", PAPER, "None", 5.5),
        (fan.actual, "D", INK, "None", 5.5),
    )
    for points, marker, fill, line, size in styles:
        if points:
            x, y = zip(*((int(year[:4]) - first, fan.times * value) for year, value in points), strict=True)
            axes.plot(
                x, y, marker=marker, markerfacecolor=fill, markeredgecolor=INK, linestyle=line, color=INK,
                linewidth=1.6, markersize=size, zorder=5,
            )  # fmt: skip


def _label_ends(axes: Axes, ends: Sequence[tuple[str, float]], top: float, right: float) -> None:
    """Name each line at its right end, moved apart where they would overlap."""
    placed = 0.0 - _APART
    room = 1.0 - _APART * (len(ends) - 1)
    for rank, (label, value) in enumerate(sorted(ends, key=lambda end: end[1])):
        height = max(min(value / top, room + _APART * rank), placed + _APART)
        placed = height
        axes.annotate(
            label, xy=(right, min(value, top)), xytext=(1.03, height), textcoords="axes fraction", va="center",
            fontsize=9, color=INK, arrowprops={"arrowstyle": "-", "color": QUIET, "linewidth": 0.6},
        )  # fmt: skip


def _label_years(axes: Axes, first: int, last: int) -> None:
    """At most seven years, the last among them."""
    every = max(1, -(-(last + 1) // 7))
    shown = list(range(last, -1, -every))[::-1]
    axes.set_xticks(shown, [f"{first + year}/{(first + year + 1) % 100:02d}" for year in shown])
    axes.tick_params(axis="x", labelsize=8.5)
