"""No guess about how early help or a new way of working works may be one-signed: its range holds no difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from demandsim.parameters import Book, load_parameters
from demandsim.study.cases import mechanisms

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


@pytest.fixture(scope="module")
def book() -> Book:
    return load_parameters(CONFIGS / "parameters")


def test_the_range_of_every_assumed_mechanism_holds_its_null(book: Book) -> None:
    one_signed = []
    ranged = 0
    for name in mechanisms(book):
        belief = book[name]
        null = book[belief.null].central if isinstance(belief.null, str) else belief.null
        if belief.uncertainty is None:
            assert belief.central == null, f"{name} is certain to do something, and nobody has measured it"
            continue
        ranged += 1
        assert isinstance(null, float | int)
        if not belief.uncertainty.low <= null <= belief.uncertainty.high:
            one_signed.append(name)
    assert ranged > 30
    assert not one_signed


def test_take_up_may_rise_or_fall_with_frailty(book: Book) -> None:
    spread = book["front_door.take_up_frailty"].uncertainty
    assert spread is not None
    assert spread.low < 0.0 < spread.high
