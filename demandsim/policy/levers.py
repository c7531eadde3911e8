"""The levers: what a council may move, with the value it has now and the values it may take.

Takes the book; gives `Lever` by name, and the reasons why a value cannot be set. Never lists an uncertainty.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from demandsim.parameters.belief import Value, value_problem
from demandsim.parameters.book import Book
from demandsim.parameters.reading import nearest
from demandsim.parameters.vocabulary import choices_of, lowest_of
from demandsim.quantities import UNITS

#: Where a belief that is no lever may be moved.
_ELSEWHERE: Final = {
    "circumstance": "No policy moves a circumstance; a future does: see configs/futures.",
    "uncertainty": "To study this belief, vary it in a sweep.",
    "constant": "Change it in the parameters.",
}


@dataclass(frozen=True)
class Lever:
    """One thing a scenario may move.

    Attributes
    ----------
    name, unit, meaning : str
    now : number, name, or numbers by label
        As-now value: the earliest where it is dated. Money is in ``price_year``.
    low, high : float
        Bounds of a number.
    choices : tuple of str
        What a name may be; empty for numbers.
    """

    name: str
    unit: str
    meaning: str
    now: Value
    low: float
    high: float
    choices: tuple[str, ...] = ()
    price_year: str | None = None


def list_levers(book: Book) -> dict[str, Lever]:
    """Every lever of the book, by name."""
    levers = {}
    for name, belief in book.levers.items():
        unit = UNITS[belief.unit]
        choices = choices_of(name, belief.unit)
        low, high = (-math.inf, math.inf) if choices else (lowest_of(name, unit.low), unit.high)
        levers[name] = Lever(name, belief.unit, belief.meaning, belief.central, low, high, choices, belief.price_year)
    return levers


def lever_problem(book: Book, name: str) -> tuple[str, str] | None:
    """Why a name cannot be moved by a scenario, and what to do; none if it is a lever."""
    if name in book.levers:
        return None
    close = nearest(name, book.levers)
    hint = f" Nearest lever: `{close}`." if close else ""
    if name not in book:
        return f"there is no lever `{name}`.", hint.strip() or "The parameters state no lever at all."
    role = book[name].role
    article = "an uncertainty" if role == "uncertainty" else f"a {role}"
    return f"`{name}` is {article}, not a lever.", f"A scenario may move levers only. {_ELSEWHERE[role]}{hint}"


def setting_problem(book: Book, name: str, value: Value) -> str:
    """Why a lever cannot be set to a value in its own unit; empty if it can."""
    now = book[name].central
    if isinstance(now, str) and not isinstance(value, str):
        return f"is {value!r}; this lever takes a name: {', '.join(choices_of(name, book[name].unit))}."
    if isinstance(now, Mapping) != isinstance(value, Mapping):
        return f"is {value!r}; this lever holds {'numbers by label' if isinstance(now, Mapping) else 'one number'}."
    if isinstance(now, Mapping) and isinstance(value, Mapping):
        strange = sorted(value.keys() - now.keys()) if not name.endswith(".payers") else []
        if strange:
            return f"names {', '.join(strange)}, which the lever does not hold."
        if name.endswith(".payers") and not math.isclose(sum(value.values()), 1.0, abs_tol=1e-6):
            return f"sums to {sum(value.values()):g}; payer shares sum to 1."
    return value_problem(value, book[name].unit, name)
