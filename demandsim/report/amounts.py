"""Figures of a plan in words, with every digit that the plan gives."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from demandsim.report import words

if TYPE_CHECKING:
    from demandsim.policy.reckoning import Finding, Worked

WORDINGS: Final = {"": "", "over": "over ", "nearly": "nearly ", "about": "about ", "up to": "up to "}
VERDICTS: Final = {
    "agrees": "agrees",
    "rounding": "does not agree; rounding could hide it",
    "differs": "does not agree",
    "shown": "worked out; the plan states none",
}


def amount(value: Decimal, unit: str = "GBP m") -> str:
    """A figure without its sign: £49.79 million, 25.3%, 550 posts."""
    size = abs(value)
    if unit == "GBP m":
        return f"£{_plain(size)} million"
    if unit == "GBP":
        return f"£{round(size):,}"
    if unit == "share":
        return f"{_plain((size * 100).quantize(Decimal('0.1')))}%"
    if unit == "ratio":
        return _plain(size.quantize(Decimal("0.01")))
    exact = size if size < 100 and size == round(size, 3) else Decimal(round(size))
    return f"{_plain(exact)} {unit.removesuffix('s') if exact == 1 else unit}"


def gap(value: Decimal | None, unit: str) -> str:
    """A difference with its sign; empty where there is nothing to differ from."""
    if value is None:
        return ""
    size = amount(value, unit)
    if unit == "share":  # of two percentages
        size = f"{size.removesuffix('%')} points"
    return size if value == 0 else f"{words.MINUS if value < 0 else '+'}{size}"


def stated(finding: Finding) -> str:
    """What the plan states, as it hedges it."""
    if finding.stated is None:
        return "not stated"
    return WORDINGS[finding.wording] + amount(finding.stated, finding.unit)


def said(finding: Finding, worked: Worked) -> str:
    """One comparison in a sentence."""
    if finding.stated is None:
        return f"{finding.title}: {worked.title} gives {amount(worked.worth.value, finding.unit)}."
    if worked.verdict == "agrees":
        return f"{finding.title}: {worked.title} gives {amount(worked.worth.value, finding.unit)}, as stated."
    out = f"{finding.title}: stated {stated(finding)}; {worked.title} {amount(worked.worth.value, finding.unit)}"
    hidden = "; the figures are rounded so coarsely that this could be rounding" if worked.verdict == "rounding" else ""
    return f"{out}, {gap(worked.gap, finding.unit)}{hidden}."


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
