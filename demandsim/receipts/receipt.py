"""One receipt, how near it has to come, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

Computed = float | bool | tuple[float, float]
"""A number, a yes or no, or for what is simulated a number with its Monte Carlo standard error."""


@dataclass(frozen=True)
class Relative:
    """Agree to a share of the published value (absolutely, where that is 0)."""

    share: float = 1e-9

    def holds(self, computed: float, standard_error: float | None, published: float) -> bool:
        """Return whether the computed value agrees."""
        return standard_error is None and abs(computed - published) <= self.share * (abs(published) or 1.0)

    def __str__(self) -> str:
        return f"relative {self.share:g}"


@dataclass(frozen=True)
class LastDigit:
    """Agree when rounded to as many decimal places as the source printed."""

    places: int

    def holds(self, computed: float, standard_error: float | None, published: float) -> bool:
        """Return whether the computed value agrees."""
        # A hair over half a unit, because printed decimals are not binary numbers.
        half_a_unit = 0.5 * 10.0**-self.places * (1.0 + 1e-6)
        return standard_error is None and abs(computed - published) <= half_a_unit

    def __str__(self) -> str:
        return f"{self.places} decimal{'s' if self.places > 1 else ''}" if self.places else "whole number"


@dataclass(frozen=True)
class Exact:
    """Agree to the bit: yes or no, counts, pence."""

    def holds(self, computed: float, standard_error: float | None, published: float) -> bool:
        """Return whether the computed value agrees."""
        return standard_error is None and computed == published

    def __str__(self) -> str:
        return "exact"


@dataclass(frozen=True)
class StandardErrors:
    """Agree within so many Monte Carlo standard errors; a simulated value must state its own."""

    count: float = 3.0

    def holds(self, computed: float, standard_error: float | None, published: float) -> bool:
        """Return whether the computed value agrees."""
        if standard_error is None or not (math.isfinite(standard_error) and standard_error > 0.0):
            return False
        return abs(computed - published) <= self.count * standard_error

    def __str__(self) -> str:
        return f"{self.count:g} standard errors"


@dataclass(frozen=True)
class AtMost:
    """Not above the published bound by more than so many standard errors: a one-sided test."""

    count: float = 0.0

    def holds(self, computed: float, standard_error: float | None, published: float) -> bool:
        """Return whether the computed value is within the bound."""
        if self.count and (standard_error is None or not math.isfinite(standard_error)):
            return False
        return computed <= published + self.count * (standard_error or 0.0)

    def __str__(self) -> str:
        return "at most" + (f", {self.count:g} standard errors" if self.count else "")


Tolerance = Relative | LastDigit | Exact | StandardErrors | AtMost


@dataclass(frozen=True)
class Receipt:
    """Somebody else's number, and how this project comes by it.

    Parameters
    ----------
    group : str
        ``R1`` to ``R99``.
    name : str
        What the number is.
    citation : str
        Who published it and where.
    published : float or bool
        The number as published; a bool for a property that must hold.
    tolerance : Relative, LastDigit, Exact, StandardErrors or AtMost
        How near the computed value has to come.
    compute : callable
        Works the number out through the project's public functions; see `Computed`.
    """

    group: str
    name: str
    citation: str
    published: float | bool
    tolerance: Tolerance
    compute: Callable[[], Computed]

    @classmethod
    def printed(cls, group: str, name: str, citation: str, text: str, compute: Callable[[], Computed]) -> Receipt:
        """Make a receipt for a number as printed, such as ``2,724.30``: its decimals are its tolerance."""
        digits = text.replace(",", "")
        places = len(digits.partition(".")[2])
        return cls(group, name, citation, float(digits), LastDigit(places), compute)

    def check(self) -> Outcome:
        """Work the number out and compare.

        Returns
        -------
        Outcome
            An error while computing is a failed outcome with its reason, so that it hides no other receipt.
        """
        try:
            computed = self.compute()
        except Exception as error:
            return Outcome(self, None, None, False, f"{type(error).__name__}: {error}")
        value, standard_error = computed if isinstance(computed, tuple) else (computed, None)
        passed = math.isfinite(value) and self.tolerance.holds(value, standard_error, self.published)
        return Outcome(self, value, standard_error, passed, "" if passed else self._shortfall(value, standard_error))

    def _shortfall(self, value: float | bool, standard_error: float | None) -> str:
        if isinstance(self.published, bool):
            return "the property does not hold" if self.published else "the property holds and should not"
        off = f"off by {value - self.published:.3g}"
        if isinstance(self.tolerance, StandardErrors) and standard_error is None:
            return f"{off}, and no standard error was given"
        return off


@dataclass(frozen=True)
class Outcome:
    """What came of one receipt.

    Attributes
    ----------
    receipt : Receipt
        The receipt checked.
    computed : float, bool or None
        What the project makes of it; None if it could not be worked out.
    standard_error : float or None
        Monte Carlo standard error of a simulated value.
    passed : bool
        Whether it agrees within the tolerance.
    reason : str
        Why not; empty if it does.
    """

    receipt: Receipt
    computed: float | bool | None
    standard_error: float | None
    passed: bool
    reason: str = ""
