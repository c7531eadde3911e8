"""From a published figure to the strength of help it stands for."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from demandsim.errors import ConfigError
from demandsim.parameters import Book, load_parameters
from demandsim.study.replay import check_replays, load_replays
from demandsim.study.replay.effects import checked_replays
from demandsim.study.replay.fitted_effects import Replayed, ends_of
from demandsim.study.replay.outcomes import contrast, from_scale, to_scale
from demandsim.study.replay.solving import (
    Believed,
    Solved,
    believe,
    build_grid,
    carry_to_none,
    invert,
    jackknife_error,
    solve,
    solve_jointly,
)
from demandsim.study.replay.studies import Study

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


@pytest.fixture(scope="module")
def book() -> Book:
    return load_parameters(CONFIGS / "parameters")


@pytest.fixture(scope="module")
def studies() -> dict[str, Study]:
    return {study.name: study for study in load_replays(CONFIGS / "replays.toml").studies}


def test_shipped_replays_are_sound_and_every_effect_has_a_home(book: Book) -> None:
    assert check_replays(CONFIGS, book).faults == ()


def test_the_studies_that_were_asked_for_are_there(studies: dict[str, Study]) -> None:
    nulls = {name for name, study in studies.items() if study.is_null}
    assert {"troubled_families_1", "multisystemic_therapy", "family_nurse_partnership", "debt_advice"} <= nulls
    assert {"troubled_families_2", "family_group_conference", "homebase", "housing_first"} <= studies.keys() - nulls


def test_matching_halves_the_logarithm_and_widens_it(book: Book, studies: dict[str, Study]) -> None:
    study = studies["troubled_families_2"]
    found = believe(study, book[study.published], book)
    assert found.value == pytest.approx(0.5 * math.log(0.68))
    halved_alone = 0.5 * math.log(0.68 / 0.5)
    assert found.value - found.low > halved_alone


def test_chance_is_believed_whole(book: Book, studies: dict[str, Study]) -> None:
    study = studies["individual_placement"]
    found = believe(study, book[study.published], book)
    assert [from_scale(study, x) for x in (found.low, found.value, found.high)] == pytest.approx([1.46, 1.63, 1.82])


def test_a_difference_is_shrunk_as_a_difference(book: Book, studies: dict[str, Study]) -> None:
    study = studies["want2work"]
    assert believe(study, book[study.published], book).value == pytest.approx(0.035)


def test_a_null_is_believed_at_none_with_its_interval(book: Book, studies: dict[str, Study]) -> None:
    study = studies["multisystemic_therapy"]
    found = believe(study, book[study.published], book)
    assert found.value == 0.0
    assert (math.exp(found.low), math.exp(found.high)) == pytest.approx((0.77, 2.05))


GRID = build_grid(3.0)


def lucks_of(study: Study, slope: float, wobble: float = 0.0, n: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Means of a made-up model in which the share helped is 0.2 times the ratio to the power of ``slope``."""
    off = 1.0 + wobble * np.linspace(-1.0, 1.0, n)
    return 0.2 * off[:, np.newaxis] * np.exp(slope * GRID), np.full(n, 0.2)


def test_a_reachable_contrast_is_found(studies: dict[str, Study]) -> None:
    study = studies["individual_placement"]
    aim = Believed(math.log(1.2), math.log(1.1), math.log(1.3))
    found = solve(study, aim, GRID, *lucks_of(study, 0.5))
    assert found.is_reached
    assert found.ratio == pytest.approx(1.2**2, rel=1e-3)
    assert (found.low, found.high) == pytest.approx((1.1**2, 1.3**2), rel=1e-3)
    assert found.standard_error == pytest.approx(0.0, abs=1e-9)


def test_luck_shows_in_the_error(studies: dict[str, Study]) -> None:
    study = studies["individual_placement"]
    aim = Believed(math.log(1.2), math.log(1.1), math.log(1.3))
    assert solve(study, aim, GRID, *lucks_of(study, 0.5, wobble=0.1)).standard_error > 0.01


def test_what_no_ratio_gives_is_told_and_stops_at_the_bound(studies: dict[str, Study]) -> None:
    study = studies["homebase"]
    found = solve(study, Believed(math.log(0.3), math.log(0.1), math.log(0.9)), GRID, *lucks_of(study, 0.5))
    assert not found.is_reached
    assert found.ratio == pytest.approx(1 / 3)
    assert from_scale(study, found.at_bound) == pytest.approx(3**-0.5)
    assert not found.is_low_reached
    assert found.is_high_reached


def test_a_null_keeps_one_within_its_range_though_the_model_leans(studies: dict[str, Study]) -> None:
    study = studies["multisystemic_therapy"]
    helped, others = lucks_of(study, 0.5)
    found = solve(study, Believed(0.0, math.log(0.77), math.log(2.05)), GRID, 1.4 * helped, others)
    assert found.ratio == 1.0
    assert found.low <= 1.0 <= found.high


def test_two_outcomes_that_agree_give_the_ratio_of_either(studies: dict[str, Study]) -> None:
    study = studies["individual_placement"]
    made = lucks_of(study, 0.5)
    aim = Believed(math.log(1.2), math.log(1.1), math.log(1.3))
    found = solve_jointly((study, study), (aim, aim), GRID, (made[0], made[0]), (made[1], made[1]))
    assert found.is_reached
    assert found.ratio == pytest.approx(1.2**2, rel=2e-3)
    alone = solve(study, aim, GRID, *made)
    assert found.low > alone.low  # two outcomes say more than one


def test_two_outcomes_that_disagree_are_met_half_way_by_how_sure_each_is(studies: dict[str, Study]) -> None:
    study = studies["individual_placement"]
    made = lucks_of(study, 1.0)
    aim, none = Believed(0.4, 0.2, 0.6), Believed(0.0, -0.2, 0.2)
    found = solve_jointly((study, study), (aim, none), GRID, (made[0], made[0]), (made[1], made[1]))
    assert math.log(found.ratio) == pytest.approx(0.2, abs=2e-3)
    surer = Believed(0.0, -0.02, 0.02)
    found = solve_jointly((study, study), (aim, surer), GRID, (made[0], made[0]), (made[1], made[1]))
    assert abs(math.log(found.ratio)) < 0.01


@pytest.mark.parametrize("falls", [False, True])
def test_inverting_a_curve_that_wavers(falls: bool) -> None:
    grid = np.linspace(-1.0, 1.0, 5)
    curve = np.array([-1.0, -0.4, -0.5, 0.5, 1.0]) * (-1.0 if falls else 1.0)
    at, is_reached = invert(grid, curve, -0.75 if falls else 0.75)
    assert is_reached
    assert at == pytest.approx(0.75)
    assert invert(grid, curve, 2.0) == (-1.0 if falls else 1.0, False)


def test_another_programme_s_range_holds_no_effect() -> None:
    low, high = carry_to_none(Solved(1.2, 1.1, 1.3, True, 0.0, 0.0, True, True), 0.25)
    assert (low, high) == pytest.approx((1.2**-0.25, 1.3))
    assert carry_to_none(Solved(0.8, 0.7, 0.9, True, 0.0, 0.0, True, True), 0.25)[1] > 1.0


def replayed(study: Study, solved: Solved, book: Book, others: float = 0.2) -> Replayed:
    """A study with everything but its ratio made up."""
    published = book[study.published]
    aim = believe(study, published, book)
    return Replayed(study, published, aim, solved, aim.value, 0.01, 1.0, 0.0, others, 0.0, 100.0, 4)


def test_a_null_that_carries_to_one_side_alone_keeps_its_stated_range(book: Book, studies: dict[str, Study]) -> None:
    study, name = studies["multisystemic_therapy"], "multisystemic_therapy"
    whole = replayed(study, Solved(1.0, 0.5, 2.0, True, 0.0, 0.0, True, True), book)
    assert ends_of(whole, name, 0.5, book) == pytest.approx((0.5**0.5, 2.0**0.5))
    cut = replayed(study, Solved(1.0, 0.5, 3.0, True, 0.0, 0.0, True, False), book)
    assert ends_of(cut, name, 0.5, book) == (0.77, 2.05)


def test_other_people_s_range_holds_no_effect(book: Book, studies: dict[str, Study]) -> None:
    study, name = studies["family_group_conference"], "family_group_conference"
    solved = Solved(0.5, 0.4, 0.8, True, 0.0, 0.0, True, True)
    assert ends_of(replayed(study, solved, book, others=0.44), name, 1.0, book) == (0.4, 0.8)
    far = replayed(study, solved, book, others=0.06)
    assert far.is_far(book)
    assert ends_of(far, name, 1.0, book)[1] > 1.0


def test_contrasts_against_figures_worked_by_hand(studies: dict[str, Study]) -> None:
    hazard, odds = studies["lower_caseloads"], studies["multisystemic_therapy"]
    assert contrast(hazard, 0.49, 0.40) == pytest.approx(math.log(math.log(0.51) / math.log(0.60)))
    assert contrast(odds, 0.5, 0.2) == pytest.approx(math.log(4.0))
    assert contrast(studies["want2work"], 0.5, 0.2) == pytest.approx(0.3)
    assert contrast(studies["social_prescribing"], 0.5, 0.2) == pytest.approx(math.log(4.0) * math.sqrt(3) / math.pi)
    assert to_scale(odds, 1.25) == pytest.approx(math.log(1.25))


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    values = np.array([1.0, 2.0, 4.0, 9.0])
    without = np.array([np.delete(values, i).mean() for i in range(4)])
    assert float(jackknife_error(without)) == pytest.approx(values.std(ddof=1) / 2.0)


BAD = """
[studies.x]
title = "X"
service = "family_suport"
effects = { family_support_lookedafter = 1.0, debt_advice = 1.0 }
published = "effects.nothing.published"
design = "matched"
contrast = "risk_ratio"
acts_on = ["family.upwards.up"]
months = 12
population = { states = { family = ["established"] } }
outcome = { kind = "case_ever", lines = ["looked_afterwards"] }
expected = "Nothing."

[studies.y]
title = "Y"
service = "debt_advice"
effects = { debt_advice = 1.0 }
published = "effects.work_programme.published"
design = "randomised"
contrast = "risk_ratio"
acts_on = ["money.complex.down"]
months = 12
population = {}
outcome = { kind = "state_at", need = "money", states = ["none"] }
expected = "Nothing."
"""
WORSE = """
[studies.z]
title = "Z"
lenght = 3
outcome = { kind = "case_ever" }

[others.z]
"""


def test_every_fault_at_once(tmp_path: Path, book: Book) -> None:
    (tmp_path / "replays.toml").write_text(BAD)
    with pytest.raises(ConfigError) as caught:
        checked_replays(tmp_path, book)
    said = str(caught.value)
    for piece in (
        "family_suport", "looked_afterwards", "family_support_lookedafter", "effects.nothing.published", "upwards",
        "`debt_advice` is named more than once", "which a risk ratio is not",
        "`community_hub` has neither a study nor an entry",
    ):  # fmt: skip
        assert piece in said


def test_every_fault_of_shape_at_once(tmp_path: Path) -> None:
    (tmp_path / "replays.toml").write_text(WORSE)
    with pytest.raises(ConfigError) as caught:
        load_replays(tmp_path / "replays.toml")
    said = str(caught.value)
    for piece in ("lenght", "service", "design", "contrast", "`others`"):
        assert piece in said


def test_a_file_that_is_not_there_is_told(tmp_path: Path, book: Book) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        checked_replays(tmp_path, book)
