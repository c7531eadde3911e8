"""How long a study took, sitting by sitting: a run that was stopped goes on, and its times add up.

Takes what one sitting did; leaves a line of it beside the results. No figure of a study depends on it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from demandsim.ledger.store import write_whole

SITTINGS_FILE: Final = "sittings.json"


@dataclass(frozen=True)
class Sitting:
    """One go at a study: worlds run, seconds by the clock, and processes."""

    worlds: int
    seconds: float
    workers: int


def read_sittings(out: str | Path) -> tuple[Sitting, ...]:
    """The sittings behind a folder's results, the first first; none where no note of them can be read."""
    try:
        told = json.loads((Path(out) / SITTINGS_FILE).read_text(encoding="utf-8"))
        return tuple(Sitting(**one) for one in told)
    except (OSError, ValueError, TypeError):
        return ()


def note_sitting(out: str | Path, sitting: Sitting) -> None:
    """Add a sitting to those noted."""
    text = json.dumps([asdict(one) for one in (*read_sittings(out), sitting)]) + "\n"
    write_whole(Path(out) / SITTINGS_FILE, text.encode())
