"""The people of a place: addressed, in the stated shares, moving at the published rate, and never drifting far."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from demandsim.chance import PlaceDecision, draw_uniforms
from demandsim.errors import RequestError
from demandsim.labels import AGE_BANDS, HOUSEHOLD_TYPES, TENURES
from demandsim.place import Area, Place, load_place, population
from demandsim.place.population import CHANGED, PLACE_KEY, REPLACED, Events, Population, build_population
from demandsim.place.reading import preset_folder
from demandsim.place.step import ADULTS as ADULTS_CODE
from demandsim.place.step import CHILD_AGE, FIRST_CLOCK, TENURE, normal_quantile

N, MONTHS, FIRST = 30_000, 120, 24_192
HOUSEHOLD = ("household_type", "adults", "children", "age_band", "frailty_z", "take_up_z", "occupant")
DTYPES = dict(zip(HOUSEHOLD, (*["uint8"] * 4, "float32", "float32", "uint16"), strict=True))


@pytest.fixture(scope="module")
def place() -> Place:
    return load_place(preset_folder() / "hackney.toml")


@pytest.fixture(scope="module")
def people(place: Place) -> Population:
    return build_population(place, N, FIRST, MONTHS, seed=7)


def _month_of_each(events: Events) -> np.ndarray:
    return np.repeat(np.arange(len(events.event_start) - 1), np.diff(events.event_start))


def _at(people: Population, month: int) -> dict[str, np.ndarray]:
    """The columns as they stand at the start of a month."""
    now = {name: getattr(people, name).copy() for name in HOUSEHOLD}
    for earlier in range(month + 1):
        here = people.events.of_month(earlier)
        for name in HOUSEHOLD:
            now[name][people.events.row[here]] = getattr(people.events, name)[here]
    return now


def _bytes(people: Population) -> bytes:
    columns = [people.area, people.tenure, *(getattr(people, name) for name in HOUSEHOLD)]
    events = people.events
    columns += [events.event_start, events.row, events.kind, *(getattr(events, name) for name in HOUSEHOLD)]
    return b"".join(column.tobytes() for column in columns)


def test_columns_have_their_types_and_cannot_be_written(people: Population) -> None:
    assert people.area.dtype == np.uint16
    assert people.tenure.dtype == np.uint8
    assert (people.events.row.dtype, people.events.kind.dtype) == (np.int32, np.uint8)
    for name, dtype in DTYPES.items():
        assert getattr(people, name).dtype == getattr(people.events, name).dtype == dtype
    row_bytes = sum(getattr(people.events, name).itemsize for name in (*HOUSEHOLD, "row", "kind"))
    assert row_bytes <= 20
    with pytest.raises(ValueError, match="read-only"):
        people.children[0] = 1


def test_same_seed_same_bytes_and_another_seed_other_people(place: Place, people: Population) -> None:
    assert _bytes(build_population(place, N, FIRST, MONTHS, seed=7)) == _bytes(people)
    assert _bytes(build_population(place, N, FIRST, MONTHS, seed=8)) != _bytes(people)


def test_one_more_household_changes_nothing_else(place: Place) -> None:
    fewer, more = (build_population(place, n, FIRST, MONTHS, seed=3) for n in (999, 1000))
    for name in ("area", "tenure", *HOUSEHOLD):
        np.testing.assert_array_equal(getattr(more, name)[:-1], getattr(fewer, name))
    old = more.events.row < 999
    assert not old.all()
    for name in ("row", "kind", *HOUSEHOLD):
        np.testing.assert_array_equal(getattr(more.events, name)[old], getattr(fewer.events, name))
    np.testing.assert_array_equal(_month_of_each(more.events)[old], _month_of_each(fewer.events))


def test_a_longer_or_later_run_meets_the_same_lives(place: Place) -> None:
    short, long = (build_population(place, 2000, FIRST, n, seed=3) for n in (60, 180))
    n = len(short.events)
    np.testing.assert_array_equal(long.events.event_start[:61], short.events.event_start)
    for name in ("row", "kind", *HOUSEHOLD):
        np.testing.assert_array_equal(getattr(long.events, name)[:n], getattr(short.events, name))
    assert _bytes(build_population(place, 2000, FIRST + 12, 60, seed=3)) == _bytes(short)


def test_events_are_sorted_one_a_row_and_month_none_in_the_first(people: Population) -> None:
    events = people.events
    assert events.event_start[0] == events.event_start[1] == 0
    assert events.event_start[-1] == len(events) > 0
    order = _month_of_each(events).astype(np.int64) * N + events.row
    assert (np.diff(order) > 0).all()


def test_an_event_replaces_or_changes_and_says_which(people: Population) -> None:
    events = people.events
    by_row = np.argsort(events.row, kind="stable")
    rows = events.row[by_row]
    first = np.append(True, rows[1:] != rows[:-1])
    for name in ("occupant", "frailty_z", "take_up_z"):
        after = getattr(events, name)[by_row]
        before = np.where(first, getattr(people, name)[rows], np.append(after[:1], after[:-1]))
        replaced = events.kind[by_row] == REPLACED
        assert (after[~replaced] == before[~replaced]).all()
        assert (after != before)[replaced].mean() > (0.999999 if name == "occupant" else 0.99)
    assert set(np.unique(events.kind)) == {REPLACED, CHANGED}


def test_household_type_says_who_is_there_and_children_live_where_it_says(people: Population) -> None:
    for columns in (people, people.events):
        with_children = np.char.endswith(np.array(HOUSEHOLD_TYPES), "children")[columns.household_type]
        assert ((columns.children > 0) == with_children).all()
        assert (columns.household_type % 3 + 1 == np.minimum(columns.adults, 3)).all()
        assert columns.children.max() == 4
        assert columns.adults.min() == 1


@pytest.mark.parametrize(
    ("figure", "column", "labels"),
    [
        ("tenure.mix", "tenure", TENURES),
        ("household_type.mix", "household_type", HOUSEHOLD_TYPES),
    ],
)
def test_shares_match_the_place(
    place: Place, people: Population, figure: str, column: str, labels: tuple[str, ...]
) -> None:
    stated = place.figures(figure, labels)
    found = np.bincount(getattr(people, column), minlength=len(labels)) / N
    assert (np.abs(found - stated) < 4 * np.sqrt(stated * (1 - stated) / N) + 1e-4).all()


def test_ages_and_numbers_of_children_match_the_place(place: Place, people: Population) -> None:
    has = people.children > 0
    for name, who in (("age.with_children", has), ("age.without_children", ~has)):
        stated = place.figures(name, AGE_BANDS)
        found = np.bincount(people.age_band[who], minlength=6) / who.sum()
        assert (np.abs(found - stated) < 4 * np.sqrt(stated * (1 - stated) / who.sum())).all()
    stated = place.figures("children.per_household", ("1", "2", "3", "4"))
    found = np.bincount(people.children[has], minlength=5)[1:] / has.sum()
    assert (np.abs(found - stated) < 4 * np.sqrt(stated * (1 - stated) / has.sum())).all()


def test_areas_fill_evenly_at_any_size(place: Place, people: Population) -> None:
    for n in (144, 1000, N):
        counts = np.bincount(people.area[:n], minlength=len(place.areas))
        assert np.abs(counts - n / len(place.areas)).max() <= 3


def test_an_area_keeps_its_own_tenure(place: Place) -> None:
    mine = place.model_copy(
        update={
            "areas": (
                Area(name="a", decile=1, share=0.25, tenure=(0.0, 1.0, 0.0, 0.0)),
                Area(name="b", decile=9, share=0.75, tenure=(1.0, 0.0, 0.0, 0.0)),
            )
        }
    )
    people = build_population(mine, 4000, FIRST, 2, seed=1)
    assert (people.area == 0).mean() == pytest.approx(0.25, abs=0.002)
    assert (people.tenure == np.where(people.area == 0, 1, 0)).all()


@pytest.mark.parametrize("name", ["hackney", "barking_and_dagenham", "sefton"])
def test_as_many_dwellings_change_hands_as_published(name: str) -> None:
    place = load_place(preset_folder() / f"{name}.toml")
    people = build_population(place, 60_000, FIRST, 13, seed=11)
    moved = place.figure("churn.moved_in_year")
    new = (_at(people, 12)["occupant"] > 0).mean()
    assert new == pytest.approx(moved, abs=0.02 * moved + 4 * np.sqrt(moved * (1 - moved) / 60_000))


def test_private_tenants_move_most(people: Population) -> None:
    new = _at(people, 12)["occupant"] > 0
    by_tenure = {tenure: new[people.tenure == i].mean() for i, tenure in enumerate(TENURES)}
    assert by_tenure["private"] > 3 * by_tenure["social"] > 3 * by_tenure["owner"]


@pytest.mark.parametrize("name", ["hackney", "barking_and_dagenham", "sefton", "england"])
def test_no_trend_in_who_lives_there_is_built_in(name: str) -> None:
    people = build_population(load_place(preset_folder() / f"{name}.toml"), N, FIRST, MONTHS, seed=5)
    then, now = _at(people, 0), _at(people, MONTHS - 1)
    for share in (
        lambda home: (home["age_band"] >= 3).mean(),
        lambda home: (home["age_band"] == 0).mean(),
        lambda home: (home["children"] > 0).mean(),
        lambda home: (home["household_type"] == 0).mean(),
    ):
        assert abs(share(now) - share(then)) < 0.06
    assert now["children"].mean() == pytest.approx(then["children"].mean(), rel=0.12)
    assert now["adults"].mean() == pytest.approx(then["adults"].mean(), rel=0.05)


def test_frailty_and_take_up_are_independent_standard_normals(people: Population) -> None:
    for z in (people.frailty_z, people.take_up_z, people.events.frailty_z[people.events.kind == REPLACED]):
        assert abs(z.mean()) < 4 / np.sqrt(len(z))
        assert z.std() == pytest.approx(1.0, abs=4 / np.sqrt(2 * len(z)))
    assert abs(np.corrcoef(people.frailty_z, people.take_up_z)[0, 1]) < 4 / np.sqrt(N)


def test_draws_are_those_of_the_stated_decisions(people: Population) -> None:
    rows = np.arange(N)
    key = (np.uint32(7), np.uint32(PLACE_KEY))
    for column, decision in ((people.frailty_z, PlaceDecision.FRAILTY), (people.take_up_z, PlaceDecision.TAKE_UP)):
        uniform = draw_uniforms(*key, rows, 0, 0, int(decision))
        expected = [NormalDist().inv_cdf(u) for u in uniform[:500]]
        np.testing.assert_allclose(column[:500], expected, rtol=1e-6, atol=1e-7)
    codes = (TENURE, CHILD_AGE, FIRST_CLOCK, ADULTS_CODE)
    assert codes == (PlaceDecision.TENURE, PlaceDecision.CHILD_AGE, PlaceDecision.LEAVING, PlaceDecision.ADULTS)
    clocks = [PlaceDecision.LEAVING, PlaceDecision.DEATH, PlaceDecision.BIRTH, PlaceDecision.PARTING]
    assert clocks == [FIRST_CLOCK + i for i in range(4)]


def test_normal_quantile_agrees_with_the_standard_library() -> None:
    ends = 0.5 * 2.0**-32
    for p in (ends, 1e-6, 0.01, 0.0749, 0.0751, 0.3, 0.5, 0.77, 0.93, 0.999, 1 - ends):
        assert normal_quantile(p) == pytest.approx(NormalDist().inv_cdf(p), rel=1e-13, abs=1e-15)


@pytest.mark.parametrize(
    ("n", "months", "seed"), [(0, 12, 1), (-5, 12, 1), (10, 0, 1), (10, -1, 1), (10, 12, -1), (10, 12, 2**32)]
)
def test_impossible_sizes_are_refused(place: Place, n: int, months: int, seed: int) -> None:
    with pytest.raises(RequestError):
        build_population(place, n, FIRST, months, seed)


def test_a_single_month_has_residents_and_no_events(place: Place) -> None:
    people = build_population(place, 50, FIRST, 1, seed=1)
    assert people.n_households == 50
    assert len(people.events) == 0
    assert population.PLACE_KEY == 2**32 - 1


def test_a_place_where_deaths_alone_exceed_the_published_moves_still_builds(place: Place) -> None:
    still = place.beliefs["churn.moved_in_year"].model_copy(update={"value": 1e-4})
    settled = place.model_copy(update={"beliefs": {**place.beliefs, "churn.moved_in_year": still}})
    people = build_population(settled, 2000, FIRST, 24, seed=1)
    assert 0 < (people.events.kind == REPLACED).sum() < 100
