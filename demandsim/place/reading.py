"""Read a place file, and everything wrong with it, at once.

Takes a TOML file of figures in the form of beliefs, perhaps one that says which place it is like, perhaps with a
CSV of areas beside it; gives a `Place`. Never fills in a count: households and people belong to one place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from pydantic import Field

from demandsim.parameters.belief import Belief, Entry
from demandsim.parameters.gathering import Gathered, add_belief, is_belief
from demandsim.parameters.reading import Faults, build, did_you_mean, read_toml
from demandsim.place.deprivation import CUT_KEYS, DECILE_KEYS
from demandsim.place.own_areas import read_areas
from demandsim.place.path import HOUSEHOLDS_PATH, PER_HOUSEHOLD, PERSONS_PATH
from demandsim.place.place import Area, Place
from demandsim.place.schema import FIGURES, Figure

_LOOSE: Final = 2e-3  # published shares are rounded to four places
_AREA_DIGITS: Final = 2
_LIKEST: Final = "england"


class Heading(Entry):
    """The plain entries at the top of a place file."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    note: str = ""
    like: str = ""
    fit_of: str = ""
    areas_file: str = ""


def load_place(path: str | Path) -> Place:
    """Read and check a place.

    Parameters
    ----------
    path : str or Path
        A TOML file such as ``configs/places/hackney.toml``. Where it says ``like = "england"``, figures it does not
        state are those of ``england.toml`` beside it or among the presets; counts are never taken over.

    Raises
    ------
    ConfigError
        With every fault of the file, its areas and the place it is like.
    """
    faults = Faults()
    found, heading = _gather(Path(path), faults, seen=())
    faults.stop()
    assert heading is not None  # a missing heading is a fault
    file = Path(path).as_posix()
    _check(found, file, faults)
    areas, households = _areas(found, heading, Path(path), faults)
    faults.stop()
    return Place(
        id=heading.id,
        fit_id=heading.fit_of or heading.id,
        title=heading.title,
        note=heading.note,
        households=households,
        n_households=households,
        areas=areas,
        beliefs=found.beliefs,
    )


def load_areas_csv(path: str | Path) -> tuple[Area, ...]:
    """Read a council's own areas; scores are read against England's deciles. See ``docs/own_areas.md``.

    Raises
    ------
    ConfigError
        With every fault of the file, each with its line.
    """
    faults = Faults()
    found, _ = _gather(_find_like(_LIKEST, Path(path).parent), faults, seen=())
    faults.stop()
    areas, _ = read_areas(Path(path), _cuts(found.beliefs), faults)
    faults.stop()
    return areas


def preset_folder() -> Path:
    """Where the places that come with the package are: beside its source, or inside the installed package."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "configs" / "places"
    return inside if inside.is_dir() else package.parent / "configs" / "places"


def _gather(path: Path, faults: Faults, seen: tuple[Path, ...]) -> tuple[Gathered, Heading | None]:
    """The figures of a file over those of the place it is like."""
    file = path.as_posix()
    found = Gathered(faults)
    tables = read_toml(path, faults)
    if not tables:
        if not faults:
            faults.add(file, "is empty.", "Copy a place from configs/places and change it.")
        return found, None
    plain = {key: entry for key, entry in tables.items() if not isinstance(entry, dict)}
    heading = build(Heading, plain, file, faults)
    for key, entry in tables.items():
        if isinstance(entry, dict):
            _walk(found, entry, key, file)
    if heading and heading.like:
        other = _find_like(heading.like, path.parent)
        if path.resolve() in seen:
            faults.add(f"{file}, `like`", f"goes round in a circle through `{heading.like}`.", "Remove one `like`.")
            return found, heading
        below, _ = _gather(other, faults, (*seen, path.resolve()))
        for name, belief in below.beliefs.items():
            if name in FIGURES and FIGURES[name].inherited and name not in found.files:
                found.beliefs[name], found.files[name] = belief, below.files[name]
    return found, heading


def _find_like(name: str, folder: Path) -> Path:
    beside = folder / f"{name}.toml"
    return beside if beside.is_file() else preset_folder() / f"{name}.toml"


def _walk(found: Gathered, table: Mapping[str, Any], name: str, file: str) -> None:
    if is_belief(table):
        if name in FIGURES:
            add_belief(found, name, table, file)
        else:
            remedy = did_you_mean(name, FIGURES) or f"Figures are {', '.join(FIGURES)}."
            found.faults.add(f"{file}, {name}", "is not a figure of a place.", remedy)
        return
    for key, entry in table.items():
        below = f"{name}.{key}"
        if isinstance(entry, dict):
            _walk(found, entry, below, file)
        else:
            remedy = f"Write [{below}] with value, unit, meaning, source, evidence and role."
            found.faults.add(f"{file}, {below}", "is not a figure with unit and source.", remedy)


def _check(found: Gathered, file: str, faults: Faults) -> None:
    for name, figure in FIGURES.items():
        if name in found.beliefs:
            _check_figure(found, name, figure)
        elif figure.required:
            faults.add(f"{file}, {name}", "is missing.", f'Add [{name}], or say like = "{_LIKEST}" at the top.')
    _check_path(found, file, faults)


def _check_figure(found: Gathered, name: str, figure: Figure) -> None:
    belief, where, faults = found.beliefs[name], found.where(name), found.faults
    if belief.unit != figure.unit:
        faults.add(f"{where}, `unit`", f"is `{belief.unit}`; it must be `{figure.unit}`.", "Mend it.")
    if belief.role != "constant":
        what = "a place is drawn once, before any draw of beliefs, so its figures are constants."
        faults.add(f"{where}, `role`", what, 'Set role = "constant".')
    if figure.dated:
        _check_dated(belief, where, figure, faults)
        return
    if belief.values:
        faults.add(f"{where}, `values`", "only a path is dated.", "Give one `value`.")
        return
    value = belief.central
    labels = tuple(value) if isinstance(value, Mapping) else ()
    for label in figure.labels:
        if label not in labels:
            faults.add(f"{where}, `value`", f"`{label}` is missing.", f"Labels: {', '.join(figure.labels)}.")
    for label in labels:
        if label not in figure.labels:
            remedy = did_you_mean(label, figure.labels) or "Give a single number."
            faults.add(f"{where}, `value.{label}`", "is not a label here.", remedy)
    if set(labels) == set(figure.labels) and not isinstance(value, str):
        numbers = [value[label] for label in figure.labels] if isinstance(value, Mapping) else [value]
        if what := _broken_rule(numbers, figure.rule):
            faults.add(f"{where}, `value`", what, "Mend the value.")


def _check_dated(belief: Belief, where: str, figure: Figure, faults: Faults) -> None:
    """A path needs two dates to lie between; what else a list of dates may not be, the belief itself has been told."""
    numbers = [value for _, value in belief.dated if isinstance(value, float)]
    if len(numbers) != len(belief.values) or len(numbers) < 2:
        remedy = "Write values = [ { from = 2011-03-01, value = 100 }, { from = 2021-03-01, value = 110 } ]."
        faults.add(f"{where}, `values`", "a path is at least two numbers, each with its date.", remedy)
    elif what := _broken_rule(numbers, figure.rule):
        faults.add(f"{where}, `values`", what, "Mend the value.")


def _check_path(found: Gathered, file: str, faults: Faults) -> None:
    """One path, and with persons how many make a household."""
    if PERSONS_PATH in found.beliefs and HOUSEHOLDS_PATH in found.beliefs:
        faults.add(found.where(HOUSEHOLDS_PATH), f"[{PERSONS_PATH}] is a path already.", "Keep one of the two.")
    if (PERSONS_PATH in found.files) != (PER_HOUSEHOLD in found.files):
        missing = PER_HOUSEHOLD if PERSONS_PATH in found.files else PERSONS_PATH
        what = "is missing: persons become households by how many live in one."
        faults.add(f"{file}, {missing}", what, f"Add [{missing}], or state [{HOUSEHOLDS_PATH}] instead.")


def _broken_rule(numbers: Sequence[float], rule: str) -> str:
    if rule == "mix" and abs(math.fsum(numbers) - 1.0) > _LOOSE:
        return f"the shares sum to {math.fsum(numbers):.4f}, not 1."
    if rule == "above_zero" and min(numbers) <= 0:
        return "must be above 0."
    if rule == "part" and not 0 < numbers[0] <= 0.9:
        return "must be above 0 and at most 0.9."
    if rule == "whole" and (any(number != int(number) for number in numbers) or sum(numbers) < 1):
        return "must be whole numbers, not all of them 0."
    if rule == "falling" and any(low >= high for high, low in pairwise(numbers)):
        return "must fall from the most to the least deprived."
    return ""


def _areas(found: Gathered, heading: Heading, path: Path, faults: Faults) -> tuple[tuple[Area, ...], int]:
    """Areas, and how many households they hold."""
    file, by_decile = path.as_posix(), "areas.by_decile" in found.beliefs
    if by_decile == bool(heading.areas_file):
        what = "states both `areas_file` and [areas.by_decile]." if by_decile else "states no areas."
        faults.add(file, what, "Give one of the two: a CSV of areas, or the number of areas in each decile.")
        return (), 0
    if heading.areas_file:
        if "households.census_2011" in found.beliefs:
            where = found.where("households.census_2011")
            faults.add(where, "the areas already say how many households.", "Remove it.")
        if faults:  # a fault in the cuts would be told again
            return (), 0
        return read_areas(path.parent / heading.areas_file, _cuts(found.beliefs), faults)
    if "households.census_2011" not in found.beliefs:
        faults.add(f"{file}, households.census_2011", "is missing.", "Add it, or bring your own areas as CSV.")
    if faults:
        return (), 0
    count = found.beliefs["households.census_2011"].central
    assert isinstance(count, float | int)
    return _equal_areas(heading.title, found.beliefs["areas.by_decile"]), round(count)


def _equal_areas(title: str, belief: Belief) -> tuple[Area, ...]:
    """Areas of equal size, numbered within their decile."""
    counts = belief.central
    assert isinstance(counts, Mapping)
    total = sum(counts.values())
    return tuple(
        Area(name=f"{title} decile {decile}, area {number:0{_AREA_DIGITS}d}", decile=decile, share=1.0 / total)
        for decile, key in enumerate(DECILE_KEYS, start=1)
        for number in range(1, int(counts[key]) + 1)
    )


def _cuts(beliefs: Mapping[str, Belief]) -> list[float]:
    cuts = beliefs["deprivation.score_cuts"].central
    assert isinstance(cuts, Mapping)
    return [cuts[key] for key in CUT_KEYS]
