"""How far a study is: a bar with the time left on a terminal, plain lines elsewhere. To standard error only."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Final

_SECONDS_BETWEEN_LINES: Final = 10.0


class Progress:
    """Counts lucks as they finish.

    Parameters
    ----------
    total : int
        Lucks of the study.
    kept : int
        Of which are there already.
    is_shown : bool
    noun : str
        What is counted, where it is not lucks.
    """

    def __init__(self, total: int, kept: int = 0, is_shown: bool = True, noun: str = "lucks") -> None:
        self.total = total
        self.noun = noun
        self.done = kept
        self.failed = 0
        self.is_shown = is_shown and total > kept
        self._began = self._told = time.monotonic()
        self._kept = kept
        self._first: tuple[float, int] | None = None
        self._bar: Any = None

    def __enter__(self) -> Progress:
        if not self.is_shown:
            return self
        if sys.stderr.isatty():
            self._bar = _bar(self.noun)
            self._bar.start()
            self._row = self._bar.add_task("", total=self.total, completed=self.done, note="")
        else:
            there = f", {self._kept:,} are there already" if self._kept else ""
            self._tell(f"{self.total - self._kept:,} {self.noun} to run{there}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, has_failed: bool = False, count: int = 1) -> None:
        """Count one luck, or as many as were done together."""
        self.done += count
        if self._first is None:
            self._first = (time.monotonic(), self.done)
        self.failed += count * has_failed
        if not self.is_shown:
            return
        if self._bar is not None:
            note = f", {self.failed} failed" if self.failed else ""
            self._bar.update(self._row, completed=self.done, note=note)
        elif self.done == self.total or time.monotonic() - self._told > _SECONDS_BETWEEN_LINES:
            self._tell(self._line())

    def _line(self) -> str:
        failed = f", {self.failed} failed" if self.failed else ""
        return f"{self.done:,} of {self.total:,} {self.noun}{failed}{self._about(time.monotonic())}"

    def _about(self, now: float) -> str:
        """How long it will take still, told by what came after the first, in which kernels may have been compiled."""
        if self.done == self.total:
            return f", in {_spoken(now - self._began)}"
        if self._first is None or self.done == self._first[1]:
            return ""
        since, first = self._first
        return f", about {_spoken((now - since) / (self.done - first) * (self.total - self.done))} left"

    def _tell(self, line: str) -> None:
        self._told = time.monotonic()
        print(line, file=sys.stderr, flush=True)


def _bar(noun: str) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Rich

    return Rich(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(f"{noun}{{task.fields[note]}}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
