"""Who may import whom, and which dependency lives in which room; the contracts themselves are in pyproject.toml."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_worlds import ROOT

PACKAGE = ROOT / "demandsim"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = next(contract["layers"] for contract in CONTRACTS if contract["type"] == "layers")
#: Samplers of sweeps and estimators of trials may hold a generator of their own; nothing else may.
MAY_DRAW = ("study/sampling", "study/sweep", "study/sensitivity", "study/calibration", "study/discover", "trial/")
#: A shuffle of agents is Mesa's own, and no result depends on it.
MAY_SHUFFLE = ("model/household_set.py",)


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_import_contracts_are_kept() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("place/place.py", "import demandsim.policy", "Layers"),
        ("needs/tables.py", "import demandsim.services.tables", "Layers"),
        ("services/tables.py", "import mesa", "Mesa"),
        ("model/inputs.py", "import numba", "compiled"),
        ("services/queueing.py", "from demandsim.compiling import compiled", "compiled"),
        ("comparison/paired.py", "import matplotlib.pyplot", "Charts"),
        ("model/demand_model.py", "import pebble", "processes"),
    ],
)
def test_the_contracts_would_be_broken(module: str, line: str, contract: str, tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "demandsim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    spoiled = tmp_path / "demandsim" / module
    spoiled.write_text(spoiled.read_text() + f"\n{line}\n")
    done = _lint(tmp_path)
    assert done.returncode != 0
    broken = [told for told in done.stdout.replace("\n", " ").split("BROKEN") if contract in told]
    assert broken, done.stdout


def test_every_room_has_a_layer() -> None:
    named = {name.strip("() ") for line in LAYERS for name in line.split("|")}
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    rooms |= {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert rooms - named == set()
    quarantined = [contract for contract in CONTRACTS if contract["type"] == "forbidden"]
    for contract in quarantined:
        kept_in = rooms - {module.removeprefix("demandsim.") for module in contract["source_modules"]}
        assert len(kept_in) <= 4, f"{contract['name']}: left out {sorted(kept_in)}"


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text())


def _random_use(tree: ast.Module) -> set[str]:
    """Names by which a module could draw from a generator that is not addressed."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] in ("random", "secrets")}
            found |= {alias.name for alias in node.names if alias.name.startswith("numpy.random")}
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module in ("random", "secrets") or node.module.startswith("numpy.random"):
                found.add(node.module)
            found |= {alias.name for alias in node.names if node.module == "numpy" and alias.name == "random"}
        elif isinstance(node, ast.Attribute):
            if node.attr == "random" and isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy"):
                found.add("np.random")
            elif node.attr in ("default_rng", "urandom", "uuid4"):
                found.add(node.attr)
            elif node.attr == "rng":
                found.add("rng")
    return found


def test_nothing_draws_but_addressed_chance() -> None:
    for name, tree in _modules():
        used = _random_use(tree)
        if name in MAY_SHUFFLE:
            used -= {"rng"}
        if not name.startswith(MAY_DRAW):
            assert not used, f"{name} draws by {', '.join(sorted(used))}"


@pytest.mark.parametrize(
    "text",
    [
        "import random",
        "from random import choice",
        "from numpy.random import default_rng",
        "from numpy import random",
        "import numpy as np\nnp.random.seed(1)",
        "import numpy as np\nx = np.random.default_rng()",
        "x = model.rng",
    ],
)
def test_an_unaddressed_draw_would_be_seen(text: str) -> None:
    assert _random_use(ast.parse(text))


def test_no_kernel_keeps_its_own_compiler_settings() -> None:
    """One way to compile: only `compiling`, and inlined functions of chance and place, name Numba's decorator."""
    users = set()
    for name, tree in _modules():
        for node in ast.walk(tree):
            names = {alias.name for alias in getattr(node, "names", [])}
            is_numba = isinstance(node, ast.Import) and "numba" in names
            is_numba |= isinstance(node, ast.ImportFrom) and node.module == "numba" and "njit" in names
            users |= {name} if is_numba else set()
    assert users <= {"compiling.py", "chance.py", "place/kernels.py", "place/step.py"}
