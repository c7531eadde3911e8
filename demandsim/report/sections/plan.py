"""A plan as it states itself: its lines, its kinds, and whether it adds up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from demandsim.policy.account import KIND_TITLES, Account, Block, Line
from demandsim.policy.account_terms import Worth, worth_of
from demandsim.report import words
from demandsim.report.amounts import VERDICTS, amount, gap, said, stated
from demandsim.report.block import Cell, Exhibit, Section, Table
from demandsim.report.charts.plan import Step, draw_steps
from demandsim.report.sections.case import picture

if TYPE_CHECKING:
    from demandsim.policy.reckoning import Reckoning

MARKS: Final = {
    "simulated": "simulated: the model is asked whether it comes about",
    "stated": "stated: taken as the plan has it, and not tested",
    "not modelled": "not modelled: the model has nothing to say about it",
}


def plan_section(account: Account, reckoning: Reckoning, is_drawn: bool = True) -> Section:
    """The plan line by line."""
    counted = [f"{words.count_of(n, 'line')} {MARKS[mark]}" for mark, (n, _) in reckoning.by_mark.items() if n]
    lead = f"{words.count_of(len(account.lines), 'line')} in {words.count_of(len(account.blocks), 'block')}. "
    with_amount = [line for line in account.lines if line.amount is not None]
    if with_amount:
        lead += f"Their blocks come to {amount(reckoning.total.value)}, in prices of {account.price_year}. "
    else:
        lead += "No line states an amount of money. "
    return Section(
        "plan",
        "The plan, line by line",
        (lead + account.note,),
        tuple(f"{item[:1].upper()}{item[1:]}." for item in counted),
        (_lines_exhibit(account, reckoning, is_drawn),),
    )


def _lines_exhibit(account: Account, reckoning: Reckoning, is_drawn: bool) -> Exhibit:
    n, simulated = reckoning.by_mark["simulated"]
    finding = f"{n} of {words.count_of(len(account.lines), 'line')} simulated"
    if simulated.value:
        finding += f": {amount(simulated.value)} of {amount(reckoning.total.value)}"
    sentence, svg = "There is nothing to add up, so there is no picture.", ""
    if reckoning.total.value:
        sentence = "In the picture each bar begins where the one above it ends."
        if is_drawn:
            figure = draw_steps(plan_steps(account, reckoning))
            svg = picture(figure, "plan", finding, "One bar a line, each beginning where the one above ends.")
    return Exhibit(finding, sentence, svg, lines_table(account))


def plan_steps(account: Account, reckoning: Reckoning) -> list[Step]:
    """From the gap down, line by line, to what is left; upwards from nothing where there is no gap."""
    figure = next((one for one in account.figures if one.name == account.gap), None)
    at = worth_of(figure.value).value if figure else Decimal(0)
    sign = -1 if figure else 1
    steps = [Step(figure.title, 0.0, float(at), "total", amount(at))] if figure else []
    for block in reckoning.blocks:
        bars = [
            (_label(block.block, line), worth_of(line.amount), line.mark) for line in block.block.lines if line.amount
        ]
        missing = block.worth.value - block.parts.value
        rest: list[tuple[str, Worth, str]] = [
            (f"{block.block.title}: stated, in no line", Worth(missing), "in no line")
        ]
        for label, worth, mark in [*bars, *(rest if missing else [])]:
            after = at + sign * worth.value
            steps.append(Step(label, float(at), float(after), mark, gap(sign * worth.value, "GBP m")))
            at = after
    steps.append(Step("What is left" if figure else "All blocks", 0.0, float(at), "total", amount(at)))
    return steps


def _wrong_of(wrong: int, tested: int) -> str:
    """How many of the figures that could be tested do not agree."""
    if not wrong:
        return "it comes to what is stated" if tested == 1 else "all come to what is stated"
    if tested == 1:
        return "it does not come to what is stated"
    return f"{wrong} of them {'does' if wrong == 1 else 'do'} not come to what is stated"


def _label(block: Block, line: Line) -> str:
    """Short enough for a chart: the kind of line tells the lines of a block apart."""
    return block.title if len(block.lines) == 1 else f"{block.title}: {KIND_TITLES[line.kind].lower()}"


def lines_table(account: Account) -> Table:
    """Every line with its kind, amount, year and mark."""
    rows = []
    for block in account.blocks:
        for line in block.lines:
            kinds = " and ".join([KIND_TITLES[line.kind], *(KIND_TITLES[kind].lower() for kind in line.also)])
            by = line.year or (words.day(line.due) if line.due else "")
            shown = "none stated" if line.amount is None else amount(worth_of(line.amount).value)
            rows.append((Cell(block.title, line.title), Cell(kinds), Cell(shown), Cell(by), Cell(line.mark, line.why)))
        if block.total is not None:
            rows.append(
                (
                    Cell(block.title, "total as stated"),
                    Cell(""),
                    Cell(amount(worth_of(block.total).value)),
                    Cell(""),
                    Cell(""),
                )
            )
    head = ("Line", "Kind", "Amount", "By", "Mark")
    return Table(f"Every line of the plan, as it states it ({account.title})", head, tuple(rows))


def kinds_section(account: Account, reckoning: Reckoning) -> Section:
    """Savings by kind."""
    lines_total = sum((worth_of(line.amount).value for line in account.lines if line.amount), Decimal(0))
    rows = []
    for kind, (chiefly, partly) in reckoning.by_kind.items():
        share = f"{float(chiefly.value / lines_total):.0%} of all lines"
        rows.append((Cell(KIND_TITLES[kind]), Cell(amount(chiefly.value), share), Cell(amount(partly.value))))
    demand, with_demand = (worth.value for worth in reckoning.by_kind["demand"])
    finding = f"{amount(demand)} of {amount(lines_total)} is called less demand and nothing else"
    sentence = (
        f"That is {float(demand / lines_total):.0%}. Counting every line in which the plan names some demand, it is at "
        f"most {amount(with_demand)}."
    )
    if not with_demand:
        finding = "No amount is called less demand"
        sentence = "Where the plan speaks of less demand it states no amount."
    table = Table(
        "Savings by kind. A line of several kinds counts once, under its chief one; in the last column, under each",
        ("Kind", "Chiefly", "At least partly"),
        tuple(rows),
    )
    return Section("kinds", "What kind of savings", exhibits=(Exhibit(finding, sentence, "", table),))


def adding_up_section(reckoning: Reckoning) -> Section:
    """Every place where the plan does not add up, and every comparison made."""
    tested = [finding for finding in reckoning.findings if finding.stated is not None]
    wrong = reckoning.inconsistencies
    if not tested and not reckoning.late:
        return Section(
            "adding_up",
            "Does it add up?",
            ("The plan states nothing twice, so nothing in it can be tested; what follows from its figures is shown.",),
            exhibits=(Exhibit("What follows", "Worked out from the plan's figures.", "", findings_table(reckoning)),),
        )
    lead = (
        f"{words.count_of(len(tested), 'stated figure')} could be worked out from others; "
        f"{_wrong_of(len(wrong), len(tested))}. "
        "Nothing has been changed to make them agree."
    )
    points = [said(finding, worked) for finding in wrong for worked in finding.worked]
    points += [
        f"{title}: due on {words.day(date.fromisoformat(due))}, before the plan was approved."
        for title, due in reckoning.late
    ]
    return Section(
        "adding_up",
        "Does it add up?",
        (lead,),
        tuple(points),
        (Exhibit("Every comparison", "What is stated beside what its parts come to.", "", findings_table(reckoning)),),
    )


def findings_table(reckoning: Reckoning) -> Table:
    """Every figure that was worked out, one row for each way."""
    rows = []
    for finding in reckoning.findings:
        for worked in finding.worked:
            rows.append(
                (
                    Cell(finding.title, worked.title),
                    Cell(stated(finding)),
                    Cell(amount(worked.worth.value, finding.unit)),
                    Cell(gap(worked.gap, finding.unit)),
                    Cell(VERDICTS[worked.verdict]),
                )
            )
    rows += [
        (Cell(title, "due"), Cell(words.day(date.fromisoformat(due))), Cell(""), Cell(""), Cell("before approval"))
        for title, due in reckoning.late
    ]
    return Table("Stated and worked out", ("Figure", "Stated", "Worked out", "Difference", "Verdict"), tuple(rows))
