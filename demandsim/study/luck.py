"""One luck: a draw of beliefs and a replicate of chance, all scenarios in lock step, counted, priced and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.chance import luck_index
from demandsim.errors import BalanceError, Fault
from demandsim.labels import CAUSE_MEASURES, CAUSES, DOOR_EVENTS, EVENTS, N_NEEDS, N_STATES, NEEDS, STATES
from demandsim.ledger.accounts import Accounts, cost_cube, in_pounds, price_record
from demandsim.ledger.checks import check_books
from demandsim.ledger.indicators import Indicators
from demandsim.ledger.variables import CONCENTRATION_SHARES, VARIABLES
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import build_inputs
from demandsim.parameters.book import Book
from demandsim.parameters.drawing import Draw
from demandsim.place import Place
from demandsim.place.population import VACANT, Population, build_population
from demandsim.policy.futures import Future
from demandsim.policy.scenario import Scenario
from demandsim.policy.timeline import place_course
from demandsim.quantities import MONTHS_PER_YEAR, PENCE_PER_POUND, TICKS, month_number
from demandsim.study.kernels import BUDGET, DIRECT, PENCE, QUEUE
from demandsim.study.lockstep import Pairing, run_in_lock_step
from demandsim.study.pathways import Watch

Arrays = dict[str, NDArray[Any]]

#: The people of the study that this process is working on.
_PEOPLE: dict[tuple[str, int, int, int, bytes, bytes, int], Population] = {}

#: Households are counted; pence in ticks are told in pounds.
_UNIT_OF_HIGH_NEED = np.array([1.0, float(in_pounds(1))])
#: Times are kept in ticks and told in months; counts are counts.
_UNIT_OF_EVENT = np.array([float(TICKS) if event.endswith("time") else 1.0 for event in EVENTS])
_UNIT_OF_DOOR_EVENT = np.array([float(TICKS) if event.endswith("time") else 1.0 for event in DOOR_EVENTS])

#: The place is drawn once for all lucks of a study, under its own seed.
PLACE_SEED = 2011


@dataclass(frozen=True)
class LuckJob:
    """What one luck needs; small enough to send to a worker.

    Attributes
    ----------
    place : Place
        With the number of households to simulate.
    book : Book
    scenarios : tuple of Scenario
        The first is the one that others are compared with.
    first_month : str
    years, run_in : int
        Years of the run proper; months before it.
    seed : int
    draw : int or None
        Which set of beliefs; None for central values.
    replicate, replicates : int
        Which run of luck, of how many for each draw.
    future : Future or None
        Laid under every scenario.
    place_seed : int
        Seed of who lives in the place.
    follow_work : bool
        Watch ways into work month by month; costs time and changes nothing.
    """

    place: Place
    book: Book
    scenarios: tuple[Scenario, ...]
    first_month: str
    years: int
    run_in: int
    seed: int
    draw: int | None
    replicate: int
    replicates: int
    future: Future | None = None
    place_seed: int = PLACE_SEED
    follow_work: bool = False

    @property
    def luck(self) -> int:
        """Luck index: no two draws of a study share luck, its scenarios do."""
        return luck_index(self.draw or 0, self.replicate, self.replicates)

    @property
    def months(self) -> int:
        """Months of the run proper."""
        return self.years * MONTHS_PER_YEAR


def population_of(job: LuckJob) -> Population:
    """The people of a job's place, drawn once a process and reused by every luck."""
    first = month_number(job.first_month) - job.run_in
    growth, churn = place_course(job.book, job.future, job.first_month, job.months, job.run_in)
    size = (job.place.n_households, first, job.run_in + job.months)
    key = (job.place.digest, *size, growth.tobytes(), churn.tobytes(), job.place_seed)
    if key not in _PEOPLE:
        _PEOPLE.clear()  # a worker serves one study at a time
        _PEOPLE[key] = build_population(job.place, *size, seed=job.place_seed, growth=growth, churn=churn)
    return _PEOPLE[key]


def run_luck(job: LuckJob) -> Arrays:
    """Run one luck.

    Parameters
    ----------
    job : LuckJob

    Returns
    -------
    dict of str to ndarray
        One array for each of :data:`~demandsim.ledger.variables.VARIABLES` that was counted, with a leading scenario
        axis; ways into work only where the job follows them.

    Raises
    ------
    BalanceError
        If the books of any world do not balance.
    """
    draw = job.book.draw(job.seed, job.draw)
    inputs = [
        build_inputs(job.place, draw, scenario, job.first_month, job.months, job.run_in, job.future)
        for scenario in job.scenarios
    ]
    watch = Watch(_providers(job.book)) if job.follow_work else None
    worlds, pairings = run_in_lock_step(
        inputs, population_of(job), job.place.deprivation_z, job.seed, job.luck, watch
    )  # fmt: skip
    accounts = [price_world(world) for world in worlds]
    arrays = [_count(world, books, draw) for world, books in zip(worlds, accounts, strict=True)]
    arrays[0]["cause_effect"] = np.zeros((len(CAUSES), len(CAUSE_MEASURES)))
    for position, pairing in enumerate(pairings, 1):
        arrays[position]["cause_effect"] = _cause_effect(pairing, accounts[position], accounts[0])
    if watch is not None:
        for array, pathways in zip(arrays, watch.pathways, strict=True):
            array["work_pathways"] = pathways.counts
    for world in worlds:
        world.close()
    counted = (variable.name for variable in VARIABLES if variable.name in arrays[0])
    return {name: np.stack([array[name] for array in arrays]) for name in counted}


def _providers(book: Book) -> NDArray[np.int64]:
    """Positions, in order of code, of the lines whose providers are paid by results."""
    lines = sorted(book.services.values(), key=lambda one: one.code)
    return np.flatnonzero([one.paid_by_results for one in lines])


def price_world(world: DemandModel) -> Accounts:
    """Price a finished world and check its books."""
    inputs = world.inputs
    accounts = price_record(world.record, inputs.prices, inputs.programme_pence[inputs.run_in :])
    check_books(
        world.record,
        accounts,
        inputs.prices,
        world.budgets.posts_planned[:, inputs.run_in :],
        world.budgets.decisions,
        inputs.programme_pence[inputs.run_in :],
        inputs.households_present[inputs.run_in :],
        world.world.households,
        world.cases_before,
        world.live_cases(),
        int(world.world.counts["left_pence"][0]),
    )
    return accounts


def build_indicators(world: DemandModel, draw: Draw) -> Indicators:
    """Indicators of a finished world."""
    services = draw.book.services
    return Indicators(
        world.record,
        world.inputs.services,
        {name: service.counts_as for name, service in services.items()},
        lambda name: _conversion(draw, name),
        quality_loss_of(draw),
        world.inputs.accepted,
    )


def _conversion(draw: Draw, name: str) -> float:
    belief, _, label = name.partition(".")
    if label:
        return draw.numbers_of(f"conversion.{belief}")[label]
    return draw.number_of(f"conversion.{belief}")


def quality_loss_of(draw: Draw) -> NDArray[np.float64]:
    """Loss of quality of life per household and year in each state of each need, shape (7, 5)."""
    loss = np.zeros((N_NEEDS, N_STATES))
    for position, need in enumerate(NEEDS):
        for state, weight in draw.numbers_of(f"appraisal.qaly_loss.{need}").items():
            loss[position, STATES.index(state)] = weight
    return loss


def _count(world: DemandModel, accounts: Accounts, draw: Draw) -> Arrays:
    record = world.record
    indicators = build_indicators(world, draw)
    years = record.state_months.shape[0]
    return {
        "cost": cost_cube(accounts, world.inputs.prices),
        "activity": np.moveaxis(record.activity / _UNIT_OF_EVENT, 0, -1),
        "state_months": np.moveaxis(record.state_months, 0, -1),
        "unmet": record.unmet.reshape(years, -1, N_NEEDS).sum(axis=1).T,
        "outcome_value": indicators.all(),
        "door": (record.door / _UNIT_OF_DOOR_EVENT).T,
        "contacts": np.moveaxis(record.contacts, 0, -1),
        "purses": np.moveaxis(record.purses, 0, -1) / PENCE_PER_POUND,
        "exported": np.moveaxis(record.exported, 0, -1),
        "overspend": in_pounds(accounts.overspend).T,
        "high_need": np.moveaxis(record.high_need * _UNIT_OF_HIGH_NEED, 0, -1),
        "concentration": _concentration(world),
    }


def _concentration(world: DemandModel) -> NDArray[np.float64]:
    """Part of the cash posted to present households that the costliest of them account for."""
    households = world.world.households
    pence = np.sort(households["pence"][households["household_type"] != VACANT])[::-1].astype(np.float64)
    total = max(pence.sum(), 1.0)
    counts = [max(1, round(share * pence.size)) for share in CONCENTRATION_SHARES]
    return np.array([pence[:count].sum() / total for count in counts])


def _cause_effect(pairing: Pairing, accounts: Accounts, base: Accounts) -> NDArray[np.float64]:
    """Difference by cause; checked to add up to the whole to the last unit."""
    posts = int(accounts.posts.sum() - base.posts.sum())
    whole = int(accounts.cash.sum() - base.cash.sum())
    lived = pairing.totals[:, PENCE]
    gap = whole - posts - int(lived.sum())
    if gap or pairing.totals[0].any():
        raise BalanceError(
            Fault("ledger, causes of the difference", f"they miss the whole by {gap} pence·ticks.", "Please report it.")
        )
    effect = np.zeros((len(CAUSES), len(CAUSE_MEASURES)))
    for position, why in enumerate((DIRECT, QUEUE, BUDGET)):
        households, waited, pence = pairing.totals[why]
        effect[position] = households, waited / TICKS, float(in_pounds(int(pence)))
    effect[-1, -1] = float(in_pounds(posts))
    return effect
