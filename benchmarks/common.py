"""What the benchmarks share: England as now at any size, and timings taken in turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from demandsim.model.inputs import Inputs, build_inputs
from demandsim.parameters.book import Book
from demandsim.place import Place, load_place
from demandsim.place.population import Population, build_population
from demandsim.policy.scenario import load_scenario
from demandsim.policy.timeline import place_course
from demandsim.quantities import month_number
from demandsim.study.books import load_book

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
FIRST_MONTH = "2016-04"
SEED = 2016
MONTHS = 120
RUN_IN = 60


@cache
def england() -> Place:
    """England as shipped."""
    return load_place(CONFIGS / "places" / "england.toml")


@cache
def book() -> Book:
    """Every belief for England."""
    return load_book(CONFIGS, "england")


def inputs_of(households: int, scenario: str = "as_now", months: int = MONTHS, run_in: int = RUN_IN) -> Inputs:
    """Inputs of one world, at central beliefs."""
    path = CONFIGS / "scenarios" / f"{scenario}.toml"
    central = book().draw(SEED, None)
    return build_inputs(
        england().scaled(households), central, load_scenario(path, book()), FIRST_MONTH, months, run_in
    )  # fmt: skip


def people_of(households: int, months: int = MONTHS, run_in: int = RUN_IN) -> Population:
    """Who lives there over the run-in and the run."""
    growth, churn = place_course(book(), None, FIRST_MONTH, months, run_in)
    begins = month_number(FIRST_MONTH) - run_in
    return build_population(england(), households, begins, run_in + months, SEED, growth, churn)


def in_turns(tasks: Sequence[Callable[[], Callable[[], object]]], repeats: int) -> list[float]:
    """Least seconds of each task, run one after the other ``repeats`` times over, so that all meet the same noise.

    Parameters
    ----------
    tasks : sequence of callables
        Each sets a run up, untimed, and returns the callable to time.
    repeats : int
    """
    least = [float("inf")] * len(tasks)
    for _ in range(repeats):
        for position, task in enumerate(tasks):
            timed = task()
            began = time.perf_counter()
            timed()
            least[position] = min(least[position], time.perf_counter() - began)
    return least
