"""Every way a stream of contact can be wrong: the message names the place, what is wrong and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from engine_worlds import ROOT

from demandsim.errors import ConfigError
from demandsim.parameters import load_parameters

REPAIRS_PAY = "value = { housing_associations = 1.0 }"

# passage of streams.toml, replacement, then what the message must say: place, what, remedy
BAD_STREAMS = {
    "a channel is missing": (
        "value = { phone = 0.8, face = 0.08, web = 0.1, letter = 0.02 }", "value = { phone = 0.9, face = 0.1 }",
        "streams.repairs.channels, `value`", "has no web, letter", "every label",
    ),
    "shares by channel do not sum to 1": (
        "phone = 0.8, face = 0.08", "phone = 0.7, face = 0.08",
        "streams.repairs.channels, `value`", "sum to 0.9", "sum to 1",
    ),
    "an unknown tenure in the rate": (
        "value = { owner = 0.0, social = 3.5, private = 0.0, other = 0.0 }",
        "value = { owner = 0.0, social = 3.5, private = 0.0, othr = 0.0, other = 0.0 }",
        "streams.repairs.rate, `value`", "`othr` is not a label", "Did you mean `other`?",
    ),
    "an unknown tenure it is per": (
        'tenures = ["social"]', 'tenures = ["socal"]',
        "streams.repairs, `tenures`", "`socal` is not a label", "Did you mean `social`?",
    ),
    "an unknown payer answers": (
        'handling_payer = "housing_associations"\ntenures', 'handling_payer = "council"\ntenures',
        "streams.repairs, `handling_payer`", "`council` is not a label", "",
    ),
    "payers do not sum to 1": (
        REPAIRS_PAY, "value = { council_housing = 0.5 }",
        "streams.repairs.payers, `value`", "sum to 0.5", "Payer shares sum to 1",
    ),
    "an unknown state of need": (
        '"money.crisis" = 0.3', '"money.dire" = 0.3',
        "streams.council_tax_benefits.by_need, `value`", "`money.dire` is not need.state", "States: none",
    ),
    "no England for other places": (
        "value = { england = 0.03, hackney = 0.15", "value = { hackney = 0.15",
        "streams.waste_street.night_time, `value`", "has no england", "england = ",
    ),
    "a belief that no stream has": (
        "[streams.repairs.chase]", "[streams.repairs.chases]",
        "streams.repairs.chases", "is not a belief", "Did you mean `chase`?",
    ),
    "a probability over one": (
        "value = 0.87", "value = 1.87",
        "streams.repairs.done_right, `value`", "between 0 and 1", "Mend",
    ),
    "figures of a place without a scale": (
        'figures_of = "hackney"\n\n[streams.parking.rate]', "\n[streams.parking.rate]",
        "streams.parking", "without the other", "how large",
    ),
    "growth of nothing": (
        "[streams.waste_street.night_time]", "[streams.waste_street.scale]",
        "streams.waste_street.night_growth", "no night_time to grow", "Add [streams.waste_street.night_time]",
    ),
    "two streams that mend homes": (
        '[streams.parking]\ntitle = "Parking"', '[streams.parking]\nmends_homes = true\ntitle = "Parking"',
        "streams.parking, `mends_homes`", "homes are mended by", "one stream",
    ),
    "two streams that take waste": (
        '[streams.parking]\ntitle = "Parking"', '[streams.parking]\ntakes_waste = true\ntitle = "Parking"',
        "`takes_waste`", "household waste is taken by", "one stream",
    ),
    "a price of nothing": (
        "[streams.planning.income]", "[streams.planning.growth]",
        "streams.planning.price", "no income to price", "Add [streams.planning.income]",
    ),
    "a component posted twice": (
        '[streams.parking]\ntitle = "Parking"', '[streams.parking]\ncomponents = ["CR2.0.1"]\ntitle = "Parking"',
        "streams.parking", "`CR2.0.1` is posted in", "counted twice",
    ),
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "configs" / "parameters", tmp_path / "parameters")
    shutil.copy(ROOT / "configs" / "sources.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("case", BAD_STREAMS)
def test_a_bad_stream_is_told_in_plain_words(home: Path, case: str) -> None:
    passage, replacement, place, what, remedy = BAD_STREAMS[case]
    path = home / "parameters" / "streams.toml"
    text = path.read_text()
    assert passage in text
    path.write_text(text.replace(passage, replacement, 1))
    with pytest.raises(ConfigError) as told:
        load_parameters(home / "parameters")
    found = [one for one in told.value.faults if place in one.where]
    assert any(what in one.what and remedy in one.remedy for one in found), str(told.value)


def test_what_a_scenario_moves_must_be_a_lever(home: Path) -> None:
    path = home / "parameters" / "streams.toml"
    text = path.read_text()
    before = 'Posts of repairs per 10,000 social tenants, as now."\nsource = "assumed"\nevidence = "assumed"\nrole = '
    assert before + '"lever"' in text
    path.write_text(text.replace(before + '"lever"', before + '"constant"'))
    with pytest.raises(ConfigError, match=r"streams.repairs.staff, `role`: is `constant`"):
        load_parameters(home / "parameters")
