"""The hand-written C loop: compiled here, called on plain arrays."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import SEED
from benchmarks.need_move.start import LUCK, Start, copied, empty_history
from demandsim.labels import N_NEEDS, N_STATES
from demandsim.needs.tables import NEEDS_TABLE

SOURCE = Path(__file__).with_name("need_move.c")
FLAGS: Final = ("-O3", "-march=native", "-fno-math-errno", "-shared", "-fPIC")

#: The structures of ``need_move.c``, field by field.
_RULE_FIELDS = (
    "up", "sudden", "down", "exit", "exit_to", "is_clock", "gradient", "frailty", "duration", "relapse",
    "relapse_window",
    "log_coupling", "recovery_exponent", "shock_most", "exposure",
)  # fmt: skip
RULE = np.dtype([(name, NEEDS_TABLE.fields[name][0]) for name in _RULE_FIELDS], align=True)  # type: ignore[index]
HOUSEHOLD = np.dtype(
    [
        ("deprivation", "f4"),
        ("log_frailty", "f4"),
        ("since", "i2", (N_NEEDS,)),
        ("occupant", "u2"),
        ("state", "u1", (N_NEEDS,)),
        ("age_band", "u1"),
        ("tenure", "u1"),
        ("household_type", "u1"),
        ("relapsed", "u1"),
    ],
    align=True,
)
MONTH = np.dtype([("shock", "f8", (N_NEEDS,)), ("number", "i8"), ("k0", "u4"), ("k1", "u4")], align=True)


def is_available() -> bool:
    """Whether there is a gcc."""
    return shutil.which("gcc") is not None


@cache
def library() -> ctypes.CDLL:
    """Compile the loop into a temporary folder, once a process, and load it."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "need_move.so"
        subprocess.run(["gcc", *FLAGS, "-o", str(target), str(SOURCE), "-lm"], check=True)
        loaded = ctypes.CDLL(str(target))
    for name, dtype in (("rule", RULE), ("household", HOUSEHOLD)):
        size = getattr(loaded, f"size_of_{name}")
        size.restype = ctypes.c_int64
        assert size() == dtype.itemsize, f"struct {name} is {size()} bytes in C and {dtype.itemsize} here"
    return loaded


def _prepared(start: Start) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[np.int64]]:
    households = np.zeros(start.n_households, HOUSEHOLD)
    source = copied(start)
    for name in HOUSEHOLD.names or ():
        households[name] = source[name]
    rule = np.zeros(1, RULE)
    for name in RULE.names or ():
        rule[name] = start.needs[name]
    now = np.zeros(1, MONTH)
    now["k0"], now["k1"] = SEED, LUCK
    return households, rule, now, start.counts.copy()


def _stepper(
    start: Start, now: NDArray[Any], counts: NDArray[np.int64], month_of: Callable[[], None]
) -> Callable[[], NDArray[np.int64]]:
    history = empty_history(start)

    def run() -> NDArray[np.int64]:
        for month in range(start.months):
            now["number"] = month
            now["shock"] = start.shocks[:, month]
            month_of()
            history[month] = counts
        return history

    return run


def _at(array: NDArray[Any]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def prepare_plain(start: Start) -> Callable[[], NDArray[np.int64]]:
    """Every hazard worked out, every month."""
    households, rule, now, counts = _prepared(start)
    assert counts.shape == (N_NEEDS, N_STATES)
    function, n = library().plain_month, ctypes.c_int64(start.n_households)

    def month_of() -> None:
        function(_at(households), n, _at(rule), _at(now), _at(counts))

    return _stepper(start, now, counts, month_of)


def prepare_screened(start: Start) -> Callable[[], NDArray[np.int64]]:
    """Bounds cached until something changes, as in the project's kernel."""
    households, rule, now, counts = _prepared(start)
    n = start.n_households
    low, high = np.zeros((N_NEEDS, n), np.uint16), np.zeros((N_NEEDS, n), np.uint16)
    occupant, stale = start.households["occupant"].astype(np.uint16), np.full(n, 127, np.uint8)
    touches = start.needs["touches"][0].astype(np.uint8)
    screen = (ctypes.c_void_p * 4)(*(array.ctypes.data for array in (low, high, occupant, stale)))
    function = library().screened_month

    def month_of() -> None:
        function(
            _at(households), ctypes.c_int64(n), _at(rule), _at(now), ctypes.byref(screen), _at(touches), _at(counts)
        )

    # ``screen`` holds addresses only: what they point at must live as long as the run
    month_of.kept = (low, high, occupant, stale)  # type: ignore[attr-defined]
    return _stepper(start, now, counts, month_of)
