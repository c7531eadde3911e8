"""A council's indicators beside results: figures worked out by hand, faults told, the page and its JSON."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from small_configs import write_configs
from synthetic_results import make_results
from typer.testing import CliRunner

from demandsim.cli import app
from demandsim.comparison.indicators import choose_set, show_indicators
from demandsim.errors import ConfigError, RequestError
from demandsim.parameters import Book, load_parameters
from demandsim.report.indicators import indicator_sections, indicators_headline, indicators_json, write_indicators
from demandsim.study.books import ENGLAND, load_book
from demandsim.study.indicator_sets import IndicatorSet, check_indicators, load_indicator_sets

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
#: Half as many again claim and do not look, or look and do not claim.
CONVERSION = """
[[indicator.conversion]]
value = 1.5
low = 1.0
high = 2.0
meaning = "who look for each who claims"
source = "trial_2012"
"""
SMALL = """id = "small"
title = "A small set"
place = "demo"
source = "borough_count_2015"

[[indicator]]
name = "care"
title = "Children in care"
unit = "per 10,000 children"
measured_by = "A department"
published = 77.0
year = "2015"
source = "trial_2012"
outcome = "looked_after_stock"

[[indicator]]
name = "jobless"
title = "Unemployment"
unit = "%"
measured_by = "A survey"
outcome = "employment_deprived_share"
only_states = ["emerging", "established"]
times = 100
differs = "Claims and not answers."

[[indicator]]
name = "pay"
title = "Low pay"
unit = "GBP a year"
measured_by = "A survey"
not_modelled = "Nobody earns here."
"""


def _write(tmp_path: Path, text: str = SMALL) -> Path:
    home = write_configs(tmp_path)
    for folder, name, content in (("places", "demo", ""), ("indicators", "small", text)):
        (home / folder).mkdir()
        (home / folder / f"{name}.toml").write_text(content, encoding="utf-8")
    return home


def _set(tmp_path: Path) -> tuple[IndicatorSet, Book]:
    home = _write(tmp_path)
    book = load_parameters(home / "parameters")
    return load_indicator_sets(home, book)[0], book


def _results(failed: int = 0) -> xr.Dataset:
    """Two years in which care is 80 then 90 as now, and 5 less in each under the second scenario; half are jobless."""
    results = make_results(draws=3, replicates=2, years=2, failed=failed).sel(scenario=["as_now", "whole_system"])
    values = np.zeros((2, 3, 2, 2, 2))
    values[..., 0, :] = [80.0, 90.0]
    values[1, ..., 0, :] -= 5.0
    values[..., 1, :] = [0.10, 0.20]
    dims = ("scenario", "draw", "replicate", "outcome", "year")
    kept = results.drop_vars(["outcome_value", "outcome"])
    kept["outcome_value"] = (dims, values, {"unit": "by outcome", "meaning": "outcomes", "combine": "mean"})
    kept = kept.assign_coords(outcome=["looked_after_stock", "employment_deprived_share"])
    months = xr.zeros_like(kept["state_months"])
    for state, time in (("none", 900.0), ("emerging", 10.0), ("established", 15.0), ("complex", 20.0), ("crisis", 5.0)):
        months.loc[{"need": "work", "state": state}] = time
    kept["state_months"] = months
    made: xr.Dataset = kept
    return made


def test_a_stock_is_the_last_years_and_a_difference_is_paired(tmp_path: Path) -> None:
    care = show_indicators(_results(), _set(tmp_path)[0])[0]
    assert care.first is not None
    assert (care.first.mean, care.first_year) == (80.0, "2016/17")
    assert (care.when, care.under[0].level.mean, care.under[0].change) == ("2017/18", 90.0, None)
    assert care.under[1].change is not None
    assert (care.under[1].change.mean, care.under[1].change.n_runs) == (-5.0, 6)


def test_a_part_of_the_states_in_the_published_unit(tmp_path: Path) -> None:
    jobless = show_indicators(_results(), _set(tmp_path)[0])[1]
    assert jobless.indicator.mark == "nearest"
    assert jobless.when == "mean of 2016/17 to 2017/18"
    # 25 of 50 months out of work are in the two states counted: half of 10% and of 20%.
    assert jobless.first is not None
    assert jobless.first.mean == pytest.approx(5.0)
    assert jobless.under[0].level.mean == pytest.approx(7.5)


def test_a_stated_conversion_multiplies_levels_and_differences_and_tells_its_ends(tmp_path: Path) -> None:
    differs = 'differs = "Claims and not answers."\n'
    home = _write(tmp_path, SMALL.replace(differs, differs + CONVERSION))
    book = load_parameters(home / "parameters")
    (chosen,) = load_indicator_sets(home, book)
    jobless = show_indicators(_results(), chosen)[1]
    assert jobless.first is not None
    assert jobless.first.mean == pytest.approx(7.5)
    assert jobless.indicator.factor_span == (100.0, 200.0)
    assert check_indicators(home, book).sources == {"borough_count_2015", "trial_2012"}
    measured = indicator_sections(_results(), chosen, show_indicators(_results(), chosen), book, is_drawn=False)[0]
    said = measured.exhibits[1].sentence
    assert "1.5 who look for each who claims (1 to 2;" in said
    assert "the 7.5 simulated would be 5 to 10" in said


def test_where_no_run_differs_the_page_does_not_call_it_certain(tmp_path: Path) -> None:
    (chosen, book), results = _set(tmp_path), _results()
    care, jobless = indicator_sections(results, chosen, show_indicators(results, chosen), book, is_drawn=False)[
        0
    ].exhibits
    assert "Not one of the 6 runs differs under any scenario" in jobless.sentence
    assert "Not one" not in care.sentence


def test_a_failed_run_is_not_counted(tmp_path: Path) -> None:
    care = show_indicators(_results(failed=1), _set(tmp_path)[0])[0]
    assert care.under[1].change is not None
    assert (care.under[0].level.n_runs, care.under[1].change.n_runs) == (6, 5)


def test_the_page_holds_every_indicator_and_its_reason(tmp_path: Path) -> None:
    (chosen, book), results = _set(tmp_path), _results()
    shown = show_indicators(results, chosen)
    assert indicators_headline(shown).startswith("Of 3 indicators, 1 simulated as published, 1 by the nearest")
    written = write_indicators(results, chosen, shown, book, tmp_path / "page.html")
    text = unescape(written.read_text(encoding="utf-8")).replace("\N{NO-BREAK SPACE}", " ")
    for said in ("77 published for 2015", "80 simulated for 2016/17", "Nobody earns here.", "Claims and not answers."):
        assert said in text
    assert "−5" in text.replace("\N{WORD JOINER}", "")
    assert "6 runs" in text
    assert text.count("<svg") == 1, "where nothing differs there is nothing to draw"
    assert "http" not in text.replace("http://www.w3.org", "")


def test_results_of_another_place_are_told_apart(tmp_path: Path) -> None:
    (chosen, book), results = _set(tmp_path), _results()
    there = indicator_sections(results, chosen, show_indicators(results, chosen), book, is_drawn=False)[0]
    assert "The published figures are of another place than these results" in there.paragraphs[1]
    here = _results().assign_attrs(place="demo")
    own = indicator_sections(here, chosen, show_indicators(here, chosen), book, is_drawn=False)[0]
    assert len(own.paragraphs) == 1


def test_json_has_a_row_for_each_scenario_and_null_for_what_is_unknown(tmp_path: Path) -> None:
    chosen, _ = _set(tmp_path)
    rows = json.loads(indicators_json(_results(), chosen, show_indicators(_results(), chosen)))["rows"]
    care = [row for row in rows if row["indicator"] == "care"]
    assert [row["scenario"] for row in care] == ["as_now", "as_now", "whole_system"]
    assert (care[2]["difference"], care[2]["runs"], care[2]["published"]) == (-5.0, 6, 77.0)
    (pay,) = [row for row in rows if row["indicator"] == "pay"]
    assert (pay["mark"], pay["published"], pay["why_not"]) == ("not modelled", None, "Nobody earns here.")


def test_the_set_of_the_place_is_chosen(tmp_path: Path) -> None:
    one, _ = _set(tmp_path)
    other = one.model_copy(update={"id": "other", "place": "hackney"})
    assert choose_set(_results(), [one, other]).id == "other"
    assert choose_set(_results(), [one]).id == "small"
    assert choose_set(_results(), [one, other], "small").id == "small"
    with pytest.raises(RequestError, match="There is no set `none_such`"):
        choose_set(_results(), [one, other], "none_such")
    with pytest.raises(RequestError, match="not clear which set"):
        choose_set(_results().assign_attrs(place="england"), [one, other])


def test_results_without_the_outcome_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="These results hold no `looked_after_stock`"):
        show_indicators(make_results(draws=2, years=2), _set(tmp_path)[0])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('outcome = "looked_after_stock"', 'outcome = "looked_after_stok"', "there is no outcome `looked_after_stok`"),
        ('outcome = "looked_after_stock"', "", "has neither `outcome` nor `not_modelled`"),
        ('not_modelled = "Nobody', 'outcome = "mean_trust"\nnot_modelled = "Nobody', "has both"),
        ('source = "trial_2012"', 'source = "trial_2013"', "`trial_2013` is not in sources.toml"),
        ('source = "trial_2012"', "", "without its `year` or `source`"),
        ("published = 77.0", "", "has a year or a source and no `published` figure"),
        ('"emerging", "established"]', '"emerging", "none"]', "`none` is no state of need"),
        ('"employment_deprived_share"', '"mean_trust"', "goes only with employment_deprived_share"),
        ('place = "demo"', 'place = "dem"', "there is no place `dem`"),
        ('id = "small"', 'id = "large"', "is `large`"),
        ('name = "pay"', 'name = "care"', "stands here twice"),
        ('differs = "Claims and not answers."', CONVERSION, "does not say what it `differs` in"),
        ('differs = "Claims and not answers."', CONVERSION.replace("2.0", "1.2"), "lies outside its own ends"),
        ('differs = "Claims and not answers."', CONVERSION.replace("trial", "trail"), "`trail_2012` is not in"),
        ('title = "Low pay"', 'titel = "Low pay"', "is not a key here"),
    ],
)
def test_a_faulty_set_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert SMALL.count(old) == 1
    home = _write(tmp_path, SMALL.replace(old, new))
    with pytest.raises(ConfigError, match=said):
        load_indicator_sets(home, load_parameters(home / "parameters"))


def test_every_indicator_of_the_note_is_there_and_cited() -> None:
    book = load_book(CONFIGS, ENGLAND)
    (plan,) = load_indicator_sets(CONFIGS, book)
    marks = {one.name: one.mark for one in plan.indicators}
    assert len(marks) == 9
    assert (marks["children_in_care"], marks["unemployment"]) == ("modelled", "nearest")
    assert marks["repeat_domestic_violence"] == "nearest"
    assert sum(mark == "not modelled" for mark in marks.values()) == 5
    section = check_indicators(CONFIGS, book)
    assert not section.faults
    assert section.sources == {
        "lbbd_plan_2016",
        "imd_2019",
        "dfe_ssda903_2015",
        "gmb_employment_2016",
        "commons_library_2017",
    }


def test_the_command_refuses_a_folder_without_results(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["indicators", str(tmp_path)], prog_name="demandsim")
    assert result.exit_code == 2
    assert "holds no results" in result.stderr
