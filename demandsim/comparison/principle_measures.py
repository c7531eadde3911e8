"""What a study of principles measured: money by purse and outcomes, of every combination and luck.

Takes the results of `demandsim.read_principles`; gives one number a combination and luck. Never compares.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.comparison.discounting import discount_factor, read_schedule
from demandsim.comparison.games import Floats
from demandsim.comparison.meta import Meta, read_meta, readable
from demandsim.errors import Fault, RequestError
from demandsim.labels import COUNCIL
from demandsim.ledger.results import NOT_RUN
from demandsim.study.combinations import mask_of

if TYPE_CHECKING:
    import xarray as xr

CASH: Final = "cash"
PRESENT_VALUE: Final = "present_value"
#: The part of cash that the principles cost themselves.
OWN_COST: Final = "programme"
CRISIS: Final = "crisis_months"
UNMET: Final = "unmet_months"
#: Outcomes that tables show, where the results have them.
SHOWN_OUTCOMES: Final = (CRISIS, "quality_of_life_lost", UNMET, "mean_trust")


class PrincipleMeasures:
    """The results of a study of principles, measure by measure.

    Parameters
    ----------
    results : xarray.Dataset
        As `demandsim.read_principles` gives. A luck in which any combination failed is left out of every figure.
    """

    def __init__(self, results: xr.Dataset) -> None:
        self.results = results
        self.words: list[dict[str, Any]] = json.loads(results.attrs["principles"])
        self.letters = tuple(str(one["letter"]) for one in self.words)
        self.meta: Meta = read_meta(results)
        self.seed = int(results.attrs["seed"])
        self.n_sampled = int(results.attrs["orders"])
        ran = ((results["status"] == 0).all("combination") & (results["rolled_status"] == 0).all("order")).values
        if not ran.any():
            told = [str(one) for one in results["reason"].values.ravel() if str(one) not in ("", NOT_RUN)]
            why = f" The first that failed: {told[0]}." if told else ""
            what = f"no luck has run all of its combinations.{why}"
            raise RequestError(Fault("principles", what, "Run the same command again: it runs what is missing."))
        self.ran = ran
        masks = [mask_of(str(label), self.letters) for label in results["combination"].values]
        self.row_of = np.full(2 ** len(self.letters), -1, np.int64)
        self.row_of[masks] = np.arange(len(masks))

    @property
    def is_exact(self) -> bool:
        """Whether every combination was run."""
        return self.n_sampled == 0

    @property
    def rolled_orders(self) -> tuple[str, ...]:
        """The orders carried out in time, the report's first."""
        return tuple(map(str, self.results["order"].values))

    @property
    def n_runs(self) -> int:
        """Lucks in which every combination succeeded."""
        return int(self.ran.sum())

    @property
    def n_failed(self) -> int:
        """Lucks left out."""
        return int((~self.ran).sum())

    def title(self, letter: str) -> str:
        """A principle's title."""
        return str(self.words[self.letters.index(letter)]["title"])

    @cached_property
    def purses(self) -> dict[str, list[str]]:
        """Measures of cash by purse, the council's departments as one."""
        payers = [str(payer) for payer in self.results["payer"].values]
        council = [payer for payer in payers if payer in COUNCIL]
        rest = {f"{CASH}.{payer}": [payer] for payer in payers if payer not in COUNCIL}
        return ({f"{CASH}.council": council} if council else {}) | rest

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that tables show."""
        known = set(map(str, self.results["outcome"].values))
        return tuple(name for name in SHOWN_OUTCOMES if name in known)

    def measure_title(self, measure: str) -> str:
        """A measure in words."""
        named = {
            CASH: "Cash, all agencies",
            PRESENT_VALUE: "Cash, all agencies, discounted",
            OWN_COST: "What the principles cost themselves",
        }
        if measure in named:
            return named[measure]
        return readable(measure.partition(".")[2]) if "." in measure else str(self._outcome(measure)["title"])

    def unit(self, measure: str) -> str:
        """A measure's unit."""
        is_money = measure in (CASH, PRESENT_VALUE, OWN_COST) or measure in self.purses
        return "GBP" if is_money else str(self._outcome(measure)["unit"])

    def _outcome(self, measure: str) -> dict[str, Any]:
        known = [str(name) for name in self.results["outcome"].values]
        if measure not in known:
            names = [CASH, PRESENT_VALUE, OWN_COST, *self.purses, *known]
            raise RequestError(Fault("principles", f"There is no measure `{measure}`.", f"Use: {', '.join(names)}."))
        return self.meta.outcome(measure, {"unit": "", "combine": "sum"})

    def worth(self, measure: str) -> Floats:
        """A measure of each combination run and each luck, shape (combinations, draws, replicates)."""
        values = self._values(measure).transpose("combination", "draw", "replicate").values.astype(float)
        return np.where(self.ran, values, np.nan)

    def rolled_worth(self, measure: str) -> Floats:
        """A measure of each order carried out in time and each luck, shape (orders, draws, replicates)."""
        values = self._values(measure, "rolled_").transpose("order", "draw", "replicate").values.astype(float)
        return np.where(self.ran, values, np.nan)

    def _values(self, measure: str, start: str = "") -> xr.DataArray:
        if measure in (CASH, PRESENT_VALUE):
            yearly = self.results[f"{start}cash"].sum("payer", skipna=False)
            return (yearly * (self._factors() if measure == PRESENT_VALUE else 1.0)).sum("year", skipna=False)
        if measure == OWN_COST:
            return self.results[f"{start}programme"].sum("year", skipna=False)
        if measure in self.purses:
            of_purse = self.results[f"{start}cash"].sel(payer=self.purses[measure])
            return of_purse.sum(["payer", "year"], skipna=False)
        how = str(self._outcome(measure)["combine"])
        values = self.results[f"{start}outcome_value"].sel(outcome=measure, drop=True)
        if how == "last":
            return values.isel(year=-1, drop=True)
        return values.mean("year", skipna=False) if how == "mean" else values.sum("year", skipna=False)

    def _factors(self) -> xr.DataArray:
        years = np.arange(self.results.sizes["year"], dtype=float)
        rates = self.meta.discount_rate
        return self.results["year"].copy(data=discount_factor(years, read_schedule(rates)) if rates else 0 * years + 1)


def central(values: Floats) -> Floats:
    """Mean over draws of the mean over each draw's replicates, which are the last two axes."""
    ran = np.isfinite(values[(0,) * (values.ndim - 2)])
    kept = values[..., ran.any(axis=1), :]
    counts = ran[ran.any(axis=1)].sum(axis=1)
    return np.asarray((np.nansum(kept, axis=-1) / counts).mean(axis=-1))
