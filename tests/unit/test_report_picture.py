"""The picture of a comparison: whole, named for those who cannot see it, and the same every time."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from synthetic_results import make_results

from demandsim.comparison.paired import compare
from demandsim.errors import RequestError
from demandsim.report.picture import draw_picture, purse_differences, write_picture

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_well_formed_and_says_what_it_shows(tmp_path: Path) -> None:
    comparison = compare(make_results("wins"), "whole_system")
    path = write_picture(comparison, tmp_path / "deep" / "picture.svg")
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    description = root.findtext(f"{SVG}desc") or ""
    assert root.get("role") == "img"
    assert comparison.meta.scenario_title("whole_system") in (root.findtext(f"{SVG}title") or "")
    for label, _ in purse_differences(comparison):
        assert f"{label}: " in description
    assert [entry.name for entry in path.parent.iterdir()] == ["picture.svg"]


def test_all_purses_together_come_first_and_add_up_to_the_rest() -> None:
    named = purse_differences(compare(make_results("wins"), "whole_system"))
    assert named[0][0] == "All agencies together"
    assert sum(estimate.mean for _, estimate in named[1:]) == pytest.approx(named[0][1].mean)
    sizes = [abs(estimate.mean) for _, estimate in named[1:]]
    assert sizes == sorted(sizes, reverse=True)


def test_the_same_results_give_the_same_bytes() -> None:
    comparison = compare(make_results("unclear"), "whole_system")
    assert draw_picture(comparison) == draw_picture(comparison)


def test_a_picture_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RequestError, match="could not be written"):
        write_picture(compare(make_results("wins"), "whole_system"), tmp_path / "file" / "picture.svg")
