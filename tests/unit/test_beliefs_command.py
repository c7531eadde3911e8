"""What fixes each belief, and the command that lists it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from demandsim.cli.beliefs import beliefs
from demandsim.parameters.book import Book
from demandsim.parameters.calibrated import CalibratedDraws, Factor
from demandsim.parameters.descriptors import REPLAYED
from demandsim.study.books import load_book
from demandsim.study.footing.identified import Identified, identify_beliefs, spread_left

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
APP = typer.Typer()
APP.command()(beliefs)
FREE = "coupling.recovery_exponent"
TARGET = {
    "target": "people_out_of_work",
    "use": "fit",
    "model": 1.0,
    "identifies": "needs.work.up.none+needs.frailty_sd",
}


@pytest.fixture(scope="module")
def book() -> Book:
    loaded = load_book(CONFIGS, "hackney", calibrated=False)
    own = {"target": "homelessness", "use": "fit", "model": 1.0, "identifies": "place_multiplier.housing"}
    unmeasured = {"target": "never_measured", "use": "fit", "identifies": "needs.share_causal"}
    return replace(loaded, fitted={"england": {"target": [TARGET, unmeasured]}, "hackney": {"target": [own]}})


def rows_of(book: Book) -> dict[str, Identified]:
    return {one.name: one for one in identify_beliefs(book)}


def test_figures_that_were_fitted_to_fix_what_they_name(book: Book) -> None:
    rows = rows_of(book)
    assert rows["needs.frailty_sd"].fixed_by[-1] == "fit to people out of work"
    assert rows["needs.work.up"].fixed_by[-1] == "fit to people out of work"
    assert rows["needs.work.up"].loose == ("emerging", "established", "complex")
    assert not any("homelessness" in words for one in rows.values() for words in one.fixed_by)  # it fixes no belief
    assert not any("never measured" in words for one in rows.values() for words in one.fixed_by)
    assert not rows[FREE].is_fixed
    assert rows["services.reablement.cost_per_fte"].fixed_by == ("figure as published",)


def test_a_replayed_effect_is_fixed_by_its_study(book: Book) -> None:
    effect = book.effects["council_employment"].after_replay(REPLAYED)
    ratio = f"{effect.path}.hazard_ratio"
    replayed = replace(book, effects={**book.effects, effect.name: effect})
    assert rows_of(replayed)[ratio].fixed_by[-1] == "its study, run again in the model"


def test_what_calibration_narrowed_counts_and_what_it_left_does_not(book: Book) -> None:
    from scipy.special import ndtr

    chance = np.random.default_rng(3)
    scores = chance.normal(size=(2000, 3)) * [0.4, 1.0, 0.2]
    factor = Factor(name="*needs.family.up.none+needs.family.sudden", low=0.5, high=2.0, level=0.9)
    names = (FREE, "needs.share_causal", factor.name)
    draws = CalibratedDraws(names, ndtr(scores), {factor.name: factor}, place="hackney")
    left = spread_left(draws, book)
    assert left[FREE] == pytest.approx(0.4, rel=0.1)
    assert left["needs.family.up"] == left["needs.family.sudden"] == pytest.approx(0.2, rel=0.1)
    rows = rows_of(replace(book, calibrated=draws))
    assert rows[FREE].fixed_by[-1].startswith("calibration: 4")
    assert not any("calibration" in words for words in rows["needs.share_causal"].fixed_by)
    assert spread_left(draws.without([FREE]), book).get(FREE) is None


def test_a_belief_held_because_a_factor_takes_its_place_was_told_nothing_by_that(book: Book) -> None:
    from scipy.special import ndtr

    factor = Factor(name="*needs.family.up.none", low=0.5, high=2.0, level=0.9)
    moved = ndtr(np.random.default_rng(4).normal(size=2000))
    rows = np.column_stack([np.full(2000, 0.5), moved])
    draws = CalibratedDraws(("needs.family.up", factor.name), rows, {factor.name: factor}, place="england")
    assert spread_left(draws, book)["needs.family.up"] == pytest.approx(1.0, abs=0.1)


def test_the_count_comes_first_and_no_line_is_too_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CONFIGS.parent)
    every, free = (CliRunner().invoke(APP, words) for words in (["hackney"], ["hackney", "--unidentified"]))
    assert every.exit_code == free.exit_code == 0, every.output + free.output
    assert every.output.splitlines()[0] == free.output.splitlines()[0]
    assert "are fixed by no published figure." in every.output.splitlines()[0]
    assert max(map(len, every.output.splitlines())) <= 100
    assert "figure as published" in every.output
    assert "figure as published" not in free.output
    assert "services.voluntary_support.length" in free.output
    assert "services.reablement.cost_per_fte" not in free.output


def test_a_place_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CONFIGS.parent)
    result = CliRunner().invoke(APP, ["atlantis"])
    assert result.exit_code == 2
    assert "atlantis" in result.output
