"""Erlang B, C and A against each other, against their limits, and against a chain solved as equations."""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from demandsim.errors import RequestError
from demandsim.services.queueing import erlang_a, erlang_b, erlang_c, mmc, p_wait_longer

LOADS = st.floats(0.01, 0.99)
SERVERS = st.integers(1, 60)
HAZARDS = st.floats(0.01, 20.0)


@given(LOADS)
def test_with_one_server_the_chance_of_waiting_is_the_load(load: float) -> None:
    assert erlang_c(1, load) == pytest.approx(load, rel=1e-12)
    assert erlang_b(1, load) == pytest.approx(load / (1.0 + load), rel=1e-12)


@given(SERVERS, LOADS)
def test_erlang_b_and_c_equal_their_defining_sums(servers: int, share: float) -> None:
    load = share * servers
    terms = [math.exp(n * math.log(load) - math.lgamma(n + 1)) for n in range(servers + 1)]
    last = terms[-1] * servers / (servers - load)
    assert erlang_b(servers, load) == pytest.approx(terms[-1] / math.fsum(terms), rel=1e-9)
    assert erlang_c(servers, load) == pytest.approx(last / (math.fsum(terms[:-1]) + last), rel=1e-9)


def test_a_thousand_servers_do_not_overflow() -> None:
    assert 0.0 < erlang_c(1000, 950.0) < 0.2
    assert erlang_c(1000, 1e-3) == 0.0


@given(SERVERS, LOADS, HAZARDS)
def test_a_different_unit_of_time_changes_times_and_nothing_else(servers: int, share: float, service: float) -> None:
    unit = mmc(share * servers, 1.0, servers)
    scaled = mmc(share * servers * service, service, servers)
    assert scaled.p_wait == pytest.approx(unit.p_wait, rel=1e-7)
    assert scaled.queue_mean == pytest.approx(unit.queue_mean, rel=1e-7)
    assert scaled.wait_mean * service == pytest.approx(unit.wait_mean, rel=1e-7)


@given(LOADS, HAZARDS, st.floats(0.0, 50.0))
def test_the_wait_of_one_server_has_an_exponential_tail(load: float, service: float, time: float) -> None:
    expected = load * math.exp(-service * (1.0 - load) * time)
    assert p_wait_longer(time, load * service, service, 1) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_the_mean_wait_is_the_area_under_the_tail() -> None:
    times = np.linspace(0.0, 60.0, 60_001)
    tail = [p_wait_longer(float(time), 1.9, 1.0, 2) for time in times]
    # What is left after 60 is below exp(-6) of the whole.
    rest = tail[-1] / (2.0 - 1.9)
    area = float(np.sum((np.array(tail[1:]) + np.array(tail[:-1])) / 2.0 * np.diff(times))) + rest
    assert area == pytest.approx(mmc(1.9, 1.0, 2).wait_mean, rel=1e-6)


@given(SERVERS, st.floats(0.05, 0.95), HAZARDS)
def test_with_near_endless_patience_erlang_a_becomes_erlang_c(servers: int, share: float, service: float) -> None:
    arrivals = share * servers * service
    patient = erlang_a(arrivals, service, 1e-9 * service, servers)
    endless = mmc(arrivals, service, servers)
    for name, value in asdict(endless).items():
        assert getattr(patient, name) == pytest.approx(value, rel=2e-5, abs=1e-12), name
    assert erlang_a(arrivals, service, 0.0, servers).wait_served_mean == endless.wait_mean


@given(SERVERS, st.floats(0.05, 3.0))
def test_with_no_patience_erlang_a_becomes_erlang_b(servers: int, share: float) -> None:
    load = share * servers
    hasty = erlang_a(load, 1.0, 1e9, servers)
    assert hasty.p_abandon == pytest.approx(erlang_b(servers, load), rel=1e-5, abs=1e-12)


@given(SERVERS, st.floats(0.05, 4.0), HAZARDS)
def test_with_patience_as_long_as_service_the_number_present_is_poisson(
    servers: int, share: float, service: float
) -> None:
    load = share * servers
    measures = erlang_a(load * service, service, service, servers)
    fewer = math.fsum(math.exp(n * math.log(load) - math.lgamma(n + 1) - load) for n in range(servers))
    assert measures.p_wait == pytest.approx(1.0 - fewer, rel=1e-9, abs=1e-12)
    assert measures.number_in_system_mean == pytest.approx(load, rel=1e-9)


@given(SERVERS, st.floats(0.05, 4.0), HAZARDS, st.floats(0.02, 20.0))
def test_erlang_a_balances(servers: int, share: float, service: float, patience: float) -> None:
    arrivals = share * servers * service
    measures = erlang_a(arrivals, service, patience, servers)
    served = servers * measures.utilisation * service
    assert served + arrivals * measures.p_abandon == pytest.approx(arrivals, rel=1e-9)
    assert measures.number_in_system_mean == pytest.approx(arrivals * measures.time_in_system_mean, rel=1e-9)
    assert measures.wait_mean == pytest.approx(measures.p_abandon / patience, rel=1e-9)


def _chain_by_equations(
    arrivals: float, service: float, patience: float, servers: int, most: int
) -> NDArray[np.float64]:
    """Stationary distribution of the number present, cut off at `most`, as the solution of linear equations."""
    generator = np.zeros((most + 1, most + 1))
    for n in range(most):
        generator[n, n + 1] = arrivals
        generator[n + 1, n] = min(n + 1, servers) * service + max(n + 1 - servers, 0) * patience
    np.fill_diagonal(generator, -generator.sum(axis=1))
    equations = np.vstack([generator.T, np.ones(most + 1)])
    solution: NDArray[np.float64] = np.linalg.lstsq(equations, np.append(np.zeros(most + 1), 1.0), rcond=None)[0]
    return solution


@pytest.mark.parametrize(
    ("arrivals", "service", "patience", "servers"),
    [(5.0, 1.0, 0.5, 4), (2.0, 0.5, 0.1, 5), (0.7, 1.0, 3.0, 1), (9.0, 1.0, 0.4, 3), (1.0, 1.0, 0.05, 1)],
)
def test_erlang_a_solves_the_balance_equations(arrivals: float, service: float, patience: float, servers: int) -> None:
    p_number = _chain_by_equations(arrivals, service, patience, servers, most=150)
    measures = erlang_a(arrivals, service, patience, servers)
    waiting = np.maximum(np.arange(151) - servers, 0)
    assert measures.p_wait == pytest.approx(p_number[servers:].sum(), rel=1e-9)
    assert measures.queue_mean == pytest.approx(p_number @ waiting, rel=1e-9)
    # First-step analysis of one arrival: either move up the list, or give up.
    p_served, wait_if_served, total = 1.0, 0.0, 0.0
    for ahead in range(150 - servers):
        moving_up = servers * service + ahead * patience
        p_up = moving_up / (moving_up + patience)
        wait_if_served = p_up * (p_served / (moving_up + patience) + wait_if_served)
        p_served *= p_up
        total += p_number[servers + ahead] * wait_if_served
    assert measures.wait_served_mean == pytest.approx(total / (1.0 - measures.p_abandon), rel=1e-9)


def test_heavy_overload_is_stable() -> None:
    # Ten times too much work: nine in ten give up, and the list is as long as fluid flow says.
    measures = erlang_a(1000.0, 1.0, 0.01, 100)
    assert measures.p_abandon == pytest.approx(0.9, abs=1e-9)
    assert measures.queue_mean == pytest.approx(90_000.0, rel=1e-9)
    # A list this long hardly varies, so the wait of the served is the fluid model's: -ln(1 - .9) patiences.
    assert measures.wait_served_mean == pytest.approx(100.0 * math.log(10.0), rel=1e-3)


def test_nobody_arriving_is_nobody_waiting() -> None:
    measures = erlang_a(0.0, 2.0, 1.0, 3)
    assert (measures.p_wait, measures.p_abandon, measures.wait_mean, measures.queue_mean) == (0.0, 0.0, 0.0, 0.0)
    assert measures.time_in_system_mean == 0.5
    assert mmc(0.0, 2.0, 3).number_in_system_mean == 0.0


@pytest.mark.parametrize("arrivals", [2.0, 2.5])
def test_a_list_that_never_settles_is_refused(arrivals: float) -> None:
    with pytest.raises(RequestError, match="never settles"):
        mmc(arrivals, 1.0, 2)
    with pytest.raises(RequestError, match="never settles"):
        erlang_a(arrivals, 1.0, 0.0, 2)
    assert erlang_a(arrivals, 1.0, 0.1, 2).p_abandon > 0.0


def test_patience_too_nearly_endless_is_refused() -> None:
    with pytest.raises(RequestError, match="too nearly endless"):
        erlang_a(3.0, 1.0, 1e-8, 2)


@pytest.mark.parametrize("servers", [0, -1, 2.0, True])
def test_servers_are_counted_in_whole_numbers(servers: int) -> None:
    with pytest.raises(RequestError, match="number of servers"):
        erlang_c(servers, 0.5)


@pytest.mark.parametrize(("arrivals", "service"), [(-1.0, 1.0), (1.0, 0.0), (math.nan, 1.0), (1.0, math.inf)])
def test_hazards_that_mean_nothing_are_refused(arrivals: float, service: float) -> None:
    with pytest.raises(RequestError, match="hazard"):
        mmc(arrivals, service, 5)
