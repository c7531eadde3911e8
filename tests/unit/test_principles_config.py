"""Principles as configs: read, checked with every fault at once, and combined into scenarios."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from small_configs import spoil, write_configs

from demandsim.errors import ConfigError, RequestError
from demandsim.parameters import Book, load_parameters
from demandsim.policy import (
    Principle,
    apply,
    check_principles,
    check_scenario,
    digest_principles,
    load_principles,
    load_scenario,
    scenario_of,
)

SET_UP = """
[programme.set_up_cost]
value = 0
unit = "GBP"
price_year = "2015/16"
meaning = "What the programme costs once."
source = "assumed"
evidence = "assumed"
role = "lever"

[budget.shift_to_early]
value = 0.02
unit = "share"
meaning = "Share moved."
source = "assumed"
evidence = "assumed"
role = "lever"
"""

PRINCIPLES = """
source = "borough_count_2015"

[[principle]]
letter = "a"
id = "fidelity"
title = "Do it well"
mechanism = "Help works as it was meant to."
from = 2017-04-01
running_cost = { value = 0.25, unit = "GBP per household-month", price_year = "2015/16", source = "assumed" }
set_up_cost = { value = 2, unit = "GBP", price_year = "2015/16", source = "assumed" }

[[principle.move]]
lever = "services.family_support.fidelity"
value = 1.4
unit = "ratio"
source = "assumed"

[[principle]]
letter = "b"
id = "shift"
title = "Move money"
mechanism = "Money moves to early help."
from = 2018-04-01
ramp = { value = 12, unit = "months" }
running_cost = { value = 0.41, unit = "GBP per household-month", price_year = "2015/16", source = "assumed" }
set_up_cost = { value = 0, unit = "GBP", price_year = "2015/16", source = "assumed" }

[[principle.move]]
lever = "budget.shift_to_early"
value = 0.1
unit = "share"
source = "trial_2012"

[[principle.move]]
lever = "services.family_support.shift_share"
value = 1
unit = "share"
scales = false
source = "assumed"
"""
FILE = "principles.toml"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = write_configs(tmp_path)
    path = folder / "parameters" / "contacts.toml"
    path.write_text(path.read_text(encoding="utf-8") + SET_UP, encoding="utf-8")
    (folder / FILE).write_text(PRINCIPLES.lstrip(), encoding="utf-8")
    return folder


@pytest.fixture
def book(home: Path) -> Book:
    return load_parameters(home / "parameters")


@pytest.fixture
def both(home: Path, book: Book) -> tuple[Principle, ...]:
    return load_principles(home / FILE, book)


def faults_of(home: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_principles(home / FILE, load_parameters(home / "parameters"))
    return str(caught.value)


def test_principles_are_read_in_order_with_what_their_levers_are_now(both: tuple[Principle, ...]) -> None:
    assert [(one.letter, one.id) for one in both] == [("a", "fidelity"), ("b", "shift")]
    assert [move.now for one in both for move in one.moves] == [1.0, 0.02, 0.4]


SHIFT = 'lever = "budget.shift_to_early"'
HOUSEHOLD = 'unit = "GBP per household-month", price_year ='


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('letter = "b"', 'letter = "c"', ("the letters are a, c", "a, b")),
        ('letter = "b"', 'letter = "a"', ("the letters are a, a",)),
        ('letter = "a"', 'letter = "A1"', ("one small letter",)),
        ('id = "shift"', 'id = "fidelity"', ("is the id of 2 principles",)),
        (SHIFT, 'lever = "budget.shift_to_earlie"', ("there is no lever", "Nearest lever")),
        (SHIFT, 'lever = "services.family_support.take_up"', ("is an uncertainty",)),
        (SHIFT, 'lever = "services.family_support.opens_at"', ("is not one number",)),
        (SHIFT, 'lever = "services.family_support.staff"', ("changes over time",)),
        (SHIFT, 'lever = "programme.running_cost"', ("is money", "`running_cost`")),
        (SHIFT, 'lever = "services.family_support.fidelity"', ("already moved by principle a",)),
        ('value = 0.1\nunit = "share"', 'value = 0.1\nunit = "ratio"', ("is in `ratio`", 'unit = "share"')),
        ('value = 0.1\nunit = "share"', 'value = 1.1\nunit = "share"', ("principle b, `move 1`", "1.1")),
        ("value = 0.1\n", "value = 0.02\n", ("at its value as now",)),
        ('source = "trial_2012"', 'source = "trial_2021"', ("`trial_2021` is not in sources.toml", "trial_2012")),
        ('source = "borough_count_2015"', 'source = "nobody"', ("`nobody` is not in sources.toml",)),
        ('2, unit = "GBP"', '2, unit = "GBP per case"', ("principle a, `set_up_cost`", "is in `GBP per case`")),
        ("value = 0.25, unit", "value = -0.25, unit", ("running_cost.value", "greater than or equal to 0")),
        (f'0.41, {HOUSEHOLD} "2015/16"', f'0.41, {HOUSEHOLD} "1066/67"', ("No deflator for 1066/67",)),
        ('mechanism = "Money moves to early help."\n', "", ("mechanism", "is missing")),
        ("scales = false", "scale = false", ("is not a key here", "scales")),
    ],
)
def test_a_fault_is_told_in_words(home: Path, old: str, new: str, told: tuple[str, ...]) -> None:
    spoil(home, FILE, old, new)
    said = faults_of(home)
    assert FILE in said
    for text in told:
        assert text in said


def test_a_list_by_another_name_is_told(home: Path) -> None:
    (home / FILE).write_text(PRINCIPLES.replace("[[principle", "[[principles"), encoding="utf-8")
    assert "`principles`: is not a key here. Write each as [[principle]]" in faults_of(home)


def test_all_faults_are_told_at_once_and_check_finds_them(home: Path, book: Book) -> None:
    sound = check_principles(home, book)
    assert (sound.faults, sound.n_files) == ((), 1)
    assert sound.sources == {"assumed", "borough_count_2015", "trial_2012"}
    assert "budget.shift_to_early" in sound.beliefs
    spoil(home, FILE, 'letter = "b"', 'letter = "d"')
    spoil(home, FILE, "value = 1.4", "value = -1")
    spoil(home, FILE, 'source = "trial_2012"', 'source = "trial_2021"')
    assert len(check_principles(home, book).faults) == 3
    (home / FILE).unlink()
    assert check_principles(home, book).n_files == 0


def test_a_combination_moves_its_levers_and_adds_its_costs(home: Path, book: Book, both: tuple[Principle, ...]) -> None:
    as_now = load_scenario(home / "scenarios" / "as_now.toml", book)
    scenario = scenario_of(both, {"a": 1, "b": 1}, as_now)
    assert (scenario.id, scenario.baseline) == ("principles_ab", "as_now")
    assert check_scenario(scenario, book) == []
    track = apply(book.draw(1), scenario, "2016-04", 48)
    assert set(np.round(track.numbers("services.family_support.fidelity")[[11, 12]], 9)) == {1.0, 1.4}
    shift = track.numbers("budget.shift_to_early")
    assert (shift[23], shift[36], shift[29]) == (0.02, 0.1, pytest.approx(0.02 + 0.08 * 5.5 / 12))
    assert list(track.numbers("services.family_support.shift_share")[[23, 24]]) == [0.4, 1.0]
    assert list(track.numbers("programme.running_cost")[[11, 12, 23, 24, 47]]) == pytest.approx(
        [0, 0.25, 0.25, 0.66, 0.66]
    )
    assert list(track.numbers("programme.set_up_cost")[[11, 12, 47]]) == [0, 2, 2]


def test_intensity_is_a_straight_line_but_for_what_does_not_scale(
    home: Path, book: Book, both: tuple[Principle, ...]
) -> None:
    as_now = load_scenario(home / "scenarios" / "as_now.toml", book)
    half = apply(book.draw(1), scenario_of(both, {"a": 0.5, "b": 0.25}, as_now), "2016-04", 48)
    assert half.numbers("services.family_support.fidelity")[-1] == pytest.approx(1.2)
    assert half.numbers("budget.shift_to_early")[-1] == pytest.approx(0.02 + 0.25 * 0.08)
    assert half.numbers("services.family_support.shift_share")[-1] == 1.0
    assert half.numbers("programme.running_cost")[-1] == pytest.approx(0.125 + 0.41 / 4)
    none = scenario_of(both, {"a": 0.0}, as_now)
    assert none.id == "principles_none"
    assert apply(book.draw(1), none, "2016-04", 48).moved == {}
    assert scenario_of(both, {"a": 0.5}, as_now).id == "principles_a0.5"


def test_costs_are_brought_to_the_books_prices(home: Path) -> None:
    spoil(
        home, FILE, 'value = 2, unit = "GBP", price_year = "2015/16"', 'value = 2, unit = "GBP", price_year = "2013/14"'
    )
    book = load_parameters(home / "parameters")
    cost = load_principles(home / FILE, book)[0].set_up_cost
    assert (cost.value, cost.price_year) == (pytest.approx(2 * 82 / 80), "2015/16")


def test_a_date_of_ones_own_for_each(home: Path, book: Book, both: tuple[Principle, ...]) -> None:
    as_now = load_scenario(home / "scenarios" / "as_now.toml", book)
    scenario = scenario_of(both, {"a": 1, "b": 1}, as_now, {"a": date(2016, 10, 1)})
    moved = {change.lever: [setting.from_ for setting in change.values] for change in scenario.changes}
    assert moved["services.family_support.fidelity"] == [date(2016, 10, 1)]
    assert moved["budget.shift_to_early"] == [date(2018, 4, 1)]
    assert moved["programme.running_cost"] == [date(2016, 10, 1), date(2018, 4, 1)]


def test_what_cannot_be_combined_is_refused(home: Path, book: Book, both: tuple[Principle, ...]) -> None:
    as_now = load_scenario(home / "scenarios" / "as_now.toml", book)
    with pytest.raises(RequestError, match="no principle `z`"):
        scenario_of(both, {"z": 1}, as_now)
    with pytest.raises(RequestError, match="Principle a cannot be at"):
        scenario_of(both, {"a": 1.5}, as_now)
    spoil(home, "scenarios/earlier.toml", '"services.family_support.staff"', '"budget.shift_to_early"')
    spoil(home, "scenarios/earlier.toml", "value = 20", "value = 0.2")
    spoil(home, "scenarios/earlier.toml", '"FTE per 10,000 households"', '"share"')
    moved = load_scenario(home / "scenarios" / "earlier.toml", book)
    with pytest.raises(ConfigError, match="is moved by a principle too"):
        scenario_of(both, {"a": 1}, moved)


def test_words_are_no_part_of_the_digest(home: Path, book: Book, both: tuple[Principle, ...]) -> None:
    spoil(home, FILE, 'title = "Do it well"', 'title = "Do it better"')
    assert digest_principles(load_principles(home / FILE, book)) == digest_principles(both)
    spoil(home, FILE, "value = 1.4", "value = 1.5")
    assert digest_principles(load_principles(home / FILE, book)) != digest_principles(both)
