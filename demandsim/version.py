"""The version, on its own so that asking for it imports nothing."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
