"""Its presence lets tests import what tests share, such as ``synthetic_results``."""

from __future__ import annotations

import os

from hypothesis import settings

# The matrices of tests are small: with a thread for each processor, linear algebra spends its time waiting for itself.
for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(library, "1")

# A first call may compile what it calls, and a busy machine is slow: neither is a fault of what is tested.
settings.register_profile("without_deadline", deadline=None)
settings.load_profile("without_deadline")
