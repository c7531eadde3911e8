"""Where the answer on cost would turn round: strength, take-up, money made of released capacity, and years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.comparison.estimate import summarise
from demandsim.comparison.paired import LUCK
from demandsim.comparison.switching import Switch, cashed, find_switch, turning_year, unused_release
from demandsim.labels import COUNCIL
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Table, change_cell, interval_caption
from demandsim.report.sections.case import Case

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHARES: Final = np.array([0.0, 0.5, 1.0])
_NOT_RUN: Final = Cell("not run", "“belief_cases” in the study's file adds it")


def switches(case: Case, ladders: Mapping[str, tuple[Switch, Switch]]) -> Exhibit:
    """One row a thing that could be otherwise: what would turn the sign of the cost.

    Parameters
    ----------
    case : Case
    ladders : mapping
        By ``strength`` and ``take-up``: the switch of all agencies together, and of the council.
    """
    rows = [
        (Cell("How strongly help works"), *(_strength_cell(one) for one in ladders.get("strength", ()))),
        (Cell("How many take up early help"), *(_take_up_cell(one) for one in ladders.get("take-up", ()))),
        (Cell("How much released capacity becomes money"), *(_cashed_cell(one) for one in released_switches(case))),
        (Cell("How many years are counted"), *(_year_cell(case, payers) for payers in (None, COUNCIL))),
    ]
    full = tuple(row if len(row) == 3 else (row[0], _NOT_RUN, _NOT_RUN) for row in rows)
    turns = sum(not cell.main.startswith(("No:", "not")) for _, cell, _ in full)
    tried = sum(cell is not _NOT_RUN for _, cell, _ in full)
    finding = (
        f"None of {tried} things moved one at a time turns the sign of the cost"
        if not turns
        else f"{turns} of {tried} things moved one at a time would turn the sign of the cost, in the middle of the runs"
    )
    sentence = (
        "The sign is that of the middle of our runs. Between levels that were run it is followed along a straight "
        "line; beyond them nothing is said. The smaller figures say how far luck reaches: the runs are drawn again a "
        "thousand times, with repeats, and the point is looked for in each. Capacity released is what staff and places "
        "are worth that are no longer needed and not yet saved."
    )
    head = ("What would have to be otherwise", "All agencies together", "The council")
    return Exhibit(finding, sentence, "", Table("Where the answer on cost would turn round", head, full))


def years(case: Case) -> Exhibit:
    """The running total, year by year."""
    totals = _running(case, None)
    estimates = summarise(totals.transpose(2, 0, 1), "GBP")
    means = np.array([one.mean for one in estimates])
    names = case.years
    last = estimates[-1]
    finding = say_turning(means, names)
    is_discounted = case.comparison.discount_factors is not None
    how = "discounted to the first year" if is_discounted else "not discounted, as no rate came with these results"
    sentence = (
        f"Cash of all agencies added up from the start, {how}. A policy that pays back later than the last year "
        f"would not show here. By {names[-1]} it costs less {words.in_runs(last.n_below, last.n_runs)}."
    )
    rows = tuple(
        (Cell(name), change_cell(one, words.money), Cell(words.in_runs(one.n_below, one.n_runs)))
        for name, one in zip(names, estimates, strict=True)
    )
    caption = interval_caption("The difference so far, by year", case.n_runs)
    table = Table(caption, ("Up to and with", "Cash so far, all agencies", "Costs less so far"), rows)
    return Exhibit(finding, sentence, "", table)


def say_turning(means: NDArray[np.float64], names: Sequence[str]) -> str:
    """When the running total turns, and whether it stays so."""
    at = turning_year(means)
    if at is None:
        return f"Within {words.count_of(len(names), 'year')} the running total never changes sign"
    if turning_year(means[at:]) is not None:
        return f"In {names[at]} the running total has the other sign, but it turns again later"
    return f"From {names[at]} on the running total has the other sign"


def released_switches(case: Case) -> tuple[Switch, Switch]:
    """Share of released capacity that would have to become money: all agencies together, and the council."""
    cash, activity = (
        one.values.sum("year", skipna=False).transpose(*LUCK, "payer", "category")
        for one in (case.comparison.cost, case.comparison.activity)
    )
    released = unused_release(cash.values, activity.values)
    found = []
    for chosen in (slice(None), np.isin(cash["payer"].values, COUNCIL)):
        money, free = (
            _by_draw(values[:, :, chosen].sum(axis=(2, 3))) for values in (np.asarray(cash.values), released)
        )
        found.append(find_switch(_SHARES, cashed(money, free, _SHARES), 0.0))
    return found[0], found[1]


def _by_draw(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the good replicates of each draw: beliefs are drawn again whole. NaN where none is good."""
    good = np.isfinite(values)
    count = good.sum(axis=1)
    total = np.where(good, values, 0.0).sum(axis=1)
    return np.asarray(np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0))


def _running(case: Case, payers: tuple[str, ...] | None) -> NDArray[np.float64]:
    """The difference so far, discounted where results carry a rate, shape (draws, replicates, years)."""
    values = case.comparison.cost.values
    if payers is not None:
        values = values.sel(payer=[payer for payer in values["payer"].values if payer in payers])
    by_year = values.sum(["payer", "category"], skipna=False).transpose(*LUCK, "year").values
    factors = case.comparison.discount_factors
    return np.asarray(np.cumsum(by_year if factors is None else by_year * factors, axis=2))


def _strength_cell(switch: Switch) -> Cell:
    return _cell(
        switch,
        "at every strength from none to four times",
        lambda at: f"at about {at:.1f} times as strongly as we believe",
    )


def _take_up_cell(switch: Switch) -> Cell:
    return _cell(switch, "from nobody taking it up to everyone", _say_take_up)


def _cashed_cell(switch: Switch) -> Cell:
    return _cell(switch, "whether none of it becomes money or all", lambda at: f"at about {words.percent(at)} of it")


def _say_take_up(level: float) -> str:
    if level < 0.5:
        return "between nobody and half as many as we believe"
    return "between half as many and as we believe" if level < 1.0 else "between as many as we believe and everyone"


def _cell(switch: Switch, throughout: str, say: Any) -> Cell:
    """Where it turns, or that it does not, and how far luck reaches."""
    if not switch.n_lucks or not any(switch.signs):
        return Cell("not known" if not switch.n_lucks else "No: it costs the same throughout")
    redrawn = "a single run tells nothing of luck"
    if switch.n_lucks > 1:
        turned = words.percent(switch.share) if switch.share else "none"
        redrawn = f"turns in {turned} of the re-draws of {words.with_runs(switch.n_lucks)}"
    if switch.at is None:
        way = "less" if sum(switch.signs) < 0 else "more"
        return Cell(f"No: it costs {way} {throughout}", redrawn)
    after = "less" if [sign for sign in switch.signs if sign][-1] < 0 else "more"
    text = say(switch.at)
    ends = {say(end) for end in (switch.low, switch.high) if end is not None} - {text}
    reach = f"; nine in ten of those {_reach(switch, say)}" if ends else ""
    return Cell(f"{text[:1].upper()}{text[1:]}; beyond that it costs {after}", redrawn + reach)


def _reach(switch: Switch, say: Any) -> str:
    assert switch.low is not None
    assert switch.high is not None
    return f"lie from {say(switch.low)} to {say(switch.high)}"


def _year_cell(case: Case, payers: tuple[str, ...] | None) -> Cell:
    totals = _running(case, payers)
    estimates = summarise(totals.transpose(2, 0, 1), "GBP")
    means = np.array([one.mean for one in estimates])
    last = estimates[-1]
    beneath = f"by {case.years[-1]} it costs less {words.in_runs(last.n_below, last.n_runs)}"
    at = turning_year(means)
    if at is None:
        way = "less" if means[-1] < 0 else "more" if means[-1] > 0 else "the same"
        return Cell(
            f"No: it costs {way} however many of these {words.count_of(len(means), 'year')} are counted", beneath
        )
    way = "less" if means[at] < 0 else "more"
    return Cell(f"In {case.years[at]}, year {at + 1}: up to then and with it, it costs {way}", beneath)
