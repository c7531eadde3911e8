"""R10: who gains, by the project's public functions."""

from __future__ import annotations

import pytest

from demandsim.receipts import Receipt, load_receipts


@pytest.mark.parametrize("receipt", load_receipts(["R10"]), ids=lambda receipt: receipt.name)
def test_published_payer_share_is_reproduced(receipt: Receipt) -> None:
    outcome = receipt.check()
    assert outcome.passed, f"published {receipt.published}, computed {outcome.computed}: {outcome.reason}"
