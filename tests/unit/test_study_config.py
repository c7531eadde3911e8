"""Study files: every fault at once, with its place and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_studies import CONFIGS, STUDY, write_configs

from demandsim.errors import ConfigError, RequestError
from demandsim.parameters import load_parameters
from demandsim.study.config import KEPT_UNASKED, Study, check_studies, load_study
from demandsim.study.folders import find_configs, find_named
from demandsim.study.plan import MOST_BYTES, build_plan


def load(home: Path, **changed: object) -> Study:
    """The tiny study with some keys changed by hand."""
    lines = [line for line in STUDY.splitlines() if line.split(" =")[0] not in changed]
    lines += [f"{key} = {value}" for key, value in changed.items()]
    file = home / "configs" / "studies" / "tiny.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_study(file)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    write_configs(folder)
    return folder


def test_a_study_is_read(home: Path) -> None:
    study = load(home)
    assert (study.place, study.years, study.draws, study.start) == ("demo", 1, 2, "2016-04")
    assert study.keep == KEPT_UNASKED
    assert study.configs == home / "configs"


def test_every_fault_is_told_at_once(home: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load(
            home,
            years=-3,
            households=0,
            place='"hackny"',
            scenarios='["as_now", "whole_sistem"]',
            start='"2016-06"',
            drws=1,
        )
    told = str(error.value)
    assert len(error.value.faults) == 7
    for part in (
        "`years`: is -3; it must be greater than or equal to 1",
        '`households`: is 0; it must be a whole number from 1 up, or "full"',
        "there is no place `hackny`. Did you mean `hackney`?",
        "there is no scenario `whole_sistem`. Did you mean `whole_system`?",
        "is 2016-06; a study starts in an April",
        'Use "2016-04" or "2017-04".',
        "`drws`: is not a key here. Did you mean `draws`?",
        "`whole_system` is not among the study's scenarios",
    ):
        assert part in told
    assert "tiny.toml" in told


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("years", "16", "less than or equal to 15"),
        ("years", "1.5", "must be a whole number"),
        ("households", '"half"', "is 'half'"),
        ("households", "true", "is True"),
        ("start", '"April"', "is not a month"),
        ("seed", "-1", "greater than or equal to 0"),
        ("keep", '["dor"]', "Did you mean `door`?"),
        ("scenarios", '["as_now", "as_now"]', "`as_now` is listed twice"),
        ("headline", '"no_early_help"', "is not among the study's scenarios"),
        ("scenarios", "[]", "is empty"),
    ],
)
def test_a_fault_says_what_to_do(home: Path, key: str, value: str, told: str) -> None:
    with pytest.raises(ConfigError, match=key) as error:
        load(home, **{key: value})
    assert told in str(error.value)


def test_a_start_may_be_a_date_and_cases_true_or_false(home: Path) -> None:
    study = load(home, start="2017-04-01", belief_cases="true")
    assert study.start == "2017-04"
    assert study.belief_cases == 4
    assert load(home, belief_cases="false").belief_cases == 0


def test_settings_go_over_the_file_and_their_faults_name_the_option(home: Path) -> None:
    load(home)
    file = home / "configs" / "studies" / "tiny.toml"
    study = load_study(file, {"households": "40", "years": None, "seed": 9})
    assert (study.households, study.years, study.seed) == (40, 1, 9)
    with pytest.raises(ConfigError, match=r"^--years: is -1"):
        load_study(file, {"years": -1})


def test_an_unknown_study_is_told() -> None:
    with pytest.raises(ConfigError, match=r"there is no such file. Did you mean `hackney.toml`"):
        load_study("hackny")


def test_configs_are_found_beside_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_configs().resolve() == CONFIGS
    (tmp_path / "configs" / "parameters").mkdir(parents=True)
    assert find_configs() == Path("configs")
    assert find_named(Path("configs"), "places", "x") == Path("configs/places/x.toml")
    assert find_named(Path("configs"), "places", "own/x.toml") == Path("own/x.toml")


def test_a_change_before_the_start_is_refused(home: Path) -> None:
    study = load(home, start='"2018-04"')
    with pytest.raises(ConfigError, match="2017-04-01 is 12 months before the start, 2018-04"):
        build_plan(study)


def test_a_plan_over_the_stated_size_is_refused_before_anything_runs(home: Path) -> None:
    study = load(home, draws=100_000)
    with pytest.raises(RequestError, match=r"GB of results; a study may keep 4 GB\. Ask for fewer draws") as error:
        build_plan(study)
    assert "Leaving `areas` out" in str(error.value)
    assert MOST_BYTES == 4_000_000_000


def test_the_digest_covers_what_changes_a_luck_and_nothing_else(home: Path) -> None:
    first = build_plan(load(home)).digest
    assert build_plan(load(home, draws=5, title='"Other"', belief_cases=2)).digest == first
    for key, value in {"seed": 8, "years": 2, "replicates": 1, "households": 61, "run_in": 24}.items():
        assert build_plan(load(home, **{key: value})).digest != first


def test_the_projects_own_studies_are_sound() -> None:
    section = check_studies(CONFIGS, load_parameters(CONFIGS / "parameters"))
    assert section.faults == ()
    assert section.n_files == len(list((CONFIGS / "studies").glob("*.toml"))) >= 5
    for name in ("hackney", "barking_and_dagenham", "sefton", "demo", "england"):
        study = load_study(CONFIGS / "studies" / f"{name}.toml")
        assert len(study.scenarios) == 7
        assert study.scenarios[0] == "as_now"


def test_a_study_may_name_a_future_that_is_there(home: Path) -> None:
    assert load(home).future == ""
    assert load(home, future='"steady"').future == "steady"
    with pytest.raises(ConfigError, match=r"`future`: there is no future `stedy`\. Did you mean `steady`\?"):
        load(home, future='"stedy"')
