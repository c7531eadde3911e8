"""Targets that are no money: what the model says of each, what more posts do to a wait, and whose money is spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, interval_caption, level_cell
from demandsim.report.charts.plan import draw_weeks
from demandsim.report.plan_words import PURSE_TITLES
from demandsim.report.sections.case import picture
from demandsim.report.target_words import aim_of, enough_sentence, mapping_sentence, rise_sentence, target_result

if TYPE_CHECKING:
    from demandsim.comparison.account import AccountAnswer
    from demandsim.comparison.waits import WaitAnswer, Waited
    from demandsim.policy.account import Account, Target


def targets_section(account: Account, answer: AccountAnswer | None, is_drawn: bool = True) -> Section:
    """Every target, and beneath it the lists that more posts would make."""
    rows = []
    for target in account.targets:
        due = words.day(target.due) if target.due else ""
        rows.append((Cell(target.title, target.mark), Cell(aim_of(target), due), Cell(target_result(target, answer))))
    table = Table("Every target that is no money", ("Target", "Aim", "What the model says"), tuple(rows))
    n = sum(target.mark == "simulated" for target in account.targets)
    finding = f"{n} of {words.count_of(len(account.targets), 'target')} can be simulated"
    why = "" if n == len(account.targets) else "The remarks say why the rest cannot."
    exhibits = [Exhibit(finding, why, "", table)]
    if answer is not None:
        exhibits += [
            _wait_exhibit(one, answer, is_drawn) for one in account.simulated_targets if one.name in answer.waits
        ]
    remarks = tuple(f"{target.title}: {target.why}" for target in account.targets if target.why)
    return Section("targets", "Targets", points=remarks, exhibits=tuple(exhibits))


def _wait_exhibit(target: Target, answer: AccountAnswer, is_drawn: bool) -> Exhibit:
    """The list as now and under more posts."""
    found = answer.waits[target.name]
    rows = tuple(_wait_row(one, found, answer) for one in (found.now, *found.tried))
    caption = interval_caption(
        f"{target.title} in {found.year}, beside {aim_of(target)}. Whoever is helped in the year is counted; numbers "
        f"and money are of the whole place, in prices of {answer.price_year}",
        found.now.weeks.n_runs,
    )
    head = (
        "Policy",
        "Posts",
        "Weeks on the list",
        "Weeks until finished",
        "Begin in time",
        "Begin in the year",
        "On the list",
        "Cost to the council",
        "Target met",
    )
    finding = f"{target.title}: {words.number(found.now.weeks.mean)} weeks as now, {aim_of(target)} promised"
    said = enough_sentence(found, answer.meta.scenario_title)
    svg = ""
    if is_drawn:
        named = [(answer.meta.scenario_title(one.scenario), one.weeks) for one in (found.now, *found.tried)]
        about = "Mean weeks on the list under each policy, with nine in ten runs, and the target."
        svg = picture(draw_weeks(named, found.target), f"wait-{target.name}".replace("_", "-"), finding, about)
        said += " A dot is the middle of the runs and its line holds nine in ten of them; a hollow dot could be either "
        said += "side of the target."
    return Exhibit(finding, said, svg, Table(caption, head, rows))


def _wait_row(one: Waited, found: WaitAnswer, answer: AccountAnswer) -> tuple[Cell, ...]:
    met = f"{one.reached.n_such} of {one.reached.n_runs} runs"
    chance = f"chance {words.percent(one.reached.low)} to {words.percent(one.reached.high)}"
    more = "" if one is found.now else f"; {words.signed(one.cost.mean - found.now.cost.mean, words.money)}"
    cost = level_cell(one.cost, words.money)
    return (
        Cell(answer.meta.scenario_title(one.scenario)),
        Cell(words.number(one.posts)),
        level_cell(one.weeks, words.number),
        level_cell(one.weeks_to_end, words.number),
        level_cell(one.in_time, words.percent),
        level_cell(one.begun, words.whole),
        level_cell(one.listed, words.whole),
        Cell(f"{cost.main}{more}", cost.sub),
        Cell(met, chance),
    )


def spent_section(answer: AccountAnswer) -> Section:
    """Whose money the model finds spent in the place as now."""
    whole = sum(one.mean for one in answer.spent.values())
    rows = []
    for name, one in answer.spent.items():
        title = PURSE_TITLES[name]
        share = words.percent(one.mean / whole) if whole > 0 else "none"
        rows.append((Cell(title[:1].upper() + title[1:]), level_cell(one, words.money), Cell(share)))
    caption = interval_caption(
        f"Cash as now in {answer.year} that the model can trace to the needs it holds, in prices of "
        f"{answer.price_year}; not all that is spent in the place, and not by neighbourhood",
        answer.n_runs,
    )
    share = words.percent(answer.spent["council"].mean / whole) if whole > 0 else "none"
    table = Table(caption, ("Whose money", "In the year", "Share"), tuple(rows))
    said = f"{mapping_sentence(answer.spent, answer.year)} {rise_sentence(answer)}".rstrip()
    exhibit = Exhibit(f"{share} is the council's", said, "", table)
    return Section("spent", "Whose money is spent as now", exhibits=(exhibit,))
