"""Fitted files: what ``demandsim fit`` wrote for effects and for one place.

Takes beliefs gathered from the parameter files and the fitted files; replaces beliefs of the same name, adds those
named ``fitted.…`` and marks effects whose ratio was solved as replayed. Never adds any other name: a fitted belief must
stand for one that exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from demandsim.parameters.descriptors import NOT_REACHED, REPLAYED, Effect
from demandsim.parameters.gathering import Gathered, add_belief, is_belief
from demandsim.parameters.reading import nearest, read_toml


def take_fitted(found: Gathered, paths: list[Path]) -> dict[str, dict[str, Any]]:
    """Take fitted beliefs over; give back each file's plain tables (knots, residuals) by the file's stem."""
    tables: dict[str, dict[str, Any]] = {}
    taken: dict[str, str] = {}
    for path in paths:
        plain: dict[str, Any] = {}
        beliefs: dict[str, Mapping[str, Any]] = {}
        _split(read_toml(path, found.faults), "", beliefs, plain)
        tables[path.stem] = plain
        for name, table in beliefs.items():
            where = f"{path.as_posix()}, {name}"
            if name in taken:
                found.faults.add(where, f"is already fitted in {taken[name]}.", "Load the fitted file of one place.")
            elif name not in found.files and not name.startswith("fitted."):
                close = nearest(name, found.beliefs)
                found.faults.add(
                    where, "stands for no belief of the parameters.", f"Nearest: `{close}`." if close else ""
                )
            else:
                taken[name] = path.as_posix()
                add_belief(found, name, table, path.as_posix())
                _keep_role(found, name)
        _mark_replayed(found, beliefs, plain.get("replay", []))
    return tables


def _split(table: Mapping[str, Any], prefix: str, beliefs: dict[str, Mapping[str, Any]], plain: dict[str, Any]) -> None:
    """Beliefs by dotted name, and everything else as it stands."""
    for key, entry in table.items():
        name = f"{prefix}.{key}" if prefix else key
        if not isinstance(entry, dict):
            plain[name] = entry
        elif is_belief(entry):
            beliefs[name] = entry
        else:
            _split(entry, name, beliefs, plain)


def _keep_role(found: Gathered, name: str) -> None:
    """A fit writes calibrated beliefs, never levers: what a scenario moves is not fitted."""
    belief = found.beliefs.get(name)
    if belief is not None and belief.role == "lever":
        found.faults.add(f"{found.where(name)}, `role`", "a fitted belief is never a lever.", 'Set "uncertainty".')


def _mark_replayed(found: Gathered, solved: Iterable[str], rows: Any) -> None:
    """Say of every effect what a replay made of its study: its ratio is among the beliefs fitted, or none was found."""
    standings = {name: NOT_REACHED for row in rows if isinstance(row, dict) for name in row.get("effects", [])}
    for name in solved:
        family, _, rest = name.partition(".")
        if family == "effects" and rest.endswith(".hazard_ratio"):
            standings[rest.removesuffix(".hazard_ratio")] = REPLAYED
    for name, standing in standings.items():
        effect = found.described["effects"].get(name)
        if isinstance(effect, Effect):
            found.described["effects"][name] = effect.after_replay(standing)
