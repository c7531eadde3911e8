"""Regression to the mean: the worst-off of one year look better the next, whatever is done for them.

Takes a place as now; gives, for families chosen when things were worst, what they cost in the year before and the year
after: with nothing done, with help that does nothing, and with the first Troubled Families programme's line at its
published null. What a before-and-after count would call a saving stands beside what a trial would find.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import RequestError
from demandsim.labels import CRISIS, ESTABLISHED
from demandsim.model.demand_model import DemandModel
from demandsim.parameters.book import Book
from demandsim.place import Place, load_place
from demandsim.place.population import VACANT
from demandsim.policy.scenario import Scenario, load_scenario
from demandsim.quantities import MONTHS_PER_YEAR, PENCE_PER_POUND, TICKS
from demandsim.study.books import load_book
from demandsim.study.folders import find_named
from demandsim.study.progress import Progress
from demandsim.study.replay.fitted_effects import number_of
from demandsim.study.replay.people import TRIAL, Followed, Help, Ints, run_place
from demandsim.study.workers import check_workers, run_tasks

Floats = NDArray[np.float64]

#: How families are chosen, each when it looks worst.
WAYS: Final = {
    "costliest": "The costliest families of the last year",
    "crisis": "Families with a need in crisis at any time last year",
    "several": "Families with two or more serious needs now",
}
#: What is done for them.
ARMS: Final = {
    "nothing": "Nothing is done",
    "null": "Help that does nothing",
    "programme": "The first programme's help, at its published null",
}
FAMILY_NEED: Final = "family"
#: The first programme took in 120,000 of 8 million families.
SHARE_CHOSEN: Final = 0.015
CLAIM: Final = "replay.claim.saving"
PROGRAMME: Final = "troubled_families_1"
_SERIOUS: Final = 2


@dataclass(frozen=True)
class LookPlan:
    """How large and how often a place is looked at again.

    Attributes
    ----------
    households : int, optional
        To simulate; as many as the place has by default.
    lucks, run_in, seed : int
    share : float
        Of families with children, how many the costliest are.
    workers : int, optional
    """

    households: int | None = None
    lucks: int = 12
    run_in: int = 96
    seed: int = 2012
    share: float = SHARE_CHOSEN
    workers: int | None = None
    is_shown: bool = True

    def __post_init__(self) -> None:
        if self.lucks < 2:
            raise RequestError(f"{self.lucks} lucks say nothing of spread. Ask for at least 2.")
        if not 0.0 < self.share <= 1.0:
            raise RequestError(f"A share of {self.share:g} of families cannot be chosen. Give one above 0, up to 1.")


@dataclass(frozen=True, eq=False)
class LookedAgain:
    """What a family cost before and after it was chosen, GBP a family and year.

    Attributes
    ----------
    before : ndarray, shape (ways, lucks)
    after : ndarray, shape (ways, arms, lucks)
    families : ndarray, shape (ways, lucks)
        How many were chosen.
    everyone : ndarray, shape (lucks,)
        What families with children cost on average in the year before.
    claim, cost : float
        Published saving and cost a family, at the book's prices.
    claim_printed : str
        The saving as it was printed.
    """

    place: str
    price_year: str
    n_households: int
    before: Floats
    after: Floats
    families: Floats
    everyone: Floats
    claim: float
    cost: float
    claim_printed: str

    def of(self, way: str, arm: str) -> tuple[Floats, Floats]:
        """Before and after for one way of choosing and one arm, by luck."""
        return self.before[[*WAYS].index(way)], self.after[[*WAYS].index(way), [*ARMS].index(arm)]

    def looks_saved(self, way: str) -> Floats:
        """What a before-and-after count would call a saving, though nothing was done; by luck."""
        before, after = self.of(way, "nothing")
        return np.asarray(before - after)

    def controlled(self, way: str, arm: str) -> Floats:
        """What a trial would find: the same families on the same luck, with and without; by luck."""
        return np.asarray(self.of(way, "nothing")[1] - self.of(way, arm)[1])


@dataclass(frozen=True)
class LookWork:
    """One luck; small enough to send to a worker."""

    place: Place
    book: Book
    as_now: Scenario
    plan: LookPlan

    def __call__(self, luck: int) -> tuple[Floats, Floats, Floats, float]:
        """Before, after, families chosen and everyone's cost."""
        model = run_place(self.place, self.book, self.as_now, self.plan.run_in, self.plan.seed, luck)
        lived_here = model.world.households["occupant"].copy()
        was_in_crisis = np.zeros(model.n_households, np.bool_)
        for _ in range(MONTHS_PER_YEAR):
            model.step()
            was_in_crisis |= (model.world.households["state"] == CRISIS).any(axis=1)
        house = model.world.households
        families = np.flatnonzero(
            (house["household_type"] != VACANT) & (house["children"] > 0) & (house["occupant"] == lived_here)
        )
        year = in_pounds(np.array(house["pence"]))
        n = max(1, round(self.plan.share * families.size))
        serious = (house["state"][families] >= ESTABLISHED).sum(axis=1)
        chosen = [
            np.sort(families[np.argsort(-year[families], kind="stable")[:n]]),
            families[was_in_crisis[families]],
            families[serious >= _SERIOUS],
        ]
        if any(rows.size == 0 for rows in chosen):
            raise RequestError("No family is badly off enough to be chosen. Simulate more households.")
        before = np.array([year[rows].mean() for rows in chosen])
        after = np.array([[_year_after(model, rows, arm).mean() for arm in ARMS] for rows in chosen])
        everyone = float(year[families].mean())
        model.close()
        return before, after, np.array([float(rows.size) for rows in chosen]), everyone


def in_pounds(pence_ticks: Ints) -> Floats:
    """Pounds from the household's own account, kept in pence times ticks."""
    return np.asarray(pence_ticks / (TICKS * PENCE_PER_POUND), np.float64)


def _year_after(model: DemandModel, rows: Ints, arm: str) -> Floats:
    """What each family costs in the year after it was chosen."""
    moves = ("family.established.down", "family.complex.down")  # all at a ratio of one
    service = PROGRAMME if arm == "programme" else TRIAL
    world = Followed(model, rows, Help(service, FAMILY_NEED, moves), None if arm == "nothing" else 0.0)
    at_first = world.pence()
    for _ in range(MONTHS_PER_YEAR):
        world.step()
    return in_pounds(world.pence() - at_first)


def look_again(place_id: str, configs: Path, plan: LookPlan | None = None) -> LookedAgain:
    """Choose the worst-off families of a place, do nothing, and look again a year later.

    Parameters
    ----------
    place_id : str
    configs : Path
    plan : LookPlan, optional

    Raises
    ------
    ConfigError
        If the place or the parameters have faults.
    RequestError
        If nobody can be chosen.
    """
    plan = plan or LookPlan()
    place = load_place(find_named(configs, "places", place_id))
    place = place.scaled(plan.households) if plan.households else place
    book = load_book(configs, place.fit_id)
    as_now = load_scenario(configs / "scenarios" / "as_now.toml")
    done: dict[int, tuple[Floats, Floats, Floats, float]] = {}
    with Progress(plan.lucks, is_shown=plan.is_shown) as progress:
        work = LookWork(place, book, as_now, replace(plan, is_shown=False))
        for outcome in run_tasks(range(plan.lucks), work, check_workers(plan.workers)):
            if outcome.reason:
                raise RequestError(f"A luck failed: {outcome.reason}.")
            done[outcome.task] = outcome.payload
            progress.advance()
    before, after, families, everyone = zip(*(done[luck] for luck in range(plan.lucks)), strict=True)
    draw = book.draw()
    return LookedAgain(
        place=place.title,
        price_year=book.price_year,
        n_households=place.n_households,
        before=np.stack(before, axis=-1),
        after=np.stack(after, axis=-1),
        families=np.stack(families, axis=-1),
        everyone=np.array(everyone),
        claim=draw.number_of(CLAIM),
        cost=draw.number_of("replay.claim.cost"),
        claim_printed=f"£{number_of(book, CLAIM):,.0f} in {book[CLAIM].price_year} prices",
    )
