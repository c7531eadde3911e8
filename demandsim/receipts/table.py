"""The table of receipts, as plain text that a terminal, a log and a text file all show alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from demandsim.receipts.receipt import LastDigit, Outcome

_HEADINGS = ("", "what", "published", "computed", "standard error", "tolerance")
_NUMERIC = {"published", "computed", "standard error"}


def format_receipts(outcomes: Sequence[Outcome]) -> str:
    """Write outcomes as a table: pass or fail first, the sources under each group, the count last.

    Parameters
    ----------
    outcomes : sequence of Outcome
        As :func:`demandsim.receipts.run_receipts` returns them.

    Returns
    -------
    str
        Lines without colour or trailing blanks, ending in a newline.
    """
    rows = [_row(outcome) for outcome in outcomes]
    widths = [max(len(row[column]) for row in [_HEADINGS, *rows]) for column in range(len(_HEADINGS))]
    lines = [_line(_HEADINGS, widths)]
    lines.append("-" * len(lines[0]))
    for group, members in groupby(zip(outcomes, rows, strict=True), key=lambda pair: pair[0].receipt.group):
        lines.append(group)
        citations: dict[str, None] = {}
        for outcome, row in members:
            citations[outcome.receipt.citation] = None
            lines.append(_line(row, widths))
            if not outcome.passed:
                lines.append(f"      {outcome.reason}")
        lines += [f"      source: {citation}" for citation in citations]
    passed = sum(outcome.passed for outcome in outcomes)
    lines.append(f"{passed} of {len(outcomes)} receipts agree.")
    return "\n".join(lines) + "\n"


def _row(outcome: Outcome) -> tuple[str, ...]:
    receipt = outcome.receipt
    places = receipt.tolerance.places if isinstance(receipt.tolerance, LastDigit) else None
    return (
        "pass" if outcome.passed else "FAIL",
        receipt.name,
        _number(receipt.published, places),
        # One decimal more than was printed, so that a near miss can be seen.
        "none" if outcome.computed is None else _number(outcome.computed, None if places is None else places + 1),
        "" if outcome.standard_error is None else f"{outcome.standard_error:.2g}",
        str(receipt.tolerance),
    )


def _number(value: float | bool, places: int | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.10g}" if places is None else f"{value:,.{places}f}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if heading in _NUMERIC else cell.ljust(width)
        for cell, width, heading in zip(cells, widths, _HEADINGS, strict=True)
    ]
    return "  ".join(padded).rstrip()
