"""The smallest payments between purses after which none is worse off, or why there are none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from demandsim.comparison.pockets import SURE
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption
from demandsim.report.charts.rows import money_rows
from demandsim.report.sections.alone import cash_words, discounting, title_of, what_share_means
from demandsim.report.sections.case import picture

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.horizons import WrongPockets
    from demandsim.comparison.pockets import Frequency
    from demandsim.comparison.transfers import Transfers

#: What the payments must do, as `demandsim.comparison.transfers` works.
RULE: Final = (
    "Payments between purses are agreed before anyone knows how it turns out and are the same in every run. After "
    "them no purse may be worse off, over all the years counted, in at least 80% of the runs. Among all such "
    "agreements this is the one that moves least money. Who must be made whole receives just that; the others pay in "
    "proportion to what each gains for certain in those runs. Households may be made whole and are never charged."
)


def transfers(wrong: WrongPockets, is_drawn: bool = True) -> Section:
    """Payments that hold jointly, payments that hold purse by purse, and how much they rest on any run."""
    whole = wrong.whole
    found = whole.jointly
    meaning = what_share_means(whole.whole.saves, found.n_needed)
    exhibits = (_payments(wrong, found), _afterwards(wrong, found, is_drawn)) if found.exist else ()
    paragraphs = (RULE, f"Counted over {words.count_of(whole.n_years, 'year')}, {discounting(wrong)}. {meaning}")
    return Section(
        "transfers",
        "Which payments would leave nobody worse off",
        paragraphs,
        (separately_words(wrong), *_steadiness(wrong)),
        exhibits or (_none(wrong, is_drawn),),
    )


def headline(wrong: WrongPockets) -> str:
    """The answer on payments in one line."""
    found = wrong.whole.jointly
    if not found.exist:
        sure = "" if found.is_exact else " that we could find"
        return f"There are no fixed payments{sure} after which nobody is worse off in 80% of runs"
    if not found.payments:
        return "Nobody is worse off in 80% of runs, so no payment is needed"
    return f"{words.money(found.total)} paid over between purses leaves nobody worse off in 80% of runs"


def _payments(wrong: WrongPockets, found: Transfers) -> Exhibit:
    """Who pays whom, and how often that holds."""
    rows = [
        (
            Cell(f"{title_of(one.payer)} → {title_of(one.receiver)}"),
            Cell(words.money(one.gbp)),
            Cell(words.money(one.gbp_a_year)),
        )
        for one in found.payments
    ]
    rows.append((Cell("All"), Cell(words.money(found.total)), Cell(words.money(_a_year(found)))))
    assert found.held is not None
    sentence = (
        f"After them no purse is worse off {words.in_runs(found.held.n_such, found.held.n_runs)}; if we ran very many, "
        f"that would be between {words.percent(found.held.low)} and {words.percent(found.held.high)} of them. "
        f"{_exactness(found)}"
    )
    caption = (
        f"Payments fixed beforehand over {words.count_of(wrong.whole.n_years, 'year')}, as one sum in the first year "
        f"or as an equal amount each year; found from {words.with_runs(found.n_runs)}"
    )
    return Exhibit(headline(wrong), sentence, "", Table(caption, ("From → to", "In all", "Each year"), tuple(rows)))


def _afterwards(wrong: WrongPockets, found: Transfers, is_drawn: bool) -> Exhibit:
    """Each purse before the payments and after them."""
    pairs = _after(wrong, found)
    least = min((found.held_by[name] for name, *_ in pairs), default=found.n_runs)
    finding = f"After the payments each purse is no worse off in at least {least} of {words.with_runs(found.n_runs)}"
    svg = ""
    if is_drawn and pairs:
        named = [row for name, *ends in pairs for row in zip(_titles(name), ends, strict=True)]
        svg = picture(money_rows(named), "transfers", finding, "Cash of each purse before and after the payments.")
    rows = tuple(
        (
            Cell(title_of(name)),
            change_cell(before, words.money),
            change_cell(after, words.money),
            Cell(f"in {found.held_by[name]} of {found.n_runs}"),
        )
        for name, before, after in pairs
    )
    caption = interval_caption(f"{cash_words(wrong).capitalize()} of each purse, before and after", found.n_runs)
    head = ("Purse", "Before", "After", "No worse off after")
    sentence = "In the chart each purse stands twice, before and after. Less than zero is a saving."
    return Exhibit(finding, sentence, svg, Table(caption, head, rows))


def _a_year(found: Transfers) -> float:
    return sum(one.gbp_a_year for one in found.payments)


def _titles(name: str) -> tuple[str, str]:
    return title_of(name), f"{title_of(name)}, after"


def _after(wrong: WrongPockets, found: Transfers) -> list[tuple[str, Estimate, Estimate]]:
    """Each purse that anything changes for, before the payments and after."""
    pairs = []
    for one in wrong.whole.alone[:-1]:
        if one.is_touched:
            ends = {end: getattr(one.worth, end) - found.receives[one.purse] for end in ("mean", "low", "high")}
            pairs.append((one.purse, one.worth, replace(one.worth, **ends)))
    return pairs


def _exactness(found: Transfers) -> str:
    if found.is_exact:
        return "No agreement moves less: this is proved for these runs."
    return (
        f"The search was cut short: the smallest agreement lies between {words.money(found.proved)} and "
        f"{words.money(found.total)}."
    )


def _none(wrong: WrongPockets, is_drawn: bool) -> Exhibit:
    """Why there are none, and what is missing."""
    whole, found = wrong.whole, wrong.whole.jointly
    n_lost, n_runs = whole.whole.worth.n_above, found.n_runs
    reasons = {
        "whole loses": (
            f"All purses together lose {words.in_runs(n_lost, n_runs)}, so there is nothing to share out; "
            f"payments among them cannot mend that. The whole misses breaking even in 80% of runs by "
            f"{words.money(wrong.falls_short_by())}."
        ),
        "gain cannot be paid over": (
            "All purses together gain often enough, but too much of it stays with households, who cannot be charged."
        ),
        "who loses changes": (
            "All purses together gain often enough, but who loses, and how much, changes so much from run to run that "
            "payments fixed beforehand cannot cover it."
        ),
    }
    missing = f"Somebody from outside would have to add {words.money(found.missing)} for fixed payments to hold."
    if not found.is_exact:
        missing += " That is the least found, not proved to be the least there is."
    sentence = f"{reasons[whole.why_none]} {missing} {_longer(wrong)}"
    rows = tuple(
        (
            Cell(title_of(one.purse)),
            change_cell(one.worth, words.money),
            Cell(words.in_runs(one.worth.n_above, one.worth.n_runs)),
        )
        for one in whole.alone
        if one.is_touched
    )
    said = cash_words(wrong).capitalize()
    caption = f"{said} of each purse; nine in ten of {words.with_runs(n_runs)} lie between the smaller figures"
    svg = ""
    if is_drawn:
        figure = money_rows([(title_of(one.purse), one.worth) for one in whole.alone if one.is_touched])
        svg = picture(figure, "transfers", headline(wrong), "Cash of each purse, with nine in ten runs.")
    return Exhibit(headline(wrong), sentence, svg, Table(caption, ("Purse", said, "It loses"), rows))


def _longer(wrong: WrongPockets) -> str:
    """Whether more years would do, if they were like the last."""
    years = wrong.years_to_go()
    if years == 0:
        return ""
    lead = "If every later year were like the last one simulated, which nobody knows, all together would break even "
    if years is None:
        return lead.replace("would break even ", "would not break even in 80% of runs within 60 years.")
    return f"{lead}in 80% of runs after {words.count_of(years, 'more year')}."


def separately_words(wrong: WrongPockets) -> str:
    """The easier question, each purse in its own 80% of runs."""
    found = wrong.whole.separately
    lead = "If each purse need only be no worse off in its own 80% of runs, whichever those are,"
    if not found.exist:
        return f"{lead} there are none either: {words.money(found.missing)} is missing."
    if not found.payments:
        return f"{lead} no payment is needed."
    assert found.held is not None
    return (
        f"{lead} {words.money(found.total)} would do ({words.money(_a_year(found))} a year); no purse at all is worse "
        f"off {words.in_runs(found.held.n_such, found.held.n_runs)}."
    )


def _steadiness(wrong: WrongPockets) -> tuple[str, ...]:
    """How much the payments rest on any part of the runs."""
    steady = wrong.steadiness
    if steady is None:
        return ("There are too few independent runs to see how much this rests on any one of them.",)
    lead = f"Worked out again without one part of the runs, {steady.n_tried} times:"
    if steady.n_exist == 0:
        return (f"{lead} there were no such payments in any.",)
    ends = dict.fromkeys((words.money(steady.low), words.money(steady.high)))
    span = " to ".join(ends)
    exist = f"{lead} such payments exist in {steady.n_exist}, and come to {span}."
    assert steady.held is not None
    return (exist, _unseen(steady.held))


def _unseen(held: Frequency) -> str:
    """How often payments hold in runs on which they were not chosen."""
    verdict = "which is as often as asked" if held.is_at_least(SURE) else "which is less often than the 80% asked"
    return (
        "Payments hold best in the runs on which they were chosen. Tried each time on the part left out, no purse was "
        f"worse off {words.in_runs(held.n_such, held.n_runs)}, {verdict}; if we ran very many, it would be between "
        f"{words.percent(held.low)} and {words.percent(held.high)} of them."
    )
