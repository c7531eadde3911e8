"""Pins: a scenario names its baseline, and the digest of what that baseline was.

Takes a scenario file and the book; writes or verifies ``baseline = "as_now@sha256:…"``. The digest covers the
baseline's changes and every lever's default, and never a belief: learning more about the world moves no baseline.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Final

from demandsim.errors import BaselineMoved, ConfigError, Fault, RequestError
from demandsim.parameters.book import Book, load_parameters
from demandsim.policy.scenario import Scenario, load_scenario

_LENGTH: Final = 8
_LINE: Final = re.compile(r'^(\s*baseline\s*=\s*)(["\'])[^"\']*\2', re.MULTILINE)


def digest_baseline(baseline: Scenario, book: Book) -> str:
    """Eight characters of the SHA-256 of a baseline's changes and the levers' defaults."""
    content: dict[str, Any] = {
        "baseline": [_moves(one) for one in baseline.lineage],
        "levers": {
            name: [belief.unit, belief.price_year, [[start, _plain(value)] for start, value in belief.dated]]
            for name, belief in sorted(book.levers.items())
        },
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:_LENGTH]


def _moves(scenario: Scenario) -> list[Any]:
    """What a scenario does, without its words."""
    told = [change.model_dump(mode="json", exclude={"source", "note"}) for change in scenario.changes]
    return [scenario.id, told]


def _plain(value: Any) -> Any:
    return value if isinstance(value, float | str) else dict(value)


def pin(path: str | Path, book: Book | None = None) -> str:
    """Write the baseline's digest into a scenario file; give back what was written.

    Parameters
    ----------
    path : path
        The scenario file. Only its ``baseline`` line changes.
    book : Book, optional
        Otherwise read from ``parameters/`` beside the scenarios' folder.
    """
    file = Path(path)
    book = load_parameters(file.parent.parent / "parameters") if book is None else book
    scenario = load_scenario(file, book)
    if scenario.base is None:
        raise RequestError(f"{file.as_posix()} has no baseline to pin: it is a baseline itself.")
    pinned = f"{scenario.baseline_id}@sha256:{digest_baseline(scenario.base, book)}"
    text = file.read_bytes().decode("utf-8")
    changed, n = _LINE.subn(lambda found: f'{found[1]}"{pinned}"', text, count=1)
    if n != 1:
        raise ConfigError(
            Fault(f"{file.as_posix()}, `baseline`", "is not on a line of its own.", 'Write baseline = "as_now".')
        )
    file.write_bytes(changed.encode("utf-8"))
    return pinned


def verify_pinned(scenario: Scenario, book: Book, require: bool = True) -> None:
    """Refuse a scenario whose baseline has moved since it was pinned.

    Parameters
    ----------
    scenario : Scenario
    book : Book
    require : bool
        Whether a draft, not pinned at all, is refused too: briefs and forecasts require a pin.

    Raises
    ------
    BaselineMoved
    """
    if scenario.base is None:
        return
    where = f"{scenario.file or scenario.id}, `baseline`"
    remedy = f"Look at what changed, then run: demandsim pin {scenario.file or scenario.id}"
    if not scenario.pinned_digest:
        if require:
            raise BaselineMoved(
                Fault(where, f"`{scenario.baseline_id}` is not pinned, so this may not be published.", remedy)
            )
        return
    now = digest_baseline(scenario.base, book)
    if now != scenario.pinned_digest:
        raise BaselineMoved(
            Fault(
                where,
                f"`{scenario.baseline_id}` has moved since it was pinned: {scenario.pinned_digest} then, {now} now.",
                "Its changes or a lever's default differ. " + remedy,
            )
        )
