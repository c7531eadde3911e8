"""Belief cases: the headline answer again, as other people believe the world to be.

Takes the book; gives it with some beliefs pinned. The first cases are those that the brief names; the rest are rungs of
two ladders, how strongly help works and how many take it up, along which the brief looks for where the answer turns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from demandsim.errors import RequestError
from demandsim.parameters.belief import ASSUMED, Value
from demandsim.parameters.book import Book
from demandsim.quantities import UNITS

#: In the order of the brief.
NAMED: Final = ("central", "mechanisms_null", "effects_null", "share_causal_0", "share_causal_1")
#: How many times as strongly every effect works; 0 and 1 are among the named.
STRENGTHS: Final = {"effects_half": 0.5, "effects_double": 2.0, "effects_quadruple": 4.0}
#: How many times as many take up early help; of everyone, no multiple.
TAKE_UPS: Final = {"take_up_none": 0.0, "take_up_half": 0.5, "take_up_everyone": None}
CASES: Final = (*NAMED, *STRENGTHS, *TAKE_UPS)
SHARE_CAUSAL: Final = "needs.share_causal"
_EFFECTS: Final = "effects."
#: Where what is assumed of the ways services work together, and of what people make of them, is stated.
_WAYS: Final = ("front_door.", "practice.", "trust.", "providers.", "contacts.", "streams.", "housing.", "budget.")
_EARLY_TIERS: Final = ("universal", "early")
_FRONT_DOOR: Final = "front_door"


def case_book(book: Book, case: str) -> Book:
    """The book of a belief case.

    Parameters
    ----------
    book : Book
    case : str
        ``central``; ``mechanisms_null``, in which what is assumed of the front door, practice, trust, everyday contact,
        budgets, early help and of how providers follow their pay does nothing;
        ``effects_null``, in which no service has an effect; ``share_causal_0`` and ``share_causal_1``, in which none
        or all of the association between needs is one causing the other (the last lies outside the range believed);
        ``effects_half``, ``effects_double`` and ``effects_quadruple``, in which the log hazard ratio of every effect is
        so many times as large (an effect believed to do nothing still does nothing); ``take_up_none``,
        ``take_up_half`` and ``take_up_everyone``, in which so many of those offered early help at a front door accept.

    Raises
    ------
    RequestError
        If there is no such case.
    """
    if case == "central":
        return book
    if case == "mechanisms_null":
        return book.with_nulls(mechanisms(book))
    if case == "effects_null":
        return book.with_nulls(effects(book))
    if case in ("share_causal_0", "share_causal_1"):
        return book.with_overrides({SHARE_CAUSAL: float(case[-1])})
    if case in STRENGTHS:
        return book.with_overrides(_strengthened(book, STRENGTHS[case]))
    if case in TAKE_UPS:
        return book.with_overrides(_taken_up(book, TAKE_UPS[case]))
    raise RequestError(f"There is no belief case `{case}`. There are: {', '.join(CASES)}.")


def mechanisms(book: Book) -> list[str]:
    """Assumed beliefs about early help and how services work that state the value at which they do nothing.

    How needs rise, fall and touch one another is not among them: it is the same in every scenario, the place is fitted
    with it, and without it the place would be another.
    """
    early = tuple(f"{service.path}." for service in book.services.values() if service.tier in _EARLY_TIERS)
    return [
        name
        for name, belief in book.items()
        if belief.null is not None and belief.evidence == ASSUMED and name.startswith((*_WAYS, *early))
    ]


def effects(book: Book) -> list[str]:
    """Strengths of effects."""
    return [name for name, belief in book.items() if belief.null is not None and name.startswith(_EFFECTS)]


def early_help(book: Book) -> list[str]:
    """Beliefs about who takes up early help that is offered at a front door."""
    lines = [one for one in book.services.values() if one.tier in _EARLY_TIERS and one.route == _FRONT_DOOR]
    return [f"{line.path}.take_up" for line in lines]


def _strengthened(book: Book, times: float) -> dict[str, Value]:
    """Every effect's strength with its logarithm multiplied, as far as its unit allows."""
    values: dict[str, Value] = {}
    for name in effects(book):
        central = book[name].central
        if isinstance(central, float | int):
            unit = UNITS[book[name].unit]
            values[name] = min(max(float(central) ** times, unit.low), unit.high)
    return values


def _taken_up(book: Book, times: float | None) -> dict[str, Value]:
    """Take-up of early help multiplied, or by everyone."""

    def moved(share: float) -> float:
        return 1.0 if times is None else min(1.0, times * share)

    values: dict[str, Value] = {}
    for name in early_help(book):
        central = book[name].central
        if isinstance(central, Mapping):
            values[name] = {label: moved(float(share)) for label, share in central.items()}
        elif isinstance(central, float | int):
            values[name] = moved(float(central))
    return values
