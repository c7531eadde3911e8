"""From parsed tables to beliefs and descriptors, each under its dotted name.

Takes the tables of every parameter file; gives `Gathered`: beliefs, descriptors, where each came from.
Never combines two files' claims: a name in two files is a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from demandsim.parameters.belief import Belief, find_problems
from demandsim.parameters.descriptors import DESCRIPTORS, Descriptor
from demandsim.parameters.reading import Faults, build, did_you_mean, read_toml
from demandsim.parameters.sources import Source
from demandsim.parameters.vocabulary import FAMILY_BELIEFS, FAMILY_REQUIRED, FREE_DESCRIPTORS

_TELLING: Final = {"unit", "meaning", "source", "evidence", "role", "uncertainty"}
_BELIEF_KEYS: Final = [entry.alias or name for name, entry in Belief.model_fields.items() if name != "name"]
#: Tables that are plain descriptors and not beliefs or families of them.
_PLAIN_TABLES: Final[Mapping[str, tuple[str, ...]]] = {"needs": ("exit_to",), "effects": ("study",)}


@dataclass
class Gathered:
    """What the files said so far.

    ``is_partial`` says that a file could not be read, so that what is absent may only be unread.
    """

    faults: Faults
    beliefs: dict[str, Belief] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    described: dict[str, dict[str, Descriptor]] = field(default_factory=lambda: {family: {} for family in DESCRIPTORS})
    texts: dict[str, Any] = field(default_factory=dict)
    is_partial: bool = False

    def where(self, name: str) -> str:
        """File and place of a belief or table."""
        return f"{self.files.get(name, '?')}, {name}"


def gather(paths: list[Path], faults: Faults) -> Gathered:
    """Everything the parameter files hold."""
    found = Gathered(faults)
    for path in paths:
        before = len(faults)
        table = read_toml(path, faults)
        found.is_partial |= len(faults) > before
        _walk(found, table, "", path.as_posix())
    return found


def read_sources(path: Path, faults: Faults) -> dict[str, Source]:
    """The sources file, by key."""
    sources = {}
    for key, table in read_toml(path, faults).items():
        where = f"{path.as_posix()}, {key}"
        if not isinstance(table, dict):
            faults.add(where, "is not a table.", f"Write [{key}] with title, publisher, year and read.")
        elif source := build(Source, table, where, faults):
            sources[key] = source
    return sources


def add_belief(found: Gathered, name: str, table: Mapping[str, Any], file: str) -> None:
    """Build one belief and keep it, with every fault it has."""
    where = f"{file}, {name}"
    if "name" in table:
        found.faults.add(f"{where}, `name`", "is not a key here.", "The table's own path is its name.")
        return
    belief = build(Belief, {**table, "name": name}, where, found.faults)
    if belief is None:
        found.files.setdefault(name, file)
        return
    for problem in find_problems(belief):
        found.faults.add(f"{where}, `{problem.key}`", problem.what, problem.remedy)
    found.beliefs[name] = belief
    found.files[name] = file


def is_belief(table: Mapping[str, Any]) -> bool:
    """Whether a table is meant as a belief, even one whose value is misspelt."""
    return "value" in table or "values" in table or len(_TELLING & table.keys()) >= 3


def _walk(found: Gathered, table: Mapping[str, Any], prefix: str, file: str) -> None:
    plain: dict[str, Any] = {}
    for key, entry in table.items():
        name = f"{prefix}.{key}" if prefix else key
        family = name.split(".")[0]
        is_plain_table = name.count(".") == 2 and key in _PLAIN_TABLES.get(family, ())
        if not isinstance(entry, dict) or is_plain_table:
            plain[key] = entry
        elif is_belief(entry):
            if name in found.files:
                found.faults.add(
                    f"{file}, {name}",
                    f"is already stated in {found.files[name]}.",
                    "Keep one of the two: a belief has one home.",
                )
            else:
                add_belief(found, name, entry, file)
        else:
            _walk(found, entry, name, file)
    _describe(found, prefix, plain, table, file)


def _describe(found: Gathered, prefix: str, plain: dict[str, Any], table: Mapping[str, Any], file: str) -> None:
    """Keep the plain entries of a table: a descriptor's, or free text."""
    parts = prefix.split(".")
    if len(parts) == 2 and parts[0] in DESCRIPTORS:
        _add_descriptor(found, parts[0], parts[1], plain, table, file)
        return
    for key, entry in plain.items():
        name = f"{prefix}.{key}" if prefix else key
        if key in FREE_DESCRIPTORS and isinstance(entry, str):
            found.texts[name] = entry
            found.files.setdefault(name, file)
        else:
            _bare(found, name, key, entry, file)


def _add_descriptor(
    found: Gathered, family: str, name: str, plain: dict[str, Any], table: Mapping[str, Any], file: str
) -> None:
    path, model = f"{family}.{name}", DESCRIPTORS[family]
    where = f"{file}, {path}"
    allowed = FAMILY_BELIEFS[family]
    given = dict(plain)
    for key in plain:
        if key in allowed:
            _bare(found, f"{path}.{key}", key, given.pop(key), file)
    for key in table:
        if key not in plain and key not in allowed:
            found.faults.add(
                f"{where}.{key}",
                f"`{key}` is not a belief of a table in `{family}`.",
                did_you_mean(key, allowed) or f"Beliefs here: {', '.join(allowed)}.",
            )
    for key in FAMILY_REQUIRED[family]:
        if key not in table:
            found.faults.add(f"{where}.{key}", "is missing.", f"Add the belief [{path}.{key}].")
    if name in found.described[family]:
        found.faults.add(where, f"is already stated in {found.files[path]}.", "Keep one of the two.")
        return
    found.files[path] = file
    if descriptor := build(model, {**given, "name": name}, where, found.faults):
        found.described[family][name] = descriptor


def _bare(found: Gathered, name: str, key: str, entry: Any, file: str) -> None:
    """A number or name that stands where only a belief may."""
    if isinstance(entry, int | float) and not isinstance(entry, bool):
        found.faults.add(
            f"{file}, {name}",
            f"is the bare number {entry:g}, without unit or source.",
            f"Write [{name}] with value = {entry:g}, unit, meaning, source, evidence and role.",
        )
        return
    remedy = did_you_mean(key, [*_BELIEF_KEYS, *FREE_DESCRIPTORS]) or did_you_mean(name.split(".")[0], DESCRIPTORS)
    found.faults.add(
        f"{file}, {name}", "is not a belief and not a known key.", remedy or "Remove it, or make it a belief."
    )
