"""Scenarios laid over levers, month by month, and pinned to their baseline."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from small_configs import spoil, write_configs

from demandsim.errors import BaselineMoved, ConfigError, RequestError
from demandsim.parameters import Book, load_parameters
from demandsim.policy import Timeline, apply, list_levers, load_scenario, pin, verify_pinned

STAFF = "services.family_support.staff"
OPENS = "services.family_support.opens_at"
COST = "programme.running_cost"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return write_configs(tmp_path)


def _book(home: Path) -> Book:
    return load_parameters(home / "parameters")


def _lay(home: Path, name: str = "earlier", n_months: int = 36, run_in: int = 0) -> Timeline:
    return apply(_book(home).draw(), load_scenario(home / "scenarios" / f"{name}.toml"), "2016-04", n_months, run_in)


def _write(home: Path, change: str, name: str = "tried") -> Path:
    path = home / "scenarios" / f"{name}.toml"
    path.write_text(f'id = "{name}"\ntitle = "t"\nbaseline = "as_now"\n\n[[change]]\n{change}\nsource = "assumed"\n')
    return path


def test_levers_are_listed_with_choices_and_bounds(home: Path) -> None:
    levers = list_levers(_book(home))
    assert set(levers) == {
        "budget.order_of_cuts",
        COST,
        OPENS,
        STAFF,
        "services.family_support.closes_above",
        "services.family_support.fidelity",
        "services.family_support.shift_share",
    }
    assert levers["budget.order_of_cuts"].choices == ("pro_rata", "early_first", "by_value")
    assert levers[OPENS].choices == ("none", "emerging", "established", "complex", "crisis")
    assert (levers["services.family_support.shift_share"].low, levers["services.family_support.shift_share"].high) == (
        0,
        1,
    )
    assert levers[STAFF].now == 10.0


def test_as_now_follows_the_dated_levers_and_moves_nothing(home: Path) -> None:
    timeline = _lay(home, "as_now", run_in=6)
    assert timeline.moved == {}
    assert timeline.months[0] == "2015-10"
    assert timeline.months[6] == "2016-04"
    staff = timeline.numbers(STAFF)
    assert len(staff) == 42
    assert set(staff[:30]) == {10.0}
    assert set(staff[30:]) == {8.0}


def test_a_name_switches_on_its_month(home: Path) -> None:
    names = _lay(home).names(OPENS)
    assert names[11] == "established"
    assert names[12:] == ("emerging",) * 24
    assert _lay(home).moved[OPENS] == 12


def test_a_ramp_is_a_straight_line(home: Path) -> None:
    staff = _lay(home).numbers(STAFF)
    assert staff[:12] == pytest.approx(10)
    assert staff[12:16] == pytest.approx([11.25, 13.75, 16.25, 18.75])
    assert set(staff[16:]) == {20.0}
    assert _lay(home).moved == {OPENS: 12, STAFF: 12}


def test_a_ramp_may_end_within_a_month(home: Path) -> None:
    spoil(
        home,
        "scenarios/earlier.toml",
        'ramp = { value = 4, unit = "months" }',
        'ramp = { value = 1.5, unit = "months" }',
    )
    staff = _lay(home).numbers(STAFF)
    assert staff[12:15] == pytest.approx([10 + 10 * (1 / 3), 10 + 10 * (11 / 12), 20])


def test_a_second_date_ramps_from_the_first(home: Path) -> None:
    change = (
        f'lever = "{STAFF}"\nunit = "FTE per 10,000 households"\nramp = {{ value = 2, unit = "months" }}\n'
        "values = [ { from = 2016-06-01, value = 20 }, { from = 2016-12-01, value = 12 } ]"
    )
    _write(home, change)
    assert _lay(home, "tried").numbers(STAFF)[:11] == pytest.approx([10, 10, 12.5, 17.5, 20, 20, 20, 20, 18, 14, 12])


def test_times_is_relative_to_as_now_in_each_month(home: Path) -> None:
    _write(home, f'lever = "{STAFF}"\nvalues = [ {{ from = 2017-04-01, times = 1.5 }} ]')
    staff = _lay(home, "tried").numbers(STAFF)
    assert (staff[11], staff[12], staff[23], staff[24]) == (10, 15, 15, 12)


def test_times_one_differs_by_exactly_nothing(home: Path) -> None:
    _write(
        home,
        f'lever = "{STAFF}"\nvalues = [ {{ from = 2017-04-01, times = 1 }} ]\nramp = {{ value = 3, unit = "months" }}',
    )
    tried = _lay(home, "tried")
    assert tried.moved == {}
    assert np.array_equal(tried.numbers(STAFF), _lay(home, "as_now").numbers(STAFF))


def test_money_in_a_scenario_is_repriced(home: Path) -> None:
    money = 'unit = "GBP per household-month"\nprice_year = "2013/14"'
    _write(home, f'lever = "{COST}"\nvalues = [ {{ from = 2016-04-01, value = 40 }} ]\n{money}')
    assert _lay(home, "tried").numbers(COST)[0] == pytest.approx(40 * 82 / 80)


def test_a_scenario_may_stand_on_another(home: Path) -> None:
    path = _write(home, f'lever = "{STAFF}"\nvalues = [ {{ from = 2018-04-01, times = 2 }} ]')
    spoil(home, "scenarios/tried.toml", '"as_now"', '"earlier"')
    timeline = apply(_book(home).draw(), load_scenario(path), "2016-04", 36)
    assert timeline.numbers(STAFF)[24] == 40.0
    assert timeline.names(OPENS)[24] == "emerging"
    assert timeline.moved == {STAFF: 24}


def test_numbers_by_label_can_be_moved(home: Path) -> None:
    payers = 'meaning = "Who pays."\nsource = "assumed"\nevidence = "assumed"\nrole = "constant"'
    spoil(home, "parameters/services/family_support.toml", payers, payers.replace("constant", "lever"))
    lever = "services.family_support.payers"
    shares = "{ nhs = 0.5, schools = 0.5 }"
    _write(home, f'lever = "{lever}"\nvalues = [ {{ from = 2017-04-01, value = {shares} }} ]\nunit = "share"')
    track = _lay(home, "tried")[lever]
    assert isinstance(track, dict)
    assert {label: (array[0], array[12]) for label, array in track.items()} == {
        "council_children": (0.75, 0.0),
        "schools": (0.25, 0.5),
        "nhs": (0.0, 0.5),
    }


def test_an_unknown_lever_of_a_timeline_suggests_the_nearest(home: Path) -> None:
    with pytest.raises(RequestError, match=r"Nearest: `services\.family_support\.staff`"):
        _lay(home)["services.family_support.stuff"]


def test_a_change_a_month_before_the_start_is_refused(home: Path) -> None:
    scenario = load_scenario(home / "scenarios" / "earlier.toml")
    draw = _book(home).draw()
    assert apply(draw, scenario, "2017-04", 12).moved == {OPENS: 0, STAFF: 0}
    with pytest.raises(ConfigError, match=r"change 1, `values`: 2017-04-01 is a month before the start") as told:
        apply(draw, scenario, "2017-05", 12)
    assert len(told.value.faults) == 2
    with pytest.raises(ConfigError, match="is 12 months before the start, 2018-04"):
        apply(draw, scenario, "2018-04", 12)


def test_times_may_not_carry_a_share_over_one(home: Path) -> None:
    _write(home, 'lever = "services.family_support.shift_share"\nvalues = [ { from = 2017-04-01, times = 3 } ]')
    with pytest.raises(ConfigError, match=r"tried.toml, change 1, `values`: the lever is 1.2; a share is"):
        _lay(home, "tried")


def test_a_pin_is_written_in_place_and_holds(home: Path) -> None:
    path = home / "scenarios" / "earlier.toml"
    before = path.read_text()
    pinned = pin(path)
    assert path.read_text() == before.replace('baseline = "as_now"', f'baseline = "{pinned}"')
    assert pin(path, _book(home)) == pinned
    verify_pinned(load_scenario(path), _book(home))


def test_a_draft_may_run_and_may_not_be_published(home: Path) -> None:
    scenario, book = load_scenario(home / "scenarios" / "earlier.toml"), _book(home)
    verify_pinned(scenario, book, require=False)
    with pytest.raises(BaselineMoved, match=r"earlier.toml, `baseline`: `as_now` is not pinned.*demandsim pin"):
        verify_pinned(scenario, book)
    verify_pinned(load_scenario(home / "scenarios" / "as_now.toml"), book)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("parameters/services/family_support.toml", "from = 2018-04-01, value = 8", "from = 2018-04-01, value = 7"),
        ("parameters/contacts.toml", 'value = "pro_rata"', 'value = "by_value"'),
        (
            "scenarios/as_now.toml",
            'id = "as_now"',
            'id = "as_now"\nbaseline = "older"',
        ),
    ],
)
def test_a_pin_moves_with_the_baseline_and_the_levers(home: Path, file: str, old: str, new: str) -> None:
    path = home / "scenarios" / "earlier.toml"
    pin(path)
    (home / "scenarios" / "older.toml").write_text('id = "older"\ntitle = "t"\n')
    spoil(home, file, old, new)
    for require in (True, False):
        with pytest.raises(BaselineMoved, match="`as_now` has moved since it was pinned"):
            verify_pinned(load_scenario(path), _book(home), require)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("parameters/services/family_support.toml", "value = 0.65", "value = 0.6"),
        ("parameters/effects.toml", "value = 0.9", "value = 0.8"),
        ("parameters/services/family_support.toml", "value = 12", "value = 11"),
        ("scenarios/as_now.toml", "As now", "As it is"),
    ],
)
def test_a_pin_stands_when_beliefs_or_words_change(home: Path, file: str, old: str, new: str) -> None:
    path = home / "scenarios" / "earlier.toml"
    pinned = pin(path)
    spoil(home, file, old, new)
    verify_pinned(load_scenario(path), _book(home))
    assert pin(path) == pinned


def test_a_baseline_itself_is_not_pinned(home: Path) -> None:
    with pytest.raises(RequestError, match="it is a baseline itself"):
        pin(home / "scenarios" / "as_now.toml")


def test_a_scenario_survives_pickling(home: Path) -> None:
    scenario = load_scenario(home / "scenarios" / "earlier.toml")
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert again.base is not None
