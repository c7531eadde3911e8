"""An account answered: every line and target that the model is asked about, from one set of results.

Takes an account, the book and results of its scenarios; gives an `AccountAnswer` in the plan's own prices. Never says
that a line is met because it is stated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from demandsim.comparison.demand_answers import DemandAnswer
from demandsim.comparison.demand_lines import DemandLine, answer_line, council_rise, spent_by_purse
from demandsim.comparison.measures import ran
from demandsim.comparison.meta import Meta, read_meta
from demandsim.comparison.prevention import PreventionAnswer, answer_prevention
from demandsim.comparison.waits import WaitAnswer, answer_wait
from demandsim.errors import Fault, RequestError
from demandsim.parameters.book import find_deflators
from demandsim.quantities import price_factor

if TYPE_CHECKING:
    import xarray as xr

    from demandsim.comparison.estimate import Estimate
    from demandsim.parameters.book import Book
    from demandsim.policy.account import Account, Line, Target

MILLION: Final = 1e6
_STAFFED: Final = "staffed"


@dataclass(frozen=True)
class AccountAnswer:
    """What the model says about an account.

    Attributes
    ----------
    year : str
        The fiscal year answered for; the plan's own unless the runs end before it.
    lines, preventions, waits : dict by name of line or target
    spent : dict of purse to Estimate
        Cash as now in that year, GBP: whose money the model finds spent in the place.
    first_year, rise : str, Estimate
        The first year of the runs, and how much more the council spends as now in ``year`` than in it.
    baseline : str
        The scenario that the others are compared with.
    n_runs, n_failed : int
        Runs in which every scenario succeeded, and the others.
    n_households, n_households_full : int
        Simulated, and of the place.
    price_year : str
        Prices of every amount.
    meta : Meta
        Titles of scenarios and services.
    """

    year: str
    lines: dict[str, DemandAnswer]
    preventions: dict[str, PreventionAnswer]
    waits: dict[str, WaitAnswer]
    spent: dict[str, Estimate]
    first_year: str
    rise: Estimate
    baseline: str
    n_runs: int
    n_failed: int
    n_households: int
    n_households_full: int
    price_year: str
    meta: Meta


def answer_account(account: Account, results: xr.Dataset, book: Book) -> AccountAnswer:
    """Answer every simulated line and target.

    Parameters
    ----------
    account : Account
    results : xarray.Dataset
        Of the scenarios in ``account.to_run``, the first of them first.
    book : Book
        Of the place: says which services are bought by the case, and converts prices.

    Raises
    ------
    RequestError
        If results lack a scenario, or no run succeeded.
    """
    missing = [name for name in account.to_run if name not in results["scenario"].values]
    if missing:
        faults = [
            Fault("account", f"the results have no scenario `{name}`.", "Run the place again.") for name in missing
        ]
        raise RequestError(faults)
    good = ran(results).all("scenario")
    if not good.any():
        raise RequestError(Fault("account", "There is no run in which every scenario succeeded.", "See `status`."))
    years = [str(year) for year in results["year"].values]
    year = account.horizon if account.horizon in years else years[-1]
    to_plan = price_factor(str(results.attrs["price_year"]), account.price_year, find_deflators(book.beliefs))
    staffed = frozenset(name for name, service in book.services.items() if service.delivery == _STAFFED)

    def answered(line: Line) -> DemandAnswer:
        read = DemandLine(results, line.services, staffed, year, to_plan)
        return answer_line(read, account.candidates(line), None if line.amount is None else line.amount * MILLION)

    def waited(target: Target) -> WaitAnswer:
        assert target.value is not None  # checked when the account was read
        posts = _posts_now(target.service, results, book)
        return answer_wait(results, target.service, target.value, target.scenarios, year, to_plan, posts)

    simulated = account.simulated_targets
    return AccountAnswer(
        year=year,
        lines={line.name: answered(line) for line in account.simulated_lines},
        preventions={one.name: _prevention(one, results, book) for one in simulated if one.measure == "prevention"},
        waits={one.name: waited(one) for one in simulated if one.measure == "wait"},
        spent=spent_by_purse(results, year, to_plan),
        first_year=years[0],
        rise=council_rise(results, year, to_plan),
        baseline=account.to_run[0],
        n_runs=int(good.sum()),
        n_failed=int(good.size - good.sum()),
        n_households=int(results.attrs["n_households"]),
        n_households_full=int(results.attrs["n_households_full"]),
        price_year=account.price_year,
        meta=read_meta(results),
    )


def _prevention(target: Target, results: xr.Dataset, book: Book) -> PreventionAnswer:
    assert target.value is not None  # checked when the account was read
    need = book.services[target.service].needs[0]
    return answer_prevention(results, target.service, target.event, target.averted, target.without, need, target.value)


def _posts_now(service: str, results: xr.Dataset, book: Book) -> float:
    """Posts of a line in the whole place, at the central belief."""
    from demandsim.model.line_inputs import CAPACITY

    per_10_000 = book.get(f"services.{service}.staff")
    fitted = book.get(f"{CAPACITY}.{results.attrs['place']}")
    if per_10_000 is None or not isinstance(per_10_000.value, int | float):
        return float("nan")
    ratio = fitted.value.get(service, 1.0) if fitted is not None and isinstance(fitted.value, dict) else 1.0
    return float(per_10_000.value) * float(ratio) * float(results.attrs["n_households_full"]) / 10_000
