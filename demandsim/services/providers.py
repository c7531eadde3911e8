"""What a provider paid by results is paid for, and what follows: whom it takes first, and on whom it spends its time.

Takes the moves of one need for a typical household, what help does to them, and how results are paid for. Gives the
pay that a case begun in each state can be expected to bring, and the effort that follows it. Never says who is easy
or hard to help: taking the easiest first (creaming) and leaving the hardest unhelped (parking) come out of the pay.

References
----------
Carter, E. and Whitworth, A. (2015), "Creaming and parking in quasi-marketised welfare-to-work schemes", Journal of
Social Policy 44(2); Rees, J., Whitworth, A. and Carter, E. (2014), "Support for all in the UK Work Programme?", Social
Policy and Administration 48(2).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demandsim.errors import RequestError
from demandsim.labels import N_STATES

#: Columns of the hazards and log ratios read here.
PROVIDER_MOVES: Final = ("sudden", "up", "down", "exit")

_ROUNDING: Final = 1e-9
#: A share of the caseload too small to be anybody.
_NOTHING: Final = 1e-13

Floats = NDArray[np.float64]


def provider_worth(
    hazards: ArrayLike,
    exit_to: ArrayLike,
    help_log_ratio: ArrayLike,
    length: float,
    progression: float,
    mix: ArrayLike | None = None,
) -> Floats:
    """Pay that a case begun in each state of a need can be expected to bring.

    Parameters
    ----------
    hazards : array of float, shape (5, 4)
        Per month, of a typical household without help: straight to crisis, one state up, one state down, exit, from
        each state. Moves that a state does not have are not read.
    exit_to : array of int, shape (5,)
        Position of the state that an exit leads to.
    help_log_ratio : array of float, shape (5, 4)
        Log hazard ratios of help on the same moves.
    length : float
        Mean months in help; lengths are exponential, as in the model.
    progression : float
        From 0, pay for numbers reaching the target, to 1, pay for progress. Between the two, pay is shared in
        proportion.
    mix : array of float, shape (5,), optional
        Shares of the caseload as now, by state. Total pay for this caseload is the same however it is paid for. Left
        out, the four states of need count alike.

    Returns
    -------
    numpy.ndarray, shape (5,)
        In payments for one need ended. Nought for `none`: no case begins there.

    Raises
    ------
    RequestError
        If a shape, hazard, length or share makes no sense.

    Notes
    -----
    *Numerical target*: one payment if the need has ended within the case, whoever would have done so anyway. The worth
    of a case is the probability of that under help.

    *Progression*: rungs climbed by the end of the case are paid at a rate that is set by what people who start in that
    state climb without help, and only above it. The worth of a case is (climbed with help - climbed without) / climbed
    without. Paying the bare difference instead would favour those in the middle, where hazards leave most to gain.
    A case ends when its need does, in both.
    """
    rates, ratios, leads_to = _checked(hazards, help_log_ratio, exit_to)
    if not (math.isfinite(length) and length > 0.0):
        raise RequestError(f"A case must last longer than 0 months, not {length!r}.")
    if not 0.0 <= progression <= 1.0:
        raise RequestError(f"How far pay is for progression is a share between 0 and 1, not {progression!r}.")
    shares = np.array([0.0, 1.0, 1.0, 1.0, 1.0]) / 4.0 if mix is None else _checked_mix(mix)
    with_help = _states_at_end(rates * np.exp(ratios), leads_to, length)
    without = _states_at_end(rates, leads_to, length)
    target = with_help[:, 0].copy()
    target[0] = 0.0
    progress = _relative_gain(_climbed(with_help), _climbed(without))
    if shares @ progress <= _NOTHING:
        progress = np.array([0.0, 1.0, 1.0, 1.0, 1.0])  # nothing is gained anywhere, so nobody is preferred
    progress *= (shares @ target) / (shares @ progress)
    return np.asarray((1.0 - progression) * target + progression * progress)


def provider_effort(
    worth: ArrayLike, mix: ArrayLike, follows_pay: float = 1.0, least: float = 0.2, most: float = 2.0
) -> Floats:
    """Effort spent on a case in each state, relative to the mean of the caseload.

    Parameters
    ----------
    worth : array of float, shape (5,)
        Pay expected of a case, from :func:`provider_worth`.
    mix : array of float, shape (5,)
        Shares of the caseload by state.
    follows_pay : float
        Share of effort that follows pay; the rest is the same for everybody. At 0 effort is 1 in every state.
    least, most : float
        Bounds of the part that follows pay: no more than 1, and no less than 1.

    Returns
    -------
    numpy.ndarray, shape (5,)
        Mean 1 over the caseload: paying differently moves effort, it makes none.

    Raises
    ------
    RequestError
        If a shape, share or bound makes no sense.

    Notes
    -----
    The part that follows pay is proportional to worth within the bounds. If all who bring any pay are at the upper
    bound and time is left over, the rest share it alike.
    """
    pay, shares = _checked_worth(worth), _checked_mix(mix)
    if not 0.0 <= follows_pay <= 1.0:
        raise RequestError(f"The share of effort that follows pay is between 0 and 1, not {follows_pay!r}.")
    if not 0.0 <= least <= 1.0 <= most < math.inf:
        raise RequestError(f"Effort is bounded below by 0 to 1 and above by 1 or more, not by {least!r} and {most!r}.")
    paid = pay > 0.0
    if not paid.any():
        return np.ones(N_STATES)
    scales = np.sort(np.concatenate(([0.0], least / pay[paid], most / pay[paid])))
    means = np.array([shares @ np.clip(scale * pay, least, most) for scale in scales])
    if means[-1] >= 1.0 - _NOTHING:
        following = np.clip(np.interp(1.0, means, scales) * pay, least, most)
    else:
        left_over = (1.0 - most * shares[paid].sum()) / shares[~paid].sum()
        following = np.where(paid, most, min(max(left_over, least), most))
    return np.asarray(1.0 + follows_pay * (following - 1.0))


def caseload_mix(hazards: ArrayLike, exit_to: ArrayLike, opens_at: int, closes_above: int) -> Floats:
    """Shares of households in each state that a line takes, in the long run and without help.

    Parameters
    ----------
    hazards : array of float, shape (5, 4)
        As in :func:`provider_worth`.
    exit_to : array of int, shape (5,)
        Position of the state that an exit leads to.
    opens_at, closes_above : int
        Positions of the least and the most severe state that the line takes.

    Returns
    -------
    numpy.ndarray, shape (5,)
        Sums to 1 over the line's states. If the need never arises, these count alike.

    Raises
    ------
    RequestError
        If a shape, hazard or state makes no sense.
    """
    rates, _, leads_to = _checked(hazards, np.zeros((N_STATES, len(PROVIDER_MOVES))), exit_to)
    if not 1 <= opens_at <= closes_above < N_STATES:
        raise RequestError(f"A line takes states of need from 1 to {N_STATES - 1}, not {opens_at} to {closes_above}.")
    moves = _generator(rates, leads_to)
    # Long-run shares: what flows into each state flows out of it, and all shares sum to 1.
    balance = np.vstack((moves.T, np.ones(N_STATES)))
    shares = np.linalg.lstsq(balance, np.eye(N_STATES + 1)[-1], rcond=None)[0].clip(min=0.0)
    in_band = np.zeros(N_STATES)
    in_band[opens_at : closes_above + 1] = shares[opens_at : closes_above + 1]
    if in_band.sum() <= _ROUNDING:
        in_band[opens_at : closes_above + 1] = 1.0
    return np.asarray(in_band / in_band.sum())


def _generator(rates: Floats, leads_to: NDArray[np.int64]) -> Floats:
    """Hazards of each move from state to state, with what leaves a state on the diagonal."""
    moves = np.zeros((N_STATES, N_STATES))
    for state in range(N_STATES):
        sudden, up, down, leave = rates[state]
        if state < N_STATES - 1:
            moves[state, -1] += sudden
            moves[state, state + 1] += up
        if state > 0:
            moves[state, state - 1] += down
        if leads_to[state] != state:
            moves[state, leads_to[state]] += leave
    return moves - np.diag(moves.sum(axis=1))


def _states_at_end(rates: Floats, leads_to: NDArray[np.int64], length: float) -> Floats:
    """Probability of each state at the end of a case, by the state it began in; a need that ends ends the case.

    For a chain with generator Q stopped at an exponential time of mean L it is the inverse of (I - L Q).
    """
    moves = _generator(rates, leads_to)
    moves[0] = 0.0
    return np.asarray(np.linalg.inv(np.eye(N_STATES) - length * moves))


def _climbed(at_end: Floats) -> Floats:
    """Mean number of states by which a need has eased at the end; one that has grown counts nothing."""
    states = np.arange(N_STATES)
    return np.asarray((at_end * np.maximum(states[:, None] - states[None, :], 0)).sum(axis=1))


def _relative_gain(with_help: Floats, without: Floats) -> Floats:
    gain = np.maximum(with_help - without, 0.0)
    gain[gain < _ROUNDING * np.maximum(without, _ROUNDING)] = 0.0  # rounding is not a gain
    return np.divide(gain, without, out=np.zeros(N_STATES), where=without > 0.0)


def _checked(hazards: ArrayLike, log_ratios: ArrayLike, exit_to: ArrayLike) -> tuple[Floats, Floats, NDArray[np.int64]]:
    rates, ratios = np.asarray(hazards, np.float64), np.asarray(log_ratios, np.float64)
    shape = (N_STATES, len(PROVIDER_MOVES))
    if rates.shape != shape or ratios.shape != shape:
        raise RequestError(f"Hazards and log ratios are of shape {shape}, not {rates.shape} and {ratios.shape}.")
    if not np.all(np.isfinite(rates) & (rates >= 0.0)) or not np.all(np.isfinite(ratios)):
        raise RequestError("A hazard is negative, or a hazard or log ratio is not finite.")
    leads_to = np.asarray(exit_to, np.int64)
    if leads_to.shape != (N_STATES,) or leads_to.min() < 0 or leads_to.max() >= N_STATES:
        raise RequestError(f"Exits lead to one of {N_STATES} states from each of them, not to {exit_to!r}.")
    return rates, ratios, leads_to


def _checked_worth(worth: ArrayLike) -> Floats:
    pay = np.asarray(worth, np.float64)
    if pay.shape != (N_STATES,) or not np.all(np.isfinite(pay) & (pay >= 0.0)):
        raise RequestError(f"Worth is {N_STATES} numbers, none negative.")
    return pay


def _checked_mix(mix: ArrayLike) -> Floats:
    shares = np.asarray(mix, np.float64)
    if shares.shape != (N_STATES,) or not np.all(shares >= 0.0) or abs(shares.sum() - 1.0) > _ROUNDING:
        raise RequestError(f"A caseload needs {N_STATES} shares by state, none negative, that sum to 1.")
    return shares
