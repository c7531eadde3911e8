"""Figures as JSON that any program reads: plain numbers, and null for what is not known."""

from __future__ import annotations

import json
import math
from typing import Any


def as_json(record: dict[str, Any]) -> str:
    """A record as JSON text; numbers of NumPy become plain ones, and what is not finite null."""
    return json.dumps(_plain(record), indent=2, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
