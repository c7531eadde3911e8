"""What happens to people: outcomes in published units, and waits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from demandsim.comparison.estimate import summarise
from demandsim.comparison.measures import OUTCOME_VALUE, months_waited, succeeded
from demandsim.comparison.paired import LUCK, Difference
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption, level_cell
from demandsim.report.charts.rows import Row, draw_rows
from demandsim.report.charts.waits import draw_waits
from demandsim.report.sections.case import Case, picture, relative

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate

#: Outcomes in the picture: more could not be read, and fewer would say little.
_FEWEST_DRAWN: Final = 6
_MOST_DRAWN: Final = 14


def outcomes(case: Case) -> Section:
    """Outcomes in the units in which they are published."""
    names = [str(name) for name in succeeded(case.results, OUTCOME_VALUE)["outcome"].values]
    lines = [_outcome_line(case, name) for name in names]
    better = [line["title"] for line in lines if line["verdict"] == "better"]
    worse = [line["title"] for line in lines if line["verdict"] == "worse"]
    finding = _finding(len(better), len(worse), len(lines))
    drawn, said = _drawn(lines)
    rows = [
        Row(line["title"], line["relative"], words.signed(line["relative"].mean, words.percent), 0.01) for line in drawn
    ]
    svg = picture(
        draw_rows(rows, "Change in %"),
        "outcomes",
        finding,
        f"Change in per cent of {said}, with nine in ten runs.",
    )
    table = Table(
        interval_caption(f"Outcomes over {words.count_of(len(case.years), 'year')}, in published units", case.n_runs),
        ("Outcome", "Unit", case.against, case.title, "Difference", "Reading"),
        tuple(line["row"] for line in lines),
    )
    sentence = (
        f"The picture has {said}, each change as a share of its own level; the table has them all in their published "
        "units, and changes of shares in points. A hollow dot could be either."
    )
    return Section(
        "outcomes", "Outcomes for people", (_unmet(case),), exhibits=(Exhibit(finding, sentence, svg, table),)
    )


def _drawn(lines: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """Outcomes for the picture, and which they are: those that surely change, else those that change most."""
    known = [line for line in lines if math.isfinite(line["relative"].mean)]
    known.sort(key=lambda line: -abs(line["relative"].mean))
    sure = [line for line in known if words.direction(line["relative"]) in ("less", "more")]
    if len(sure) > _MOST_DRAWN:
        return sure[:_MOST_DRAWN], f"the {_MOST_DRAWN} largest of {len(sure)} outcomes that could not be either"
    if len(sure) >= _FEWEST_DRAWN:
        return sure, f"the {words.count_of(len(sure), 'outcome')} that could not be either"
    most = known[:_FEWEST_DRAWN]
    return most, f"the {words.count_of(len(most), 'outcome')} that change most"


def waits(case: Case) -> Section:
    """How long people wait, and how little is known about it."""
    comparison = case.comparison
    both = months_waited(case.results, by_service=True).sel(scenario=[comparison.against, comparison.scenario])
    queued = [str(s) for s in both["service"].values if float(both.sel(service=s).max(skipna=True).fillna(0)) > 0]
    checked = [s for s in queued if case.meta.services.get(s, {}).get("waits_checked")]
    if not queued:
        return Section("waits", "Waits", ("No service in these runs kept anybody waiting.",))
    before, after = ([_wait(case, both, name, s) for s in queued] for name in (comparison.against, comparison.scenario))
    differences = comparison.waits().values
    changes = [_wait_change(differences, s) for s in queued]
    finding = _wait_finding(changes)
    titles = [case.meta.category_title(s) for s in queued]
    svg = picture(
        draw_waits(titles, before, after, (case.against, case.title)),
        "waits",
        finding,
        "Mean months waited in each service under both scenarios, with nine in ten runs.",
    )
    rows = tuple(
        (
            Cell(title),
            level_cell(b, words.hundredths),
            level_cell(a, words.hundredths),
            change_cell(c, words.hundredths),
            Cell(_basis(case, s)),
        )
        for title, b, a, c, s in zip(titles, before, after, changes, queued, strict=True)
    )
    head = ("Service", f"{case.against} (months)", f"{case.title} (months)", "Difference (months)", "Waits are")
    table = Table(interval_caption("Mean months waited by those who were helped", case.n_runs), head, rows)
    sentence = "Shorter is better. People who gave up waiting are not in these means."
    return Section("waits", "Waits", (_warning(case, checked),), exhibits=(Exhibit(finding, sentence, svg, table),))


def _wait_finding(changes: list[Estimate]) -> str:
    longer = sum(words.direction(change) == "more" for change in changes)
    shorter = sum(words.direction(change) == "less" for change in changes)
    absent = sum(math.isnan(change.mean) for change in changes)
    unsure = len(changes) - longer - shorter - absent
    n = words.count_of(len(changes), "service")
    counts = [str(count or "none") for count in (longer, shorter, unsure)]
    said = [f"grow in {counts[0]}", f"shrink in {counts[1]}", f"could be either or unchanged in {counts[2]}"]
    said += [f"cannot be compared in {absent}, which has none in one of the two"] if absent == 1 else []
    said += [f"cannot be compared in {absent}, which have none in one of the two"] if absent > 1 else []
    return f"Of {n} with a list, waits {words.sentence_list(said)}"


def _outcome_line(case: Case, name: str) -> dict[str, Any]:
    record = case.comparison.outcome_record(name)
    unit = str(record["unit"])
    form = words.formatter(unit)
    change = case.comparison.outcome(name).total()
    combined = Difference(
        succeeded(case.results, OUTCOME_VALUE).sel(outcome=name, drop=True), unit, str(record["combine"])
    )
    before, after = (
        Difference(combined.values.sel(scenario=s, drop=True).transpose(*LUCK, ...), unit, combined.over_years).total()
        for s in (case.comparison.against, case.comparison.scenario)
    )
    verdict = _verdict(change, str(record["better"]))
    title = str(record["title"])
    row = (
        Cell(title),
        Cell(words.unit_words(unit)),
        level_cell(before, form),
        level_cell(after, form),
        change_cell(change, words.change_formatter(unit)),
        Cell(verdict),
    )
    return {"title": title, "verdict": verdict, "relative": relative(change, before.mean), "row": row}


def _verdict(change: Estimate, better: str) -> str:
    way = words.direction(change)
    if way in ("less", "more"):
        if better == "neither":
            return f"{way}: neither better nor worse in itself"
        return "better" if (way == "less") == (better == "lower") else "worse"
    return {"either": "could be either", "same": "no difference", "too few": "too few runs"}[way]


def _finding(better: int, worse: int, n: int) -> str:
    rest = n - better - worse
    return f"Of {words.count_of(n, 'outcome')}, {better} better, {worse} worse, {rest} could be either or neither"


def _unmet(case: Case) -> str:
    change = case.comparison.unmet.total()
    span = words.between(change.low, change.high, words.whole, "more", "fewer")
    often = words.in_runs(change.n_below, change.n_runs)
    size = words.difference(change.mean, words.whole, "more months", "fewer months")
    if words.direction(change) == "either":
        size = f"either more or fewer months (in the middle, {size})"
    return (
        f"Unmet need (a need that is established or worse and that nobody helps with): {size}. "
        f"Nine in ten of our runs lie {span}; there is less of it {often}."
    )


def _wait(case: Case, both: Any, scenario: str, service: str) -> Estimate:
    return case.level(both.sel(service=service), scenario, "months")


def _wait_change(values: Any, service: str) -> Estimate:
    return summarise(values.sel(service=service).transpose(*LUCK).values[None], "months")[0]


def _basis(case: Case, service: str) -> str:
    record = case.meta.services.get(service, {})
    if record.get("waits_checked"):
        return f"checked: {record['waits_checked']}"
    return "assumed" if not record.get("capacity_known") else "assumed; posts are known"


def _warning(case: Case, checked: list[str]) -> str:
    if not checked:
        return "Waits are assumed: no published waiting time was there to check any of them."
    titles = words.sentence_list([case.meta.category_title(s) for s in checked])
    return f"Waits are assumed except where they could be checked against a published figure: {titles}."
