"""Belief cases: the headline answer again, as other people believe the world to be.

Takes the book; gives it with some beliefs pinned. The cases are those that the brief names.
"""

from __future__ import annotations

from typing import Final

from demandsim.errors import RequestError
from demandsim.parameters.belief import ASSUMED
from demandsim.parameters.book import Book

#: In the order of the brief.
CASES: Final = ("central", "mechanisms_null", "effects_null", "share_causal_0", "share_causal_1")
SHARE_CAUSAL: Final = "needs.share_causal"
_EFFECTS: Final = "effects."
#: Where what is assumed of the ways services work together, and of what people make of them, is stated.
_WAYS: Final = ("front_door.", "practice.", "trust.", "providers.", "contacts.", "streams.", "housing.", "budget.")
_EARLY_TIERS: Final = ("universal", "early")


def case_book(book: Book, case: str) -> Book:
    """The book of a belief case.

    Parameters
    ----------
    book : Book
    case : str
        ``central``; ``mechanisms_null``, in which what is assumed of the front door, practice, trust, everyday contact,
        budgets, early help and of how providers follow their pay does nothing;
        ``effects_null``, in which no service has an effect; ``share_causal_0`` and ``share_causal_1``, in which none
        or all of the association between needs is one causing the other (the last lies outside the range believed).

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
