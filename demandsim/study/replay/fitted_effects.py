"""What a fit of effects writes: calibrated hazard ratios, and a table with one row a study.

Takes replayed studies; gives ``configs/fitted/effects.toml``. What the model cannot reproduce is in the table and in no
belief: the stated one stays.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from demandsim.ledger.store import write_text
from demandsim.parameters.belief import Belief
from demandsim.parameters.book import Book
from demandsim.study.replay.checking import shrinkage_of
from demandsim.study.replay.outcomes import from_scale
from demandsim.study.replay.solving import Believed, Solved, carry_to_none
from demandsim.study.replay.studies import CONTRAST_WORDS, DESIGN_WORDS, Study, Uncontrolled

SOURCE: Final = "demandsim_replay"
_HEAD: Final = (
    "# Written by `demandsim fit effects`; run it again rather than edit it. Grades are `calibrated`.\n"
    "# A study that no ratio within the bounds reproduces has a row and no belief: the stated ratio stays.\n"
)


@dataclass(frozen=True)
class Replayed:
    """One study, published against replayed.

    Attributes
    ----------
    replayed, replayed_error : float
        Contrast at the ratio solved, on lucks that the solution has not seen, and its error from luck; scaled.
    stated, stated_gives : float
        The ratio stated before any replay, and the contrast it gives; scaled.
    others, before : float
        The comparison group's outcome in the model, and the same people's at the start.
    found : float
        Households that met the criteria, a luck.
    lucks : int
        Runs of the replay; as many others solved it.
    also_gives : float
        Contrast of the other outcome that the ratio has to serve; scaled, nan where there is none.
    """

    study: Study
    published: Belief
    believed: Believed
    solved: Solved
    replayed: float
    replayed_error: float
    stated: float
    stated_gives: float
    others: float
    before: float
    found: float
    lucks: int
    also_gives: float = float("nan")

    @property
    def is_carried(self) -> bool:
        """Whether its ratio goes into the book."""
        return self.solved.is_reached and bool(self.study.effects)

    def is_far(self, book: Book) -> bool:
        """Whether the study's people fare so differently without help that those found here are others."""
        if not self.study.comparison or self.others <= 0.0:
            return False
        return abs(math.log(self.others / self.study.comparison)) > math.log(number_of(book, "replay.most_apart"))

    def told(self) -> str:
        """In a line."""
        aim, got = (from_scale(self.study, scaled) for scaled in (self.believed.value, self.replayed))
        if not self.solved.is_reached:
            most = from_scale(self.study, self.solved.at_bound)
            return f"not reached: {aim:.3g} believed, {most:.3g} at the strongest ratio allowed"
        return f"{aim:.3g} believed, {got:.3g} replayed, hazard ratio {self.solved.ratio:.3g}"


def write_effects(path: Path, book: Book, found: Sequence[Replayed], uncontrolled: Sequence[Uncontrolled]) -> Path:
    """Write the file.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    parts = [_HEAD]
    for one in found:
        if one.is_carried:
            parts += [_belief(one, effect, weight, book) for effect, weight in one.study.effects.items()]
    parts += [_block("replay", _row(one, book)) for one in found]
    parts += [_block("uncontrolled", {"effects": list(one.effects), "why": one.why}) for one in uncontrolled]
    return write_text(path, "\n".join(parts))


def ends_of(one: Replayed, effect: str, weight: float, book: Book) -> tuple[float, float]:
    """The range of an effect's ratio: the study's, but where the model or the people say that it does not carry over.

    Parameters
    ----------
    weight : float
        Power to which the study's ratio is taken.
    """
    solved, is_far = one.solved, one.is_far(book)
    if not one.study.is_null:
        margin = number_of(book, "replay.transfer_margin")
        low, high = carry_to_none(solved, margin) if one.study.is_transfer or is_far else (solved.low, solved.high)
        return low**weight, high**weight
    if solved.is_low_reached and solved.is_high_reached and not is_far:
        return solved.low**weight, solved.high**weight
    # One end alone is not carried: a null whose range reaches further to one side would lean that way in every draw.
    stated = book[f"effects.{effect}.hazard_ratio"].uncertainty
    assert stated is not None  # a ratio that no study fixes has a range
    return stated.low, stated.high


def number_of(book: Book, name: str) -> float:
    """A belief that is one number."""
    value = book[name].central
    assert isinstance(value, float | int)
    return float(value)


def _belief(one: Replayed, effect: str, weight: float, book: Book) -> str:
    """A calibrated hazard ratio that supersedes the stated one."""
    spread = one.published.uncertainty
    assert spread is not None
    value, (low, high) = one.solved.ratio**weight, ends_of(one, effect, weight, book)
    ends = f'{{ shape = "lognormal", low = {low:.6g}, high = {high:.6g}, level = {spread.level:g} }}'
    lines = [
        f"[effects.{effect}.hazard_ratio]",
        f"value = {value:.6g}",
        'unit = "ratio"',
        'meaning = "Hazard ratio on each rung it acts on while help is at full effect."',
        f"uncertainty = {ends}",
        "null = 1.0",
        f'source = "{SOURCE}"',
        'evidence = "calibrated"',
        'role = "uncertainty"',
        f"note = {_toml(' '.join(_notes(one, weight, book)))}",
    ]
    return "\n".join(lines) + "\n"


def _notes(one: Replayed, weight: float, book: Book) -> Iterator[str]:
    study, solved, is_far = one.study, one.solved, one.is_far(book)
    yield f"Replayed: {study.title}."
    if study.is_null:
        yield "A published null stays 1."
    else:
        aim, got = (from_scale(study, scaled) for scaled in (one.believed.value, one.replayed))
        yield f"A {CONTRAST_WORDS[study.contrast]} of {aim:.3g} is believed, and {got:.3g} came back."
    if study.also:
        yield f"Weighed against its other outcome, of which {from_scale(study, one.also_gives):.3g} came back."
    if shrinkage_of(study):
        yield f"Shrunk: {DESIGN_WORDS[study.design]}."
    if weight != 1.0:
        yield f"{weight:g} of its logarithm is taken."
    if is_far:
        yield f"Without help {one.others:.3g} here against {study.comparison:.3g} in the study: other people."
    if study.is_null and (is_far or not (solved.is_low_reached and solved.is_high_reached)):
        yield "The model cannot carry the whole of its interval, so the stated range stays."
    elif study.is_null:
        yield "Its interval is carried through the replay."
    elif study.is_transfer or is_far:
        yield "The range is made to hold no effect."
    elif not (solved.is_low_reached and solved.is_high_reached):
        yield "An end of the range lies beyond the bounds and is cut there."
    if study.stands_in:
        yield study.stands_in


def _row(one: Replayed, book: Book) -> dict[str, Any]:
    study, solved, spread = one.study, one.solved, one.published.uncertainty
    assert spread is not None
    shrinkage = shrinkage_of(study)
    bounded = from_scale(study, solved.at_bound)
    figures = {
        "believed": one.believed.value,
        "believed_low": one.believed.low,
        "believed_high": one.believed.high,
        "replayed": one.replayed,
        "stated_gives": one.stated_gives,
    }
    return {
        "study": study.name, "title": study.title, "service": study.service, "effects": list(study.effects),
        "weights": list(study.effects.values()), "acts_on": list(study.acts_on), "design": study.design,
        "contrast": study.contrast, "months": study.months, "source": one.published.source,
        "published": one.published.central, "published_low": spread.low, "published_high": spread.high,
        "level": spread.level, "share_believed": number_of(book, shrinkage) if shrinkage else 1.0,
        **{name: from_scale(study, scaled) for name, scaled in figures.items()},
        "replayed_error": one.replayed_error, "is_null": study.is_null, "is_transfer": study.is_transfer,
        "is_reached": solved.is_reached, "is_far": one.is_far(book),
        "is_low_reached": solved.is_low_reached, "is_high_reached": solved.is_high_reached, "at_bound": bounded,
        "hazard_ratio": solved.ratio, "low": solved.low, "high": solved.high,
        "standard_error": solved.standard_error, "stated": one.stated, "comparison": one.others,
        "comparison_published": float("nan") if study.comparison is None else study.comparison, "before": one.before,
        "found": one.found, "lucks": one.lucks, "expected": study.expected, "stands_in": study.stands_in,
        "also": study.also, "also_gives": from_scale(study, one.also_gives) if study.also else float("nan"),
    }  # fmt: skip


def _block(name: str, row: Mapping[str, Any]) -> str:
    return "\n".join([f"[[{name}]]", *(f"{key} = {_toml(value)}" for key, value in row.items())]) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    if isinstance(value, int):
        return str(value)
    return "nan" if math.isnan(value) else f"{float(value):.6g}"
