"""``demandsim account``: a plan as stated, a plan asked of the model, and mistakes told in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_studies import write_configs
from typer.testing import CliRunner, Result

from demandsim.cli import app

RUNNER = CliRunner()

PLAN = """id = "small_plan"
title = "A small plan"
question = "Could less demand give it?"
price_year = "2016/17"
horizon = "2016/17"
scenarios = ["whole_system"]

[simulation]
place = "demo"
years = 1
run_in = 12
households = 60
draws = 1
replicates = 1

[[figure]]
name = "total"
title = "Saved in all"
value = 3.0
unit = "GBP m"
source = "assumed"

[[check]]
title = "Saved in all"
figure = "total"
[[check.way]]
title = "sum of the blocks"
of = ["blocks"]

[[block]]
name = "people"
title = "People"
source = "assumed"

[[block.line]]
name = "less_demand"
title = "Less demand"
kind = "demand"
amount = 2.5
mark = "simulated"
services = ["temporary_accommodation", "looked_after", "family_support"]
source = "assumed"

[[target]]
name = "preventions"
title = "Homelessness prevented"
value = 3.2
unit = "per 1,000 households per year"
mark = "simulated"
measure = "prevention"
service = "housing_options"
event = "completed"
averted = "main_duty_acceptances"
without = "no_housing_options"
source = "assumed"

[[target]]
name = "adaptations"
title = "Wait for a major adaptation"
value = 29
unit = "weeks"
mark = "simulated"
measure = "wait"
service = "home_adaptations"
scenarios = ["adaptations_doubled"]
source = "assumed"
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    write_configs(folder)
    (folder / "configs" / "accounts" / "small_plan.toml").write_text(PLAN, encoding="utf-8")
    return folder


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(home)
    return home


def call(*words: str) -> Result:
    return RUNNER.invoke(app, ["account", *words], prog_name="demandsim")


def test_a_plan_as_stated(here: Path) -> None:
    result = call("barking_and_dagenham_2016", "--stated", "-o", "out/plan.html")
    assert result.exit_code == 0, result.stderr
    for text in ("£49.79 million", "£49.515 million", "£11.4 million", "£15.99 million", "Nothing", "simulated"):
        assert text.lower() in result.stdout.lower()
    page = (here / "out" / "plan.html").read_text(encoding="utf-8")
    assert "Nothing was simulated for this page" in page
    assert "demandsim account barking_and_dagenham_2016 --stated" in page


def test_a_plan_as_json(here: Path) -> None:
    told = json.loads(call("hackney_2014", "--stated", "--json").stdout)
    assert told["answer"] is None
    assert told["total"] == 4
    assert {line["mark"] for line in told["lines"]} == {"simulated", "stated", "not modelled"}


def test_a_plan_asked_of_the_model_goes_on_where_it_was_stopped(here: Path) -> None:
    words = ("small_plan", "--out", "out/small", "--workers", "1")
    first = call(*words, "-o", "out/small.html")
    assert first.exit_code == 0, first.stderr
    assert "1 lucks in out/small: 1 run now, 0 were there, 0 failed." in first.stderr
    assert "1 run: too few to say" in first.stdout
    assert "Homelessness prevented. The target is 3.2" in first.stdout
    assert "Wait for a major adaptation. The target is 29 weeks" in first.stdout
    again = call(*words, "--json")
    assert "0 run now, 1 were there" in again.stderr
    line = json.loads(again.stdout)["answer"]["lines"]["less_demand"]
    assert line["needed"]["amount"] == 2.5e6
    assert line["reached"][0]["enough"]["n_runs"] == 1
    wait = json.loads(again.stdout)["answer"]["waits"]["adaptations"]
    assert wait["tried"][0]["scenario"] == "adaptations_doubled"
    assert wait["tried"][0]["posts"] == pytest.approx(2 * wait["now"]["posts"], rel=0.01)
    assert "60 of the place" in (here / "out" / "small.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_more_runs_say_more(here: Path) -> None:
    result = call("small_plan", "--out", "out/more", "--workers", "1", "--households", "1500", "--draws", "4", "--json")
    answer = json.loads(result.stdout)["answer"]
    assert answer["n_runs"] == 4
    needed = answer["lines"]["less_demand"]["needed"]
    assert needed["demand_led"]["low"] < needed["demand_led"]["high"]
    assert 0 < needed["share"]["low"] < needed["share"]["high"], (
        "more than all of it may be needed, never less than none"
    )
    assert answer["preventions"]["preventions"]["counted"]["mean"] > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no_such_plan",), "there is no such file"),
        (("small_plan", "--households", "0"), "--households: is 0"),
        (("small_plan", "--draws", "0"), "--draws: is 0"),
        (("small_plan", "--years", "40"), "--years: is 40"),
    ],
)
def test_a_mistake_is_told_in_words(words: tuple[str, ...], said: str, here: Path) -> None:
    result = call(*words)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_every_fault_of_a_plan_is_told_at_once(here: Path) -> None:
    spoiled = PLAN.replace('"looked_after"', '"looked_aftre"').replace('source = "assumed"', 'source = "assumd"', 1)
    spoiled = spoiled.replace('scenarios = ["whole_system"]', 'scenarios = ["whole_sistem"]')
    path = here / "configs" / "accounts" / "small_plan_2.toml"
    path.write_text(spoiled.replace("small_plan", "small_plan_2"), encoding="utf-8")
    result = call("small_plan_2", "--stated")
    path.unlink()
    assert result.exit_code == 2
    for said in ("Did you mean `looked_after`?", "Did you mean `whole_system`?", "`assumd` is not in sources.toml"):
        assert said in result.stderr
