"""What agencies, everyday contact and trust add to a month, as a ratio measured in one run.

``python -m benchmarks.added`` (``--most 20000`` for a short one). Two worlds of the same people under the same beliefs
take turns, month by month, so that both meet the same noise: the model as it is, and the same model with the three
taken out. Out means: no agency holds an April or pays posts other than the plan; nobody makes everyday contact, no
repair comes up and nothing is noticed by either; trust neither moves nor moves anything. Every month keeps its least
time over repeats, and both are told as a + b·N.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import MONTHS, RUN_IN, SEED, england, inputs_of, people_of
from benchmarks.whole_model import STEPPED, fit
from demandsim.model.demand_model import DemandModel
from demandsim.model.inputs import Inputs
from demandsim.place.population import Population

SIZES = (2_000, 20_000, 100_000)
#: How far the three together may raise a and b.
MOST = 2.0
#: Small sizes are repeated more, for a month of theirs is over before the noise is.
WORTH, MOST_REPEATS = 200_000, 20
#: What the front door no longer reads where the three are out.
_OUT = ("noticing", "trust_take_up", "trust_contact", "trust_disclosure")
_STEPS = ("trust_helped", "trust_turned_away", "trust_waited", "trust_asked_twice")


class NoContact:
    """Stands where everyday life does, and does nothing."""

    def __init__(self, model: DemandModel) -> None:
        self._nothing = model.everyday.money()

    def step(self) -> None:
        """No contact, no repair, no home let."""

    def note(self, record: object, month: int) -> None:
        """Nothing to write down."""

    def money(self) -> NDArray[np.int64]:
        """No pence."""
        return self._nothing


class NoBooks:
    """Stands where the agencies' books do: posts follow the plan, and no April is held."""

    base_months = 0

    def __init__(self, model: DemandModel) -> None:
        self.posts_planned = model.budgets.posts_planned
        self.redundancy = np.zeros_like(model.budgets.redundancy)
        self._posts = model.posts

    def open_month(self, step: int, month: int) -> None:
        """Pay the posts of the plan."""
        self._posts[:] = self.posts_planned[:, step]

    def count_run_in(self, *_: object) -> None:
        """Nothing is counted."""

    def set_base(self, *_: object) -> None:
        """Nothing is set."""

    def close_year(self, *_: object) -> None:
        """Nothing is closed."""


@dataclass(frozen=True)
class Pair:
    """Seconds of an average month of one size: with the three, and without."""

    households: int
    whole: float
    bare: float


def without(inputs: Inputs) -> Inputs:
    """The same inputs with nothing noticed by everyday contact, and trust that neither moves nor moves anything."""
    out = {field: np.zeros_like(inputs.door[field]) for field in (*_OUT, *_STEPS)}
    return replace(inputs, door={**inputs.door, **out})


def bare_world(inputs: Inputs, people: Population) -> DemandModel:
    """A world without agencies, everyday contact and trust."""
    model = DemandModel(without(inputs), people, england().deprivation_z, SEED)
    model.agencies = []
    model.everyday = NoContact(model)  # type: ignore[assignment]
    model.budgets = NoBooks(model)  # type: ignore[assignment]
    return model


def time_pair(households: int, repeats: int) -> Pair:
    """Run both worlds in turns, month by month, at least ``repeats`` times over."""
    people, inputs = people_of(households), inputs_of(households)
    least = np.full((2, RUN_IN + MONTHS), np.inf)
    for repeat in range(max(repeats, min(MOST_REPEATS, WORTH // households))):
        worlds = [DemandModel(inputs, people, england().deprivation_z, SEED), bare_world(inputs, people)]
        for month in range(RUN_IN + MONTHS):
            for turn in (0, 1):
                which = (turn + repeat + month) % 2  # neither is always the one that finds the cache cold
                least[which, month] = min(least[which, month], step(worlds[which]))
        for world in worlds:
            world.close()
    whole, bare = least.mean(axis=1)
    return Pair(households, float(whole), float(bare))


def step(model: DemandModel) -> float:
    """Seconds of one month."""
    began = time.perf_counter()
    for row in STEPPED:
        assert row.run is not None
        row.run(model)
    return time.perf_counter() - began


def show(pairs: list[Pair]) -> None:
    """Print every size, then a and b with and without, and how often the one goes into the other."""
    print(f"{'households':>12} {'ms with':>9} {'ms without':>11} {'ratio':>6}")
    for pair in pairs:
        ratio = pair.whole / pair.bare
        print(f"{pair.households:12,} {1e3 * pair.whole:9.3f} {1e3 * pair.bare:11.3f} {ratio:6.2f}")
    if len(pairs) < 2:
        return
    (a, b), (a_bare, b_bare) = (
        fit([(pair.households, getattr(pair, which)) for pair in pairs]) for which in ("whole", "bare")
    )
    print(f"b: {1e9 * b:.1f} ns a living household-month with, {1e9 * b_bare:.1f} without: {verdict(b, b_bare)}")
    print(f"a: {1e3 * a:.3f} ms a month with, {1e3 * a_bare:.3f} without: {verdict(a, a_bare)}")
    if b < MOST * b_bare:
        size = max(0.0, (a - MOST * a_bare) / (MOST * b_bare - b))
        print(f"a month, a and b together, takes at most {MOST:g} times as long from {size:,.0f} households up")


def verdict(more: float, less: float) -> str:
    """The ratio, beside the most it may be."""
    if less <= 0.0:
        return "no ratio, there is nothing to multiply"
    return f"{more / less:.2f} times ({'within' if more <= MOST * less else 'beyond'} {MOST:g})"


def main() -> None:
    """Time both worlds at several sizes and print the ratios."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--most", type=int, default=SIZES[-1], help="largest number of households")
    asked.add_argument("--repeats", type=int, default=3)
    options = asked.parse_args()
    time_pair(500, 1)  # compile, or load from the cache
    sizes = sorted({size for size in (*SIZES, options.most) if size <= options.most})
    show([time_pair(size, options.repeats) for size in sizes])


if __name__ == "__main__":
    main()
