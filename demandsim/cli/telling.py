"""What went wrong, said in words: no traceback for what a user can mend.

Takes a command; gives it with its errors told on standard error and turned into exit codes. Never hides a defect.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import typer

MENDABLE = 2
STOPPED = 130


def told(command: Callable[..., None]) -> Callable[..., None]:
    """Tell what a user can mend in words, without a traceback; leave everything else as it is."""

    @functools.wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except KeyboardInterrupt:
            say("Stopped.")
            raise typer.Exit(STOPPED) from None
        except BrokenPipeError:  # whoever read our output has heard enough
            sys.stderr.close()
            raise typer.Exit(1) from None
        except Exception as error:
            if (message := _mendable(error)) is None:
                raise
            say(message)
            raise typer.Exit(MENDABLE) from None

    return wrapped


def tell(command: Callable[[], None]) -> None:
    """Run a script's main function; what a user can mend is told in words, and the script ends with its exit code.

    Parameters
    ----------
    command : callable
        Without arguments, as at the foot of the files in ``experiments/``.

    Raises
    ------
    SystemExit
        2 for what a user can mend, 130 where it was stopped.
    """
    try:
        told(command)()
    except typer.Exit as ending:
        sys.exit(ending.exit_code)


def _mendable(error: Exception) -> str | None:
    from demandsim.errors import DemandsimError

    if isinstance(error, DemandsimError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return (
            f"{error.filename or 'A file'}: {error.strerror}. Check the path, its permissions and the room on the disk."
        )
    return None


def say(message: str) -> None:
    """Say something on standard error."""
    print(message, file=sys.stderr, flush=True)
