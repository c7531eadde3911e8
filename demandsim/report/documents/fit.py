"""The page of the fit: every published figure against the model, what fixes what, and what nothing fixes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demandsim.labels import NEEDS
from demandsim.parameters.book import Book, load_parameters
from demandsim.report import words
from demandsim.report.documents.figures import digits, readable, source_text
from demandsim.report.documents.markdown import bullets, code, heading, page, table
from demandsim.report.documents.series import HISTORY_ENDS, series_parts
from demandsim.report.documents.windows import fixed_text, freeing, window_parts
from demandsim.study.books import ENGLAND, load_book
from demandsim.study.series import Denominator, Series, load_denominators, load_series
from demandsim.study.targets import Target, load_targets

Row = Mapping[str, Any]

_MOVES = ("up", "sudden", "down", "exit")
_KNOTS = (("causal_0", "0"), ("causal_60", "0.6"), ("causal_100", "1"))
_INTRO = (
    "Published flows already contain services, while base hazards mean *no case open*; so the place is run as now, "
    "measured as the publication measures, and each free parameter is moved by what its own target is missed by. "
    "`fit` targets take part, `check` targets are compared and never fitted, `hold` targets are kept aside. The "
    "model's figure is the mean of runs whose luck the fit has not seen, with its standard error from luck. *Met* "
    "means within the published tolerance, *within a tenth* that the figure is not but is within 10%.\n\n"
    "Nothing after March 2015 is fitted except levels of 2015/16. *To* is the day on which a figure's period ends; one "
    "that is fitted although it ends later says why. A calibration may stop earlier (`demandsim calibrate PLACE "
    "--until 2015-03`): what is later is then held, and an earlier figure takes its place where one was read.\n\n"
    "A target with a free parameter of its own that is met shows that the search ended, and nothing more. What can "
    "tell against the model are the other rows."
)


@dataclass(frozen=True)
class PlaceFit:
    """A place's targets, its official series, and what its fitted file says of the targets where there is one.

    ``stopped`` are the same targets as a fit that stops in March 2015 may use them.
    """

    place: str
    targets: Sequence[Target]
    stopped: Sequence[Target]
    series: Sequence[Series]
    denominators: Mapping[str, Denominator]
    rows: Sequence[Row]
    book: Book
    stated: Book

    @property
    def free(self) -> list[Target]:
        """Targets that fix a free parameter."""
        return freeing(self.targets)

    @property
    def sources(self) -> list[str]:
        """The source of each target, each point of a series, and each denominator."""
        points = [point.source or one.source for one in self.series for point in one.points]
        divided = [key for one in self.denominators.values() for key in one.sources]
        return [*(target.source for target in self.targets), *points, *divided]

    def row_of(self, target: Target) -> Row | None:
        """What the fitted file says of a target; none where it was written before the target was as it is."""
        same = (row for row in self.rows if row["target"] == target.name and row["published"] == target.value)
        return next(same, None)


def read_fits(configs: Path) -> list[PlaceFit]:
    """Every place with targets, England first."""
    paths = sorted((configs / "targets").glob("*.toml"), key=lambda path: (path.stem != ENGLAND, path.stem))
    stated = load_parameters(configs / "parameters")
    fits = []
    for path in paths:
        book = load_book(configs, path.stem)
        rows = book.fitted.get(path.stem, {}).get("target", [])
        has_series = (configs / "series" / path.name).is_file()
        series = load_series(configs, path.stem) if has_series else ()
        denominators = load_denominators(configs, path.stem) if has_series else {}
        stopped = load_targets(path, HISTORY_ENDS)
        fits.append(PlaceFit(path.stem, load_targets(path), stopped, series, denominators, rows, book, stated))
    return fits


def fit_page(fits: Sequence[PlaceFit], titles: Mapping[str, str]) -> str:
    """Target, model, difference for England and each borough."""
    parts = [_INTRO]
    for fit in fits:
        parts.append(heading(titles.get(fit.place, readable(fit.place))))
        parts += [_counts(fit), _target_table(fit), *window_parts(fit.targets, fit.stopped)]
        if fit.rows:
            parts += _verdicts(fit)
            parts += _england(fit) if fit.place == ENGLAND else _borough(fit)
        parts += series_parts(fit.series, fit.denominators)
    return page("Fit", *parts)


def _counts(fit: PlaceFit) -> str:
    uses = Counter(target.use for target in fit.targets)
    free = {target.identifies for target in fit.free}
    unmeasured = sum("model" not in (fit.row_of(target) or {}) for target in fit.targets)
    spare = uses["fit"] - len(fit.free)
    others = f"{words.count_of(spare, 'other target')} to fit and those to check" if spare else "only those to check"
    return (
        f"{len(fit.targets)} targets: {uses['fit']} to fit, {uses['check']} to check, {uses['hold']} held. "
        f"{len(free)} free parameters, each fixed by a target of its own; {others} could have told against the model. "
        f"One free parameter a target proves nothing. Not compared with the model so far: {unmeasured}"
        + (f"; run `demandsim fit {fit.place}`." if unmeasured else ".")
    )


def _target_table(fit: PlaceFit) -> str:
    headings = ("target", "use", "to", "published", "model", "difference", "verdict", "fixes", "grade", "source")
    return table(headings, (_row(target, fit.row_of(target) or {}) for target in fit.targets))


def _row(target: Target, row: Row) -> list[str]:
    return [
        f"{readable(target.name)} ({target.unit})",
        target.use,
        f"{target.window:%d %B %Y}".lstrip("0"),
        f"{digits(target.value)} ({digits(target.low)} to {digits(target.high)})",
        _model(row),
        _off(row) if "difference" in row else "",
        str(row.get("note", "not compared yet")),
        fixed_text(target),
        target.evidence,
        source_text(target.source),
    ]


def _off(row: Row) -> str:
    """How far the model is off, with no sign before nothing."""
    text = f"{row['difference']:+.1%}"
    return "0.0%" if text in ("-0.0%", "+0.0%") else text


def _model(row: Row) -> str:
    if "model" not in row:
        return ""
    error = float(row["standard_error"])
    return f"{row['model']:.4g}" + (f" ± {error:.2g}" if math.isfinite(error) else "")


def _verdicts(fit: PlaceFit) -> list[str]:
    """Which targets were not hit, told apart by whether they had a free parameter of their own."""
    missed = [row for row in fit.rows if "model" in row and row["note"] != "met"]
    own = [_missed(row) for row in missed if row["use"] == "fit" and row["identifies"]]
    other = [_missed(row) for row in missed if not (row["use"] == "fit" and row["identifies"])]
    parts = [heading("Not hit", 3)]
    if own:
        parts += ["With a free parameter of their own, so together with the rest they cannot be hit:", bullets(own)]
    if other:
        parts += ["Without one:", bullets(other)]
    return parts if own or other else [*parts, "Every target that is measured was met."]


def _missed(row: Row) -> str:
    return f"{readable(str(row['target']))}: {row['note']}, {_off(row)}"


def _england(fit: PlaceFit) -> list[str]:
    return [
        heading("Free parameters", 3),
        "The ratio is the fitted value over the stated starting value. The last three columns say how the fitted value "
        "changes, relative to the default, where none, more or all of the association between needs is causal: the "
        "same targets were solved again there.",
        table(
            (
                "parameter",
                "fixed by",
                "starting value",
                "fitted value",
                "ratio",
                *(f"causal {share}" for _, share in _KNOTS),
            ),
            (_free_row(fit, target, part) for target in fit.free for part in target.identifies.split("+")),
        ),
        heading("Not identified", 3),
        _unidentified(fit),
    ]


def _free_row(fit: PlaceFit, target: Target, part: str) -> list[str]:
    before, after = _entry(fit.stated, part), _entry(fit.book, part)
    label = part if part in fit.book and not fit.book[part].is_keyed else _first_label(fit.book, part)
    knots = fit.book.get(f"fitted.by_share_causal.{label}")
    ratios = knots.central if knots is not None and isinstance(knots.central, Mapping) else {}
    return [
        code(part),
        readable(target.name),
        digits(before),
        digits(after),
        f"{after / before:.3g}" if before else "",
        *(f"{ratios[knot]:.3g}" if knot in ratios else "" for knot, _ in _KNOTS),
    ]


def _first_label(book: Book, part: str) -> str:
    """The entry that stands for a belief by label, all of which move together."""
    if part not in book:
        return part
    central = book[part].central
    assert isinstance(central, Mapping)
    return f"{part}.{next(label for label, number in central.items() if number)}"


def _entry(book: Book, part: str) -> float:
    """The value of a belief or of one of its entries."""
    name, _, label = (part, "", "") if part in book else part.rpartition(".")
    central = book[name].central
    if isinstance(central, Mapping):
        return central[label or _first_label(book, part).rpartition(".")[2]]
    assert isinstance(central, float | int)
    return float(central)


def _unidentified(fit: PlaceFit) -> str:
    """Base hazards by need and move: which states a target fixes, and which are assumed and swept."""
    from demandsim.study.fitting import Free, unidentified

    whole = unidentified([Free(target.identifies, target) for target in fit.free])
    fixed = {part for target in fit.free for part in target.identifies.split("+")}
    rows = []
    for need in NEEDS:
        for name in (f"needs.{need}.{move}" for move in _MOVES):
            rows += _loose(fit.book, name, fixed)
    text = (
        f"No target fixes any part of {len(whole)} of {len(NEEDS) * len(_MOVES)} sets of base hazards (some are "
        "nought), and only some states of the others. Those below keep their stated value, and are drawn from their "
        "stated range where they have one."
    )
    return f"{text}\n\n" + table(("hazards", "states that nothing fixes", "states that a target fixes"), rows)


def _loose(book: Book, name: str, fixed: set[str]) -> list[list[str]]:
    belief = book.get(name)
    if belief is None or not isinstance(belief.central, Mapping):
        return []
    states = [state for state, hazard in belief.central.items() if hazard]
    known = states if name in fixed else [state for state in states if f"{name}.{state}" in fixed]
    loose = [state for state in states if state not in known]
    return [[code(name), ", ".join(loose), ", ".join(known)]] if loose else []


def _borough(fit: PlaceFit) -> list[str]:
    """What is unexplained about a place, and its posts."""
    parts = [heading("Unexplained", 3)]
    multiplier = fit.book.get(f"fitted.place_multiplier.{fit.place}")
    if multiplier is not None:
        parts += [f"{multiplier.meaning} {multiplier.note}", _ratios("need", multiplier.central)]
    capacity = fit.book.get(f"fitted.capacity.{fit.place}")
    if capacity is not None:
        parts += [heading("Posts", 3), f"{capacity.meaning} {capacity.note}", _ratios("line", capacity.central)]
    return parts


def _ratios(what: str, ratios: Any) -> str:
    return table((what, "ratio"), ([readable(label), f"{ratio:.3g}"] for label, ratio in ratios.items()))
