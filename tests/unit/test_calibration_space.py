"""What is free in a calibration: what figures fix, what only later figures would fix, and what none does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from demandsim.parameters.calibrated import STAR, CalibratedDraws
from demandsim.study.books import load_book
from demandsim.study.calibration.space import Space, make_space
from demandsim.study.targets import Target, load_targets

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
WIDE, NARROW = 2.0, 1.4


def _space(place: str, until: date | None = None) -> tuple[Space, list[Target]]:
    from dataclasses import replace

    book = load_book(CONFIGS, place, calibrated=False)
    if place != "england":
        rows = CalibratedDraws(("needs.share_causal",), np.array([[0.3], [0.6]]))
        book = replace(book, calibrated=rows)
    targets = load_targets(CONFIGS / "targets" / f"{place}.toml", until)
    return make_space(book, place, targets, set(book.plan.names), WIDE, NARROW), targets


def test_entries_that_no_figure_fixes_stay_loose_beside_one_that_is_fixed() -> None:
    space, _ = _space("england")
    by_name = {factor.name: factor for factor in space.factors}
    assert by_name[STAR + "needs.family.up.none"].high == WIDE
    assert by_name[STAR + "needs.family.up.emerging"].high == NARROW
    assert STAR + "needs.family.sudden.none" not in by_name, "a factor of the whole belief moves every entry"
    # The belief as a whole is held: its factors vary in its stead.
    assert "needs.family.up" in space.held
    assert "needs.family.up" not in space.beliefs


def test_only_what_a_figure_fixes_is_moved_at_the_end() -> None:
    space, targets = _space("england")
    fixed = {STAR + one.identifies for one in targets if one.use == "fit" and one.identifies}
    assert {space.names[dim] for dim in space.movable} == fixed


@pytest.mark.parametrize("place", ["england", "hackney"])
def test_what_only_a_later_figure_fixes_is_as_wide_as_if_nothing_were_known(place: str) -> None:
    before, _ = _space(place)
    space, targets = _space(place, date(2015, 3, 31))
    later = {one.identifies for one in targets if one.use == "hold" and one.identifies}
    later -= {one.identifies for one in targets if one.use == "fit"}
    assert later
    by_name = {factor.name: factor for factor in space.factors}
    whole = "" if place == "england" else "fitted."
    for name in later:
        stem = name if place == "england" else name.replace("place_multiplier.", f"place_multiplier.{place}.")
        assert by_name[STAR + whole + stem].high == WIDE
    assert space.n_fixed < before.n_fixed
    assert len(space.factors) == len(before.factors)
