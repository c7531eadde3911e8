"""Numbers into plain English, with no verdict built in.

Every phrase is made from the figures. An interval that includes zero is always told as "could be either".
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from demandsim.comparison.estimate import FEWEST_RUNS, Estimate

MINUS: Final = "\N{MINUS SIGN}"
Format = Callable[[float], str]

#: Units of which there is no half.
COUNTED: Final = ("household-months", "contacts", "matters", "complaints", "referrals", "hand-offs", "needs", "cases")

GRADES: Final = {
    "measured": "measured directly",
    "published": "from a published study",
    "elicited": "asked of people who know",
    "calibrated": "set so that the model matches published counts",
    "assumed": "assumed: nobody has measured it",
}


def money(gbp: float) -> str:
    """An amount without its sign, rounded to what a reader can use: £1.2 million, £340,000, £12."""
    if not math.isfinite(gbp):
        return "not known"
    size = abs(gbp)
    if size >= 999_500_000:
        return f"£{size / 1e9:.2f} billion"
    if size >= 99_950_000:
        return f"£{size / 1e6:,.0f} million"
    if size >= 999_500:
        return f"£{size / 1e6:.1f} million"
    if size >= 9_995:
        return f"£{round(size, -3):,.0f}"
    if size >= 99.5:
        return f"£{round(size, -1):,.0f}"
    return f"£{size:,.0f}" if size == 0 or size >= 1 else "under £1"


def number(value: float) -> str:
    """A count or a rate without its sign, to what a reader can use: 12,300, 410, 14.2, 0.52, 0.013."""
    if not math.isfinite(value):
        return "not known"
    size = abs(value)
    if size == 0:
        return "0"
    if size >= 99.95:
        return f"{round(size, 2 - math.floor(math.log10(size))):,.0f}"
    decimals = 1 if size >= 9.995 else (2 if size >= 0.0995 else 1 - math.floor(math.log10(size)))
    if decimals > 6:
        return "under 0.000001"
    return _trimmed(f"{size:.{decimals}f}")


def percent(share: float) -> str:
    """A share without its sign, as a percentage: 12%, 0.4%."""
    if not math.isfinite(share):
        return "not known"
    size = abs(share) * 100
    if size == 0:
        return "0%"
    if size < 0.05:
        return "under 0.1%"
    return f"{size:.0f}%" if size >= 9.95 else f"{_trimmed(f'{size:.1f}')}%"


def whole(value: float) -> str:
    """Something counted, without its sign and without parts of one: 12,300, 14, under 1."""
    if not math.isfinite(value):
        return "not known"
    size = abs(value)
    if 0 < size < 0.5:
        return "under 1"
    return f"{size:.0f}" if size < 99.95 else number(size)


def hundredths(value: float) -> str:
    """A wait or a rate without its sign and no finer than a hundredth: 14.2, 0.52, under 0.01."""
    if not math.isfinite(value):
        return "not known"
    size = abs(value)
    if 0 < size < 0.005:
        return "under 0.01"
    return _trimmed(f"{size:.2f}") if size < 9.995 else number(size)


def points(share: float) -> str:
    """A difference of shares without its sign: 1.2 points."""
    return f"{bare_points(share)} points"


def bare_points(share: float) -> str:
    """The same where something else says that it is in points."""
    if not math.isfinite(share):
        return "not known"
    size = abs(100.0 * share)
    return "under 0.1" if 0 < size < 0.05 else _trimmed(f"{size:.1f}")


def signed(value: float, form: Format) -> str:
    """A difference with its sign: +£1.2 million, \N{MINUS SIGN}12%; one too small to write is just over or under 0."""
    text, nothing = form(value), form(0.0)
    if not math.isfinite(value) or text in (nothing, "0"):
        return text
    if text.startswith("under "):
        return f"just {'under' if value < 0 else 'over'} {nothing}"
    return (MINUS if value < 0 else "+") + text


def formatter(unit: str) -> Format:
    """How to write figures of a unit."""
    if unit.startswith("GBP"):
        return money
    if unit in ("share", "probability"):
        return percent
    return {"months": hundredths}.get(unit, whole if unit.removesuffix(" a year") in COUNTED else number)


def change_formatter(unit: str) -> Format:
    """How to write differences of a unit: those of shares are in points, not in per cent."""
    return points if unit in ("share", "probability") else formatter(unit)


def unit_words(unit: str) -> str:
    """A unit as said in a sentence."""
    plain = {
        "GBP": "pounds",
        "household-months": "months",
        "share": "per cent",
        "count": "number",
        "persons": "people",
    }
    return plain.get(unit, unit)


def difference(value: float, form: Format, more: str = "more", less: str = "less") -> str:
    """`£1.2 million less`, `340 more`, `no difference`."""
    if not math.isfinite(value):
        return "not known"
    if form(value) == form(0.0):
        return "no difference"
    return f"{form(value)} {less if value < 0 else more}"


def change(estimate: Estimate, form: Format) -> str:
    """A difference in a title: its middle, or that it could be either."""
    return "could be more or less" if direction(estimate) == "either" else difference(estimate.mean, form)


_MOVES: Final = {"up": "gets worse", "down": "eases", "exit": "ends", "sudden": "breaks out"}


def moves(names: Iterable[str]) -> str:
    """Moves of needs in words: *work need ends from complex or crisis* for ``work.complex.exit, work.crisis.exit``."""
    states: dict[tuple[str, str], list[str]] = {}
    for name in names:
        need, state, move = name.replace("_", " ").split(".")
        states.setdefault((need, move), []).append(state)
    return ", ".join(
        f"{need} need {_MOVES.get(move, move)} from {sentence_list(found).replace(' and ', ' or ')}"
        for (need, move), found in states.items()
    )


def strengths(ratios: Mapping[str, float]) -> str:
    """Hazard ratios by move, in words: *work need ends from complex × 1.16*."""
    by_ratio: dict[float, list[str]] = {}
    for move, ratio in ratios.items():
        by_ratio.setdefault(float(ratio), []).append(move)
    return "; ".join(f"{moves(names)} × {ratio:.2f}" for ratio, names in by_ratio.items()) or "none"


def between(low: float, high: float, form: Format, more: str = "more", less: str = "less") -> str:
    """The interval of a difference in words, with its directions."""
    if form(low) == form(high) == form(0.0):
        return "at no difference"
    if form(low) == form(high) and low * high > 0:
        return f"at {difference(low, form, more, less)}"
    if low >= 0 and high >= 0:
        return f"between {form(low)} and {form(high)} {more}"
    if low <= 0 and high <= 0:
        return f"between {form(high)} and {form(low)} {less}"
    return f"between {form(low)} {less} and {form(high)} {more}"


def in_crisis(months: float) -> str:
    """`673 fewer months in crisis`, `no change in months in crisis`."""
    if whole(months) == "0":
        return "no change in months in crisis"
    return f"{difference(months, whole, 'more', 'fewer')} months in crisis"


def signed_range(low: float, high: float, form: Format) -> str:
    """The interval of a difference for a table cell."""
    return f"{signed(low, form).removesuffix(' points')} to {signed(high, form)}"


def level_range(low: float, high: float, form: Format) -> str:
    """The interval of a level for a table cell."""
    return f"{form(low)} to {form(high)}"


def in_runs(n_such: int, n_runs: int) -> str:
    """How often something happened, in words and numbers: `in most runs (14 of 20)`."""
    if n_runs == 0:
        return "in no run, since none succeeded"
    if n_such == n_runs:
        return f"in all {n_runs} runs"
    if n_such == 0:
        return f"in none of {n_runs} runs"
    share = n_such / n_runs
    if share >= 0.9:
        words = "in nearly all runs"
    elif share >= 2 / 3:
        words = "in most runs"
    elif share > 1 / 3:
        words = "in about half of the runs"
    elif share > 0.1:
        words = "in a minority of runs"
    else:
        words = "in very few runs"
    return f"{words} ({n_such} of {n_runs})"


def day(date: datetime.date) -> str:
    """`31 March 2010`."""
    return f"{date.day} {date:%B %Y}"


def direction(estimate: Estimate, negligible: float = 0.0) -> str:
    """The decision rule: ``less``, ``more``, ``either``, ``same`` or ``too few``.

    Parameters
    ----------
    estimate : Estimate
        A difference.
    negligible : float
        A size under which a difference that may be zero does not matter: when the interval includes zero and lies
        wholly within it, the answer is ``same``.
    """
    if estimate.n_runs < FEWEST_RUNS:
        return "too few"
    if not estimate.includes_zero:
        return "less" if estimate.high < 0 else "more"
    if estimate.low == estimate.high == 0 or max(-estimate.low, estimate.high) < negligible:
        return "same"
    return "either"


def with_runs(n_runs: int) -> str:
    """`20 runs`, `1 run`."""
    return f"{n_runs:,} run" + ("" if n_runs == 1 else "s")


def count_of(n: int, one: str, many: str | None = None) -> str:
    """`1 belief`, `3 beliefs`."""
    return f"{n:,} {one if n == 1 else (many or one + 's')}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def few(items: list[str], most: int = 3) -> str:
    """The first few names, and how many others: `NHS; Police; Schools; and 2 others`."""
    if len(items) <= most + 1:
        return "; ".join(items)
    return f"{'; '.join(items[:most])}; and {len(items) - most} others"


def sentence_list(items: list[str]) -> str:
    """`a, b and c`."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + f" and {items[-1]}" if items else "none"
