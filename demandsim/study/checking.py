"""Check what a study stands on: places, targets, fitted files and studies, and which beliefs a run reads.

Takes the configs folder; gives sections and readers for `demandsim.parameters.check`. Never runs a month.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from demandsim.errors import ConfigError
from demandsim.parameters.belief import ASSUMED
from demandsim.parameters.book import Book
from demandsim.parameters.checking import Checker, Reader, Report, Section, check
from demandsim.parameters.drawing import Draw
from demandsim.parameters.reading import Faults, did_you_mean
from demandsim.place import Place, load_place
from demandsim.policy import check_futures, check_principles, check_scenarios, load_scenario
from demandsim.policy.account_faults import check_accounts
from demandsim.quantities import UNITS
from demandsim.study.books import ENGLAND, fitted_files, load_book
from demandsim.study.calibration.checking import check_calibrated
from demandsim.study.calibration.suppositions import read_suppositions
from demandsim.study.config import check_studies
from demandsim.study.indicator_sets import check_indicators
from demandsim.study.measuring import measurable
from demandsim.study.official import check_official
from demandsim.study.replay import check_replays
from demandsim.study.series import check_series
from demandsim.study.targets import Target, load_targets

#: Few households are enough to see which beliefs are read.
_HOUSEHOLDS = 100


def check_configs(configs: Path) -> Report:
    """Check every config file, and find beliefs and sources that nothing uses."""
    checkers: dict[str, Checker] = {
        "places": check_places,
        "scenarios": check_scenarios,
        "principles": check_principles,
        "accounts": check_accounts,
        "futures": check_futures,
        "studies": check_studies,
        "targets": check_targets,
        "files of series": check_series,
        "official figures": check_official,
        "indicators": check_indicators,
        "replayed studies": check_replays,
        "fitted files": check_fitted,
        "calibrated draws": check_calibrated,
    }
    england = fitted_files(configs, ENGLAND)
    report = check(configs, checkers, [_reader(configs)], england)
    # Nothing is read where anything is faulty, and then every belief would seem unused.
    return replace(report, unused=()) if report.faults else report


def check_places(configs: Path, book: Book) -> Section:
    """Check every file in ``places/``."""
    faults, sources = Faults(), set()
    paths = sorted((configs / "places").glob("*.toml"))
    for path in paths:
        place = _gathered(partial(load_place, path), faults)
        if not isinstance(place, Place):
            continue
        if place.id != path.stem:
            faults.add(
                f"{path.as_posix()}, `id`", f"is `{place.id}`.", f"Name the file {place.id}.toml, or mend the id."
            )
        sources |= set(place.sources)
        for key in place.sources:
            if key not in book.sources:
                faults.add(path.as_posix(), *_no_source(key, book))
    return Section(tuple(faults), frozenset(sources), n_files=len(paths))


def check_targets(configs: Path, book: Book) -> Section:
    """Check every file in ``targets/``."""
    faults, sources = Faults(), set()
    paths = sorted((configs / "targets").glob("*.toml"))
    for path in paths:
        targets = _gathered(partial(load_targets, path), faults)
        for target in targets if isinstance(targets, list) else []:
            sources.add(target.source)
            _check_target(target, f"{path.as_posix()}, targets.{target.name}", book, faults)
    return Section(tuple(faults), frozenset(sources), n_files=len(paths))


def _check_target(target: Target, where: str, book: Book, faults: Faults) -> None:
    if target.unit not in UNITS:
        faults.add(f"{where}, `unit`", f"`{target.unit}` is not a unit.", did_you_mean(target.unit, UNITS))
    if not measurable(target.measure):
        faults.add(f"{where}, `measure`", f"the model measures no `{target.measure}`.", "See docs/outcomes.md.")
    if not target.low <= target.value <= target.high:
        what = f"{target.value:g} is not within {target.low:g} to {target.high:g}."
        faults.add(f"{where}, `value`", what, "Mend the value or its tolerance.")
    if target.source != ASSUMED and target.source not in book.sources:
        faults.add(f"{where}, `source`", *_no_source(target.source, book))


def check_fitted(configs: Path, book: Book) -> Section:
    """Check that every fitted file goes with the parameters."""
    faults, sources = Faults(), set()
    paths = sorted((configs / "fitted").glob("*.toml"))
    for path in paths:
        fitted = _gathered(partial(load_book, configs, path.stem, calibrated=False), faults)
        if isinstance(fitted, Book):
            sources |= {belief.source for belief in fitted.values()}
    return Section(tuple(faults), frozenset(sources), n_files=len(paths))


def _gathered(load: Callable[[], object], faults: Faults) -> object:
    """What a loader gives; none, with its faults gathered, where it refuses."""
    try:
        return load()
    except ConfigError as error:
        faults.extend(fault for fault in error.faults if fault not in faults)
    return None


def _no_source(key: str, book: Book) -> tuple[str, str]:
    return f"`{key}` is not in sources.toml.", did_you_mean(key, book.sources) or "Add it there."


def _reader(configs: Path) -> Reader:
    """Asks for whatever a run under any scenario asks for, for what its outcomes need, and for what the brief shows."""

    def read(book: Book, draw: Draw) -> None:
        from demandsim.model.inputs import build_inputs
        from demandsim.model.recording import empty_record
        from demandsim.study.luck import build_indicators
        from demandsim.study.meta import read_for_meta

        place = load_place(configs / "places" / f"{ENGLAND}.toml").scaled(_HOUSEHOLDS)
        for path in sorted((configs / "scenarios").glob("*.toml")):
            inputs = build_inputs(place, draw, load_scenario(path, book))
        record = empty_record(inputs, len(place.areas))
        idle: Any = SimpleNamespace(record=record, inputs=inputs)  # a world in which nothing has happened
        build_indicators(idle, draw).all()
        read_for_meta(book, draw)
        read_suppositions(draw)

    return read


__all__ = ["check_configs", "check_fitted", "check_places", "check_targets"]
