"""The drift page: spending from early to late under each scenario, beside what was published.

Takes measured drifts and official lines of spending; gives one HTML file. Says of the official figures only that they
stand beside: nothing here is fitted to them, and they have causes that the model does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.drift import draw_early_shares
from demandsim.report.charts.rows import Row, draw_rows
from demandsim.report.gaps import gaps_section
from demandsim.report.official import GRANTS_TOO, OfficialLine, official_finding, official_table
from demandsim.report.rendering import render_page, write_page
from demandsim.report.sections.case import picture, size_words
from demandsim.report.spiral import spiral_section
from demandsim.report.svg import chart_style

if TYPE_CHECKING:
    from demandsim.comparison.drift import Drift
    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.spiral import Spiral

KIND: Final = "Spending from early to late, from a simulation"


def drift_headline(drift: Drift) -> str:
    """The finding in one line."""
    named = [(drift.meta.scenario_title(one), words.direction(drift.change(one))) for one in drift.scenarios]
    if all(way == "too few" for _, way in named):
        return f"Too few runs to tell: {words.with_runs(drift.change(drift.scenarios[0]).n_runs)}"
    parts: list[str] = []
    for way, said in (
        ("less", "Spending drifts from early to late"),
        ("more", "Spending moves from late to early"),
        ("either", "It could be either"),
        ("same", "Nothing moves"),
        ("too few", "Too few runs to tell"),
    ):
        if titles := [f"“{title}”" for title, found in named if found == way]:
            said = said if not parts else said[0].lower() + said[1:]
            parts.append(f"{said}: {_first_of(titles)}")
    return "; ".join(parts)


def _first_of(titles: list[str]) -> str:
    """All titles where they are few, else the first two and how many others; the table has them all."""
    return words.sentence_list(titles if len(titles) <= 3 else [*titles[:2], f"{len(titles) - 2} others"])


def write_drift(
    everyone: Drift,
    children: Drift,
    official: Sequence[OfficialLine],
    price_year: str,
    path: str | Path,
    spiral: Spiral | None = None,
    findings: Table | None = None,
) -> Path:
    """Write the page.

    Parameters
    ----------
    everyone, children : Drift
        All services of cash-limited purses, and those that children's services run: the nearer to the official lines.
    official : sequence of OfficialLine
    price_year : str
    path : path
    spiral : Spiral, optional
        Where there are two scenarios or more.
    findings : Table, optional
        What studies found of the same loop.

    Raises
    ------
    RequestError
        When it cannot be written.
    """
    with chart_style():
        sections = [_answer(everyone, price_year), _change(everyone), _years(everyone)]
        if spiral is not None:
            sections.append(spiral_section(spiral))
        if everyone.purses is not None:
            sections.append(gaps_section(everyone))
        sections.append(_beside(children, official, price_year, findings))
    sections.append(_not_known(everyone))
    title = f"From early help to crisis: {everyone.meta.place.get('title') or 'one place'}"
    runs = everyone.change(everyone.scenarios[0]).n_runs
    return write_page(render_page(title, sections, drift_headline(everyone), runs, KIND), path, "page")


def _titles(drift: Drift) -> dict[str, str]:
    return {one: drift.meta.scenario_title(one) for one in drift.scenarios}


def _answer(drift: Drift, price_year: str) -> Section:
    sentences = []
    for scenario, title in _titles(drift).items():
        change = drift.change(scenario)
        span = words.signed_range(change.low, change.high, words.points)
        sentences.append(
            f"“{title}”: the early share changes by {words.signed(change.mean, words.points)} from {drift.years[0]} to "
            f"{drift.years[-1]} (nine in ten of {words.with_runs(change.n_runs)}: {span})."
        )
    return Section(
        "answer",
        drift_headline(drift),
        (
            "The argument: an agency that overspends on crisis cuts what is no duty the year after; fewer staff make "
            "waits longer and thresholds higher; need grows, and crisis spending with it. How far that carries "
            "spending from early to late, if at all, should depend on what is cut first.",
            f"Cash in {price_year} prices, from {drift.years[0]} to {drift.years[-1]}. {size_words(drift.spent.attrs)}",
        ),
        tuple(sentences),
    )


def _change(drift: Drift) -> Section:
    titles = _titles(drift)
    changes = {one: drift.change(one) for one in titles}
    rows = [Row(titles[one], change, words.signed(change.mean, words.points), 0.01) for one, change in changes.items()]
    finding = f"How the early share changes from {drift.years[0]} to {drift.years[-1]}"
    svg = picture(
        draw_rows(rows, "Points of the early share: less than zero is a drift to late"),
        "change",
        finding,
        "Change of the early share of spending in each scenario, with nine in ten runs.",
    )
    head = (
        "Scenario",
        f"Early share, {drift.years[0]}",
        f"Early share, {drift.years[-1]}",
        "Change (points)",
        f"Change beyond “{titles[drift.scenarios[0]]}” (points)",
        "Late spending, change",
        "Runs",
    )
    table = Table(
        interval_caption(
            "Early share of what cash-limited purses spend on services", changes[drift.scenarios[0]].n_runs
        ),
        head,
        tuple(_change_row(drift, one, titles[one], change) for one, change in changes.items()),
    )
    sentence = (
        "Early is what universal and early services cost, late what targeted and crisis services cost, with the places "
        "that demand leads agencies to buy. A hollow dot could be either."
    )
    return Section("change", "Change over all years", exhibits=(Exhibit(finding, sentence, svg, table),))


def _change_row(drift: Drift, scenario: str, title: str, change: Estimate) -> tuple[Cell, ...]:
    share = drift.share(scenario)
    beyond = Cell("–") if scenario == drift.scenarios[0] else change_cell(drift.beyond(scenario), words.bare_points)
    return (
        Cell(title),
        level_cell(share[0], words.percent),
        level_cell(share[-1], words.percent),
        change_cell(change, words.bare_points),
        beyond,
        change_cell(drift.late_change(scenario), words.percent),
        Cell(str(change.n_runs)),
    )


def _years(drift: Drift) -> Section:
    titles = _titles(drift)
    shares = {one: drift.share(one) for one in titles}
    finding = f"Early share of spending, {drift.years[0]} to {drift.years[-1]}"
    svg = picture(
        draw_early_shares(drift.years, [(titles[one], share) for one, share in shares.items()]),
        "early-share",
        finding,
        "The early share of spending by year in each scenario, in a band of nine in ten runs; dashed, its first year.",
    )
    rows = []
    for one, share in shares.items():
        rows.append((Cell(titles[one], "early share"), *(level_cell(e, words.percent) for e in share)))
        for side in ("early", "late"):
            spent = drift.spending(one, side)
            rows.append((Cell(titles[one], f"{side} spending"), *(level_cell(e, words.money) for e in spent)))
    runs = drift.change(drift.scenarios[0]).n_runs
    table = Table(
        interval_caption("Early and late spending by year", runs), ("Scenario", *drift.years), tuple(rows), True
    )
    sentence = f"The band holds nine in ten of {words.with_runs(runs)}; the dashed line is the first year."
    return Section("years", "Year by year", exhibits=(Exhibit(finding, sentence, svg, table),))


def _beside(children: Drift, official: Sequence[OfficialLine], price_year: str, findings: Table | None) -> Section:
    """Published lines, the nearest thing to them in the model, and what studies found."""
    exhibits = []
    if finding := official_finding(official):
        exhibits.append(Exhibit(finding, GRANTS_TOO, table=official_table(official, price_year)))
    exhibits.append(_children(children))
    if findings is not None:
        sentence = (
            "Set beside what comes back of a pound here, link by link above. They are of other places, years and kinds "
            "of help, most show what went together and not what caused what, and nothing here is fitted to them."
        )
        exhibits.append(Exhibit("What others found of the same loop", sentence, table=findings))
    return Section("official", "Beside the official figures", exhibits=tuple(exhibits))


def _children(drift: Drift) -> Exhibit:
    titles = _titles(drift)
    changes = {one: drift.change(one) for one in titles}
    rows = tuple(
        (
            Cell(titles[one]),
            level_cell(drift.share(one)[0], words.percent),
            level_cell(drift.share(one)[-1], words.percent),
            change_cell(change, words.bare_points),
        )
        for one, change in changes.items()
    )
    runs = changes[drift.scenarios[0]].n_runs
    table = Table(
        interval_caption("Simulated: early share of what children's services run", runs),
        ("Scenario", drift.years[0], drift.years[-1], "Change (points)"),
        rows,
    )
    sentence = (
        "The nearest the model has: family support and other early lines against children in need, protection plans "
        "and care. It covers other lines and other years than the published figures, so levels do not compare; the "
        "direction may."
    )
    svg = picture(
        draw_rows(
            [
                Row(titles[one], change, words.signed(change.mean, words.points), 0.01)
                for one, change in changes.items()
            ],
            "Points of the early share of children's services",
        ),
        "children",
        "Children's services in the model",
        "Change of the early share of children's services in each scenario, with nine in ten runs.",
    )
    return Exhibit("Children's services in the model", sentence, svg, table)


def _not_known(drift: Drift) -> Section:
    return Section(
        "not-known",
        "What we do not know",
        points=(
            "How far thresholds rise when posts go: nobody has measured it, and the range holds no response at all.",
            "Which posts an agency would cut: the orders are rules, not forecasts of anybody's decision. Duties keep "
            "their posts here, however short the purse.",
            "What worse help does: a team that was cut helps fewer and later, but no worse.",
            "How often people chase a matter that lies undone, and for how long: assumed for every stream of contact. "
            "What comes back as everyday contact rests on it.",
            "Whether reserves that are set aside for something else could be turned to an overspend.",
            *_too_small(drift),
            GRANTS_TOO,
        ),
    )


def _too_small(drift: Drift) -> tuple[str, ...]:
    """What luck does to budgets: chance in a few dear placements looks like overspend."""
    simulated, full = (drift.spent.attrs.get(name) for name in ("n_households", "n_households_full"))
    said = []
    if drift.purses is not None and (cut := drift.purse(drift.scenarios[0], "council", "cut").mean) > 0.0:
        said.append(
            f"How much of an overspend is luck: even in “{drift.meta.scenario_title(drift.scenarios[0])}” the council "
            f"let posts go that cost {words.money(cut)} a year. Chance in a few dear placements looks like overspend, "
            "and posts go for it, the more so the fewer households there are."
        )
    if simulated and full and simulated < full:
        said.append("What the whole place would do: simulate every household before quoting a figure.")
    return tuple(said)
