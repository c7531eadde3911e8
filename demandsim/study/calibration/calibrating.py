"""Calibrate a place: find the beliefs under which it measures what was published of it, and write them as draws.

Takes a place's configs; gives the file that every study of the place draws from afterwards.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import RequestError
from demandsim.parameters.book import Book
from demandsim.parameters.calibrated import CalibratedDraws, digest_beliefs
from demandsim.parameters.drawing import Usage
from demandsim.place import Place, load_place
from demandsim.policy.scenario import Scenario, load_scenario
from demandsim.study.books import ENGLAND, calibrated_path, find_calibrated, load_book
from demandsim.study.calibration.coverage import Covered, check_coverage
from demandsim.study.calibration.findings import belief_rows, kept_columns, target_rows, traded_off, wave_rows
from demandsim.study.calibration.goals import choose_goals
from demandsim.study.calibration.matching import Matched, match_history
from demandsim.study.calibration.plan import BOROUGH, FULL, QUICK, Sizes
from demandsim.study.calibration.problem import Problem
from demandsim.study.calibration.sampling import make_chance, pick_evenly, spread_points
from demandsim.study.calibration.space import Space, make_space
from demandsim.study.calibration.suppositions import read_suppositions, read_targets
from demandsim.study.calibration.worlds import Worlds
from demandsim.study.calibration.written import write_calibrated
from demandsim.study.measuring import hold_still
from demandsim.study.targets import Target

Floats = NDArray[np.float64]
Report = Callable[[str], None]

#: Few households are enough to see which beliefs are read.
_HOUSEHOLDS: Final = 100
#: Runs of different kinds have luck of their own.
_LUCK_OF_REPEATS: Final = 900_000
_LUCKS_A_KIND: Final = 10_000
_KINDS: Final = 80
#: Luck is found about the centre, at this part of the prior's spread.
_NEAR: Final = 0.5


@dataclass
class Calibration:
    """A place ready to be calibrated.

    Attributes
    ----------
    place : Place
        Of its own size.
    book : Book
    targets : list of Target
    space : Space
    problem : Problem
    worlds : Worlds
    sizes : Sizes
    until : str or None
    """

    place: Place
    book: Book
    targets: list[Target]
    space: Space
    problem: Problem
    worlds: Worlds
    sizes: Sizes
    until: str | None


def sizes_of(place: str, quick: bool = False) -> Sizes:
    """How large a calibration of a place is."""
    return QUICK if quick else FULL if place == ENGLAND else BOROUGH


def calibrate_place(
    place_id: str,
    configs: Path,
    sizes: Sizes | None = None,
    until: str | None = None,
    folder: Path | None = None,
    workers: int = 1,
    synthetic: int = 0,
    report: Report = print,
) -> Path:
    """Calibrate one place and write ``configs/calibrated/<place>.toml`` and its rows.

    Parameters
    ----------
    place_id : str
        ``england``, or a borough that has been fitted, once England is calibrated.
    configs : Path
    sizes : Sizes, optional
        By default what the place needs, see `sizes_of`.
    until : str, optional
        A month such as "2015-03": no figure of a later one is used.
    folder : Path, optional
        Where finished runs are kept, so that a stopped calibration goes on.
    workers : int
    synthetic : int
        How many times to calibrate to figures of known origin as well, to see how often bands hold the truth.
    report : callable
        Told a line at a time.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ConfigError, RequestError
        If the place, its targets or its parameters have faults, or what it rests on is missing.
    """
    sizes = sizes or sizes_of(place_id)
    prepared = prepare(place_id, configs, sizes, until, folder, workers, report)
    report(f"{len(prepared.problem.goals)} figures, {len(prepared.space.names)} beliefs")
    found = match_history(prepared.problem, sizes)
    covered = cover(prepared, synthetic) if synthetic else []
    for one in covered:
        report(f"{one.what}: bands of {one.level:.0%} hold the truth in {one.share:.0%} (±{one.error:.0%})")
    if prepared.worlds.failures:
        report(f"{len(prepared.worlds.failures)} runs failed and were left out: {prepared.worlds.failures[0]}")
    report(f"{len(found.weights)} weighted draws, worth {found.effective:.0f} of equal weight")
    path = calibrated_path(configs, place_id, until)
    return write(prepared, found, covered, path)


def prepare(
    place_id: str,
    configs: Path,
    sizes: Sizes,
    until: str | None,
    folder: Path | None,
    workers: int,
    report: Report = print,
    is_shown: bool = True,
) -> Calibration:
    """Read what a calibration needs, and run the place about its centre to see its luck."""
    place = load_place(configs / "places" / f"{place_id}.toml")
    as_now = load_scenario(configs / "scenarios" / "as_now.toml")
    targets = read_targets(configs, place_id, until)
    book = _book_for(configs, place_id, until)
    scaled = place.scaled(min(place.n_households, sizes.households))
    still, supposed = hold_still(book), read_suppositions(book.draw())
    read = _names_read(book, place, as_now)
    space = make_space(still, place_id, targets, read, supposed.fixed_range, supposed.unfixed_range)
    goals = choose_goals(targets, supposed.discrepancy)
    if not goals:
        raise RequestError(f"{place_id} has no figure to fit that the model measures. See configs/targets.")
    measures = tuple(goal.measure for goal in goals)
    worlds = Worlds(
        scaled, still, as_now, sizes.run_in, sizes.years, sizes.seed, measures, folder, workers, is_shown
    )  # fmt: skip
    none = np.ones(len(goals))  # until luck is found
    problem = Problem(space.n_dims, goals, _Runner(worlds, space), space.features, none, none, space.movable)
    luck = _find_luck(worlds, space, problem, sizes)
    problem = replace(problem, luck=luck, own_luck=luck * scaled.n_households / place.n_households)
    return Calibration(place, book, targets, space, problem, worlds, sizes, until)


def cover(prepared: Calibration, truths: int) -> list[Covered]:
    """Calibrate to figures of known origin; the first wave is shared, and each has a small wave of its own."""
    sizes, problem = prepared.sizes, prepared.problem
    points = spread_points(sizes.first, problem.n_dims, make_chance(sizes.seed, 1))
    values = problem.scaled(problem.run(points, "wave 1"))
    small = replace(sizes, waves=2, wave=max(20, sizes.wave // 4), explored=max(100, sizes.explored // 2))
    return check_coverage(problem, small, points, values, truths)


@dataclass
class _Runner:
    """Runs points of a space; what is done for another purpose has luck of its own."""

    worlds: Worlds
    space: Space

    def __call__(self, points: Floats, noun: str) -> Floats:
        start = _LUCKS_A_KIND * (zlib.crc32(noun.encode()) % _KINDS)
        lucks = [start + row for row in range(len(points))]
        return self.worlds.run(self.space.draws(self.space.quantiles(points)), lucks, f"runs of {noun}")


def _book_for(configs: Path, place: str, until: str | None) -> Book:
    """The book to calibrate: England's as it stands, a borough's with England's draws."""
    book = load_book(configs, place, calibrated=False)
    if place == ENGLAND:
        return book
    if find_calibrated(configs, ENGLAND, until) is None:
        raise RequestError(f"{place} rests on England's draws, and there are none. Run: demandsim calibrate england")
    return replace(book, calibrated=load_book(configs, ENGLAND, until).calibrated)


def _names_read(book: Book, place: Place, as_now: Scenario) -> set[str]:
    """Beliefs that a place as now asks for."""
    from demandsim.model.inputs import build_inputs
    from demandsim.model.recording import empty_record
    from demandsim.study.luck import build_indicators

    usage = Usage()
    draw = book.draw().recording(usage)
    small = place.scaled(_HOUSEHOLDS)
    inputs = build_inputs(small, draw, as_now, n_months=12, run_in=12)
    idle: Any = SimpleNamespace(record=empty_record(inputs, len(small.areas)), inputs=inputs)
    build_indicators(idle, draw).all()
    return usage.read


def _find_luck(worlds: Worlds, space: Space, problem: Problem, sizes: Sizes) -> Floats:
    """Variance by luck alone on each goal's scale: the same points about the centre, run twice."""
    points = _NEAR * spread_points(sizes.repeats, space.n_dims, make_chance(sizes.seed, 5))
    draws = space.draws(space.quantiles(np.vstack([points, points])))
    lucks = [_LUCK_OF_REPEATS + row for row in range(2 * sizes.repeats)]
    one, other = np.split(problem.scaled(worlds.run(draws, lucks, "runs that differ in luck alone")), 2)
    apart = (one - other)[np.isfinite(one - other).all(axis=1)]
    if not len(apart):
        raise RequestError(f"The place cannot be run near its centre: {'; '.join(worlds.failures[:3])}")
    return np.asarray(np.maximum(0.5 * np.mean(np.square(apart), axis=0), 1e-8), np.float64)


def write(prepared: Calibration, found: Matched, covered: list[Covered], path: Path) -> Path:
    """Write what was found."""
    space, sizes = prepared.space, prepared.sizes
    columns = kept_columns(space, found)
    picked = pick_evenly(found.weights, sizes.rows, make_chance(sizes.seed, 6))
    held = np.full((sizes.rows, len(space.held)), 0.5)
    rows = np.hstack([space.quantiles(found.points)[picked][:, columns], held])
    names = (*(space.names[column] for column in columns), *space.held)
    factors = space.all_factors()
    beliefs = [name for name in names if name not in factors]
    digest = digest_beliefs(prepared.book.beliefs, beliefs, factors.values())
    draws = CalibratedDraws(names, rows, factors, prepared.place.id, path.stem, prepared.until, digest)
    tables: dict[str, Any] = {
        "calibration": _about(prepared, found, digest, len(np.unique(picked))),
        "target": target_rows(prepared.problem, found),
        "traded_off": traded_off(prepared.problem, found),
        "wave": wave_rows(prepared.problem, found),
        "coverage": [vars(one) for one in covered],
        "factor": [factor.model_dump() for factor in factors.values()],
        "belief": belief_rows(space, found),
    }
    return write_calibrated(path, draws, tables)


def _about(prepared: Calibration, found: Matched, digest: str, distinct: int) -> dict[str, Any]:
    sizes, worlds = prepared.sizes, prepared.worlds
    return {
        "place": prepared.place.id,
        "until": prepared.until or "",
        "rows": sizes.rows,
        "distinct_rows": distinct,
        "weighted_draws": len(found.weights),
        "effective_draws": found.effective,
        "power_of_weights": found.power,
        "runs": 2 * sizes.repeats + sum(wave.runs for wave in found.waves) + (1 + found.corrections) * sizes.last,
        "failed_runs": len(worlds.failures),
        "households": worlds.place.n_households,
        "run_in": sizes.run_in,
        "years": sizes.years,
        "seed": sizes.seed,
        "cutoff": sizes.cutoff,
        "discrepancy": prepared.problem.goals[0].discrepancy,
        "england": prepared.book.calibrated.content if prepared.book.calibrated is not None else "",
        "beliefs": digest,
    }
