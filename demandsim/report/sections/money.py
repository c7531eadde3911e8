"""What it costs: all scenarios, by agency and year, and cash against capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demandsim.comparison.meta import readable
from demandsim.comparison.paired import Difference
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.accounts import draw_accounts
from demandsim.report.charts.rows import money_rows
from demandsim.report.charts.years import draw_years
from demandsim.report.sections.case import TIER_TITLES, Case, estimates_of, ordered, picture
from demandsim.report.sections.high_need import high_need
from demandsim.report.tables import comparison_table

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate

DOTS = (
    "A dot is the middle of our runs and its line holds nine in ten of them; a filled dot lies on one side of "
    "zero, a hollow dot could be either."
)


def compared(case: Case) -> Section:
    """All scenarios in one table."""
    table = comparison_table(case.results, case.comparison.against)
    named = [(f.title, f.change) for f in table.figures if f.measure.name == "cash" and f.change is not None]
    finding = _cheapest([(title, change) for title, change in named])
    svg = picture(
        money_rows(named),
        "compared",
        finding,
        f"Cash difference of each scenario from {case.against}, with nine in ten runs.",
    )
    questions = [
        (
            f"{case.meta.scenario_title(str(name))}: "
            f"{case.meta.scenarios.get(str(name), {}).get('question') or 'no question was recorded.'}"
        )
        for name in case.results["scenario"].values
    ]
    sentence = f"Total cash of all agencies, as a difference from “{case.against}”. {DOTS}"
    lead = (
        "All scenarios ran on the same households, the same beliefs and the same luck, so "
        f"that only the policy differs. {words.with_runs(case.n_runs).capitalize()} each."
    )
    return Section(
        "compared", "What was compared", (lead,), tuple(questions), (Exhibit(finding, sentence, svg, table.as_block()),)
    )


def cost(case: Case) -> Section:
    """Cost by agency, and year by year."""
    return Section(
        "cost",
        "Cost by agency and year",
        (
            (
                f"Cash only, in {case.attr('price_year')} prices, not discounted. Plus means that more "
                f"is spent than under “{case.against}”, minus that less is."
            ),
            *_discounted(case),
        ),
        exhibits=(_by_agency(case), _by_year(case), *_concentration(case), *high_need(case)),
    )


def _discounted(case: Case) -> tuple[str, ...]:
    """What the whole difference is worth in the first year, as the Treasury has appraisals count it."""
    worth = case.comparison.present_value()
    if worth is None:
        return ()
    rate = next(iter(case.meta.discount_rate.values()))
    return (
        f"Counted as the Treasury counts money that comes later, {rate:.1%} less for each year, the difference is "
        f"{words.difference(worth.mean, words.money)}: nine in ten of {words.with_runs(case.n_runs)} lie "
        f"{words.between(worth.low, worth.high, words.money)}.",
    )


def capacity(case: Case) -> Section:
    """Cash beside the value of activity, never added."""
    kinds_cash, kinds_activity = _by_kind(case, case.comparison.cost), _by_kind(case, case.comparison.activity)
    labels = list(kinds_cash)
    cash, activity = case.comparison.cost.total(), case.comparison.activity.total()
    finding = f"Cash: {words.change(cash, words.money)}; value of activity: {words.change(activity, words.money)}"
    sentence = (
        "Cash is what agencies would really pay or stop paying. The value of activity is staff time and places used or "
        "set free, priced at what a case costs on average. Time set free is not money in the bank until somebody "
        "changes the number of posts, so the two are never added."
    )
    if TIER_TITLES["everyday"] in labels:
        sentence += (
            " Everyday services are repairs, Council Tax, street scene, parking and the like: the work and the "
            "answering of contacts, less what they charge and fine."
        )
    sentence += (
        f" Nine in ten of {words.with_runs(case.n_runs)} lie {words.between(cash.low, cash.high, words.money)} on cash."
    )
    svg = picture(
        draw_accounts(labels, list(kinds_cash.values()), list(kinds_activity.values())),
        "capacity",
        finding,
        "Bars for each kind of help: cash at the left, value of activity at the right, each with nine in ten runs.",
    )
    rows = [
        (Cell(label), change_cell(kinds_cash[label], words.money), change_cell(kinds_activity[label], words.money))
        for label in labels
    ]
    rows.append((Cell("All"), change_cell(cash, words.money), change_cell(activity, words.money)))
    caption = interval_caption(f"Difference from {case.against} over all years, by kind of spending", case.n_runs)
    table = Table(caption, ("Kind of spending", "Cash", "Value of activity (not cash)"), tuple(rows))
    return Section(
        "capacity",
        "Cash against capacity released",
        (_released(case, activity),),
        exhibits=(Exhibit(finding, sentence, svg, table),),
    )


def _released(case: Case, activity: Estimate) -> str:
    span = words.between(activity.low, activity.high, words.money)
    often = words.in_runs(activity.n_below, activity.n_runs)
    if words.direction(activity) == "either":
        return f"The value of activity could go either way: nine in ten of our runs lie {span}; it falls {often}."
    verb = "Capacity is released" if activity.mean < 0 else "More capacity is used"
    return (
        f"{verb}: the value of activity is {words.difference(activity.mean, words.money)} ({span}); it falls {often}."
    )


def _cheapest(named: list[tuple[str, Estimate]]) -> str:
    cheaper = [title for title, change in named if words.direction(change) == "less"]
    dearer = [title for title, change in named if words.direction(change) == "more"]
    unsure = [title for title, change in named if title not in cheaper and title not in dearer]
    parts = []
    for titles, one, many in (
        (cheaper, "costs less", "cost less"),
        (dearer, "costs more", "cost more"),
        (unsure, "could be either", "could be either"),
    ):
        if titles:
            parts.append(
                f"{words.sentence_list([f'“{title}”' for title in titles])} {one if len(titles) == 1 else many}"
            )
    return "; ".join(parts)


def _by_agency(case: Case) -> Exhibit:
    table = case.comparison.pockets()
    table = table[(table["low"] != 0) | (table["high"] != 0) | (table["purse"] == "council")]
    table = table.sort_values("difference", key=abs, ascending=False)
    estimates = estimates_of(table)
    labels = [purse_title(purse) for purse in table["purse"]]
    named = list(zip(labels, estimates, strict=True))
    finding = _agency_finding(list(zip(labels, table["position"], strict=True)))
    svg = picture(
        money_rows(named), "agency", finding, "Cash difference of each agency over all years, with nine in ten runs."
    )
    rows = tuple(
        (
            Cell(label),
            change_cell(e, words.money),
            Cell(words.in_runs(e.n_above, e.n_runs)),
            Cell(words.money(e.standard_error)),
        )
        for label, e in named
    )
    caption = interval_caption("Cash difference by agency over all years", case.n_runs)
    note = "The last column is how far the middle figure itself could be off because we ran only so many times"
    head = ("Agency", "Cash difference", "Pays more", "Error of the middle figure")
    return Exhibit(
        finding, f"{DOTS} {case.comparison.cost.total().note()}", svg, Table(f"{caption} {note}.", head, rows)
    )


def _agency_finding(positions: list[tuple[str, str]]) -> str:
    pays = [label for label, position in positions if position == "pays more"]
    gains = [label for label, position in positions if position == "gains"]
    if not pays and not gains:
        return "For every agency it could be either"
    parts = [f"Pays more: {words.few(pays)}"] if pays else []
    return ". ".join([*parts, f"Pays less: {words.few(gains)}"] if gains else parts)


def _by_year(case: Case) -> Exhibit:
    table = case.comparison.cost.by("purse", "year")
    sizes = (
        table.assign(size=table["difference"].abs())
        .groupby("purse", sort=False)["size"]
        .sum()
        .sort_values(ascending=False)
    )
    purses = [str(purse) for purse in sizes.index if sizes[purse] > 0]
    yearly = {purse: estimates_of(table[table["purse"] == purse]) for purse in purses}
    everyone = estimates_of(case.comparison.cost.by("year"))
    panels = [("All agencies", everyone)] + [(purse_title(p), yearly[p]) for p in ordered(purses, ["council"])[:3]]
    first, last = everyone[0], everyone[-1]
    finding = f"First year: {words.change(first, words.money)}; last year: {words.change(last, words.money)}"
    payback = _turning_year(case.years, everyone)
    ends = [words.between(e.low, e.high, words.money) for e in (first, last)]
    sentence = (
        f"The line is the middle of our runs; the band holds nine in ten of {case.n_runs}. For "
        "all agencies together the "
        f"first year lies {ends[0]}, the last {ends[1]}. {payback}"
    )
    svg = picture(
        draw_years(case.years, panels),
        "years",
        finding,
        "Yearly cash difference: all agencies, then the agencies that change most.",
    )
    rows = [(Cell("All agencies"), *[change_cell(e, words.money) for e in everyone])]
    rows += [(Cell(purse_title(p)), *[change_cell(e, words.money) for e in yearly[p]]) for p in purses]
    caption = interval_caption("Cash difference by agency and year", case.n_runs)
    return Exhibit(finding, sentence, svg, Table(caption, ("Agency", *case.years), tuple(rows), True))


def _turning_year(years: list[str], yearly: list[Estimate]) -> str:
    """When spending falls below, for the middle run and for nine in ten."""
    below = [e.mean < 0 for e in yearly]
    first = next((year for i, year in enumerate(years) if all(below[i:])), None)
    sure = next((year for i, year in enumerate(years) if all(e.high < 0 for e in yearly[i:])), None)
    if first is None:
        return "By the last year it does not cost less in the middle of our runs."
    text = f"In the middle of our runs a year costs less from {first} on"
    return (
        f"{text}, and clearly so from {sure} on."
        if sure
        else f"{text}, but in no year is that clear of doubt to the end."
    )


def _concentration(case: Case) -> tuple[Exhibit, ...]:
    if "concentration" not in case.results:
        return ()
    from demandsim.comparison.measures import succeeded

    shares = succeeded(case.results, "concentration")
    rows, first = [], None
    for share in case.results["share_of_households"].values:
        levels = [
            case.level(shares.sel(share_of_households=share), s)
            for s in (case.comparison.against, case.comparison.scenario)
        ]
        first = first or (float(share), levels[0])
        rows.append(
            (
                Cell(f"Costliest {words.percent(float(share))} of households"),
                *[level_cell(e, words.percent) for e in levels],
            )
        )
    assert first is not None
    finding = (
        f"The costliest {words.percent(first[0])} of households account for "
        f"{words.percent(first[1].mean)} of the cost we can trace to a household"
    )
    caption = interval_caption("Share of the cost that can be traced to a household", case.n_runs)
    return (
        Exhibit(
            finding,
            "High need and high spend are concentrated in few households.",
            "",
            Table(caption, ("Households", case.against, case.title), tuple(rows)),
        ),
    )


def _by_kind(case: Case, difference: Difference) -> dict[str, Estimate]:
    """Differences gathered by kind of spending, run by run."""
    values = difference.values.sum(["payer", "year"], skipna=False)
    kinds = [case.kind(str(category)) for category in values["category"].values]
    present = ordered(kinds, TIER_TITLES.values())
    grouped = {}
    for kind in present:
        chosen = [i for i, this in enumerate(kinds) if this == kind]
        grouped[kind] = Difference(values.isel(category=chosen), difference.unit).total()
    return grouped


def purse_title(purse: str) -> str:
    """A purse as a reader knows it."""
    return "The council" if purse == "council" else readable(purse)
