"""What probability theory says a need must do: survival under a constant hazard, and chains of months.

Takes hazards or a transition matrix; gives survival, means and distributions over states.
Never simulates: the engine's need moves are compared with these.

References
----------
Cox, D. R. and Oakes, D. (1984), Analysis of survival data, ch. 2; Grassmann, W. K., Taksar, M. I. and Heyman, D. P.
(1985), "Regenerative analysis and steady state distributions for Markov chains", Operations Research 33(5).
"""

from __future__ import annotations

import math
from typing import Any, Final, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demandsim.errors import RequestError

_ROUNDING: Final = 1e-9

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@overload
def survival(hazard: float, time: float) -> float: ...
@overload
def survival(hazard: float, time: NDArray[Any]) -> Vector: ...
def survival(hazard: float, time: ArrayLike) -> float | Vector:
    """Probability that nothing has happened by a time, under a constant hazard.

    Parameters
    ----------
    hazard : float
        Per unit of time, at least 0.
    time : float or array of float
        In the same unit, at least 0.

    Returns
    -------
    float or numpy.ndarray
        A number for a number, an array of the same shape for an array.

    Raises
    ------
    RequestError
        If the hazard or a time is negative.
    """
    _check_hazard(hazard)
    elapsed = np.asarray(time, dtype=np.float64)
    if not np.all(elapsed >= 0.0):
        raise RequestError("Survival is asked for at a time below 0.")
    alive = np.exp(-hazard * elapsed)
    return float(alive) if elapsed.ndim == 0 else alive


def mean_duration(hazard: float) -> float:
    """Mean time until something with a constant hazard happens; endless (``inf``) for a hazard of 0.

    Raises
    ------
    RequestError
        If the hazard is negative.
    """
    _check_hazard(hazard)
    return 1.0 / hazard if hazard > 0.0 else math.inf


def transition_matrix(hazards: ArrayLike) -> Matrix:
    """Probabilities of the moves of one step in which hazards compete and at most one move happens.

    Parameters
    ----------
    hazards : array of float, shape (states, states)
        Hazard per step of the move from the row's state to the column's; the diagonal is not read.

    Returns
    -------
    numpy.ndarray, shape (states, states)
        Each row: ``1 - exp(-sum)`` shared among the moves in proportion to their hazards, the rest on the diagonal.

    Raises
    ------
    RequestError
        If the array is not square or a hazard is negative or not finite.
    """
    rates = np.array(hazards, dtype=np.float64)
    if rates.ndim != 2 or rates.shape[0] != rates.shape[1]:
        raise RequestError(f"Hazards between states make a square table, not one of shape {rates.shape}.")
    np.fill_diagonal(rates, 0.0)
    if not np.all(np.isfinite(rates) & (rates >= 0.0)):
        raise RequestError("A hazard between states is negative or not finite.")
    total = rates.sum(axis=1)
    p_any = -np.expm1(-total)
    moves: Matrix = rates * np.divide(p_any, total, out=np.zeros_like(total), where=total > 0.0)[:, None]
    np.fill_diagonal(moves, np.exp(-total))
    return moves


def hazards_behind(transition: ArrayLike) -> Matrix:
    """Hazards whose competition in one step gives these probabilities: the inverse of :func:`transition_matrix`.

    Parameters
    ----------
    transition : array of float, shape (states, states)
        Row: from, column: to; rows sum to 1, and every state is one that a household may stay in.

    Returns
    -------
    numpy.ndarray, shape (states, states)
        Hazard per step of the move from the row's state to the column's; 0 on the diagonal.

    Raises
    ------
    RequestError
        If the matrix makes no sense, or a state is left for certain, which no finite hazard gives.
    """
    matrix = _checked_transition(transition).copy()
    stays = np.diag(matrix).copy()
    if not np.all(stays > 0.0):
        raise RequestError("A state that is left for certain within a step has no finite hazards.")
    np.fill_diagonal(matrix, 0.0)
    leaves = matrix.sum(axis=1)
    # Per unit of probability: log1p keeps its digits where hardly anybody leaves, and 1 is its limit there.
    scale = np.divide(-np.log1p(-leaves), leaves, out=np.ones_like(leaves), where=leaves > 0.0)
    hazards: Matrix = matrix * scale[:, None]
    return hazards


def state_distribution(transition: ArrayLike, start: int | ArrayLike, n: int) -> Vector:
    """Distribution over states after a number of steps.

    Parameters
    ----------
    transition : array of float, shape (states, states)
        Row: from, column: to; rows sum to 1.
    start : int or array of float, shape (states,)
        A state's position, or a distribution over states.
    n : int
        Number of steps, at least 0.

    Returns
    -------
    numpy.ndarray, shape (states,)
        Sums to 1.

    Raises
    ------
    RequestError
        If the matrix, the start or the number of steps makes no sense.
    """
    matrix = _checked_transition(transition)
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 0:
        raise RequestError(f"The number of steps must be a whole number of at least 0, not {n!r}.")
    after: Vector = _checked_start(start, len(matrix)) @ np.linalg.matrix_power(matrix, int(n))
    return after


def stationary_distribution(transition: ArrayLike) -> Vector:
    """Distribution over states that a step leaves as it is: the share of months spent in each, in the long run.

    Parameters
    ----------
    transition : array of float, shape (states, states)
        Row: from, column: to; rows sum to 1.

    Returns
    -------
    numpy.ndarray, shape (states,)
        Sums to 1; states that are left for ever have 0.

    Raises
    ------
    RequestError
        If the matrix makes no sense, or has several sets of states that nobody leaves, so that the answer depends on
        the start.

    Notes
    -----
    States are eliminated one by one without a subtraction (Grassmann, Taksar and Heyman), so that rare states keep
    their relative precision.
    """
    matrix = _checked_transition(transition)
    kept = _recurrent_states(matrix)
    left = matrix[np.ix_(kept, kept)].copy()
    for last in range(len(kept) - 1, 0, -1):
        left[:last, last] /= left[last, :last].sum()
        left[:last, :last] += np.outer(left[:last, last], left[last, :last])
    weights = np.ones(len(kept))
    for state in range(1, len(kept)):
        weights[state] = weights[:state] @ left[:state, state]
    result = np.zeros(len(matrix))
    result[kept] = weights / weights.sum()
    return result


def _recurrent_states(matrix: Matrix) -> NDArray[np.int64]:
    reach = (matrix > 0.0) | np.eye(len(matrix), dtype=bool)
    for _ in range(len(matrix)):
        reach = reach @ reach
    # A state is recurrent if it can be reached again from wherever it leads.
    recurrent = np.flatnonzero(np.all(~reach | reach.T, axis=1))
    if not np.all(reach[np.ix_(recurrent, recurrent)]):
        raise RequestError("Several sets of states are never left, so there is no one stationary distribution.")
    return recurrent


def _checked_transition(transition: ArrayLike) -> Matrix:
    matrix = np.asarray(transition, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not len(matrix):
        raise RequestError(f"A transition matrix is square, not of shape {matrix.shape}.")
    if not np.all(matrix >= 0.0):
        raise RequestError("A transition probability is negative or not a number.")
    if not np.all(np.abs(matrix.sum(axis=1) - 1.0) <= _ROUNDING):
        raise RequestError("The rows of a transition matrix must each sum to 1.")
    return matrix


def _checked_start(start: int | ArrayLike, n_states: int) -> Vector:
    if isinstance(start, (int, np.integer)):
        if not 0 <= start < n_states:
            raise RequestError(f"There is no state {start}; states are 0 to {n_states - 1}.")
        certain: Vector = np.eye(n_states)[start]
        return certain
    shares = np.asarray(start, dtype=np.float64)
    if shares.shape != (n_states,) or not np.all(shares >= 0.0) or abs(shares.sum() - 1.0) > _ROUNDING:
        raise RequestError(f"A starting distribution needs {n_states} shares, none negative, that sum to 1.")
    return shares


def _check_hazard(hazard: float) -> None:
    if not (math.isfinite(hazard) and hazard >= 0.0):
        raise RequestError(f"A hazard must be a finite number of at least 0, not {hazard!r}.")
