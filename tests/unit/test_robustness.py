"""Regret, the worst case and signs over futures, against tables worked out by hand; and the page that tells them."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from demandsim.comparison.robustness import JUDGED_BY, judge
from demandsim.errors import RequestError
from demandsim.report.futures import read_futures, render_futures, write_futures_page

POLICIES = ("as_now", "early", "late")


def results_of(
    cash: list[list[float]], crisis: list[list[float]] | None = None, future: str = "steady", failed: int = 0
) -> xr.Dataset:
    """Results in which each scenario's run has this much cash, and so many months in crisis.

    ``failed`` lucks of the second scenario, the first ones, have failed.
    """
    money = np.array(cash, dtype=float)
    months = np.array(crisis if crisis is not None else cash, dtype=float)
    run = ("scenario", "draw", "replicate")
    status = np.zeros((*money.shape, 1), int)
    status[1, :failed] = 1
    meta = {
        "scenarios": {name: {"title": name.replace("_", " ").title(), "question": ""} for name in POLICIES},
        "place": {"title": "Town"},
        "not_known": ["What nobody knows."],
        "future": {"id": future, "title": future.title(), "story": f"It is {future}."},
    }
    return xr.Dataset(
        {
            "cost": (
                (*run, "account", "payer", "category", "year"),
                np.stack([money, 100 * money], axis=2)[:, :, None, :, None, None, None],
            ),
            "state_months": (
                (*run, "area", "need", "state", "year"),
                np.stack([500 - months, months], axis=2)[:, :, None, None, None, :, None],
            ),
            "unmet": ((*run, "need", "year"), months[:, :, None, None, None]),
            "activity": ((*run, "service", "event", "month"), np.ones((*money.shape, 1, 1, 5, 1))),
            "status": (run, status),
        },
        coords={
            "scenario": list(POLICIES[: len(money)]),
            "account": ["cash", "activity"],
            "payer": ["nhs"],
            "category": ["help"],
            "year": ["2016/17"],
            "state": ["none", "crisis"],
            "event": ["admitted", "wait_time", "completed", "dropped_out", "left_area"],
        },
        attrs={"meta": json.dumps(meta), "n_households": 1000},
    )


#: Differences from as now by draw: in the first future early is at -30 and late at -20, in the second +40 and +10.
CALM = [[100, 100, 100, 100], [60, 65, 75, 80], [75, 80, 80, 85]]
STORM = [[200, 200, 200, 200], [250, 240, 230, 240], [210, 215, 205, 210]]


@pytest.fixture
def both() -> dict[str, xr.Dataset]:
    return {"calm": results_of(CALM, future="calm"), "storm": results_of(STORM, future="storm")}


def test_differences_and_regrets_are_as_worked_out_by_hand(both: dict[str, xr.Dataset]) -> None:
    found = judge(both)
    means = {key: (one.difference.mean, one.regret.mean) for key, one in found.standings.items()}
    assert means == {
        ("calm", "as_now"): (0.0, 30.0),
        ("calm", "early"): (-30.0, 0.0),
        ("calm", "late"): (-20.0, 10.0),
        ("storm", "as_now"): (0.0, 0.0),
        ("storm", "early"): (40.0, 40.0),
        ("storm", "late"): (10.0, 10.0),
    }
    assert found.best == {"calm": "early", "storm": "as_now"}
    assert (found.baseline, found.futures, found.policies) == ("as_now", ("calm", "storm"), POLICIES)


def test_the_cautious_choose_by_the_worst_future_and_the_regretful_by_the_largest_regret(
    both: dict[str, xr.Dataset],
) -> None:
    found = judge(both)
    assert {policy: one.worst for policy, one in found.verdicts.items()} == {"as_now": 0, "early": 40, "late": 10}
    largest = {policy: one.largest_regret for policy, one in found.verdicts.items()}
    assert largest == {"as_now": 30, "early": 40, "late": 10}
    assert (found.maximin, found.minimax_regret) == ("as_now", "late")


def test_regret_is_paired_run_by_run(both: dict[str, xr.Dataset]) -> None:
    late = judge(both).standings["calm", "late"].regret  # run by run 15, 15, 5, 5
    assert (late.low, late.high) == (5.0, 15.0)
    assert late.n_runs == 4
    assert judge(both).standings["calm", "early"].regret.standard_error == 0.0


def test_shares_count_runs_over_all_futures(both: dict[str, xr.Dataset]) -> None:
    verdicts = judge(both).verdicts
    assert [(one.n_better, one.n_runs) for one in verdicts.values()] == [(0, 8), (4, 8), (4, 8)]
    assert verdicts["early"].share_better == 0.5


@pytest.mark.parametrize(
    ("calm", "storm", "sign", "is_sure"),
    [
        ([-1, -2, -3, -4], [-4, -3, -2, -1], "less", True),
        ([-1, -2, -3, -4], [-40, -3, 2, 10], "less", False),
        ([1, 2, 3, 4], [1, 1, 1, 1], "more", True),
        ([1, 2, 3, 4], [-9, 4, 4, 4], "more", False),
        ([1, 2, 3, 4], [-1, -2, -3, -4], "changes", False),
        ([1, 2, 3, 4], [0, 0, 0, 0], "changes", False),
        ([0, 0, 0, 0], [0, 0, 0, 0], "none", True),
        ([-1, 1, -1, 1], [0, 0, 0, 0], "none", False),
        ([-1, -2, -3], [-4, -3, -2], "less", False),
    ],
)
def test_a_sign_is_the_same_only_where_every_future_has_it(
    calm: list[float], storm: list[float], sign: str, is_sure: bool
) -> None:
    futures = {
        name: results_of([[10] * len(moved), [10 + one for one in moved]])
        for name, moved in (("calm", calm), ("storm", storm))
    }
    verdict = judge(futures).verdicts["early"]
    assert (verdict.sign, verdict.is_sure) == (sign, is_sure)


def test_months_in_crisis_are_judged_on_their_own(both: dict[str, xr.Dataset]) -> None:
    turned = {
        "calm": results_of(CALM, [[10] * 4, [9] * 4, [12] * 4]),
        "storm": results_of(STORM, [[10] * 4, [8] * 4, [12] * 4]),
    }
    found = judge(turned, "crisis_months")
    assert (found.maximin, found.minimax_regret) == ("early", "early")
    assert found.verdicts["late"].sign == "more"
    assert found.standings["storm", "late"].regret.mean == 4
    assert judge(turned, "cash").standings.keys() == found.standings.keys()
    assert JUDGED_BY == ("cash", "crisis_months")


def test_a_failed_run_is_left_out_of_its_pair(both: dict[str, xr.Dataset]) -> None:
    found = judge({**both, "calm": results_of(CALM, failed=2)})
    standing = found.standings["calm", "early"]
    assert (standing.difference.n_runs, standing.difference.mean) == (2, -22.5)
    assert found.standings["calm", "late"].difference.n_runs == 4
    assert found.verdicts["early"].n_runs == 6


def test_what_cannot_be_judged_is_refused(both: dict[str, xr.Dataset]) -> None:
    with pytest.raises(RequestError, match="at least two futures"):
        judge({"calm": both["calm"]})
    with pytest.raises(RequestError, match="one scenario only"):
        judge({name: one.isel(scenario=[0]) for name, one in both.items()})
    with pytest.raises(RequestError, match="do not hold the same scenarios"):
        judge({**both, "calm": both["calm"].isel(scenario=[0, 1])})
    with pytest.raises(RequestError, match="not judged by `unmet_months`"):
        judge(both, "unmet_months")
    with pytest.raises(RequestError, match="`early` succeeded in no run beside `as_now` in the future `calm`"):
        judge({**both, "calm": results_of(CALM, failed=4)})


def test_the_record_and_the_frame_say_the_same(both: dict[str, xr.Dataset]) -> None:
    found = judge(both)
    record = json.loads(json.dumps(found.record(), allow_nan=False))
    assert (record["maximin"], record["minimax_regret"], record["unit"]) == ("as_now", "late", "GBP")
    frame = found.frame()
    assert len(frame) == len(record["rows"]) == 6
    row = frame[(frame.future == "storm") & (frame.policy == "early")].iloc[0]
    assert (row["difference"], row["regret"], row["runs"]) == (40.0, 40.0, 4)


def test_the_page_tells_every_figure_with_its_runs(both: dict[str, xr.Dataset], tmp_path: Path) -> None:
    case = read_futures(both)
    html = render_futures(case, "demandsim futures x --out DIR")
    assert html == render_futures(case, "demandsim futures x --out DIR")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>|\N{WORD JOINER}", " ", html).replace("\N{NO-BREAK SPACE}", " "))
    assert "Early: whether it costs less depends on the future" in text
    assert "whoever fears the worst future would choose “As Now”" in text
    assert "fears having chosen wrongly “Late”" in text
    assert "Calm: It is calm." in text
    assert "4 runs of each policy in each" in text
    assert "What nobody knows." in text
    assert "demandsim futures x --out DIR" in text
    assert (html.count("<svg"), html.count("<table")) == (8, 9), "a table beside every picture, and one of all"
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert "http" not in html.replace("http://www.w3.org", "")
    written = write_futures_page(case, tmp_path / "sub" / "page.html")
    assert written.read_text(encoding="utf-8") == render_futures(case)


def test_a_sure_sign_is_said_to_be_sure_and_an_unsure_one_not(both: dict[str, xr.Dataset]) -> None:
    surely = {name: results_of([[10] * 4, [5, 6, 7, 8], [1, 5, 8, 20]], future=name) for name in both}
    html = render_futures(read_futures(surely))
    assert "Early: it costs less in all 2 futures; it has fewer months in crisis in all 2 futures" in html
    assert re.search(r"Late: it costs less in all 2 futures on average, surely in none of them;", html)


def test_no_run_is_no_share() -> None:
    from demandsim.comparison.robustness import Verdict

    assert math.isnan(Verdict(0.0, 0.0, 0, 0, "none", False).share_better)
