"""A future: how the times may turn out, whatever the policy; a small patch of circumstances under every scenario.

Takes one TOML file; gives a frozen `Future`, or every fault. Never moves what a policy decides: beside circumstances
only grants, which are set from outside the place as well as inside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from demandsim.errors import Fault
from demandsim.parameters.belief import Entry
from demandsim.parameters.book import Book
from demandsim.parameters.checking import Section
from demandsim.parameters.reading import Faults, nearest, read_named
from demandsim.policy.scenario import Change, check_changes, check_shape

_GRANTS: Final = ("agencies.", ".grant")


class Turn(Change):
    """One circumstance moved, from one date or several."""

    lever: str = Field(alias="circumstance")


class Future(Entry):
    """How the times may turn out.

    Parameters
    ----------
    id, title : str
    story : str
        What happens, and why it might, in a few sentences.
    changes : tuple of Turn
        Circumstances and grants, as a scenario moves levers.
    """

    id: str = Field(min_length=1, pattern=r"^[a-z0-9_]+$")
    title: str = Field(min_length=1)
    story: str = Field(min_length=1)
    changes: tuple[Turn, ...] = Field(default=(), alias="change")
    note: str = ""
    file: SkipJsonSchema[str] = Field(default="", exclude=True)

    def place_of(self, number: int, key: str) -> str:
        """Where a fault is: file, change (counted from 1), key."""
        return f"{self.file or self.id}, change {number}, `{'circumstance' if key == 'lever' else key}`"


def load_future(path: str | Path, book: Book | None = None) -> Future:
    """Read a future.

    Parameters
    ----------
    path : path
        The file is named after the future's id.
    book : Book, optional
        Where given, circumstances, units, bounds and sources are checked too. They always are before a run.

    Raises
    ------
    ConfigError
        With every fault of the file.
    """
    faults = Faults()
    future = read_future(Path(path), faults)
    if future is not None and book is not None:
        faults.extend(check_future(future, book))
    faults.stop()
    assert future is not None  # no future without a fault
    return future


def read_future(path: Path, faults: Faults) -> Future | None:
    """Read one file, gathering faults."""
    future = read_named(Future, path, faults, ("file", "changes"), "Write each change as [[change]].")
    if future is None:
        return None
    check_shape(future, faults)
    return future


def check_future(future: Future, book: Book) -> list[Fault]:
    """Every fault that shows only against the book: no circumstance, wrong unit, outside bounds, unknown source."""
    return check_changes(future, book, circumstance_problem)


def circumstance_problem(book: Book, name: str) -> tuple[str, str] | None:
    """Why a name cannot be moved by a future, and what to do; none if it is a circumstance or a grant."""
    grants = [lever for lever in book.levers if lever.startswith(_GRANTS[0]) and lever.endswith(_GRANTS[1])]
    movable = [*book.circumstances, *grants]
    if name in movable:
        return None
    close = nearest(name, movable)
    hint = f" Nearest: `{close}`." if close else ""
    if name not in book:
        return f"there is no circumstance `{name}`.", hint.strip() or "The parameters state no circumstance at all."
    role = book[name].role
    article = "an uncertainty" if role == "uncertainty" else f"a {role}"
    rule = "A future may move circumstances and grants only."
    policy = " What a policy decides belongs in a scenario." if role == "lever" else ""
    return f"`{name}` is {article}, not a circumstance.", f"{rule}{policy}{hint}"


def check_futures(configs: Path, book: Book) -> Section:
    """Check every file in ``futures/``: a checker for `demandsim.parameters.check`."""
    faults = Faults()
    sources, beliefs = set(), set()
    paths = sorted((configs / "futures").glob("*.toml"))
    for path in paths:
        future = read_future(path, faults)
        if future is not None:
            faults.extend(check_future(future, book))
            sources |= {change.source for change in future.changes}
            beliefs |= {change.lever for change in future.changes}
    return Section(tuple(faults), frozenset(sources), frozenset(beliefs), len(paths))
