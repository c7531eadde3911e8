"""Whose extra pay stands against whose gain: the matrix of payers and gainers, in total and by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.paired import LUCK
from demandsim.comparison.pockets import NOBODY
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Table, interval_caption
from demandsim.report.charts.matrix import draw_matrix
from demandsim.report.charts.years import draw_years
from demandsim.report.sections.case import estimates_of, picture
from demandsim.report.sections.money import purse_title

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from demandsim.comparison.horizons import WrongPockets

LOST: Final = "Nobody: lost to all"
FREE: Final = "Nobody: free gain"
#: The rule of sharing out, as `demandsim.comparison.pockets.allocate` works.
RULE: Final = (
    "Money bears no name, so whose pound became whose gain is a rule and not a finding. In each run and each year, "
    "those who spend more are the payers and those who spend less the gainers. What the payers pay and somebody gains "
    "is shared out evenly: each payer's share of all extra pay, times what each gainer gained. If more is paid than "
    "gained, the rest is lost to all; if more is gained than paid, the rest is free gain, for which nobody paid. A "
    "purse that pays in one year and gains in another stands on both sides. Not discounted."
)
#: Pairs by year that are shown one by one; the others are one row.
_MOST_PAIRS: Final = 20
#: Pairs that are drawn.
_MOST_PANELS: Final = 4


def matrix_exhibits(wrong: WrongPockets, is_drawn: bool = True) -> tuple[Exhibit, ...]:
    """Payers by gainers over all years, then the same pairs by year where there are any."""
    over_all = matrix_exhibit(wrong, is_drawn)
    return (over_all, _by_year(wrong, is_drawn)) if over_all.table else (over_all,)


def matrix_exhibit(wrong: WrongPockets, is_drawn: bool = True) -> Exhibit:
    """Payers by gainers over all years."""
    matrix = wrong.matrix
    payers, gainers = matrix.by("payer"), matrix.by("gainer")
    paying = [str(name) for name, mean in zip(payers["payer"], payers["difference"], strict=True) if mean > 0]
    gaining = [str(name) for name, mean in zip(gainers["gainer"], gainers["difference"], strict=True) if mean > 0]
    cells = matrix.by("payer", "gainer").set_index(["payer", "gainer"])
    if not paying or not gaining:
        return Exhibit("Nobody pays and nobody gains", "No purse spends more or less in any run.")
    wide = cells["difference"].unstack("gainer").loc[paying, gaining]
    wide = wide.rename(index=lambda name: row_title(str(name)), columns=lambda name: column_title(str(name)))
    finding = _finding(payers.set_index("payer"), gainers.set_index("gainer"))
    svg = ""
    if is_drawn:
        figure = draw_matrix(wide, ("Who pays more", "Who gains"), (LOST, FREE))
        svg = picture(figure, "matrix", finding, "A grid of money from those who pay more to those who gain.")
    n_runs = wrong.comparison.n_runs
    rows = []
    row_totals = dict(zip(payers["payer"], estimates_of(payers), strict=True))
    column_totals = dict(zip(gainers["gainer"], estimates_of(gainers), strict=True))
    every = dict(zip(cells.index, estimates_of(cells), strict=True))
    for payer in paying:
        row = [amount_cell(every[payer, gainer]) for gainer in gaining]
        rows.append((Cell(row_title(payer)), *row, amount_cell(row_totals[payer])))
    columns = [amount_cell(column_totals[gainer]) for gainer in gaining]
    rows.append((Cell("All it gains"), *columns, Cell("")))
    caption = interval_caption("What each pays more, by who gains it, over all years", n_runs)
    note = "Rows and columns add up exactly; what is printed is rounded."
    head = ("Pays more", *[column_title(gainer) for gainer in gaining], "All it pays")
    return Exhibit(finding, RULE, svg, Table(f"{caption} {note}", head, tuple(rows)))


def row_title(payer: str) -> str:
    """A payer, or the row of what nobody paid for."""
    return FREE if payer == NOBODY else purse_title(payer)


def column_title(gainer: str) -> str:
    """A gainer, or the column of what nobody gained."""
    return LOST if gainer == NOBODY else purse_title(gainer)


def amount_cell(estimate: Estimate) -> Cell:
    """An amount that cannot be below zero, with its interval beneath."""
    if estimate.mean == estimate.high == 0.0:
        return Cell("–")
    return Cell(words.money(estimate.mean), words.level_range(estimate.low, estimate.high, words.money))


def _finding(payers: pd.DataFrame, gainers: pd.DataFrame) -> str:
    paid = payers.drop(index=NOBODY)["difference"]
    gained = gainers.drop(index=NOBODY)["difference"]
    lost, free = (float(side["difference"][NOBODY]) for side in (gainers, payers))
    lead = f"{purse_title(str(paid.idxmax()))} pays most ({words.money(float(paid.max()))})"
    if float(paid.max()) == 0.0:
        lead = "Nobody pays more"
    gain = f"{purse_title(str(gained.idxmax()))} gains most ({words.money(float(gained.max()))})"
    if float(gained.max()) == 0.0:
        gain = "nobody gains"
    rest = f"{words.money(lost)} is lost to all" if lost > free else f"{words.money(free)} is gain nobody pays for"
    return f"{lead}; {gain}; {rest}"


def _by_year(wrong: WrongPockets, is_drawn: bool) -> Exhibit:
    values = wrong.matrix.values.transpose("payer", "gainer", "year", *LUCK)
    n = values.sizes["payer"]
    flat = values.values.reshape(n * n, *values.shape[2:])
    sizes = np.nansum(flat, axis=(1, 2, 3))
    largest = [int(i) for i in np.argsort(-sizes, kind="stable") if sizes[i] > 0]
    shown, others = largest[:_MOST_PAIRS], largest[_MOST_PAIRS:]
    rows = [_year_row(_pair_title(values, i), flat[i]) for i in shown]
    if others:
        rows.append(_year_row(f"{len(others)} smaller pairs together", flat[others].sum(axis=0)))
    name = _pair_title(values, shown[0])
    finding = f"By year, the largest first: {name}"
    svg = ""
    if is_drawn:
        panels = [
            (_pair_title(values, i).replace(" → ", "\n→ "), summarise(flat[i], "GBP")) for i in shown[:_MOST_PANELS]
        ]
        figure = draw_years(wrong.purses.years, panels)
        svg = picture(figure, "matrix-years", finding, "Yearly money from payer to gainer: the largest pairs.")
    caption = interval_caption("The same money by year, from payer to gainer", wrong.comparison.n_runs)
    table = Table(caption, ("From → to", *wrong.purses.years), tuple(rows), True)
    sentence = (
        "Each year is shared out by itself; the total above is their sum. The line is the middle of our runs, the band "
        f"holds nine in ten of {wrong.comparison.n_runs}."
    )
    return Exhibit(finding, sentence, svg, table)


def _year_row(title: str, values: NDArray[np.float64]) -> tuple[Cell, ...]:
    return (Cell(title), *[amount_cell(estimate) for estimate in summarise(values, "GBP")])


def _pair_title(values: xr.DataArray, at: int) -> str:
    payer, gainer = divmod(at, values.sizes["gainer"])
    return f"{row_title(str(values['payer'].values[payer]))} → {column_title(str(values['gainer'].values[gainer]))}"
