"""Draws: addressed by name, central at the stated value, spread as stated."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from small_configs import spoil, write_configs

from demandsim.errors import RequestError
from demandsim.parameters import Belief, Book, Draw, Usage, load_parameters
from demandsim.parameters.drawing import belief_quantile
from demandsim.parameters.quantiles import from_scale, to_scale

ARRIVAL = "front_door.arrival.silo"
LENGTH = "services.family_support.length"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return write_configs(tmp_path)


@pytest.fixture
def book(home: Path) -> Book:
    return load_parameters(home / "parameters")


def _plain(draw: Draw) -> dict[str, object]:
    return {name: draw.dated(name) for name in draw}


def _belief(shape: str, low: float, value: float, high: float, level: float, unit: str = "ratio") -> Belief:
    spread = {"shape": shape, "low": low, "high": high, "level": level}
    words = {"meaning": "m", "source": "assumed", "evidence": "assumed", "role": "uncertainty"}
    return Belief.model_validate({"name": "x", "value": value, "unit": unit, "uncertainty": spread, **words})


def test_the_same_draw_is_the_same_and_another_is_not(book: Book) -> None:
    assert _plain(book.draw(7, 3)) == _plain(book.draw(7, 3))
    assert book.draw(7, 3)[LENGTH] != book.draw(7, 4)[LENGTH]
    assert book.draw(7, 3)[LENGTH] != book.draw(8, 3)[LENGTH]
    assert book.draw(7, 3)[LENGTH] != book.draw(7 + 2**32, 3)[LENGTH]


def test_another_process_draws_the_same(home: Path, book: Book) -> None:
    code = (
        "import sys; from demandsim.parameters import load_parameters\n"
        f"print(repr(load_parameters(sys.argv[1]).draw(7, 3)[{LENGTH!r}]))"
    )
    command = [sys.executable, "-c", code, str(home / "parameters")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert float(run.stdout) == book.draw(7, 3)[LENGTH]


def test_a_new_belief_changes_no_other_draw(home: Path, book: Book) -> None:
    before = _plain(book.draw(7, 3))
    spoil(
        home,
        "parameters/contacts.toml",
        "[budget.order_of_cuts]",
        '[aaa.newcomer]\nvalue = 2\nunit = "ratio"\nmeaning = "New."\nsource = "assumed"\nevidence = "assumed"\n'
        'role = "uncertainty"\nuncertainty = { shape = "lognormal", low = 1, high = 4, level = 0.9 }\n\n'
        "[budget.order_of_cuts]",
    )
    after = _plain(load_parameters(home / "parameters").draw(7, 3))
    assert after.pop("aaa.newcomer") != ((0, 2.0),)
    assert after == before


def test_central_values_are_the_stated_ones(book: Book) -> None:
    central = book.draw()
    assert central[ARRIVAL] == 0.3
    assert central[LENGTH] == 9.0
    assert central["needs.work.up"] == {"none": 0.01, "emerging": 0.02, "established": 0.03, "complex": 0.04}


def test_levers_and_constants_never_vary(book: Book) -> None:
    central = book.draw()
    for number in range(20):
        draw = book.draw(1, number)
        for name, belief in book.items():
            if belief.role != "uncertainty":
                assert draw.dated(name) == central.dated(name), name


@pytest.mark.parametrize(
    ("shape", "low", "value", "high", "level"),
    [
        ("lognormal", 0.5, 0.68, 0.9, 0.95),
        ("lognormal", 1.0, 1.1, 3.0, 0.8),
        ("normal", -1.0, 2.0, 2.5, 0.9),
        ("beta", 0.15, 0.3, 0.5, 0.9),
        ("uniform", 0.0, 0.3, 0.6, 1.0),
        ("triangular", 0.3, 0.7, 0.85, 1.0),
    ],
)
def test_median_and_interval_are_met_exactly(shape: str, low: float, value: float, high: float, level: float) -> None:
    belief = _belief(shape, low, value, high, level, "index" if shape == "normal" else "ratio")
    tail = (1 - level) / 2
    u = np.clip([tail, 0.5, 1 - tail], 1e-300, None)
    assert belief_quantile(belief, u) == pytest.approx([low, value, high], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("shape", ["lognormal", "normal", "beta", "uniform", "triangular"])
def test_quantiles_never_fall(shape: str) -> None:
    level = 1.0 if shape in ("uniform", "triangular") else 0.9
    drawn = belief_quantile(_belief(shape, 0.2, 0.3, 0.8, level), np.linspace(0.001, 0.999, 999))
    assert np.all(np.diff(drawn) > 0)


def test_a_share_never_leaves_nought_to_one() -> None:
    drawn = belief_quantile(_belief("normal", 0.1, 0.9, 1.0, 0.5, "share"), np.linspace(1e-6, 1 - 1e-6, 501))
    assert drawn.min() >= 0
    assert drawn.max() == 1.0


def test_a_belief_without_width_is_its_value(home: Path) -> None:
    spoil(home, "parameters/shocks.toml", "value = 1.03", "value = 1.0")
    spoil(home, "parameters/shocks.toml", "high = 1.08", "high = 1.0")
    book = load_parameters(home / "parameters")
    assert {book.draw(1, number)["shocks.freeze.ratio"] for number in range(5)} == {1.0}


def test_many_draws_cover_the_stated_share(book: Book) -> None:
    drawn = np.array([book.draw(11, number)[LENGTH] for number in range(2000)], float)
    assert np.mean(drawn < 9) == pytest.approx(0.5, abs=0.04)
    assert np.mean((drawn > 6) & (drawn < 15)) == pytest.approx(0.9, abs=0.025)


def test_two_beliefs_are_drawn_apart(book: Book) -> None:
    draws = [book.draw(5, number) for number in range(1000)]
    pairs = np.array([[draw[LENGTH], draw[ARRIVAL]] for draw in draws], float)
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 0.1


def test_a_draw_agrees_with_the_quantile_map(book: Book) -> None:
    u = 0.8125
    assert book.draw(quantiles={LENGTH: u})[LENGTH] == pytest.approx(float(belief_quantile(book[LENGTH], u)))
    assert book.draw(7, 3, quantiles={LENGTH: u})[ARRIVAL] == book.draw(7, 3)[ARRIVAL]
    with pytest.raises(RequestError, match="not an uncertainty"):
        book.draw(quantiles={"budget.order_of_cuts": 0.5})
    with pytest.raises(RequestError, match="between 0 and 1"):
        book.draw(quantiles={LENGTH: 1.0})


def test_a_belief_by_label_moves_by_one_multiplier(book: Book) -> None:
    name = "needs.family.up"
    central, drawn = book.draw()[name], book.draw(1, 1)[name]
    ratios = {drawn[state] / central[state] for state in central}  # type: ignore[index]
    assert max(ratios) == pytest.approx(min(ratios))
    assert max(ratios) != pytest.approx(1.0)
    high = book.draw(quantiles={name: 0.95})[name]
    assert high["none"] == pytest.approx(0.014)  # type: ignore[index]


def test_shares_by_label_move_by_their_odds(home: Path) -> None:
    spoil(
        home,
        "parameters/contacts.toml",
        'value = 0.3\nunit = "probability"',
        'value = { here = 0.9, there = 0.2, never = 0, always = 1 }\nunit = "probability"',
    )
    spoil(home, "parameters/contacts.toml", "low = 0.15, high = 0.5", "low = 0.5, high = 4")
    spoil(home, "parameters/contacts.toml", 'null = "front_door.arrival.silo"\n', "")
    drawn = load_parameters(home / "parameters").draw(quantiles={ARRIVAL: 0.95})[ARRIVAL]
    expected = {"here": 36 / 37, "there": 0.5, "never": 0.0, "always": 1.0}
    assert drawn == pytest.approx(expected)  # type: ignore[comparison-overlap]


def test_dates_move_alike(home: Path) -> None:
    dates = "values = [ { from = 2016-04-01, value = 9 }, { from = 2018-04-01, value = 6 } ]\n"
    spoil(home, "parameters/services/family_support.toml", "value = 9\n", dates)
    book = load_parameters(home / "parameters")
    drawn = book.draw(3, 2)
    early, late = drawn.number_of(LENGTH, "2017-01"), drawn.number_of(LENGTH, "2018-04")
    assert early / 9 == pytest.approx(late / 6)
    assert early != 9
    assert drawn.number_of(LENGTH, "2010-01") == early
    with pytest.raises(RequestError, match="values by date"):
        drawn[LENGTH]


def test_money_is_given_at_the_books_prices(book: Book) -> None:
    name = "services.family_support.cost_per_fte"
    assert book.draw()[name] == pytest.approx(41000 * 82 / 80)
    assert book.at_prices("2016/17").draw()[name] == pytest.approx(41000 * 84 / 80)
    ratio = book.at_prices("2016/17").draw(1, 1).number_of(name) / book.draw(1, 1).number_of(name)
    assert ratio == pytest.approx(84 / 82)
    assert book.draw().in_model_units(name) == pytest.approx(41000 * 82 / 80 / 12)
    with pytest.raises(RequestError, match="No deflator for 1990/91"):
        book.at_prices("1990/91")


def test_overrides_pin_and_leave_the_book_alone(book: Book) -> None:
    pinned = book.with_overrides({LENGTH: 3, "needs.work.up": 0.5, "budget.order_of_cuts": "by_value"})
    for number in (None, 0, 1):
        draw = pinned.draw(1, number)
        assert draw[LENGTH] == 3.0
        assert set(draw.numbers_of("needs.work.up").values()) == {0.5}
        assert draw.name_of("budget.order_of_cuts") == "by_value"
        assert draw[ARRIVAL] == book.draw(1, number)[ARRIVAL]
    assert book[LENGTH].central == 9.0
    assert pinned.digest != book.digest


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("services.family_suport.length", 3, "Nearest: `services.family_support.length`"),
        (ARRIVAL, 1.2, "between 0 and 1"),
        ("budget.order_of_cuts", "open", "`pro_rata` or `early_first`"),
        ("budget.order_of_cuts", 1, "cannot be set"),
        ("needs.work.up", {"none": 0.1}, "cannot be set"),
    ],
)
def test_wrong_overrides_are_refused(book: Book, name: str, value: object, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        book.with_overrides({name: value})  # type: ignore[dict-item]


def test_nulls_switch_mechanisms_off(book: Book) -> None:
    off = book.with_nulls()
    for number in (None, 4):
        draw = off.draw(1, number)
        assert draw["effects.family_support.hazard_ratio"] == 1.0
        assert draw["front_door.arrival.single"] == draw[ARRIVAL] == book.draw(1, number)[ARRIVAL]
    one = book.with_nulls(["shocks.freeze.ratio"]).draw()
    assert one["shocks.freeze.ratio"] == 1.0
    assert one["front_door.arrival.single"] == 0.7
    with pytest.raises(RequestError, match="states no `null`"):
        book.with_nulls([LENGTH])


def test_a_recording_draw_notes_what_is_read(book: Book) -> None:
    usage = Usage()
    draw = book.draw().recording(usage)
    assert draw[LENGTH] == 9.0
    assert draw.get("services.family_support.spot_price", 0.0) == 0.0
    with pytest.raises(RequestError, match=r"Nearest: `services\.family_support\.length`"):
        draw["services.family_support.lenght"]
    assert usage.read == {LENGTH}
    assert usage.missing == {"services.family_support.lenght"}


def test_a_draw_survives_pickling(book: Book) -> None:
    assert _plain(pickle.loads(pickle.dumps(book.draw(2, 5)))) == _plain(book.draw(2, 5))


def test_values_given_out_cannot_be_written(book: Book) -> None:
    with pytest.raises(TypeError):
        book.draw()["needs.work.up"]["none"] = 1.0  # type: ignore[index]


def test_what_kind_of_value_is_asked_for_is_checked(book: Book) -> None:
    draw = book.draw()
    for wrong in (
        lambda: draw.number_of("budget.order_of_cuts"),
        lambda: draw.numbers_of(LENGTH),
        lambda: draw.name_of(LENGTH),
        lambda: draw.in_model_units("budget.order_of_cuts"),
        lambda: book.draw(1, -1),
    ):
        with pytest.raises(RequestError):
            wrong()


@pytest.mark.parametrize("scale", [0, 1, 2])
def test_scales_go_there_and_back(scale: int) -> None:
    values = np.array([0.1, 0.5, 0.9])
    assert from_scale(scale, to_scale(scale, values)) == pytest.approx(values)
