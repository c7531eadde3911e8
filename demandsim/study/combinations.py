"""Which combinations of principles a study runs, in pieces that are each run and kept whole.

Takes a plan, principles and how many orders; gives labelled chunks, and a digest of whatever could change a figure.
Never runs anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from demandsim.errors import RequestError
from demandsim.policy import Principle, Scenario, digest_principles, scenario_of
from demandsim.quantities import month_label, month_number
from demandsim.study.orders import Ints, list_corners, paths_of, sample_pairs
from demandsim.study.plan import Plan, Task

if TYPE_CHECKING:
    from demandsim.study.luck import LuckJob

#: Worlds that are run and kept together.
CHUNK: Final = 64
#: Orders whose stages are run and kept together; an even number, since an order goes with its reverse.
ORDERS_A_CHUNK: Final = 8
#: More than this many combinations are only ever sampled.
MOST_COMBINATIONS: Final = 4096
NONE: Final = "none"
#: How the label of an order that is carried out in time begins.
ROLLED: Final = ">"
#: Months that the last stage of an order has before the end.
_LAST_MONTHS: Final = 6
_PACKAGE: Final = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, eq=False)
class Combinations:
    """What a study of principles will run. Small enough to send to a worker.

    Parameters
    ----------
    plan : Plan
        Of one scenario, the baseline that every combination stands on.
    principles : tuple of Principle
    orders : int
        Orders whose stages are run, with every pair of principles; 0 for every combination there is.
    intensity : float
        How far each principle that is on is carried, above 0 and up to 1.
    rollouts : int
        Orders that are carried out in time beside the report's, each principle begun a stage after the one before.
    """

    plan: Plan
    principles: tuple[Principle, ...]
    orders: int = 0
    intensity: float = 1.0
    rollouts: int = 0

    @property
    def n_principles(self) -> int:
        """How many principles there are."""
        return len(self.principles)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Whatever could change a figure. More draws or more orders are the same study."""
        own = {"principles": digest_principles(self.principles), "intensity": self.intensity, "steps": _digest_steps()}
        return {**self.plan.identity, **own}

    @cached_property
    def digest(self) -> str:
        """Fingerprint of the identity."""
        return hashlib.sha256(json.dumps(self.identity, sort_keys=True).encode()).hexdigest()

    @cached_property
    def sampled(self) -> Ints:
        """The orders drawn, shape (orders, principles); none where every combination is run."""
        return sample_pairs(self.n_principles, self.orders, self.plan.seed)

    @cached_property
    def rolled(self) -> tuple[tuple[int, ...], ...]:
        """The orders carried out in time, each once and the report's first; none where there is no time for it."""
        if not self.rollouts or not self.stage_months:
            return ()
        drawn = sample_pairs(self.n_principles, self.rollouts, self.plan.seed)
        return tuple(dict.fromkeys([tuple(range(self.n_principles)), *map(tuple, drawn.tolist())]))

    @cached_property
    def stage_months(self) -> int:
        """Months from stage to stage, so that the last begins half a year before the end; 0 if there are too few."""
        left = month_number(self.plan.first_month) + self.plan.n_months - month_number(self.first_start)
        return max(0, left - _LAST_MONTHS) // max(1, self.n_principles - 1)

    @property
    def first_start(self) -> date:
        """When the first of the principles begins."""
        return min(one.from_ for one in self.principles)

    @cached_property
    def chunks(self) -> dict[str, tuple[int, ...]]:
        """Combinations by chunk, each combination once; then orders carried out, numbered on from the combinations."""
        first = 2**self.n_principles
        rolled = tuple(range(first, first + len(self.rolled)))
        return {**self._combined, **({"rollouts": rolled} if rolled else {})}

    @cached_property
    def _combined(self) -> dict[str, tuple[int, ...]]:
        if not self.orders:
            whole = range(2**self.n_principles)
            return {f"all_{first // CHUNK:04d}": tuple(whole[first : first + CHUNK]) for first in whole[::CHUNK]}
        report = paths_of(np.arange(self.n_principles)[None])[0]
        seen = dict.fromkeys(report.tolist())
        chunks = {"orders_0000": tuple(seen)}
        corners = tuple(mask for mask in list_corners(self.n_principles) if mask not in seen)
        seen |= dict.fromkeys(corners)
        for first in range(0, len(corners), CHUNK):
            chunks[f"pairs_{first // CHUNK:04d}"] = corners[first : first + CHUNK]
        paths = paths_of(self.sampled)
        for number, first in enumerate(range(0, self.orders, ORDERS_A_CHUNK), 1):
            visited = dict.fromkeys(paths[first : first + ORDERS_A_CHUNK].ravel().tolist())
            fresh = tuple(mask for mask in visited if mask not in seen)
            seen |= dict.fromkeys(fresh)
            if fresh:
                chunks[f"orders_{number:04d}"] = fresh
        return chunks

    @cached_property
    def masks(self) -> tuple[int, ...]:
        """Every combination, in the order of the chunks."""
        return tuple(mask for chunk in self.chunks.values() for mask in chunk)

    @property
    def tasks(self) -> list[Task]:
        """Every chunk of every luck, luck by luck, so that a worker's run-in serves many chunks."""
        lucks = [(draw, replicate) for draw in range(self.plan.draws) for replicate in range(self.plan.replicates)]
        return [Task(chunk, draw, replicate) for draw, replicate in lucks for chunk in self.chunks]

    def label(self, mask: int) -> str:
        """A combination's letters, ``none`` where there are none; of an order carried out, all in that order."""
        if mask >= 2**self.n_principles:
            return ROLLED + "".join(self.principles[one].letter for one in self.rolled[mask - 2**self.n_principles])
        return "".join(one.letter for position, one in enumerate(self.principles) if mask >> position & 1) or NONE

    def labels(self, chunk: str) -> tuple[str, ...]:
        """Labels of a chunk's combinations."""
        return tuple(self.label(mask) for mask in self.chunks[chunk])

    def scenario(self, mask: int) -> Scenario:
        """A combination, each of its principles as far as it is carried."""
        if mask >= 2**self.n_principles:
            return self._rollout(self.rolled[mask - 2**self.n_principles])
        on = {one.letter: self.intensity for position, one in enumerate(self.principles) if mask >> position & 1}
        return scenario_of(self.principles, on, self.plan.scenarios[0])

    def _rollout(self, order: tuple[int, ...]) -> Scenario:
        """All principles, each begun a stage after the one before it in an order."""
        first = month_number(self.first_start)
        begins = {
            self.principles[one].letter: date.fromisoformat(f"{month_label(first + stage * self.stage_months)}-01")
            for stage, one in enumerate(order)
        }
        return scenario_of(self.principles, dict.fromkeys(begins, self.intensity), self.plan.scenarios[0], begins)

    def job(self, task: Task) -> LuckJob:
        """What a chunk of a luck needs: the luck's own job with the chunk's combinations as its scenarios."""
        own = self.plan.job(replace(task, case=""))
        return replace(own, scenarios=tuple(self.scenario(mask) for mask in self.chunks[task.case]))


def _digest_steps() -> str:
    """Fingerprint of the sources that only these figures depend on."""
    digest = hashlib.sha256()
    for part in ("policy/combination.py", "study/combinations.py", "study/factorial.py", "study/orders.py"):
        digest.update((_PACKAGE / part).read_bytes())
    return digest.hexdigest()[:16]


def check_orders(n_principles: int, orders: int) -> int:
    """How many orders to run, checked: 0 for every combination.

    Raises
    ------
    RequestError
        If the number is odd or negative, or there are too many combinations to run them all.
    """
    if orders < 0 or orders % 2:
        raise RequestError(f"{orders} orders cannot be run: each goes with its reverse. Ask for an even number.")
    if not orders and 2**n_principles > MOST_COMBINATIONS:
        what = f"{n_principles} principles have {2**n_principles:,} combinations, too many to run them all."
        raise RequestError(f"{what} Sample orders with --orders 100.")
    return orders


def check_intensity(intensity: float) -> float:
    """How far principles are carried, checked.

    Raises
    ------
    RequestError
        If it is not above 0 and at most 1.
    """
    if not 0.0 < intensity <= 1.0:
        what = f"Principles cannot be carried {intensity:g} of the way: above 0, which is as now, and up to 1, in full."
        raise RequestError(what)
    return intensity


def check_rollouts(rollouts: int) -> int:
    """How many orders to carry out in time, checked.

    Raises
    ------
    RequestError
        If the number is odd or negative.
    """
    if rollouts < 0 or rollouts % 2:
        raise RequestError(
            f"{rollouts} orders cannot be carried out: each goes with its reverse. Ask for an even number."
        )
    return rollouts


def mask_of(label: str, letters: Sequence[str]) -> int:
    """The number whose bits are a label's letters."""
    return 0 if label == NONE else sum(1 << letters.index(letter) for letter in label)
