"""How sure: what the answer stands on. The alternatives beside it, two ladders of belief, and where it would turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from demandsim.comparison.estimate import FEWEST_RUNS, Estimate, summarise
from demandsim.comparison.measures import MEASURES
from demandsim.comparison.paired import Comparison, compare
from demandsim.comparison.switching import Switch, find_switch
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.rows import money_rows
from demandsim.report.sections.case import Case, picture
from demandsim.report.sections.footing_spread import spread
from demandsim.report.sections.footing_switches import switches, years
from demandsim.study.footing.record import Footing, read_footing

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_MONEY: Final = "same_money"


@dataclass(frozen=True)
class Ladder:
    """A belief moved from nothing to far more than anybody holds.

    Parameters
    ----------
    name : str
    levels : tuple of float
        Increasing.
    cases : tuple of str
        The belief case of each level.
    titles : tuple of str
        Of each level, for a table.
    given : tuple of str
        Each level as a condition: "if help worked twice as strongly as we believe".
    what : str
        What the levels are of, for a table.
    """

    name: str
    levels: tuple[float, ...]
    cases: tuple[str, ...]
    titles: tuple[str, ...]
    given: tuple[str, ...]
    what: str


STRENGTH: Final = Ladder(
    "strength",
    (0.0, 0.5, 1.0, 2.0, 4.0),
    ("effects_null", "effects_half", "central", "effects_double", "effects_quadruple"),
    ("Not at all", "Half as strongly", "As we believe", "Twice as strongly", "Four times as strongly"),
    (
        "if help did nothing at all",
        "if help worked half as strongly as we believe",
        "as we believe",
        "if help worked twice as strongly as we believe",
        "if help worked four times as strongly as we believe",
    ),
    "How strongly help works",
)
TAKE_UP: Final = Ladder(
    "take-up",
    (0.0, 0.5, 1.0, 2.0),
    ("take_up_none", "take_up_half", "central", "take_up_everyone"),
    ("Nobody", "Half as many", "As we believe", "Everyone who is offered it"),
    (
        "if nobody took up early help",
        "if half as many took up early help as we believe",
        "as we believe",
        "if everyone took up the early help that they are offered",
    ),
    "Who takes up early help",
)
LADDERS: Final = (STRENGTH, TAKE_UP)


def footing(case: Case) -> Section:
    """The section; what a study did not run is said, with how to add it."""
    found = read_footing(case.results)
    if found is not None and (found.scenario, found.against) != (case.comparison.scenario, case.comparison.against):
        found = None
    exhibits = [_beside(case)]
    paragraphs = []
    has_ladders = found is not None and all(name in found.cases for ladder in LADDERS for name in ladder.cases)
    if found is not None and has_ladders:
        paragraphs.append(
            "Here the answer is asked for again with one belief moved at a time, far beyond what anybody holds, with "
            "everything else as we believe. The answer with unmeasured mechanisms doing nothing, with no effects, and "
            "with needs causing one another never or in full stands under the answer itself."
        )
        exhibits += [_ladder(case, found, ladder) for ladder in LADDERS]
    else:
        paragraphs.append(
            "How strongly help would have to work, or how many would have to take it up, for the answer to turn round "
            "is not shown: the study ran no belief cases for this comparison. “belief_cases = 4” in the study's file "
            "adds them for its headline."
        )
    exhibits += [switches(case, _switches_of(found) if found is not None and has_ladders else {}), years(case)]
    part = spread(case, found) if found is not None else None
    if part is None:
        paragraphs.append(
            "How much of the spread between runs is luck, belief and place is not shown, because no study of it came "
            "with these results. “footing = 192” in the study's file adds one."
        )
    else:
        exhibits.append(part)
    return Section("footing", "How sure: what the answer stands on", tuple(paragraphs), exhibits=tuple(exhibits))


def _beside(case: Case) -> Exhibit:
    """Doing the minimum, the policy, and the same money on what there is today."""
    cash, crisis = (next(one for one in MEASURES if one.name == name) for name in ("cash", "crisis_months"))
    against = case.comparison.against
    levels = [case.level(one.read(case.results), against) for one in (cash, crisis)]
    rows = [
        (
            Cell(f"Do the minimum: {case.against}", "the whole; the rest are differences from it"),
            level_cell(levels[0], words.money),
            Cell("the yardstick"),
            level_cell(levels[1], words.whole),
        )
    ]
    known = [str(name) for name in case.results["scenario"].values]
    named = [(case.title, case.comparison)]
    if SAME_MONEY in known and SAME_MONEY not in (case.comparison.scenario, against):
        named.append((case.meta.scenario_title(SAME_MONEY), compare(case.results, SAME_MONEY, against)))
    for title, pair in named:
        money = pair.cost.total()
        often = Cell(words.in_runs(money.n_below, money.n_runs))
        months = change_cell(pair.crisis_months.total(), words.whole)
        rows.append((Cell(title, "difference"), change_cell(money, words.money), often, months))
    sentence = (
        "A policy has to be better than doing the minimum, and better than the same money spent on more of what there "
        "is today: only what it does beyond that is owed to its method."
    )
    if SAME_MONEY not in known:
        sentence += (
            " This study did not run the same money on today's services, so what is owed to money and what to method "
            f"cannot be told apart. Adding “{SAME_MONEY}” to “scenarios” in the study's file runs it."
        )
    head = ("Choice", "Cash, all agencies", "Costs less", "Months in crisis")
    caption = interval_caption("The choice beside its alternatives, over all years", case.n_runs)
    return Exhibit(_beside_finding(case, named[1:]), sentence, "", Table(caption, head, tuple(rows)))


def _beside_finding(case: Case, others: list[tuple[str, Comparison]]) -> str:
    if not others:
        return "What the same money would do on today's services was not run"
    own = compare(case.results, case.comparison.scenario, SAME_MONEY)
    money, crisis = own.cost.total(), own.crisis_months.total()
    if money.n_runs < FEWEST_RUNS:
        return f"Too few runs to hold it against the same money: {words.with_runs(money.n_runs)}"
    way = {"more": "costs more", "less": "costs less", "same": "costs the same", "either": "could cost more or less"}
    months = {"more": "more", "less": "fewer", "same": "as many", "either": "more or fewer"}
    found = months[words.direction(crisis)]
    return f"Beside the same money on today's services, it {way[words.direction(money)]}, with {found} months in crisis"


def _ladder(case: Case, found: Footing, ladder: Ladder) -> Exhibit:
    """The answer at every level."""
    values = {name: _at_levels(found, ladder, name) for name in ("cash", "council", "crisis_months")}
    cash = [summarise(row[None, None], "GBP")[0] for row in values["cash"]]
    council = [summarise(row[None, None], "GBP")[0] for row in values["council"]]
    crisis = [summarise(row[None, None], "household-months")[0] for row in values["crisis_months"]]
    rows = tuple(
        (Cell(title), change_cell(all_, words.money), change_cell(own, words.money), change_cell(months, words.whole))
        for title, all_, own, months in zip(ladder.titles, cash, council, crisis, strict=True)
    )
    finding = say_ladder(ladder, cash, _switch(found, ladder, "cash"))
    svg = picture(
        money_rows(list(zip(ladder.titles, cash, strict=True))),
        ladder.name,
        finding,
        "Total cash difference at each level, with nine in ten runs.",
    )
    own = case.answer.cash
    sentence = (
        f"{_SENTENCES[ladder.name]} All else stays as we believe; where every belief varies at once, as in the answer "
        f"itself, it costs less {words.in_runs(own.n_below, own.n_runs)}."
    )
    caption = interval_caption(f"{ladder.what}, and the answer then", cash[0].n_runs)
    return Exhibit(
        finding,
        sentence,
        svg,
        Table(caption, (ladder.what, "Cash, all agencies", "Cash, the council", "Months in crisis"), rows),
    )


_SENTENCES: Final = {
    "strength": (
        "The strength of every effect of every service is moved together, in this policy and in what it is compared "
        "with. An effect that studies found to be nothing stays nothing at every strength."
    ),
    "take-up": (
        "The share of those offered early help at a front door who accept it, in this policy and in what it is "
        "compared with. Places are as limited as before: where more accept, more wait."
    ),
}


def say_ladder(ladder: Ladder, cash: list[Estimate], switch: Switch) -> str:
    """What a ladder shows about cost, in a line."""
    ways = [words.direction(one) for one in cash]
    if "too few" in ways:
        return f"{ladder.what}: too few runs to tell ({words.with_runs(cash[0].n_runs)})"
    first, last = ladder.given[0], ladder.given[-1]
    if set(ways) <= {"more"}:
        return f"Even {last}, it would still cost more"
    if set(ways) <= {"less"}:
        return f"Even {first}, it would still cost less"
    if switch.at is None and ways[-1] == "more":
        return f"Even {last}, it would still cost more"
    if switch.at is None and ways[0] == "less":
        return f"Even {first}, it would still cost less"
    if switch.at is None:
        way = "more" if sum(switch.signs) > 0 else "less"
        return f"{ladder.what}: it costs {way} on average at every level, but luck alone could turn it"
    after = "less" if cash[-1].mean < 0 else "more"
    if ways[-1] == after:
        return f"The answer on cost turns: {last}, it would cost {after}"
    return f"{ladder.what}: the middle of the runs turns from one sign to the other, but luck alone could turn it"


def _at_levels(found: Footing, ladder: Ladder, figure: str) -> NDArray[np.float64]:
    return np.stack([found.cases[name][figure] for name in ladder.cases])


def _switch(found: Footing, ladder: Ladder, figure: str) -> Switch:
    return find_switch(np.array(ladder.levels), _at_levels(found, ladder, figure), 1.0)


def _switches_of(found: Footing) -> dict[str, tuple[Switch, Switch]]:
    """By ladder: all agencies together, and the council."""
    return {one.name: (_switch(found, one, "cash"), _switch(found, one, "council")) for one in LADDERS}
