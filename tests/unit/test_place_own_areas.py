"""A council's own areas: read as documented, and every fault told at once with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from demandsim.errors import ConfigError
from demandsim.place import load_areas_csv, load_place

GOOD = """area,households,decile,owner,social,private,other
Harbour,1240,1,0.31,0.44,0.24,0.01
Mill Hill,980,4,0.58,0.17,0.24,0.01
Northfield,1515,8,0.79,0.06,0.14,0.01
"""


def _csv(folder: Path, text: str) -> Path:
    path = folder / "areas.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _told(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_areas_csv(path)
    return [str(fault).removeprefix(path.as_posix() + ", ") for fault in caught.value.faults]


def test_areas_are_read(tmp_path: Path) -> None:
    areas = load_areas_csv(_csv(tmp_path, GOOD))
    assert [area.name for area in areas] == ["Harbour", "Mill Hill", "Northfield"]
    assert [area.decile for area in areas] == [1, 4, 8]
    assert [area.share for area in areas] == [1240 / 3735, 980 / 3735, 1515 / 3735]
    assert areas[0].tenure == (0.31, 0.44, 0.24, 0.01)


def test_the_example_in_the_documentation_is_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "own_areas.md").read_text(encoding="utf-8")
    areas_csv, place_toml = (page.split(f"```{kind}\n")[1].split("```")[0] for kind in ("csv", "toml"))
    _csv(tmp_path, areas_csv)
    (tmp_path / "place.toml").write_text(place_toml, encoding="utf-8")
    place = load_place(tmp_path / "place.toml")
    assert place.households == 3735
    assert [area.name for area in place.areas] == ["Harbour", "Mill Hill", "Northfield"]


def test_scores_become_deciles_and_spreadsheet_marks_are_no_matter(tmp_path: Path) -> None:
    areas = load_areas_csv(_csv(tmp_path, "\ufeffArea,Households,Score\r\nA,10,60.2\r\n\r\nB,30,1.5\r\n"))
    assert [(area.decile, area.share, area.tenure) for area in areas] == [(1, 0.25, None), (10, 0.75, None)]


def test_all_faults_are_told_with_their_lines(tmp_path: Path) -> None:
    told = _told(
        _csv(tmp_path, "area,households,decile\nA,100,3\nA,200,3\n,50,2\nB,many,11\nC,0,4\nD,12.5,2.5\nE,10\nF,nan,\n")
    )
    assert told == [
        "line 3, `area`: `A` is already on line 2. Keep one line an area.",
        "line 4, `area`: is empty. Name the area.",
        "line 5, `households`: `many` is not a number. Write digits only, such as 1250 or 0.25.",
        "line 5, `decile`: is 11. Deciles are 1 (most deprived) to 10.",
        "line 6, `households`: is 0. Give a whole number of at least 1.",
        "line 7, `households`: is 12.5. Give a whole number of at least 1.",
        "line 7, `decile`: is 2.5. Deciles are 1 (most deprived) to 10.",
        "line 8: has 2 cells; the header has 3. Check the commas.",
        "line 9, `households`: `nan` is not a number. Write digits only, such as 1250 or 0.25.",
        "line 9, `decile`: is empty. Fill it in.",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no areas"),
        ("area,households,decile\n", "holds no areas"),
        ("area,decile\nA,3\n", "column `households` is missing"),
        ("area,households\nA,3\n", "no column `decile` or `score`"),
        ("area,households,decile,score\nA,3,1,50\n", "are both there"),
        ("area,households,decile,area\nA,3,1,A\n", "column `area` is there 2 times"),
        ("area,households,decil\nA,3,1\n", "Did you mean `decile`?"),
        ("area,households,decile,owner\nA,3,1,1\n", "`social`, `private`, `other` not"),
        ("area,households,decile,owner,social,private,other\nA,3,1,.5,.2,.2,.2\n", "sum to 1.100"),
        ("area,households,decile,owner,social,private,other\nA,3,1,1.5,-.5,0,0\n", "A share is between 0 and 1"),
        ("area,households,score\nA,3,-2\n", "Scores are never negative"),
    ],
)
def test_a_faulty_file_says_what_to_mend(tmp_path: Path, text: str, told: str) -> None:
    assert any(told in fault for fault in _told(_csv(tmp_path, text)))


def test_a_missing_or_unreadable_file_is_a_fault(tmp_path: Path) -> None:
    assert "there is no such file" in _told(tmp_path / "none.csv")[0]
    latin = tmp_path / "latin.csv"
    latin.write_bytes("area,households,decile\nCafé,10,1\n".encode("latin-1"))
    assert "is not UTF-8" in _told(latin)[0]


def test_a_place_has_its_own_areas_or_deciles_not_both(tmp_path: Path) -> None:
    _csv(tmp_path, GOOD)
    top = 'id = "t"\ntitle = "T"\nlike = "england"\nareas_file = "areas.csv"\n'
    deciles = ", ".join(f"decile_{i} = 1" for i in range(1, 11))
    text = f'{top}[areas.by_decile]\nvalue = {{ {deciles} }}\nunit = "count"\nmeaning = "M."\n'
    text += 'source = "assumed"\nevidence = "assumed"\nrole = "constant"\n'
    (tmp_path / "place.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="states both"):
        load_place(tmp_path / "place.toml")
