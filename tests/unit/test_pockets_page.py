"""The page and the tables of who pays and who gains: what they say, from figures whose answer is known."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from synthetic_pages import pockets_page
from synthetic_results import make_results

from demandsim.comparison.horizons import WrongPockets
from demandsim.comparison.paired import compare
from demandsim.report import write_pockets
from demandsim.report.pockets_page import pockets_json, pockets_sections
from demandsim.report.sections.alone import what_share_means, year_words
from demandsim.report.sections.transfers import headline, separately_words


def wrong(flavour: str, **settings: int) -> WrongPockets:
    return compare(make_results(flavour, **settings), "whole_system").wrong_pockets()


@pytest.fixture(scope="module", params=["wins", "loses", "unclear"])
def found(request: pytest.FixtureRequest) -> WrongPockets:
    return wrong(request.param)


def words_of(found: WrongPockets) -> str:
    """Everything that a terminal is told."""
    parts = []
    for section in pockets_sections(found, is_drawn=False):
        parts += [section.heading, *section.paragraphs, *section.points]
        for exhibit in section.exhibits:
            parts += [exhibit.finding, exhibit.sentence]
            if exhibit.table:
                cells = [cell for row in exhibit.table.rows for cell in row]
                parts += [exhibit.table.caption, *exhibit.table.head]
                parts += [text for cell in cells for text in (cell.main, cell.sub)]
    return "\n".join(parts)


def test_each_flavour_gets_its_own_answer() -> None:
    assert "paid over between purses leaves nobody worse off" in headline(wrong("wins"))
    loses = wrong("loses")
    assert headline(loses) == "There are no fixed payments after which nobody is worse off in 80% of runs"
    said = words_of(loses)
    assert "All purses together lose in all 20 runs" in said
    assert "Somebody from outside would have to add £55.0 million" in said
    assert "would not break even in 80% of runs within 60 years" in said


def test_every_figure_has_its_runs_and_every_chart_its_table(found: WrongPockets) -> None:
    from demandsim.report.svg import chart_style

    with chart_style():
        sections = pockets_sections(found)
    drawn = [exhibit for section in sections for exhibit in section.exhibits if exhibit.svg]
    assert [section.name for section in sections] == ["matrix", "alone", "transfers", "horizons"]
    assert len(drawn) == 6
    for exhibit in drawn:
        assert exhibit.table is not None
        assert "20 runs" in exhibit.table.caption
    assert all(len(row) <= len(e.table.head) for s in sections for e in s.exhibits if e.table for row in e.table.rows)


def test_the_rules_are_stated_in_words(found: WrongPockets) -> None:
    said = words_of(found)
    assert "each payer's share of all extra pay, times what each gainer gained" in said
    assert "agreed before anyone knows how it turns out" in said
    assert "With 20 runs, 80% means 16 of them." in said
    assert "nan" not in said
    assert "None" not in said


def test_few_runs_are_told() -> None:
    few = wrong("wins", draws=3, replicates=1)
    said = what_share_means(few.whole.whole.saves, few.whole.jointly.n_needed)
    assert "With 3 runs, 80% means 3 of them, that is every one of them. That is few" in said
    assert "With 2 runs" in words_of(wrong("wins", draws=2, replicates=1))
    assert "too few independent runs" in words_of(wrong("wins", draws=2, replicates=1))


def test_horizons_that_are_not_covered_say_how_to_run_them() -> None:
    said = words_of(wrong("wins", years=6))
    assert "10 years are not in these results. Run: demandsim run configs/studies/whole_place.toml" in said
    assert "--years 15 --out DIR, then: demandsim pockets DIR." in said
    results = make_results("wins", years=3)
    results.attrs["command"] = "demandsim.run(place, book, scenarios, years=3)"
    said = words_of(compare(results, "whole_system").wrong_pockets())
    assert "5 years are not in these results. Run the study again with 5 years." in said


def test_what_nothing_changes_is_told_as_nothing(tmp_path: Path) -> None:
    results = make_results("wins", draws=3, years=2).isel(scenario=[0, 0]).assign_coords(scenario=["as_now", "copy"])
    same = compare(results, "copy").wrong_pockets()
    assert {one.verdict for one in same.whole.alone} == {"not touched"}
    assert headline(same) == "Nobody is worse off in 80% of runs, so no payment is needed"
    assert separately_words(same).endswith("no payment is needed.")
    assert "No purse spends more or less in any run." in words_of(same)
    assert write_pockets(same.comparison, tmp_path / "same.html").is_file()


def test_failed_runs_are_left_out() -> None:
    here = wrong("wins", failed=4)
    assert here.whole.jointly.n_runs == 16
    assert "16 runs" in words_of(here)


@pytest.mark.parametrize("flavour", ["wins", "loses", "unclear"])
def test_the_page_is_one_file_with_unique_ids(flavour: str) -> None:
    html = pockets_page(flavour)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert html.count("<h1>") == 1
    assert not re.search(r'(?:src|href)="https?:', html)
    assert "Who pays and who gains, from a simulation" in html
    assert headline(wrong(flavour)) in html


def test_same_results_same_page(tmp_path: Path) -> None:
    path = write_pockets(wrong("unclear").comparison, tmp_path / "new" / "pockets.html")
    assert path.read_text(encoding="utf-8") == pockets_page("unclear")


def test_json_holds_every_figure_and_adds_up(found: WrongPockets) -> None:
    told = json.loads(pockets_json(found))
    assert told["runs"] == 20
    assert [one["years"] for one in told["horizons"]] == [5, 10]
    assert told["horizons_missing"] == [15]
    purse = {row["purse"]: row["difference"] for row in told["pockets"]}
    for name, difference in purse.items():
        pays = sum(row["difference"] for row in told["matrix"] if row["payer"] == name)
        gains = sum(row["difference"] for row in told["matrix"] if row["gainer"] == name)
        assert pays - gains == pytest.approx(difference, abs=1e-3)
    by_year = sum(row["difference"] for row in told["matrix_by_year"])
    assert by_year == pytest.approx(sum(row["difference"] for row in told["matrix"]))
    last = told["horizons"][-1]["jointly"]
    assert last["exist"] == (last["total"] is not None) == (last["missing"] == 0)


def test_departments_take_the_place_of_the_council() -> None:
    comparison = compare(make_results("wins"), "whole_system")
    said = words_of(comparison.wrong_pockets(departments=True))
    assert "Council: children" in said
    assert "The council" not in said
    told = json.loads(pockets_json(comparison.wrong_pockets(departments=True)))
    assert "council_children" in {row["payer"] for row in told["pockets"]}


def test_years_in_words() -> None:
    assert year_words(None, ["2016/17"]) == "never"
    assert year_words(0, ["2016/17"]) == "year 1 (2016/17)"
