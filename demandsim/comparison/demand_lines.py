"""What a line that rests on less demand would need, and what policies give of it.

Takes results and a line's amount in pounds; gives the fall that would be needed, the fall
each scenario brings in one year, and how often it is enough. A fall in demand is money only where spending follows
demand: what is bought by the case, and what is bought beyond capacity. Posts stay paid until somebody cuts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from demandsim.comparison.demand_answers import PURSES, DemandAnswer, Needed, Reached, ServiceDemand
from demandsim.comparison.estimate import Estimate, summarise, summarise_ratio
from demandsim.comparison.measures import succeeded
from demandsim.comparison.paired import LUCK
from demandsim.comparison.share_of_runs import share_of_runs
from demandsim.errors import Fault, RequestError
from demandsim.labels import COUNCIL
from demandsim.quantities import MONTHS_PER_YEAR, fiscal_year, month_number

if TYPE_CHECKING:
    import xarray as xr


def spent_by_purse(results: xr.Dataset, year: str, price_factor: float = 1.0) -> dict[str, Estimate]:
    """Cash as now in one year by purse (`PURSES`), GBP of the whole place: what the model holds, not all there is."""
    read = DemandLine(results, (), frozenset(), year, price_factor)
    return {purse: _one(read.whole_cash(payers).sel(scenario=read.baseline), "GBP") for purse, payers in PURSES.items()}


def council_rise(results: xr.Dataset, year: str, price_factor: float = 1.0) -> Estimate:
    """How much more the council spends as now in a year than in the first, GBP, at fixed prices."""
    first = DemandLine(results, (), frozenset(), str(results["year"].values[0]), price_factor)
    last = DemandLine(results, (), frozenset(), year, price_factor)
    return _one((last.whole_cash(COUNCIL) - first.whole_cash(COUNCIL)).sel(scenario=first.baseline), "GBP")


class DemandLine:
    """Reads one line's demand from results.

    Parameters
    ----------
    results : xarray.Dataset
        The first scenario is as now.
    services : sequence of str
        The line's service lines.
    staffed : collection of str
        Which services have posts, so that only what they buy beyond capacity follows demand.
    year : str
        Fiscal year asked about.
    price_factor : float
        What money of the results is multiplied by to be in the prices wanted.
    """

    def __init__(
        self,
        results: xr.Dataset,
        services: Sequence[str],
        staffed: frozenset[str],
        year: str,
        price_factor: float = 1.0,
    ) -> None:
        known = [str(name) for name in results["category"].values]
        for name in services:
            if name not in known:
                raise RequestError(Fault("account", f"the results have no service `{name}`.", "Run the place again."))
        self.results = results
        self.services = list(services)
        self.staffed = staffed
        self.year = year
        self.baseline = str(results["scenario"].values[0])
        self.households_factor = float(results.attrs["n_households_full"]) / float(results.attrs["n_households"])
        self.money_factor = self.households_factor * price_factor

    def need(self, amount: float) -> Needed:
        """The fall needed for an amount of GBP a year."""
        led = self.demand_led(self.services, COUNCIL).sel(scenario=self.baseline)
        cash = self._cash(COUNCIL).sel(scenario=self.baseline, category=self.services).sum("category", skipna=False)
        cases = self.cases().sel(scenario=self.baseline)
        total, all_cases = led.sum("service", skipna=False), self._sum_led(cases)
        share = needed_share(amount, total)
        fewer = _one(all_cases * (amount / total.where(total > 0)), "cases")
        by_service = tuple(
            ServiceDemand(
                name,
                _one(led.sel(service=name), "GBP"),
                _one(cases.sel(service=name), "cases"),
                needed_share(amount, led.sel(service=name)),
            )
            for name in self.services
        )
        all_cases_now = _one(all_cases, "cases")
        return Needed(
            amount=amount,
            demand_led=_one(total, "GBP"),
            spend=_one(cash, "GBP"),
            share=share,
            share_of_spend=needed_share(amount, cash),
            cases=all_cases_now,
            cases_fewer=replace(fewer, mean=share.mean * all_cases_now.mean),
            services=by_service,
        )

    def reach(self, scenario: str, amount: float | None) -> Reached:
        """What a scenario gives of it."""
        led, led_all = (self.demand_led(self.services, payers).sum("service", skipna=False) for payers in (COUNCIL, ()))
        cases = self._sum_led(self.cases())
        fall, fall_all = self._fell(led, scenario), self._fell(led_all, scenario)
        net, net_all = (self._fell(self.whole_cash(payers), scenario) for payers in (COUNCIL, ()))
        so_far = self._fell(self.whole_cash(COUNCIL, True), scenario)
        with_posts = fall + self._idle(scenario)
        mean = _one(fall, "GBP")
        return Reached(
            scenario=scenario,
            fall=mean,
            fall_share=_share_of(fall, led.sel(scenario=self.baseline)),
            fall_all_purses=_one(fall_all, "GBP"),
            cases_share=_share_of(self._fell(cases, scenario), cases.sel(scenario=self.baseline)),
            council=_one(net, "GBP"),
            everyone=_one(net_all, "GBP"),
            by_purse={
                purse: _one(self._fell(self.whole_cash(payers), scenario), "GBP") for purse, payers in PURSES.items()
            },
            council_so_far=_one(so_far, "GBP"),
            fall_with_posts=_one(with_posts, "GBP"),
            enough=None if amount is None else share_of_runs(fall, amount),
            enough_net=None if amount is None else share_of_runs(net, amount),
            enough_with_posts=None if amount is None else share_of_runs(with_posts, amount),
            times_needed=float("inf") if amount is None or mean.mean <= 0 else amount / mean.mean,
        )

    def demand_led_now(self) -> Estimate:
        """The council's cash that follows demand in the line's services as now, GBP."""
        led = self.demand_led(self.services, COUNCIL).sel(scenario=self.baseline)
        return _one(led.sum("service", skipna=False), "GBP")

    def demand_led(self, names: Sequence[str], payers: Sequence[str] = ()) -> xr.DataArray:
        """Cash that follows demand, GBP over scenario, run and service, scaled to the place; of some payers or of all.

        All of what is bought by the case; of staffed lines what they buy beyond capacity.
        """
        import xarray as xr

        cash, whole = self._cash(payers), self._cash(())
        parts = []
        for name in names:
            own = cash.sel(category=name, drop=True)
            if name in self.staffed:
                beyond = succeeded(self.results, "overspend").sel(service=name, year=self.year, drop=True)
                own = beyond * self.money_factor * _over(own, whole.sel(category=name, drop=True)).fillna(0.0)
            parts.append(own)
        return xr.concat(parts, dim="service").assign_coords(service=list(names))

    def cases(self) -> xr.DataArray:
        """Cases open at a time, on average over the year, scaled to the place."""
        months = [m for m in self.results["month"].values if fiscal_year(month_number(str(m))) == self.year]
        # Activity is the largest array there is: take what is needed before anything else.
        few = self.results[["activity", "status"]].sel(event="case_time", service=self.services, month=months)
        return succeeded(few, "activity").sum("month", skipna=False) / MONTHS_PER_YEAR * self.households_factor

    def _idle(self, scenario: str) -> xr.DataArray:
        """The council's pay as now for posts in the line's services, times the share by which their cases fall.

        More cases count as no fall: what more posts cost is in what the council spends. So luck alone makes it a little
        more than nothing, and it is an upper bound.
        """
        posts = [name for name in self.services if name in self.staffed]
        pay = self._cash(COUNCIL).sel(scenario=self.baseline, category=posts, drop=True).rename(category="service")
        if posts:  # what they buy beyond capacity is in the fall itself
            pay = pay - self.demand_led(posts, COUNCIL).sel(scenario=self.baseline, drop=True)
        cases = self.cases().sel(service=posts)
        now = cases.sel(scenario=self.baseline, drop=True)
        fewer = (self._fell(cases, scenario) / now.where(now > 0)).clip(min=0.0)
        return (pay * fewer.where(now != 0, 0.0)).sum("service", skipna=False)

    def _sum_led(self, cases: xr.DataArray) -> xr.DataArray:
        """Cases of the services that are bought by the case."""
        led = [name for name in self.services if name not in self.staffed]
        return cases.sel(service=led).sum("service", skipna=False)

    def _cash(self, payers: Sequence[str], so_far: bool = False) -> xr.DataArray:
        cash = succeeded(self.results, "cost").sel(account="cash", drop=True)
        if payers:
            cash = cash.sel(payer=[payer for payer in payers if payer in cash["payer"].values])
        years = [str(year) for year in cash["year"].values]
        chosen = years[: years.index(self.year) + 1] if so_far else [self.year]
        return cash.sel(year=chosen).sum(["payer", "year"], skipna=False) * self.money_factor

    def whole_cash(self, payers: Sequence[str], so_far: bool = False) -> xr.DataArray:
        """Cash of some payers, or of all, in every service: GBP over scenario and run, scaled to the place."""
        return self._cash(payers, so_far).sum("category", skipna=False)

    def _fell(self, values: xr.DataArray, scenario: str) -> xr.DataArray:
        return values.sel(scenario=self.baseline, drop=True) - values.sel(scenario=scenario, drop=True)


def answer_line(line: DemandLine, scenarios: Sequence[str], amount: float | None) -> DemandAnswer:
    """The whole answer for a line: what is needed, and what each scenario gives, best first."""
    reached = [line.reach(scenario, amount) for scenario in scenarios if scenario != line.baseline]
    led = line.demand_led_now()
    reached.sort(key=lambda one: -(one.fall if led.mean > 0 else one.everyone).mean)
    return DemandAnswer(line.year, led, None if amount is None else line.need(amount), tuple(reached))


def needed_share(amount: float, cash: xr.DataArray) -> Estimate:
    """An amount as a share of cash, run by run; its mean is the amount over mean cash."""
    return _share_of(cash * 0 + amount, cash)


def _over(above: xr.DataArray, below: xr.DataArray) -> xr.DataArray:
    return above / below.where(below > 0)


def _share_of(part: xr.DataArray, whole: xr.DataArray) -> Estimate:
    return summarise_ratio(part.transpose(*LUCK).values, whole.transpose(*LUCK).values, "share")


def _one(values: xr.DataArray, unit: str) -> Estimate:
    return summarise(values.transpose(*LUCK).values[None], unit)[0]
