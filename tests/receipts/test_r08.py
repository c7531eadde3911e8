"""R8: Green Book discounting, by the project's public functions."""

from __future__ import annotations

import pytest

from demandsim.receipts import Receipt, load_receipts


@pytest.mark.parametrize("receipt", load_receipts(["R8"]), ids=lambda receipt: receipt.name)
def test_published_factor_is_reproduced(receipt: Receipt) -> None:
    outcome = receipt.check()
    assert outcome.passed, f"published {receipt.published}, computed {outcome.computed}: {outcome.reason}"
