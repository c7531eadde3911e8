"""The command line: every command once, and every mistake told in words, with exit code 2 and no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_studies import write_configs
from typer.testing import CliRunner, Result

from demandsim.cli import app
from demandsim.ledger.results import read_results

ROOT = Path(__file__).resolve().parents[2]
RUNNER = CliRunner()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with configs and the results of a tiny study."""
    folder = tmp_path_factory.mktemp("home")
    write_configs(folder)
    before = Path.cwd()
    os.chdir(folder)
    try:
        result = call("run", "tiny", "--out", "out/tiny", "--workers", "1")
    finally:
        os.chdir(before)
    assert result.exit_code == 0, result.stderr
    assert "4 lucks in out/tiny: 4 run now, 0 were there, 0 failed." in result.stderr
    return folder


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(home)
    return home


def call(*words: str) -> Result:
    return RUNNER.invoke(app, list(words), prog_name="demandsim")


def refused(result: Result) -> str:
    """What a command that could not be done said; it left with 2 and no traceback."""
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.stderr
    assert not isinstance(result.exception, (ValueError, OSError, KeyError))
    return result.stderr


def test_help_is_quick_and_lists_every_command() -> None:
    command = [sys.executable, "-m", "demandsim", "--help"]
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.3
    for name in (
        "run",
        "compare",
        "brief",
        "demo",
        "check",
        "explain",
        "beliefs",
        "levers",
        "pin",
        "schema",
        "receipts",
        "fit",
    ):
        assert f"\n  {name} " in done.stdout


def test_the_version() -> None:
    assert call("--version").stdout.startswith("demandsim 0.")


def test_a_typo_is_answered_with_the_nearest_command() -> None:
    result = call("comprae")
    assert result.exit_code == 2
    assert "compare" in result.stderr


def test_compare_prints_all_scenarios(here: Path) -> None:
    result = call("compare", "out/tiny")
    assert result.exit_code == 0
    for text in ("Cash, all agencies", "Whole place, whole system", "A service that does nothing", "Months in crisis"):
        assert text in result.stdout


def test_compare_two_and_as_json(here: Path) -> None:
    result = call("compare", "out/tiny", "--scenario", "null_service", "--against", "whole_system")
    assert "Who pays more and who gains" in result.stdout
    assert "Council" in result.stdout
    told = json.loads(call("compare", "out/tiny", "--scenario", "null_service", "--json").stdout)
    assert {row["scenario"] for row in told["rows"]} == {"as_now", "null_service"}
    cash = next(r["difference"] for r in told["rows"] if r["scenario"] == "null_service" and r["measure"] == "cash")
    assert sum(row["difference"] for row in told["pockets"]) == pytest.approx(cash)
    whole = json.loads(call("compare", "out/tiny", "--json").stdout)
    assert whole["baseline"] == "as_now"
    results = read_results("out/tiny")
    level = next(r["level"] for r in whole["rows"] if r["scenario"] == "as_now" and r["measure"] == "cash")
    cash_now = results["cost"].sel(scenario="as_now", account="cash").sum(["payer", "category", "year"])
    assert level == pytest.approx(float(cash_now.mean()))


def test_brief_writes_one_page(here: Path) -> None:
    result = call("brief", "out/tiny", "-o", "out/brief.html")
    assert result.exit_code == 0, result.stderr
    page = (here / "out" / "brief.html").read_text(encoding="utf-8")
    assert "Whole place, whole system" in page
    assert "demandsim run tiny --out DIR" in page


def test_a_brief_of_drafts_is_refused_until_they_are_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_configs(tmp_path, pinned=False)
    monkeypatch.chdir(tmp_path)
    run = ("run", "tiny", "--out", "out", "--draws", "1", "--workers", "1")
    assert call(*run).exit_code == 0
    said = refused(call("brief", "out", "-o", "brief.html"))
    assert "2 scenarios are drafts" in said
    assert "demandsim pin configs/scenarios/whole_system.toml configs/scenarios/null_service.toml" in said
    pinned = call("pin", *(str(path) for path in sorted(Path("configs/scenarios").glob("*.toml"))))
    assert pinned.exit_code == 0
    assert "as_now@sha256:" in pinned.stdout
    assert "0 run now, 2 were there" in call(*run).stderr
    assert call("brief", "out", "-o", "brief.html").exit_code == 0


def test_demo_runs_compares_and_writes_its_brief(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_configs(tmp_path)
    file.with_name("demo.toml").write_text(file.read_text().replace('id = "tiny"', 'id = "demo"'))
    monkeypatch.chdir(tmp_path)
    result = call("demo", "--workers", "1")
    assert result.exit_code == 0, result.stderr
    assert "Cash, all agencies" in result.stdout
    assert "The brief: out/demo/brief.html" in result.stdout
    assert "What this size cannot tell: " in result.stdout
    assert "60 households simulated" in result.stdout
    assert (tmp_path / "out" / "demo" / "brief.html").is_file()


def test_check_counts_files_and_finds_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_configs(tmp_path)
    monkeypatch.chdir(tmp_path)
    file.write_text(file.read_text().replace('start = "2016-04"', 'start = "2016-05"'))
    place = tmp_path / "configs" / "places" / "hackney.toml"
    place.write_text(place.read_text().replace('source = "census_2011"', 'source = "census_1911"', 1))
    target = tmp_path / "configs" / "targets" / "sefton.toml"
    target.write_text(target.read_text().replace("low = ", "low = 9999  # ", 1))
    result = call("check")
    assert result.exit_code == 2
    assert "a study starts in an April" in result.stdout
    assert "`census_1911` is not in sources.toml" in result.stdout
    assert "is not within 9999 to" in result.stdout
    assert "1 studies, 4 targets" in result.stdout
    assert "nothing uses" not in result.stdout


def test_explain_levers_schema_receipts(here: Path) -> None:
    assert "Hazard ratio" in call("explain", "effects.debt_advice.hazard_ratio").stdout
    assert "scenario whole_system" in call("explain", "practice.whole_household").stdout
    assert "practice.records_matched" in call("levers", "practice").stdout
    assert "pro_rata, early_first, by_value" in call("levers", "budget").stdout
    assert call("schema", "--out", "out/schema").exit_code == 0
    study = json.loads((here / "out" / "schema" / "study.schema.json").read_text())
    assert "households" in study["properties"]
    done = call("receipts", "R12")
    assert done.exit_code == 0
    assert "9 of 9 receipts agree." in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "tiny", "--out", "x", "--households", "0"), "--households: is 0; it must be a whole number from 1 up"),
        (("run", "tiny", "--out", "x", "--households", "many"), "--households: is 'many'"),
        (("run", "tiny", "--out", "x", "--years", "-2"), "--years: is -2; it must be greater than or equal to 1"),
        (("run", "tiny", "--out", "x", "--years", "16"), "--years: is 16"),
        (("run", "tiny", "--out", "x", "--draws", "0"), "--draws: is 0"),
        (("run", "tiny", "--out", "x", "--workers", "0"), "0 workers cannot run anything"),
        (("run", "tiny", "--out", "x", "--place", "hackny"), "--place: there is no place `hackny`. Did you mean"),
        (("run", "tny", "--out", "x"), "there is no such file. Did you mean `tiny.toml`?"),
        (("run", "tiny", "--out", "out/tiny", "--seed", "8"), "What differs: seed (7 there, 8 here). Choose"),
        (("compare", "out/tiny", "--scenario", "whole_sistem"), "There is no scenario `whole_sistem`"),
        (("compare", "out/tiny", "--against", "nowhere"), "There is no scenario `nowhere`"),
        (("compare", "out/tiny", "--scenario", "as_now"), "would be compared with itself"),
        (("compare", "nowhere"), "holds no results. Run a study first"),
        (("brief", "nowhere", "-o", "b.html"), "holds no results"),
        (("brief", "out/tiny", "-o", "out/tiny/study.json/b.html"), "could not be written"),
        (("explain", "family_suport"), "Nearest: `services.family_support`"),
        (("levers", "zzz"), "There is no lever whose name holds `zzz`"),
        (("pin", "configs/scenarios/as_now.toml"), "it is a baseline itself"),
        (("pin", "configs/scenarios/nowhere.toml"), "there is no such file"),
        (("receipts", "R99"), "There is no receipt group `R99`"),
        (("fit", "nowhere"), "there is no such file"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_words(here: Path, words: tuple[str, ...], told: str) -> None:
    said = refused(call(*words))
    assert told in " ".join(said.split())


def test_a_start_before_its_changes_or_not_in_april_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_configs(tmp_path)
    monkeypatch.chdir(tmp_path)
    text = file.read_text()
    file.write_text(text.replace('"2016-04"', '"2018-04"'))
    assert "2017-04-01 is 12 months before the start, 2018-04" in refused(call("run", "tiny", "--out", "x"))
    file.write_text(text.replace('"2016-04"', '"2016-10"'))
    assert "a study starts in an April" in refused(call("run", "tiny", "--out", "x"))
    file.write_text(text.replace('"whole_system", "null', '"whole_sistem", "null'))
    assert "there is no scenario `whole_sistem`. Did you mean `whole_system`?" in refused(
        call("run", "tiny", "--out", "x")
    )
    file.write_text("id = ")
    assert "is not valid TOML" in refused(call("run", "tiny", "--out", "x"))
    assert not Path("x").exists()


def test_an_unwritable_folder_is_told(here: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refused(call("run", "tiny", "--out", str(tmp_path / "file" / "out")))
    assert "Choose a folder with --out" in said
    if os.geteuid():  # root may write anywhere
        (tmp_path / "shut").mkdir(mode=0o500)
        assert "Choose a folder you may write to" in refused(
            call("run", "tiny", "--out", str(tmp_path / "shut" / "out"))
        )
    assert "cannot be read or written" in refused(call("run", "tiny", "--out", "/proc/demandsim"))


def test_a_truncated_shard_is_named_and_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_configs(tmp_path)
    monkeypatch.chdir(tmp_path)
    run = ("run", "tiny", "--out", "out", "--draws", "1", "--workers", "1")
    assert call(*run).exit_code == 0
    shard = sorted(Path("out/lucks").iterdir())[0]
    shard.write_bytes(shard.read_bytes()[:500])
    said = refused(call("compare", "out"))
    assert f"{shard.as_posix()}: is truncated or damaged. Run the same command again" in said
    assert "1 run now, 1 were there" in call(*run).stderr
    assert call("compare", "out").exit_code == 0
