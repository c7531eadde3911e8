"""What the model does not know, and how to get the same figures again."""

from __future__ import annotations

import json
from typing import Any

from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table
from demandsim.report.sections.case import Case


def not_known(case: Case) -> Section:
    """The limits, those of the place included."""
    points = [
        "It says nothing about any one person or family, and must not be used to rank or choose them.",
        "It knows only the needs, services and agencies it lists; what lies outside them costs nothing here.",
        "Money is counted over the years simulated. What comes later, good or bad, is not in any figure.",
        "Services are assumed to go on working as described; people and agencies may change what they do.",
        "Cash and the value of activity are two views of the same events. Adding them counts things twice.",
    ]
    cannot_tell = case.meta.place.get("cannot_tell")
    if cannot_tell:
        points.insert(0, str(cannot_tell))
    points += [str(item) for item in case.meta.not_known]
    return Section("not-known", "What the model does not know", points=tuple(points))


def reproduce(case: Case) -> Section:
    """Command, seed, digests and runs."""
    rows = [(Cell(name), Cell(str(value))) for name, value in _facts(case)]
    table = Table("What these figures were made from", ("What", "Value"), tuple(rows))
    sentence = "The same command with the same digests gives the same figures, to the last digit."
    exhibit = Exhibit("Where the figures come from", sentence, "", table)
    note, command = case.answer.cash.note(), str(case.attr("command"))
    return Section("reproduce", "How to reproduce this", (note,), exhibits=(exhibit,), code=(command,))


def _facts(case: Case) -> list[tuple[str, Any]]:
    """Everything that makes the figures what they are, and how exact they are."""
    total = case.answer.cash
    gain = case.comparison.pairing()
    draws, replicates = case.results.sizes["draw"], case.results.sizes["replicate"]
    rows = [
        ("Version", case.attr("version")),
        ("Seed", case.attr("seed")),
        (
            "Runs",
            f"{case.n_runs} of each scenario: {words.count_of(draws, 'set')} of beliefs, "
            f"{words.count_of(replicates, 'run')} of luck each",
        ),
        ("Runs that failed", str(case.comparison.n_failed)),
        ("Months run before counting", case.attr("run_in_months")),
        ("Prices of", case.attr("price_year")),
        ("Error of the middle cash figure", words.money(total.standard_error)),
    ]
    if total.is_separable:
        rows += [
            ("of which luck alone", words.money(total.luck_error)),
            ("Spread between runs from luck", words.money(total.luck_sd)),
            ("Spread between runs from beliefs", words.money(total.belief_sd)),
        ]
    if gain.ratio == gain.ratio:
        said = f"{gain.ratio:.2f} (give or take {gain.standard_error:.2f})"
        rows.append(("Variance with shared luck, as a share of what separate luck would give", said))
    return rows + [(f"Digest: {name}", digest) for name, digest in _digests(case).items()]


def _digests(case: Case) -> dict[str, str]:
    raw = case.results.attrs.get("digests", {})
    digests = json.loads(raw) if isinstance(raw, str) else dict(raw)
    return {str(key): json.dumps(value) if isinstance(value, dict) else str(value) for key, value in digests.items()}
