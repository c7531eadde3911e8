"""Tables and charts about everyday contact: one part of the page for each question.

Takes figures by scenario and stream; gives sections. Never works out a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from demandsim.comparison.failure_demand import ALL_STREAMS, ANSWERING, BUDGET, LOST, WASTE, Quantity, StreamFigure
from demandsim.comparison.meta import read_meta
from demandsim.labels import AGE_BANDS
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.rows import Row, draw_rows, largest_of, money_scale
from demandsim.report.sections.case import picture

if TYPE_CHECKING:
    import xarray as xr

_AGES: Final = dict(
    zip(AGE_BANDS, ("under 25", "25 to 44", "45 to 64", "65 to 74", "75 to 84", "85 and over"), strict=True)
)
_OFFLINE: Final = "contacts.digitally_excluded"


@dataclass(frozen=True)
class Part:
    """One question of the page.

    Attributes
    ----------
    quantities : tuple of Quantity or None
        None where figures come from runs of households.
    by_stream : tuple of str
        Quantities told stream by stream; of the others all streams together are enough.
    told : tuple of pairs
        Quantities, each with its stream, that the finding and the chart may be about: the first that differs.
    """

    name: str
    heading: str
    lead: str
    quantities: tuple[Quantity, ...] | None
    by_stream: tuple[str, ...]
    told: tuple[tuple[str, str], ...]


PARTS: Final = (
    Part(
        "answering",
        "What answering contact costs",
        "The cost of taking the call, the visit, the form or the letter, and of looking into complaints. The work that "
        "follows is not in it.",
        ANSWERING,
        ("handling",),
        (("handling", ALL_STREAMS),),
    ),
    Part(
        "left-behind",
        "What waits and what is left behind",
        "Contacts never made because a household that does not use the web was sent there, matters given up while "
        "waiting, and complaints. They save money for as long as nobody comes back in a worse state. Days are from the "
        "first contact until the matter is settled or given up; one settled at once takes none.",
        LOST,
        ("left_behind", "wait"),
        (("left_behind", ALL_STREAMS), ("wait", ALL_STREAMS)),
    ),
    Part(
        "homes-and-needs",
        "What it does to homes and needs",
        "A repair that is not done makes needs grow, and a contact that is never made notices none. These come from "
        "the lives of all households, so luck moves them too.",
        None,
        ("disrepair", "door_contacts", "unmet"),
        (("disrepair", "homes_in_disrepair"), ("door_contacts", "contacts")),
    ),
    Part(
        "enforcement",
        "Work that brings in money",
        "Posts and contracts of streams that charge or fine, and what they bring in. How far income follows the "
        "matters that are settled is not known; where it does, fewer posts may cost more than they save.",
        BUDGET,
        ("gross", "income", "net"),
        (("net", ALL_STREAMS),),
    ),
    Part(
        "waste",
        "What is thrown away and recycled",
        "Tonnes grow with households and move with what they do; spending is rounds, cleansing, disposal and "
        "treatment, and a campaign while it runs. Rewards paid out are with the programme (demandsim compare).",
        WASTE,
        ("thrown_away", "recycled", "waste_work"),
        (("thrown_away", ALL_STREAMS),),
    ),
)


def of_scenario(figures: list[StreamFigure]) -> dict[str, list[StreamFigure]]:
    """By scenario, in order."""
    return {
        name: [one for one in figures if one.scenario == name] for name in dict.fromkeys(f.scenario for f in figures)
    }


def heads(titles: list[str], difference: str, unit: str = "") -> list[str]:
    """The first scenario, and another with its difference; of several others the difference only."""
    if len(titles) <= 2:
        return [titles[0], *(head for title in titles[1:] for head in (title, difference))]
    return [titles[0], *(f"{title}: difference{unit}" for title in titles[1:])]


def cells(figures: list[StreamFigure], form: words.Format, of_change: words.Format) -> list[Cell]:
    """What stands under `heads`: net spending has a sign, since it may be income."""
    found = []
    for one in figures:
        if one.change is None or len(figures) <= 2:
            found.append((change_cell if one.quantity == "net" else level_cell)(one.level, form))
        if one.change is not None:
            found.append(change_cell(one.change, of_change))
    return found


def part_section(part: Part, figures: list[StreamFigure], is_drawn: bool) -> Section:
    """A part of the page: its finding, its chart and its table for every scenario."""
    is_waste = part.quantities is WASTE  # of one stream, so all of them together would say it twice
    told = [
        one
        for one in figures
        if (one.stream == ALL_STREAMS and not is_waste)
        or (one.stream != ALL_STREAMS and one.quantity in part.by_stream)
    ]
    if not told:
        return Section(part.name, part.heading, (part.lead, "These results do not hold it."))
    found = [[one for one in figures if (one.quantity, one.stream) == about] for about in part.told]
    found = [one for one in found if one] or [told[:1]]
    totals = next((one for one in found if _differs(one)), found[0])
    finding = _finding(totals[0])
    svg = _chart(totals, told, finding) if is_drawn and _differs(totals) else ""
    exhibit = Exhibit(finding, _change_said(totals), svg, _table(part.heading, told))
    return Section(part.name, part.heading, (part.lead,), exhibits=(exhibit,))


def _differs(figures: list[StreamFigure]) -> bool:
    """Whether anything differs from the first scenario in any run."""
    return any(one.change.low or one.change.high for one in figures if one.change is not None)


def _table(heading: str, told: list[StreamFigure]) -> Table:
    own = of_scenario(told)
    if not _differs(told):
        own = dict([next(iter(own.items()))])  # columns of nothing but noughts tell nothing
    titles = [figures[0].scenario_title for figures in own.values()]
    rows = []
    for at, one in enumerate(next(iter(own.values()))):
        here = [figures[at] for figures in own.values()]
        if one.stream != ALL_STREAMS and all(f.level.low == f.level.high == 0.0 for f in here):
            continue  # nothing of it here in any run; the row of all streams says so too
        form = words.formatter(one.unit)
        unit = words.unit_words(one.unit.removesuffix(" a year")) + " a year" * one.unit.endswith(" a year")
        whose = "" if one.quantity in ("disrepair", "door_contacts") else f"{one.stream_title}, "
        what = Cell(one.title, f"{whose}{unit.replace('GBP', 'pounds')}")
        rows.append((what, *cells(here, form, form)))
    runs = max(one.level.n_runs for one in told)
    head = ("What", *heads(titles, f"Difference from {titles[0]}"))
    return Table(interval_caption(f"{heading}: means over the years of the run", runs), head, tuple(rows))


def _chart(totals: list[StreamFigure], told: list[StreamFigure], finding: str) -> str:
    """Differences by scenario, or stream by stream where there is one other."""
    changed = [(one.scenario_title, one) for one in totals if one.change is not None]
    if len(changed) == 1:
        own = [one for one in told if one.quantity == totals[0].quantity and one.change is not None]
        changed = [(one.stream_title, one) for one in own]
    found = [(label, one.change) for label, one in changed if one.change is not None]
    unit = totals[0].unit
    form = words.formatter(unit)
    scale, axis = money_scale(largest_of([change for _, change in found])) if unit.startswith("GBP") else (1.0, unit)
    rows = [Row(label, change, words.signed(change.mean, form), scale) for label, change in found]
    yearly = " a year" if unit.startswith("GBP") else ""
    figure = draw_rows(rows, f"{totals[0].title}: difference from “{totals[0].scenario_title}”, {axis}{yearly}")
    said = f"{totals[0].title}: differences with nine in ten runs."
    return picture(figure, totals[0].quantity, finding, said)


def _finding(one: StreamFigure) -> str:
    """A quantity under the first scenario."""
    form = words.formatter(one.unit)
    level = words.signed(one.level.mean, form) if one.quantity == "net" else form(one.level.mean)
    whole = ", all together" if one.stream == ALL_STREAMS else ""
    unit = "a year" if one.unit.endswith(" a year") and not one.unit.startswith("tonnes") else one.unit
    return f"{one.title}{whole}: {level} {unit} under “{one.scenario_title}”"


def _change_said(totals: list[StreamFigure]) -> str:
    said, same = [], []
    for one in totals:
        if one.change is None:
            continue
        if one.change.low == one.change.high == 0.0:
            same.append(f"“{one.scenario_title}”")
            continue
        form = words.formatter(one.unit)
        less = "fewer" if one.unit.removesuffix(" a year") in words.COUNTED or one.quantity == "disrepair" else "less"
        span = words.between(one.change.low, one.change.high, form, "more", less)
        runs = words.with_runs(one.change.n_runs)
        change = words.difference(one.change.mean, form, "more", less)
        said.append(f"Under “{one.scenario_title}” it is {change}: nine in ten of {runs} lie {span}.")
    if same:
        said.append(f"Under {words.sentence_list(same)} it changes in no run.")
    return " ".join(said) or f"From {words.with_runs(totals[0].level.n_runs)} of one scenario."


def who_is_offline(results: xr.Dataset) -> Exhibit | None:
    """Who does not use the web, by age, from the beliefs that travel with results; none where they do not."""
    belief = read_meta(results).belief(_OFFLINE)
    shares = belief.get("value")
    if not isinstance(shares, Mapping):
        return None
    low, high = belief.get("low") or 1.0, belief.get("high") or 1.0
    rows = tuple(
        (
            Cell(said),
            Cell(words.percent(shares[band]), words.level_range(shares[band] * low, shares[band] * high, _share)),
        )
        for band, said in _AGES.items()
        if band in shares
    )
    caption = f"Beneath: the range believed. From {belief['source']}; part of it judgement."
    head = ("Oldest adult", "Households in which nobody uses the web")
    oldest = words.percent(shares[AGE_BANDS[-1]]) if AGE_BANDS[-1] in shares else "most"
    return Exhibit(
        f"Those left behind are older: {oldest} of households of 85 and over do not use the web",
        "Who is left behind follows from age alone; poverty and disability keep people offline too, and are not in it.",
        "",
        Table(caption, head, rows),
    )


def _share(value: float) -> str:
    return words.percent(min(value, 1.0))
