"""Base hazards from published figures: a damped fixed point, with as-now services running.

Published flows already contain services; hazards are stated for *no case open*. So the place is run as now, measured
as the publication measures, and each free hazard is moved by what its own target is missed by. A figure that no free
hazard can reach stays missed, and is shown so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from demandsim.labels import NEEDS
from demandsim.model.causal_share import KNOTS
from demandsim.parameters.belief import Value
from demandsim.parameters.book import Book, load_parameters
from demandsim.place import Place, load_place
from demandsim.place.population import Population, build_population
from demandsim.policy.scenario import Scenario, load_scenario
from demandsim.study.books import EFFECTS, ENGLAND, fitted_files, load_book
from demandsim.study.fitted_file import write_england, write_place
from demandsim.study.luck import PLACE_SEED
from demandsim.study.measuring import Measured, hold_still, measure_place
from demandsim.study.targets import Target, load_targets

#: The causal share at which hazards are stated; at the others they are kept as ratios to it.
DEFAULT_KNOT = "causal_30"

_DAMPING = 0.7
_MOST_STEP = 0.9
_LEAST_ELASTICITY, _MOST_ELASTICITY = 0.25, 4.0
_MOST_ELASTICITY_OF_ODDS = 40.0  # a wait hardly moves until a list is full, and then all at once
_GRADIENT = "needs.work.gradient"
_PLACE = "place_multiplier."


@dataclass(frozen=True)
class FitPlan:
    """How large and how long a fit runs.

    Attributes
    ----------
    households, run_in, years, lucks, rounds : int
        Households simulated, months before measuring, years measured, runs a round, rounds.
    """

    households: int = 60_000
    run_in: int = 96
    years: int = 2
    lucks: int = 2
    rounds: int = 14
    seed: int = 1604


@dataclass
class Free:
    """One free factor and the target that fixes it.

    Attributes
    ----------
    name : str
        Belief, or one entry of it (``needs.family.up.none``); several joined by ``+`` move together.
    target : Target
    elasticity : float
        Log change of the target's figure by log change of the factor, as seen so far.
    factor : float
        On the stated values.
    """

    name: str
    target: Target
    elasticity: float = 1.0
    factor: float = 1.0
    _last: tuple[float, float] | None = field(default=None, repr=False)

    @property
    def parts(self) -> tuple[str, ...]:
        """Beliefs, or entries of beliefs, that the factor moves."""
        return tuple(self.name.split("+"))

    def move(self, figure: float) -> None:
        """Move by what the target is missed by, at the elasticity seen so far."""
        at, seen = math.log(self.factor), _scaled(figure, self.target)
        if self._last is not None:
            moved, changed = at - self._last[0], seen - self._last[1]
            if abs(moved) > 0.005 and changed * moved * self.elasticity > 0.0:
                most = _MOST_ELASTICITY_OF_ODDS if _is_odds(self.target) else _MOST_ELASTICITY
                size = max(_LEAST_ELASTICITY, min(most, abs(changed / moved)))
                self.elasticity = math.copysign(size, self.elasticity)
        self._last = (at, seen)
        step = _DAMPING * (_scaled(self.target.value, self.target) - seen) / self.elasticity
        self.factor *= math.exp(max(-_MOST_STEP, min(_MOST_STEP, step)))


def _is_odds(target: Target) -> bool:
    return target.unit == "share" and target.value > 0.5


def _scaled(figure: float, target: Target) -> float:
    """Log odds of shares that lie near one, log of everything else."""
    if _is_odds(target):
        bounded = min(max(figure, 0.02), 0.98)
        return math.log(bounded / (1.0 - bounded))
    return math.log(max(figure, 1e-9))


@dataclass(frozen=True)
class Fitted:
    """What a fit found for one place.

    Attributes
    ----------
    values : mapping of belief to value
        Whole beliefs, ready to override.
    free : list of Free
    targets : list of Target
    measured : Measured
        At the fitted values, on lucks that the fit did not use.
    """

    values: Mapping[str, Value]
    free: list[Free]
    targets: list[Target]
    measured: Measured


Report = Callable[[str], None]


def fit_place(place_id: str, configs: Path, plan: FitPlan | None = None, report: Report = print) -> Path:
    """Fit one place and write ``configs/fitted/<place>.toml``.

    Parameters
    ----------
    place_id : str
        ``england`` solves base hazards, at four causal shares; a borough its own multipliers, on England's hazards.
    configs : Path
        Folder of the configs.
    plan : FitPlan, optional
    report : callable
        Told a line a round.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ConfigError
        If the place, its targets or the parameters have faults.
    """
    plan = plan or FitPlan()
    place = load_place(configs / "places" / f"{place_id}.toml")
    as_now = load_scenario(configs / "scenarios" / "as_now.toml")
    targets = load_targets(configs / "targets" / f"{place_id}.toml")
    if place_id != ENGLAND:
        plan = FitPlan(min(place.n_households, plan.households), plan.run_in, plan.years, plan.lucks, plan.rounds)
    place = place.scaled(plan.households)
    people = build_population(place, plan.households, 0, plan.run_in + 12 * plan.years, PLACE_SEED)
    world = _World(place, as_now, people, plan, report)
    if place_id == ENGLAND:
        effects = [path for path in fitted_files(configs, ENGLAND) if path.stem == EFFECTS]
        book = load_parameters(configs / "parameters", effects)
        found: dict[str, Fitted] = {}
        for knot, share in sorted(KNOTS.items(), key=lambda item: item[0] != DEFAULT_KNOT):
            report(f"share_causal {share}")
            start = found[DEFAULT_KNOT].values if found else {}  # the others begin where the default ended
            found[knot] = world.fit(book.with_overrides({**start, "needs.share_causal": share}), targets)
        found = {knot: found[knot] for knot in KNOTS}
        return write_england(configs / "fitted" / "england.toml", book, found, DEFAULT_KNOT)
    book = load_book(configs, ENGLAND, calibrated=False)
    return write_place(configs / "fitted" / f"{place_id}.toml", book, place_id, world.fit(book, targets))


@dataclass
class _World:
    """A place ready to be run as now, again and again."""

    place: Place
    as_now: Scenario
    people: Population
    plan: FitPlan
    report: Report

    def fit(self, book: Book, targets: list[Target]) -> Fitted:
        """Move every free parameter until the rounds are up; keep the last."""
        free = [_free(target) for target in targets if target.use == "fit" and target.identifies]
        for round_ in range(self.plan.rounds):
            measured = self.measure(book, free, seed=self.plan.seed)
            miss, name = max(((_miss(one.target, measured), one.target.name) for one in free), default=(0.0, "none"))
            self.report(f"round {round_ + 1}: largest miss {miss:.1%} ({name})")
            for one in free:
                one.move(_figure(one, measured, targets))
        # Lucks that the fit has not seen tell how good it is.
        checked = self.measure(book, free, seed=self.plan.seed + 1)
        return Fitted(_values(book, free), free, targets, checked)

    def measure(self, book: Book, free: list[Free], seed: int) -> Measured:
        """Measure the place at the present values."""
        values = _values(book, free)
        multipliers = {one.name.removeprefix(_PLACE): one.factor for one in free if one.name.startswith(_PLACE)}
        place = with_multipliers(self.place, multipliers)
        still = hold_still(book.with_overrides(values))
        plan = self.plan
        return measure_place(
            place, still, self.as_now, self.people, plan.run_in, plan.years, seed, plan.lucks
        )  # fmt: skip


def with_multipliers(place: Place, multipliers: Mapping[str, float]) -> Place:
    """The same place, with some of its multipliers replaced."""
    stated = place.beliefs["place_multiplier"]
    value = {**place.place_multiplier, **multipliers}
    return place.model_copy(
        update={"beliefs": {**place.beliefs, "place_multiplier": stated.model_copy(update={"value": value})}}
    )


def _free(target: Target) -> Free:
    name = target.identifies
    if name.startswith(_PLACE):
        return Free(name, target, elasticity=2.0)
    falls = ".exit." in name and "off_flow" not in target.measure
    return Free(name, target, elasticity=-1.0 if falls else 1.0)


def _values(book: Book, free: list[Free]) -> dict[str, Value]:
    """Whole beliefs at the present factors."""
    values: dict[str, Value] = {}
    for one in free:
        for part in one.parts if not one.name.startswith(_PLACE) else ():
            name, state = (part, "") if part in book else (part.rpartition(".")[0], part.rpartition(".")[2])
            now = values.get(name, book[name].central)
            if isinstance(now, Mapping):
                values[name] = {
                    key: number * one.factor if state in ("", key) else number for key, number in now.items()
                }
            else:
                values[name] = float(now) * one.factor
    return values


def _figure(one: Free, measured: Measured, targets: list[Target]) -> float:
    """The figure a free parameter answers to; for the gradient, the ratio of the first decile to the last."""
    if one.name != _GRADIENT:
        return measured.mean(one.target.measure)
    last = next(target for target in targets if target.measure.endswith("_decile_10"))
    ratio = measured.mean(one.target.measure) / max(measured.mean(last.measure), 1e-9)
    return one.target.value * ratio / (one.target.value / last.value)


def _miss(target: Target, measured: Measured) -> float:
    return abs(measured.mean(target.measure) / target.value - 1.0)


def unidentified(free: list[Free]) -> list[str]:
    """Base hazards that no target fixes."""
    fixed = {part for one in free for part in one.parts}
    names = [f"needs.{need}.{move}" for need in NEEDS for move in ("up", "sudden", "down", "exit")]
    return [name for name in names if not any(one.startswith(name) for one in fixed)]
