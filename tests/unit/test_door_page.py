"""The front door and the tiers in a brief: figures counted again from the results, and what is said of them."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from synthetic_results import make_results

from demandsim.comparison.door import AFTER_IT, AT_THE_DOOR, door_measures, named_measures
from demandsim.comparison.paired import compare
from demandsim.labels import DOOR_EVENTS
from demandsim.report.sections.case import Case
from demandsim.report.sections.door import door, door_table
from demandsim.report.sections.tiers import tiers

#: A year of each, as now and by how much the others differ, in every run.
_YEARLY = {
    "turned_away": (100.0, -10.0),
    "hand_offs": (200.0, 60.0),
    "asked_twice": (80.0, 4.0),
    "mean_trust": (0.5, 0.02),
}
_YEARS = 3


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    """Made-up results to which a front door is added, the same in every run but for a little noise."""
    plain = make_results("unclear", draws=4, years=_YEARS)
    shape = [plain.sizes[dim] for dim in ("scenario", "draw", "replicate")]
    noise = 1.0 + 0.01 * np.random.default_rng(7).random((1, *shape[1:], 1))
    more = np.arange(shape[0])[:, None, None, None] > 0
    names = [*map(str, plain["outcome"].values), *_YEARLY]
    values = np.zeros((*shape, len(names), _YEARS))
    values[..., : plain.sizes["outcome"], :] = plain["outcome_value"].values
    for at, (level, change) in enumerate(_YEARLY.values(), plain.sizes["outcome"]):
        values[..., at, :] = (level + change * more) * noise
    events = np.ones((*shape, len(DOOR_EVENTS), plain.sizes["month"]))
    events[1:, :, :, DOOR_EVENTS.index("needs_noticed")] = 3.0
    activity = plain["activity"].copy(deep=True)
    activity.loc[{"event": "not_arrived"}] = 0
    activity.loc[{"event": "not_arrived", "service": activity["service"].values[0]}] = 5
    dims = ("scenario", "draw", "replicate")
    return plain.drop_dims("outcome").assign(
        activity=activity,
        outcome_value=xr.DataArray(
            values, dims=(*dims, "outcome", "year"), coords={"outcome": names}, attrs=plain["outcome_value"].attrs
        ),
        door=xr.DataArray(events, dims=(*dims, "door_event", "month"), coords={"door_event": list(DOOR_EVENTS)}),
    )


def test_the_door_is_counted_over_all_years_and_trust_is_their_mean(results: xr.Dataset) -> None:
    read = {measure.name: measure.read(results) for measure in door_measures(results)}
    months = results.sizes["month"]
    assert float(read["needs_noticed"].sel(scenario="as_now").mean()) == months
    assert float(read["needs_noticed"].sel(scenario="whole_system").mean()) == 3 * months
    assert float(read["hand_offs"].sel(scenario="as_now").mean()) == pytest.approx(_YEARS * 200.0, rel=0.02)
    assert float(read["trust"].sel(scenario="as_now").mean()) == pytest.approx(0.5, rel=0.02)
    sent, told = read["hand_offs"], read["asked_twice"]
    xr.testing.assert_allclose(read["told_again_share"], told / (sent - 5 * months))


def test_what_is_not_kept_is_not_told(results: xr.Dataset) -> None:
    kept = {measure.name for measure in door_measures(results.drop_dims("door_event"))}
    assert kept == {"turned_away", "hand_offs", "not_arrived", "asked_twice", "told_again_share", "trust"}
    assert door_measures(make_results("unclear", draws=4, years=2)) == ()
    assert not door(Case(compare(make_results("unclear", draws=4, years=2), "whole_system"))).exhibits


def test_each_policy_stands_beside_the_others(results: xr.Dataset) -> None:
    section = door(Case(compare(results, "whole_system")))
    both, kinds, becomes = section.exhibits
    assert both.table is not None
    assert kinds.table is not None
    assert becomes.table is not None
    assert (
        kinds.finding
        == "Further needs found: more under “Acting earlier, together” and “The same money on more of as now”"
    )
    assert [row[0].main for row in kinds.table.rows] == ["Acting earlier, together", "The same money on more of as now"]
    assert len(kinds.table.head) == 1 + len(named_measures(results, AT_THE_DOOR)) == 6
    assert len(becomes.table.head) == 1 + len(AFTER_IT)
    trust = kinds.table.head.index("Trust in services (full is 100%) (points)")
    assert kinds.table.rows[0][trust].main == "+2"
    assert {row[0].main for row in both.table.rows} >= {"Turned away", "Sent on to another door", "Further needs found"}


def test_one_other_scenario_has_nobody_to_stand_beside(results: xr.Dataset) -> None:
    two = results.sel(scenario=["as_now", "whole_system"])
    assert len(door(Case(compare(two, "whole_system"))).exhibits) == 1
    assert {figure.scenario for figure in door_table(two).figures} == {"as_now", "whole_system"}


def test_tiers_add_up_to_their_lines(results: xr.Dataset) -> None:
    case = Case(compare(results, "whole_system"))
    of_tiers, of_lines = (exhibit.table for exhibit in tiers(case).exhibits)
    assert of_tiers is not None
    assert of_lines is not None
    admitted = results["activity"].sel(event="admitted", scenario="as_now").sum("month").mean(["draw", "replicate"])
    early = [name for name in map(str, results["service"].values) if case.meta.services[name]["tier"] == "early"]
    said = {row[0].main: row[1].main for row in of_tiers.rows}
    assert float(said["Early help"].replace(",", "")) == pytest.approx(
        float(admitted.sel(service=early).sum()), rel=0.01
    )
    titles = [case.meta.category_title(name) for name in early]
    assert [row[0].main for row in of_lines.rows if row[1].main == "Early help"] == titles


def test_case_coordination_has_a_row_of_its_own(results: xr.Dataset) -> None:
    case = Case(compare(results, "whole_system"))
    case.meta.services["family_support"]["joins_up"] = True
    table = tiers(case).exhibits[0].table
    assert table is not None
    assert "Case co-ordination" in [row[0].main for row in table.rows]
