"""One way to compile: Numba, no fastmath, cached under a digest of every compiled source.

Numba's own cache is stamped by the file of the outer function only, so a change in an inlined rule that
lives in another file would be served stale. Here the cache folder is named after all kernel sources.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba

_PACKAGE = Path(__file__).parent


def _kernel_sources() -> list[Path]:
    names = {"chance.py", "step.py", "kernels.py"}
    return sorted(path for path in _PACKAGE.rglob("*.py") if path.name in names)


def _cache_folder() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for path in _kernel_sources():
        digest.update(path.read_bytes())
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "demandsim" / digest.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"demandsim-{os.getuid()}" / digest.hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


_FOLDER = _cache_folder()


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a kernel; reuse an earlier compilation of the same sources."""
    earlier = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = _FOLDER
    try:
        return numba.njit(cache=True, nogil=True, fastmath=False)(function)  # type: ignore[no-any-return]
    finally:
        numba.config.CACHE_DIR = earlier


#: A rule that kernels call for one household or one case. It never allocates, so it is compiled without reference
#: counts: with them each call would pay for every array it is handed, which is most of the cost of a month.
rule = numba.njit(_nrt=False, nogil=True, fastmath=False)

#: A rule so short, or so often met, that a call would cost more than what it does: always compiled into its callers.
inner_rule = numba.njit(_nrt=False, nogil=True, fastmath=False, forceinline=True)
