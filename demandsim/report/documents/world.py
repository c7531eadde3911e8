"""Pages about a month and what is counted: the calendar, the outcomes and the variables of results."""

from __future__ import annotations

from demandsim.parameters.book import Book
from demandsim.report.documents.figures import readable
from demandsim.report.documents.markdown import code, heading, page, table


def calendar_page() -> str:
    """The rows of a month as the model itself prints them."""
    intro = (
        "What `print(model.calendar)` shows. Rows 3 to 5 are one household's month, done household by household; no "
        "household sees another's until the lists are served in row 6. What each row means is told in [ODD](odd.md)."
    )
    return page("A month", intro, calendar_block())


def calendar_block() -> str:
    """The calendar as printed."""
    from demandsim.model.calendar import CALENDAR

    return f"```text\n{CALENDAR}\n```"


def outcomes_page(book: Book) -> str:
    """What results hold: comparable figures, outcomes, and every variable with its axes."""
    from demandsim.comparison.measures import MEASURES
    from demandsim.ledger.outcomes import OUTCOMES
    from demandsim.ledger.variables import VARIABLES

    outcomes = table(
        ("outcome", "title", "unit", "years combine by", "better"),
        ([code(one.name), one.title, one.unit, one.combine, one.better] for one in OUTCOMES),
    )
    variables = table(
        ("variable", "axes, after scenario, draw and replicate", "unit", "combines by", "meaning"),
        ([code(one.name), ", ".join(one.dims), one.unit, one.combine, one.meaning] for one in VARIABLES),
    )
    measures = table(
        ("figure", "title", "unit"), ([code(measure.name), measure.title, measure.unit] for measure in MEASURES)
    )
    return page(
        "Outcomes",
        "Counts of services are measured from cases, survey figures from states. Households become people by the "
        "conversions of [parameters](parameters.md#conversion).",
        heading("Figures by which scenarios are compared"),
        measures,
        heading("Outcomes in published units"),
        outcomes,
        heading("Which lines feed which published count"),
        table(("published count", "lines whose cases feed it"), _counts(book)),
        heading("Variables of a result"),
        "A failed run has `status` other than 0 and a `reason`.",
        variables,
    )


def _counts(book: Book) -> list[list[str]]:
    feeds: dict[str, list[str]] = {}
    for service in sorted(book.services.values(), key=lambda service: service.code):
        for published in service.counts_as:
            feeds.setdefault(published, []).append(service.title)
    return [[readable(published), ", ".join(lines)] for published, lines in sorted(feeds.items())]
