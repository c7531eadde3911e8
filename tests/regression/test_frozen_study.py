"""The frozen study gives the figures it gave."""

from __future__ import annotations

import json

import pytest
from frozen_study import FROZEN, SCENARIOS, work_out


@pytest.fixture(scope="module")
def figures() -> dict[str, object]:
    return work_out()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_figures_are_as_frozen(figures: dict[str, object], scenario: str) -> None:
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    remedy = "If the change was meant, run `python tests/regression/frozen_study.py` and say why in the commit."
    assert figures[scenario] == frozen[scenario], remedy
