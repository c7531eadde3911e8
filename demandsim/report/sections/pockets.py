"""Who pays and who gains, and by which road."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption
from demandsim.report.charts.flow import draw_flow
from demandsim.report.charts.rows import money_rows
from demandsim.report.sections.case import TIER_TITLES, Case, estimates_of, ordered, picture
from demandsim.report.sections.matrix import matrix_exhibit
from demandsim.report.sections.money import purse_title
from demandsim.report.sections.transfers import headline

if TYPE_CHECKING:
    import pandas as pd

CAUSE_TITLES = {
    "direct": "Direct: a decision that the policy changed",
    "queue": "Queue: somebody else was helped sooner or later",
    "budget": "Budget: an agency changed what it could afford",
    "posts": "Posts: more or fewer people employed",
}


def pockets(case: Case) -> Section:
    """The flow of money: on what, between whom, and whether payments could make it good."""
    flows = _purse_by_kind(case)
    positions = case.comparison.pockets().set_index("purse")
    pays = [purse_title(p) for p in positions.index if positions.loc[p, "position"] == "pays more"]
    gains = [purse_title(p) for p in positions.index if positions.loc[p, "position"] == "gains"]
    svg = picture(
        draw_flow(flows),
        "flow",
        _finding(pays, gains),
        (
            "Ribbons of money: at the left who spends more and on what, at the right what less is "
            "spent on and whose money that was."
        ),
    )
    sentence = (
        "Each ribbon is as thick as the money it stands for, in the middle of our runs, over all years. "
        "The same agency can stand on both sides: it may pay for one thing and save on another. "
        "The table has what is left for each, with its interval."
    )
    table = _pocket_table(case)
    wrong = case.comparison.wrong_pockets()
    payments = (
        f"{headline(wrong)} (demandsim pockets DIR says who pays whom, who would act alone, and from when; "
        "demandsim appraise DIR what it is all worth, by the Treasury's rules)."
    )
    return Section(
        "pockets",
        "Who pays and who gains",
        (_wrong_pockets(pays, gains), payments),
        exhibits=(Exhibit(_finding(pays, gains), sentence, svg, table), matrix_exhibit(wrong)),
    )


def causes(case: Case) -> Section:
    """Direct, queue and budget effects."""
    heading = "Direct, queue and budget effects"
    table = case.comparison.causes()
    if table is None:
        text = (
            "Lives are traced apart from the first scenario only, so there is nothing to show "
            f"against “{case.against}”."
        )
        return Section("causes", heading, (text,))
    money = table[table["measure"] == "gbp"]
    estimates = estimates_of(money)
    labels = [CAUSE_TITLES.get(str(cause), str(cause)) for cause in money["cause"]]
    largest = max(zip(labels, estimates, strict=True), key=lambda pair: abs(pair[1].mean))
    kind = largest[0].split(":")[0].lower()
    finding = f"The {kind} effect moves the most money: {words.difference(largest[1].mean, words.money)}"
    if largest[1].includes_zero:
        finding = "None of the four roads clearly moves the most money"
    svg = picture(
        money_rows(list(zip(labels, estimates, strict=True))),
        "causes",
        finding,
        "Money moved by each road, with nine in ten runs.",
    )
    sentence = (
        "A policy can reach a household directly, or only because a place in a queue or an agency's budget changed. "
        "The four rows make up the whole difference between them. The largest lies "
        f"{words.between(largest[1].low, largest[1].high, words.money)} "
        f"in nine in ten of {words.with_runs(case.n_runs)}."
    )
    return Section("causes", heading, exhibits=(Exhibit(finding, sentence, svg, _cause_table(case, table)),))


def _cause_table(case: Case, table: pd.DataFrame) -> Table:
    rows = []
    for cause in dict.fromkeys(table["cause"]):
        cells = []
        for measure in ("gbp", "households", "months_waited"):
            part = table[(table["cause"] == cause) & (table["measure"] == measure)]
            form = words.money if measure == "gbp" else words.whole
            cells.append(change_cell(estimates_of(part)[0], form) if len(part) else Cell("not counted"))
        rows.append((Cell(CAUSE_TITLES.get(str(cause), str(cause))), *cells))
    caption = interval_caption("Why lives differ between the two, by the first event at which they part", case.n_runs)
    return Table(caption, ("Road", "Money", "Households", "Months waited"), tuple(rows))


def _purse_by_kind(case: Case) -> pd.DataFrame:
    """Mean cash difference by purse and kind of spending."""
    table = case.comparison.cost.by("purse", "category")
    table = table.assign(
        kind=[case.kind(str(c)) for c in table["category"]], who=[purse_title(p) for p in table["purse"]]
    )
    wide = table.pivot_table(index="who", columns="kind", values="difference", aggfunc="sum", sort=False)
    return wide[ordered(wide.columns, TIER_TITLES.values())]


def _pocket_table(case: Case) -> Table:
    table = case.comparison.pockets()
    cash, activity = estimates_of(table), estimates_of(_activity_as_difference(table))
    words_of = {
        "pays more": "pays more",
        "gains": "pays less",
        "could be either": "could be either",
        "unchanged": "no difference",
    }
    rows = [
        (
            Cell(purse_title(purse)),
            Cell(words_of[position]),
            change_cell(c, words.money),
            change_cell(a, words.money),
            Cell(str(c.n_runs)),
        )
        for purse, position, c, a in zip(table["purse"], table["position"], cash, activity, strict=True)
        if not (c.low == c.high == 0 and a.low == a.high == 0)
    ]
    caption = interval_caption(
        "Each purse: its cash, and beside it the value of its activity, never added", case.n_runs
    )
    return Table(caption, ("Purse", "Position on cash", "Cash", "Value of activity (not cash)", "Runs"), tuple(rows))


def _activity_as_difference(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(difference=table["activity_value"], low=table["activity_low"], high=table["activity_high"])


def _finding(pays: list[str], gains: list[str]) -> str:
    if not pays and not gains:
        return "Nobody clearly pays more and nobody clearly gains"
    paying = f"Pays: {words.few(pays)}" if pays else "Nobody clearly pays more"
    gaining = f"Gains: {words.few(gains)}" if gains else "Nobody clearly gains"
    return f"{paying}. {gaining}"


def _wrong_pockets(pays: list[str], gains: list[str]) -> str:
    if pays and gains:
        return (
            "Those who pay are not those who gain. Without an agreement between them, the ones "
            "who pay have no reason of their own to go on."
        )
    if gains:
        return "No purse is clearly worse off, so nobody has a money reason of their own to refuse."
    if pays:
        return "No purse clearly gains, so there is nothing from which those who pay could be paid back."
    return "No purse is clearly better or worse off, so these runs do not show whether anybody would need paying back."
