"""What queueing theory says a list must do: Erlang B, Erlang C and Erlang A.

Takes hazards of arrival, of completion and of losing patience, all per the same unit of time, and a number of servers.
Gives the long-run measures of the list. Never simulates: the simulated lists are compared with these.

References
----------
Erlang, A. K. (1917), "Solution of some problems in the theory of probabilities of significance in automatic telephone
exchanges"; Palm, C. (1957), "Research on telephone traffic carried by full availability groups", Tele 1; Garnett, O.,
Mandelbaum, A. and Reiman, M. (2002), "Designing a call center with impatient customers", MSOM 4(3).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import RequestError

#: States whose weight is below this share of the total are left out of the sums of :func:`erlang_a`.
_NEGLIGIBLE: Final = 1e-20
#: A longer list than this cannot be laid out in memory, and means that patience is practically endless.
_STATES_LIMIT: Final = 5_000_000


@dataclass(frozen=True)
class QueueMeasures:
    """Long-run measures of a list on which everybody waits as long as it takes.

    Attributes
    ----------
    p_wait : float
        Probability that an arrival waits at all.
    wait_mean : float
        Mean wait of every arrival, those who do not wait counted as 0; in the time unit of the hazards.
    queue_mean : float
        Mean number waiting.
    time_in_system_mean : float
        Mean time from arrival to completion.
    number_in_system_mean : float
        Mean number waiting or in service.
    utilisation : float
        Share of server time in use.
    """

    p_wait: float
    wait_mean: float
    queue_mean: float
    time_in_system_mean: float
    number_in_system_mean: float
    utilisation: float


@dataclass(frozen=True)
class AbandonmentMeasures(QueueMeasures):
    """Long-run measures of a list that some leave unhelped; `wait_mean` and times in system count them too.

    Attributes
    ----------
    p_abandon : float
        Probability that an arrival leaves the list before service.
    wait_served_mean : float
        Mean wait of those who are served: what a service's own records show.
    """

    p_abandon: float
    wait_served_mean: float


def erlang_b(servers: int, offered_load: float) -> float:
    """Probability that an arrival finds every server busy when nobody may wait (M/G/c/c).

    Parameters
    ----------
    servers : int
        Number of servers, at least 1.
    offered_load : float
        Arrival hazard over service hazard: the mean number of servers that would be busy without limit.

    Returns
    -------
    float
        The blocking probability, by the forward recursion, in which every term is positive and at most 1.

    Raises
    ------
    RequestError
        If `servers` is not a whole number of at least 1, or `offered_load` is negative or not finite.
    """
    _check_servers(servers)
    _check_hazard("offered load", offered_load, zero_allowed=True)
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = offered_load * blocked / (n + offered_load * blocked)
    return blocked


def erlang_c(servers: int, offered_load: float) -> float:
    """Probability that an arrival has to wait when everybody waits as long as it takes (M/M/c).

    Parameters
    ----------
    servers : int
        Number of servers, at least 1.
    offered_load : float
        Arrival hazard over service hazard, below `servers`.

    Returns
    -------
    float
        The probability of waiting; for one server it equals the offered load.

    Raises
    ------
    RequestError
        If the load is not below the number of servers: such a list grows without end.
    """
    blocked = erlang_b(servers, offered_load)
    if offered_load >= servers:
        raise RequestError(
            f"The list never settles: an offered load of {offered_load:g} needs more than {offered_load:g} servers and "
            f"there are {servers}. Add servers, shorten service, or give those waiting a patience (erlang_a)."
        )
    return servers * blocked / (servers - offered_load * (1.0 - blocked))


def mmc(arrival_hazard: float, service_hazard: float, servers: int) -> QueueMeasures:
    """Measures of the list M/M/c: random arrivals, exponential service, first come first served.

    Parameters
    ----------
    arrival_hazard : float
        Arrivals per unit of time.
    service_hazard : float
        Completions per unit of time of one busy server: 1 over the mean length of service.
    servers : int
        Number of servers, at least 1.

    Returns
    -------
    QueueMeasures
        Times are in the unit of time of the hazards.

    Raises
    ------
    RequestError
        If a hazard makes no sense, or arrivals are not below what the servers can complete.
    """
    _check_hazard("arrival hazard", arrival_hazard, zero_allowed=True)
    _check_hazard("service hazard", service_hazard)
    offered_load = arrival_hazard / service_hazard
    p_wait = erlang_c(servers, offered_load)
    wait = p_wait / (servers * service_hazard - arrival_hazard)
    return QueueMeasures(
        p_wait=p_wait,
        wait_mean=wait,
        queue_mean=arrival_hazard * wait,
        time_in_system_mean=wait + 1.0 / service_hazard,
        number_in_system_mean=arrival_hazard * wait + offered_load,
        utilisation=offered_load / servers,
    )


def p_wait_longer(time: float, arrival_hazard: float, service_hazard: float, servers: int) -> float:
    """Probability that an arrival of the list M/M/c waits longer than a given time.

    Parameters
    ----------
    time : float
        In the unit of time of the hazards, at least 0.
    arrival_hazard, service_hazard : float
        As in :func:`mmc`.
    servers : int
        Number of servers, at least 1.

    Returns
    -------
    float
        At time 0 this is the probability of waiting at all.

    Raises
    ------
    RequestError
        As :func:`mmc`, or if `time` is negative.
    """
    _check_hazard("time", time, zero_allowed=True)
    p_wait = mmc(arrival_hazard, service_hazard, servers).p_wait
    return p_wait * math.exp(-(servers * service_hazard - arrival_hazard) * time)


def erlang_a(arrival_hazard: float, service_hazard: float, patience_hazard: float, servers: int) -> AbandonmentMeasures:
    """Measures of the list M/M/c+M: as M/M/c, but each person waiting gives up at a constant hazard.

    Such a list always settles, however short of servers it is.

    Parameters
    ----------
    arrival_hazard, service_hazard : float
        As in :func:`mmc`.
    patience_hazard : float
        Hazard of giving up while waiting: 1 over the mean wait tolerated. At 0 the list is M/M/c.
    servers : int
        Number of servers, at least 1.

    Returns
    -------
    AbandonmentMeasures
        Times are in the unit of time of the hazards.

    Raises
    ------
    RequestError
        If a hazard makes no sense; if patience is endless and the list never settles, or so nearly endless that
        millions would be waiting.

    Notes
    -----
    The number in the system is a birth-and-death chain. Its weights are built outwards from the most likely number,
    so every ratio is at most 1: nothing overflows, and what underflows is negligible.
    """
    _check_servers(servers)
    _check_hazard("arrival hazard", arrival_hazard, zero_allowed=True)
    _check_hazard("service hazard", service_hazard)
    _check_hazard("patience hazard", patience_hazard, zero_allowed=True)
    if patience_hazard == 0.0:
        endless = mmc(arrival_hazard, service_hazard, servers)
        return AbandonmentMeasures(**asdict(endless), p_abandon=0.0, wait_served_mean=endless.wait_mean)
    first, p_number = _p_numbers(arrival_hazard, service_hazard, patience_hazard, servers)
    numbers = first + np.arange(len(p_number))
    all_busy = numbers >= servers
    p_busy = p_number[all_busy]
    waiting = numbers[all_busy] - servers
    queue = float(np.sum(p_busy * waiting))
    in_service = float(np.sum(p_number * np.minimum(numbers, servers)))
    wait = queue / arrival_hazard if arrival_hazard else 0.0
    p_served = in_service * service_hazard / arrival_hazard if arrival_hazard else 1.0
    served_wait = _wait_and_served(p_busy, waiting, servers * service_hazard, patience_hazard) / p_served
    return AbandonmentMeasures(
        p_wait=float(np.sum(p_busy)),
        p_abandon=patience_hazard * wait,
        wait_mean=wait,
        wait_served_mean=served_wait,
        queue_mean=queue,
        time_in_system_mean=wait + p_served / service_hazard,
        number_in_system_mean=queue + in_service,
        utilisation=in_service / servers,
    )


def _p_numbers(arrival: float, service: float, patience: float, servers: int) -> tuple[int, NDArray[np.float64]]:
    """Probabilities of the number in the system, and the first number they start at."""

    def leaving(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        rates: NDArray[np.float64] = (
            np.minimum(numbers, servers) * service + np.maximum(numbers - servers, 0) * patience
        )
        return rates

    spare = servers * service - arrival
    likeliest = arrival / service if spare > 0.0 else servers - spare / patience
    if likeliest > _STATES_LIMIT:
        raise _too_long(likeliest)
    peak = int(likeliest)
    above: list[NDArray[np.float64]] = [np.ones(1)]
    reached, size = peak, 256
    while above[-1][-1] > _NEGLIGIBLE:
        numbers = np.arange(reached + 1, reached + 1 + size)
        above.append(np.asarray(above[-1][-1] * np.cumprod(arrival / leaving(numbers)), dtype=np.float64))
        reached, size = reached + size, 2 * size
        if reached - peak > _STATES_LIMIT:
            raise _too_long(reached)
    below: list[NDArray[np.float64]] = []
    lowest, weight, size = peak, 1.0, 256
    while lowest > 0 and weight > _NEGLIGIBLE:
        numbers = np.arange(lowest, max(lowest - size, 0), -1)
        below.append(np.asarray(weight * np.cumprod(leaving(numbers) / arrival), dtype=np.float64)[::-1])
        lowest, weight, size = int(numbers[-1]) - 1, float(below[-1][0]), 2 * size
    weights = np.concatenate(below[::-1] + above)
    return lowest, weights / np.sum(weights)


def _wait_and_served(
    p_busy: NDArray[np.float64], waiting: NDArray[np.int64], clearing: float, patience: float
) -> float:
    """Mean over arrivals of the wait if served, and of 0 if not.

    With i ahead on the list, an arrival moves up at clearing + patience × i and gives up at `patience`. The product of
    its chances of moving up telescopes to clearing / (clearing + patience × (i + 1)); the stages' mean lengths add up.
    """
    if not len(waiting):
        return 0.0
    stages = 1.0 / (clearing + patience * np.arange(1, waiting[-1] + 2))
    time_to_service = np.cumsum(stages)[waiting]
    p_served = clearing * stages[waiting]
    return float(np.sum(p_busy * p_served * time_to_service))


def _too_long(waiting: float) -> RequestError:
    return RequestError(
        f"About {waiting:.3g} would be in the system: patience is too nearly endless to work this list out. "
        "Raise the patience hazard or the number of servers."
    )


def _check_servers(servers: int) -> None:
    if isinstance(servers, bool) or not isinstance(servers, (int, np.integer)) or servers < 1:
        raise RequestError(f"The number of servers must be a whole number of at least 1, not {servers!r}.")


def _check_hazard(name: str, value: float, *, zero_allowed: bool = False) -> None:
    if not math.isfinite(value) or value < 0.0 or (value == 0.0 and not zero_allowed):
        least = "at least 0" if zero_allowed else "above 0"
        raise RequestError(f"The {name} must be a finite number {least}, not {value!r}.")
