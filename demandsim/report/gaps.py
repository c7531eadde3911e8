"""The drift page's section on purses: how gaps were met, and who let posts go.

Takes a measured drift whose results keep what each April found; gives a section.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demandsim.comparison.meta import readable
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell

if TYPE_CHECKING:
    from demandsim.comparison.drift import Drift

#: What is shown of the council's Aprils, by its column's head.
COUNCIL: Final = {
    "To be found here by cuts": "shortfall",
    "Borne by services outside the model": "elsewhere",
    "Posts let go, less those restored (a year's pay)": "cut",
    "Met by nothing": "unfunded",
}


def gaps_section(drift: Drift) -> Section:
    """Who bore the council's gaps, and whose posts went in each scenario."""
    return Section("council", "Who bore the gaps", exhibits=(_council(drift), _purses(drift)))


def _council(drift: Drift) -> Exhibit:
    rows = tuple(
        (
            Cell(drift.meta.scenario_title(one)),
            *(change_cell(drift.purse(one, "council", item), words.money) for item in COUNCIL.values()),
            level_cell(drift.reserves_left(one, "council"), words.money),
        )
        for one in drift.scenarios
    )
    table = Table(
        interval_caption("What the council's budget found each April, added up over all years", _runs(drift)),
        ("Scenario", *COUNCIL, "Reserves left in the last April"),
        rows,
    )
    sentence = (
        "A council holds much that this model does not: roads, planning, culture. What they bear of a gap is a cost "
        "that no other figure here shows, and how much they bear is a belief with a wide range. The columns do not add "
        "up: a gap that lasts is found anew each April, and a cut that is in force saves every year. What nothing met "
        "is an overspend beyond reserves: in life the next year would have to find it, or the council would fail."
    )
    return Exhibit("How the council's gaps were met", sentence, table=table)


def _purses(drift: Drift) -> Exhibit:
    names = drift.purses_that_cut()
    rows = tuple(
        (
            Cell(drift.meta.scenario_title(one)),
            *(change_cell(drift.purse(one, name, "cut"), words.money) for name in names),
        )
        for one in drift.scenarios
    )
    table = Table(
        interval_caption("Posts let go less those restored, as a year's pay, added up over all years", _runs(drift)),
        ("Scenario", *(readable(name) for name in names)),
        rows,
    )
    sentence = (
        "Pay falls on whoever pays for a post, so a team that the council cuts may relieve another purse that shares "
        "in it. Where gaps are pooled, purses whose own grant is flat let posts go for the council. Purses that let "
        "none go in any run are left out."
    )
    return Exhibit("Whose posts went", sentence, table=table if names else None)


def _runs(drift: Drift) -> int:
    return drift.change(drift.scenarios[0]).n_runs
