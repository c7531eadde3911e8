"""What a fit compares with published figures: a place as now, measured at the end of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import ESTABLISHED, EVENTS, NEEDS
from demandsim.ledger.outcomes import OUTCOMES
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import build_inputs
from demandsim.parameters.belief import Value
from demandsim.parameters.book import Book
from demandsim.parameters.drawing import Draw
from demandsim.place import Place
from demandsim.place.population import Population
from demandsim.policy.scenario import Scenario
from demandsim.policy.timeline import GROWTH
from demandsim.services.tables import Records
from demandsim.study.luck import build_indicators

#: Figures measured beside the outcomes that results carry.
OWN_MEASURES = (
    *(f"employment_deprived_share_decile_{decile}" for decile in range(1, 11)),
    "mental_health_by_work_ratio",
)
_WORK = NEEDS.index("work")
_MENTAL_HEALTH = NEEDS.index("mental_health")
_WORKING_AGE = 2


@dataclass(frozen=True, eq=False)
class Measured:
    """Figures of a place as now.

    Attributes
    ----------
    figures : dict of measure to ndarray, shape (lucks,)
    referrals : dict of service to float
        Referrals per household and year.
    """

    figures: Mapping[str, NDArray[np.float64]]
    referrals: Mapping[str, float]

    def mean(self, measure: str) -> float:
        """Mean over lucks."""
        return float(self.figures[measure].mean())

    def standard_error(self, measure: str) -> float:
        """Standard error of the mean over lucks; nan with one luck."""
        values = self.figures[measure]
        return float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else float("nan")


def hold_still(book: Book) -> Book:
    """The book for one published year, in which no place grew and no agency cut its posts."""
    limited = (name for name, purse in book.agencies.items() if purse.cash_limited)
    still: dict[str, Value] = {GROWTH: 0.0, **{f"agencies.{name}.elsewhere": 1.0 for name in limited}}
    return book.with_overrides(still)


def measure_place(
    place: Place, book: Book, as_now: Scenario, population: Population, run_in: int, years: int, seed: int, lucks: int
) -> Measured:
    """Measure a place under central beliefs and today's services, over the last years of a run.

    Parameters
    ----------
    population : Population
        Covering ``run_in`` + 12 × ``years`` months.
    lucks : int
        Independent runs.

    Returns
    -------
    Measured
    """
    draw = book.draw()
    inputs = build_inputs(place, draw, as_now, n_months=12 * years, run_in=run_in)
    deciles = np.array([area.decile for area in place.areas])
    figures: dict[str, list[float]] = {}
    referrals = np.zeros(len(inputs.services))
    for luck in range(lucks):
        model = DemandModel(inputs, population, place.deprivation_z, seed, luck)
        while not model.is_done:
            model.step()
        for name, value in figures_of(model, draw, deciles).items():
            figures.setdefault(name, []).append(value)
        referrals += model.record.activity[:, :, EVENTS.index("referral")].sum(axis=0)
        model.close()
    per_household = referrals / (lucks * years * place.n_households)
    return Measured(
        {name: np.array(values) for name, values in figures.items()},
        dict(zip(inputs.services, per_household.tolist(), strict=True)),
    )


def figures_of(model: DemandModel, draw: Draw, deciles: NDArray[np.int64]) -> dict[str, float]:
    """Figures of one finished run by measure, means over its years.

    Parameters
    ----------
    model : DemandModel
    draw : Draw
        The beliefs it was run with.
    deciles : ndarray, shape (areas,)
        Deprivation decile of each area.
    """
    indicators = build_indicators(model, draw)
    figures = {outcome.name: float(indicators.of(outcome.name).mean()) for outcome in OUTCOMES}
    for decile in range(1, 11):
        share = indicators.employment_deprived_by(deciles, decile)
        figures[f"employment_deprived_share_decile_{decile}"] = float(share.mean())
    figures["mental_health_by_work_ratio"] = _mental_health_by_work(model.world.households)
    return figures


def _mental_health_by_work(households: Records) -> float:
    """How many times commoner mental disorder is where somebody of working age is out of work."""
    of_age = households["age_band"] <= _WORKING_AGE
    ill = households["state"][:, _MENTAL_HEALTH] >= ESTABLISHED
    out = households["state"][:, _WORK] > 0
    among_out, among_in = ill[of_age & out].mean(), ill[of_age & ~out].mean()
    return float(among_out / max(among_in, 1e-9))


def measurable(measure: str) -> bool:
    """Whether the model measures a figure."""
    return measure in OWN_MEASURES or any(outcome.name == measure for outcome in OUTCOMES)
