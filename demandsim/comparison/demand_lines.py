"""What a line that rests on less demand would need, and what policies give of it.

Takes results and a line's amount in pounds; gives the fall that would be needed, the fall
each scenario brings in one year, and how often it is enough. A fall in demand is money only where spending follows
demand: what is bought by the case, and what is bought beyond capacity. Posts stay paid until somebody cuts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.measures import succeeded
from demandsim.comparison.paired import LUCK
from demandsim.comparison.share_of_runs import ShareOfRuns, share_of_runs
from demandsim.errors import Fault, RequestError
from demandsim.labels import COUNCIL
from demandsim.quantities import MONTHS_PER_YEAR, fiscal_year, month_number

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class ServiceDemand:
    """One service line as now, in the year asked about: the council's cash that follows demand, and cases at a time.

    ``alone`` is the share by which it would have to fall if it had to yield the whole amount.
    """

    service: str
    cash: Estimate
    cases: Estimate
    alone: Estimate


@dataclass(frozen=True)
class Needed:
    """The fall that an amount needs.

    Attributes
    ----------
    amount : float
        GBP a year.
    demand_led : Estimate
        The council's cash as now that follows demand, in the line's services.
    spend : Estimate
        All of the council's cash as now in the line's services, posts included.
    share, share_of_spend : Estimate
        Amount over ``demand_led`` and over ``spend``; above 1 no fall is enough.
    cases, cases_fewer : Estimate
        Cases at a time in services whose spending follows demand, and how many fewer the share means.
    services : tuple of ServiceDemand
    """

    amount: float
    demand_led: Estimate
    spend: Estimate
    share: Estimate
    share_of_spend: Estimate
    cases: Estimate
    cases_fewer: Estimate
    services: tuple[ServiceDemand, ...]


@dataclass(frozen=True)
class Reached:
    """What one scenario gives, in the year asked about; amounts above nought are savings, below it are costs.

    Attributes
    ----------
    fall, fall_share : Estimate
        Of the council's cash that follows demand in the line's services: GBP, and as a share of it.
    fall_all_purses : Estimate
        The same fall, whoever pays.
    fall_anywhere : Estimate
        Of the council's cash that follows demand in any service.
    cases_share : Estimate
        Fall in cases in those services, as a share.
    council, everyone : Estimate
        Whole cash difference of the council and of all purses, in every service, the programme's cost included.
    council_so_far, everyone_so_far : Estimate
        The same from the first year to this.
    enough, enough_anywhere, enough_net : ShareOfRuns, optional
        Runs in which the fall, the fall anywhere in the council, and the council's whole saving is at least the
        amount; None without one.
    times_needed : float
        How many times as strong the mean fall would have to be; infinity where there is none.
    """

    scenario: str
    fall: Estimate
    fall_share: Estimate
    fall_all_purses: Estimate
    fall_anywhere: Estimate
    cases_share: Estimate
    council: Estimate
    everyone: Estimate
    council_so_far: Estimate
    everyone_so_far: Estimate
    enough: ShareOfRuns | None
    enough_anywhere: ShareOfRuns | None
    enough_net: ShareOfRuns | None
    times_needed: float


@dataclass(frozen=True)
class DemandAnswer:
    """The answer for one line: what is needed (None without an amount), and what each scenario gives, best first."""

    year: str
    needed: Needed | None
    reached: tuple[Reached, ...]

    @property
    def best(self) -> Reached:
        """The scenario with the largest mean fall."""
        return self.reached[0]

    @property
    def is_reached(self) -> bool:
        """Whether a scenario's mean fall is enough, and the council's saving still is when everything is counted."""
        if self.needed is None:
            return False
        wanted = self.needed.amount
        return any(one.fall.mean >= wanted and one.council.mean >= wanted for one in self.reached)


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
        every = [str(name) for name in self.results["service"].values]
        anywhere = self._fell(self.demand_led(every, COUNCIL).sum("service", skipna=False), scenario)
        cases = self._sum_led(self.cases())
        fall, fall_all = self._fell(led, scenario), self._fell(led_all, scenario)
        net, net_all = (self._fell(self._whole_cash(payers), scenario) for payers in (COUNCIL, ()))
        so_far = [self._fell(self._whole_cash(payers, True), scenario) for payers in (COUNCIL, ())]
        mean = _one(fall, "GBP")
        return Reached(
            scenario=scenario,
            fall=mean,
            fall_share=_share_of(fall, led.sel(scenario=self.baseline)),
            fall_all_purses=_one(fall_all, "GBP"),
            fall_anywhere=_one(anywhere, "GBP"),
            cases_share=_share_of(self._fell(cases, scenario), cases.sel(scenario=self.baseline)),
            council=_one(net, "GBP"),
            everyone=_one(net_all, "GBP"),
            council_so_far=_one(so_far[0], "GBP"),
            everyone_so_far=_one(so_far[1], "GBP"),
            enough=None if amount is None else share_of_runs(fall, amount),
            enough_anywhere=None if amount is None else share_of_runs(anywhere, amount),
            enough_net=None if amount is None else share_of_runs(net, amount),
            times_needed=float("inf") if amount is None or mean.mean <= 0 else amount / mean.mean,
        )

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

    def _whole_cash(self, payers: Sequence[str], so_far: bool = False) -> xr.DataArray:
        return self._cash(payers, so_far).sum("category", skipna=False)

    def _fell(self, values: xr.DataArray, scenario: str) -> xr.DataArray:
        return values.sel(scenario=self.baseline, drop=True) - values.sel(scenario=scenario, drop=True)


def answer_line(line: DemandLine, scenarios: Sequence[str], amount: float | None) -> DemandAnswer:
    """The whole answer for a line: what is needed, and what each scenario gives, the largest mean fall first."""
    reached = [line.reach(scenario, amount) for scenario in scenarios if scenario != line.baseline]
    reached.sort(key=lambda one: -one.fall.mean)
    return DemandAnswer(line.year, None if amount is None else line.need(amount), tuple(reached))


def needed_share(amount: float, cash: xr.DataArray) -> Estimate:
    """An amount as a share of cash, run by run; its mean is the amount over mean cash."""
    return _share_of(cash * 0 + amount, cash)


def _over(above: xr.DataArray, below: xr.DataArray) -> xr.DataArray:
    return above / below.where(below > 0)


def _share_of(part: xr.DataArray, whole: xr.DataArray) -> Estimate:
    """A share, run by run; its mean is that of the means, which no run with hardly any whole can sway."""
    mean, below = _one(part, "").mean, _one(whole, "").mean
    return replace(_one(_over(part, whole), "share"), mean=mean / below if below > 0 else float("nan"))


def _one(values: xr.DataArray, unit: str) -> Estimate:
    return summarise(values.transpose(*LUCK).values[None], unit)[0]
