"""The whole model as a + b·N: time by row of the calendar, lock step, memory, the place, and compilation.

``python -m benchmarks.whole_model`` (``--most 100000`` for a short one). England as now, 60 months of run-in and
120 months of the run proper. Every month and every row is timed by itself and the least over repeats is kept, so
that a busy machine does less harm.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import MONTHS, RUN_IN, SEED, england, in_turns, inputs_of, people_of
from demandsim.model.calendar import CALENDAR
from demandsim.model.columns import bytes_per_household
from demandsim.model.demand_model import DemandModel
from demandsim.place.population import Population

SIZES = (10_000, 100_000, 1_000_000)
#: Scenarios run beside ``as_now`` in lock step.
BESIDE = ("earlier_threshold", "whole_system", "same_money")
STEPPED = tuple(row for row in CALENDAR if row.run is not None)


@dataclass(frozen=True)
class Timed:
    """One size: seconds to draw the people and to move in, and by month and row of the calendar."""

    households: int
    people: float
    moving_in: float
    rows: NDArray[np.float64]

    @property
    def a_month(self) -> float:
        """Seconds of an average month, of the run-in and the run alike."""
        return float(self.rows.sum() / self.rows.shape[0])

    def per_household(self, seconds: float) -> float:
        """Nanoseconds a household for seconds."""
        return 1e9 * seconds / self.households


def main() -> None:
    """Time everything and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--most", type=int, default=SIZES[-1], help="largest number of households")
    asked.add_argument("--repeats", type=int, default=2)
    asked.add_argument("--only", choices=("time", "lock_step", "memory", "compile"), help="one part of it")
    asked.add_argument("--child", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.child:
        print(json.dumps(CHILDREN[options.child](options.most)))
        return
    parts: dict[str, Callable[[], None]] = {
        "time": lambda: show_times([time_size(n, options.repeats) for n in _sizes(options.most)]),
        "lock_step": lambda: show_lock_step(min(options.most, 100_000), options.repeats),
        "memory": lambda: show_memory(options.most),
        "compile": show_compilation,
    }
    for name, part in parts.items():
        if options.only in (None, name):
            part()


def _sizes(most: int) -> list[int]:
    return sorted({size for size in (*SIZES, most) if size <= most})


# -- time


def time_size(households: int, repeats: int) -> Timed:
    """Run one size ``repeats`` times; keep the least of every month and row."""
    _warm()
    began = time.perf_counter()
    people = people_of(households)
    drawn = time.perf_counter() - began
    moving_in, rows = float("inf"), np.full((RUN_IN + MONTHS, len(STEPPED)), np.inf)
    for _ in range(repeats):
        began = time.perf_counter()
        model = _model(households, people)
        moving_in = min(moving_in, time.perf_counter() - began)
        rows = np.minimum(rows, list(_timed_months(model)))
        model.close()
    return Timed(households, drawn, moving_in, rows)


def _model(households: int, people: Population, scenario: str = "as_now") -> DemandModel:
    return DemandModel(inputs_of(households, scenario), people, england().deprivation_z, SEED)


def _timed_months(model: DemandModel) -> Iterator[list[float]]:
    while not model.is_done:
        marks = [time.perf_counter()]
        for row in STEPPED:
            assert row.run is not None
            row.run(model)
            marks.append(time.perf_counter())
        yield np.diff(marks).tolist()


def _warm() -> None:
    """Compile, or load from the cache, whatever is to be timed."""
    model = _model(200, people_of(200))
    while model.months_done < 14:
        model.step()
    model.close()


def show_times(sizes: list[Timed]) -> None:
    """Print a + b·N, the rows, and how flat b is."""
    print(f"{'households':>12} {'ms a month':>11} {'ns a household-month':>21}")
    for size in sizes:
        print(f"{size.households:12,} {1e3 * size.a_month:11.2f} {size.per_household(size.a_month):21.1f}")
    if len(sizes) > 1:
        a, b = fit([(size.households, size.a_month) for size in sizes])
        print(f"a = {1e3 * a:.2f} ms a month, b = {1e9 * b:.1f} ns a living household-month")
        first, last = sizes[-2], sizes[-1]
        flat = (last.a_month - a) / last.households / ((first.a_month - a) / first.households)
        print(f"flatness: b at {last.households:,} / b at {first.households:,} = {flat:.2f}")
    largest = sizes[-1]
    print(f"by row, ns a household-month at {largest.households:,}:")
    for position, row in enumerate(STEPPED):
        per = largest.per_household(largest.rows[:, position].sum() / largest.rows.shape[0])
        print(f"  {row.name:26s} {per:7.1f}")
    print(f"  {'moving in, once':26s} {largest.per_household(largest.moving_in):7.1f} ns a household")
    per_month = largest.per_household(largest.people) / (RUN_IN + MONTHS)
    print(
        f"the place: {largest.households / largest.people:,.0f} households a second for {RUN_IN + MONTHS} months"
        f" ({per_month:.1f} ns a household-month; once for all lucks and scenarios)"
    )


def fit(points: list[tuple[int, float]]) -> tuple[float, float]:
    """Seconds a month as a + b·N by least squares of relative misses, a at least 0."""
    n, seconds = (np.array(column, np.float64) for column in zip(*points, strict=True))
    design = np.stack([1.0 / seconds, n / seconds], axis=1)
    (a, b), *_ = np.linalg.lstsq(design, np.ones(n.size), rcond=None)
    if a < 0.0:
        a, b = 0.0, float((n / seconds).sum() / ((n / seconds) ** 2).sum())
    return float(a), float(b)


# -- lock step


def show_lock_step(households: int, repeats: int) -> None:
    """Cost of one more scenario beside ``as_now``, run-in and comparison included in the whole."""
    from demandsim.study.lockstep import run_in_lock_step

    _warm()
    people = people_of(households)

    def task(names: tuple[str, ...]) -> Callable[[], Callable[[], object]]:
        def prepare() -> Callable[[], object]:
            inputs = [inputs_of(households, name) for name in names]

            def run() -> None:
                worlds, _ = run_in_lock_step(inputs, people, england().deprivation_z, SEED, 0)
                for world in worlds:
                    world.close()

            return run

        return prepare

    task(("as_now", *BESIDE[:1]))()()
    alone, together = in_turns([task(("as_now",)), task(("as_now", *BESIDE))], repeats)
    more = (together - alone) / len(BESIDE)
    per = 1e9 / households / MONTHS
    print(f"lock step at {households:,}: as_now alone {per * alone:.1f} ns a household and month of the run proper")
    print(
        f"  each further scenario {per * more:.1f} ns, comparison included; all four {per * together / 4:.1f} ns each"
    )


# -- memory


def show_memory(most: int) -> None:
    """Peak memory by household, from processes of two sizes."""
    small, large = max(1_000, most // 10), most
    for name, what in (("place", "the people of 180 months"), ("world", "people and one world, 60 months in")):
        peaks = [_child(name, size) for size in (1_000, small, large)]
        slope = (peaks[2] - peaks[1]) / (large - small)
        print(
            f"memory, {what}: {slope:.0f} bytes a household between {small:,} and {large:,}"
            f" (base process {peaks[0] / 2**20:.0f} MB)"
        )
    print(f"  of which columns of the world: {bytes_per_household()} bytes, cases apart")


def _child(name: str, households: int, **environment: str) -> float:
    command = [sys.executable, "-m", "benchmarks.whole_model", "--child", name, "--most", str(households)]
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=root, env={**os.environ, **environment}
    )  # fmt: skip
    return float(json.loads(done.stdout))


def peak_bytes() -> int:
    """Most memory this process has held. Linux counts what its parent held in ``ru_maxrss``, hence ``VmHWM``."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _peak_of_place(households: int) -> float:
    people = people_of(households)
    assert people.n_households == households
    return peak_bytes()


def _peak_of_world(households: int) -> float:
    model = _model(households, people_of(households))
    model.run_in()
    return peak_bytes()


# -- compilation


def show_compilation() -> None:
    """Seconds to the end of the first month with nothing compiled before, and from the cache."""
    with tempfile.TemporaryDirectory() as folder:
        first, again = (_child("compile", 100, XDG_CACHE_HOME=folder) for _ in range(2))
    print(f"first month of a new machine {first:.1f} s, from the cache {again:.1f} s (a tiny world, imports apart)")


def _seconds_to_first_month(households: int) -> float:
    inputs = inputs_of(households)
    began = time.perf_counter()
    model = DemandModel(inputs, people_of(households), england().deprivation_z, SEED)
    model.step()
    model.step()  # the place's events begin in the second month
    return time.perf_counter() - began


CHILDREN: dict[str, Callable[[int], float]] = {
    "place": _peak_of_place,
    "world": _peak_of_world,
    "compile": _seconds_to_first_month,
}


if __name__ == "__main__":
    main()
