"""Money from payer to gainer: a grid whose cells are darker the more money they carry, with the figure in each."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

import numpy as np

from demandsim.report.charts.rows import money_scale
from demandsim.report.svg import GRID, INK, NAVY, new_figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

#: Rows and columns that carry less than this share of all money are drawn as one.
_THIN: Final = 0.01
#: The darkest a cell becomes; words in ink stay readable on it.
_DARKEST: Final = 0.55


def draw_matrix(table: pd.DataFrame, heads: tuple[str, str], apart: tuple[str, ...] = ()) -> Figure:
    """Draw amounts (GBP, none below zero), payers in rows and gainers in columns.

    Parameters
    ----------
    table : pandas.DataFrame
    heads : tuple of str
        Names of the two sides.
    apart : tuple of str
        Rows and columns that are never drawn together with others.
    """
    table = _gathered(_gathered(table, apart).T, apart).T
    amounts = table.to_numpy(dtype=float)
    largest = float(amounts.max(initial=0.0)) or 1.0
    scale, unit = money_scale(largest)
    figure, axes = new_figure(1.7 + 0.4 * max(len(table), 2))
    for (y, x), amount in np.ndenumerate(amounts):
        if amount <= 0.0:
            continue
        axes.fill(
            [x - 0.5, x + 0.5, x + 0.5, x - 0.5],
            [y - 0.5, y - 0.5, y + 0.5, y + 0.5],
            color=NAVY,
            alpha=_DARKEST * (amount / largest) ** 0.5,
            linewidth=0,
        )
        axes.text(x, y, _figure_in(amount / scale), ha="center", va="center", fontsize=7.8, color=INK)
    axes.set_xlim(-0.5, amounts.shape[1] - 0.5)
    axes.set_ylim(amounts.shape[0] - 0.5, -0.5)
    axes.set_xticks(range(amounts.shape[1]), [textwrap.fill(name, 20) for name in table.columns], rotation=90)
    axes.set_yticks(range(amounts.shape[0]), [textwrap.fill(name, 24) for name in table.index])
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0, labelsize=8.2)
    axes.set_xlabel(f"{heads[1]} (cells in {unit})", fontweight="bold")
    axes.set_ylabel(heads[0], fontweight="bold")
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xticks(np.arange(amounts.shape[1] + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(amounts.shape[0] + 1) - 0.5, minor=True)
    axes.tick_params(which="minor", length=0)
    axes.grid(which="minor", color=GRID, linewidth=0.7)
    return figure


def _figure_in(amount: float) -> str:
    if amount >= 99.5:
        return f"{amount:,.0f}"
    return f"{amount:.1f}" if amount >= 0.05 else "0.0"


def _gathered(table: pd.DataFrame, apart: tuple[str, ...]) -> pd.DataFrame:
    """Rows without money left out, and those too thin to see put together."""
    import pandas as pd

    sizes = table.sum(axis=1)
    table, sizes = table[sizes > 0.0], sizes[sizes > 0.0]
    thin = [name for name in table.index if name not in apart and sizes[name] < _THIN * sizes.sum()]
    if len(thin) < 2:
        return table
    own = [name for name in table.index if name not in thin and name not in apart]
    others = table.loc[thin].sum(axis=0).rename("Others").to_frame().T
    return pd.concat([table.loc[own], others, table.loc[[name for name in apart if name in table.index]]])
