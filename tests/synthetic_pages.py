"""Pages of made-up results, each drawn once a process: charts are what a page costs."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from synthetic_results import make_cases, make_results

from demandsim.comparison.paired import compare
from demandsim.report import write_pockets
from demandsim.report.brief import render_brief


@cache
def brief_page(flavour: str) -> str:
    """The brief of one flavour."""
    return render_brief(compare(make_results(flavour), "whole_system"), make_cases(flavour))


@cache
def pockets_page(flavour: str) -> str:
    """Who pays and who gains, of one flavour."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_pockets(compare(make_results(flavour), "whole_system"), Path(folder) / "pockets.html")
        return path.read_text(encoding="utf-8")
