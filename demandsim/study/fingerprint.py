"""A fingerprint of the source that makes figures, so that results of two versions never share a folder."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parents[1]
#: Source files that figures depend on.
_FIGURES: Final = (
    *("chance.py", "labels.py", "quantities.py"),
    *(f"study/{name}.py" for name in ("luck", "lockstep", "kernels", "cases", "pathways", "footing/design")),
    "study/measuring.py",
    *(f"{folder}/**/*.py" for folder in ("agencies", "contacts", "model", "needs", "parameters", "place", "services")),
    *("policy/futures.py", "policy/timeline.py"),
    *(f"ledger/{name}.py" for name in ("accounts", "indicators", "outcomes", "record", "variables")),
)


@cache
def digest_code() -> str:
    """Fingerprint of the source that makes figures."""
    digest = hashlib.sha256()
    for part in _FIGURES:
        for path in sorted(_PACKAGE.glob(part)):
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
