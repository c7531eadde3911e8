"""Briefs and forecasts stand on pinned scenarios only.

Takes what is known of each scenario's baseline; refuses drafts. Whether a pin still holds is checked when a study runs.
"""

from __future__ import annotations

from collections.abc import Mapping

from demandsim.errors import BaselineMoved, Fault


def require_pins(pins: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse scenarios whose baseline is not pinned.

    Parameters
    ----------
    pins : mapping of scenario to ``baseline``, ``pinned`` (its digest, or empty) and ``file``

    Raises
    ------
    BaselineMoved
        Naming every draft.
    """
    drafts = [pin for pin in pins.values() if pin["baseline"] and not pin["pinned"]]
    if drafts:
        files = " ".join(pin["file"] for pin in drafts)
        remedy = f"Look at them, run `demandsim pin {files}`, and run the study again: no luck is run twice."
        what = f"{len(drafts)} scenarios are drafts, not pinned to their baseline, so no brief may be written of them."
        raise BaselineMoved(Fault("brief", what, remedy))
