"""The page, the tables and the command of an appraisal: what they say, from figures whose answer is known."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from synthetic_appraisal import make_appraised
from typer.testing import CliRunner

from demandsim.cli import app
from demandsim.comparison.paired import compare
from demandsim.comparison.value import Appraisal
from demandsim.report import write_appraisal
from demandsim.report.appraisal_page import appraisal_json, appraisal_sections
from demandsim.report.sections.appraisal import headline, ratio_cell


def words_of(found: Appraisal) -> str:
    """Everything that a terminal is told."""
    parts = []
    for section in appraisal_sections(found, is_drawn=False):
        parts += [section.heading, *section.paragraphs, *section.points]
        for exhibit in section.exhibits:
            parts += [exhibit.finding, exhibit.sentence]
            if exhibit.table:
                cells = [cell for row in exhibit.table.rows for cell in row]
                parts += [exhibit.table.caption, *exhibit.table.head]
                parts += [text for cell in cells for text in (cell.main, cell.sub)]
                assert all(len(row) == len(exhibit.table.head) for row in exhibit.table.rows)
    return "\n".join(parts)


def appraised(**settings: Any) -> Appraisal:
    return Appraisal(compare(make_appraised(**settings), "earlier"))


def test_the_headline_follows_the_figures() -> None:
    found = appraised()
    assert headline(found) == (
        "Public agencies together lose £1,210; "
        "each year of life in full health gained takes £70,000 of public resources"
    )
    gains = headline(appraised(factors=[5.0] * 5))
    assert gains.startswith("Public agencies together gain £")
    assert gains.endswith("quality of life is gained, and public resources are saved")
    assert headline(appraised(years_lost=0.01)).endswith("quality of life is lost")
    assert headline(appraised(draws=3)) == "Too few runs to tell what it is worth: 3 runs"
    either = headline(appraised(factors=[9.0, -9.0, 9.0, -9.0, 9.0], years_lost=0.0))
    assert either == "Public agencies together could gain or lose; quality of life does not change"
    unsure = headline(appraised(factors=[9.0, -9.0, 9.0, -9.0, 9.0]))
    assert unsure.endswith("quality of life is gained, and public resources could be spent or saved")


def test_every_kind_is_there_and_none_is_added() -> None:
    said = words_of(appraised())
    for text in (
        "Public money, agency by agency",
        "Benefit–cost ratio",
        "Three kinds of value, side by side and never added",
        "Social: quality of life, middle price",
        "£62,000 a year",
        "the opposite of pages that show differences in spending",
        "40% for what is assumed",
        "Work: 2 more successes counted, 6 months with the need fewer",
        "75%",
        "nothing spent",
        "year 3 (2018/19)",
        "The same money spent on more of today's services is not in this study.",
    ):
        assert text in said
    assert not re.search(r"\bnan\b|None", said)


def test_a_cost_that_is_luck_gets_no_ratio() -> None:
    found = appraised(factors=[-3.0, -3.0, 1.0, 1.0, 1.0])  # benefits are a cost in the mean, in two runs of five
    dwp = next(one for one in found.fiscal if one.name == "dwp")
    assert ratio_cell(dwp.ratio).main == "no clear outlay"
    assert ratio_cell(dwp.ratio).sub == "in 2 of 5 runs"


def test_the_page_is_one_file_and_says_the_same_twice(tmp_path: Path) -> None:
    comparison = compare(make_appraised(), "earlier")
    first, second = (write_appraisal(comparison, tmp_path / name / "page.html") for name in ("a", "b"))
    html = first.read_text(encoding="utf-8")
    assert html == second.read_text(encoding="utf-8")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert html.count("<svg") == 3
    assert not re.search(r'(?:src|href)="https?:', html)


def test_json_holds_every_figure() -> None:
    told = json.loads(appraisal_json(appraised()))
    assert [one["name"] for one in told["fiscal"]] == ["council", "nhs", "dwp", "all together"]
    total = told["fiscal"][-1]["net"]["mean"]
    assert total == pytest.approx(told["resources"]["net"]["mean"] + told["transfers"]["net"]["mean"])
    assert total == pytest.approx(sum(one["net"]["mean"] for one in told["fiscal"][:-1]))
    assert set(told["social"]) == {"low", "middle", "high"}
    assert told["gains_graded"] == "published"


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["appraise", str(tmp_path)], prog_name="demandsim")
    assert result.exit_code == 2
    assert "holds no results" in result.stderr
