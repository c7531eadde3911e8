"""Purses in the parameter files: every payer in one, a budget for those that can run short, none for the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_configs import spoil, write_configs

from demandsim.agencies import set_budgets
from demandsim.errors import ConfigError
from demandsim.labels import COUNCIL, PAYERS
from demandsim.parameters import Book, explain, load_parameters
from demandsim.parameters.vocabulary import ORDERS_OF_CUTS
from demandsim.policy import apply, list_levers, load_scenario

ROOT = Path(__file__).resolve().parents[2]
FILE = "parameters/agencies.toml"

PURSES = """
[agencies.council]
title = "The council"
payers = ["council_adults", "council_children", "council_housing", "council_corporate"]
cash_limited = true

[agencies.council.grant]
value = 1
unit = "index"
meaning = "Budget in real terms."
source = "assumed"
evidence = "assumed"
role = "lever"

[agencies.council.reserves]
value = 0.04
unit = "share"
meaning = "Reserves."
uncertainty = { shape = "triangular", low = 0, high = 0.1, level = 1.0 }
source = "assumed"
evidence = "assumed"
role = "uncertainty"

[agencies.council.elsewhere]
value = 0.5
unit = "share"
meaning = "Borne by other services."
source = "assumed"
evidence = "assumed"
role = "constant"

[agencies.everybody_else]
title = "Everybody else"
payers = [
    "nhs", "dwp", "treasury", "police", "justice", "schools", "housing_associations", "voluntary_sector", "households",
]
cash_limited = false
"""

GRANT = """
id = "tried"
title = "t"
baseline = "as_now"

[[change]]
lever = "{lever}"
values = [ {{ from = 2017-04-01, value = {value} }} ]
source = "assumed"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = write_configs(tmp_path)
    (home / FILE).write_text(PURSES.lstrip(), encoding="utf-8")
    return home


def _faults(home: Path) -> str:
    with pytest.raises(ConfigError) as told:
        load_parameters(home / "parameters")
    return str(told.value)


def test_a_sound_file_of_purses(home: Path) -> None:
    book = load_parameters(home / "parameters")
    assert book.agencies["council"].payers == COUNCIL
    assert not book.agencies["everybody_else"].cash_limited
    assert "agencies.council (purse): The council" in explain(book, [], "council")
    levers = list_levers(book)
    assert levers["budget.order_of_cuts"].choices == ORDERS_OF_CUTS
    assert levers["agencies.council.grant"].low == 0.0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"council_housing", ', "", "agencies: `council_housing` is in no purse."),
        ('    "nhs"', '    "council_adults", "nhs"', "is in `agencies.council` and in"),
        ('    "nhs"', '    "nsh"', "`nsh` is not a label. Did you mean `nhs`?"),
        ("cash_limited = false", "cash_limited = true", "everybody_else.grant: is missing."),
        ("cash_limited = true", "cash_limited = false", "is stated, yet the purse is demand-led"),
        ("value = 1\n", "value = -0.5\n", "the value is -0.5; `index` is never below 0."),
        ('role = "lever"\n\n[agencies.council.res', 'role = "constant"\n\n[agencies.council.res', "grant, `role`: is"),
        ("[agencies.council.grant]", "[agencies.council.grants]", "`grants` is not a belief of a table in `agencies`"),
        ('title = "The council"\n', "", "agencies.council, `title`"),
    ],
)
def test_a_faulty_purse_is_told(home: Path, old: str, new: str, told: str) -> None:
    spoil(home, FILE, old, new)
    said = _faults(home)
    assert told in said
    assert "agencies" in said


@pytest.mark.parametrize(
    ("lever", "value", "told"),
    [
        ("agencies.council.grant", "-0.1", "never below 0"),
        ("budget.order_of_cuts", '"late_first"', "it may be"),
        ("agencies.council.reserves", "0.5", "is an uncertainty, not a lever"),
    ],
)
def test_a_scenario_may_not_set_what_cannot_be(home: Path, lever: str, value: str, told: str) -> None:
    path = home / "scenarios" / "tried.toml"
    path.write_text(GRANT.format(lever=lever, value=value))
    book = load_parameters(home / "parameters")
    with pytest.raises(ConfigError, match=told):
        apply(book.draw(), load_scenario(path, book), "2016-04", 24)


# -- the project's own


@pytest.fixture(scope="module")
def book() -> Book:
    return load_parameters(ROOT / "configs" / "parameters")


def test_every_payer_is_in_one_purse_and_benefits_are_never_cut(book: Book) -> None:
    payers = [payer for purse in book.agencies.values() for payer in purse.payers]
    assert sorted(payers) == sorted(PAYERS)
    assert {name for name, purse in book.agencies.items() if not purse.cash_limited} == {
        "dwp",
        "treasury",
        "households",
    }


def test_as_now_grants_are_flat_and_nothing_is_pooled_or_protected(book: Book) -> None:
    limited = [name for name, purse in book.agencies.items() if purse.cash_limited]
    assert [book[f"agencies.{name}.grant"].central for name in limited] == [1.0] * len(limited)
    assert (book["budget.pooled"].central, book["budget.protected_prevention"].central) == (0.0, 0.0)
    assert book["budget.order_of_cuts"].central == "pro_rata"
    response = book["budget.threshold_response"]
    assert response.null == 0
    assert response.uncertainty is not None
    assert response.uncertainty.low == 0.0


@pytest.mark.parametrize("way", ["pro_rata", "early_first", "by_value", "protected", "pooled"])
def test_grant_cuts_differ_in_nothing_but_the_way(book: Book, way: str) -> None:
    folder = ROOT / "configs" / "scenarios"
    lines = apply(book.draw(), load_scenario(folder / f"grant_cut_{way}.toml", book), "2016-04", 120)
    grant = lines.numbers("agencies.council.grant")
    fallen = (1.0 - 0.286) ** (1 / 7)
    assert grant[11] == 1.0
    assert grant[12 : 12 * 8 : 12] == pytest.approx([fallen**year for year in range(1, 8)], abs=5e-4)
    assert set_budgets([1000], [0], [grant[-1]]).tolist() == [714]
    own = {"early_first": "budget.order_of_cuts", "by_value": "budget.order_of_cuts", "pro_rata": "",
           "protected": "budget.protected_prevention", "pooled": "budget.pooled"}[way]  # fmt: skip
    assert set(lines.moved) == {"agencies.council.grant", own} - {""}
