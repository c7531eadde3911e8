"""What every section is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.measures import MEASURES
from demandsim.comparison.paired import LUCK
from demandsim.report.answer import Answer, read_cases
from demandsim.report.svg import svg_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from demandsim.comparison.meta import Meta
    from demandsim.comparison.paired import Comparison

TIER_TITLES = {
    "universal": "Help open to everyone",
    "early": "Early help",
    "targeted": "Targeted help",
    "crisis": "Crisis response",
    "everyday": "Everyday services, less their income",
    "programme": "Running the programme",
    "living": "Cost of living with need",
}


@dataclass(frozen=True)
class Case:
    """A comparison, the belief cases run beside it, and short ways to the words."""

    comparison: Comparison
    belief_cases: xr.Dataset | None = None

    @property
    def results(self) -> xr.Dataset:
        """The results compared."""
        return self.comparison.results

    @property
    def meta(self) -> Meta:
        """The words that travel with the results."""
        return self.comparison.meta

    @property
    def title(self) -> str:
        """Title of the scenario of interest."""
        return self.meta.scenario_title(self.comparison.scenario)

    @property
    def against(self) -> str:
        """Title of the scenario it is compared with."""
        return self.meta.scenario_title(self.comparison.against)

    @property
    def page_title(self) -> str:
        """Title of a page about it: what was done, and where."""
        return f"{self.title}: {self.meta.place.get('title') or self.attr('place')}"

    @property
    def n_runs(self) -> int:
        """Runs in which both scenarios succeeded."""
        return self.comparison.n_runs

    @cached_property
    def years(self) -> list[str]:
        """The fiscal years covered."""
        return [str(year) for year in self.results["year"].values]

    @cached_property
    def answer(self) -> Answer:
        """The figures that carry the answer."""
        crisis = next(measure for measure in MEASURES if measure.name == "crisis_months")
        before = self.level(crisis.read(self.results), self.comparison.against)
        cash, months = self.comparison.cost.total(), self.comparison.crisis_months.total()
        return Answer(cash, months, before.mean, self.title, self.against, len(self.years))

    @cached_property
    def cases(self) -> dict[str, tuple[Estimate, Estimate]]:
        """Cash and crisis differences in each belief case."""
        return read_cases(self.belief_cases, self.comparison.scenario)

    def level(self, values: xr.DataArray, scenario: str, unit: str = "") -> Estimate:
        """Estimate one scenario's level of a figure over scenario, draw and replicate."""
        return summarise(values.sel(scenario=scenario).transpose(*LUCK).values[None], unit)[0]

    def change(self, values: xr.DataArray, scenario: str = "", unit: str = "") -> Estimate:
        """Estimate how a figure over scenario, draw and replicate differs, in the scenario of interest by default."""
        chosen = values.sel(scenario=scenario or self.comparison.scenario)
        gap = chosen - values.sel(scenario=self.comparison.against)
        return summarise(gap.transpose(*LUCK).values[None], unit)[0]

    def kind(self, category: str) -> str:
        """The kind of spending a category belongs to, in words."""
        kind = self.meta.kind(category)
        return TIER_TITLES.get(kind, kind)

    def attr(self, name: str, default: Any = "not recorded") -> Any:
        """An attribute of the results, or words that say that it is missing."""
        return self.results.attrs.get(name, default)


def size_words(attrs: Mapping[Any, Any]) -> str:
    """How much of the place was simulated, from the attributes of results."""
    simulated, full = attrs.get("n_households"), attrs.get("n_households_full")
    if simulated is None:
        return "How many households were simulated was not recorded."
    if full is None or simulated == full:
        return f"All {int(simulated):,} households of the place are simulated."
    part = f"{int(simulated):,} of the place's {int(full):,} households are simulated"
    if attrs.get("scaled_to_place", 0):
        return f"{part}, and all figures are scaled up to the whole place."
    return f"{part}. All figures are for the households simulated, not for the whole place."


def where_from(results: xr.Dataset) -> str:
    """Years, prices and how much of the place was simulated."""
    years = [str(year) for year in results["year"].values]
    price_year = results.attrs.get("price_year", "a year not recorded")
    return f"From {years[0]} to {years[-1]}; money in prices of {price_year}. {size_words(results.attrs)}"


def picture(figure: Figure, name: str, title: str, description: str) -> str:
    """A figure as inline SVG."""
    return svg_text(figure, name, title, description)


def estimates_of(table: pd.DataFrame) -> list[Estimate]:
    """The rows of a comparison's table as estimates, for drawing."""
    nan = float("nan")
    return [
        Estimate(
            mean=float(row["difference"]),
            low=float(row["low"]),
            high=float(row["high"]),
            standard_error=float(row["standard_error"]),
            luck_error=float(row["luck_error"]),
            luck_sd=nan,
            belief_sd=nan,
            n_runs=int(row["runs"]),
            n_draws=0,
            n_below=int(row["runs_below_zero"]),
            n_above=int(row["runs_above_zero"]),
            unit=str(row["unit"]),
        )
        for row in table.to_dict("records")
    ]


def relative(change: Estimate, before: float) -> Estimate:
    """A change as a share of the level before (the level's own mean, so that the sign keeps)."""
    size = abs(before) if before else float("nan")
    return replace(change, mean=change.mean / size, low=change.low / size, high=change.high / size, unit="share")


def ordered(names: Iterable[str], first: Iterable[str]) -> list[str]:
    """Names in a wished order, the rest after them as they come."""
    have = list(dict.fromkeys(names))
    wished = [name for name in first if name in have]
    return wished + [name for name in have if name not in wished]
