"""`demandsim predict`: a small prediction from end to end, taken up again, the same with any workers, and refusals."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path

import pytest
import typer
from small_studies import write_configs
from typer.testing import CliRunner, Result

from demandsim.cli.predict import predict
from demandsim.ledger.outcomes import OUTCOMES
from demandsim.study.prediction.predicting import PREDICTED

SMALL = ("--households", "1500", "--draws", "4", "--uncalibrated")
YEARS = ["2015/16", "2016/17"]


def call(*words: str) -> Result:
    app = typer.Typer()
    app.command()(predict)
    return CliRunner().invoke(app, list(words))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with configs in which a small prediction was made and scored."""
    folder = tmp_path_factory.mktemp("predict")
    write_configs(folder)
    shutil.rmtree(folder / "configs" / "calibrated", ignore_errors=True)
    (folder / "actuals.csv").write_text("series,year,value,unit\nlooked_after_stock,2015/16,57.3,\n", encoding="utf-8")
    before = Path.cwd()
    os.chdir(folder)
    try:
        given = ("--actuals", "actuals.csv", "--workers", "1", "-o", "page.html")
        result = call("hackney", "--to", "2017-03", *SMALL, "--out", "out", *given)
    finally:
        os.chdir(before)
    assert result.exit_code == 0, result.stderr
    return folder


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(home)
    return home


def test_every_predicted_figure_is_an_outcome() -> None:
    assert set(PREDICTED) <= {outcome.name for outcome in OUTCOMES}


def test_every_figure_has_its_bands_by_year(here: Path) -> None:
    with (here / "out" / "predictions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    model = [row for row in rows if row["forecast"] == "model"]
    assert [row["series"] for row in model if row["year"] == YEARS[0]] == list(PREDICTED)
    assert {row["year"] for row in rows} == set(YEARS)
    assert {row["runs"] for row in model} == {"8"}  # four sets of beliefs, two lucks each: not the whole place
    for row in rows:
        lines = [float(row[line]) for line in ("p05", "p25", "median", "p75", "p95")]
        assert lines == sorted(lines)
    stock = [row for row in model if row["series"] == "looked_after_stock"]
    assert {row["published_unit"] for row in stock} == {"children"}


def test_the_record_and_the_page_say_how_it_was_made(here: Path) -> None:
    record = json.loads((here / "out" / "record.json").read_text(encoding="utf-8"))
    assert record["runs"]["counted"] == 8
    assert record["scores"]["points"] == 1
    assert "Homelessness Reduction Act" in " ".join(record["beliefs"]["hindsight"])
    assert all(figure["official"].keys() <= {f"{y}/{(y + 1) % 100:02d}" for y in range(1990, 2015)}
               for figure in record["figures"].values())  # fmt: skip
    page = (here / "page.html").read_text(encoding="utf-8")
    assert page.count("<svg") == len(PREDICTED)
    assert "the place was not calibrated" in page


def test_run_again_it_goes_on_from_there_with_any_workers(here: Path) -> None:
    before = {name: (here / "out" / name).read_bytes() for name in ("predictions.csv", "record.json")}
    again = call("hackney", "--to", "2017-03", *SMALL, "--out", "out", "--actuals", "actuals.csv")
    assert again.exit_code == 0, again.stderr
    assert "to run" not in again.stderr  # all lucks are there
    shutil.copytree(here / "out" / "runs", here / "half" / "runs")
    for path in sorted((here / "half" / "runs" / "lucks").iterdir())[::2]:
        path.unlink()
    half = call("hackney", "--to", "2017-03", *SMALL, "--out", "half", "--actuals", "actuals.csv", "--workers", "2")
    assert half.exit_code == 0, half.stderr
    assert "4 lucks to run, 4 are there already" in half.stderr
    for name, content in before.items():
        assert (here / "out" / name).read_bytes() == content
        assert (here / "half" / name).read_bytes() == content


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("hackney", "--to", "2020-04", *SMALL), "Use 2020-03 or 2021-03."),
        (("hackney", "--to", "2020-01", *SMALL), "Use 2019-03 or 2020-03."),
        (("hackney", "--to", "2015-03", *SMALL), "Choose a March from 2016-03 to 2030-03."),
        (("hackney", "--to", "2031-03", *SMALL), "Choose a March from 2016-03 to 2030-03."),
        (("hackney", "--to", "soon", "--until", "2015-12", *SMALL), "`soon` is not a month"),
        (("hackney", "--to", "2016-03", "--draws", "1", "--uncalibrated"), "a band needs at least 2"),
        (("hakney", "--to", "2016-03", *SMALL), "Did you mean `hackney`?"),
        (("hackney", "--to", "2016-03"), "demandsim calibrate hackney --until 2015-03"),
    ],
)
def test_what_cannot_be_asked_is_told_in_words(here: Path, words: tuple[str, ...], told: str) -> None:
    result = call(*words, "--out", "elsewhere")
    assert result.exit_code == 2, result.output
    assert told in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    assert not (here / "elsewhere").exists()


def test_another_prediction_is_not_mixed_into_a_folder(here: Path) -> None:
    result = call("hackney", "--to", "2017-03", *SMALL, "--seed", "7", "--out", "out")
    assert result.exit_code == 2
    assert "Choose another folder with --out" in " ".join(result.stderr.split())


def test_later_official_values_move_nothing(here: Path) -> None:
    """An official value of a later year is added: no band and no naive forecast changes."""
    before = (here / "out" / "predictions.csv").read_bytes()
    path = here / "configs" / "series" / "hackney.toml"
    text = path.read_text(encoding="utf-8")
    last = '{ year = "2014/15", value = 58.8, published = 345 },'
    assert text.count(last) == 1
    longer = text.replace(last, f'{last}\n    {{ year = "2015/16", value = 170.4, published = 1_000 }},')
    longer = longer.replace('"2014/15" = 58_673', '"2014/15" = 58_673, "2015/16" = 58_673')
    path.write_text(longer, encoding="utf-8")
    try:
        result = call("hackney", "--to", "2017-03", *SMALL, "--out", "out", "--score-known")
        assert result.exit_code == 0, result.stderr
        assert (here / "out" / "predictions.csv").read_bytes() == before
        record = json.loads((here / "out" / "record.json").read_text(encoding="utf-8"))
        assert (record["scores"]["points"], record["scores"]["known_too"]) == (1, True)
    finally:
        path.write_text(text, encoding="utf-8")


def test_stopped_it_says_how_to_go_on(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("demandsim.study.prediction.predicting.run_prediction", stop)
    result = call("hackney", "--to", "2017-03", *SMALL, "--out", "stopped")
    assert result.exit_code == 130
    assert "The same command goes on from there." in result.stderr


def test_calibrated_draws_are_used_and_doubted_aloud(here: Path) -> None:
    """Draws calibrated to figures that go on to 2016, or of another place, and to beliefs that have changed since."""
    folder = here / "configs" / "calibrated"
    folder.mkdir()
    late_one = ("hackney_until_2015_03", "hackney", "2016-03")
    for name, place, until in (late_one, ("england_until_2014_03", "england", "2014-03")):
        text = f'[calibration]\nplace = "{place}"\nuntil = "{until}"\nbeliefs = "of another day"\n'
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        (folder / f"{name}.csv").write_text("needs.share_causal\n0.01\n0.99\n", encoding="utf-8")
    try:
        small = ("--households", "300", "--draws", "2", "--workers", "1")
        late = call("hackney", "--to", "2016-03", *small, "--out", "late")
        early = call("hackney", "--to", "2015-03", "--until", "2014-03", *small, "--out", "early")
    finally:
        shutil.rmtree(folder)
    assert (late.exit_code, early.exit_code) == (0, 0), late.stderr + early.stderr
    told = {
        name: json.loads((here / name / "record.json").read_text(encoding="utf-8"))["beliefs"]
        for name in ("late", "early")
    }
    assert told["late"]["calibrated"] == "hackney_until_2015_03"
    assert [said.split(":")[0] for said in told["late"]["doubts"]] == [
        "Their fit has looked at figures after 2015-03",
        "The configs have changed since",
    ]
    assert [said.split(":")[0] for said in told["early"]["doubts"]] == [
        "They are those of England",
        "The configs have changed since",
    ]
