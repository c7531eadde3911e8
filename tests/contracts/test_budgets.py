"""A file is at most about 300 lines, a function 40, a class 10 public methods; what exceeds is named here, with why."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_worlds import ROOT

#: "About 300": a few lines over are no reason to tear a file in two.
LINES, FUNCTION, METHODS = 320, 40, 10

#: File to lines, where a file may be longer and why.
LONG_FILES: dict[str, int] = {}
#: Function to lines of code, its signature and docstring apart. A list's month is one loop over its events.
LONG_FUNCTIONS: dict[str, int] = {"demandsim/services/admitting/kernels.py::serve_line": 54}
#: Class to public methods, properties apart.
LARGE_CLASSES: dict[str, int] = {}


def _files() -> list[Path]:
    return [
        path
        for folder in ("demandsim", "experiments", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "__pycache__" not in path.parts
    ]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _functions(tree: ast.AST, prefix: str) -> Iterator[tuple[str, int]]:
    """Name and length of every function, without its docstring and signature, nested ones in it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body
            has_docstring = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
            before = body[0].end_lineno if has_docstring else body[0].lineno - 1
            yield f"{prefix}{node.name}", (node.end_lineno or 0) - (before or 0)
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")


def _public_methods(node: ast.ClassDef) -> int:
    methods = [child for child in node.body if isinstance(child, ast.FunctionDef) and not child.name.startswith("_")]
    marks = [[ast.unparse(mark).split("(")[0] for mark in method.decorator_list] for method in methods]
    return sum(not any(mark.endswith(("property", ".setter", "validator", "overload")) for mark in of) for of in marks)


@pytest.mark.parametrize("path", _files(), ids=_name)
def test_a_file_and_its_parts_keep_to_their_budget(path: Path) -> None:
    text, name = path.read_text(), _name(path)
    assert text.count("\n") <= LONG_FILES.get(name, LINES), f"{name} is too long"
    tree = ast.parse(text)
    for function, lines in _functions(tree, f"{name}::"):
        assert lines <= LONG_FUNCTIONS.get(function, FUNCTION), f"{function} has {lines} lines"
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            key = f"{name}::{node.name}"
            assert _public_methods(node) <= LARGE_CLASSES.get(key, METHODS), f"{key} has too many public methods"


def test_no_exception_outlives_its_reason() -> None:
    for name, lines in LONG_FILES.items():
        assert LINES < (ROOT / name).read_text().count("\n") <= lines, f"{name} no longer needs its exception"
    lengths = {
        found: n for path in _files() for found, n in _functions(ast.parse(path.read_text()), f"{_name(path)}::")
    }
    for name, lines in LONG_FUNCTIONS.items():
        assert FUNCTION < lengths.get(name, 0) <= lines, f"{name} no longer needs its exception"


@pytest.mark.parametrize("path", sorted((ROOT / "experiments").glob("*.py")), ids=_name)
def test_an_experiment_is_one_question_in_sixty_lines(path: Path) -> None:
    assert path.read_text().count("\n") <= 60
