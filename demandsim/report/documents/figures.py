"""Values, intervals and sources of beliefs as a reader would write them."""

from __future__ import annotations

from collections.abc import Mapping

from demandsim.parameters.belief import ASSUMED, Belief, Value
from demandsim.quantities import month_label


def digits(number: float) -> str:
    """A number to six digits, without a tail of noughts."""
    return f"{number:,.6g}"


def value_text(value: Value) -> str:
    """A value without its unit."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "; ".join(f"{label} {digits(number)}" for label, number in value.items())
    return digits(value)


def values_text(belief: Belief) -> str:
    """Every value, with the month from which it holds where there are several."""
    dated = belief.dated
    if len(dated) == 1:
        return value_text(dated[0][1])
    return "; ".join(f"from {month_label(start)}: {value_text(value)}" for start, value in dated)


def interval_text(belief: Belief) -> str:
    """The interval with its level and shape; a belief by label has one common multiplier."""
    spread = belief.uncertainty
    if spread is None:
        return ""
    times = "× " if belief.is_keyed else ""
    kind = "end points" if spread.level == 1.0 else f"{spread.level:.0%}"
    return f"{times}{digits(spread.low)} to {digits(spread.high)} ({kind}, {spread.shape})"


def source_text(key: str) -> str:
    """A source as a link to its row."""
    return key if key == ASSUMED else f"[{key}](sources.md#{key})"


def readable(name: str) -> str:
    """A label in words: ``mental_health`` gives *mental health*."""
    return name.replace("_", " ")
