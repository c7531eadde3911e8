"""The page of a calibration: what was published, what the model measured before and after, and what stays unknown.

Takes a calibrated book; gives one HTML file. Says of a figure that cannot be met that it cannot.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from demandsim.errors import RequestError
from demandsim.parameters.book import Book
from demandsim.parameters.calibrated import STAR, CalibratedDraws
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table
from demandsim.report.charts.implausibility import Narrowed, draw_narrowed
from demandsim.report.rendering import render_page, write_page
from demandsim.report.sections.case import picture
from demandsim.report.svg import chart_style

KIND: Final = "Which beliefs agree with what was published"
Row = Mapping[str, Any]

#: Said wherever draws rest on few distinct runs.
_FEW: Final = 50


def write_calibration(book: Book, path: str | Path, title: str = "") -> Path:
    """Write the page.

    Parameters
    ----------
    book : Book
        With calibrated draws.
    path : path
    title : str, optional
        Of the place.

    Raises
    ------
    RequestError
        If the book has no calibrated draws, or the page cannot be written.
    """
    draws = book.calibrated
    if draws is None:
        raise RequestError("Nothing was calibrated. Run: demandsim calibrate england")
    with chart_style():
        sections = [_answer(draws), _targets(draws), _beliefs(draws), _waves(draws), _not_known(draws)]
    about = draws.tables["calibration"]
    said = f"All figures come from {about['runs']} simulated runs, and from what was published."
    name = title or words_of(draws.place)
    html = render_page(f"Calibration: {name}", sections, headline(draws), int(about["runs"]), KIND, said)
    return write_page(html, path, "page")


def words_of(name: str) -> str:
    """A name of configs as words."""
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def headline(draws: CalibratedDraws) -> str:
    """The finding in one line."""
    rows = draws.tables.get("target", [])
    met = sum(row["note"] == "met" for row in rows)
    missed = [words_of(row["name"]) for row in rows if row["note"] == "not met"]
    text = f"{met} of {words.count_of(len(rows), 'published figure')} met"
    return text + (f"; not met by any beliefs: {words.few(missed)}" if missed else "")


def answer_sentences(draws: CalibratedDraws) -> tuple[str, ...]:
    """How good the draws are, in words."""
    about = draws.tables["calibration"]
    waves = draws.tables.get("wave", [])
    sentences = [
        f"{about['runs']:,} runs of {about['households']:,} households as now, {about['weighted_draws']} of them drawn "
        f"at the end. By their full weights these are worth {float(about['effective_draws']):.0f} of equal weight; "
        f"{about['rows']} rows were taken, {about['distinct_rows']} of them different.",
    ]
    if float(about["power_of_weights"]) < 1.0:
        sentences.append(
            "Few draws would have been left by their full weights, so weights were flattened (to the power "
            f"{float(about['power_of_weights']):.2f}): bands are wider than they would be with many more runs."
        )
    if about["until"]:
        sentences.append(f"No figure of a month after {about['until']} was used.")
    if waves:
        left = float(waves[-1]["share_left"])
        sentences.append(f"Of all that was thought possible, {_share(left)} agrees with every figure it could meet.")
        reached = float(waves[-1]["threshold"])
        if reached > float(about["cutoff"]) * 1.001:
            sentences.append(
                f"No beliefs bring every figure within {float(about['cutoff']):g} standard deviations at once; the "
                f"nearest that was found leaves the worst of them {reached:.1f} away."
            )
    if int(about["distinct_rows"]) < _FEW:
        sentences.append("These are few rows: intervals drawn from them are rough. More runs would help.")
    return tuple(sentences)


def trade_sentences(draws: CalibratedDraws) -> tuple[str, ...]:
    """Targets that cannot all be met, and pairs that pull against each other."""
    found = []
    for row in draws.tables.get("target", []):
        if row["note"] != "met":
            said = "cannot be met" if row["note"] == "not met" else "is met only in part"
            found.append(
                f"{words_of(row['name'])} {said}: {_figure(row['published'], row['unit'])} was published; nine in ten "
                f"calibrated runs lie between {_figure(row['after'][0], row['unit'])} and "
                f"{_figure(row['after'][2], row['unit'])}."
            )
    for row in draws.tables.get("traded_off", []):
        one, other = (words_of(name) for name in row["targets"])
        found.append(f"{one} and {other.lower()} pull against each other: what brings one nearer takes the other off.")
    return tuple(found) or ("Nothing: every figure is met together with the rest.",)


def coverage_sentences(draws: CalibratedDraws) -> tuple[str, ...]:
    """How often bands hold a truth that is known."""
    return tuple(
        f"{row['what'].capitalize()}: bands meant to hold {words.percent(row['level'])} of truths held "
        f"{words.percent(row['share'])} (± {words.percent(row['error'])}, one standard error), over "
        f"{row['truths']} made-up truths, by stand-ins alone: before weights from real runs."
        for row in draws.tables.get("coverage", [])
    )


def unknown_beliefs(draws: CalibratedDraws) -> list[str]:
    """Names that no figure narrowed."""
    rows = draws.tables.get("belief", [])
    return [row["name"].removeprefix(STAR) for row in rows if not row["identified"]]


def _answer(draws: CalibratedDraws) -> Section:
    return Section(
        "answer",
        headline(draws),
        (
            "Many beliefs about a place are uncertain, but not every set of them goes with what was published of it. "
            "Here the sets that do not go with it are set aside, and studies of the place draw from the rest.",
        ),
        (*answer_sentences(draws), *trade_sentences(draws)),
    )


def _targets(draws: CalibratedDraws) -> Section:
    rows = draws.tables.get("target", [])
    finding = f"{headline(draws)}; pale bars are before calibration, dark ones after"
    svg = picture(
        draw_narrowed([_narrowed(row) for row in rows]),
        "figures",
        finding,
        "Each published figure: the model over what was published, before and after calibration, with its tolerance.",
    )
    runs = draws.tables["calibration"]
    table = Table(
        f"Published figures. Smaller figures: nine in ten runs lie between ({runs['weighted_draws']} after)",
        ("Figure", "Published", "Before", "After", "Standard deviations away", "Verdict"),
        tuple(_target_row(row) for row in rows),
    )
    sentence = (
        "A run has luck of its own, which the bands hold. Standard deviations away counts the published tolerance, the "
        "luck of the place, and how far a model that has all else right may be off; met means less than one."
    )
    return Section("figures", "Published figures", exhibits=(Exhibit(finding, sentence, svg, table),))


def _narrowed(row: Row) -> Narrowed:
    published = float(row["published"])
    before, after = ([max(float(one), 1e-9) / published for one in row[key]] for key in ("before", "after"))
    tolerance = (float(row["low"]) / published, float(row["high"]) / published)
    return Narrowed(words_of(row["name"]), before, after, tolerance, row["note"] == "met")


def _target_row(row: Row) -> tuple[Cell, ...]:
    unit = row["unit"]
    low, high = _figure(row["low"], unit), _figure(row["high"], unit)
    return (
        Cell(words_of(row["name"]), unit),
        Cell(_figure(row["published"], unit), f"{low} to {high}"),
        *(
            Cell(_figure(row[key][1], unit), f"{_figure(row[key][0], unit)} to {_figure(row[key][2], unit)}")
            for key in ("before", "after")
        ),
        Cell(f"{float(row['implausibility']):.1f}"),
        Cell(words_of(row["note"])),
    )


def _beliefs(draws: CalibratedDraws) -> Section:
    rows = draws.tables.get("belief", [])
    told = [row for row in rows if row["identified"]]
    finding = f"{len(told)} of {words.count_of(len(rows), 'belief')} were narrowed by the figures"
    table = Table(
        "Beliefs by how much of their spread is left, most narrowed first. A multiplier is of the fitted value; nine "
        "in ten draws lie between.",
        ("Belief", "Spread left", "Multiplier", "Where in its stated range"),
        tuple(_belief_row(row) for row in rows),
    )
    sentence = "A belief with more than nine tenths of its spread left has been told nothing by these figures."
    return Section("beliefs", "What the figures say of beliefs", exhibits=(Exhibit(finding, sentence, "", table),))


def _belief_row(row: Row) -> tuple[Cell, ...]:
    low, middle, high = (float(one) for one in row["quantiles"])
    times = row.get("multiplier")
    ends = f"{times[0]:.2f} to {times[2]:.2f}" if times else ""
    return (
        Cell(row["name"].removeprefix(STAR).replace("+", " + ")),
        Cell(words.percent(min(float(row["spread_kept"]), 1.0))),
        Cell(f"× {times[1]:.2f}" if times else "–", ends),
        Cell(f"{middle:.0%}", f"{low:.0%} to {high:.0%}"),
    )


def _waves(draws: CalibratedDraws) -> Section:
    rows = draws.tables.get("wave", [])
    table = Table(
        "Waves of runs",
        ("Wave", "Runs", "Share of what was possible that is left", "Error of stand-in, median", "Surprise"),
        tuple(_wave_row(row) for row in rows),
    )
    sentence = (
        "A stand-in says what a run would measure; its error is what it misses of runs that it has not seen, on a "
        "logarithm, so 0.1 is a tenth. Surprise is how many times its stated error it missed the next wave by: about "
        "1 is honest."
    )
    return Section(
        "waves", "How it was found", points=coverage_sentences(draws),
        exhibits=(Exhibit("Each wave looks only where the last one left hope", sentence, "", table),),
    )  # fmt: skip


def _wave_row(row: Row) -> tuple[Cell, ...]:
    surprise = float(row["surprise"])
    return (
        Cell(str(row["wave"])),
        Cell(str(row["runs"])),
        Cell(_share(float(row["share_left"]))),
        Cell(f"{float(row['median_error']):.2f}", f"worst {float(row['worst_error']):.2f}: {words_of(row['worst'])}"),
        Cell(f"{surprise:.1f}" if math.isfinite(surprise) else "–"),
    )


def _not_known(draws: CalibratedDraws) -> Section:
    unknown = unknown_beliefs(draws)
    points = [
        "Beliefs that no figure depends on, such as most effects and costs, keep the whole of their stated range.",
        "Errors of different figures are taken to be independent, and so is how far the model may be off in each.",
        "Agreement with today's levels says nothing about what a policy would do.",
    ]
    if unknown:
        points.insert(0, f"Not told by any figure: {words.sentence_list(list(unknown))}.")
    return Section("not-known", "What we do not know", points=tuple(points))


def _figure(value: float, unit: str) -> str:
    return words.percent(float(value)) if unit == "share" else words.number(float(value))


def _share(share: float) -> str:
    """A share that may be very small: 12%, or 1 in 40,000."""
    if share >= 0.01 or share <= 0.0:
        return words.percent(share)
    power = math.floor(math.log10(1.0 / share))
    return f"1 in {round(1.0 / share, -power + 1):,.0f}" if power < 9 else f"less than 1 in {10**9:,}"


def target_cells(row: Row) -> Sequence[str]:
    """A target as plain texts: published, before, after, how far, verdict."""
    return [cell.main + (f" ({cell.sub})" if cell.sub else "") for cell in _target_row(row)]


def wave_cells(row: Row) -> Sequence[str]:
    """A wave as plain texts."""
    return [cell.main + (f" ({cell.sub})" if cell.sub else "") for cell in _wave_row(row)]


def belief_cells(row: Row) -> Sequence[str]:
    """A belief as plain texts."""
    return [cell.main + (f" ({cell.sub})" if cell.sub else "") for cell in _belief_row(row)]
