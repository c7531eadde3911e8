"""Would each purse act if it looked at itself only, when has it its money back, and what do more years change?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from demandsim.comparison.estimate import summarise
from demandsim.comparison.pockets import SURE, TOGETHER, Alone, BreakEven, Frequency
from demandsim.comparison.transfers import NEVER_PAY
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption
from demandsim.report.charts.rows import money_rows
from demandsim.report.charts.shares import draw_shares
from demandsim.report.charts.years import draw_years
from demandsim.report.sections.case import picture
from demandsim.report.sections.money import purse_title

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.horizons import Horizon, WrongPockets

#: What is said of a verdict, and what stands beneath.
_VERDICTS: Final = {
    "yes": ("yes", "could pay for all in 80% of runs or more"),
    "if others pay": ("only if others pay", "saves in 80% of runs or more"),
    "perhaps": ("perhaps, if others pay", "saves in 50% of runs or more"),
    "no": ("no", "saves in under 50% of runs"),
    "not touched": ("not touched", ""),
}


def title_of(purse: str) -> str:
    """A purse as a reader knows it, all together included."""
    return "All purses together" if purse == TOGETHER else purse_title(purse)


def frequency_cell(found: Frequency) -> Cell:
    """A share of the runs, with what very many runs could make of it beneath."""
    beneath = f"{words.percent(found.low)} to {words.percent(found.high)}"
    return Cell(f"{found.n_such} of {found.n_runs} ({words.percent(found.share)})", beneath)


def what_share_means(found: Frequency, n_needed: int) -> str:
    """What 80% means with so many runs."""
    runs = words.with_runs(found.n_runs)
    every = ", that is every one of them" if n_needed == found.n_runs else ""
    text = f"With {runs}, 80% means {n_needed} of them{every}."
    if found.n_runs < 20:
        text += " That is few: one run more or less can turn a yes into a no."
    return (
        f"{text} Beneath each share stands what it could be if we ran very many more (nine in ten; runs that "
        "share beliefs are counted as one)."
    )


def alone(wrong: WrongPockets, is_drawn: bool = True) -> Section:
    """Who would act alone, and who breaks even when."""
    whole = wrong.whole
    lead = (
        f"Each purse is looked at as if nobody else mattered: its own cash over {_years(whole.n_years)}, "
        f"{discounting(wrong)}. It would go along with whoever pays if that is a saving. It would act alone only if it "
        "would still save after making good what all others lose."
    )
    meaning = what_share_means(whole.whole.saves, whole.jointly.n_needed)
    exhibits = (_alone(wrong, whole, is_drawn), _break_even(wrong, whole, is_drawn))
    return Section("alone", "Who would act alone, and from when", (lead, meaning), exhibits=exhibits)


def discounting(wrong: WrongPockets) -> str:
    """How money that comes later was counted."""
    rates = wrong.comparison.meta.discount_rate
    if not rates:
        return "not discounted, as the results carry no rate"
    return f"later years counted {next(iter(rates.values())):.1%} a year less, as the Treasury does"


def cash_words(wrong: WrongPockets) -> str:
    """What sums over years are called."""
    return "discounted cash" if wrong.comparison.meta.discount_rate else "cash"


def _touched(horizon: Horizon) -> list[Alone]:
    return [one for one in horizon.alone if one.is_touched or one.purse == TOGETHER]


def _alone(wrong: WrongPockets, whole: Horizon, is_drawn: bool) -> Exhibit:
    shown = _touched(whole)
    actors = [one for one in shown if one.purse not in (TOGETHER, *NEVER_PAY)]
    by_verdict = {
        verdict: [title_of(one.purse) for one in actors if one.verdict == verdict]
        for verdict in ("yes", "if others pay", "no")
    }
    parts = [] if by_verdict["yes"] else ["Nobody would act alone"]
    for verdict, said in (
        ("yes", "Would act alone"),
        ("if others pay", "Would go along if others pay"),
        ("no", "Would not go along"),
    ):
        if by_verdict[verdict]:
            parts.append(f"{said}: {words.few(by_verdict[verdict])}")
    finding = ". ".join(parts)
    svg = ""
    if is_drawn:
        figure = money_rows([(title_of(one.purse), one.worth) for one in shown])
        svg = picture(figure, "alone", finding, "Cash difference of each purse over all years, with nine in ten runs.")
    rows = tuple(
        (
            Cell(title_of(one.purse)),
            _verdict_cell(one),
            frequency_cell(one.saves),
            frequency_cell(one.pays_all) if one.purse not in (TOGETHER, *NEVER_PAY) else Cell("–"),
            change_cell(one.worth, words.money),
        )
        for one in shown
    )
    caption = interval_caption(f"Each purse by itself over {_years(whole.n_years)}", wrong.comparison.n_runs)
    head = ("Purse", "Would it act alone?", "Runs in which it saves", "Could pay for all", _upper(cash_words(wrong)))
    sentence = (
        "Less than zero is a saving. “Could pay for all” counts runs in which a purse's own saving is at least what "
        "all losers lose together. A purse that nothing changes for is left out."
    )
    return Exhibit(finding, sentence, svg, Table(caption, head, rows))


def _verdict_cell(one: Alone) -> Cell:
    """Whether a purse would act; of all together, whether they should."""
    said, beneath = _VERDICTS[one.verdict]
    if one.purse == TOGETHER:
        return Cell(said.partition(",")[0], "as if one purse")
    return Cell(said, "but it is no agency" if one.purse in NEVER_PAY else beneath)


def _break_even(wrong: WrongPockets, whole: Horizon, is_drawn: bool) -> Exhibit:
    together = whole.whole.breaks_even
    years = wrong.purses.years
    finding = f"All together break even {words.in_runs(together.ever.n_such, together.ever.n_runs)}"
    shown = _touched(whole)
    svg = ""
    if is_drawn:
        sums = _cumulative(wrong)
        panels = [(title_of(name), sums[name]) for name in _panel_names(shown)]
        figure = draw_years(years, panels, "so far")
        svg = picture(figure, "break-even", finding, "Cumulative cash: below zero the money is back.")
    rows = tuple((Cell(title_of(one.purse)), *_break_even_cells(one.breaks_even, years)) for one in shown)
    caption = (
        f"The year from which cumulative {cash_words(wrong)} is at zero or below and stays there, over "
        f"{words.with_runs(wrong.comparison.n_runs)}. Runs by year leaves out years in which none breaks even."
    )
    head = (
        "Purse",
        "Ever, within these years",
        "Half of the runs by",
        "One in twenty by, to nineteen in twenty by",
        "Runs by year",
    )
    sentence = (
        "What is spent first may come back later. “Never” means not within the years simulated, which is not the "
        "same as not at all."
    )
    return Exhibit(finding, sentence, svg, Table(caption, head, rows))


def _break_even_cells(found: BreakEven, years: list[str]) -> tuple[Cell, ...]:
    spread = [f"{years[at]}: {n}" for at, n in enumerate(found.in_year) if n]
    never = found.ever.n_runs - found.ever.n_such
    spread += [f"never: {never}"] if never else []
    ends = year_words(found.early, years)
    if found.late != found.early:
        ends = f"{ends} to {year_words(found.late, years)}"
    middle = year_words(found.middle, years)
    return frequency_cell(found.ever), Cell(middle), Cell(ends), Cell("; ".join(spread))


def year_words(year: int | None, years: list[str]) -> str:
    """`year 3 (2018/19)`, or never."""
    return "never" if year is None else f"year {year + 1} ({years[year]})"


def _panel_names(shown: list[Alone]) -> list[str]:
    """All together, then the three purses whose money changes most."""
    purses = sorted((one for one in shown if one.purse != TOGETHER), key=lambda one: -abs(one.worth.mean))
    return [TOGETHER, *(one.purse for one in purses[:3])]


def _cumulative(wrong: WrongPockets) -> dict[str, list[Estimate]]:
    """Cumulative discounted cash by purse and year; runs side by side, since only the spread is drawn."""
    sums = wrong.purses.flows.cumsum(axis=1)
    rows = [*sums, sums.sum(axis=0)]
    return {
        name: summarise(row[:, :, None], "GBP") for name, row in zip([*wrong.purses.names, TOGETHER], rows, strict=True)
    }


def horizons(wrong: WrongPockets, is_drawn: bool = True) -> Section:
    """What 5, 10 and 15 years change, as far as the results reach."""
    points = [_missing(years, str(wrong.comparison.results.attrs.get("command", ""))) for years in wrong.missing]
    lead = "An agency that must balance its books in five years sees another picture than one that looks fifteen ahead."
    exhibit = _by_horizon(wrong, is_drawn)
    return Section("horizons", "What more years change", (lead,), tuple(points), (exhibit,))


def _by_horizon(wrong: WrongPockets, is_drawn: bool) -> Exhibit:
    first, last = wrong.horizons[0], wrong.horizons[-1]
    said = [f"after {_years(h.n_years)} {_saves(h)}" for h in (first, last)]
    finding = "All together save " + (f"{said[0]}, and {said[1]}" if len(wrong.horizons) > 1 else said[0])
    svg = ""
    if is_drawn:
        by_years = [wrong.no_worse(years) for years in range(1, len(wrong.purses.years) + 1)]
        names = _panel_names(_touched(wrong.whole))
        panels = [(title_of(name), [found[name] for found in by_years]) for name in names]
        figure = draw_shares(wrong.purses.years, panels, SURE)
        svg = picture(figure, "horizons", finding, "Share of runs in which a purse is no worse off, by years counted.")
    rows = []
    for at, one in enumerate(wrong.whole.alone):
        if one.is_touched or one.purse == TOGETHER:
            found = [frequency_cell(h.alone[at].saves) for h in wrong.horizons]
            rows.append((Cell(title_of(one.purse), "runs in which it saves"), *found))
    rows.append((Cell("Smallest payments that hold in 80% of runs"), *[_payments_cell(h) for h in wrong.horizons]))
    head = ("If we look at", *[_years(h.n_years) for h in wrong.horizons])
    caption = f"The same {words.with_runs(wrong.comparison.n_runs)}, cut off after so many years"
    sentence = (
        "The line is the share of runs in which the purse is no worse off if we stop counting after that year; the "
        "band is what very many runs could make of it; the dashed line is 80%."
    )
    return Exhibit(finding, sentence, svg, Table(caption, head, tuple(rows)))


def _saves(horizon: Horizon) -> str:
    return words.in_runs(horizon.whole.saves.n_such, horizon.whole.saves.n_runs)


def _payments_cell(horizon: Horizon) -> Cell:
    found = horizon.jointly
    if found.exist:
        return Cell(words.money(found.total) if found.payments else "none needed")
    return Cell("there are none", f"{words.money(found.missing)} missing")


def _missing(years: int, command: str) -> str:
    """How to see a horizon that the results are too short for."""
    lead = f"{years} years are not in these results."
    longer = re.sub(r"--years \d+", f"--years {years}", command)
    if longer == command and command.startswith("demandsim run"):
        longer = f"{command.removesuffix(' --out DIR')} --years {years} --out DIR"
    if not longer.startswith("demandsim run"):
        return f"{lead} Run the study again with {years} years."
    return f"{lead} Run: {longer}, then: demandsim pockets DIR."


def _years(n: int) -> str:
    return words.count_of(n, "year")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
