"""Runs of a place as now, one for each point: spread over processes, and kept as they finish.

Takes points; gives figures. A run that was stopped goes on where it was: what is kept is found by what it is a run of.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TextIO

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import StoreError
from demandsim.parameters.book import Book
from demandsim.parameters.calibrated import CalibratedDraws
from demandsim.parameters.drawing import Draw
from demandsim.place import Place
from demandsim.place.population import Population
from demandsim.policy.scenario import Scenario
from demandsim.study.fingerprint import digest_code
from demandsim.study.luck import PLACE_SEED
from demandsim.study.progress import Progress
from demandsim.study.workers import run_tasks
from demandsim.version import VERSION

Floats = NDArray[np.float64]

FILE: Final = "runs.jsonl"
__all__ = ["FILE", "Worlds"]


@dataclass
class _World:
    """Runs one row of draws; sent to workers once."""

    place: Place
    book: Book
    as_now: Scenario
    run_in: int
    years: int
    seed: int
    measures: tuple[str, ...]
    _people: Population | None = field(default=None, repr=False)

    def __call__(self, task: int) -> list[float]:
        from demandsim.model.demand_model import DemandModel
        from demandsim.model.inputs import build_inputs
        from demandsim.study.measuring import figures_of

        assert self.book.calibrated is not None
        row, luck = divmod(task, _LUCKS)
        months = self.years * 12
        draw = Draw(self.book, self.seed, row)
        inputs = build_inputs(self.place, draw, self.as_now, n_months=months, run_in=self.run_in)
        model = DemandModel(inputs, self._population(months), self.place.deprivation_z, self.seed, luck)
        while not model.is_done:
            model.step()
        figures = figures_of(model, draw, np.array([area.decile for area in self.place.areas]))
        model.close()
        return [float(figures[measure]) for measure in self.measures]

    def _population(self, months: int) -> Population:
        if self._people is None:
            from demandsim.place.population import build_population

            place = self.place
            self._people = build_population(place, place.n_households, 0, self.run_in + months, PLACE_SEED)
        return self._people


_LUCKS: Final = 1 << 20


@dataclass
class Worlds:
    """A place that can be run at any rows of quantiles.

    Attributes
    ----------
    place : Place
        With the number of households to simulate.
    book : Book
        As `hold_still` gives it.
    as_now : Scenario
    run_in, years, seed : int
    measures : tuple of str
        What is measured, in order.
    folder : Path or None
        Where finished runs are kept.
    workers : int
    is_shown : bool
        Whether progress is told.
    """

    place: Place
    book: Book
    as_now: Scenario
    run_in: int
    years: int
    seed: int
    measures: tuple[str, ...]
    folder: Path | None = None
    workers: int = 1
    is_shown: bool = True
    failures: list[str] = field(default_factory=list)
    _kept: dict[str, list[float]] | None = field(default=None, repr=False)

    def run(self, draws: CalibratedDraws, lucks: Sequence[int], noun: str) -> Floats:
        """Run every row once.

        Parameters
        ----------
        draws : CalibratedDraws
        lucks : sequence of int
            Of each row; the same luck and row give the same figures.
        noun : str
            What is counted, as progress tells it.

        Returns
        -------
        ndarray, shape (n_rows, n_measures)
            nan where a run failed.
        """
        world = _World(
            self.place, replace(self.book, calibrated=draws), self.as_now, self.run_in, self.years, self.seed,
            self.measures,
        )  # fmt: skip
        keys = [self._key(draws, row, luck) for row, luck in enumerate(lucks)]
        kept = self._read()
        waiting = {row * _LUCKS + luck: row for row, luck in enumerate(lucks) if keys[row] not in kept}
        found = np.full((len(keys), len(self.measures)), np.nan)
        with Progress(len(keys), len(keys) - len(waiting), self.is_shown, noun) as progress, self._file() as file:
            for outcome in run_tasks(list(waiting), world, self.workers):
                key = keys[waiting[outcome.task]]
                if outcome.reason:
                    self.failures.append(outcome.reason)
                else:
                    kept[key] = outcome.payload
                    _keep(file, key, outcome.payload)
                progress.advance(bool(outcome.reason))
        for row, key in enumerate(keys):
            if key in kept:
                found[row] = kept[key]
        return found

    @cached_property
    def digest(self) -> str:
        """What runs depend on beside their row and luck."""
        still = replace(self.book, calibrated=None)
        told = [
            VERSION, digest_code(), still.digest, self.place.digest, self.place.n_households, self.as_now.id,
            [change.model_dump(mode="json") for one in self.as_now.lineage for change in one.changes],
            self.run_in, self.years, self.seed, self.measures,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()

    def _key(self, draws: CalibratedDraws, row: int, luck: int) -> str:
        one = replace(draws, rows=draws.rows[row : row + 1])
        return hashlib.sha256(f"{self.digest} {one.content} {luck}".encode()).hexdigest()[:32]

    def _read(self) -> dict[str, list[float]]:
        """Runs that are there already; a line that was cut short is left out."""
        if self._kept is None:
            self._kept = {}
            path = self.folder / FILE if self.folder is not None else None
            if path is not None and path.is_file():
                for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                    self._take(line)
        return self._kept

    def _take(self, line: str) -> None:
        try:
            entry: Mapping[str, Any] = json.loads(line)
            figures = [float(one) for one in entry["figures"]]
        except (ValueError, TypeError, KeyError):
            return
        if self._kept is not None and len(figures) == len(self.measures):
            self._kept[str(entry["run"])] = figures

    def _file(self) -> TextIO:
        if self.folder is None:
            return Path(os.devnull).open("w", encoding="utf-8")
        path = self.folder / FILE
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise StoreError(f"{path}: cannot be written ({error.strerror}). Choose another folder.") from error
        if path.stat().st_size:
            file.write("\n")  # whatever was cut short ends here
        return file


def _keep(file: TextIO, key: str, figures: Sequence[float]) -> None:
    file.write(json.dumps({"run": key, "figures": list(figures)}) + "\n")
    file.flush()
