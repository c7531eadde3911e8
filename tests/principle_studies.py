"""A tiny study of three principles on the project's own configs, and chunks made up at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import numpy as np
from small_studies import write_configs

from demandsim.ledger.outcomes import OUTCOMES
from demandsim.study.luck import LuckJob

LETTERS: Final = "abc"
MOVES: Final = {
    "a": ("services.talking_therapies.fidelity", 1.3, "ratio"),
    "b": ("services.housing_options.cases_per_fte", 25, "cases per FTE"),
    "c": ("services.community_hub.staff", 3, "FTE per 10,000 households"),
}

STUDY: Final = """id = "tiny"
title = "Three principles"
question = "What does each add?"
place = "demo"
scenarios = ["as_now"]
start = "2016-04"
years = 2
run_in = 6
households = 200
draws = 2
replicates = 2
seed = 7
belief_cases = 0
"""


def principle_text(letter: str) -> str:
    """One principle as its file has it."""
    lever, value, unit = MOVES[letter]
    return f"""
[[principle]]
letter = "{letter}"
id = "the_{letter}"
title = "Principle {letter}"
mechanism = "Moves {lever}."
from = 2016-10-01
running_cost = {{ value = 0.1, unit = "GBP per household-month", price_year = "2015/16", source = "assumed" }}
set_up_cost = {{ value = 1, unit = "GBP", price_year = "2015/16", source = "assumed" }}

[[principle.move]]
lever = "{lever}"
value = {value}
unit = "{unit}"
source = "assumed"
"""


def write_principle_study(home: Path, study: str = STUDY) -> Path:
    """Copy the configs below a folder, with three principles and one tiny study; give the study's file."""
    file = write_configs(home, study, pinned=False)
    text = 'source = "assumed"\n' + "".join(principle_text(letter) for letter in LETTERS)
    (home / "configs" / "principles.toml").write_text(text, encoding="utf-8")
    return file


def make_chunk(job: LuckJob) -> dict[str, Any]:
    """Arrays of the right shapes at once, different for every luck and combination."""
    cash, programme, outcomes = [], [], []
    for scenario in job.scenarios:
        chance = np.random.default_rng([job.seed, job.luck, *scenario.id.encode()])
        cash.append(chance.normal(size=(13, job.years)))
        programme.append(chance.normal(size=job.years))
        outcomes.append(chance.normal(size=(len(OUTCOMES), job.years)))
    return {"cash": np.stack(cash), "programme": np.stack(programme), "outcome_value": np.stack(outcomes)}


def fail_second_draw(job: LuckJob) -> dict[str, Any]:
    """A model with a defect that shows in one draw."""
    if job.draw == 1:
        raise ZeroDivisionError("a defect")
    return make_chunk(job)


def stop_at_second_draw(job: LuckJob) -> dict[str, Any]:
    """Somebody who presses Ctrl-C, unless told not to."""
    if job.draw == 1 and "DEMANDSIM_TEST_GO_ON" not in os.environ:
        raise KeyboardInterrupt
    return make_chunk(job)
