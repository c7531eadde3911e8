"""Many lucks on one machine: in this process, or in worker processes that may die without taking others along.

Takes tasks and what to do with one; gives outcomes as they come. A worker that is killed loses the luck it was at,
and that is run again; an error of the model fails its luck and no other; an error of the user's stops everything.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass
from multiprocessing.context import SpawnContext
from types import FrameType
from typing import Any, Final, Generic, TypeVar

from demandsim.errors import BalanceError, DemandsimError, RequestError

#: How often a luck whose worker was killed is run again.
RETRIES: Final = 2
#: What is to be done once: a luck of a study, a run of a calibration.
Task = TypeVar("Task", bound=Hashable)
#: Does one luck and hands back what came of it; a method ``prepare``, where there is one, is called once a worker.
Work = Callable[[Task], Any]

_WORK: list[Any] = []


@dataclass(frozen=True, eq=False)
class Outcome(Generic[Task]):
    """What came of one luck: a payload, or the reason why it failed."""

    task: Task
    payload: Any = None
    reason: str = ""


def count_cpus() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_workers(workers: int | None) -> int:
    """How many processes to use: as many as there are processors where none are asked for."""
    if workers is None:
        return count_cpus()
    if workers < 1:
        raise RequestError(f"{workers} workers cannot run anything. Ask for at least 1.")
    return workers


def run_tasks(tasks: Sequence[Task], work: Work[Task], workers: int) -> Iterator[Outcome[Task]]:
    """Run lucks, in any order.

    Parameters
    ----------
    tasks : sequence of anything hashable
    work : callable
        Must be picklable where there are several workers.
    workers : int
        1 runs in this process.

    Yields
    ------
    Outcome
        As lucks finish.

    Raises
    ------
    RequestError
        If there are fewer workers than one, or a script starts workers without a main guard.
    DemandsimError
        What stops a study: a fault of a config, a store that cannot be written.
    """
    workers = check_workers(workers)
    if workers == 1 or len(tasks) <= 1:
        yield from (_done_here(task, work) for task in tasks)
    else:
        yield from _run_in_pool(tasks, work, min(workers, len(tasks)))


def _done_here(task: Task, work: Work[Task]) -> Outcome[Task]:
    try:
        return Outcome(task, work(task))
    except Exception as error:
        return Outcome(task, reason=_reason(error))


def _reason(error: BaseException) -> str:
    """Why a luck failed, in one line; what would stop every luck is raised again."""
    if isinstance(error, DemandsimError) and not isinstance(error, BalanceError):
        raise error
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _run_in_pool(tasks: Sequence[Task], work: Work[Task], workers: int) -> Iterator[Outcome[Task]]:
    from pebble import ProcessExpired, ProcessPool

    context = multiprocessing.get_context("spawn")
    _check_start(context)
    pool = ProcessPool(max_workers=workers, initializer=_begin, initargs=(pickle.dumps(work),), context=context)
    tries = dict.fromkeys(tasks, 0)
    stop = _StopRequest()
    try:
        waiting = {pool.schedule(_work_on, args=(task,)): task for task in tasks}
        while waiting:
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                stop.check()
                task = waiting.pop(future)
                error = future.exception()
                if isinstance(error, ProcessExpired):
                    tries[task] += 1
                    if tries[task] <= RETRIES:
                        waiting[pool.schedule(_work_on, args=(task,))] = task
                    else:
                        yield Outcome(task, reason=f"its worker was killed {tries[task]} times")
                elif error is not None:
                    yield Outcome(task, reason=_reason(error))
                else:
                    yield Outcome(task, future.result())
        pool.close()
    except BaseException:
        pool.stop()
        raise
    finally:
        stop.forget()
        pool.join()


class _StopRequest:
    """Remembers Ctrl-C: Python drops the interrupt where it falls into a destructor or a callback."""

    def __init__(self) -> None:
        self._is_asked = False
        # Only the main thread may listen; whoever ignores Ctrl-C or has a way of their own keeps it.
        is_main = threading.current_thread() is threading.main_thread()
        self._listens = is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if self._listens:
            signal.signal(signal.SIGINT, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._is_asked = True
        signal.default_int_handler(number, frame)

    def check(self) -> None:
        """Raise the interrupt again if it was asked for and has been dropped."""
        if self._is_asked:
            raise KeyboardInterrupt

    def forget(self) -> None:
        """Leave Ctrl-C as it was found."""
        if self._listens:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _check_start(context: SpawnContext) -> None:
    """Start one worker that does nothing: a script without a main guard would start workers without end."""
    if not getattr(multiprocessing.current_process(), "_inheriting", False):  # else this is such a worker itself
        probe = context.Process(target=_do_nothing)
        probe.start()
        probe.join()
        if probe.exitcode == 0:
            return
    raise RequestError(
        "Workers cannot start, because each imports your script again. "
        "Put the script's calls under `if __name__ == '__main__':`, or ask for one worker."
    )


def _do_nothing() -> None:
    """What a worker does to show that it can start."""


def _begin(pickled: bytes) -> None:
    """Begin a worker. Ctrl-C is the driver's to handle. Unpickling waits for the first luck, where it may fail."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _WORK[:] = [pickled]


def _work_on(task: Hashable) -> Any:
    if isinstance(_WORK[0], bytes):
        _WORK[0] = pickle.loads(_WORK[0])
        if prepare := getattr(_WORK[0], "prepare", None):
            prepare(os.getpid())
    return _WORK[0](task)
