"""Figures as JSON that any program reads: plain numbers, and null for what is not known."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from demandsim.comparison.paired import Comparison


def compared_json(comparison: Comparison, unit: str, record: dict[str, Any]) -> str:
    """Figures of a comparison as JSON text, what was compared first; what is not finite is null."""
    about = {
        "scenario": comparison.scenario,
        "against": comparison.against,
        "runs": comparison.n_runs,
        "failed": comparison.n_failed,
        "unit": unit,
    }
    return json.dumps(_plain(about | record), indent=2, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
