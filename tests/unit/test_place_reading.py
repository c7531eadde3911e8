"""Place files: presets load, figures add up, and every fault is told at once with its file and key."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from demandsim.errors import ConfigError, RequestError
from demandsim.labels import NEEDS
from demandsim.place import load_place
from demandsim.place.deprivation import decile_of_score, deprivation_z
from demandsim.place.reading import preset_folder

PRESETS = ("hackney", "barking_and_dagenham", "sefton", "england", "demo")
BOROUGHS = ("hackney", "barking_and_dagenham", "sefton")


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_loads(name: str) -> None:
    place = load_place(preset_folder() / f"{name}.toml")
    assert place.id == name
    assert place.n_households == place.households > 0
    assert math.isclose(sum(area.share for area in place.areas), 1.0)
    assert len({area.name for area in place.areas}) == len(place.areas)
    assert tuple(place.place_multiplier) == NEEDS
    assert place.deprivation_z.shape == (len(place.areas),)


def test_areas_are_those_of_the_2015_indices() -> None:
    hackney = load_place(preset_folder() / "hackney.toml")
    deciles = [area.decile for area in hackney.areas]
    assert len(deciles) == 144
    assert deciles.count(1) / 144 == pytest.approx(0.1736, abs=5e-5)
    assert deciles.count(2) / 144 == pytest.approx(0.3819, abs=5e-5)
    assert (hackney.households, hackney.households_2021) == (101_690, 106_074)


@pytest.mark.parametrize("name", [*BOROUGHS, "england"])
def test_composition_accounts_for_the_people(name: str) -> None:
    """Children and adults implied by the household mix are those of the census and mid-year estimates."""
    place = load_place(preset_folder() / f"{name}.toml")
    types = place.keyed("household_type.mix")
    more = sum(int(key) * share for key, share in place.keyed("household_type.adults_when_more").items())
    adults = sum(
        share * (1 if kind.startswith("one") else 2 if kind.startswith("two") else more)
        for kind, share in types.items()
    )
    with_children = sum(share for kind, share in types.items() if kind.endswith("children"))
    children = with_children * sum(int(key) * share for key, share in place.keyed("children.per_household").items())
    residents = place.figure("people.usual_residents_2021") / place.figure("households.census_2021")
    share_under_18 = place.figure("people.under_18_2019") / place.figure("people.all_2019")
    assert children == pytest.approx(residents * share_under_18, rel=0.02)
    assert adults == pytest.approx(residents * (1 - share_under_18) * 0.985, rel=0.02)


@pytest.mark.parametrize("name", BOROUGHS)
def test_older_households_account_for_older_people(name: str) -> None:
    place = load_place(preset_folder() / f"{name}.toml")
    types = place.keyed("household_type.mix")
    with_children = sum(share for kind, share in types.items() if kind.endswith("children"))
    old = ("65_74", "75_84", "85_over")
    share = sum(
        (1 - with_children) * place.keyed("age.without_children")[band]
        + with_children * place.keyed("age.with_children")[band]
        for band in old
    )
    aged = place.figure("people.aged_65_over_2019") / place.figure("people.all_2019")
    residents = place.figure("people.usual_residents_2021") / place.figure("households.census_2021")
    per_household = aged * residents / share
    assert 1.3 < per_household < 1.6  # people aged 65 and over to a household whose oldest adult is


def test_deprivation_scores_are_means_of_tenths_of_a_normal() -> None:
    draws = NormalDist()
    fine = [draws.inv_cdf((i + 0.5) / 200_000) for i in range(200_000)]
    for decile in range(1, 11):
        tenth = fine[200_000 - decile * 20_000 : 200_000 - (decile - 1) * 20_000]
        assert deprivation_z(decile) == pytest.approx(np.mean(tenth), abs=1e-3)
    assert [round(deprivation_z(decile), 3) for decile in (1, 2, 3, 4, 5)] == [1.755, 1.045, 0.677, 0.386, 0.126]


def test_scores_part_at_the_cuts() -> None:
    cuts = [40.0, 30.0, 25.0, 20.0, 17.0, 13.0, 11.0, 8.0, 5.0]
    assert [decile_of_score(score, cuts) for score in (90, 40, 39.9, 30, 5, 4.99, 0)] == [1, 1, 2, 2, 9, 10, 10]


def test_scaling_changes_the_simulated_size_only() -> None:
    place = load_place(preset_folder() / "sefton.toml")
    small = place.scaled(500)
    assert (small.n_households, small.households) == (500, place.households)
    assert small.digest == place.digest
    for n in (0, -1):
        with pytest.raises(RequestError):
            place.scaled(n)


def _figure(name: str, value: str, unit: str, role: str = "constant") -> str:
    return (
        f'[{name}]\nvalue = {value}\nunit = "{unit}"\nmeaning = "A figure."\n'
        f'source = "assumed"\nevidence = "assumed"\nrole = "{role}"\n'
    )


def _write(folder: Path, *figures: str, top: str = 'like = "england"') -> Path:
    path = folder / "town.toml"
    path.write_text(f'id = "town"\ntitle = "Town"\n{top}\n\n' + "\n".join(figures), encoding="utf-8")
    return path


AREAS = _figure("areas.by_decile", "{ " + ", ".join(f"decile_{i} = 2" for i in range(1, 11)) + " }", "count")
HOUSEHOLDS = _figure("households.census_2011", "9000", "households")


def test_a_place_takes_over_what_it_does_not_state_but_no_counts(tmp_path: Path) -> None:
    moved = _figure("churn.moved_in_year", "0.2", "share")
    place = load_place(_write(tmp_path, HOUSEHOLDS, AREAS, moved))
    england = load_place(preset_folder() / "england.toml")
    assert place.keyed("tenure.mix") == england.keyed("tenure.mix")
    assert place.figure("churn.moved_in_year") == 0.2
    assert place.households == 9000
    assert place.households_2021 is None
    assert "people.all_2019" not in place.beliefs


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        AREAS,
        HOUSEHOLDS,
        _figure("tenure.mix", "{ owner = 0.5, social = 0.2, private = 0.2, other = 0.2 }", "share"),
        _figure("age.with_children", "{ under_25 = 0.5, 25_44 = 0.5 }", "share"),
        _figure("churn.moved_in_year", "0.1", "ratio"),
        _figure("turning_18.stays", "0.6", "share", role="lever"),
    )
    with pytest.raises(ConfigError) as caught:
        load_place(path)
    told = {fault.where.removeprefix(path.as_posix() + ", ") for fault in caught.value.faults}
    assert told == {
        "tenure.mix, `value`",
        "age.with_children, `value`",
        "churn.moved_in_year, `unit`",
        "turning_18.stays, `role`",
    }
    assert "sum to 1.1000" in str(caught.value)


@pytest.mark.parametrize(
    ("figures", "top", "told"),
    [
        (
            (AREAS, HOUSEHOLDS, _figure("tenure.mixx", "{ owner = 1 }", "share")),
            'like = "england"',
            "Did you mean `tenure.mix`?",
        ),
        (
            (AREAS, HOUSEHOLDS, "[churn]\nmoved_in_year = 0.1"),
            'like = "england"',
            "is not a figure with unit and source",
        ),
        ((AREAS,), 'like = "england"', "households.census_2011: is missing"),
        ((HOUSEHOLDS,), 'like = "england"', "states no areas"),
        ((AREAS, HOUSEHOLDS), "", "tenure.mix: is missing"),
        ((AREAS, HOUSEHOLDS), 'lik = "england"', "Did you mean `like`?"),
        ((AREAS, HOUSEHOLDS), 'like = "atlantis"', "there is no such file"),
        ((AREAS, HOUSEHOLDS), 'like = "town"', "goes round in a circle"),
        ((AREAS, HOUSEHOLDS, _figure("churn.moved_in_year", "1", "share")), 'like = "england"', "at most 0.9"),
        ((AREAS, _figure("households.census_2011", "0", "households")), 'like = "england"', "must be above 0"),
    ],
)
def test_a_faulty_place_says_what_to_mend(tmp_path: Path, figures: tuple[str, ...], top: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_place(_write(tmp_path, *figures, top=top))
    assert told in str(caught.value)
    assert "town.toml" in str(caught.value) or "atlantis" in str(caught.value)


def test_an_empty_file_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="is empty"):
        load_place(path)
