"""What a stream of costs and gains is worth today, by the Green Book's rules.

Takes flows in GBP by year from the base year and a discount schedule; gives present values, ratios and payback.
Never adds one kind of value to another, nor corrects for optimism without showing the uncorrected figure.

References
----------
HM Treasury (2022), The Green Book: appraisal and evaluation in central government; HM Treasury, Supplementary Green
Book guidance: optimism bias.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from demandsim.comparison.discounting import DiscountSchedule, Segment, annuity, discount_factor, schedule_on
from demandsim.errors import RequestError

__all__ = [
    "VALUE_KINDS",
    "Beside",
    "DiscountSchedule",
    "Flows",
    "Segment",
    "Stream",
    "Worth",
    "annuity",
    "appraise",
    "benefit_cost_ratio",
    "beside_optimism_bias",
    "discount_factor",
    "net_by_payer",
    "net_present_value",
    "payback_year",
    "present_value",
    "schedule_on",
]

#: Kinds of value, which are reported side by side and never summed.
VALUE_KINDS: Final = ("fiscal", "economic", "social")

Flows = Mapping[int, float]
"""GBP of constant prices by whole years from the base year, which is year 0."""


def present_value(flows_by_year: Flows, schedule: DiscountSchedule) -> float:
    """Worth today of amounts by year from the base year.

    Raises
    ------
    RequestError
        If a year is negative or beyond the schedule.
    """
    return math.fsum(_discounted(flows_by_year, schedule).values())


def net_present_value(costs: Flows, benefits: Flows, schedule: DiscountSchedule) -> float:
    """Present value of the benefits less that of the costs; both are given as positive amounts."""
    return present_value(benefits, schedule) - present_value(costs, schedule)


def benefit_cost_ratio(costs: Flows, benefits: Flows, schedule: DiscountSchedule) -> float | None:
    """Present value of the benefits for each pound of present cost.

    Returns
    -------
    float or None
        None where the present cost is not above 0: what saves money has no price for its benefits.
    """
    return _ratio(present_value(benefits, schedule), present_value(costs, schedule))


def payback_year(costs: Flows, benefits: Flows, schedule: DiscountSchedule | None = None) -> int | None:
    """First year by which the gains so far have repaid the costs so far, and from which they stay repaid.

    Parameters
    ----------
    costs, benefits : mapping of int to float
        Positive amounts by year from base. The horizon is the last year named in either.
    schedule : DiscountSchedule, optional
        Discounts the flows first; without it they are counted as they are.

    Returns
    -------
    int or None
        None if that never happens within the horizon, or if there is no flow to repay.
    """
    if schedule is not None:
        costs, benefits = _discounted(costs, schedule), _discounted(benefits, schedule)
    years = sorted({*costs, *benefits})
    touched = [year for year in years if costs.get(year, 0.0) or benefits.get(year, 0.0)]
    if not touched:
        return None
    years = years[years.index(touched[0]) :]  # before the first flow there is nothing to be ahead of
    answer: int | None = None
    for position, year in enumerate(years):
        past = years[: position + 1]
        # Summed afresh and exactly, so that a debt repaid to the penny is not lost to rounding.
        standing = math.fsum([benefits.get(y, 0.0) for y in past] + [-costs.get(y, 0.0) for y in past])
        if standing < 0.0:
            answer = None
        elif answer is None:
            answer = year
    return answer


@dataclass(frozen=True)
class Stream:
    """Costs and benefits of one kind, discounted by one schedule.

    Parameters
    ----------
    kind : str
        One of `VALUE_KINDS`.
    schedule : DiscountSchedule
        Health effects may use their own.
    costs, benefits : mapping of int to float
        Positive amounts in GBP by year from base. Transfers belong to the fiscal kind only.
    """

    kind: str
    schedule: DiscountSchedule
    costs: Flows = field(default_factory=dict)
    benefits: Flows = field(default_factory=dict)


@dataclass(frozen=True)
class Worth:
    """What streams of one kind come to, in present GBP; see the functions of the same names."""

    kind: str
    present_cost: float
    present_benefit: float
    net_present_value: float
    benefit_cost_ratio: float | None
    payback_year: int | None


def appraise(streams: Iterable[Stream]) -> dict[str, Worth]:
    """Appraise each kind of value by itself.

    Parameters
    ----------
    streams : iterable of Stream
        Streams of the same kind are added after each is discounted by its own schedule.

    Returns
    -------
    dict of str to Worth
        By kind, in the order of `VALUE_KINDS`; only the kinds given. There is no total, on purpose: money in a
        budget and value to society are not the same pounds.

    Raises
    ------
    RequestError
        If a kind is unknown or a year is beyond its schedule.
    """
    costs: dict[str, dict[int, float]] = {}
    benefits: dict[str, dict[int, float]] = {}
    for stream in streams:
        if stream.kind not in VALUE_KINDS:
            raise RequestError(f"There is no value kind `{stream.kind}`. Kinds: {', '.join(VALUE_KINDS)}.")
        for book, flows in ((costs, stream.costs), (benefits, stream.benefits)):
            entry = book.setdefault(stream.kind, {})
            for year, amount in _discounted(flows, stream.schedule).items():
                entry[year] = entry.get(year, 0.0) + amount
    return {kind: _worth(kind, costs[kind], benefits[kind]) for kind in VALUE_KINDS if kind in costs}


def net_by_payer(costs: Mapping[str, float], gains: Mapping[str, float]) -> dict[str, float]:
    """Gains less costs of each payer, so that a payer who pays for another's gain is seen.

    Returns
    -------
    dict of str to float
        Every payer named in either, payers with costs first in the order given; in the unit given.
    """
    return {payer: gains.get(payer, 0.0) - costs.get(payer, 0.0) for payer in {**costs, **gains}}


@dataclass(frozen=True)
class Beside:
    """A figure as estimated and the same figure corrected for optimism, to be shown side by side."""

    as_estimated: float
    corrected: float


def beside_optimism_bias(
    gbp_by_grade: Mapping[str, float], bias_by_grade: Mapping[str, float], *, side: Literal["cost", "benefit"]
) -> Beside:
    """Correct an amount for optimism by the grade of its evidence, keeping the uncorrected amount beside it.

    Parameters
    ----------
    gbp_by_grade : mapping of str to float
        The amount, by evidence grade of what it rests on.
    bias_by_grade : mapping of str to float
        Share to correct by, for instance ``{"published": 0.05, "assumed": 0.40}``.
    side : {"cost", "benefit"}
        Costs are corrected upwards and benefits downwards, also where an amount is negative.

    Returns
    -------
    Beside
        Both totals. The correction answers another question than the sampled uncertainty: do not multiply them.

    Raises
    ------
    RequestError
        If a grade has no bias, a bias is negative, or `side` is neither.
    """
    if side not in ("cost", "benefit"):
        raise RequestError(f"The side must be `cost` or `benefit`, not `{side}`.")
    if missing := sorted(set(gbp_by_grade) - set(bias_by_grade)):
        raise RequestError(f"No optimism bias is given for evidence graded {', '.join(missing)}.")
    if negative := sorted(grade for grade, bias in bias_by_grade.items() if not bias >= 0.0):
        raise RequestError(f"Optimism bias must be at least 0; it is not for {', '.join(negative)}.")
    direction = 1.0 if side == "cost" else -1.0
    total = math.fsum(gbp_by_grade.values())
    correction = math.fsum(bias_by_grade[grade] * abs(gbp) for grade, gbp in gbp_by_grade.items())
    return Beside(as_estimated=total, corrected=total + direction * correction)


def _discounted(flows: Flows, schedule: DiscountSchedule) -> dict[int, float]:
    return {year: amount * discount_factor(float(year), schedule) for year, amount in flows.items()}


def _ratio(present_benefit: float, present_cost: float) -> float | None:
    return present_benefit / present_cost if present_cost > 0.0 else None


def _worth(kind: str, costs: Flows, benefits: Flows) -> Worth:
    present_cost, present_benefit = math.fsum(costs.values()), math.fsum(benefits.values())
    return Worth(
        kind=kind,
        present_cost=present_cost,
        present_benefit=present_benefit,
        net_present_value=present_benefit - present_cost,
        benefit_cost_ratio=_ratio(present_benefit, present_cost),
        payback_year=payback_year(costs, benefits),
    )
