"""A service whose evidence has no control group says so wherever it is described."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from demandsim.parameters import Book, explain, load_parameters
from demandsim.parameters.descriptors import Effect
from demandsim.parameters.evidence import (
    caution,
    control_group_answer,
    effects_of,
    has_control_group,
    service_cautions,
)
from demandsim.policy import load_scenario
from demandsim.report.documents.services import services_page

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


@pytest.fixture(scope="module")
def book() -> Book:
    return load_parameters(CONFIGS / "parameters")


def an_effect(comparator: str, design: str) -> Effect:
    return Effect(name="x", service="s", acts_on=("family.emerging.up",), comparator=comparator, design=design)


@pytest.mark.parametrize(
    ("comparator", "design", "controlled"),
    [
        ("matched families", "propensity score matching", True),
        ("usual services", "randomised trial", True),
        ("none", "before and after", False),
        ("None", "randomised trial", False),
        ("", "", False),
        ("the same families a year earlier", "before and after", False),
        ("untreated depression, other studies", "comparison across studies", False),
        ("none", "assumption", False),
    ],
)
def test_the_rule(comparator: str, design: str, controlled: bool) -> None:
    effect = an_effect(comparator, design)
    assert has_control_group(effect) is controlled
    assert (caution(effect) == "") is controlled


@pytest.mark.parametrize(
    "service",
    [
        "pause",
        "domestic_abuse_outreach",
        "voluntary_support",
        "edge_of_care",
        "case_coordination",
        "home_adaptations",
        "talking_therapies",
    ],
)
def test_services_without_a_control_group_say_so_everywhere(book: Book, service: str) -> None:
    assert control_group_answer(book.effects, service) == "no"
    (clause, *_) = service_cautions(book.effects, service)
    assert "no control group" in clause
    assert clause in explain(book, [], f"services.{service}")
    assert clause in explain(book, [], f"services.{service}.take_up")
    for effect in effects_of(book.effects, service):
        assert clause in explain(book, [], effect.path)
        assert clause in explain(book, [], f"{effect.path}.hazard_ratio")
    part = services_page(book).partition(f"(`{service}`)\n")[2].partition("\n## ")[0]
    assert f"**Caution**: {clause}" in part


@pytest.mark.parametrize(
    "service", ["troubled_families_1", "family_support", "multisystemic_therapy", "reablement", "social_prescribing"]
)
def test_services_with_a_control_group_are_not_accused(book: Book, service: str) -> None:
    assert control_group_answer(book.effects, service) == "yes"
    assert service_cautions(book.effects, service) == ()
    assert "caution" not in explain(book, [], f"services.{service}")


def test_a_line_without_a_claimed_effect_has_nothing_to_answer_for(book: Book) -> None:
    assert control_group_answer(book.effects, "null_service") == "no effect claimed"


def test_a_line_with_both_kinds_of_evidence_says_which_part_is_missing() -> None:
    effects = {
        "a": an_effect("matched families", "propensity score matching"),
        "b": an_effect("none", "before and after"),
    }
    assert control_group_answer(effects, "s") == "in part"
    assert len(service_cautions(effects, "s")) == 1


def test_a_scenario_that_buys_such_a_service_says_so(book: Book) -> None:
    scenario = load_scenario(CONFIGS / "scenarios" / "pause.toml")
    assert "caution   Pause: its study counted before and after" in explain(book, [scenario], scenario.id)
    other = load_scenario(CONFIGS / "scenarios" / "multisystemic_therapy.toml")
    assert "caution" not in explain(book, [other], other.id)


def test_every_design_told_without_a_comparator_is_known_by_name(book: Book) -> None:
    # A new kind of uncontrolled study must get words of its own, not the general ones by accident.
    general = caution(an_effect("none", "a design nobody has named"))
    assert [effect.name for effect in book.effects.values() if caution(effect) == general] == []


def test_what_the_replays_leave_out_is_what_has_no_control_group(book: Book) -> None:
    with (CONFIGS / "replays.toml").open("rb") as file:
        replays = tomllib.load(file)
    left_out = {name for one in replays["uncontrolled"].values() for name in one["effects"]}
    across = {
        name for one in replays["studies"].values() if one["design"] == "across_studies" for name in one["effects"]
    }
    without = {effect.name for effect in book.effects.values() if not has_control_group(effect)}
    assert without == left_out | across
