"""What a term of a check stands for: a small language of sums over an account's own lines and figures.

Takes a term such as ``"-0.5 line:bdt_legal"``; gives its amount, and how far the figures in it may be rounded.
Never holds a figure of any plan.

=================  ==========================================================================
term               stands for
=================  ==========================================================================
``figure:NAME``    a figure the plan states
``line:NAME``      a line's amount
``block:NAME``     a block's stated total; the sum of its lines where it states none
``parts:NAME``     the sum of a block's lines
``kind:KIND``      the sum of lines that are chiefly of a kind
``only:KIND``      the sum of lines that are of a kind and of no other
``any:KIND``       the sum of lines that are at least partly of a kind
``blocks``         the sum of all blocks
``lines``          the sum of all lines
``count``          how many lines there are
=================  ==========================================================================

A minus sign takes away, and a number in front multiplies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, get_args

from demandsim.policy.account import Account, Block, Figure, Kind, Line

_TERM: Final = re.compile(r"^(-)?\s*(?:(\d+(?:\.\d+)?)\s+)?(\w+)(?::(\w+))?$")
_HALF: Final = Decimal("0.5")
KINDS: Final[tuple[str, ...]] = get_args(Kind)


@dataclass(frozen=True)
class Worth:
    """An amount, and by how much it could be out because the figures in it are rounded."""

    value: Decimal
    rounding: Decimal = Decimal(0)

    def __add__(self, other: Worth) -> Worth:
        return Worth(self.value + other.value, self.rounding + other.rounding)

    def times(self, factor: Decimal) -> Worth:
        """So many times the amount."""
        return Worth(self.value * factor, self.rounding * abs(factor))


NOTHING: Final = Worth(Decimal(0))


def worth_of(number: int | float) -> Worth:
    """A figure as written, with half a unit of its last digit: 2 is between 1.5 and 2.5, 2.0 between 1.95 and 2.05."""
    value = Decimal(str(number))
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)  # finite, by the account's own check
    return Worth(value, _HALF.scaleb(exponent))


def worth_of_figure(figure: Figure) -> Worth:
    """A stated figure; a whole number of anything but money is a count, and not rounded."""
    if isinstance(figure.value, int) and not figure.unit.startswith("GBP"):
        return Worth(Decimal(figure.value))
    return worth_of(figure.value)


def total_of(lines: Iterable[Line]) -> Worth:
    """The sum of lines' amounts; a line without one adds nothing."""
    total = NOTHING
    for line in lines:
        if line.amount is not None:
            total += worth_of(line.amount)
    return total


def block_worth(block: Block) -> Worth:
    """What a block states for itself, or the sum of its lines."""
    return total_of(block.lines) if block.total is None else worth_of(block.total)


def term_problem(account: Account, term: str) -> tuple[str, list[str]] | None:
    """Why a term stands for nothing, with the names it might have meant; None where it is sound."""
    found = _TERM.match(term)
    if found is None:
        return "cannot be read as a term.", []
    word, name = found[3], found[4]
    if word in ("blocks", "lines", "count"):
        return None if name is None else (f"`{word}` takes no name.", [word])
    known = {
        "figure": [figure.name for figure in account.figures],
        "line": [line.name for line in account.lines],
        "block": [block.name for block in account.blocks],
        "parts": [block.name for block in account.blocks],
        **{word: list(KINDS) for word in ("kind", "only", "any")},
    }
    if word not in known:
        return f"`{word}` is not a kind of term.", [*known, "blocks", "lines", "count"]
    return None if name in known[word] else (f"there is no {word} `{name or ''}`.", known[word])


def worth_of_term(account: Account, term: str) -> Worth:
    """What a sound term stands for."""
    found = _TERM.match(term)
    assert found is not None  # checked when the account was read
    factor = Decimal(found[2] or 1) * (-1 if found[1] else 1)
    return _plain_term(account, found[3], found[4]).times(factor)


def _plain_term(account: Account, word: str, name: str) -> Worth:
    if word == "figure":
        return worth_of_figure(next(figure for figure in account.figures if figure.name == name))
    if word == "block":
        return block_worth(next(block for block in account.blocks if block.name == name))
    if word == "parts":
        return total_of(next(block.lines for block in account.blocks if block.name == name))
    if word == "blocks":
        return sum((block_worth(block) for block in account.blocks), NOTHING)
    if word == "count":
        return Worth(Decimal(len(account.lines)))
    return total_of(line for line in account.lines if _is_meant(line, word, name))


def _is_meant(line: Line, word: str, name: str) -> bool:
    if word == "line":
        return line.name == name
    if word == "kind":
        return line.kind == name
    if word == "only":
        return line.kinds == (name,)
    return word == "lines" or name in line.kinds


def worth_of_sum(account: Account, terms: Iterable[str]) -> Worth:
    """What a sum of terms comes to."""
    return sum((worth_of_term(account, term) for term in terms), NOTHING)
