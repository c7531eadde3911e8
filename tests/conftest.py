"""Its presence lets tests import what tests share, such as ``synthetic_results``."""

from __future__ import annotations

from hypothesis import settings

# A first call may compile what it calls, and a busy machine is slow: neither is a fault of what is tested.
settings.register_profile("without_deadline", deadline=None)
settings.load_profile("without_deadline")
