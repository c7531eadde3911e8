"""What cuts save, what comes back, and the links between: sums that close, and words that follow from figures."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import xarray as xr
from synthetic_results import make_results

from demandsim.comparison.spiral import LINKS, RETURNS, SAVES, Spiral, measure_spiral, part_of
from demandsim.errors import RequestError
from demandsim.labels import PAYERS
from demandsim.report.block import Table
from demandsim.report.spiral import pence, spiral_section, spiral_sentences

LIMITED = [payer for payer in PAYERS if payer not in ("dwp", "treasury", "households")]
#: GBP in the last year: as now, and where posts are cut.
MONEY = {
    "family_support": (100.0, 60.0),
    "talking_therapies": (50.0, 50.0),
    "repairs_work": (40.0, 30.0),
    "looked_after": (200.0, 204.0),
    "rent_arrears": (10.0, 11.0),
    "repairs_contact": (20.0, 25.0),
    "repairs_income": (-8.0, -6.0),
    "programme": (0.0, 99.0),
}


def _results(money: dict[str, tuple[float, float]] = MONEY, failed: int = 0) -> xr.Dataset:
    """Made-up results of two scenarios in which the council pays what is given, in the last of two years."""
    results = make_results("wins", draws=3, replicates=2, years=2, failed=failed).isel(scenario=[0, 1])
    shape = results["cost"].sizes
    cost = np.zeros([len(money) if dim == "category" else shape[dim] for dim in results["cost"].dims])
    council = PAYERS.index("council_children")
    for position, pair in enumerate(money.values()):
        for scenario, gbp in enumerate(pair):
            cost[scenario, :, :, 0, council, position, -1] = gbp
    cost[:, :, :, 0, PAYERS.index("dwp"), 0, -1] = 1e9  # demand-led: not counted
    cost[:, :, :, 1, council, 0, -1] = 1e9  # not cash
    cost[1, :, :, 0, council, 0, 0] = 1e9  # not the last year
    dims = results["cost"].dims
    coords = {name: results[name] for name in ("account", "payer")} | {"category": list(money)}
    results = results.drop_dims("category")
    results["cost"] = xr.DataArray(cost, dims=dims, coords=coords)
    meta = json.loads(results.attrs["meta"]) | {"streams": {"repairs": {"title": "Repairs"}}}
    results.attrs["meta"] = json.dumps(meta)
    return results


@pytest.fixture
def spiral() -> Spiral:
    return measure_spiral(_results(), LIMITED)


def test_savings_and_returns_are_told_apart_and_add_up(spiral: Spiral) -> None:
    one = spiral.others[0]
    assert {part: spiral.beyond(one, part).mean for part in (*SAVES, *RETURNS)} == pytest.approx(
        {"early": -40, "targeted": 0, "work": -10, "crisis": 4, "living": 1, "answering": 5, "income": 2}
    )
    assert spiral.comes_back(one, "crisis", "living").mean == pytest.approx(5 / 50)
    assert spiral.comes_back(one, *RETURNS).mean == pytest.approx(12 / 50)
    whole = spiral.beyond(one, *SAVES, *RETURNS).mean
    assert whole == pytest.approx(-50 * (1 - 12 / 50))
    assert part_of(spiral.meta, "programme") == ""
    assert spiral.year == "2017/18"


def test_where_hardly_anything_is_saved_nothing_is_divided() -> None:
    same = measure_spiral(_results({name: (pair[0], pair[0]) for name, pair in MONEY.items()}), LIMITED)
    one = same.others[0]
    assert math.isnan(same.comes_back(one, *RETURNS).mean)
    assert same.beyond(one, *SAVES).mean == 0.0
    assert "cannot be told what comes back" in spiral_sentences(same)[0]
    more = measure_spiral(_results(MONEY | {"family_support": (100.0, 160.0)}), LIMITED)
    assert math.isnan(more.comes_back(one, *RETURNS).mean)


@pytest.mark.parametrize(
    ("crisis", "said"), [(204.0, "so the loop dies away"), (260.0, "more than was saved, so cuts make the gap wider")]
)
def test_the_verdict_follows_from_the_figures(crisis: float, said: str) -> None:
    found = measure_spiral(_results(MONEY | {"looked_after": (200.0, crisis)}), LIMITED)
    assert said in spiral_sentences(found)[0]


def test_savings_that_runs_do_not_tell_from_nothing_are_not_divided_by() -> None:
    results = _results()
    wobble = 300.0 * np.array([[1.0, 1.0], [0.0, 0.0], [-1.0, -1.0]])
    place = {"scenario": "whole_system", "account": "cash", "payer": "council_children", "category": "family_support"}
    results["cost"].loc[place | {"year": "2017/18"}] += wobble
    spiral = measure_spiral(results, LIMITED)
    assert math.isnan(spiral.comes_back("whole_system", *RETURNS).mean)
    assert spiral.beyond("whole_system", *SAVES).mean == pytest.approx(-50)


def test_links_are_changes_against_the_first_scenario() -> None:
    results = _results(failed=1)
    activity = results["activity"].copy()
    early = ["family_support", "housing_advice", "employment_support"]
    activity.loc[{"service": early, "event": "admitted"}] = 10
    activity.loc[{"scenario": "whole_system", "service": early, "event": "admitted"}] = 8
    activity.loc[{"service": early, "event": "wait_time"}] = 20
    results["activity"] = activity
    spiral = measure_spiral(results, LIMITED)
    one = spiral.others[0]
    assert spiral.link(one, "admitted").mean == pytest.approx(-0.2)
    assert spiral.link(one, "months_waited").mean == pytest.approx(0.25)  # 2.5 months against 2
    assert spiral.link(one, "admitted").n_runs == 5
    assert math.isnan(spiral.link(one, "lapsed").mean)  # nobody gave up: no share of nothing
    assert all(spiral.link(one, link).unit == "share" for link in LINKS)
    assert spiral.link(one, "crisis_months").mean < 0.0


def test_one_scenario_has_nothing_to_be_compared_with() -> None:
    with pytest.raises(RequestError, match="one scenario only"):
        measure_spiral(_results().isel(scenario=[0]), LIMITED)


def test_the_section_shows_money_and_links(spiral: Spiral) -> None:
    section = spiral_section(spiral)
    money, links = (exhibit.table for exhibit in section.exhibits)
    assert isinstance(money, Table)
    assert isinstance(links, Table)
    assert [cell.main for cell in money.rows[0]][1:4] == ["+24p", "\N{MINUS SIGN}£40", "£0"]
    assert len(links.head) == len(links.rows[0])
    assert (pence(0.004), pence(0.03), pence(-1.4), pence(math.nan)) == ("under 1p", "3p", "£1.40", "not known")
