"""A plan's account: read, added up, and every place where it does not add up found."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from synthetic_account import write_account

from demandsim.errors import ConfigError
from demandsim.policy.account import Account, load_account
from demandsim.policy.account_terms import Worth, worth_of, worth_of_term
from demandsim.policy.reckoning import Finding, reckon

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


def _loaded(folder: Path, old: str = "", new: str = "") -> Account:
    return load_account(write_account(folder, old, new))


def _finding(account: Account, title: str) -> Finding:
    return next(finding for finding in reckon(account).findings if finding.title == title)


def test_lines_blocks_and_kinds_add_up(tmp_path: Path) -> None:
    sums = reckon(_loaded(tmp_path))
    assert sums.total.value == Decimal("7.5")
    assert [one.parts.value for one in sums.blocks] == [Decimal("4.6"), Decimal("2.9")]
    assert sums.by_kind["demand"][0].value == Decimal("2.5")
    assert [worth.value for worth in sums.by_kind["staffing"]] == [Decimal("2.1"), Decimal("3.1")]
    assert sums.by_mark["simulated"][0] == 1
    assert sums.by_mark["stated"][1].value == Decimal("5.0")


def test_what_adds_up_is_not_reported(tmp_path: Path) -> None:
    wrong = reckon(_loaded(tmp_path)).inconsistencies
    assert [finding.title for finding in wrong] == ["Of which income"]  # its plain way; with the wardens it agrees
    assert [worked.verdict for worked in wrong[0].worked] == ["differs", "agrees"]


# passage, replacement, which finding breaks, the gap, the verdict
BROKEN = {
    "a block's total": ("total = 4.6", "total = 4.9", "People", "-0.3", "differs"),
    "a block's total, hidden by rounding": ("amount = 2.5", "amount = 2", "People", "-0.5", "rounding"),
    "the stated total": ("value = 7.5", "value = 7.9", "Saved in all", "-0.4", "differs"),
    "a line": ("amount = 1.9", "amount = 2.9", "Saved in all", "1.0", "differs"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_inconsistency_is_found(name: str, tmp_path: Path) -> None:
    old, new, title, gap, verdict = BROKEN[name]
    if "rounding" in name:
        old, new = 'amount = 2.5\nyear = "2017/18"', 'amount = 2\nyear = "2017/18"'
    finding = _finding(_loaded(tmp_path, old, new), title)
    assert not finding.adds_up
    assert finding.worked[0].gap == Decimal(gap)
    assert finding.worked[0].verdict == verdict


@pytest.mark.parametrize(
    ("wording", "value", "agrees"),
    [
        ("over", "7.4", True), ("over", "7.5", False), ("nearly", "7.6", True), ("nearly", "7.4", False),
        ("nearly", "9.0", False), ("about", "7.3", True), ("about", "8.0", False), ("up to", "7.5", True),
        ("up to", "7.4", False), ("", "7.4", False), ("", "7.5", True),
    ],
)  # fmt: skip
def test_hedges_are_taken_at_their_word(wording: str, value: str, agrees: bool, tmp_path: Path) -> None:
    account = _loaded(
        tmp_path, 'value = 7.5\nunit = "GBP m"', f'value = {value}\nunit = "GBP m"\nwording = "{wording}"'
    )
    assert _finding(account, "Saved in all").adds_up is agrees


def test_one_quantity_said_twice_is_found(tmp_path: Path) -> None:
    said = 'name = "posts"\ntitle = "Posts"\nvalue = 40\nunit = "posts"'
    again = said + '\nquantity = "posts"\nsource = "assumed"\n\n[[figure]]\nname = "jobs"\ntitle = "Jobs"\nvalue = {}\n'
    again += 'unit = "posts"\nquantity = "posts"'
    assert _finding(_loaded(tmp_path, said, again.format(45)), "Posts").worked[0].gap == 5
    assert _finding(_loaded(tmp_path, said, again.format(40)), "Posts").adds_up


def test_deadlines_before_the_plan_was_approved_are_found(tmp_path: Path) -> None:
    early = _loaded(tmp_path, 'mark = "stated"', 'mark = "stated"\ndue = 2010-07-31')
    assert reckon(early).late == ()
    dated = early.model_copy(update={"approved": early.lines[1].due})
    assert reckon(dated).late == ()
    late = _loaded(tmp_path, 'gap = "gap"', 'gap = "gap"\napproved = 2010-09-08')
    assert reckon(late).late == ()
    both = early.model_copy(update={"approved": late.approved})
    assert reckon(both).late == (("Fewer staff", "2010-07-31"),)


def test_a_figure_says_how_it_was_rounded() -> None:
    assert worth_of(2) == Worth(Decimal(2), Decimal("0.5"))
    assert worth_of(2.0) == Worth(Decimal("2.0"), Decimal("0.05"))
    assert worth_of(0.08).rounding == Decimal("0.005")


def test_terms(tmp_path: Path) -> None:
    account = _loaded(tmp_path)
    wanted = {
        "figure:gap": "10", "-figure:gap": "-10", "0.5 line:shops": "0.95", "- 2 block:people": "-9.2",
        "parts:places": "2.9", "kind:income": "2.9", "only:income": "1.9", "any:staffing": "3.1", "lines": "7.5",
        "blocks": "7.5", "count": "4",
    }  # fmt: skip
    for term, value in wanted.items():
        assert worth_of_term(account, term).value == Decimal(value), term
    assert _finding(account, "Staffing for each post").worked[0].worth.value == 77_500


# passage, replacement, then what the message must say: place and what
BAD = {
    "no amount of a line": ("amount = 1.9", 'amount = "1.9"', "amount`", "must be"),
    "an amount below nought": ("amount = 1.9", "amount = -1.9", "amount`", "greater than or equal to 0"),
    "an unknown kind": ('kind = "staffing"', 'kind = "staff"', "kind`", "may be"),
    "an unknown mark": ('mark = "stated"', 'mark = "guessed"', "mark`", "may be"),
    "a misspelt key": ('gap = "gap"', 'gapp = "gap"', "`gapp`", "not a key here"),
    "a gap that is no figure": ('gap = "gap"', 'gap = "hole"', "`gap`", "there is no figure `hole`"),
    "a term of no line": ('of = ["blocks"]', 'of = ["line:shop"]', "line:shop", "Did you mean `shops`"),
    "a term of no kind": ('of = ["blocks"]', 'of = ["black:x"]', "black:x", "is not a kind of term"),
    "a term that is none": ('of = ["blocks"]', 'of = ["a + b"]', "a + b", "cannot be read"),
    "a check of no figure": ('figure = "total"', 'figure = "totals"', "`figure`", "Did you mean `total`"),
    "two lines of one name": ('name = "staff"', 'name = "demand"', "line `demand`", "there twice"),
    "a simulated line without services": (
        'services = ["family_support", "temporary_accommodation"]\n', "", "services`", "whose demand is to fall"),
    "services of a stated line": (
        'amount = 2.1\n', 'amount = 2.1\nservices = ["looked_after"]\n', "line `staff`, `services`", "has none"),
    "a simulated line without scenarios": (
        'scenarios = ["better", "worse"]', "", "`scenarios`", "there is none to try"),
    "a line of no target": (
        'services = ["family_support", "temporary_accommodation"]', 'targets = ["weeks"]', "`targets`",
        "there is no target `weeks`"),
    "no simulation": ('[simulation]\nplace = "demo"', "", "`simulation`", "is missing"),
    "a scenario twice": ('["better", "worse"]', '["worse", "worse"]', "`scenarios`", "lists `worse` twice"),
    "not modelled without a reason": (
        'mark = "stated"', 'mark = "not modelled"', "`why`", "is missing. Say why"),
    "a kind twice": ('also = ["staffing"]', 'also = ["income"]', "`also`", "repeats the kind `income`"),
    "an odd price year": ('price_year = "2015/16"', 'price_year = "2015"', "price_year", "fiscal year"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_account_is_refused_in_words(name: str, tmp_path: Path) -> None:
    old, new, place, what = BAD[name]
    with pytest.raises(ConfigError) as told:
        _loaded(tmp_path, old, new)
    text = str(told.value)
    assert "plan.toml" in text
    assert place in text
    assert what in text


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = write_account(tmp_path, 'gap = "gap"', 'gap = "hole"')
    path.write_text(path.read_text().replace('of = ["blocks"]', 'of = ["line:x"]').replace("staff", "demand", 1))
    path.write_text(path.read_text().replace('name = "places"', 'name = "people"'))
    with pytest.raises(ConfigError) as told:
        load_account(path)
    assert len(told.value.faults) == 3


TARGET = '\n[[target]]\nname = "t"\ntitle = "T"\nvalue = 3\nunit = "x"\nmark = "simulated"\nsource = "assumed"\n'


@pytest.mark.parametrize(
    ("more", "place", "what"),
    [
        ("", "`measure`", "is missing"),
        ('measure = "wait"\n', "`service`", "A target of wait needs it"),
        ('measure = "waits"\n', "measure`", "may be"),
        ('measure = "mapping"\nservice = "x"\n', "`service`", "A target of mapping does not use it"),
        ('measure = "prevention"\nservice = "x"\nevent = "helped"\n', "`event`", "there is no event `helped`"),
        (
            'measure = "prevention"\nservice = "x"\naverted = "homeless"\n',
            "`averted`",
            "there is no outcome `homeless`",
        ),
    ],
)
def test_a_bad_target_is_refused_in_words(more: str, place: str, what: str, tmp_path: Path) -> None:
    path = write_account(tmp_path)
    path.write_text(path.read_text() + TARGET + more)
    with pytest.raises(ConfigError) as told:
        load_account(path)
    assert any(place in fault.where and what in str(fault) for fault in told.value.faults), told.value


# What the plans of three councils come to, worked out by hand from the plans themselves.
def test_barking_and_dagenham_as_stated() -> None:
    account = load_account(CONFIGS / "accounts" / "barking_and_dagenham_2016.toml")
    sums = reckon(account)
    assert sums.total.value == Decimal("49.79")
    assert _finding(account, "Care and Support").worked[0].gap == Decimal("-0.4")
    total = _finding(account, "Saved or earned each year by 2020/21").worked
    assert [worked.worth.value for worked in total[:3]] == [Decimal("49.79"), Decimal("49.39"), Decimal("49.515")]
    income = _finding(account, "Of which more income").worked
    assert [(w.worth.value, w.verdict) for w in income[:2]] == [
        (Decimal("13.09"), "differs"),
        (Decimal("15.99"), "agrees"),
    ]
    assert sums.by_kind["demand"][0].value == Decimal("6.5")
    assert _finding(account, "Gap that is left").adds_up
    wrong = {finding.title for finding in sums.inconsistencies}
    assert {"Turnover between 2012 and 2014", "Saved between 2010/11 and 2015/16", "Years in which to save"} <= wrong


def test_hackney_and_sefton_as_stated() -> None:
    hackney = load_account(CONFIGS / "accounts" / "hackney_2014.toml")
    assert float(_finding(hackney, "Enforcement: share of its cost that is recovered").worked[0].worth.value) == (
        pytest.approx(0.81, abs=0.001)
    )
    sefton = load_account(CONFIGS / "accounts" / "sefton_2010.toml")
    assert [worked.worth.value for worked in _finding(sefton, "Actions").worked] == [23, 24]
    assert len(reckon(sefton).late) == 8
    assert len(sefton.lines) == 24
    assert {target.name for target in sefton.simulated_targets} == {"preventions", "adaptations", "total_place"}
    assert sefton.to_run[0] == "as_now"
    assert {"no_housing_options", "adaptations_quarter_more", "adaptations_doubled"} <= set(sefton.to_run)
