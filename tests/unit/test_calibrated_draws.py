"""Calibrated draws: rows of quantiles that draws follow, and that give way to what is asked for or pinned."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_configs import write_configs

from demandsim.errors import ConfigError, RequestError
from demandsim.parameters import Book, load_parameters
from demandsim.parameters.calibrated import CalibratedDraws, Factor, digest_beliefs, is_current, read_calibrated
from demandsim.parameters.drawing import belief_quantile
from demandsim.study.books import calibrated_path, find_calibrated
from demandsim.study.calibration.written import write_calibrated

ARRIVAL = "front_door.arrival.silo"
LENGTH = "services.family_support.length"
UP = "needs.work.up"
FACTOR = Factor(name=f"*{UP}.none+{LENGTH}", low=0.5, high=2.0, level=0.9)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return load_parameters(write_configs(tmp_path) / "parameters")


def _draws(book: Book, rows: list[list[float]] | None = None) -> CalibratedDraws:
    names = (ARRIVAL, FACTOR.name)
    digest = digest_beliefs(book.beliefs, [ARRIVAL], [FACTOR])
    kept = np.array(rows or [[0.9, 0.95], [0.2, 0.5]])
    return CalibratedDraws(names, kept, {FACTOR.name: FACTOR}, "town", "town", None, digest)


def test_a_draw_follows_its_row_and_every_other_belief_stays_where_it_was(book: Book) -> None:
    tied = replace(book, calibrated=_draws(book))
    for number, u in ((0, 0.9), (1, 0.2), (2, 0.9), (7, 0.2)):
        draw, free = tied.draw(5, number), book.draw(5, number)
        assert draw[ARRIVAL] == pytest.approx(float(belief_quantile(book[ARRIVAL], u)))
        others = [name for name in draw if name not in (ARRIVAL, LENGTH, UP)]
        assert len(others) > 10
        assert all(draw.dated(name) == free.dated(name) for name in others)


def test_a_factor_multiplies_its_parts_and_no_other_entry(book: Book) -> None:
    tied = replace(book, calibrated=_draws(book))
    draw, free = tied.draw(5, 0), book.draw(5, 0)
    times = float(FACTOR.at(0.95))
    assert times == pytest.approx(2.0)
    assert draw.number_of(LENGTH) == pytest.approx(times * free.number_of(LENGTH))
    ratios = {label: number / free.numbers_of(UP)[label] for label, number in draw.numbers_of(UP).items()}
    assert ratios == pytest.approx({label: times if label == "none" else 1.0 for label in ratios})


def test_central_values_and_stated_quantiles_win(book: Book) -> None:
    tied = replace(book, calibrated=_draws(book))
    assert all(tied.draw().dated(name) == book.draw().dated(name) for name in book)
    asked = tied.draw(5, 0, quantiles={ARRIVAL: 0.5})
    assert asked[ARRIVAL] == pytest.approx(0.3)


def test_pinned_beliefs_drop_out(book: Book) -> None:
    pinned = replace(book, calibrated=_draws(book)).with_overrides({ARRIVAL: 0.4, LENGTH: 7.0})
    draw = pinned.draw(5, 0)
    assert draw[ARRIVAL] == 0.4
    assert draw[LENGTH] == 7.0
    assert draw.numbers_of(UP)["none"] == pytest.approx(2.0 * book.draw(5, 0).numbers_of(UP)["none"])


def test_rows_are_part_of_the_digest_and_travel(book: Book) -> None:
    one, other = (replace(book, calibrated=_draws(book, rows)) for rows in (None, [[0.9, 0.95], [0.2, 0.51]]))
    assert len({book.digest, one.digest, other.digest}) == 3
    assert replace(one, calibrated=None).digest == book.digest
    sent = pickle.loads(pickle.dumps(one))
    assert sent.digest == one.digest
    assert sent.draw(5, 1)[ARRIVAL] == one.draw(5, 1)[ARRIVAL]


def test_what_is_written_is_read_again(book: Book, tmp_path: Path) -> None:
    draws = _draws(book)
    path = _written(tmp_path, draws)
    read = read_calibrated(path, book)
    assert read.names == draws.names
    assert read.rows.tolist() == draws.rows.tolist()
    assert is_current(read, book)
    assert not is_current(read, book.with_overrides({LENGTH: 3.0}))


def test_a_name_that_is_gone_and_a_number_that_is_none_are_told_with_the_remedy(book: Book, tmp_path: Path) -> None:
    path = _written(tmp_path, _draws(book))
    rows = path.with_suffix(".csv")
    rows.write_text(rows.read_text().replace(ARRIVAL, "front_door.arrival.sillo").replace("0.200000", "1.5"))
    path.write_text(re.sub(r'(name = ".*)length"', r'\1lengths"', path.read_text()))
    rows.write_text(rows.read_text().replace(FACTOR.name, FACTOR.name + "s"))
    with pytest.raises(ConfigError) as told:
        read_calibrated(path, book)
    text = str(told.value)
    assert "`front_door.arrival.sillo` is no belief" in text.replace(", `front", " `front").replace("`:", "`")
    assert f"Nearest: `{ARRIVAL}`" in text
    assert "not between 0 and 1" in text
    assert "`services.family_support.lengths` is no belief" in text
    assert text.count("Run again: demandsim calibrate town") == len(told.value.faults)


def test_figures_up_to_a_month_are_never_replaced_by_later_ones(book: Book, tmp_path: Path) -> None:
    _written(tmp_path, _draws(book), "england")
    assert find_calibrated(tmp_path, "town") == calibrated_path(tmp_path, "england")
    with pytest.raises(RequestError, match="demandsim calibrate town --until 2015-03"):
        find_calibrated(tmp_path, "town", "2015-03")


def _written(home: Path, draws: CalibratedDraws, place: str = "town") -> Path:
    tables = {
        "calibration": {"place": "town", "until": "", "beliefs": draws.digest},
        "factor": [one.model_dump() for one in draws.factors.values()],
    }
    return write_calibrated(calibrated_path(home, place), draws, tables)
