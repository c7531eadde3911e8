"""The part of the page on futures that says what each future does to the place itself, whatever the policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.rows import Row, draw_rows
from demandsim.report.sections.case import picture

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.times import Fare


class _Column(NamedTuple):
    heading: str
    read: Callable[[Fare], Estimate | None]
    form: words.Format
    is_change: bool = False


_MOVES: Final = (
    _Column("Growth in all years", lambda fare: fare.growth, words.percent, is_change=True),
    _Column("Households that leave in a year", lambda fare: fare.left, words.percent),
    _Column("Needs that leave, of 1,000 households a year", lambda fare: fare.carried, words.number),
    _Column("Cases that end because the household leaves", lambda fare: fare.ties_cut, words.percent),
)
_FARES: Final = (
    _Column("Months in crisis, 1,000 households a year", lambda fare: fare.crisis, words.number),
    _Column("The same, against the first future", lambda fare: fare.more_crisis, words.number, is_change=True),
    _Column("Wait before help, months", lambda fare: fare.waited, words.number),
    _Column("Cash of all agencies, a household a year", lambda fare: fare.cash, words.money),
)


def times_tables(fares: Mapping[str, Fare], titles: Mapping[str, str], policy: str) -> tuple[Table, Table]:
    """Futures in rows: who comes and goes; then crisis, waits and cash.

    Parameters
    ----------
    fares : mapping of future to Fare
    titles : mapping of future to str
    policy : str
        Title of the scenario that it is told of.
    """
    n_runs = min(fare.cash.n_runs for fare in fares.values())
    moves = (
        f"Who comes and goes in each future, over all its years, under “{policy}”. Needs are those established or worse"
    )
    fared = f"Need, waits and cash in each future, over all its years, under “{policy}”"
    return (
        Table(interval_caption(moves, n_runs), _head(_MOVES), _rows(fares, titles, _MOVES)),
        Table(interval_caption(fared, n_runs), _head(_FARES), _rows(fares, titles, _FARES)),
    )


def times_section(fares: Mapping[str, Fare], titles: Mapping[str, str], policy: str) -> Section:
    """What each future does to the place if it goes on as now."""
    moves, fared = times_tables(fares, titles, policy)
    paragraph = (
        f"Before any policy is compared, this is how the place fares under “{policy}”. Whoever leaves takes no help "
        "along: the case ends. Whoever moves in is known to no service, has no case, and trusts services as newcomers "
        "do, whatever was built up with those who lived there before. Need that leaves is not need that was met: it is "
        "another place's, and what it costs there is in no figure here."
    )
    return Section(
        "times",
        "What each future does to the place",
        (paragraph,),
        exhibits=(_moves(fares, titles, moves), _crisis(fares, titles, policy, fared)),
    )


def _moves(fares: Mapping[str, Fare], titles: Mapping[str, str], table: Table) -> Exhibit:
    most = max(fares, key=lambda future: fares[future].ties_cut.mean)
    share = words.percent(fares[most].ties_cut.mean)
    finding = f"Most help is broken off by a move in “{titles[most]}”, on average: {share} of the cases that end"
    rows = [Row(titles[name], fare.ties_cut, words.percent(fare.ties_cut.mean), 0.01) for name, fare in fares.items()]
    drawn = draw_rows(rows, "% of the cases that end")
    alt = "Share of cases that end because the household leaves, in each future, with nine in ten runs."
    sentence = (
        "Who lives there and who leaves when is drawn before any policy, and is the same in every run of a future."
    )
    return Exhibit(finding, sentence, picture(drawn, "moves", finding, alt), table)


def _crisis(fares: Mapping[str, Fare], titles: Mapping[str, str], policy: str, table: Table) -> Exhibit:
    first, *others = fares
    finding = _finding(fares, titles, policy)
    rows = [
        Row(titles[name], fares[name].more_crisis, words.signed(fares[name].more_crisis.mean, words.number))
        for name in others
    ]
    drawn = draw_rows(rows, f"months in crisis, 1,000 households a year: difference from “{titles[first]}”")
    alt = f"Months in crisis for 1,000 households and a year under “{policy}”: each future against the first."
    sentence = (
        "The picture and one column compare futures run by run, with the same beliefs and luck; the other columns are "
        "levels, which beliefs may spread further than futures do."
    )
    return Exhibit(finding, sentence, picture(drawn, "times", finding, alt), table)


def _head(columns: Sequence[_Column]) -> tuple[str, ...]:
    return ("Future", *(column.heading for column in columns))


def _rows(
    fares: Mapping[str, Fare], titles: Mapping[str, str], columns: Sequence[_Column]
) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (Cell(titles[future]), *(_cell(column.read(fare), column) for column in columns))
        for future, fare in fares.items()
    )


def _finding(fares: Mapping[str, Fare], titles: Mapping[str, str], policy: str) -> str:
    """In which futures there is surely more or less crisis than in the first, and of which we cannot tell."""
    first, *others = fares
    ways = {name: words.direction(fares[name].more_crisis) for name in others}
    told = []
    for way, said in (("more", "surely more crisis in"), ("less", "surely less crisis in")):
        named = [f"“{titles[name]}”" for name in others if ways[name] == way]
        told += [f"{said} {' and '.join(named)}"] if named else []
    unsure = [f"“{titles[name]}”" for name in others if ways[name] not in ("more", "less")]
    told += [f"in {' and '.join(unsure)} we cannot tell"] if unsure else []
    return f"Under “{policy}”, against “{titles[first]}”: {'; '.join(told)}"


def _cell(estimate: Estimate | None, column: _Column) -> Cell:
    if estimate is None:
        return Cell("not kept")
    cell = change_cell if column.is_change else level_cell
    told = cell(estimate, column.form)
    # Who lives there is drawn before any policy, and is the same in every run: an interval would say nothing.
    return Cell(told.main) if estimate.low == estimate.high else told
