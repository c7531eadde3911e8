"""Pages about what is believed: every parameter, every lever, every source."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from demandsim.parameters.belief import ASSUMED, GRADES, ROLES, Belief
from demandsim.parameters.book import Book
from demandsim.place import Place
from demandsim.policy import Scenario, list_levers
from demandsim.report.documents.figures import digits, interval_text, source_text, value_text, values_text
from demandsim.report.documents.markdown import code, heading, page, table
from demandsim.report.words import GRADES as GRADE_WORDS

_COLUMNS = ("belief", "value", "unit", "interval", "grade", "role", "source", "meaning")


def parameters_page(book: Book, places: Sequence[Place]) -> str:
    """Every belief, grouped, with counts by grade."""
    groups: dict[str, list[Belief]] = {}
    for name, belief in book.items():
        groups.setdefault(_group(name), []).append(belief)
    parts = [
        "A *belief* is a number with its unit, range, source and grade. An interval is the central share stated of the "
        "distribution from which a draw is taken, whose median is the value; where it begins with ×, it is one common "
        "multiplier of every entry, so entries move together. Beliefs are drawn independently of one another.",
        heading("How much is known"),
        belief_counts(book),
        "`calibrated` values were solved by `demandsim fit`; see [fit](fit.md). Places are counted apart below.",
    ]
    for group, beliefs in groups.items():
        parts += [heading(group), table(_COLUMNS, (_row(belief) for belief in beliefs))]
    return page("Parameters", *parts, *_place_parts(places))


def belief_counts(book: Book) -> str:
    """Beliefs by grade and role."""
    counts: Counter[tuple[str, str]] = Counter((belief.evidence, belief.role) for belief in book.values())
    rows: list[list[object]] = [
        [grade, GRADE_WORDS[grade], *(counts[grade, role] for role in ROLES), sum(counts[grade, r] for r in ROLES)]
        for grade in GRADES
    ]
    totals = [sum(counts[grade, role] for grade in GRADES) for role in ROLES]
    rows.append(["all", "", *totals, sum(totals)])
    return table(("grade", "which means", *ROLES, "all"), rows)


def _group(name: str) -> str:
    first, *rest = name.split(".")
    inside = first in ("services", "needs", "fitted") and len(rest) > 1
    return f"{first}.{rest[0]}" if inside else first


def _row(belief: Belief) -> list[str]:
    priced = f" ({belief.price_year} prices)" if belief.price_year else ""
    note = f" *{belief.note}*" if belief.note else ""
    return [
        code(belief.name),
        values_text(belief),
        belief.unit + priced,
        interval_text(belief),
        belief.evidence,
        belief.role,
        source_text(belief.source),
        belief.meaning + note,
    ]


def _place_parts(places: Sequence[Place]) -> list[str]:
    """England's figures in full, and of other places what they state differently."""
    if not places:
        return []
    first, *others = places
    counts = Counter(belief.evidence for belief in first.beliefs.values())
    said = ", ".join(f"{counts[grade]} {grade}" for grade in GRADES if counts[grade])
    parts = [
        heading("Places"),
        "Who lives where is drawn from these, once a study, and does not vary with a draw. A place takes over what it "
        f"does not state. Of {first.title}'s {len(first.beliefs)} figures: {said}.",
        heading(first.title, 3),
        table(_COLUMNS, (_row(belief) for belief in first.beliefs.values())),
    ]
    for place in others:
        own = [belief for name, belief in place.beliefs.items() if belief != first.beliefs.get(name)]
        parts += [heading(place.title, 3), place.note, table(_COLUMNS, (_row(belief) for belief in own))]
    return parts


def levers_page(book: Book, scenarios: Iterable[Scenario]) -> str:
    """What a scenario may move, and which scenarios move it."""
    movers: dict[str, list[str]] = {}
    for scenario in scenarios:
        for change in scenario.changes:
            movers.setdefault(change.lever, []).append(scenario.id)
    rows = []
    for lever in list_levers(book).values():
        may_be = ", ".join(lever.choices) or _bounds(lever.low, lever.high)
        moved = ", ".join(movers.get(lever.name, []))
        rows.append([code(lever.name), value_text(lever.now), lever.unit, may_be, lever.meaning, moved])
    intro = (
        "A scenario moves levers and nothing else, and none before the start of the run. Every other belief is out of "
        "its reach, so a policy cannot win by changing what is believed. List them with `demandsim levers`."
    )
    return page("Levers", intro, table(("lever", "as now", "unit", "may be", "meaning", "moved by"), rows))


def _bounds(low: float, high: float) -> str:
    return f"{digits(low)} or more" if math.isinf(high) else f"{digits(low)} to {digits(high)}"


def sources_page(book: Book, places: Sequence[Place], targets: Mapping[str, Sequence[str]]) -> str:
    """Every source, and how many figures rest on it."""
    uses = Counter(belief.source for belief in book.values())
    for place in places:
        uses.update(belief.source for belief in place.beliefs.values() if belief.source in place.sources)
    for sources in targets.values():
        uses.update(sources)
    rows = []
    for key, source in book.sources.items():
        read = "yes" if source.read else "no: recalled, or read about"
        anchor = f'<a id="{key}"></a>{code(key)}'
        cited = f"{source.publisher} ({source.year}). {source.title}."
        rows.append([anchor, cited, source.licence or "not stated", read, uses[key], source.note])
    intro = (
        f"{len(book.sources)} sources. *Read* says whether the figure was read at the source or a public copy of it. "
        "*Figures* counts the beliefs, place figures, targets, points of series and lines of accounts that rest on it; "
        f"{uses[ASSUMED]} rest on no source and are marked `assumed`."
    )
    return page("Sources", intro, table(("key", "what", "licence", "read", "figures", "note"), rows))
