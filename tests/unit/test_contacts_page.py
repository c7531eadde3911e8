"""Failure demand and the page about everyday contact: figures worked out by hand, words, and a page on its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from synthetic_results import make_results
from typer.testing import CliRunner

from demandsim.cli import app
from demandsim.comparison.contact_lives import life_figures
from demandsim.comparison.failure_demand import (
    ALL_STREAMS,
    ANSWERING,
    BUDGET,
    LOST,
    contact_figures,
    failure_demand,
    waiting_figures,
)
from demandsim.errors import RequestError
from demandsim.parameters.vocabulary import CONTACT_KINDS
from demandsim.report.contact_tables import who_is_offline
from demandsim.report.contacts_page import choose, contact_sections, write_contacts

MONTHS = 24
#: A month of each stream, as now; the second scenario has half as much again of what chases.
REPAIRS = {"first": 100, "repeats": 40, "complaints": 10, "settled": 95, "given_up": 5, "pending": 70, "left_behind": 0}
PARKING = {
    "first": 300,
    "repeats": 45,
    "complaints": 5,
    "settled": 290,
    "given_up": 10,
    "pending": 50,
    "left_behind": 2,
}
REPAIRS |= {"phone": 120, "face": 10, "web": 15, "letter": 5, "handling": 500, "work": 9000, "income": 0}
REPAIRS |= {"thrown_away": 0, "recycled": 0}
PARKING |= {"phone": 150, "face": 30, "web": 150, "letter": 20, "handling": 800, "work": 5000, "income": 7000}
PARKING |= {"thrown_away": 60, "recycled": 20}
PUBLISHED = {
    "name": "streams.repairs.published_failure", "meaning": "Published.", "unit": "share", "evidence": "assumed",
    "value": {"low": 0.3, "typical": 0.45, "high": 0.7}, "low": None, "high": None, "level": None, "source": "A house",
}  # fmt: skip


def _results(kinds: tuple[str, ...] = CONTACT_KINDS, draws: int = 4) -> xr.Dataset:
    results = make_results(draws=draws, years=2).sel(scenario=["as_now", "whole_system"])
    month = np.array([[one[kind] for kind in kinds] for one in (REPAIRS, PARKING)], float)
    values = np.broadcast_to(month[..., None], (2, draws, 2, 2, len(kinds), MONTHS)).copy()
    for kind in {"repeats", "complaints", "handling"} & set(kinds):
        values[1, ..., kinds.index(kind), :] *= 1.5
    values *= 1 + 0.01 * np.arange(draws)[:, None, None, None, None]
    dims = ("scenario", "draw", "replicate", "stream", "contact_kind", "month")
    results["contacts"] = (dims, values, {"unit": "count", "meaning": "Contacts.", "combine": "sum"})
    meta = json.loads(results.attrs["meta"])
    meta["streams"] = {"repairs": {"title": "Repairs"}, "parking": {"title": "Parking"}}
    meta["beliefs"].append(PUBLISHED)
    results.attrs["meta"] = json.dumps(meta)
    made: xr.Dataset = results.assign_coords(
        stream=["repairs", "parking"], contact_kind=list(kinds), month=np.arange(MONTHS)
    )
    return made


def test_failure_demand_is_what_chases_over_everything() -> None:
    figures = {(one.scenario, one.stream): one for one in failure_demand(_results())}
    assert figures["as_now", "repairs"].level.mean == pytest.approx(50 / 150)
    assert figures["as_now", "parking"].level.mean == pytest.approx(50 / 350)
    assert figures["as_now", ALL_STREAMS].level.mean == pytest.approx(100 / 500)
    worse = figures["whole_system", "repairs"]
    assert worse.level.mean == pytest.approx(75 / 175)
    assert worse.change is not None
    assert worse.change.mean == pytest.approx(75 / 175 - 50 / 150)
    assert worse.level.n_runs == 8
    assert worse.published is not None
    assert (worse.published.low, worse.published.high) == (0.3, 0.7)
    assert figures["as_now", "parking"].published is None
    assert figures["as_now", "repairs"].change is None


def test_figures_are_of_a_year_and_money_is_of_streams_that_earn() -> None:
    mean = 1 + 0.01 * np.arange(4).mean()
    answered = {(o.scenario, o.stream, o.quantity): o.level.mean for o in contact_figures(_results(), ANSWERING)}
    assert answered["as_now", "repairs", "phone"] == pytest.approx(12 * 120 * mean)
    assert answered["as_now", ALL_STREAMS, "handling"] == pytest.approx(12 * 1300 * mean)
    budget = {(one.stream, one.quantity): one.level.mean for one in contact_figures(_results(), BUDGET)}
    assert ("repairs", "gross") not in budget
    assert budget["parking", "gross"] == pytest.approx(12 * 5000 * mean)
    assert budget["parking", "net"] == pytest.approx(-12 * 2000 * mean)
    assert budget[ALL_STREAMS, "income"] == pytest.approx(12 * 7000 * mean)
    lost = {(one.stream, one.quantity): one.level.mean for one in contact_figures(_results(), LOST)}
    assert lost["parking", "left_behind"] == pytest.approx(12 * 2 * mean)


def test_what_results_do_not_hold_is_said_and_not_made_up() -> None:
    counts = ("first", "repeats", "complaints", "left_behind")
    results = _results(counts)
    assert contact_figures(results, BUDGET) == []
    assert {one.quantity for one in contact_figures(results, LOST)} == {"left_behind", "complaints"}
    said = [p for section in contact_sections(results, is_drawn=False) for p in section.paragraphs]
    assert "These results do not hold it." in said
    with pytest.raises(RequestError, match="There is no `contacts` in these results"):
        failure_demand(make_results(draws=4, years=2))
    with pytest.raises(RequestError, match="There is no complaints"):
        failure_demand(_results(("first", "repeats")))
    with pytest.raises(RequestError, match="There is no scenario `nothing`"):
        choose(_results(), "nothing")


def test_a_failed_run_is_left_out() -> None:
    results = _results()
    results["status"][1, 0, 0] = 1
    worse = next(one for one in failure_demand(results) if one.scenario == "whole_system")
    assert worse.level.n_runs == 7
    assert worse.change is not None
    assert worse.change.n_runs == 7


def test_the_page_stands_alone_and_says_its_runs(tmp_path: Path) -> None:
    path = write_contacts(_results(), tmp_path / "new" / "contacts.html")
    html = path.read_text()
    assert "http://" not in html.replace("http://www.w3.org", "")
    assert "https://" not in html
    assert "<script" not in html
    assert "nine in ten of 8 runs" in html
    assert html.count("<svg") == 2  # failure demand and its answering; nothing else differs
    assert html.count("<table>") == 6
    assert "A house, its number assumed" in html
    assert "Repairs lies within the published range" in html
    assert write_contacts(_results(), tmp_path / "again.html").read_text() == html
    alone = write_contacts(_results().sel(scenario=["as_now"]), tmp_path / "alone.html").read_text()
    assert "Difference" not in alone
    with pytest.raises(RequestError, match="could not be written"):
        write_contacts(_results(), tmp_path)


def test_of_several_scenarios_only_the_differences_are_told() -> None:
    results = _results()
    third = results.sel(scenario=["whole_system"]).assign_coords(scenario=["same_money"])
    section = contact_sections(xr.concat([results, third], "scenario", data_vars="minimal"), is_drawn=False)[1]
    table = section.exhibits[0].table
    assert table is not None
    assert [head.endswith(": difference") for head in table.head] == [False, False, True, True]
    assert {len(row) for row in table.rows} == {len(table.head)}


def test_what_nobody_does_anywhere_takes_no_row() -> None:
    left = contact_sections(_results(), is_drawn=False)[2].exhibits[0].table
    assert left is not None
    told = [(row[0].main, row[0].sub.split(",")[0]) for row in left.rows]
    assert ("Never raised, because sent to the web", "Parking") in told
    assert ("Never raised, because sent to the web", "Repairs") not in told


def test_days_outstanding_are_matters_outstanding_over_matters_raised() -> None:
    days = {one.stream: one.level.mean for one in waiting_figures(_results()) if one.scenario == "as_now"}
    month = 365.25 / 12
    assert days == pytest.approx({"repairs": 0.7 * month, "parking": month / 6, ALL_STREAMS: 0.3 * month})


def test_homes_and_needs_are_of_a_year_and_paired() -> None:
    results = _results()
    unmet = results["unmet"].sel(need="housing").mean(["year", "draw", "replicate"])
    found = {(one.scenario, one.stream): one for one in life_figures(results) if one.quantity == "unmet"}
    assert found["as_now", "housing"].level.mean == pytest.approx(float(unmet.sel(scenario="as_now")))
    change = found["whole_system", "housing"].change
    assert change is not None
    assert change.mean == pytest.approx(float(unmet.sel(scenario="whole_system") - unmet.sel(scenario="as_now")))
    assert found["as_now", "housing"].stream_title == "Housing"


def test_tonnes_are_of_the_stream_that_takes_waste() -> None:
    waste = contact_sections(_results(), is_drawn=False)[5].exhibits[0]
    assert waste.finding.startswith("Household waste thrown away, all together: 731 tonnes a year")
    assert waste.table is not None
    assert [row[0].sub for row in waste.table.rows][:2] == ["Parking, tonnes a year"] * 2


def test_who_is_not_on_the_web_is_told_by_age() -> None:
    results = _results()
    assert who_is_offline(results) is None
    meta = json.loads(results.attrs["meta"])
    shares = {"under_25": 0.01, "85_over": 0.7}
    meta["beliefs"].append(
        {**PUBLISHED, "name": "contacts.digitally_excluded", "value": shares, "low": 0.7, "high": 1.8}
    )
    results.attrs["meta"] = json.dumps(meta)
    told = who_is_offline(results)
    assert told is not None
    assert told.table is not None
    assert [row[1].main for row in told.table.rows] == ["1%", "70%"]
    assert told.table.rows[1][1].sub == "49% to 100%"


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(app, ["contacts", str(tmp_path)])
    assert outcome.exit_code == 2
    assert "Traceback" not in outcome.output
