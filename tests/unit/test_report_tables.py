"""All scenarios in one table: terminal, data frame and JSON say the same."""

from __future__ import annotations

import io
import json

import pytest
import xarray as xr
from rich.console import Console
from synthetic_results import make_results

from demandsim.comparison.measures import MEASURES
from demandsim.comparison.paired import compare
from demandsim.errors import RequestError
from demandsim.report import comparison_table


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    return make_results("wins", draws=5, years=3)


def test_every_scenario_and_measure_is_there_with_its_interval_and_runs(results: xr.Dataset) -> None:
    frame = comparison_table(results).frame()
    assert len(frame) == len(MEASURES) * 3
    assert (frame["level_low"] <= frame["level_high"]).all()
    assert set(frame["runs"]) == {10}
    base = frame[frame["scenario"] == "as_now"]
    assert base["difference"].isna().all()


def test_differences_are_the_paired_ones(results: xr.Dataset) -> None:
    frame = comparison_table(results).frame().set_index(["scenario", "measure"])
    comparison = compare(results, "whole_system")
    cash = comparison.cost.total()
    assert frame.loc[("whole_system", "cash"), "difference"] == pytest.approx(cash.mean)
    assert frame.loc[("whole_system", "cash"), "difference_low"] == pytest.approx(cash.low)
    council = comparison.cost.by("purse").set_index("purse").loc["council"]
    assert frame.loc[("whole_system", "council_cash"), "difference_high"] == pytest.approx(council["high"])
    assert frame.loc[("whole_system", "crisis_months"), "difference"] == pytest.approx(
        comparison.crisis_months.total().mean
    )


def test_waits_are_total_months_over_total_people(results: xr.Dataset) -> None:
    frame = comparison_table(results).frame().set_index(["scenario", "measure"])
    counts = results["activity"].sel(scenario="as_now").sum(["service", "month"]).astype(float)
    wait = (counts.sel(event="wait_time") / counts.sel(event="admitted")).mean()
    assert frame.loc[("as_now", "months_waited"), "level"] == pytest.approx(float(wait))


def test_json_is_strict_and_the_same(results: xr.Dataset) -> None:
    table = comparison_table(results)
    read = json.loads(table.to_json())
    assert read["baseline"] == "as_now"
    assert len(read["rows"]) == len(table.figures)
    assert read["rows"][0]["difference"] is None


def test_it_prints(results: xr.Dataset) -> None:
    console = Console(file=io.StringIO(), width=120)
    console.print(comparison_table(results))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    for said in ("Acting earlier, together", "Cash, the council", "10 runs", "nine in ten runs lie between"):
        assert said in text


def test_failed_runs_lower_the_count() -> None:
    table = comparison_table(make_results("wins", draws=5, years=2, failed=3))
    runs = table.frame().set_index(["scenario", "measure"])["runs"]
    assert runs[("as_now", "cash")] == 10
    assert runs[("whole_system", "cash")] == 7
    assert "7 to 10 runs" in str(table.__rich__().title)


def test_unknown_baseline(results: xr.Dataset) -> None:
    with pytest.raises(RequestError, match="There are: as_now"):
        comparison_table(results, "nobody")
