"""The book: what is read, fitted, checked, explained and exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_configs import spoil, write_configs

from demandsim.errors import ConfigError, RequestError
from demandsim.parameters import Book, Draw, Section, check, explain, load_parameters, write_schema
from demandsim.policy import Scenario, check_scenarios, load_scenario


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return write_configs(tmp_path)


def test_the_small_folder_is_sound_and_all_there(home: Path) -> None:
    book = load_parameters(home / "parameters")
    assert set(book.services) == {"family_support"}
    assert book.services["family_support"].code == 4
    assert book.effects["family_support"].moves() == (("family", "emerging", "up"), ("family", "established", "down"))
    assert book.costs["work_benefits"].transfer
    assert book.needs["work"].exit_to == {"complex": "none"}
    assert book.shocks["freeze"].from_.isoformat() == "2016-04-01"
    assert book.conversions["children_looked_after"].central == 1.3
    assert book.sources["trial_2012"].cite().endswith("[cited, not read]")
    assert book.price_year == "2015/16"
    assert book["services.family_support.staff"].at(2018 * 12 + 3) == 8.0
    assert "services.family_support.staff" in book.levers
    assert "services.family_support.length" in book.uncertainties


def test_an_unknown_name_suggests_the_nearest(home: Path) -> None:
    with pytest.raises(RequestError, match=r"Nearest: `budget\.order_of_cuts`"):
        load_parameters(home / "parameters")["budget.order_of_cats"]


def test_quoted_and_plain_dots_are_the_same_labels(home: Path) -> None:
    table = '\n[coupling.association]\nvalue = {{ {} = 2.1 }}\nunit = "ratio"\nmeaning = "m"\nsource = "assumed"\n'
    table += 'evidence = "assumed"\nrole = "constant"\n'
    file = home / "parameters" / "coupling.toml"
    for label in ("work.money", '"work.money"'):
        file.write_text(table.format(label))
        assert load_parameters(home / "parameters").draw()["coupling.association"] == {"work.money": 2.1}


def test_the_digest_follows_content_and_not_layout(home: Path) -> None:
    before = load_parameters(home / "parameters").digest
    spoil(home, "parameters/shocks.toml", "[shocks.freeze]", "# a comment\n\n[shocks.freeze]")
    assert load_parameters(home / "parameters").digest == before
    spoil(home, "parameters/shocks.toml", "1.03", "1.04")
    assert load_parameters(home / "parameters").digest != before


FITTED = """
place = "demo"
[needs.family.up]
value = { none = 0.5, emerging = 0.6, established = 0.7, complex = 0.8 }
unit = "per month"
meaning = "Moves, fitted."
uncertainty = { shape = "lognormal", low = 0.9, high = 1.1, level = 0.9 }
source = "assumed"
evidence = "calibrated"
role = "uncertainty"
[fitted.place_multiplier.work]
value = 1.2
unit = "ratio"
meaning = "Unexplained."
source = "assumed"
evidence = "calibrated"
role = "constant"
[knots]
x = [1.0, 2.0]
"""


def test_a_fitted_file_supersedes_and_adds(home: Path) -> None:
    fitted = home / "demo.toml"
    fitted.write_text(FITTED)
    book = load_parameters(home / "parameters", fitted=[fitted])
    assert book["needs.family.up"].evidence == "calibrated"
    assert book.draw().numbers_of("needs.family.up")["none"] == 0.5
    assert book.draw()["fitted.place_multiplier.work"] == 1.2
    assert book.fitted["demo"] == {"place": "demo", "knots.x": [1.0, 2.0]}
    assert book.digest != load_parameters(home / "parameters").digest


def test_a_fitted_belief_must_stand_for_one(home: Path) -> None:
    fitted = home / "demo.toml"
    fitted.write_text(FITTED.replace("needs.family.up", "needs.family.upp"))
    with pytest.raises(ConfigError, match=r"demo.toml, needs.family.upp: stands for no belief.*needs.family.up`"):
        load_parameters(home / "parameters", fitted=[fitted])


def _read_everything(book: Book, draw: Draw) -> None:
    for name in book:
        if name not in ("budget.order_of_cuts", "appraisal.deflator"):  # deflators are the book's own
            draw.dated(name)


def test_check_counts_grades_and_finds_the_unused(home: Path) -> None:
    report = check(home, {"scenarios": check_scenarios}, [_read_everything])
    assert report.faults == ()
    assert report.unused == ("budget.order_of_cuts",)
    assert report.by_grade["measured"] == 3
    assert report.by_grade["published"] == 1
    assert sum(report.by_grade.values()) == len(load_parameters(home / "parameters"))
    assert "No faults." in str(report)


def test_check_finds_names_that_no_file_states(home: Path) -> None:
    report = check(home, {"scenarios": check_scenarios}, [lambda book, draw: draw["front_door.trust"]])
    assert report.unknown == ("front_door.trust",)
    assert not report.is_sound
    assert "front_door.trust: is asked for, and no file states it." in str(report)


IDLE = '[idle]\ntitle = "t"\npublisher = "p"\nyear = 1999\nread = true\n\n'


def test_check_finds_sources_that_nothing_cites(home: Path) -> None:
    spoil(home, "sources.toml", "[trial_2012]", IDLE + "[trial_2012]")
    report = check(home)
    assert [str(fault) for fault in report.faults] == [
        f"{(home / 'sources.toml').as_posix()}, idle: nothing cites this source. Remove it."
    ]
    assert check(home, {"targets": lambda folder, book: Section(sources=frozenset({"idle"}))}).is_sound


def test_check_gathers_faults_of_all_kinds_of_file(home: Path) -> None:
    spoil(home, "parameters/shocks.toml", "value = 1.03", "value = -1")
    spoil(home, "scenarios/earlier.toml", "services.family_support.opens_at", "services.family_support.opens")
    where = [fault.where for fault in check(home, {"scenarios": check_scenarios}).faults]
    assert len(where) == 2
    assert "shocks.toml" in where[0]
    assert "earlier.toml" in where[1]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "services.family_support.take_up",
            [
                "0.65 probability",
                "0.4 and 0.85 (90%, beta)",
                "assumed",
                "used by   services.family_support",
                "effects.",
            ],
        ),
        ("services.family_support.staff", ["10 FTE per", "from 2018-04", "lever", "used by   scenario earlier"]),
        (
            "effects.family_support.hazard_ratio",
            ["A trial of family support", "null      1 ratio", "services.family_support"],
        ),
        ("front_door.arrival.silo", ["used by   front_door.arrival.single"]),
        (
            "family_support",
            ["(service): Family support", "council_children", "effect    effects.family_support on", "earlier"],
        ),
        ("effects.family_support", ["(effect)", "family.emerging.up"]),
        ("work_benefits", ["(cost)", "A transfer", "500 GBP per household-month"]),
        ("work", ["(need)", "complex → none"]),
        ("earlier", ["(scenario)", "Does it pay?", "opens_at, as now established"]),
        ("front_door", ["front_door.arrival.silo = 0.3"]),
        ("needs.work.up", ["none 0.01", "common multiplier of 0.7 and 1.4"]),
    ],
)
def test_explain_tells_what_a_name_stands_for(home: Path, name: str, told: list[str]) -> None:
    book = load_parameters(home / "parameters")
    text = explain(book, [load_scenario(home / "scenarios" / "earlier.toml")], name)
    for part in told:
        assert part in text


def test_explain_suggests_the_nearest(home: Path) -> None:
    book = load_parameters(home / "parameters")
    with pytest.raises(RequestError, match=r"no belief, table, scenario or future `erlier`. Nearest: `earlier`"):
        explain(book, [load_scenario(home / "scenarios" / "earlier.toml")], "erlier")


def test_schemas_name_every_key_and_unit(tmp_path: Path) -> None:
    written = write_schema(tmp_path / "schema", {"scenario": Scenario})
    schemas = {path.name.split(".")[0]: json.loads(path.read_text()) for path in written}
    belief = schemas["parameters"]["$defs"]["Belief"]
    assert "name" not in belief["properties"]
    assert "per month" in belief["properties"]["unit"]["enum"]
    assert set(belief["required"]) == {"unit", "meaning", "source", "evidence", "role"}
    service = schemas["parameters"]["$defs"]["Service"]["properties"]
    assert "council_children" in service["agency"]["enum"]
    assert "take_up" in service
    assert {"id", "title", "change"} <= schemas["scenario"]["properties"].keys()
