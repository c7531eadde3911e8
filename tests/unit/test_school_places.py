"""School places: stated figures and the place's growth, added up."""

from __future__ import annotations

from pathlib import Path

import pytest

from demandsim.errors import RequestError
from demandsim.place import Place, load_place
from demandsim.place.schooling import COUNTED, count_pupils, forms_of, places_of
from demandsim.report.schooling import schooling_lines

PLACES = Path(__file__).resolve().parents[2] / "configs" / "places"


@pytest.fixture(scope="module")
def hackney() -> Place:
    return load_place(PLACES / "hackney.toml")


@pytest.mark.parametrize("first", ["2015-04", "2021-04"])  # before and after the year of the count
def test_children_follow_the_place_from_the_year_in_which_they_were_counted(hackney: Place, first: str) -> None:
    still = count_pupils(hackney, first, 3, 0.0)
    assert [row.primary for row in still] == pytest.approx([63_866 * 7 / 18] * 4)
    assert all(row.more_primary == row.more_secondary == 0.0 for row in still)
    growing = count_pupils(hackney, first, 3, 1.0)
    pace = (106_074 / 101_690) ** (1 / 10)
    assert growing[3].secondary / growing[0].secondary == pytest.approx(pace**3, rel=1e-4)  # households are whole
    assert (growing[0].primary < still[0].primary) == (first < "2019")


def test_nine_forms_of_entry_are_so_many_places_and_so_much_growth(hackney: Place) -> None:
    assert places_of(9.0, 6.5) == (1_890.0, 975.0)
    more = count_pupils(hackney, "2015-04", 6, 1.0)[-1].more_primary
    text = "\n".join(schooling_lines(hackney, "2015-04", 6, (9.0, 6.5), [1.0]))
    assert f"growth fills {more / 1_890:.0%} of them" in text
    assert "added up" in text


def test_forms_are_those_given_or_those_the_place_states(hackney: Place) -> None:
    assert forms_of(hackney) == (9.0, 6.5)
    assert forms_of(hackney, [2.0, 0.0]) == (2.0, 0.0)
    with pytest.raises(RequestError, match="not negative"):
        forms_of(hackney, [2.0, -1.0])
    with pytest.raises(RequestError, match=r"Sefton.*\n?.*--forms PRIMARY SECONDARY"):
        forms_of(load_place(PLACES / "sefton.toml"))


def test_a_place_where_children_were_not_counted_says_so(hackney: Place) -> None:
    uncounted = hackney.model_copy(update={"beliefs": {k: v for k, v in hackney.beliefs.items() if k != COUNTED}})
    with pytest.raises(RequestError, match="children have not been counted in Hackney"):
        count_pupils(uncounted, "2015-04", 3, 1.0)
