"""The footing study: which lucks it runs, what is kept, that it is taken up again, and what the brief says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_studies import make_luck, write_configs
from synthetic_results import make_footing, make_results

from demandsim.comparison.paired import compare
from demandsim.errors import ConfigError
from demandsim.ledger.results import read_results
from demandsim.ledger.store import Store, read_record
from demandsim.parameters.calibrated import CalibratedDraws
from demandsim.parameters.descriptors import NOT_REPLAYED, REPLAYED
from demandsim.parameters.evidence import has_control_group
from demandsim.report.answer import CASES as CASES_NAMED
from demandsim.report.sections.case import Case
from demandsim.report.sections.evidence import assumption, beliefs
from demandsim.report.sections.footing import LADDERS, footing
from demandsim.report.sections.footing_switches import released_switches, say_turning
from demandsim.study.cases import NAMED, SHARE_CAUSAL, STRENGTHS, TAKE_UPS
from demandsim.study.config import Study, load_study
from demandsim.study.finishing import beliefs_read
from demandsim.study.footing.design import BASE, OTHER_LUCK, OTHER_PEOPLE, FootingDesign
from demandsim.study.footing.record import read_footing
from demandsim.study.luck import LuckJob, population_of
from demandsim.study.meta import build_meta
from demandsim.study.plan import Task, build_plan
from demandsim.study.recording import count_done
from demandsim.study.run import run_study

DRAWS = 32


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    plain = load_study(write_configs(tmp_path_factory.mktemp("home")))
    return plain.model_copy(update={"belief_cases": 2, "footing": DRAWS, "footing_households": 40})


@pytest.fixture(scope="module")
def folder(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    run_study(study, out, workers=1, run_one=make_luck, show_progress=False)
    return out


def test_every_draw_has_people_of_its_own_and_some_are_run_again() -> None:
    design = FootingDesign(40, 500)
    assert len(design.lucks) == 40 + 2 * 10
    assert FootingDesign(8, 500).n_again == 8
    assert FootingDesign(4, 500).n_again == 4
    assert FootingDesign(10_000, 500).n_again == 48
    assert FootingDesign().lucks == []
    seeds = [design.place_seed(2011, draw, kind) for draw in range(40) for kind in (BASE, OTHER_PEOPLE)]
    assert len({*seeds, 2011}) == 81
    assert design.place_seed(2011, 3, OTHER_LUCK) == design.place_seed(2011, 3, BASE)


def test_a_footing_luck_is_small_drawn_and_differs_only_in_what_it_says(study: Study) -> None:
    plan = build_plan(study)
    base, luck, people = (plan.job(Task("footing_40", 5, kind)) for kind in (BASE, OTHER_LUCK, OTHER_PEOPLE))
    assert {job.place.n_households for job in (base, luck, people)} == {40}
    assert {job.draw for job in (base, luck, people)} == {5}
    assert len({job.luck for job in (base, luck, people)}) == 3
    assert [one.id for one in base.scenarios] == ["as_now", "whole_system"]
    first, again, other = (population_of(job) for job in (base, luck, people))
    assert np.array_equal(first.frailty_z, again.frailty_z)
    assert not np.array_equal(first.frailty_z, other.frailty_z)
    own = plan.job(Task("", 1, 0))
    assert own.place.n_households == 60
    assert own.place_seed == LuckJob.place_seed


def test_only_totals_are_kept_and_the_record_holds_differences(study: Study, folder: Path) -> None:
    plan = build_plan(study)
    task = Task("footing_40", 3, OTHER_LUCK)
    shard = Store(folder, plan.digest).read(task.case, task.draw, task.replicate)
    assert shard is not None
    assert {name: array.shape for name, array in shard.arrays.items()} == {"cash": (2, 13), "crisis_months": (2,)}
    found = read_footing(read_results(folder))
    assert found is not None
    arrays = make_luck(plan.job(task))
    cash = arrays["cost"][:, 0].sum(axis=(1, 2, 3))
    assert found.other_luck["cash"][3] == pytest.approx(cash[1] - cash[0])
    months = arrays["state_months"][:, :, :, 4].sum(axis=(1, 2, 3))
    assert found.other_luck["crisis_months"][3] == months[1] - months[0]
    assert found.draws["cash"].shape == (DRAWS,)
    assert found.other_people["council"].shape == (8,)
    central = make_luck(plan.job(Task("central", 0, 1)))["cost"][:, 0].sum(axis=(1, 2, 3))
    assert found.cases["central"]["cash"][1] == pytest.approx(central[1] - central[0])
    assert (found.households, found.study_households) == (40, 60)


def test_results_are_the_studys_own_and_nothing_of_the_small_place(study: Study, folder: Path) -> None:
    results = read_results(folder)
    assert dict(results.sizes)["draw"] == 2
    assert set(read_record(folder)["cases"]) == set(build_plan(study).cases)


def test_it_is_taken_up_again_and_grows(study: Study, tmp_path: Path) -> None:
    few = study.model_copy(update={"footing": 8, "belief_cases": 0})
    tally = run_study(few, tmp_path, workers=1, run_one=make_luck, show_progress=False)
    assert tally.done == 4 + 8 + 16
    for path in sorted(tmp_path.glob("cases/footing_40-*"))[:3]:
        path.unlink()
    assert run_study(few, tmp_path, workers=1, run_one=make_luck, show_progress=False).done == 3
    more = few.model_copy(update={"footing": 10})
    assert run_study(more, tmp_path, workers=1, run_one=make_luck, show_progress=False).done == 2
    other = few.model_copy(update={"footing_households": 30})
    assert run_study(other, tmp_path, workers=1, run_one=make_luck, show_progress=False).done == 24


def test_a_luck_that_failed_is_no_number(study: Study, tmp_path: Path) -> None:
    def fail_some(job: LuckJob) -> dict[str, Any]:
        if job.draw == 6:
            raise ZeroDivisionError("a defect")
        return make_luck(job)

    few = study.model_copy(update={"footing": 8, "belief_cases": 0})
    run_study(few, tmp_path, workers=1, run_one=fail_some, show_progress=False)
    found = read_footing(read_results(tmp_path))
    assert found is not None
    assert np.isnan(found.draws["cash"]).tolist() == [False] * 6 + [True, False]


def test_only_beliefs_that_worlds_are_built_from_are_ranked(study: Study, folder: Path) -> None:
    names = beliefs_read(build_plan(study))
    assert "needs.share_causal" in names
    assert "effects.family_support_looked_after.published" not in names
    ranking = json.loads(read_results(folder).attrs["meta"])["belief_ranking"]
    assert {item["name"] for item in ranking} <= set(names)
    sizes = [abs(item["moved"]) for item in ranking]
    assert sizes == sorted(sizes, reverse=True)
    assert all(item["low"] < item["moved"] < item["high"] for item in ranking)


def test_impossible_sizes_are_told(study: Study) -> None:
    with pytest.raises(ConfigError, match="footing"):
        load_study(study.file, {"footing": -1})


def said(results: Any) -> str:
    """All words of the sections that this study adds to."""
    case = Case(compare(results, "whole_system"))
    parts = []
    for section in (footing(case), beliefs(case), assumption(case)):
        parts += [section.heading, *section.paragraphs]
        for exhibit in section.exhibits:
            parts += [exhibit.finding, exhibit.sentence]
            if exhibit.table is not None:
                parts += [exhibit.table.caption, *exhibit.table.head]
                parts += [text for row in exhibit.table.rows for cell in row for text in (cell.main, cell.sub)]
    return " ".join(parts)


@pytest.mark.parametrize(
    ("flavour", "strength"),
    [
        ("wins", "The answer on cost turns: if help worked four times as strongly as we believe, it would cost less"),
        ("loses", "Even if help worked four times as strongly as we believe, it would still cost more"),
    ],
)
def test_the_brief_says_where_the_answer_turns(flavour: str, strength: str) -> None:
    text = said(make_results(flavour))
    assert strength in text
    for part in (
        "How sure: what the answer stands on",
        "How much released capacity becomes money",
        "of the spread between runs is what we believe",
        "Do the minimum: As now",
        "Beside the same money on today",
        "can be told apart from chance",
        "no control group",
    ):
        assert part in text, part


def test_the_answer_names_its_cases_and_every_rung_is_a_case() -> None:
    assert tuple(CASES_NAMED) == NAMED
    assert {name for ladder in LADDERS for name in ladder.cases} == {"central", "effects_null", *STRENGTHS, *TAKE_UPS}
    strength = dict(zip(LADDERS[0].cases, LADDERS[0].levels, strict=True))
    assert {name: strength[name] for name in STRENGTHS} == STRENGTHS


def test_what_was_not_run_is_said_with_how_to_add_it() -> None:
    results = make_results("wins").sel(scenario=["as_now", "whole_system"])
    results.attrs.pop("footing")
    text = said(results)
    for part in ("“belief_cases = 4”", "“footing = 192”", "“same_money”", "not run"):
        assert part in text, part


def test_the_footing_of_the_headline_is_not_shown_for_another_pair() -> None:
    results = make_results("wins")
    other = footing(Case(compare(results, "same_money")))
    assert not any("Twice as strongly" in row[0].main for e in other.exhibits if e.table for row in e.table.rows)


def test_a_share_of_released_capacity_that_would_do_is_found() -> None:
    results = make_results("loses")
    switch, council = released_switches(Case(compare(results, "whole_system")))
    cash = compare(results, "whole_system").cost.total().mean
    assert np.sign(cash) == switch.signs[0]
    assert switch.n_lucks == council.n_lucks == 10


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ((2.0, 1.0, 0.5), "Within 3 years the running total never changes sign"),
        ((2.0, -1.0, -3.0), "From b on the running total has the other sign"),
        ((2.0, -1.0, 3.0), "In b the running total has the other sign, but it turns again later"),
    ],
)
def test_a_running_total_that_turns_back_is_not_said_to_stay(totals: tuple[float, ...], said: str) -> None:
    assert say_turning(np.array(totals), ["a", "b", "c"]) == said


def test_a_single_luck_is_told_as_such() -> None:
    results = make_results("wins")
    results.attrs["footing"] = json.dumps(make_footing("wins", lucks=1, draws=6, again=6))
    text = said(results)
    assert "a single run tells nothing of luck" in text
    assert "How much of the spread between runs is luck, belief and place is not shown" in text


def test_what_is_not_known_follows_what_was_done(study: Study) -> None:
    plan = build_plan(study)
    plain = {name: effect.after_replay(NOT_REPLAYED) for name, effect in plan.book.effects.items()}
    before = replace(plan.book, effects=plain, calibrated=None)
    told = " ".join(build_meta(replace(plan, book=before))["not_known"])
    assert "No study has been replayed inside the model" in told
    assert "Each belief is drawn by itself" in told
    alone = sum(not has_control_group(effect) for effect in plain.values())
    assert f"{alone} of {len(plain)} effects have no control group behind them" in told
    after = replace(
        before,
        effects=plain | {"reablement": plain["reablement"].after_replay(REPLAYED)},
        calibrated=CalibratedDraws((SHARE_CAUSAL,), np.full((3, 1), 0.4), until="2015-03"),
    )
    told = " ".join(build_meta(replace(plan, book=after))["not_known"])
    assert f"1 of {len(plain)} studies of effects were run again" in told
    assert "come near published figures up to 2015-03" in told


def test_its_lucks_are_counted_among_those_to_do(study: Study, folder: Path) -> None:
    n = len(build_plan(study).tasks)
    assert count_done(folder) == (n, n)
