"""Futures: patches of circumstances beneath every scenario, and nothing a policy could hide in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_configs import spoil, write_configs

from demandsim.errors import ConfigError
from demandsim.parameters import Book, check, explain, load_parameters
from demandsim.policy import (
    Future,
    Timeline,
    apply,
    check_futures,
    check_scenarios,
    load_future,
    load_scenario,
    place_course,
)

STAFF = "services.family_support.staff"
STRENGTH = "shocks.freeze.strength"
ROOT = Path(__file__).resolve().parents[2]

CIRCUMSTANCES = "".join(
    f'[place.{name}]\nvalue = 1\nunit = "ratio"\nmeaning = "How fast."\nsource = "assumed"\nevidence = "assumed"\n'
    'role = "circumstance"\n\n'
    for name in ("growth", "churn")
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    configs = write_configs(tmp_path)
    (configs / "futures").mkdir()
    (configs / "parameters" / "circumstances.toml").write_text(CIRCUMSTANCES)
    return configs


def _book(home: Path) -> Book:
    return load_parameters(home / "parameters")


def _write(home: Path, *changes: str, name: str = "harder", top: str = 'title = "t"\nstory = "So it is."') -> Path:
    path = home / "futures" / f"{name}.toml"
    tables = "".join(f'\n[[change]]\n{change}\nsource = "assumed"\n' for change in changes)
    path.write_text(f'id = "{name}"\n{top}\n{tables}')
    return path


SHOCK = f'circumstance = "{STRENGTH}"\nvalues = [ {{ from = 2017-04-01, value = 0.5 }} ]\nunit = "share"'
GROWTH = 'circumstance = "place.growth"\nvalues = [ { from = 2016-10-01, times = 1.5 } ]'


def _lay(home: Path, scenario: str = "earlier", future: Path | None = None, run_in: int = 6) -> Timeline:
    told = load_future(future) if future else None
    path = home / "scenarios" / f"{scenario}.toml"
    return apply(_book(home).draw(), load_scenario(path), "2016-04", 36, run_in, told)


def test_circumstances_stand_beside_levers_and_as_now_without_a_future(home: Path) -> None:
    timeline = _lay(home)
    assert set(timeline.numbers(STRENGTH)) == {1.0}
    assert set(timeline.numbers("place.growth")) == {1.0}
    assert (timeline.future, "place.growth" in timeline) == ("", True)
    assert set(_book(home).circumstances) == {STRENGTH, "place.growth", "place.churn"}


def test_a_future_moves_circumstances_under_every_scenario_and_counts_as_no_move(home: Path) -> None:
    future = _write(home, SHOCK, GROWTH)
    for scenario in ("as_now", "earlier"):
        plain, under = _lay(home, scenario), _lay(home, scenario, future)
        strength = under.numbers(STRENGTH)
        assert set(strength[:18]) == {1.0}
        assert set(strength[18:]) == {0.5}
        growth = under.numbers("place.growth")
        assert (growth[11], growth[12], growth[-1]) == (1.0, 1.5, 1.5)
        assert under.moved == plain.moved, "a future is nobody's policy"
        assert (under.future, under.scenario) == ("harder", scenario)
        np.testing.assert_array_equal(under.numbers(STAFF), plain.numbers(STAFF))


def test_a_future_may_ramp(home: Path) -> None:
    ramped = SHOCK.replace("value = 0.5", "value = 0").replace("2017-04", "2016-04")
    timeline = _lay(home, "as_now", _write(home, f'{ramped}\nramp = {{ value = 4, unit = "months" }}'), run_in=0)
    assert timeline.numbers(STRENGTH)[:6] == pytest.approx([0.875, 0.625, 0.375, 0.125, 0, 0])


def test_place_course_holds_still_until_the_start(home: Path) -> None:
    book = _book(home)
    growth, churn = place_course(book, None, "2016-04", 24, 12)
    assert growth.tolist() == [0.0] * 13 + [1.0] * 23, "the step into the first month would come before the start"
    assert churn.tolist() == [1.0] * 36
    faster = 'circumstance = "place.churn"\nvalues = [ { from = 2016-04-01, value = 2 } ]\nunit = "ratio"'
    growth, churn = place_course(book, load_future(_write(home, GROWTH, faster)), "2016-04", 24, 12)
    assert growth.tolist() == [0.0] * 13 + [1.0] * 5 + [1.5] * 18
    assert churn.tolist() == [1.0] * 12 + [2.0] * 24


def test_a_scenario_may_not_move_a_circumstance_and_is_told_where_it_belongs(home: Path) -> None:
    path = home / "scenarios" / "tried.toml"
    change = SHOCK.replace("circumstance =", "lever =")
    path.write_text(f'id = "tried"\ntitle = "t"\nbaseline = "as_now"\n\n[[change]]\n{change}\nsource = "assumed"\n')
    with pytest.raises(ConfigError, match=r"is a circumstance, not a lever\. .*a future does: see configs/futures"):
        load_scenario(path, _book(home))
    assert any("is a circumstance" in str(fault) for fault in check_scenarios(home, _book(home)).faults)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            [SHOCK.replace(STRENGTH, STAFF)],
            "is a lever, not a circumstance. A future may move circumstances and",
        ),
        ([SHOCK.replace(STRENGTH, STAFF)], "What a policy decides belongs in a scenario."),
        ([SHOCK.replace(STRENGTH, "shocks.freeze.ratio")], "is an uncertainty, not a circumstance"),
        ([SHOCK.replace(STRENGTH, "shocks.freeze.strenght")], f"Nearest: `{STRENGTH}`"),
        ([SHOCK.replace("0.5", "1.5")], "a share is between 0 and 1"),
        ([SHOCK.replace('unit = "share"', 'unit = "ratio"')], "is `ratio`, but"),
        ([SHOCK.replace('\nunit = "share"', "")], "a number needs its unit"),
        ([SHOCK, SHOCK], "is already moved in change 1"),
        (
            [SHOCK.replace("[ {", "[ { from = 2019-04-01, value = 0.2 }, {")],
            "change 1, `values`: the dates are out of order",
        ),
        ([SHOCK.replace("circumstance", "circumstanse")], "Did you mean `circumstance`?"),
    ],
)
def test_a_faulty_future_says_what_to_mend(home: Path, changes: list[str], told: str) -> None:
    path = _write(home, *changes)
    with pytest.raises(ConfigError) as caught:
        load_future(path, _book(home))
    assert told in str(caught.value)
    assert "harder.toml" in str(caught.value)


def test_every_fault_is_told_at_once_with_the_key_as_written(home: Path) -> None:
    path = _write(home, SHOCK.replace(STRENGTH, STAFF), GROWTH.replace("times", "tims"))
    with pytest.raises(ConfigError):
        load_future(path)
    path = _write(home, SHOCK.replace(STRENGTH, STAFF), SHOCK.replace("0.5", "7"))
    with pytest.raises(ConfigError) as caught:
        load_future(path, _book(home))
    wheres = [fault.where.rpartition("harder.toml")[2] for fault in caught.value.faults]
    assert wheres == [", change 1, `circumstance`", ", change 2, `values`"]


@pytest.mark.parametrize(
    ("top", "told"),
    [
        ('title = "t"', "`story`"),
        ('title = "t"\nstory = ""', "`story`"),
        ('title = "t"\nstory = "s"\nbaseline = "as_now"', "`baseline`"),
        ('title = "t"\nstory = "s"\nfile = "x"', "is not a key here"),
    ],
)
def test_a_future_has_a_story_and_no_baseline(home: Path, top: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_future(_write(home, SHOCK, top=top))
    assert told in str(caught.value)


def test_a_future_is_named_after_its_file(home: Path) -> None:
    path = _write(home, SHOCK)
    path.rename(path.with_name("other.toml"))
    with pytest.raises(ConfigError, match=r"Name the file harder\.toml"):
        load_future(path.with_name("other.toml"))


def test_a_future_may_not_reach_back_before_the_start(home: Path) -> None:
    future = load_future(_write(home, SHOCK))
    scenario = load_scenario(home / "scenarios" / "as_now.toml")
    with pytest.raises(ConfigError, match=r"harder\.toml, change 1, `values`: 2017-04-01 is 12 months before"):
        apply(_book(home).draw(), scenario, "2018-04", 12, future=future)


def test_all_futures_are_checked_and_what_they_use_is_counted(home: Path) -> None:
    _write(home, SHOCK)
    _write(home, SHOCK.replace("0.5", "2"), name="worse")
    section = check_futures(home, _book(home))
    assert (section.n_files, section.beliefs) == (2, {STRENGTH})
    assert [fault.where.rpartition("/")[2] for fault in section.faults] == ["worse.toml, change 1, `values`"]
    report = check(home, {"futures": check_futures})
    assert report.by_role["circumstance"] == 3
    assert not report.is_sound


def test_a_shock_states_its_strength_as_a_circumstance(home: Path) -> None:
    spoil(home, "parameters/shocks.toml", 'role = "circumstance"', 'role = "constant"')
    with pytest.raises(ConfigError, match=r"shocks\.freeze\.strength, `role`: is `constant`"):
        _book(home)


def test_a_circumstance_is_not_drawn(home: Path) -> None:
    extra = 'uncertainty = { shape = "uniform", low = 0, high = 1, level = 1.0 }\nrole = "circumstance"'
    spoil(home, "parameters/shocks.toml", 'role = "circumstance"', extra)
    with pytest.raises(ConfigError, match="a circumstance is not drawn, so it has no uncertainty"):
        _book(home)


def test_names_are_explained_with_the_futures_that_move_them(home: Path) -> None:
    future = load_future(_write(home, SHOCK))
    said = explain(_book(home), [], STRENGTH, [future])
    assert f"{STRENGTH} (circumstance)" in said
    assert "used by   future harder" in said
    told = explain(_book(home), [], "harder", [future])
    assert "story     So it is." in told
    assert f"moves     {STRENGTH}, as now 1 share" in told


@pytest.fixture(scope="module")
def shipped() -> tuple[Book, list[Future]]:
    book = load_parameters(ROOT / "configs" / "parameters")
    return book, [load_future(path, book) for path in sorted((ROOT / "configs" / "futures").glob("*.toml"))]


def test_four_futures_are_shipped_and_can_be_laid_under_fifteen_years(shipped: tuple[Book, list[Future]]) -> None:
    book, futures = shipped
    assert {one.id for one in futures} == {"steady", "long_austerity", "growth_and_churn", "recession_and_recovery"}
    as_now = load_scenario(ROOT / "configs" / "scenarios" / "as_now.toml", book)
    plain = apply(book.draw(), as_now, "2016-04", 180)
    for future in futures:
        under = apply(book.draw(), as_now, "2016-04", 180, future=future)
        moved = {name for name in under if not np.array_equal(np.asarray(under[name]), np.asarray(plain[name]))}
        assert moved == {change.lever for change in future.changes}


def test_what_happened_is_felt_as_now_and_what_is_feared_is_not(shipped: tuple[Book, list[Future]]) -> None:
    book, _ = shipped
    strengths = {name: book[f"shocks.{name}.strength"].central for name in book.shocks}
    assert strengths == {
        "benefit_cap_2016": 1,
        "working_age_benefits_freeze": 1,
        "local_housing_allowance_freeze": 1,
        "homelessness_reduction_act": 1,
        "recession": 0,
        "rent_rises": 0,
    }
    for name in book.shocks:
        spread = book[f"shocks.{name}.ratio"].uncertainty
        assert spread is not None
        assert spread.low <= 1.0, "a shock whose effect nobody has measured may have none"


def test_a_scenario_moves_a_grant_over_what_the_future_left(shipped: tuple[Book, list[Future]], tmp_path: Path) -> None:
    book, futures = shipped
    austerity = next(one for one in futures if one.id == "long_austerity")
    for name, change in (
        ("as_now", ""),
        (
            "generous",
            '\nbaseline = "as_now"\n[[change]]\nlever = "agencies.council.grant"\nsource = "assumed"\n'
            "values = [ { from = 2021-04-01, times = 1.2 } ]\n",
        ),
    ):
        (tmp_path / f"{name}.toml").write_text(f'id = "{name}"\ntitle = "t"{change}\n')
    generous = load_scenario(tmp_path / "generous.toml", book)
    grant = apply(book.draw(), generous, "2016-04", 180, future=austerity)
    plain = apply(book.draw(), load_scenario(tmp_path / "as_now.toml"), "2016-04", 180, future=austerity)
    track, base = (one.numbers("agencies.council.grant") for one in (grant, plain))
    np.testing.assert_allclose(track[:60], base[:60])
    np.testing.assert_allclose(track[60:], 1.2 * base[60:])
    assert grant.moved == {"agencies.council.grant": 60}
