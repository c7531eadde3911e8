"""Several policies at once: what each further unit of outcome costs, and which policies are never worth choosing.

Takes cost and outcome of policies that exclude one another; gives increments and dominance. Never says what a unit of
outcome is worth.

References
----------
Johannesson, M. and Weinstein, M. C. (1993), "On the decision rules of cost-effectiveness analysis", Journal of Health
Economics 12(4); Karlsson, G. and Johannesson, M. (1996), "The decision rules of cost-effectiveness analysis",
PharmacoEconomics 9(2).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from demandsim.errors import RequestError

Status = Literal["on the frontier", "dominated", "extendedly dominated"]


@dataclass(frozen=True)
class Increment:
    """One policy beside the next cheaper one that is worth choosing at some price.

    Attributes
    ----------
    name : str
        The policy.
    cost, outcome : float
        As given.
    status : str
        ``dominated``: another gives at least as much for no more money. ``extendedly dominated``: a mixture of two
        others does.
    against : str
        The policy compared with; empty for the cheapest and for a dominated one.
    cost_more, outcome_more : float or None
        Difference from it; None where there is none.
    cost_per_unit : float or None
        Incremental cost-effectiveness ratio: the former over the latter.
    """

    name: str
    cost: float
    outcome: float
    status: Status
    against: str = ""
    cost_more: float | None = None
    outcome_more: float | None = None
    cost_per_unit: float | None = None


def compare_incrementally(policies: Mapping[str, tuple[float, float]]) -> tuple[Increment, ...]:
    """Order policies by cost, drop what is dominated, and price each step up the rest.

    Parameters
    ----------
    policies : mapping of str to (cost, outcome)
        Policies of which one is chosen; more of the outcome is better.

    Returns
    -------
    tuple of Increment
        The frontier by rising cost, then the dominated ones by rising cost. Along the frontier the price of a further
        unit rises. Of policies equal in cost and outcome the first named is kept.

    Raises
    ------
    RequestError
        If there is no policy, or a figure is not a finite number.
    """
    if not policies:
        raise RequestError("There is nothing to compare: no policy was given.")
    if odd := [name for name, pair in policies.items() if not all(math.isfinite(figure) for figure in pair)]:
        raise RequestError(f"Cost and outcome must be finite numbers; they are not for {', '.join(odd)}.")
    by_cost = sorted(policies, key=lambda name: (policies[name][0], -policies[name][1]))
    efficient: list[str] = []
    for name in by_cost:
        if not efficient or policies[name][1] > policies[efficient[-1]][1]:
            efficient.append(name)
    frontier: list[str] = []
    for name in efficient:
        # A step that costs more a unit than the step after it is beaten by a mixture of its neighbours.
        while len(frontier) > 1 and _price(policies, frontier[-2], frontier[-1]) >= _price(
            policies, frontier[-1], name
        ):
            frontier.pop()
        frontier.append(name)
    rows = [_increment(policies, name, frontier[place - 1] if place else "") for place, name in enumerate(frontier)]
    for name in by_cost:
        if name not in frontier:
            status: Status = "extendedly dominated" if name in efficient else "dominated"
            rows.append(Increment(name, *policies[name], status))
    return tuple(rows)


def _price(policies: Mapping[str, tuple[float, float]], cheaper: str, dearer: str) -> float:
    (cost, outcome), (more_cost, more_outcome) = policies[cheaper], policies[dearer]
    return (more_cost - cost) / (more_outcome - outcome)


def _increment(policies: Mapping[str, tuple[float, float]], name: str, against: str) -> Increment:
    cost, outcome = policies[name]
    if not against:
        return Increment(name, cost, outcome, "on the frontier")
    base_cost, base_outcome = policies[against]
    more = (cost - base_cost, outcome - base_outcome)
    return Increment(name, cost, outcome, "on the frontier", against, *more, _price(policies, against, name))
