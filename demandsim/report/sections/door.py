"""What happens to people who ask: needs found, people sent on, told to begin again, turned away; and each kind's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from demandsim.comparison.door import AFTER_IT, AT_THE_DOOR, door_measures, named_measures
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.rows import Row, draw_rows
from demandsim.report.sections.case import Case, picture, relative
from demandsim.report.tables import ComparisonTable, ScenarioFigure, comparison_table

if TYPE_CHECKING:
    import xarray as xr

    from demandsim.comparison.estimate import Estimate

#: Said in the finding, where results hold it: what a front door is judged by.
_SAID: Final = {"needs_noticed": "needs found", "hand_offs": "sent on", "asked_twice": "told again"}
_LEAST: Final = 3  # scenarios, from which they stand side by side


def door_table(results: xr.Dataset, against: str | None = None) -> ComparisonTable:
    """The front door under every scenario."""
    return comparison_table(results, against, door_measures(results), "At the front door")


def door(case: Case) -> Section:
    """The front door under both scenarios, and under every other that was run."""
    if not door_measures(case.results):
        return Section("door", "At the front door", ("What happened at the front door was not kept in these runs.",))
    table = door_table(case.results, case.comparison.against)
    exhibits = [_both(case, table)]
    if case.results.sizes["scenario"] >= _LEAST:
        exhibits += [
            _kinds(
                case,
                "kinds",
                AT_THE_DOOR,
                "What each policy does to people who ask",
                "More needs found, or fewer people turned away, is no end in itself: what becomes of it stands below.",
            ),
            _kinds(
                case,
                "becomes",
                AFTER_IT,
                "What becomes of need, waits and money under each policy",
                "Waits are on lists: time before a manager has agreed is not in them.",
            ),
        ]
    return Section("door", "At the front door", _lead(case), exhibits=tuple(exhibits))


def _lead(case: Case) -> tuple[str, ...]:
    said = [
        "Whoever comes with one need may be found to have others. Those are sent on to another door; some never get "
        "there, and some must tell it all again. So a door that finds more also sends more people on: read what was "
        "told again beside how many were sent."
    ]
    if "door" not in case.results:
        said.append(
            "Contacts and needs found were not kept in these runs: adding “door” to “keep” in the study's file does."
        )
    said.append("How far people are found, sent on and trusted is assumed throughout; every range holds no effect.")
    return tuple(said)


def _both(case: Case, table: ComparisonTable) -> Exhibit:
    """What the scenario of interest does at the front door."""
    figures = _figures(table, case.comparison.scenario)
    before = {figure.measure.name: figure.level for figure in _figures(table, case.comparison.against)}
    changes = {figure.measure.name: figure.change for figure in figures if figure.change is not None}
    finding = "; ".join(
        f"{said}: {words.change(changes[name], words.whole)}" for name, said in _SAID.items() if name in changes
    )
    finding = finding[:1].upper() + finding[1:]
    shares = [
        (figure.measure.title, relative(changes[figure.measure.name], before[figure.measure.name].mean))
        for figure in figures
    ]
    drawn = [
        Row(title, share, words.signed(share.mean, words.percent), 0.01)
        for title, share in shares
        if math.isfinite(share.mean)
    ]
    svg = picture(
        draw_rows(drawn, "Change in %"),
        "door",
        finding,
        f"Change in per cent of what happens at the front door, “{case.title}” against “{case.against}”.",
    )
    rows = tuple(
        (
            Cell(figure.measure.title, words.unit_words(figure.measure.unit)),
            level_cell(before[figure.measure.name], words.formatter(figure.measure.unit)),
            level_cell(figure.level, words.formatter(figure.measure.unit)),
            change_cell(changes[figure.measure.name], words.change_formatter(figure.measure.unit)),
        )
        for figure in figures
    )
    caption = interval_caption(f"The front door over {words.count_of(len(case.years), 'year')}", case.n_runs)
    sentence = (
        "The picture has each change as a share of its own level; the table has counts, and changes of shares in "
        "points. A hollow dot could be either. Neither more nor less is better in itself for contacts, needs found and "
        "people sent on."
    )
    return Exhibit(finding, sentence, svg, Table(caption, ("What", case.against, case.title, "Difference"), rows))


def _kinds(case: Case, name: str, wanted: tuple[str, ...], caption: str, sentence: str) -> Exhibit:
    """Every scenario side by side, as differences; the picture and the finding are of the first figure."""
    measures = named_measures(case.results, wanted)
    table = comparison_table(case.results, case.comparison.against, measures)
    first = measures[0]
    named = [
        (figure.title, figure.change)
        for figure in table.figures
        if figure.measure.name == first.name and figure.change is not None
    ]
    finding = _finding(first.title, named)
    form = words.formatter(first.unit)
    svg = picture(
        draw_rows([Row(title, e, words.signed(e.mean, form)) for title, e in named], f"{first.title}: difference"),
        name,
        finding,
        f"{first.title}: difference of each scenario from “{case.against}”, with nine in ten runs.",
    )
    caption = interval_caption(f"{caption}, as differences from “{case.against}”", case.n_runs)
    return Exhibit(
        finding, f"The picture has the first column of the table. {sentence}", svg, table.changes_block(caption)
    )


def _finding(title: str, named: list[tuple[str, Estimate]]) -> str:
    """Which scenarios surely bring more of something, and which less."""
    more = [f"“{one}”" for one, change in named if words.direction(change) == "more"]
    less = [f"“{one}”" for one, change in named if words.direction(change) == "less"]
    said = [f"more under {words.sentence_list(more)}"] if more else []
    said += [f"fewer under {words.sentence_list(less)}"] if less else []
    if rest := len(named) - len(more) - len(less):
        said.append(
            f"could be either, or no difference, under {'the' if said else 'all'} {rest}{' others' if said else ''}"
        )
    return f"{title}: {'; '.join(said)}"


def _figures(table: ComparisonTable, scenario: str) -> list[ScenarioFigure]:
    return [figure for figure in table.figures if figure.scenario == scenario]
