"""A small account, and results of the services it names, made up so that every answer can be worked out by hand.

Ten households stand for a hundred. As now the council's temporary accommodation costs 100 a year for the ten, the
other purse's 300; family support is posts at 50. ``better`` cuts accommodation by a fifth and adds 10 of posts,
``worse`` adds a tenth; each run is scaled by its own factor, so that runs differ.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr

from demandsim.comparison.account import AccountAnswer
from demandsim.comparison.demand_answers import DemandAnswer
from demandsim.comparison.demand_lines import DemandLine, answer_line, council_rise, spent_by_purse
from demandsim.comparison.meta import Meta
from demandsim.labels import EVENTS
from demandsim.policy.account import load_account
from demandsim.report.account import write_account as write_account_page

CONFIGS: Final = Path(__file__).resolve().parents[1] / "configs"

ACCOUNT: Final = """
id = "plan"
title = "A plan"
question = "Does it add up?"
price_year = "2015/16"
horizon = "2017/18"
gap = "gap"
scenarios = ["better", "worse"]

[simulation]
place = "demo"

[[figure]]
name = "gap"
title = "Gap"
value = 10
unit = "GBP m"
source = "assumed"

[[figure]]
name = "total"
title = "Saved in all"
value = 7.5
unit = "GBP m"
source = "assumed"

[[figure]]
name = "income"
title = "Of which income"
value = 3
unit = "GBP m"
wording = "nearly"
source = "assumed"

[[figure]]
name = "posts"
title = "Posts"
value = 40
unit = "posts"
source = "assumed"

[[check]]
title = "Saved in all"
figure = "total"
[[check.way]]
title = "sum of the blocks"
of = ["blocks"]

[[check]]
title = "Of which income"
figure = "income"
[[check.way]]
title = "income and nothing else"
of = ["only:income"]
[[check.way]]
title = "with what is partly income"
of = ["any:income"]

[[check]]
title = "Staffing for each post"
unit = "GBP"
[[check.way]]
title = "staffing over posts"
of = ["any:staffing"]
over = ["figure:posts"]
times = 1_000_000

[[block]]
name = "people"
title = "People"
total = 4.6
source = "assumed"

[[block.line]]
name = "demand"
title = "Less demand"
kind = "demand"
amount = 2.5
year = "2017/18"
mark = "simulated"
services = ["family_support", "temporary_accommodation"]
source = "assumed"

[[block.line]]
name = "staff"
title = "Fewer staff"
kind = "staffing"
amount = 2.1
mark = "stated"
source = "assumed"

[[block]]
name = "places"
title = "Places"
source = "assumed"

[[block.line]]
name = "shops"
title = "Shops"
kind = "income"
amount = 1.9
mark = "stated"
source = "assumed"

[[block.line]]
name = "wardens"
title = "Wardens"
kind = "income"
also = ["staffing"]
amount = 1.0
mark = "stated"
source = "assumed"
"""

#: Of each run: how large everything is.
SIZES: Final = (1.0, 2.0, 0.5, 0.25)
MEAN_SIZE: Final = sum(SIZES) / len(SIZES)
#: Accommodation under each scenario, beside as now.
FALLS: Final = {"as_now": 1.0, "better": 0.8, "worse": 1.1}


def write_account(folder: Path, old: str = "", new: str = "") -> Path:
    """The account's file, with one passage of it changed."""
    assert old in ACCOUNT, old
    (folder / "accounts").mkdir(parents=True, exist_ok=True)
    path = folder / "accounts" / "plan.toml"
    path.write_text(ACCOUNT.replace(old, new, 1) if old else ACCOUNT, encoding="utf-8")
    return path


def make_account_results(overspend: float = 0.0, failed: int = 0) -> xr.Dataset:
    """Results over 2016/17 and 2017/18; ``overspend`` is what posts' lists buy beyond capacity, in all three worlds."""
    sizes = np.array(SIZES).reshape(2, 2)
    scenarios, years = list(FALLS), ["2016/17", "2017/18"]
    payers, categories = ["council_housing", "dwp"], ["family_support", "temporary_accommodation", "programme"]
    months = [f"{2016 + (m + 3) // 12}-{(m + 3) % 12 + 1:02d}" for m in range(24)]
    cost = np.zeros((3, 2, 2, 2, 2, 3, 2))  # scenario, draw, replicate, account, payer, category, year
    activity = np.zeros((3, 2, 2, 2, len(EVENTS), 24))
    for position, name in enumerate(scenarios):
        for payer, share in enumerate((100.0, 300.0)):
            cost[position, :, :, :, payer, 1] = (sizes * share * FALLS[name])[..., None, None]
        cost[position, :, :, :, 0, 0] = (sizes * (60.0 if name == "better" else 50.0))[..., None, None]
        cost[position, :, :, :, 0, 0] += overspend
        activity[position, :, :, 1, EVENTS.index("case_time")] = (sizes * 5.0 * FALLS[name])[..., None]
        activity[position, :, :, 0, EVENTS.index("completed")] = 0.0 if name == "better" else 2.0
        activity[position, :, :, 0, EVENTS.index("recovered")] = 0.0 if name == "better" else 0.5
        activity[position, :, :, 0, EVENTS.index("admitted")] = 4.0
        activity[position, :, :, 0, EVENTS.index("case_time")] = 4.0 * FALLS[name]
        # As now three months are waited, but in the last month none; under `better` one, in every month.
        activity[position, :, :, 0, EVENTS.index("wait_time")] = 4.0 if name == "better" else 12.0
        activity[position, :, :, 0, EVENTS.index("wait_time"), -1] = 4.0 if name == "better" else 0.0
    beyond = np.zeros((3, 2, 2, 2, 2))
    beyond[:, :, :, 0] = overspend
    rate = np.broadcast_to(np.array([10.0, 40.0, 10.0]).reshape(3, 1, 1, 1, 1), (3, 2, 2, 1, 2))
    states = np.zeros((3, 2, 2, 1, 1, 1, 2))
    states[1] = 12.0
    status = np.zeros((3, 2, 2), int)
    status[1].reshape(-1)[:failed] = 1
    run = ("scenario", "draw", "replicate")
    return xr.Dataset(
        {
            "cost": ((*run, "account", "payer", "category", "year"), cost),
            "overspend": ((*run, "service", "year"), beyond),
            "activity": ((*run, "service", "event", "month"), activity),
            "outcome_value": ((*run, "outcome", "year"), rate),
            "state_months": ((*run, "area", "need", "state", "year"), states),
            "status": (run, status),
        },
        coords={
            "scenario": scenarios, "draw": [0, 1], "replicate": [0, 1], "account": ["cash", "activity"],
            "payer": payers, "category": categories, "year": years, "service": categories[:2], "event": list(EVENTS),
            "month": months, "outcome": ["main_duty_acceptances"], "area": ["all"], "need": ["housing"],
            "state": ["crisis"],
        },
        attrs={"n_households": 10, "n_households_full": 100, "price_year": "2015/16", "meta": {}},
    )  # fmt: skip


def make_answer(lines: dict[str, DemandAnswer], price_year: str = "2015/16") -> AccountAnswer:
    """An answer about lines alone, from the made-up results."""
    results = make_account_results()
    spent, rise = spent_by_purse(results, "2017/18"), council_rise(results, "2017/18")
    return AccountAnswer(
        "2017/18", lines, {}, {}, spent, "2016/17", rise, "as_now", 4, 0, 10, 100, price_year, Meta()
    )  # fmt: skip


def write_made_up_page(path: Path) -> Path:
    """The page of a real plan, its demand lines answered from made-up results."""
    account = load_account(CONFIGS / "accounts" / "barking_and_dagenham_2016.toml")
    read = DemandLine(
        make_account_results(), ("family_support", "temporary_accommodation"), frozenset(), "2017/18", 1e4
    )
    lines = {line.name: answer_line(read, ["better", "worse"], 4.5e6) for line in account.simulated_lines}
    answer = make_answer(lines, "2016/17")
    return write_account_page(account, path, answer, "demandsim account barking_and_dagenham_2016")
