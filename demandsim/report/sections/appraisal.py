"""What a policy is worth: public money by agency, then economic and social value beside it, each apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demandsim.comparison.paired import compare
from demandsim.comparison.pockets import TOGETHER
from demandsim.comparison.value import Appraisal, PriceOfLife
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption
from demandsim.report.charts.rows import Row, draw_rows, largest_of, money_scale
from demandsim.report.sections.alone import frequency_cell, year_words
from demandsim.report.sections.case import picture
from demandsim.report.sections.money import purse_title

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.worth import Account, Ratio

#: Which way figures go here; other pages show differences in spending, where less is a saving.
SIGN: Final = "On this page plus is a gain and minus a loss: the opposite of pages that show differences in spending."
#: All public agencies as one row.
ALL_PUBLIC: Final = "All public agencies"
#: A ratio to a cost that is there in fewer of the runs than this would say more about luck than about the policy.
CLEAR: Final = 0.9
_PRICE_WORDS: Final = {"low": "lowest price", "middle": "middle price", "high": "highest price"}


def headline(appraisal: Appraisal) -> str:
    """The answer in one line."""
    total = appraisal.fiscal[-1].net
    size = words.money(total.mean)
    said = {
        "more": f"Public agencies together gain {size}",
        "less": f"Public agencies together lose {size}",
        "either": "Public agencies together could gain or lose",
        "same": "Nothing changes for public agencies",
        "too few": f"Too few runs to tell what it is worth: {words.with_runs(total.n_runs)}",
    }[words.direction(total)]
    return said if words.direction(total) in ("same", "too few") else f"{said}; {_life_words(appraisal)}"


def _life_words(appraisal: Appraisal) -> str:
    life = appraisal.life["middle"].net
    way = words.direction(life)
    if way in ("either", "same"):
        return "quality of life could go either way" if way == "either" else "quality of life does not change"
    if way == "less":
        return "quality of life is lost"
    if words.direction(appraisal.resources.net) == "either":
        return "quality of life is gained, and public resources could be spent or saved"
    price = appraisal.price_of_life
    if price.middle is None or price.is_saving:
        return "quality of life is gained, and public resources are saved"
    return f"each year of life in full health gained takes {words.money(price.middle)} of public resources"


def fiscal(appraisal: Appraisal, is_drawn: bool = True) -> Section:
    """Net present value, benefit-cost ratio and payback, agency by agency and together."""
    accounts = [one for one in appraisal.fiscal if one.is_touched] or [appraisal.fiscal[-1]]
    total = appraisal.fiscal[-1]
    finding = f"Public agencies together: {words.signed(total.net.mean, words.money)}"
    svg = _chart([(agency_title(one), one.net) for one in accounts], "fiscal", finding) if is_drawn else ""
    years = [str(year) for year in appraisal.comparison.results["year"].values]
    n_runs = appraisal.comparison.n_runs
    rows = tuple(
        (
            Cell(agency_title(one)),
            amount_cell(one.cost),
            amount_cell(one.gain),
            change_cell(one.net, words.money),
            frequency_cell(one.worthwhile),
            ratio_cell(one.ratio),
            Cell(year_words(one.payback.middle, years), f"ever: {words.in_runs(one.payback.ever.n_such, n_runs)}"),
        )
        for one in accounts
    )
    caption = interval_caption(
        "Present value of what each agency spends more on, of what it spends less on, and of what is left", n_runs
    )
    head = ("Agency", "Costs", "Gains", "Net present value", "Runs it gains", "Benefit–cost ratio", "Repaid by")
    sentence = (
        "A kind of spending (early help, crisis response, benefits and the like) counts as a cost where more is spent "
        "on it in the middle of our runs, and else as a gain. The ratio is what is gained for each pound laid out; "
        "there is none where an agency lays nothing out, or does so in fewer than nine in ten runs. Repaid by: the "
        "year by which half of the runs are out of debt for good. "
        f"Nine in ten of {words.with_runs(n_runs)} for all agencies lie {_span(total.net)}."
    )
    lead = (
        "Money of public agencies, transfers such as benefits and taxes included, because they are in a budget. "
        f"{discount_words(appraisal)} {SIGN}"
    )
    exhibit = Exhibit(finding, sentence, svg, Table(caption, head, rows))
    return Section("fiscal", "Public money, agency by agency", (lead,), exhibits=(exhibit,))


def kinds(appraisal: Appraisal, is_drawn: bool = True) -> Section:
    """Fiscal, economic and social value side by side, never added."""
    shown = _value_rows(appraisal)
    finding = (
        f"Fiscal {words.signed(appraisal.fiscal[-1].net.mean, words.money)}, "
        f"economic {words.signed(appraisal.output['middle'].net.mean, words.money)} in output, "
        f"social {words.signed(appraisal.life['middle'].net.mean, words.money)} in quality of life"
    )
    svg = _chart([(label, one.net) for label, _, one in shown], "kinds", finding) if is_drawn else ""
    rows = tuple(
        (
            Cell(label, beneath),
            change_cell(one.net, words.money),
            frequency_cell(one.worthwhile),
            Cell("–") if one.kind == "fiscal" else ratio_cell(appraisal.per_pound(one)),
        )
        for label, beneath, one in shown
    )
    n_runs = appraisal.comparison.n_runs
    caption = interval_caption("Present value of each kind", n_runs)
    head = ("What is valued", "Net present value", "Runs it gains", "For each £1 of public resources")
    lead = (
        "Three kinds of value, side by side and never added: pounds in a budget, pounds in the economy and years of "
        "life are not the same pounds. A benefit not paid is a saving to the Treasury and a loss to whoever lived on "
        "it, so transfers are value to nobody: benefits, taxes, charges and fines are in the first row and left out of "
        "the third."
    )
    sentence = (
        "Output and years of life are each shown at three prices. Which price is right is a choice and not chance, so "
        "it is not in the ranges. The last column is the value for each pound of public resources (transfers left "
        "out) that is spent on balance."
    )
    exhibit = Exhibit(finding, sentence, svg, Table(caption, head, rows))
    return Section("kinds", "Fiscal, economic and social value, each apart", (lead,), exhibits=(exhibit,))


def life(appraisal: Appraisal) -> Section:
    """What a year of life costs, and whether it is worth that."""
    price = appraisal.price_of_life
    stated = appraisal.meta.appraisal["qaly_value"]
    n_runs = appraisal.comparison.n_runs
    finding = _price_words(appraisal)
    rows = tuple(
        (Cell(f"{words.money(stated[at])} a year", _PRICE_WORDS[at]), frequency_cell(found))
        for at, found in price.worthwhile.items()
    )
    caption = f"Runs in which the quality of life gained is worth at least the public resources spent, of {n_runs}"
    table = Table(caption, ("If a year of life in full health is worth", "It is worth it in"), rows)
    sentence = (
        f"Quality of life is gained {words.in_runs(price.gains.n_such, n_runs)} and public resources are spent on "
        f"balance {words.in_runs(price.spends.n_such, n_runs)}. This is a switching value: whoever holds a year of "
        "life to be worth more than it takes should go ahead on this ground alone. How much quality of life each state "
        "of need costs is assumed."
    )
    return Section(
        "life", "What a year of life would have to be worth", exhibits=(Exhibit(finding, sentence, "", table),)
    )


def alternatives(appraisal: Appraisal, is_drawn: bool = True) -> Section:
    """Every other scenario of the same results, appraised against the same one."""
    comparison = appraisal.comparison
    names = [str(name) for name in comparison.results["scenario"].values if str(name) != comparison.against]
    rows, named = [], []
    for name in names:
        own = (
            appraisal
            if name == comparison.scenario
            else Appraisal(compare(comparison.results, name, comparison.against))
        )
        named.append((own.meta.scenario_title(name), own.fiscal[-1].net))
        rows.append(
            (
                Cell(own.meta.scenario_title(name), "this page" if name == comparison.scenario else ""),
                change_cell(own.fiscal[-1].net, words.money),
                change_cell(own.resources.net, words.money),
                change_cell(own.life["middle"].net, words.money),
                _price_cell(own.price_of_life),
            )
        )
    against = appraisal.meta.scenario_title(comparison.against)
    finding = f"{words.count_of(len(names), 'way')} of spending, each set against “{against}”"
    caption = interval_caption("Present value of each scenario of this study", comparison.n_runs)
    head = (
        "Scenario",
        "Public money",
        "Public resources",
        "Quality of life, middle price",
        "Resources for a year of life",
    )
    sentence = (
        f"“{against}” is doing the least. Where “{appraisal.meta.scenario_title('same_money')}” is among them, it "
        "spends the same on more of today's services: a policy that gains less than it has nothing of its own to show."
        if "same_money" in names
        else f"“{against}” is doing the least. The same money spent on more of today's services is not in this study."
    )
    svg = _chart(named, "alternatives", finding) if is_drawn else ""
    exhibit = Exhibit(finding, sentence, svg, Table(caption, head, tuple(rows)))
    return Section("alternatives", "Beside the other ways", exhibits=(exhibit,))


def _price_cell(price: PriceOfLife) -> Cell:
    """What a year takes, or what is saved for each year lost."""
    if price.middle is None:
        return Cell("–")
    return Cell(words.money(price.middle), "saved for each lost" if price.is_saving else "taken for each gained")


def _price_words(appraisal: Appraisal) -> str:
    price = appraisal.price_of_life
    if price.middle is not None and price.is_saving:
        return (
            f"In the middle of our runs {words.money(price.middle)} is saved for each year of life in full health lost"
        )
    if price.middle is not None:
        return f"In the middle of our runs each year of life in full health takes {words.money(price.middle)}"
    if price.years > 0.0:
        return "Years of life are gained and public resources saved, so no price is needed"
    return "No quality of life is gained in the middle of our runs, so no price makes it worth while"


def _value_rows(appraisal: Appraisal) -> list[tuple[str, str, Account]]:
    """What is shown: its name, what stands beneath, and the account."""
    prices = appraisal.meta.appraisal
    rows = [
        ("Fiscal: public money", "transfers included", appraisal.fiscal[-1]),
        ("of which transfers", "benefits, taxes, charges, fines", appraisal.transfers),
        ("of which resources", "staff, places, homes: what society gives up", appraisal.resources),
        ("Economic: costs of others", "households, landlords, voluntary bodies", appraisal.others),
    ]
    rows += [
        (f"Economic: output, {_PRICE_WORDS[at]}", f"{_exact(prices['output_value'][at])} a month not out of work", one)
        for at, one in appraisal.output.items()
    ]
    rows += [
        (f"Social: quality of life, {_PRICE_WORDS[at]}", f"{words.money(prices['qaly_value'][at])} a year", one)
        for at, one in appraisal.life.items()
    ]
    return rows


def agency_title(account: Account) -> str:
    """An agency as a reader knows it, or all of them."""
    return ALL_PUBLIC if account.name == TOGETHER else purse_title(account.name)


def ratio_cell(ratio: Ratio) -> Cell:
    """Gain for each pound, with nine in ten of the runs that have a cost beneath."""
    if ratio.middle is None or ratio.low is None or ratio.high is None:
        return Cell("nothing spent")
    if ratio.n_priced < CLEAR * ratio.n_runs:
        return Cell("no clear outlay", f"in {ratio.n_priced} of {ratio.n_runs} runs")
    return Cell(_pounds(ratio.middle), f"{_pounds(ratio.low)} to {_pounds(ratio.high)}")


def discount_words(appraisal: Appraisal) -> str:
    """How later years were counted."""
    money, health = (
        next(iter(rates.values()))
        for rates in (appraisal.meta.discount_rate, appraisal.meta.appraisal["health_discount_rate"])
    )
    return f"Later money counts {money:.1%} a year less and later quality of life {health:.1%}, as the Treasury asks."


def _pounds(ratio: float) -> str:
    pence = round(abs(ratio), 2)
    return f"{words.MINUS if ratio < 0 and pence else ''}£{pence:,.2f}"


def _exact(gbp: float) -> str:
    return f"£{gbp:,.0f}"


def amount_cell(estimate: Estimate) -> Cell:
    """An amount without a sign where it cannot be below zero; a dash for nothing at all."""
    if estimate.mean == estimate.low == estimate.high == 0.0:
        return Cell("–")
    if estimate.low < 0.0:
        return change_cell(estimate, words.money)
    return Cell(words.money(estimate.mean), words.level_range(estimate.low, estimate.high, words.money))


def _span(net: Estimate) -> str:
    return f"between {words.signed(net.low, words.money)} and {words.signed(net.high, words.money)}"


def _chart(named: list[tuple[str, Estimate]], name: str, finding: str) -> str:
    scale, unit = money_scale(largest_of([estimate for _, estimate in named]))
    rows = [Row(label, e, words.signed(e.mean, words.money), scale) for label, e in named]
    figure = draw_rows(rows, f"{unit}: more than zero is a gain")
    return picture(figure, name, finding, "Net present values as dots, with lines for nine in ten runs.")
