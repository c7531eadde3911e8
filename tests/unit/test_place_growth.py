"""A place that grows, shrinks and turns over: exact in number, the same for every policy, and nobody else disturbed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from demandsim.errors import ConfigError, RequestError
from demandsim.place import Place, load_place
from demandsim.place.path import households_path, households_present
from demandsim.place.population import REPLACED, VACANT, Population, build_population
from demandsim.place.reading import preset_folder
from demandsim.quantities import month_number

START, RUN_IN, MONTHS = month_number("2016-04"), 12, 96
N = 3000
HOUSEHOLD = ("household_type", "adults", "children", "age_band", "frailty_z", "take_up_z", "occupant")


@pytest.fixture(scope="module")
def place() -> Place:
    return load_place(preset_folder() / "barking_and_dagenham.toml")


def growth_of(strength: float = 1.0, months: int = MONTHS) -> np.ndarray:
    """Nothing until the start, then so far along the path."""
    return np.where(np.arange(RUN_IN + months) > RUN_IN, strength, 0.0)


@pytest.fixture(scope="module")
def people(place: Place) -> Population:
    return build_population(place, N, START - RUN_IN, RUN_IN + MONTHS, 5, growth=growth_of())


def at_month(people: Population, month: int) -> dict[str, np.ndarray]:
    """The columns as they stand at the start of a month."""
    now = {name: getattr(people, name).copy() for name in HOUSEHOLD}
    for earlier in range(month + 1):
        here = people.events.of_month(earlier)
        for name in HOUSEHOLD:
            now[name][people.events.row[here]] = getattr(people.events, name)[here]
    return now


def test_the_path_of_barking_and_dagenham_is_the_published_one(place: Place) -> None:
    persons = {"2001-04": 164_000, "2011-03": 186_000, "2014-07": 198_000, "2020-07": 220_000, "2037-07": 275_000}
    found = households_path(place, [month_number(label) for label in persons])
    np.testing.assert_allclose(found * 2.961, list(persons.values()), rtol=1e-12)
    before, after = households_path(place, [month_number("1990-01"), month_number("2050-01")])
    assert (before * 2.961, after * 2.961) == (pytest.approx(164_000), pytest.approx(275_000))


def test_between_dates_each_month_grows_alike(place: Place) -> None:
    found = households_path(place, range(month_number("2014-07"), month_number("2020-07") + 1))
    steps = found[1:] / found[:-1]
    np.testing.assert_allclose(steps, (220 / 198) ** (1 / 72), rtol=1e-12)


@pytest.mark.parametrize("name", ["hackney", "sefton", "england", "demo"])
def test_other_places_follow_their_two_censuses(name: str) -> None:
    place = load_place(preset_folder() / f"{name}.toml")
    then, now = households_path(place, [month_number("2011-03"), month_number("2021-03")])
    assert then == pytest.approx(place.households)
    assert place.households_2021 is None or now == pytest.approx(place.households_2021)
    assert now > then


@pytest.mark.parametrize(
    ("name", "until", "a_year"),
    [("sefton", "2037-03", 533), ("england", "2041-03", 159_000), ("hackney", "2031-03", 457)],
)
def test_growth_goes_on_after_the_last_census_as_the_page_on_growth_says(name: str, until: str, a_year: float) -> None:
    place = load_place(preset_folder() / f"{name}.toml")
    census, last, after = households_path(place, [month_number(label) for label in ("2021-03", until, "2060-01")])
    years = (month_number(until) - month_number("2021-03")) / 12
    assert (last - census) / years == pytest.approx(a_year, abs=0.5)
    assert after == last, "after the last date the figure holds still"


def test_households_present_are_the_path_rounded(place: Place, people: Population) -> None:
    path = households_path(place, range(START, START + MONTHS))
    expected = np.rint(N * path / path[0]).astype(int)
    assert (people.present[:RUN_IN] == N).all()
    np.testing.assert_array_equal(people.present[RUN_IN:], expected)
    assert people.present[-1] > 1.1 * N
    assert (people.n_households, people.n_rows) == (N, people.present.max())


def test_as_many_are_lived_in_as_are_present_in_every_month(people: Population) -> None:
    for month in range(0, RUN_IN + MONTHS, 7):
        now = at_month(people, month)
        lived_in = now["household_type"] != VACANT
        assert lived_in.sum() == people.present[month]
        assert lived_in[: people.present[month]].all()
        assert (now["adults"][~lived_in] == 0).all()
        assert (now["children"][~lived_in] == 0).all()
        assert (now["adults"][lived_in] > 0).all()


def test_growth_follows_as_far_as_it_is_told(place: Place) -> None:
    log_growth = [
        np.log(households_present(place, 10**7, START - RUN_IN, RUN_IN + MONTHS, growth_of(strength))[-1] / 10**7)
        for strength in (0.0, 0.5, 1.0, 1.5)
    ]
    assert log_growth[0] == 0.0
    np.testing.assert_allclose(log_growth[1:], log_growth[2] * np.array([0.5, 1.0, 1.5]), rtol=1e-5)


def test_who_lived_there_already_is_not_disturbed_by_growth(place: Place, people: Population) -> None:
    still = build_population(place, N, START - RUN_IN, RUN_IN + MONTHS, 5)
    assert (still.n_rows, still.n_households) == (N, N)
    assert (still.present == N).all()
    for name in ("area", "tenure", *HOUSEHOLD):
        np.testing.assert_array_equal(getattr(people, name)[:N], getattr(still, name))
    old = people.events.row < N
    assert not old.all()
    for name in ("row", "kind", *HOUSEHOLD):
        np.testing.assert_array_equal(getattr(people.events, name)[old], getattr(still.events, name))


def test_one_more_household_changes_nothing_of_those_there_from_the_start(place: Place) -> None:
    fewer, more = (
        build_population(place, n, START - RUN_IN, RUN_IN + MONTHS, 3, growth=growth_of()) for n in (999, 1000)
    )
    for name in ("area", "tenure", *HOUSEHOLD):
        np.testing.assert_array_equal(getattr(more, name)[:999], getattr(fewer, name)[:999])
    for name in ("row", "kind", *HOUSEHOLD):
        a, b = (getattr(one.events, name)[one.events.row < 999] for one in (fewer, more))
        np.testing.assert_array_equal(a, b)


def test_same_seed_same_bytes(place: Place, people: Population) -> None:
    again = build_population(place, N, START - RUN_IN, RUN_IN + MONTHS, 5, growth=growth_of())
    for name in (*HOUSEHOLD, "row", "kind", "event_start"):
        assert getattr(again.events, name).tobytes() == getattr(people.events, name).tobytes()
    assert again.present.tobytes() == people.present.tobytes()
    other = build_population(place, N, START - RUN_IN, RUN_IN + MONTHS, 6, growth=growth_of())
    assert other.events.frailty_z.tobytes() != people.events.frailty_z.tobytes()


def test_the_first_to_move_in_are_newcomers_with_a_number_of_their_own(people: Population) -> None:
    events, new = people.events, np.arange(N, people.n_rows)
    assert (people.household_type[new] == VACANT).all()
    assert (people.occupant[new] == 0).all()
    for row in new[:: max(1, new.size // 40)]:
        first = np.flatnonzero(events.row == row)[0]
        month = int(np.searchsorted(events.event_start, first, side="right")) - 1
        assert people.present[month - 1] <= row < people.present[month]
        assert (events.kind[first], events.occupant[first]) == (REPLACED, 1)
        assert events.household_type[first] < VACANT
    z = np.array([events.frailty_z[np.flatnonzero(events.row == row)[0]] for row in new])
    assert abs(z.mean()) < 4 / np.sqrt(z.size)
    assert z.std() == pytest.approx(1.0, abs=4 / np.sqrt(2 * z.size))


def test_new_homes_are_spread_over_the_place_as_the_old_ones_are(place: Place, people: Population) -> None:
    new = np.bincount(people.area[N:], minlength=len(place.areas)) / (people.n_rows - N)
    np.testing.assert_allclose(new, [area.share for area in place.areas], atol=0.01)


def test_a_place_may_shrink_and_fill_again(place: Place) -> None:
    """Followed backwards for three years, then forwards: the last rows empty, and others move in later."""
    growth = np.where(np.arange(72) < 36, -2.0, 2.0)
    people = build_population(place, N, START, 72, 5, growth=growth)
    low = int(people.present[35])
    assert low == people.present.min() < N
    assert people.n_rows == people.present.max()
    for month in (1, 20, 35, 50, 71):
        lived_in = at_month(people, month)["household_type"] != VACANT
        assert lived_in.sum() == people.present[month]
    row = low + 3
    mine = people.events.row == row
    kinds, types, occupants = (getattr(people.events, name)[mine] for name in ("kind", "household_type", "occupant"))
    empty = np.flatnonzero(types == VACANT)
    assert empty.size == 1
    assert kinds[empty[0]] == kinds[empty[0] + 1] == REPLACED
    moved = occupants[kinds == REPLACED]
    assert (np.diff(moved.astype(int)) == 1).all(), "a vacancy is numbered as a household is"
    order = np.repeat(np.arange(72), np.diff(people.events.event_start)).astype(np.int64) * people.n_rows
    assert (np.diff(order + people.events.row) > 0).all(), "one event a row and month, sorted"


def test_churn_moves_people_as_many_times_as_soon_and_only_from_its_month(place: Place) -> None:
    n, months = 20_000, 48
    churn = np.where(np.arange(months) < 24, 1.0, 2.0)
    calm, busy = (build_population(place, n, START, months, 5, churn=ratio) for ratio in (None, churn))
    before = calm.events.event_start[25]
    for name in ("row", "kind", *HOUSEHOLD):
        np.testing.assert_array_equal(getattr(busy.events, name)[:before], getattr(calm.events, name)[:before])
    moved = [
        int((one.events.kind[one.events.event_start[25] :] == REPLACED).sum()) for one in (calm, busy)
    ]  # fmt: skip
    assert 1.6 * moved[0] < moved[1] < 2.1 * moved[0], "deaths are not hurried, and the restless leave first"


def test_twice_the_churn_from_the_first_month_halves_the_time_until_leaving(place: Place) -> None:
    n, months = 20_000, 2
    rates = [
        (build_population(place, n, START, months, 5, churn=np.full(months, ratio)).events.kind == REPLACED).sum() / n
        for ratio in (0.0, 1.0, 3.0)
    ]
    leaving = rates[1] - rates[0]
    assert rates[2] - rates[0] == pytest.approx(3 * leaving, abs=4 * np.sqrt(3 * leaving / n) + 0.02 * leaving)


@pytest.mark.parametrize(
    ("name", "churn", "share"),
    [
        ("barking_and_dagenham", 1.0, 0.253),
        ("barking_and_dagenham", 1.35, 0.338),
        ("hackney", 1.0, 0.354),
        ("sefton", 1.0, 0.185),
        ("england", 1.0, 0.255),
    ],
)
def test_turnover_in_two_years_is_what_the_page_on_growth_says(name: str, churn: float, share: float) -> None:
    """Arrivals over two years as a share of residents, as the council counts 25.3% in Barking and Dagenham."""
    place = load_place(preset_folder() / f"{name}.toml")
    people = build_population(place, 60_000, START, 25, 2011, churn=np.full(25, churn))
    events = people.events
    arrived = events.kind == REPLACED
    persons = (events.adults[arrived].astype(int) + events.children[arrived]).sum()
    residents = (people.adults.astype(int) + people.children).sum()
    assert persons / residents == pytest.approx(share, abs=0.006)


@pytest.mark.parametrize("given", ["growth", "churn"])
def test_a_course_of_another_length_is_refused(place: Place, given: str) -> None:
    with pytest.raises(RequestError, match=f"{given.title()} is given for 3 months, and the run has 12"):
        build_population(place, 10, START, 12, 1, **{given: [1.0, 1.0, 1.0]})


def test_churn_below_nought_is_refused(place: Place) -> None:
    with pytest.raises(RequestError, match="never below 0"):
        build_population(place, 10, START, 2, 1, churn=[1.0, -0.5])


def _town(folder: Path, *figures: str) -> Path:
    path = folder / "town.toml"
    heading = 'id = "town"\ntitle = "Town"\nlike = "england"\n'
    areas = "{ " + ", ".join(f"decile_{i} = 1" for i in range(1, 11)) + " }"
    whole = (
        _figure("households.census_2011", f"value = {9000}", "households"),
        _figure("areas.by_decile", f"value = {areas}", "count"),
    )
    path.write_text("\n".join((heading, *whole, *figures)), encoding="utf-8")
    return path


def _figure(name: str, value: str, unit: str) -> str:
    words = 'meaning = "A figure."\nsource = "assumed"\nevidence = "assumed"\nrole = "constant"'
    return f'[{name}]\n{value}\nunit = "{unit}"\n{words}\n'


TWO = "values = [{ from = 2011-03-01, value = 100 }, { from = 2021-03-01, value = 110 }]"


def test_a_place_without_a_path_holds_still(tmp_path: Path) -> None:
    place = load_place(_town(tmp_path))
    assert (households_present(place, 500, START, 120, np.ones(120)) == 500).all()


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ((_figure("households.path", "value = 100", "households"),), "at least two numbers"),
        (
            (_figure("households.path", "values = [{ from = 2011-03-01, value = 100 }]", "households"),),
            "at least two numbers",
        ),
        ((_figure("households.path", TWO.replace("100", "0"), "households"),), "must be above 0"),
        ((_figure("households.path", TWO.replace("2021", "2001"), "households"),), "out of order"),
        ((_figure("people.path", TWO, "persons"),), "people.per_household: is missing"),
        ((_figure("people.per_household", "value = 2.5", "persons"),), "people.path: is missing"),
        (
            (
                _figure("households.path", TWO, "households"),
                _figure("people.path", TWO, "persons"),
                _figure("people.per_household", "value = 2.5", "persons"),
            ),
            "Keep one of the two",
        ),
        ((_figure("churn.moved_in_year", TWO.replace("100", "0.1").replace("110", "0.2"), "share"),), "only a path"),
    ],
)
def test_a_faulty_path_says_what_to_mend(tmp_path: Path, figures: tuple[str, ...], told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_place(_town(tmp_path, *figures))
    assert told in str(caught.value)


def test_a_path_belongs_to_one_place(tmp_path: Path) -> None:
    assert "households.path" not in load_place(_town(tmp_path)).beliefs
