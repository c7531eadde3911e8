"""R1: the published waiting lists, by the project's own closed forms."""

from __future__ import annotations

import pytest

from demandsim.receipts import Receipt, load_receipts

ROWS = load_receipts(["R1"])


@pytest.mark.parametrize("receipt", ROWS, ids=lambda receipt: receipt.name)
def test_published_list_is_reproduced(receipt: Receipt) -> None:
    outcome = receipt.check()
    assert outcome.passed, f"published {receipt.published}, computed {outcome.computed}: {outcome.reason}"


def test_every_published_system_has_its_five_measures() -> None:
    systems = ("M/M/1 λ", "M/M/2 λ", "M/M/3 λ", "M/M/20 λ", "M/M/19 λ")
    for system in systems:
        labels = {row.name.rpartition(": ")[2] for row in ROWS if row.name.startswith(system)}
        assert {"P(wait)", "Wq", "Lq", "W", "L"} <= labels
