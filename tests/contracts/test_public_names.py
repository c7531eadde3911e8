"""The public names are exactly these, each has a docstring, and importing the package imports nothing heavy."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import demandsim

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = {
    *("Agency", "DemandModel", "Household", "Service"),
    *("BalanceError", "BaselineMoved", "ConfigError", "DemandsimError", "RequestError", "StoreError"),
    *("load_book", "load_future", "load_parameters", "load_place", "load_scenario", "load_study"),
    *("build_inputs", "build_population", "run", "run_study"),
    *("read_cases", "read_results", "tidy"),
    *("compare", "comparison_table", "write_appraisal", "write_brief", "write_pockets"),
    *("explain", "list_levers", "pin"),
    *("answer_account", "load_account", "reckon", "study_of", "write_account"),
    *("compare_principles", "load_principles", "read_principles", "run_principles", "write_principles"),
    *("format_receipts", "run_receipts", "tell"),
    "__version__",
}
HEAVY = ("numpy", "pandas", "xarray", "mesa", "numba", "scipy", "pydantic", "matplotlib", "pyarrow", "jinja2", "pebble")


def test_all_is_exact_and_sorted() -> None:
    assert set(demandsim.__all__) == PUBLIC
    assert demandsim.__all__ == sorted(demandsim.__all__)
    assert dir(demandsim) == sorted(PUBLIC)


@pytest.mark.parametrize("name", sorted(PUBLIC - {"__version__"}))
def test_every_name_is_there_with_a_docstring(name: str) -> None:
    thing = getattr(demandsim, name)
    assert thing.__doc__
    assert thing.__name__ == name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'simulate'"):
        demandsim.simulate  # noqa: B018


def test_the_version_is_said_once() -> None:
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert demandsim.__version__ == stated


@pytest.mark.parametrize("module", ["demandsim", "demandsim.cli"])
def test_importing_is_quick_because_nothing_heavy_comes_along(module: str) -> None:
    code = f"import sys, {module}; print(' '.join(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
