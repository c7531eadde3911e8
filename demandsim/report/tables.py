"""All scenarios in one table, for the terminal, for a data frame and as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.measures import MEASURES, Measure
from demandsim.comparison.meta import Meta, read_meta
from demandsim.comparison.paired import LUCK
from demandsim.errors import Fault, RequestError
from demandsim.report import words
from demandsim.report.block import Cell, Table, change_cell, interval_caption, level_cell

if TYPE_CHECKING:
    import pandas as pd
    import rich.table
    import xarray as xr


@dataclass(frozen=True)
class ScenarioFigure:
    """One measure of one scenario: its level, and its paired difference from the baseline (None for itself)."""

    scenario: str
    title: str
    measure: Measure
    level: Estimate
    change: Estimate | None


@dataclass(frozen=True)
class ComparisonTable:
    """All scenarios by all measures.

    Printing it with rich gives a table of measures by scenarios; `frame` and `to_json` give the same figures.
    """

    figures: tuple[ScenarioFigure, ...]
    baseline: str
    baseline_title: str
    heading: str = "All scenarios"

    def frame(self) -> pd.DataFrame:
        """A tidy data frame: a row for each scenario and measure, with its unit and runs."""
        import pandas as pd

        return pd.DataFrame([_record(figure) for figure in self.figures])

    def to_json(self) -> str:
        """The tidy rows as JSON; a figure that is not known is null."""
        rows = [{key: _plain(value) for key, value in _record(figure).items()} for figure in self.figures]
        return json.dumps({"baseline": self.baseline, "rows": rows}, indent=2, allow_nan=False)

    def __rich__(self) -> rich.table.Table:
        """Measures in rows, scenarios in columns."""
        import rich.table
        from rich.markup import escape

        runs = sorted({figure.level.n_runs for figure in self.figures})
        said = words.with_runs(runs[0]) if len(runs) == 1 else f"{runs[0]} to {runs[-1]} runs"
        table = rich.table.Table(
            title=f"{escape(self.heading)}, against {escape(self.baseline_title)} ({said})",
            caption="Total, then in bold the difference. In brackets: nine in ten runs lie between."
            + (" Cash and the value of activity are never added." if self._measures() == MEASURES else ""),
            show_lines=True,
        )
        table.add_column("Over all years")
        for scenario in self._scenarios():
            table.add_column(escape(next(f.title for f in self.figures if f.scenario == scenario)), justify="right")
        for measure in self._measures():
            cells = [_rich_cell(self._figure(scenario, measure.name)) for scenario in self._scenarios()]
            table.add_row(f"{measure.title}\n({words.unit_words(measure.unit)})", *cells)
        return table

    def as_block(self) -> Table:
        """The same figures for a brief: scenarios in rows."""
        n_runs = max(figure.level.n_runs for figure in self.figures)
        rows = []
        for scenario in self._scenarios():
            figures = [self._figure(scenario, measure.name) for measure in self._measures()]
            runs = Cell(str(figures[0].level.n_runs))
            rows.append((Cell(figures[0].title, "total"), *[_level(figure) for figure in figures], runs))
            if figures[0].change is not None:
                runs = Cell(str(figures[0].change.n_runs))
                changes = [_change(figure) for figure in figures]
                rows.append((Cell(figures[0].title, f"difference from {self.baseline_title}"), *changes, runs))
        caption = interval_caption(
            "Every scenario over all years, in total and as a difference on the same luck", n_runs
        )
        head = ("Scenario", *[f"{m.title} ({words.unit_words(m.unit)})" for m in self._measures()], "Runs")
        return Table(caption, head, tuple(rows))

    def joined(self, other: ComparisonTable) -> ComparisonTable:
        """This table with the figures of another of the same scenarios."""
        return replace(self, figures=self.figures + other.figures)

    def changes_block(self, caption: str) -> Table:
        """Differences only, a row a scenario."""
        others = [scenario for scenario in self._scenarios() if scenario != self.baseline]
        rows = [
            (
                Cell(self._figure(scenario, self._measures()[0].name).title),
                *[_bare_change(self._figure(scenario, measure.name)) for measure in self._measures()],
            )
            for scenario in others
        ]
        heads = [f"{m.title} ({'points' if m.unit == 'share' else words.unit_words(m.unit)})" for m in self._measures()]
        return Table(caption, ("Scenario", *heads), tuple(rows))

    def _measures(self) -> tuple[Measure, ...]:
        return tuple(dict.fromkeys(figure.measure for figure in self.figures))

    def _scenarios(self) -> list[str]:
        return list(dict.fromkeys(figure.scenario for figure in self.figures))

    def _figure(self, scenario: str, measure: str) -> ScenarioFigure:
        return next(f for f in self.figures if f.scenario == scenario and f.measure.name == measure)


def comparison_table(
    results: xr.Dataset,
    baseline: str | None = None,
    measures: tuple[Measure, ...] = MEASURES,
    heading: str = "All scenarios",
) -> ComparisonTable:
    """Put all scenarios in one table.

    Parameters
    ----------
    results : xarray.Dataset
        Results of a study.
    baseline : str, optional
        The scenario the others are compared with; the first by default.
    measures : tuple of Measure
        What is compared.
    heading : str
        What the table is called on a terminal.

    Raises
    ------
    RequestError
        When the baseline is not in the results.
    """
    known = [str(name) for name in results["scenario"].values]
    baseline = baseline or known[0]
    if baseline not in known:
        raise RequestError(Fault("compare", f"There is no scenario `{baseline}`.", f"There are: {', '.join(known)}."))
    meta: Meta = read_meta(results)
    figures = []
    for measure in measures:
        values = measure.read(results).transpose("scenario", *LUCK)
        base = values.sel(scenario=baseline).values
        for scenario in known:
            here = values.sel(scenario=scenario).values
            change = None if scenario == baseline else summarise((here - base)[None], measure.unit)[0]
            level = summarise(here[None], measure.unit)[0]
            figures.append(ScenarioFigure(scenario, meta.scenario_title(scenario), measure, level, change))
    return ComparisonTable(tuple(figures), baseline, meta.scenario_title(baseline), heading)


def _record(figure: ScenarioFigure) -> dict[str, Any]:
    change = figure.change
    nan = float("nan")
    return {
        "scenario": figure.scenario,
        "measure": figure.measure.name,
        "unit": figure.measure.unit,
        "level": figure.level.mean,
        "level_low": figure.level.low,
        "level_high": figure.level.high,
        "difference": change.mean if change else nan,
        "difference_low": change.low if change else nan,
        "difference_high": change.high if change else nan,
        "difference_standard_error": change.standard_error if change else nan,
        "runs": change.n_runs if change else figure.level.n_runs,
        "runs_below_zero": change.n_below if change else 0,
    }


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _level(figure: ScenarioFigure) -> Cell:
    return level_cell(figure.level, words.formatter(figure.measure.unit))


def _change(figure: ScenarioFigure) -> Cell:
    assert figure.change is not None
    return change_cell(figure.change, words.change_formatter(figure.measure.unit))


def _bare_change(figure: ScenarioFigure) -> Cell:
    """A difference whose unit stands in the head of its column."""
    assert figure.change is not None
    unit = figure.measure.unit
    return change_cell(figure.change, words.bare_points if unit == "share" else words.formatter(unit))


def _rich_cell(figure: ScenarioFigure) -> str:
    level = _level(figure)
    text = f"{level.main}\n({level.sub})"
    if figure.change is None:
        return text
    change = _change(figure)
    return f"{text}\n[bold]{change.main}[/bold]\n({change.sub})"
