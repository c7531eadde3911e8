"""How a place fares in each future, against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from demandsim.comparison.times import describe_times
from demandsim.errors import RequestError
from demandsim.report.times import times_section, times_tables

RUN = ("scenario", "draw", "replicate")
EVENTS = ("admitted", "completed", "dropped_out", "left_area", "wait_time")


def town(is_kept: bool = True) -> xr.Dataset:
    """Ten households for a year and then twelve, in two runs, of which one is twice as often in crisis; one failed."""
    shape = (2, 3, 1)
    months = np.zeros((*shape, 1, 2, 2, 2))  # area, need, state, year
    months[..., 0, :] = [120.0, 144.0]
    crisis = np.array([[3.0], [6.0], [0.0]])
    months[..., 0, 0, 1, 0] = crisis
    months[..., 0, 0, 0, 0] -= crisis
    activity = np.zeros((*shape, 1, 5, 24))
    activity[..., 0, :, 0] = [4.0, 5.0, 3.0, 2.0, 6.0]
    data = {
        "state_months": ((*RUN, "area", "need", "state", "year"), months),
        "activity": ((*RUN, "service", "event", "month"), activity),
        "cost": ((*RUN, "account", "payer", "category", "year"), np.full((*shape, 2, 1, 1, 2), 1_100.0)),
        "status": (RUN, np.array([[[0], [0], [1]], [[0], [0], [0]]])),
    }
    if is_kept:
        left = np.zeros((*shape, 2, 2, 2))
        left[..., 0, :] = [1.0, 1.2]  # each need counts the same households
        left[..., 0, 0, 0], left[..., 0, 1, 0] = 0.2, 0.8
        data["exported"] = ((*RUN, "need", "state", "year"), left)
    coords = {"state": ["none", "crisis"], "event": list(EVENTS), "account": ["cash", "activity"]}
    return xr.Dataset(data, coords=coords)


def test_figures_are_for_each_household_that_lives_there() -> None:
    fare = describe_times({"calm": town()})["calm"]
    assert fare.growth.mean == pytest.approx(0.2)
    assert fare.left is not None
    assert fare.left.mean == pytest.approx(2.2 / 22)  # of 22 household-years
    assert fare.carried is not None
    assert fare.carried.mean == pytest.approx(1000 * 0.8 / 22), "a need in crisis is counted, one at none is not"
    assert fare.ties_cut.mean == pytest.approx(2 / 10)
    assert fare.crisis.mean == pytest.approx(1000 * 4.5 / 22)
    assert fare.waited.mean == pytest.approx(1.5)
    assert fare.cash.mean == pytest.approx(2_200 / 22)
    assert {one.n_runs for one in (fare.growth, fare.left, fare.crisis, fare.cash)} == {2}, "the failed run is not told"


def test_what_a_study_did_not_keep_is_said_not_to_be_kept() -> None:
    fares = describe_times({"calm": town(), "storm": town(is_kept=False)})
    assert fares["storm"].left is None
    table, _ = times_tables(fares, {"calm": "Calm", "storm": "Storm"}, "As now")
    calm, storm = ([cell.main for cell in row] for row in table.rows)
    assert calm == ["Calm", "+20%", "10%", "36.4", "20%"]
    assert storm == ["Storm", "+20%", "not kept", "not kept", "20%"]
    assert "nine in ten of 2 runs" in table.caption


def test_futures_are_told_apart_run_by_run() -> None:
    worse = town()
    months = worse["state_months"].values
    months[..., 0, 0, :, 0] += [-11.0, 11.0]  # half a month more in crisis for each of 22 years lived
    fares = describe_times({"calm": town(), "storm": worse})
    assert (fares["calm"].more_crisis.low, fares["calm"].more_crisis.high) == (0.0, 0.0)
    more = fares["storm"].more_crisis
    assert (more.low, more.mean, more.high) == pytest.approx((500.0, 500.0, 500.0)), "however far apart the runs are"
    heading = times_section(fares, {"calm": "Calm", "storm": "Storm"}, "As now").exhibits[1].finding
    assert heading == "Under “As now”, against “Calm”: in “Storm” we cannot tell", "two runs are too few"


def test_results_without_states_are_refused() -> None:
    with pytest.raises(RequestError, match="no `state_months`"):
        describe_times({"calm": town().drop_vars("state_months")})
