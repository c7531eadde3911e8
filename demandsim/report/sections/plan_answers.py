"""What the model says about a plan: the fall in demand that a line needs, what policies give of it, and targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demandsim.comparison.meta import readable
from demandsim.policy.account_terms import worth_of
from demandsim.report import words
from demandsim.report.amounts import amount
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.plan import draw_falls
from demandsim.report.plan_words import (
    answer_points,
    best_sentence,
    headline,
    line_title,
    needed_sentence,
    part_of_it,
    target_sentence,
    verdict_sentence,
)
from demandsim.report.sections.case import picture

if TYPE_CHECKING:
    from demandsim.comparison.account import AccountAnswer
    from demandsim.comparison.demand_lines import Needed, Reached
    from demandsim.comparison.share_of_runs import ShareOfRuns
    from demandsim.policy.account import Account, Line


def answer_section(account: Account, answer: AccountAnswer) -> Section:
    """The headline and every answer in words."""
    reached = (
        "How we decide: a line is reached where the council's own spending, everything counted, falls by the amount in "
        f"the middle of {words.with_runs(answer.n_runs)}. Only cash counts, and cash follows demand only where help is "
        "bought by the case or beyond capacity; posts are paid until somebody cuts them, which the plan counts as "
        "staffing. "
    )
    rule = "The number of runs says how often our own model gives a result, not how likely it is in life."
    said = answer_points(account, answer)
    if answer.year != account.horizon:
        said.insert(0, f"The runs do not reach {account.horizon}: everything below is about {answer.year}.")
    return Section("answer", headline(account, answer), (*said, f"{reached if answer.lines else ''}{rule}"))


def line_section(account: Account, line: Line, answer: AccountAnswer, is_drawn: bool = True) -> Section:
    """One line: what it needs, and what each policy gives."""
    found = answer.lines[line.name]
    title = line_title(account, line)
    exhibits = [_reached_exhibit(line, title, answer, is_drawn)]
    if found.needed is not None:
        exhibits.insert(0, _needed_exhibit(found.needed, title, answer))
    about = f"It is about {words.sentence_list([readable(need).lower() for need in line.needs])}." if line.needs else ""
    said = f"{verdict_sentence(found)} {about}".rstrip()
    return Section(f"line-{line.name}", title, (said,), exhibits=tuple(exhibits))


def _needed_exhibit(needed: Needed, title: str, answer: AccountAnswer) -> Exhibit:
    year = answer.year
    rows = []
    for one in needed.services:
        alone = Cell("follows no demand") if not one.cash.mean > 0 else level_cell(one.alone, part_of_it)
        rows.append(
            (
                Cell(answer.meta.category_title(one.service)),
                level_cell(one.cash, words.money),
                level_cell(one.cases, words.whole),
                alone,
            )
        )
    total = (level_cell(needed.demand_led, words.money), level_cell(needed.cases, words.whole))
    rows.append((Cell("All"), *total, level_cell(needed.share, part_of_it)))
    caption = interval_caption(
        f"{title}. The council's cash that follows demand as now in {year}, the cases behind it, and the fall each "
        "would need if it alone had to give the amount",
        needed.demand_led.n_runs,
    )
    table = Table(caption, ("Service line", "Council's cash", "Cases at a time", "Fall needed"), tuple(rows))
    share = "more than all" if needed.share.mean >= 1 else words.percent(needed.share.mean)
    finding = f"Needed: a fall of {share} in what follows demand" if needed.demand_led.mean > 0 else "Nothing to fall"
    return Exhibit(finding, needed_sentence(needed, year), "", table)


def _reached_exhibit(line: Line, title: str, answer: AccountAnswer, is_drawn: bool) -> Exhibit:
    found = answer.lines[line.name]
    named = [(answer.meta.scenario_title(one.scenario), one.fall) for one in found.reached]
    best = found.best
    finding = f"{title}: largest fall reached {words.money(max(best.fall.mean, 0.0))}"
    needed = None if found.needed is None else found.needed.amount
    said = "Fall in the council's cash that follows demand under each policy, with nine in ten runs."
    name = f"reached-{line.name}".replace("_", "-")
    svg = picture(draw_falls(named, needed), name, finding, said) if is_drawn else ""
    sentence = (
        f"{best_sentence(found, answer.meta.scenario_title(best.scenario))} A dot is the middle of the runs and its "
        "line holds nine in ten of them; a hollow dot could be either side of zero."
    )
    caption = interval_caption(
        f"{title}. What each policy gives in {found.year}, against “{answer.meta.scenario_title(answer.baseline)}” on "
        f"the same luck. Plus is a saving, minus a cost; prices of {answer.price_year}",
        best.fall.n_runs,
    )
    rows = tuple(_reached_row(one, answer) for one in found.reached)
    head = (
        "Policy",
        "Fall in these services, council",
        "Share of it",
        "Fall anywhere in the council",
        "Council, everything counted",
        "All purses",
        "Council, all years so far",
        "Enough in",
        "Enough, cost counted",
    )
    return Exhibit(finding, sentence, svg, Table(caption, head, rows))


def _reached_row(one: Reached, answer: AccountAnswer) -> tuple[Cell, ...]:
    amounts = (one.fall_anywhere, one.council, one.everyone, one.council_so_far)
    return (
        Cell(answer.meta.scenario_title(one.scenario)),
        change_cell(one.fall, words.money),
        change_cell(one.fall_share, words.percent),
        *(change_cell(estimate, words.money) for estimate in amounts),
        _share_cell(one.enough),
        _share_cell(one.enough_net),
    )


def _share_cell(share: ShareOfRuns | None) -> Cell:
    if share is None:
        return Cell("no amount")
    return Cell(
        f"{share.n_such} of {share.n_runs} runs", f"chance {words.percent(share.low)} to {words.percent(share.high)}"
    )


def targets_section(account: Account, answer: AccountAnswer | None) -> Section:
    """Targets that are no money."""
    rows = []
    for target in account.targets:
        aim = amount(worth_of(target.value).value, target.unit)
        due = words.day(target.due) if target.due else ""
        said = target.why
        if target.mark == "simulated":
            said = "not run" if answer is None else target_sentence(target, answer)
        rows.append((Cell(target.title), Cell(aim), Cell(due), Cell(target.mark), Cell(said)))
    table = Table("Every target that is no money", ("Target", "Aim", "By", "Mark", "What the model says"), tuple(rows))
    n = sum(target.mark == "simulated" for target in account.targets)
    finding = f"{n} of {words.count_of(len(account.targets), 'target')} can be simulated"
    others = len(account.targets) - n
    why = {0: "", 1: "The other is named, with why not."}.get(others, "The others are named, with why not.")
    why = "The table says why not." if not n else why
    return Section("targets", "Targets", exhibits=(Exhibit(finding, why, "", table),))
