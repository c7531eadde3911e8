"""What the model says about a plan: the fall in demand that a line needs, what policies give of it, and targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demandsim.comparison.meta import readable
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.plan import draw_falls
from demandsim.report.plan_words import (
    PURSE_TITLES,
    answer_points,
    best_sentence,
    headline,
    line_title,
    needed_sentence,
    part_of_it,
    purse_sentence,
    verdict_sentence,
)
from demandsim.report.sections.case import picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from demandsim.comparison.account import AccountAnswer
    from demandsim.comparison.demand_answers import Needed, Reached
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
        how = "begin after" if account.horizon < answer.first_year else "do not reach"
        said.insert(0, f"The runs {how} {account.horizon}: everything below is about {answer.year}.")
    return Section("answer", headline(account, answer), (*said, f"{reached if answer.lines else ''}{rule}"))


def line_section(account: Account, line: Line, answer: AccountAnswer, is_drawn: bool = True) -> Section:
    """One line: what it needs, and what each policy gives."""
    found = answer.lines[line.name]
    title = line_title(account, line)
    exhibits = [_reached_exhibit(line, title, answer, is_drawn), _purses_exhibit(line, title, answer)]
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
    if found.is_all_posts:
        finding = f"{title}: posts, which follow no demand"
    needed = None if found.needed is None else found.needed.amount
    said = "Fall in the council's cash that follows demand under each policy, with nine in ten runs."
    name = f"reached-{line.name}".replace("_", "-")
    svg = picture(draw_falls(named, needed), name, finding, said) if is_drawn and not found.is_all_posts else ""
    sentence = best_sentence(found, answer.meta.scenario_title(best.scenario))
    if svg:
        sentence += " A dot is the middle of the runs and its line holds nine in ten of them; a hollow dot could be "
        sentence += "either side of zero."
    caption = interval_caption(
        f"{title}. What each policy gives in {found.year}, against “{answer.meta.scenario_title(answer.baseline)}” on "
        f"the same luck. Plus is a saving, minus a cost; prices of {answer.price_year}",
        best.fall.n_runs,
    )
    columns = _columns(has_amount=needed is not None)
    rows = tuple(
        (Cell(answer.meta.scenario_title(one.scenario)), *(cell(one) for cell in columns.values()))
        for one in found.reached
    )
    return Exhibit(finding, sentence, svg, Table(caption, ("Policy", *columns), rows))


def _columns(has_amount: bool) -> dict[str, Callable[[Reached], Cell]]:
    """Columns by heading; how often something is enough is only told where an amount says of what."""
    columns: dict[str, Callable[[Reached], Cell]] = {
        "Fall in these services, council": lambda one: change_cell(one.fall, words.money),
        "Share of it": lambda one: change_cell(one.fall_share, words.percent),
        "Enough in": lambda one: _share_cell(one.enough),
        "At most, if idle posts were cut": lambda one: change_cell(one.fall_with_posts, words.money),
        "Then enough in": lambda one: _share_cell(one.enough_with_posts),
        "Council, everything counted": lambda one: change_cell(one.council, words.money),
        "So enough in": lambda one: _share_cell(one.enough_net),
    }
    return {head: cell for head, cell in columns.items() if has_amount or "nough" not in head}


def _purses_exhibit(line: Line, title: str, answer: AccountAnswer) -> Exhibit:
    """Every policy's saving or cost by whose money it is."""
    found = answer.lines[line.name]
    best, under = found.best, answer.meta.scenario_title(found.best.scenario)
    rows = tuple(
        (
            Cell(answer.meta.scenario_title(one.scenario)),
            *(
                change_cell(estimate, words.money)
                for estimate in (*one.by_purse.values(), one.everyone, one.council_so_far)
            ),
        )
        for one in found.reached
    )
    caption = interval_caption(
        f"{title}. Whose cash it is in {found.year}, every service and the policy's own cost counted. Plus is a "
        f"saving, minus a cost; prices of {answer.price_year}",
        best.council.n_runs,
    )
    head = ("Policy", *(name[:1].upper() + name[1:] for name in map(PURSE_TITLES.__getitem__, best.by_purse)))
    head = (*head, "All together", "The council, all years so far")
    finding = f"On whom it falls: {words.signed(best.council.mean, words.money)} for the council"
    return Exhibit(f"{finding} under “{under}”", purse_sentence(best), "", Table(caption, head, rows))


def _share_cell(share: ShareOfRuns | None) -> Cell:
    if share is None:
        return Cell("no amount")
    return Cell(
        f"{share.n_such} of {share.n_runs} runs", f"chance {words.percent(share.low)} to {words.percent(share.high)}"
    )
