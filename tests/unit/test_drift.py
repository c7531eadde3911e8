"""Early and late spending from results, the official lines beside it, and the page."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from small_configs import write_configs
from synthetic_results import make_results

from demandsim.comparison.drift import Drift, measure_drift
from demandsim.errors import ConfigError, RequestError
from demandsim.labels import PAYERS
from demandsim.parameters import Book, load_parameters
from demandsim.report import words
from demandsim.report.drift import drift_headline, write_drift
from demandsim.report.official import (
    GRANTS_TOO,
    OfficialLine,
    findings_table,
    load_lines,
    official_finding,
    official_shares,
)
from demandsim.study.official import check_official, load_findings, load_official

ROOT = Path(__file__).resolve().parents[2]
LIMITED = [payer for payer in PAYERS if payer not in ("dwp", "treasury", "households")]
LINES = [
    OfficialLine("Centres", "early", {"2010/11": 90.0, "2013/14": 60.0}, {"2010/11": 100.0, "2013/14": 60.0}, {}),
    OfficialLine("Care", "late", {"2010/11": 270.0, "2013/14": 340.0}, {"2010/11": 300.0, "2013/14": 340.0}, {}),
]


def _plain(early: list[float], late: list[float], failed: bool = False) -> xr.Dataset:
    """Results in which family support and care cost what is given, by year, in every run, and nothing else costs."""
    results = make_results("wins", draws=3, replicates=2, years=len(early), failed=int(failed))
    cost = xr.zeros_like(results["cost"])
    for service, yearly in (("family_support", early), ("looked_after", late)):
        place = {"account": "cash", "payer": "council_children", "category": service}
        cost.loc[place] = np.asarray(yearly)
    cost.loc[{"account": "cash", "payer": "dwp", "category": "family_support"}] = 1e9  # demand-led: not counted
    cost.loc[{"account": "activity", "payer": "nhs", "category": "looked_after"}] = 1e9  # not cash
    cost.loc[{"account": "cash", "payer": "nhs", "category": "emergency_care"}] = 1e9  # not a service
    results["cost"] = cost
    return results


@pytest.fixture
def drift() -> Drift:
    return measure_drift(_plain([30.0, 20.0, 10.0], [70.0, 80.0, 90.0]), LIMITED)


def test_the_early_share_is_of_services_that_cash_limited_purses_pay(drift: Drift) -> None:
    assert [e.mean for e in drift.share("as_now")] == pytest.approx([0.3, 0.2, 0.1])
    assert [e.mean for e in drift.spending("as_now", "late")] == [70.0, 80.0, 90.0]
    assert drift.change("as_now").mean == pytest.approx(-0.2)
    assert drift.late_change("as_now").mean == pytest.approx(2 / 7)
    assert drift.change("as_now").n_runs == 6
    assert drift.beyond("whole_system").mean == 0.0
    assert drift_headline(drift).startswith("Spending drifts from early to late: “As now”")


def test_many_scenarios_leave_the_headline_short(drift: Drift) -> None:
    many = [f"s{i}" for i in range(5)]
    more = Drift(drift.spent.isel(scenario=[0] * 5).assign_coords(scenario=many), drift.meta)
    assert drift_headline(more) == "Spending drifts from early to late: “S0”, “S1” and 3 others"


def test_a_failed_run_is_not_counted() -> None:
    drift = measure_drift(_plain([30.0, 20.0], [70.0, 80.0], failed=True), LIMITED)
    assert drift.change("as_now").n_runs == 6
    assert drift.change("whole_system").n_runs == 5
    assert drift.beyond("whole_system").n_runs == 5


def test_some_agencies_only() -> None:
    results = make_results("loses", years=3)
    everyone, children = measure_drift(results, LIMITED), measure_drift(results, LIMITED, ("council_children",))
    assert children.spending("as_now", "late")[0].mean < everyone.spending("as_now", "late")[0].mean
    with pytest.raises(RequestError, match="There is no early or late service"):
        measure_drift(results, LIMITED, ("police",))


def test_one_year_shows_no_drift() -> None:
    with pytest.raises(RequestError, match="two years or more"):
        measure_drift(_plain([30.0], [70.0]), LIMITED)


def test_runs_that_all_failed_are_refused() -> None:
    results = _plain([30.0, 20.0], [70.0, 80.0])
    results["status"] = xr.ones_like(results["status"])
    with pytest.raises(RequestError, match="Every run failed"):
        measure_drift(results, LIMITED)


def test_official_shares_need_every_line() -> None:
    assert official_shares(LINES) == {"2010/11": 0.25, "2013/14": 0.15}
    assert official_shares([]) == {}
    assert official_finding([]) == ""
    more = [replace(line, is_quoted=True) for line in LINES] + [replace(LINES[0], title="family support")]
    said = official_finding(more)
    assert said.startswith("Published: early help's share went from 25% to 15% between 2010/11 and 2013/14")
    assert "(Centres against Care)" in said
    assert said.endswith("with family support too, from 40% to 26%")
    assert words.points(-0.1234) == "12.3 points"


def test_the_page_says_that_grants_explain_official_figures_too(tmp_path: Path) -> None:
    results = make_results("unclear", years=4)
    everyone, children = measure_drift(results, LIMITED), measure_drift(results, LIMITED, ("council_children",))
    cited = [
        OfficialLine(one.title, one.side, one.cash, one.real, dict.fromkeys(one.cash, "A source")) for one in LINES
    ]
    text = write_drift(everyone, children, cited, "2015/16", tmp_path / "drift.html").read_text(encoding="utf-8")
    assert GRANTS_TOO in unescape(text)
    assert text.count("<svg") == 3
    assert text.count("<table") >= 4
    assert "Acting earlier, together" in text
    assert "20 runs" in text
    assert "http" not in text.replace("http://www.w3.org", "")


# -- official figures

OFFICIAL = """
[official.centres]
title = "Centres"
side = "early"
values = { "2013/14" = 80, "2016/17" = 84 }
sources = { "2013/14" = "borough_count_2015", "2016/17" = "trial_2012" }
"""


def _home(folder: Path, text: str = OFFICIAL) -> tuple[Path, Book]:
    home = write_configs(folder)
    (home / "official").mkdir()
    (home / "official" / "spending.toml").write_text(text)
    return home, load_parameters(home / "parameters")


def test_official_figures_are_deflated(tmp_path: Path) -> None:
    home, book = _home(tmp_path)
    (line,) = load_official(home, book)
    assert line.in_prices_of("2015/16", book) == pytest.approx({"2013/14": 82.0, "2016/17": 82.0})
    (shown,) = load_lines(home, book)
    assert shown.real == pytest.approx({"2013/14": 82.0, "2016/17": 82.0})
    assert shown.cited["2016/17"].endswith("[cited, not read]")
    assert check_official(home, book).sources == {"borough_count_2015", "trial_2012"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"trial_2012"', '"trial_2021"', "`trial_2021` is not in sources.toml. Did you mean `trial_2012`?"),
        ('"2016/17" = 84', '"2017/18" = 84', "there is no deflator for 2017/18"),
        (', "2016/17" = "trial_2012"', "", "has none for 2016/17"),
        ('"2016/17" = 84', '"2016/17" = -1', "`values.2016/17`"),
        ('"early"', '"middle"', "`side`"),
        ("[official.centres]", "[offical.centres]", "offical: is not a kind of table in `official/`"),
        ("\n[official.centres]", "\nofficial = 3\n[other]", "official: is not a kind of table"),
        ("\n[official.centres]", "\n[official]\ncentres = 3\n[official.more]", "official.centres: is not a table"),
    ],
)
def test_a_faulty_official_figure_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    home, book = _home(tmp_path, OFFICIAL.replace(old, new))
    with pytest.raises(ConfigError) as told:
        load_official(home, book)
    assert said in str(told.value)
    assert "spending.toml" in str(told.value)


def test_a_finding_needs_a_source(tmp_path: Path) -> None:
    said = '\n[finding.one]\ntitle = "Councils"\nsays = "It rose."\nsource = "trial_2012"\n'
    home, book = _home(tmp_path, OFFICIAL + said)
    (finding,) = load_findings(home, book)
    table = findings_table([finding], book)
    assert [cell.main for cell in table.rows[0]][:2] == ["Councils", "It rose."]
    (home / "official" / "spending.toml").write_text(OFFICIAL + said.replace("trial_2012", "trial_2021"))
    with pytest.raises(ConfigError, match=r"finding\.one, `source`.*Did you mean `trial_2012`"):
        load_findings(home, book)


def test_the_published_fall_of_early_help_is_as_cited() -> None:
    import tomllib

    text = (ROOT / "configs" / "official" / "children_services.toml").read_text(encoding="utf-8")
    lines = tomllib.loads(text)["official"]
    ends = {
        name: [round(line["values"][year] / 1e6) for year in ("2010/11", "2013/14")] for name, line in lines.items()
    }
    quoted = {name for name, line in lines.items() if line.get("is_quoted")}
    assert {name: ends[name] for name in quoted} == {"sure_start": [1397, 1054], "looked_after": [3036, 3661]}
    assert ends["family_support"] == [870, 1044]  # rose, and is not left out for that
