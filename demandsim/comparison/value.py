"""A policy appraised by the Treasury's rules: fiscal value by agency, economic and social value, each apart.

Takes a comparison whose results carry the beliefs of `appraisal`; gives accounts. *Fiscal* is the cash of public
agencies, transfers included. *Economic* is what others pay, and output. *Social* is quality of life. Transfers
(benefits, taxes, charges, fines) count in a budget and are no value to society, so public *resources* leave them out.
The kinds are never added: whoever sets a life against money does so through a stated price (`Appraisal.price_of_life`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from demandsim.comparison.deadweight import Deadweight, count_deadweight
from demandsim.comparison.discounting import read_schedule
from demandsim.comparison.measures import STATE_MONTHS, succeeded
from demandsim.comparison.paired import LUCK, roll_up
from demandsim.comparison.pockets import TOGETHER, Frequency
from demandsim.comparison.worth import Account, Ratio, Runs, appraise_runs, ratio_of
from demandsim.errors import Fault, RequestError
from demandsim.labels import TIERS
from demandsim.parameters.belief import ASSUMED, GRADES

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from demandsim.comparison.paired import Comparison

    Floats = NDArray[np.float64]
    Graded = dict[str, Floats]

#: Purses that are no public agency: what they pay is no public money.
NOT_PUBLIC: Final = ("housing_associations", "voluntary_sector", "households")
#: Names of accounts beyond the purses.
RESOURCES: Final = "resources"
OTHERS: Final = "others"
OUTPUT: Final = "output"
LIFE: Final = "life"
#: At which prices output and a year of life are valued.
PRICES: Final = ("low", "middle", "high")
#: A line whose share of extra spending on help is below this does not decide how well the gains are known.
_MATTERS: Final = 0.05
_NEEDED: Final = ("health_discount_rate", "qaly_value", "output_value", "optimism_bias")


@dataclass(frozen=True)
class PriceOfLife:
    """What society pays for a year of life in full health, transfers left out.

    Parameters
    ----------
    middle : float or None
        GBP for a year: resources spent over years gained, both in the mean, or saved over years lost. None where one is
        spent or saved and the other not gained or lost, so that there is nothing to set against the other.
    is_saving : bool
        Whether resources are saved in the mean.
    years : float
        Mean years gained, discounted at the rate for health.
    spends, gains : Frequency
        Runs in which public resources are spent on balance, and in which quality of life is gained.
    worthwhile : dict of str to Frequency
        By price: runs in which the years gained are worth at least the resources spent.
    """

    middle: float | None
    is_saving: bool
    years: float
    spends: Frequency
    gains: Frequency
    worthwhile: dict[str, Frequency]


class Appraisal:
    """A comparison appraised.

    Parameters
    ----------
    comparison : Comparison

    Raises
    ------
    RequestError
        If its results carry no discount rate or none of the beliefs needed.
    """

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.meta = comparison.meta
        missing = [name for name in _NEEDED if not self.meta.appraisal.get(name)]
        if missing or not self.meta.discount_rate:
            lacking = ", ".join([*missing, *([] if self.meta.discount_rate else ["discount_rate"])])
            raise RequestError(
                Fault(
                    "results, appraisal",
                    f"These results carry no {lacking}, which an appraisal needs.",
                    "They were made by an earlier version: run the study again into a new folder.",
                )
            )
        self.schedule = read_schedule(self.meta.discount_rate)
        self.health_schedule = read_schedule(self.meta.appraisal["health_discount_rate"], "health")
        cash = comparison.cost.values
        self.runs = Runs(np.asarray(np.isfinite(cash.transpose(*LUCK, ...).values).all(axis=(2, 3, 4))))
        rolled = roll_up(cash).transpose("purse", "category", "year", *LUCK)
        self._cash: xr.DataArray = rolled
        self._values: Floats = rolled.values[..., self.runs.ran]

    @property
    def categories(self) -> list[str]:
        """Categories of cost."""
        return [str(name) for name in self._cash["category"].values]

    @property
    def purses(self) -> list[str]:
        """All purses, the council as one."""
        return [str(name) for name in self._cash["purse"].values]

    @cached_property
    def fiscal(self) -> tuple[Account, ...]:
        """Public money, transfers included: each agency, and last all together."""
        parts = [self._sides(purse) for purse in self._public]
        accounts = [self._account(purse, "fiscal", *part) for purse, part in zip(self._public, parts, strict=True)]
        return (*accounts, self._account(TOGETHER, "fiscal", *_joined(parts)))

    @cached_property
    def resources(self) -> Account:
        """Public money, transfers left out: what society gives up."""
        parts = [self._sides(purse, with_transfers=False) for purse in self._public]
        return self._account(RESOURCES, "fiscal", *_joined(parts))

    @cached_property
    def transfers(self) -> Account:
        """Benefits, taxes, charges and fines of public agencies, by themselves."""
        only = [at for at, name in enumerate(self.categories) if self.meta.is_transfer(name)]
        gains = {ASSUMED: -self._values[np.ix_(self._at(self._public), only)].sum(axis=(0, 1))}
        return self._account("transfers", "fiscal", {}, gains)

    @cached_property
    def others(self) -> Account:
        """What those who are no public agency pay, transfers left out."""
        private = [purse for purse in self.purses if purse in NOT_PUBLIC]
        parts = [self._sides(purse, with_transfers=False) for purse in private]
        return self._account(OTHERS, "economic", *_joined(parts))

    @cached_property
    def output(self) -> dict[str, Account]:
        """Output of those no longer out of work, by price."""
        fewer = self._by_year(-self._months("work"))
        price = self.meta.appraisal["output_value"]
        return {at: self._account(OUTPUT, "economic", {}, {ASSUMED: price[at] * fewer}) for at in PRICES}

    @cached_property
    def life(self) -> dict[str, Account]:
        """Quality of life, by the price of a year of life in full health, at the rate for health."""
        price = self.meta.appraisal["qaly_value"]
        years = {ASSUMED: self._years_of_life}
        return {at: self._account(LIFE, "social", {}, {g: price[at] * y for g, y in years.items()}) for at in PRICES}

    @cached_property
    def price_of_life(self) -> PriceOfLife:
        """What a year of life in full health costs in public resources, and in how many runs it is worth that."""
        spent = -self.resources.by_run
        price = self.meta.appraisal["qaly_value"]
        gained = self.life["middle"].by_run / price["middle"]
        has_price = spent.mean() * gained.mean() > 0.0
        return PriceOfLife(
            middle=float(spent.mean() / gained.mean()) if has_price else None,
            is_saving=bool(spent.mean() < 0.0),
            years=float(gained.mean()),
            spends=self.runs.count(spent > 0.0),
            gains=self.runs.count(gained > 0.0),
            worthwhile={at: self.runs.count(gained * price[at] >= spent) for at in PRICES},
        )

    def per_pound(self, account: Account) -> Ratio:
        """What an account is worth for each pound of public resources spent on balance."""
        return ratio_of(account.by_run, -self.resources.by_run)

    @cached_property
    def deadweight(self) -> list[Deadweight]:
        """What services would count as success, and what is really fewer, by need."""
        return count_deadweight(self.comparison, self.runs, self._months)

    @cached_property
    def gain_grade(self) -> str:
        """Weakest evidence among the effects of the lines on which most more is spent; what every gain rests on."""
        more = {
            name: float(self._values[:, at].sum(axis=(0, 1)).mean())
            for at, name in enumerate(self.categories)
            if self.meta.kind(name) in TIERS[:3]
        }
        least = _MATTERS * sum(max(0.0, gbp) for gbp in more.values())
        lines = {name for name, gbp in more.items() if gbp > least}
        grades = [str(one["evidence"]) for one in self.meta.effects.values() if one.get("service") in lines]
        return max(grades, key=GRADES.index, default=ASSUMED)

    @property
    def _public(self) -> list[str]:
        return [purse for purse in self.purses if purse not in NOT_PUBLIC]

    def _at(self, purses: list[str]) -> list[int]:
        return [self.purses.index(purse) for purse in purses]

    def _sides(self, purse: str, with_transfers: bool = True) -> tuple[Graded, Graded]:
        """Costs and gains of a purse by grade, (years, runs) each.

        A kind of spending is a cost where more is spent on it in the mean over runs, else a gain: decided once, so that
        luck, which moves every kind both ways, does not blow up both sides of every run.
        """
        mine = self._values[self.purses.index(purse)]
        sides: tuple[Graded, Graded] = ({}, {})
        kept = [name for name in self.categories if with_transfers or not self.meta.is_transfer(name)]
        by_kind: dict[str, list[str]] = {}
        for name in kept:
            by_kind.setdefault(self.meta.kind(name), []).append(name)
        for names in by_kind.values():
            flows = [mine[self.categories.index(name)] for name in names]
            is_cost = float(sum(flow.sum(axis=0).mean() for flow in flows)) > 0.0
            for name, flow in zip(names, flows, strict=True):
                grade = self.meta.grade(name)
                if not is_cost:
                    grade = max(grade, self.gain_grade, key=GRADES.index)
                side = sides[0] if is_cost else sides[1]
                side[grade] = side.get(grade, 0.0) + (flow if is_cost else -flow)
        return sides

    def _account(self, name: str, kind: str, costs: Graded, gains: Graded) -> Account:
        schedule = self.health_schedule if kind == "social" else self.schedule
        nothing = {ASSUMED: np.zeros(self._values.shape[-2:])}
        bias = self.meta.appraisal["optimism_bias"]
        return appraise_runs(name, kind, costs or nothing, gains or nothing, self.runs, schedule, bias)

    @cached_property
    def _years_of_life(self) -> Floats:
        return self._by_year(-self.comparison.outcome("quality_of_life_lost").values)

    def _months(self, need: str) -> xr.DataArray:
        """Difference in household-months with a need, by year."""
        months = succeeded(self.comparison.results, STATE_MONTHS).sel(need=need)
        months = months.isel(state=slice(1, None)).sum("state", skipna=False)
        months = months.sum([dim for dim in ("area",) if dim in months.dims], skipna=False)
        here, there = (
            months.sel(scenario=one, drop=True) for one in (self.comparison.scenario, self.comparison.against)
        )
        return here - there

    def _by_year(self, values: xr.DataArray) -> Floats:
        return np.asarray(values.transpose("year", *LUCK).values[:, self.runs.ran])


def _joined(parts: list[tuple[Graded, Graded]]) -> tuple[Graded, Graded]:
    """Costs of all, and gains of all, by grade."""
    joined: tuple[Graded, Graded] = ({}, {})
    for part in parts:
        for side, own in zip(joined, part, strict=True):
            for grade, flow in own.items():
                side[grade] = side.get(grade, 0.0) + flow
    return joined
