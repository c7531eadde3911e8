"""Which runs payments fixed beforehand should hold in: the best choice of k runs, with a bound that no choice beats.

Takes losses by purse and run; gives what each purse needs, its worst loss among the runs chosen. The choice is a
mixed-integer programme with one yes-or-no a run; its rows are few because a purse always needs at least its own k-th
smallest loss. With more than `MOST_SOLVED` runs it is not solved: runs are then dropped one by one and the needs
tightened, and the bound is what each purse needs by itself. A bound is always given, so a choice that may not be the
best is never told as the best.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Branches looked at, with 100 runs or fewer, before the best choice so far is taken with the bound proved so far;
#: in proportion fewer with more runs. A count and not a time, so that the answer does not depend on the machine.
MOST_NODES: Final = 1_000
MOST_SOLVED: Final = 400
#: Sums within this share of the largest loss are one.
_SAME: Final = 1e-9
#: What the solver says when there is no solution at all.
_INFEASIBLE: Final = 2
#: How much the gain of those who could pay weighs against the need of those who lose, when dropping one by one.
_WEIGHTS: Final = (1.0, 0.3, 0.1, 0.03)


def choose_runs(
    losses: NDArray[np.float64], k: int, goal: str, most_nodes: int = MOST_NODES
) -> tuple[NDArray[np.float64], float]:
    """Choose k runs, or more where that costs nothing.

    Parameters
    ----------
    losses : array, shape (purses, runs)
        GBP; plus is a loss.
    k : int
    goal : {"total", "missing"}
        Least paid over among choices in which the gains of the others suffice, or least that is lacking. Where they
        suffice in none, ``total`` gives the needs of a choice that lacks something.
    most_nodes : int
        Branches looked at with 100 runs or fewer.

    Returns
    -------
    needs : array, shape (purses,)
    bound : float
        No choice does better; infinite where it is proved that nothing suffices.
    """
    floor = np.sort(losses, axis=1)[:, k - 1]
    worth = total_needed if goal == "total" else _sum
    n_runs = losses.shape[1]
    if k == n_runs:
        return floor, worth(floor)
    needs = _choose_by_hand(losses, k, goal)
    if n_runs > MOST_SOLVED:
        return needs, worth(floor)
    nodes = max(1, most_nodes * 100 // max(100, n_runs))
    solved, bound = _solve(losses, k, floor, nodes, goal)
    if solved is not None and _rank(solved, losses, goal) <= _rank(needs, losses, goal):
        needs = solved
    bound = max(worth(floor), bound)
    # What suffices within rounding bounds itself, whatever the solver makes of the last digit.
    suffices = not _rank(needs, losses, goal)[0]
    return needs, min(bound, worth(needs)) if suffices or goal == "missing" else bound


def total_needed(needs: NDArray[np.float64]) -> float:
    """What those who lose need together."""
    return float(np.maximum(needs, 0.0).sum())


def rounding_of(losses: NDArray[np.float64]) -> float:
    """Sums of these figures that differ by less are the same."""
    return _SAME * max(1.0, float(np.abs(losses).max()))


def _sum(needs: NDArray[np.float64]) -> float:
    return float(needs.sum())


def _rank(needs: NDArray[np.float64], losses: NDArray[np.float64], goal: str) -> tuple[bool, float]:
    """Order choices: first those in which gains suffice, then the cheapest."""
    lacks = _sum(needs) > rounding_of(losses)
    return lacks, _sum(needs) if lacks or goal == "missing" else total_needed(needs)


def _choose_by_hand(losses: NDArray[np.float64], k: int, goal: str) -> NDArray[np.float64]:
    """A good choice without a proof."""
    floor = np.sort(losses, axis=1)[:, k - 1]
    found = []
    for weight in _WEIGHTS if goal == "total" else _WEIGHTS[:1]:
        kept = _drop_one_by_one(losses, k, np.where(floor > 0.0, 1.0, weight))
        needs = _tighten(losses, losses[:, kept].max(axis=1), k)
        found.append(_spend_surplus(losses, needs, k) if goal == "total" else needs)
    return min(found, key=lambda needs: _rank(needs, losses, goal))


def _drop_one_by_one(losses: NDArray[np.float64], k: int, weights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Drop, one by one, the run whose going lowers the weighted sum of needs most."""
    kept = np.ones(losses.shape[1], dtype=bool)
    for _ in range(losses.shape[1] - k):
        left = np.nonzero(kept)[0]
        here = losses[:, left]
        worst = np.unique(here.argmax(axis=1))
        sums = [float(weights @ np.delete(here, run, axis=1).max(axis=1)) for run in worst]
        kept[left[worst[int(np.argmin(sums))]]] = False
    return kept


def _tighten(losses: NDArray[np.float64], needs: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Lower each need, the largest first, as far as k runs still hold."""
    needs = needs.copy()
    holds = losses <= needs[:, None]
    for purse in np.argsort(-needs, kind="stable"):
        others = np.delete(holds, purse, axis=0).all(axis=0)
        needs[purse] = np.sort(losses[purse, others])[k - 1]
        holds[purse] = losses[purse] <= needs[purse]
    return needs


def _spend_surplus(losses: NDArray[np.float64], needs: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Ask less of one of those who gain, where the others' gain suffices, if the needs of those who lose then fall."""
    for _ in range(len(needs)):
        surplus = -_sum(needs)
        tries = [needs]
        for purse in np.nonzero(needs < 0.0)[0] if surplus > 0.0 else ():
            eased = needs.copy()
            eased[purse] = min(0.0, eased[purse] + surplus)
            tries.append(_tighten(losses, eased, k))
        best = min(tries, key=lambda one: _rank(one, losses, "total"))
        if total_needed(best) >= total_needed(needs):
            return needs
        needs = best
    return needs


def _rows(size: int, entries: list[tuple[Any, Any, Any]], n_rows: int) -> Any:
    """A matrix of so many columns from figures, their rows and their columns."""
    from scipy.sparse import csr_array

    figures, at, columns = (np.concatenate([np.asarray(entry[i]) for entry in entries]) for i in range(3))
    return csr_array((figures, (at, columns)), shape=(n_rows, size))


def _solve(
    losses: NDArray[np.float64], k: int, floor: NDArray[np.float64], most_nodes: int, goal: str
) -> tuple[NDArray[np.float64] | None, float]:
    """The mixed-integer programme: needs above the floor, what is paid over, and which runs are let go."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    n, n_runs = losses.shape
    scale = float(np.abs(losses).max()) or 1.0
    base, above = floor / scale, (losses - floor[:, None]) / scale
    purse, run = np.nonzero(above > 0.0)
    need, paid, gone = np.arange(n), n + np.arange(n), 2 * n + np.arange(n_runs)
    size = 2 * n + n_runs
    each, ones = np.arange(len(purse)), np.ones(n)
    covered = _rows(size, [(np.ones(len(purse)), each, need[purse]), (above[purse, run], each, gone[run])], len(purse))
    counted = _rows(size, [(ones, need, paid), (-ones, need, need)], n)
    let_go = _rows(size, [(np.ones(n_runs), np.zeros(n_runs, int), gone)], 1)
    limits = [
        LinearConstraint(covered, lb=above[purse, run]),
        LinearConstraint(counted, lb=base),
        LinearConstraint(let_go, ub=n_runs - k),
    ]
    if goal == "total":
        limits.append(LinearConstraint(_rows(size, [(ones, np.zeros(n, int), need)], 1), ub=-base.sum()))
    aim = np.zeros(size)
    aim[paid if goal == "total" else need] = 1.0
    whole = (np.arange(size) >= 2 * n).astype(int)
    ends = Bounds(np.zeros(size), np.where(whole, 1.0, np.inf))
    found = milp(
        aim,
        integrality=whole,
        bounds=ends,
        constraints=limits,
        options={"node_limit": most_nodes, "mip_rel_gap": 1e-9},
    )
    start = 0.0 if goal == "total" else float(base.sum())
    reached = -np.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
    if found.x is None:
        return None, float("inf") if found.status == _INFEASIBLE else (reached + start) * scale
    kept = found.x[gone] < 0.5
    return np.asarray(losses[:, kept].max(axis=1)), (reached + start) * scale
