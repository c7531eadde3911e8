"""What replayed studies say, in words and figures: for the page and for the document alike.

Takes the rows of ``configs/fitted/effects.toml``; gives text. Never works a figure out again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from demandsim.parameters.book import Book
from demandsim.report import words
from demandsim.study.books import EFFECTS
from demandsim.study.replay.studies import CONTRAST_WORDS, DESIGN_WORDS, RATIOS

Row = Mapping[str, Any]

INTRO: Final = (
    "A published figure is a target, not a strength of help: a study found how many of its people had an outcome at a "
    "moment, while the model needs to know how much faster or slower needs move while somebody is helped. So each "
    "study is run again inside the model. Its people are looked for in England as now; each is helped in one world and "
    "not in the other, by a line of help that displaces nobody; nothing else differs, luck included. The strength at "
    "which the model gives the figure believed is what the study stands for."
)
RULES: Final = (
    "Where chance did not decide who was helped, only a share of the published contrast is believed before anything is "
    "solved, and how unsure that share is widens the range.",
    "A study that found no effect stays at a ratio of 1; its interval is carried through the replay, or, where the "
    "model cannot carry it to both sides, left as stated.",
    "Ratios are sought between one third and three. A study that needs a stronger one is told as not reached; it is "
    "replayed at the bound, and the ratio that was stated before stays in force.",
    "Where a study is of another programme, or people here fare more than twice as well or as badly without help as "
    "its own did, the range is made to hold no effect, and a null keeps its stated range.",
    "Where a study has two outcomes that one ratio has to serve, they are weighed by how sure each is; then neither "
    "comes back exactly.",
    "Services as now keep the strength stated before any replay, so that a second fit gives the same.",
    "The two passes use different lucks: what is called replayed has not been fitted to.",
)


def replay_rows(book: Book) -> list[Row]:
    """Rows by study; none where no fit of effects was written."""
    return list(book.fitted.get(EFFECTS, {}).get("replay", []))


def uncontrolled_rows(book: Book) -> list[Row]:
    """Effects that no controlled study stands behind, with the reason."""
    return list(book.fitted.get(EFFECTS, {}).get("uncontrolled", []))


def is_ratio(row: Row) -> bool:
    """Whether the study's contrast is a ratio."""
    return row["contrast"] in RATIOS


def figure(row: Row, value: float) -> str:
    """A contrast as its kind is written: a ratio, a difference in points, or one of standard deviations."""
    if not math.isfinite(value):
        return "not known"
    if is_ratio(row):
        return f"{value:.2f}"
    if row["contrast"] == "risk_difference":
        return words.signed(value, words.points)
    return words.signed(value, words.hundredths)


def between(row: Row, low: float, high: float) -> str:
    """Two contrasts, with the unit once."""
    if row["contrast"] == "risk_difference":
        return f"{words.signed(low, words.bare_points)} to {words.signed(high, words.points)}"
    return f"{figure(row, low)} to {figure(row, high)}"


def error_words(row: Row) -> str:
    """The Monte Carlo error of the replayed contrast; of a ratio, in per cent of itself."""
    error = float(row["replayed_error"])
    if is_ratio(row):
        return f"±{100 * error:.1f}%"
    return f"±{100 * error:.1f} points" if row["contrast"] == "risk_difference" else f"±{error:.2f}"


def kind_words(row: Row) -> str:
    """What is contrasted, after how long and by which design."""
    return f"{CONTRAST_WORDS[row['contrast']]}, {row['months']} months; {DESIGN_WORDS[row['design']]}"


def ratio_words(row: Row) -> str:
    """The hazard ratio with its range, or that none was found."""
    if not row["is_reached"]:
        return f"none from {1 / _bound(row):.2f} to {_bound(row):.2f}"
    return f"{row['hazard_ratio']:.2f}"


def _bound(row: Row) -> float:
    return max(float(row["hazard_ratio"]), 1.0 / float(row["hazard_ratio"]))


def verdict(row: Row) -> str:
    """What became of the study, in a few words."""
    if row["is_null"]:
        return "no effect, kept so"
    if not row["is_reached"]:
        return f"not reached: the stated {row['stated']:.2f} stays" if row["effects"] else "not reached"
    if row["also"]:
        return "between two outcomes"
    return "reached" if row["effects"] else "reached, carried nowhere"


def comparison_words(row: Row) -> str:
    """How the same people fare without help, in the model and in the study."""
    here, there = float(row["comparison"]), float(row["comparison_published"])
    form = words.hundredths if row["contrast"] == "mean_ratio" else words.percent
    said = form(here) if here < 1000 else "a cost"
    return said if math.isnan(there) else f"{said} (published {form(there)})"


def is_missed(row: Row) -> bool:
    """Whether the model does not give what the study found: at no ratio, or not together with its other outcome."""
    return not row["is_reached"] or bool(row["also"])


def counts(rows: Sequence[Row]) -> tuple[int, int, int]:
    """How many studies are reached, null and missed."""
    nulls = sum(bool(row["is_null"]) for row in rows)
    missed = sum(is_missed(row) for row in rows)
    return len(rows) - nulls - missed, nulls, missed


def counts_words(rows: Sequence[Row], name: str) -> str:
    """What became of the studies whose figures are of one kind, in a line."""
    reached, nulls, missed = counts(rows)
    return f"{name.capitalize()}: {nulls} of {len(rows)} studies found nothing, {reached} come back, {missed} do not"


def stronger_words(rows: Sequence[Row]) -> str:
    """How many studies that found an effect need more of help than was stated before, in a line."""
    found = [row for row in rows if row["effects"] and not row["is_null"]]
    stronger = sum(abs(math.log(row["hazard_ratio"])) > abs(math.log(row["stated"])) for row in found)
    return f"{stronger} of {len(found)} studies that found an effect need stronger help than was stated before"


def headline(rows: Sequence[Row]) -> str:
    """The finding in one line."""
    reached, nulls, missed = counts(rows)
    studies = words.count_of(len(rows), "published study", "published studies")
    return f"Of {studies}, {nulls} found nothing and are kept so, {reached} can be reproduced, and {missed} cannot"


def cannot(row: Row) -> str:
    """What the model cannot reproduce of a study, as a sentence."""
    if row["is_reached"]:
        other = figure(row, float(row["also_gives"]))
        return (
            f"{row['title']}: {figure(row, float(row['published']))} published and "
            f"{figure(row, float(row['believed']))} believed; {figure(row, float(row['replayed']))} at the ratio that "
            f"serves both outcomes best, where the other, published as none, is {other}. {row['expected']}"
        )
    left = "the stated ratio gives " + figure(row, float(row["stated_gives"])) if row["effects"] else "none is in use"
    return (
        f"{row['title']}: {figure(row, float(row['published']))} published, "
        f"{figure(row, float(row['believed']))} believed, {figure(row, float(row['at_bound']))} at the strongest ratio "
        f"allowed; {left}. {row['expected']}"
    )
