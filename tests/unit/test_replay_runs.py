"""Studies run again inside the model, in small; and the worst-off looked at a second time."""

from __future__ import annotations

import math
import re
import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from demandsim.errors import ConfigError, RequestError
from demandsim.model.demand_model import DemandModel
from demandsim.parameters import Book, load_parameters
from demandsim.place import load_place
from demandsim.policy import load_scenario
from demandsim.report import words
from demandsim.report.documents.replays import replays_page
from demandsim.report.regression import looked_headline, looked_lines, write_looked
from demandsim.report.replays import write_replays
from demandsim.study.replay import ReplayPlan, fit_effects
from demandsim.study.replay.effects import ReplayWork, _means, book_before, help_of
from demandsim.study.replay.outcomes import contrast
from demandsim.study.replay.people import TRIAL, Followed, Help, find_people, run_place
from demandsim.study.replay.regression import LookedAgain, LookPlan, look_again
from demandsim.study.replay.solving import Believed, build_grid, solve
from demandsim.study.replay.studies import Population, Study, load_replays

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
PLAN = ReplayPlan(households=3_000, people=500, lucks=2, run_in=12, workers=1, is_shown=False)
KEPT = ("talking_therapies", "debt_advice", "homebase")


@cache
def book() -> Book:
    return book_before(CONFIGS)


@cache
def study(name: str) -> Study:
    return next(one for one in load_replays(CONFIGS / "replays.toml").studies if one.name == name)


def work(*names: str) -> ReplayWork:
    place = load_place(CONFIGS / "places" / "england.toml").scaled(PLAN.households)
    as_now = load_scenario(CONFIGS / "scenarios" / "as_now.toml")
    return ReplayWork(place, book(), as_now, tuple(study(name) for name in names), PLAN)


@cache
def model() -> DemandModel:
    one = work()
    return run_place(one.place, one.book, one.as_now, PLAN.run_in, PLAN.seed, 0)


def test_people_are_those_whom_the_study_took_in() -> None:
    population = Population(states={"family": ("established", "complex")}, children=True, several=2)
    rows = find_people(model(), population, "child_in_need")
    house = model().world.households[rows]
    assert rows.size > 0
    assert (house["children"] > 0).all()
    assert ((house["state"] >= 2).sum(axis=1) >= 2).all()
    assert find_people(model(), population).size > rows.size  # those with a live case of the service are left out


def test_people_come_with_their_cases_and_help_displaces_nobody() -> None:
    rows = np.resize(find_people(model(), study("talking_therapies").population), 300)
    nothing = Followed(model(), rows, Help(TRIAL, "mental_health", ("mental_health.established.down",)), None)
    idle = Followed(model(), rows, Help(TRIAL, "mental_health", ("mental_health.established.down",)), 0.0)
    live = np.isin(model().cases["status"], (1, 2))
    held = np.bincount(model().cases["row"][live], minlength=model().n_households)[rows]
    here = np.isin(nothing.cases["status"], (1, 2))
    assert np.array_equal(np.bincount(nothing.cases["row"][here], minlength=300), held)
    for _ in range(6):
        nothing.step()
        idle.step()
    assert np.array_equal(nothing.world.households["state"], idle.world.households["state"])
    others = np.arange(nothing.lines.size) != nothing.trial
    assert np.array_equal(nothing.world.activity[:, others], idle.world.activity[:, others])
    assert np.array_equal(nothing.pence(), idle.pence())


def test_stronger_help_does_more() -> None:
    one = work("talking_therapies")
    ratios = np.log([1.0, 1.5, 2.5])
    counted = ReplayWork(one.place, one.book, one.as_now, one.studies, PLAN, {"talking_therapies": ratios})(0)
    helped = counted["talking_therapies"].helped
    assert helped[0] < helped[1] < helped[2]
    assert counted["talking_therapies"].before == 0.0  # all were ill when the study began


def test_a_ratio_that_the_model_made_itself_is_found_again() -> None:
    name, truth = "talking_therapies", 1.8
    one, grid = work(name), build_grid(3.0)

    def lucks(ratios: np.ndarray, first: int) -> tuple[np.ndarray, np.ndarray]:
        job = ReplayWork(one.place, one.book, one.as_now, one.studies, PLAN, {name: ratios})
        return _means([job(luck) for luck in range(first, first + 4)], study(name))

    helped, others = lucks(np.array([math.log(truth)]), 0)
    made = float(contrast(study(name), helped.mean(), others.mean()))
    found = solve(study(name), Believed(made, made - 0.02, made + 0.02), grid, *lucks(grid, 10))
    assert found.is_reached
    assert abs(math.log(found.ratio / truth)) < 0.2
    assert found.low < found.ratio < found.high


def _cut(home: Path) -> Path:
    """Configs in which three studies are replayed; all other effects are listed as having none."""
    configs = home / "configs"
    shutil.copytree(CONFIGS, configs)
    (configs / "fitted" / "effects.toml").unlink(missing_ok=True)
    text = (configs / "replays.toml").read_text()
    tables = re.split(r"\n(?=\[)", text)
    kept = [table for table in tables if any(table.startswith(f"[studies.{name}]") for name in KEPT)]
    used = {effect for name in KEPT for effect in study(name).effects}
    rest = [effect for effect in book().effects if effect not in used]
    others = f"[uncontrolled.rest]\neffects = {rest}\nwhy = 'Left out of this test.'\n".replace("'", '"')
    (configs / "replays.toml").write_text("\n".join([*kept, others]))
    return configs


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    configs = _cut(tmp_path_factory.mktemp("replays"))
    fit_effects(configs, PLAN, report=lambda line: None)
    return configs


def fitted_book(configs: Path) -> Book:
    return load_parameters(configs / "parameters", [configs / "fitted" / "effects.toml"])


def test_what_is_reached_is_carried_and_what_is_not_stays(fitted: Path) -> None:
    found = fitted_book(fitted)
    rows = {row["study"]: row for row in found.fitted["effects"]["replay"]}
    assert rows["talking_therapies"]["is_reached"]
    assert not rows["homebase"]["is_reached"]
    assert found["effects.talking_therapies.hazard_ratio"].evidence == "calibrated"
    assert found.effects["talking_therapies"].replayed
    assert found.effects["debt_advice"].replayed
    assert not found.effects["housing_options_shelter"].replayed
    assert found.effects["housing_options_shelter"].standing == "replayed, not reached"
    assert found.effects["pause"].standing == "not replayed"
    stated = book()["effects.housing_options_shelter.hazard_ratio"]
    assert found["effects.housing_options_shelter.hazard_ratio"].central == stated.central


def test_a_null_stays_one_in_the_book(fitted: Path) -> None:
    belief = fitted_book(fitted)["effects.debt_advice.hazard_ratio"]
    assert belief.central == 1.0
    assert belief.uncertainty is not None
    assert belief.uncertainty.low < 1.0 < belief.uncertainty.high


def test_the_replay_comes_back_near_what_is_believed(fitted: Path) -> None:
    row = next(row for row in fitted_book(fitted).fitted["effects"]["replay"] if row["study"] == "talking_therapies")
    assert abs(row["replayed"] - row["believed"]) < 0.06
    assert row["replayed_error"] > 0.0
    assert abs(row["stated_gives"]) < abs(row["believed"])


def test_the_same_bytes_with_two_workers_and_again(fitted: Path, tmp_path: Path) -> None:
    file = fitted / "fitted" / "effects.toml"
    before = file.read_bytes()
    two = ReplayPlan(**{**PLAN.__dict__, "workers": 2})
    assert fit_effects(fitted, two, report=lambda line: None).read_bytes() == before


def test_a_typed_replayed_is_a_fault(fitted: Path, tmp_path: Path) -> None:
    shutil.copytree(fitted, tmp_path / "configs")
    file = tmp_path / "configs" / "parameters" / "effects.toml"
    file.write_text(file.read_text().replace('service = "debt_advice"', 'service = "debt_advice"\nreplayed = true'))
    with pytest.raises(ConfigError, match="replayed"):
        load_parameters(tmp_path / "configs" / "parameters")


def test_pages_name_every_study_and_what_is_not_reached(fitted: Path, tmp_path: Path) -> None:
    found = fitted_book(fitted)
    html = write_replays(found, tmp_path / "page.html").read_text()
    text = replays_page(found)
    for name in KEPT:
        assert study(name).title in html
        assert study(name).title in text
    assert "not reached" in html
    assert "not from observation" not in html  # published figures are
    assert words.moves(study(KEPT[0]).acts_on) in html
    assert "not reached" in text
    assert "Left out of this test." in html
    assert "Left out of this test." in text
    with pytest.raises(RequestError, match="fit effects"):
        write_replays(book(), tmp_path / "none.html")


def test_too_small_to_find_anybody_is_told() -> None:
    with pytest.raises(RequestError, match="too few"):
        ReplayPlan(people=1)
    nobody = study("homebase").model_copy(update={"population": Population(several=7)})
    one = work()
    with pytest.raises(RequestError, match="No household"):
        ReplayWork(one.place, one.book, one.as_now, (nobody,), PLAN, {"homebase": np.zeros(1)})(0)


def test_help_is_shut_for_both_but_for_the_trial() -> None:
    help_ = help_of(study("talking_therapies"))
    world = Followed(model(), np.arange(50), help_, 0.3)
    own = model().inputs.services.index("talking_therapies")
    assert world.lines["p_referred"][own] == 0.0 < model().lines["p_referred"][own]
    assert world.lines["code"][world.trial] != world.lines["code"][own]


@pytest.fixture(scope="module")
def looked() -> LookedAgain:
    plan = LookPlan(households=10_000, lucks=3, run_in=24, share=0.02, workers=1, is_shown=False)
    return look_again("hackney", CONFIGS, plan)


def test_the_costliest_look_better_and_a_trial_finds_nothing(looked: LookedAgain) -> None:
    assert (looked.looks_saved("costliest") > 1_000.0).all()
    for way in ("costliest", "crisis", "several"):
        assert (looked.controlled(way, "null") == 0.0).all()
    before, _ = looked.of("costliest", "nothing")
    assert (before > 3.0 * looked.everyone).all()


def test_the_programme_at_its_null_saves_next_to_nothing(looked: LookedAgain) -> None:
    saved = looked.controlled("costliest", "programme")
    assert np.abs(saved).max() < 0.2 * looked.looks_saved("costliest").min()


def test_the_claim_is_at_the_book_s_prices(looked: LookedAgain) -> None:
    assert looked.price_year == "2015/16"
    assert looked.claim == pytest.approx(11_418, rel=1e-3)


def test_the_page_and_the_lines_set_them_side_by_side(looked: LookedAgain, tmp_path: Path) -> None:
    html = write_looked(looked, tmp_path / "page.html").read_text()
    assert "£11,400" in html
    assert "none found" in html
    assert "not from observation" not in html
    assert looked_headline(looked) in html.replace("&#39;", "'")
    assert any("£11,400" in line for line in looked_lines(looked))


def test_looking_again_needs_lucks_and_a_share() -> None:
    with pytest.raises(RequestError, match="at least 2"):
        LookPlan(lucks=1)
    with pytest.raises(RequestError, match="share"):
        LookPlan(share=0.0)
