"""The official series that the configs carry, as a table a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from demandsim.report import words
from demandsim.report.documents.figures import digits, source_text
from demandsim.report.documents.markdown import bullets, code, heading, table
from demandsim.study.series import Denominator, Point, Series

#: The last day of the years that a prediction may learn from.
HISTORY_ENDS: Final = date(2015, 3, 31)
_HISTORY_YEAR: Final = "2014/15"

_HEADINGS = ("series", "years", "last year to March 2015", "later years", "the model's figure", "source", "note")


def series_parts(series: Sequence[Series], denominators: Mapping[str, Denominator]) -> list[str]:
    """A heading, what the table is, a row for each series, and what counts were divided by."""
    if not series:
        return []
    later = sum(_is_later(point) for one in series for point in one.points)
    text = (
        f"{words.count_of(len(series), 'official series', 'official series')} by fiscal year in `configs/series`, each "
        "figure as it was printed and the same per household or child; a stock of 31 March belongs to the year that it "
        "ends. None is fitted unless it is also a target above. A prediction learns from the years to March 2015"
    )
    text += (
        f"; {words.count_of(later, 'later figure')} are known and only compared." if later else ", and none is later."
    )
    divided = bullets(_denominator(name, one) for name, one in denominators.items())
    return [
        heading("Series", 3),
        text,
        table(_HEADINGS, (_row(one) for one in series)),
        f"Counts are divided by:\n\n{divided}" if divided else "",
    ]


def _row(series: Series) -> list[str]:
    known = [point for point in series.points if not _is_later(point)]
    later = [point.year for point in series.points if _is_later(point)]
    return [
        f"{series.title} ({series.unit})",
        _span([point.year for point in series.points]),
        _shown(known[-1], series) if known else "none",
        _span(later),
        code(series.measure) if series.measure else "none",
        ", ".join(source_text(key) for key in series.sources),
        series.note,
    ]


def _denominator(name: str, one: Denominator) -> str:
    """What counts are divided by, in its last year to March 2015 or its first."""
    year = max((year for year in one.values if year <= _HISTORY_YEAR), default=min(one.values))
    sources = ", ".join(source_text(key) for key in one.sources)
    return f"{name}, {one.values[year]:,.0f} in {year}: {one.note} {sources}"


def _is_later(point: Point) -> bool:
    return point.ends > HISTORY_ENDS


def _shown(point: Point, series: Series) -> str:
    """A value, with what was printed where that is another unit."""
    if series.published_unit == series.unit:
        return f"{point.year}: {digits(point.value)}"
    unit = "%" if series.published_unit == "%" else f" {series.published_unit}"
    return f"{point.year}: {digits(point.value)} ({point.published:,.10g}{unit})"


def _span(years: Sequence[str]) -> str:
    """First to last, and how many where some between are missing."""
    if len(years) < 2:
        return "".join(years)
    span = f"{years[0]} to {years[-1]}"
    whole = int(years[-1][:4]) - int(years[0][:4]) + 1
    return span if len(years) == whole else f"{span}, {len(years)} of {whole}"
