"""The whole-place principles: each as levers with a cost.

Takes ``configs/principles.toml`` and the book; gives frozen `Principle`, or every fault at once.
Never moves anything but levers, and never gives one lever to two principles.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from string import ascii_lowercase
from typing import Final

from pydantic import Field, field_validator

from demandsim.errors import RequestError
from demandsim.parameters.belief import ASSUMED, Entry
from demandsim.parameters.book import Book
from demandsim.parameters.checking import Section
from demandsim.parameters.reading import Faults, build, did_you_mean, read_toml
from demandsim.policy.levers import lever_problem, setting_problem
from demandsim.policy.scenario import Ramp
from demandsim.quantities import UNITS

PRINCIPLES_FILE: Final = "principles.toml"
#: What principles cost adds up on these two levers.
RUNNING_COST: Final = "programme.running_cost"
SET_UP_COST: Final = "programme.set_up_cost"


class Move(Entry):
    """One lever that a principle moves, to its value at full intensity.

    ``scales`` is false for what is all or nothing, such as how a sum of money is shared out: it is set whole from the
    first day, at any intensity above nought.
    """

    lever: str
    value: float
    unit: str
    now: float = 0.0
    scales: bool = True
    source: str = Field(min_length=1)
    note: str = ""


class Cost(Entry):
    """What a principle costs, paid in full from its first day, however long its levers take."""

    value: float = Field(ge=0)
    unit: str
    price_year: str = Field(pattern=r"^\d{4}/\d{2}$")
    source: str = Field(min_length=1)
    note: str = ""


class Principle(Entry):
    """One of the report's principles.

    ``letter`` is the report's; ``mechanism`` says in a sentence through what it acts.
    """

    letter: str
    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    mechanism: str = Field(min_length=1)
    from_: date = Field(alias="from")
    ramp: Ramp | None = None
    moves: tuple[Move, ...] = Field(min_length=1, alias="move")
    running_cost: Cost
    set_up_cost: Cost
    note: str = ""

    @field_validator("letter")
    @classmethod
    def _is_letter(cls, letter: str) -> str:
        if len(letter) != 1 or letter not in ascii_lowercase:
            raise ValueError(f"is {letter!r}; a principle has one small letter, as in the report.")
        return letter

    @property
    def costs(self) -> tuple[tuple[str, Cost], ...]:
        """Each programme lever with this principle's part of it."""
        return ((RUNNING_COST, self.running_cost), (SET_UP_COST, self.set_up_cost))


class Principles(Entry):
    """A file of principles, in the report's order."""

    source: str = Field(min_length=1)
    principles: tuple[Principle, ...] = Field(min_length=1, alias="principle")


def load_principles(path: str | Path, book: Book) -> tuple[Principle, ...]:
    """Read the principles and check them against the book.

    Parameters
    ----------
    path : path
        Such as ``configs/principles.toml``.
    book : Book

    Returns
    -------
    tuple of Principle
        In the report's order, each move knowing its lever's value as now.

    Raises
    ------
    ConfigError
        With every fault: letters out of order, no lever, a wrong unit, a lever that two principles move.
    """
    faults = Faults()
    found = _read(Path(path), book, faults)
    faults.stop()
    assert found is not None  # nothing is missing without a fault
    return tuple(_with_now(one, book) for one in found.principles)


def _read(path: Path, book: Book, faults: Faults) -> Principles | None:
    before = len(faults)
    table = read_toml(path, faults)
    if len(faults) > before:
        return None
    where = path.as_posix()
    if "principles" in table:
        faults.add(f"{where}, `principles`", "is not a key here.", "Write each as [[principle]].")
        return None
    found = build(Principles, table, where, faults)
    if found is not None:
        _check_order(found, where, faults)
        _check_sources(found, where, book, faults)
        for one in found.principles:
            _check_moves(one, where, book, faults)
            _check_costs(one, where, book, faults)
    return found


def _place(where: str, one: Principle, key: str) -> str:
    return f"{where}, principle {one.letter}, `{key}`"


def _check_order(found: Principles, where: str, faults: Faults) -> None:
    """Letters run from a without a gap, ids are unique, and no lever has two homes."""
    wanted = ascii_lowercase[: len(found.principles)]
    given = "".join(one.letter for one in found.principles)
    if given != wanted:
        what = f"the letters are {', '.join(given)}."
        faults.add(f"{where}, `letter`", what, f"List the principles in the report's order: {', '.join(wanted)}.")
    ids = [one.id for one in found.principles]
    for name in dict.fromkeys(name for name in ids if ids.count(name) > 1):
        faults.add(f"{where}, `id`", f"`{name}` is the id of {ids.count(name)} principles.", "Give each its own.")
    homes: dict[str, str] = {}
    for one in found.principles:
        for move in one.moves:
            if move.lever in homes:
                what = f"`{move.lever}` is already moved by principle {homes[move.lever]}."
                faults.add(_place(where, one, "move"), what, "Give each lever one principle, or none could be told.")
            homes.setdefault(move.lever, one.letter)


def _check_sources(found: Principles, where: str, book: Book, faults: Faults) -> None:
    cited = [found.source, *(key for one in found.principles for key in _sources_of(one))]
    for key in dict.fromkeys(cited):
        if key != ASSUMED and key not in book.sources:
            remedy = did_you_mean(key, book.sources) or 'Add it there, or set source = "assumed".'
            faults.add(f"{where}, `source`", f"`{key}` is not in sources.toml.", remedy)


def _sources_of(one: Principle) -> list[str]:
    return [*(move.source for move in one.moves), one.running_cost.source, one.set_up_cost.source]


def _check_moves(one: Principle, where: str, book: Book, faults: Faults) -> None:
    for number, move in enumerate(one.moves, 1):
        place = _place(where, one, f"move {number}")
        if problem := lever_problem(book, move.lever) or _unfit(book, move.lever):
            faults.add(place, *problem)
        elif move.unit != (unit := book[move.lever].unit):
            what = f"is in `{move.unit}`, but `{move.lever}` is in `{unit}`."
            faults.add(place, what, f'Convert the value and write unit = "{unit}".')
        elif problem_of_value := setting_problem(book, move.lever, move.value):
            faults.add(place, f"the value {problem_of_value}", "Mend the value.")
        elif move.value == book[move.lever].central:
            faults.add(place, f"leaves `{move.lever}` at its value as now.", "Give its value at full intensity.")


def _unfit(book: Book, lever: str) -> tuple[str, str] | None:
    """Why a lever cannot be moved by degrees; none if it can."""
    belief = book[lever]
    if not isinstance(belief.central, float | int):
        return f"`{lever}` is not one number.", "A principle moves numbers, so that it can be done by halves."
    if UNITS[belief.unit].is_money:
        return f"`{lever}` is money.", "State it as the principle's `running_cost` or `set_up_cost`."
    if len(belief.dated) > 1:
        return f"`{lever}` changes over time as now.", "A principle moves levers that otherwise stay as they are."
    return None


def _check_costs(one: Principle, where: str, book: Book, faults: Faults) -> None:
    for lever, cost in one.costs:
        place = _place(where, one, lever.partition(".")[2])
        if lever not in book.levers:
            faults.add(place, f"there is no lever `{lever}` to post it to.", "Add the lever to the parameters.")
        elif cost.unit != (unit := book[lever].unit):
            faults.add(place, f"is in `{cost.unit}`.", f'Convert the value and write unit = "{unit}".')
        else:
            try:
                book.price_factor(book[lever], cost.price_year)
            except RequestError as error:
                faults.add(place, str(error))


def _with_now(one: Principle, book: Book) -> Principle:
    """The principle with every lever's as-now value beside its full one, and its costs in the book's price year."""
    update: dict[str, object] = {
        "moves": tuple(move.model_copy(update={"now": book[move.lever].central}) for move in one.moves)
    }
    for lever, cost in one.costs:
        value = cost.value * book.price_factor(book[lever], cost.price_year)
        update[lever.partition(".")[2]] = cost.model_copy(update={"value": value, "price_year": book.price_year})
    return one.model_copy(update=update)


def digest_principles(principles: Sequence[Principle]) -> str:
    """Fingerprint of what the principles do, apart from their words."""
    words = {"title", "mechanism", "note", "source"}
    told = [one.model_dump(mode="json", exclude={*words, "moves"}) for one in principles]
    moves = [[move.model_dump(mode="json", exclude=words) for move in one.moves] for one in principles]
    return hashlib.sha256(json.dumps([told, moves], sort_keys=True).encode()).hexdigest()[:16]


def check_principles(configs: Path, book: Book) -> Section:
    """Check ``principles.toml``, where there is one: a checker for `demandsim.parameters.check`."""
    path = configs / PRINCIPLES_FILE
    if not path.is_file():
        return Section()
    faults = Faults()
    found = _read(path, book, faults)
    if found is None:
        return Section(tuple(faults), n_files=1)
    sources = {found.source, *(key for one in found.principles for key in _sources_of(one))}
    levers = {move.lever for one in found.principles for move in one.moves}
    return Section(tuple(faults), frozenset(sources), frozenset(levers), 1)
