"""A calibration of the real model, from end to end: small, and the same however it is run."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from small_studies import CONFIGS

from demandsim.errors import RequestError
from demandsim.parameters.calibrated import is_current
from demandsim.report.calibration import write_calibration
from demandsim.report.documents.calibration import calibration_page, read_calibrations
from demandsim.study.books import load_book
from demandsim.study.calibration import Sizes, calibrate_place
from demandsim.study.calibration.checking import check_calibrated
from demandsim.study.calibration.suppositions import last_day
from demandsim.study.calibration.worlds import FILE

SIZES = Sizes(
    households=150, run_in=12, years=1, first=20, wave=10, last=10, waves=2, repeats=2, explored=20, moves=3, rows=8
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("calibration")
    for folder in ("parameters", "targets", "fitted", "places", "scenarios"):
        shutil.copytree(CONFIGS / folder, home / "configs" / folder)
    shutil.copy(CONFIGS / "sources.toml", home / "configs")
    return home


@pytest.fixture(scope="module")
def england(home: Path) -> Path:
    return calibrate_place("england", home / "configs", SIZES, folder=home / "one", synthetic=1, report=_quiet)


def _quiet(line: str) -> None:
    """Say nothing."""


def test_two_workers_that_go_on_after_a_cut_file_write_the_same_bytes(home: Path, england: Path) -> None:
    written = england.read_bytes(), england.with_suffix(".csv").read_bytes()
    whole = (home / "one" / FILE).read_text(encoding="utf-8")
    (home / "two").mkdir()
    (home / "two" / FILE).write_text(whole[: int(len(whole) * 0.6)], encoding="utf-8")
    calibrate_place("england", home / "configs", SIZES, folder=home / "two", workers=2, synthetic=1, report=_quiet)
    assert (england.read_bytes(), england.with_suffix(".csv").read_bytes()) == written
    lines = (home / "two" / FILE).read_text(encoding="utf-8").splitlines()
    assert sorted(filter(_is_whole, lines)) == sorted(filter(_is_whole, whole.splitlines()))


def _is_whole(line: str) -> bool:
    return line.startswith('{"run"') and line.endswith("}")


def test_a_place_draws_from_what_was_calibrated(home: Path, england: Path) -> None:
    configs = home / "configs"
    book, free = load_book(configs, "england"), load_book(configs, "england", calibrated=False)
    assert book.calibrated is not None
    assert len(book.calibrated) == SIZES.rows
    assert is_current(book.calibrated, book)
    assert {"*needs.family.up.none", "*needs.housing.exit.crisis"} <= set(book.calibrated.factors)
    assert book.digest != free.digest
    column = book.calibrated.names.index("*needs.family.up.none")
    times = book.calibrated.factors["*needs.family.up.none"].at(book.calibrated.rows[:, column])
    drawn = [book.draw(3, number).numbers_of("needs.family.up")["none"] for number in range(SIZES.rows)]
    assert drawn == pytest.approx(times * free.draw().numbers_of("needs.family.up")["none"])
    assert book.draw(3, SIZES.rows).numbers_of("needs.family.up")["none"] == drawn[0]
    assert check_calibrated(configs, free).faults == ()
    assert book.calibrated.tables["coverage"][0]["truths"] == 1


def test_a_borough_rests_on_englands_draws_and_says_when_there_are_none(home: Path, england: Path) -> None:
    configs = home / "configs"
    with pytest.raises(RequestError, match="demandsim calibrate england"):
        calibrate_place("hackney", configs, SIZES, until="2015-03", report=_quiet)
    path = calibrate_place("hackney", configs, SIZES, report=_quiet)
    draws = load_book(configs, "hackney").calibrated
    assert draws is not None
    assert draws.label == path.stem == "hackney"
    rows = load_book(configs, "england").calibrated
    assert rows is not None
    assert check_calibrated(configs, load_book(configs, "england")).faults == ()
    columns = [draws.names.index(name) for name in rows.names]
    assert {tuple(row) for row in draws.rows[:, columns]} <= {tuple(row) for row in rows.rows}
    name = "fitted.place_multiplier.hackney"
    book = load_book(configs, "hackney")
    times = draws.factors[f"*{name}.housing"].at(draws.rows[0, draws.names.index(f"*{name}.housing")])
    assert book.draw(1, 0).numbers_of(name)["housing"] == pytest.approx(times * book.draw().numbers_of(name)["housing"])
    england.with_suffix(".csv").write_text(_with_another_number(england), encoding="utf-8")
    (fault,) = check_calibrated(configs, load_book(configs, "england")).faults
    assert fault.what == "rests on draws of England that are no longer there."
    assert fault.remedy == "Run again: demandsim calibrate hackney"
    path.unlink()


def _with_another_number(path: Path) -> str:
    head, one, *others = path.with_suffix(".csv").read_text(encoding="utf-8").splitlines()
    return "\n".join([head, one.replace("0.", "0.0", 1), *others]) + "\n"


def test_beliefs_that_have_changed_since_are_told_with_the_remedy(home: Path, england: Path) -> None:
    configs = home / "changed"
    shutil.copytree(home / "configs", configs)
    file = configs / "fitted" / "england.toml"
    file.write_text(file.read_text().replace("none = 0.0", "none = 0.1", 1), encoding="utf-8")
    faults = check_calibrated(configs, load_book(configs, "england", calibrated=False)).faults
    assert ("was made against other beliefs than these.", "Run again: demandsim calibrate england") in [
        (fault.what, fault.remedy) for fault in faults
    ]
    assert "Beliefs have changed since" in calibration_page(read_calibrations(configs), {})


def test_its_page_tells_every_figure(home: Path, england: Path) -> None:
    book = load_book(home / "configs", "england")
    text = write_calibration(book, home / "page.html").read_text(encoding="utf-8")
    assert book.calibrated is not None
    for row in book.calibrated.tables["target"]:
        assert row["name"].replace("_", " ")[1:] in text
    assert "made-up truths" in text
    page = calibration_page(read_calibrations(home / "configs"), {"england": "All of England"})
    assert "## All of England" in page
    assert "Beliefs have changed since" not in page
    assert all(row["name"].replace("_", " ")[1:] in page for row in book.calibrated.tables["target"])
    assert "No place has been calibrated yet" in calibration_page([], {})
    with pytest.raises(RequestError, match="Nothing was calibrated"):
        write_calibration(replace(book, calibrated=None), home / "none.html")


def test_a_month_is_a_month() -> None:
    assert last_day("2016-02").isoformat() == "2016-02-29"
    with pytest.raises(RequestError, match="`2015-13` is not a month"):
        last_day("2015-13")
