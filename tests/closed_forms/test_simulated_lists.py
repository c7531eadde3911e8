"""The model's own lists against Erlang, and time on them against Little, whatever the months of help.

The teams of 20 and 19 are among the receipts (R1); here are small systems, where a wrong tick shows most, and lists
that some leave unhelped.
"""

from __future__ import annotations

import numpy as np
import pytest
from engine_worlds import finished, inputs_of, limited_lines, population, settled, unlimited, world_of

from demandsim.errors import RequestError
from demandsim.labels import EVENTS
from demandsim.model.demand_model import DemandModel
from demandsim.quantities import TICKS
from demandsim.receipts.simulated_queues import LISTS, SimulatedQueue, littles_law_holds, simulate_queue
from demandsim.services.queueing import QueueMeasures, erlang_a, mmc
from demandsim.services.tables import DUTY, OPEN, WAITING

#: (work offered, in servers; servers); each with case lengths below, at and above the tick.
SYSTEMS = ((0.625, 1), (2.0, 3), (4.2, 5))
LENGTHS = (0.2, 1.0, 1.5, 6.0)


def _assert_agrees(found: SimulatedQueue, published: QueueMeasures) -> None:
    for name, (value, error) in found._asdict().items():
        if not hasattr(published, name):
            continue
        expected = getattr(published, name)
        assert 0.0 < error < 0.15 * expected, f"{name}: the standard error {error} says nothing"
        assert abs(value - expected) <= 3.0 * error, f"{name}: {value} ± {error}, by closed form {expected}"


@pytest.mark.parametrize("months_of_help", LENGTHS)
@pytest.mark.parametrize(("load", "servers"), SYSTEMS)
def test_lists_agree_with_erlang_c(load: float, servers: int, months_of_help: float) -> None:
    arrivals = load / months_of_help
    months = max(60, round(200 * months_of_help))
    found = simulate_queue(arrivals, months_of_help, servers, months=months, seed=servers)
    _assert_agrees(found, mmc(arrivals, 1.0 / months_of_help, servers))
    assert found.p_abandon == (0.0, 0.0)


@pytest.mark.parametrize(
    ("arrivals", "months_of_help", "servers", "patience"),
    [(6.0, 3.0, 19, 2.0), (8.0, 3.0, 20, 4.0), (1.0, 3.0, 2, 0.5), (2.0, 1.5, 1, 6.0)],
)
def test_lists_that_some_leave_agree_with_erlang_a(
    arrivals: float, months_of_help: float, servers: int, patience: float
) -> None:
    found = simulate_queue(arrivals, months_of_help, servers, patience, months=300, seed=servers)
    _assert_agrees(found, erlang_a(arrivals, 1.0 / months_of_help, 1.0 / patience, servers))


def test_a_standard_error_is_honest() -> None:
    # Over many seeds the error stated is the error found: the lists are independent, so their spread says it all.
    expected = mmc(0.5, 1.0, 1).queue_mean
    runs = [simulate_queue(0.5, 1.0, 1, months=100, seed=seed).queue_mean for seed in range(30)]
    z = np.array([(value - expected) / error for value, error in runs])
    assert abs(z.mean()) < 3.0 / np.sqrt(z.size)
    assert 0.7 < z.std(ddof=1) < 1.4


def test_a_list_that_would_never_end_is_refused() -> None:
    with pytest.raises(RequestError, match="more servers than work"):
        simulate_queue(10.0, 2.0, 20)
    assert LISTS >= 30


@pytest.mark.parametrize(("servers", "patience"), [(1, np.inf), (3, 0.5), (19, 4.0)])
def test_littles_law_holds_to_the_tick(servers: int, patience: float) -> None:
    assert littles_law_holds(0.9 * servers / 2.3, 2.3, servers, patience, months=60)


@pytest.fixture(scope="module")
def world() -> DemandModel:
    """A whole world without a run-in, so that its record begins with empty lists."""
    return finished(world_of(inputs_of("whole_system", 2500, run_in=0)))


def _total(model: DemandModel, event: str) -> np.ndarray:
    return model.record.activity[:, :, EVENTS.index(event)].sum(axis=0)


def _now(model: DemandModel, status: int) -> np.ndarray:
    return np.bincount(model.cases["line"][model.cases["status"] == status], minlength=model.lines.size)


def test_time_on_lists_is_the_households_own_time_to_the_tick(world: DemandModel) -> None:
    # Those who moved out took theirs with them, and those who moved in begin at nothing.
    assert world.world.households["waited"].sum() <= _total(world, "list_time").sum()
    still = finished(
        world_of(inputs_of("whole_system", 2500, run_in=0, months=3), people=settled(population(2500, 3, 0)))
    )
    assert still.world.households["waited"].sum() == _total(still, "list_time").sum() > 0


def test_every_referral_is_waiting_helped_or_lapsed(world: DemandModel) -> None:
    listed = _total(world, "admitted") + _total(world, "lapsed") + _now(world, WAITING)
    np.testing.assert_array_equal(_total(world, "referral"), listed)


def test_every_case_is_open_or_came_to_an_end(world: DemandModel) -> None:
    ended = _total(world, "completed") + _total(world, "dropped_out") + _total(world, "left_area")
    np.testing.assert_array_equal(_total(world, "admitted"), ended + _now(world, OPEN))


def test_no_line_holds_more_than_its_places(world: DemandModel) -> None:
    activity, inputs = world.record.activity, world.inputs
    limited = limited_lines(inputs)
    beyond = activity[:, :, EVENTS.index("overtime")] + activity[:, :, EVENTS.index("spot_time")]
    own = activity[:, :, EVENTS.index("case_time")] - beyond
    # A line that loses places keeps the cases it has: it may hold, until they end, what it held the month before.
    most = np.maximum.accumulate(inputs.planned_slots.T, axis=0) * TICKS
    assert (own[:, limited] <= most[:, limited]).all()
    assert (beyond[:, inputs.lines["intake"] != DUTY] == 0).all()
    assert activity[:, :, EVENTS.index("overtime")].sum() > 0


def test_without_limits_nobody_waits() -> None:
    model = finished(world_of(unlimited(inputs_of("as_now", 2000, run_in=0))))
    assert _total(model, "admitted").sum() > 0
    for event in ("wait_time", "list_time", "spot_admitted"):
        assert _total(model, event).sum() == 0, event
