"""Every way a config file can be wrong: the message names the file, the place, what is wrong and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_configs import plain_text, spoil, write_configs

from demandsim.errors import ConfigError, Fault
from demandsim.parameters import load_parameters
from demandsim.policy import load_scenario

SERVICE = "parameters/services/family_support.toml"
CONTACTS = "parameters/contacts.toml"
COSTS = "parameters/costs.toml"
EFFECTS = "parameters/effects.toml"
NEEDS = "parameters/needs.toml"
SHOCKS = "parameters/shocks.toml"
APPRAISAL = "parameters/appraisal.toml"
SCENARIO = "scenarios/earlier.toml"

TAKE_UP = 'value = 0.65\nunit = "probability"'
SPREAD = 'uncertainty = { shape = "normal", low = 0, high = 1, level = 0.9 }'
SECOND_SERVICE = """
[services.other]
code = 4
title = "Other"
agency = "nhs"
tier = "early"
needs = ["family"]
delivery = "bought"
route = "front_door"
queue = "none"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return write_configs(tmp_path)


def _faults(home: Path) -> tuple[Fault, ...]:
    with pytest.raises(ConfigError) as told:
        load_parameters(home / "parameters")
    assert str(told.value) == "\n".join(str(fault) for fault in told.value.faults)
    return told.value.faults


def _tells(fault: Fault, path: Path, place: str, what: str, remedy: str) -> bool:
    here = fault.where.startswith(path.as_posix()) and place in fault.where
    return here and what in fault.what and remedy in fault.remedy


# file, passage, replacement, then what the message must say: place, what, remedy
BAD_PARAMETERS = {
    "bare number where a belief belongs": (
        (SERVICE, 'duty = false', 'duty = false\nspot_price = 65'),
        "services.family_support.spot_price", "bare number 65", "unit, meaning, source",
    ),
    "bare number in a plain table": (
        (CONTACTS, "[budget.order_of_cuts]", "[contacts]\nhazard = 0.2\n[budget.order_of_cuts]"),
        "contacts.hazard", "bare number 0.2", "[contacts.hazard] with value = 0.2",
    ),
    "text in a plain table": (
        (CONTACTS, "[budget.order_of_cuts]", '[contacts]\nmeening = "x"\n[budget.order_of_cuts]'),
        "contacts.meening", "not a belief", "Did you mean `meaning`?",
    ),
    "misspelt key of a belief": (
        (SERVICE, TAKE_UP + "\nmeaning", TAKE_UP + "\nmeening"),
        "services.family_support.take_up, `meening`", "not a key", "Did you mean `meaning`?",
    ),
    "misspelt value": (
        (SERVICE, TAKE_UP, 'vale = 0.65\nunit = "probability"'),
        "services.family_support.take_up, `vale`", "not a key", "Did you mean `value`?",
    ),
    "no source": (
        (EFFECTS, 'source = "trial_2012"\n', ""),
        "effects.family_support.hazard_ratio, `source`", "missing", "Add `source`",
    ),
    "unknown source": (
        (EFFECTS, "trial_2012", "trial_2013"),
        "effects.family_support.hazard_ratio, `source`", "`trial_2013` is not in sources.toml",
        "Did you mean `trial_2012`?",
    ),
    "measured but assumed": (
        (SERVICE, 'source = "borough_count_2015"\nevidence = "measured"\nrole = "lever"',
         'source = "assumed"\nevidence = "measured"\nrole = "lever"'),
        "services.family_support.staff, `source`", "the source is `assumed`", "Name the source",
    ),
    "no unit": (
        (SERVICE, TAKE_UP, "value = 0.65"),
        "services.family_support.take_up, `unit`", "missing", "Add `unit`",
    ),
    "unknown unit": (
        (SERVICE, TAKE_UP, 'value = 0.65\nunit = "percent"'),
        "services.family_support.take_up, `unit`", "`percent` is not a unit", "Units are listed",
    ),
    "unknown grade": (
        (EFFECTS, '"published"', '"proven"'),
        "effects.family_support.hazard_ratio, `evidence`", "'proven'", "Choose",
    ),
    "unknown role": (
        (EFFECTS, 'role = "uncertainty"', 'role = "levr"'),
        "effects.family_support.hazard_ratio, `role`", "'levr'", "Choose",
    ),
    "probability over one": (
        (SERVICE, "value = 0.65", "value = 1.65"),
        "services.family_support.take_up, `value`", "1.65; a probability is between 0 and 1", "Mend the value",
    ),
    "negative hazard": (
        (NEEDS, "none = 0.01", "none = -0.01"),
        "needs.work.up, `value`", "-0.01 for none; a hazard is never negative", "Mend",
    ),
    "negative money": (
        (SERVICE, "value = 41000", "value = -41000"),
        "services.family_support.cost_per_fte, `value`", "money is never negative", "Mend",
    ),
    "not a number": (
        (SERVICE, "value = 12", "value = nan"),
        "services.family_support.cases_per_fte, `value`", "finite number", "Mend",
    ),
    "true for a number": (
        (SERVICE, "value = 12", "value = true"),
        "services.family_support.cases_per_fte, `value`", "true or false", "",
    ),
    "word for a number": (
        (SERVICE, "value = 12", 'value = "twelve"'),
        "services.family_support.cases_per_fte, `value`", "is the word 'twelve'", "Mend",
    ),
    "unknown state": (
        (SERVICE, 'value = "established"', 'value = "severe"'),
        "services.family_support.opens_at, `value`", "'severe'; it may be `none` or `emerging`", "Mend",
    ),
    "unknown order of cuts": (
        (CONTACTS, 'value = "pro_rata"', 'value = "open"'),
        "budget.order_of_cuts, `value`", "'open'; it may be `pro_rata` or `early_first` or `by_value`", "Mend",
    ),
    "value and values": (
        (SERVICE, "value = 12", "value = 12\nvalues = [ { from = 2016-04-01, value = 12 } ]"),
        "services.family_support.cases_per_fte, `value`", "either `value` or `values`", "Keep one",
    ),
    "dates out of order": (
        (SERVICE, "from = 2018-04-01", "from = 2015-04-01"),
        "services.family_support.staff, `values`", "out of order", "earliest first",
    ),
    "dates with other labels": (
        (SERVICE, "value = 8 }", "value = { a = 8 } }"),
        "services.family_support.staff, `values`", "do not hold the same labels", "same labels",
    ),
    "not a date": (
        (SERVICE, "from = 2018-04-01", 'from = "next April"'),
        "services.family_support.staff, `values.1.from`", "it must be a date", "Mend",
    ),
    "uncertainty without an interval level": (
        (EFFECTS, ", level = 0.95", ""),
        "effects.family_support.hazard_ratio, `uncertainty.level`", "missing", "Add `level`",
    ),
    "interval level of 95": (
        (EFFECTS, "level = 0.95", "level = 95"),
        "effects.family_support.hazard_ratio, `uncertainty.level`", "must be less than or equal to 1", "Mend",
    ),
    "bounded shape with a level": (
        (CONTACTS, 'high = 0.85, level = 1.0', 'high = 0.85, level = 0.9'),
        "front_door.arrival.single, `uncertainty`", "has end points", "level = 1.0",
    ),
    "unbounded shape without a level": (
        (EFFECTS, "level = 0.95", "level = 1"),
        "effects.family_support.hazard_ratio, `uncertainty`", "has no end points", "level below 1",
    ),
    "interval beside the value": (
        (EFFECTS, "low = 0.7", "low = 0.95"),
        "effects.family_support.hazard_ratio, `uncertainty`", "does not hold the value 0.9", "Mend low or high",
    ),
    "multiplier beside one": (
        (NEEDS, "low = 0.7", "low = 1.1"),
        "needs.work.up, `uncertainty`", "does not hold the common multiplier 1", "Mend low or high",
    ),
    "interval end out of bounds": (
        (CONTACTS, "low = 0.15, high = 0.5", "low = 0.15, high = 1.5"),
        "front_door.arrival.silo, `uncertainty`", "`high` is 1.5", "Mend `high`",
    ),
    "lognormal from nought": (
        (EFFECTS, "low = 0.7", "low = 0"),
        "effects.family_support.hazard_ratio, `uncertainty`", "`lognormal` cannot reach 0", "triangular",
    ),
    "uncertainty without spread": (
        (EFFECTS, 'uncertainty = { shape = "lognormal", low = 0.7, high = 1.1, level = 0.95 }\n', ""),
        "effects.family_support.hazard_ratio, `uncertainty`", "missing", "Add uncertainty =",
    ),
    "lever with spread": (
        (EFFECTS, 'role = "uncertainty"', 'role = "lever"'),
        "effects.family_support.hazard_ratio, `uncertainty`", "a lever is not drawn", "Remove",
    ),
    "a name that is drawn": (
        (CONTACTS, 'role = "lever"', 'role = "uncertainty"\n' + SPREAD),
        "budget.order_of_cuts, `uncertainty`", "a name cannot be drawn", "lever",
    ),
    "null that is no belief": (
        (CONTACTS, 'null = "front_door.arrival.silo"', 'null = "front_door.arrival.sillo"'),
        "front_door.arrival.single, `null`", "`front_door.arrival.sillo` is not a belief",
        "Did you mean `front_door.arrival.silo`?",
    ),
    "null out of bounds": (
        (CONTACTS, 'null = "front_door.arrival.silo"', "null = 1.4"),
        "front_door.arrival.single, `null`", "1.4", "does nothing",
    ),
    "money without a price year": (
        (SERVICE, 'price_year = "2013/14"\n', ""),
        "services.family_support.cost_per_fte, `price_year`", "needs its price year", "Add price_year",
    ),
    "price year of something else": (
        (SERVICE, "value = 12", 'value = 12\nprice_year = "2013/14"'),
        "services.family_support.cases_per_fte, `price_year`", "is not money", "Remove",
    ),
    "price year badly written": (
        (SERVICE, '"2013/14"', '"2013"'),
        "services.family_support.cost_per_fte, `price_year`", "not a fiscal year", '"2015/16"',
    ),
    "price year without a deflator": (
        (SERVICE, '"2013/14"', '"1990/91"'),
        "services.family_support.cost_per_fte, `price_year`", "no deflator for 1990/91", "appraisal.deflators",
    ),
    "a name within the belief": (
        (SERVICE, "value = 12", 'value = 12\nname = "x"'),
        "services.family_support.cases_per_fte, `name`", "not a key", "path is its name",
    ),
    "misspelt belief of a service": (
        (SERVICE, "[services.family_support.patience]", "[services.family_support.patients]"),
        "services.family_support.patients", "not a belief of a table in `services`", "Did you mean `patience`?",
    ),
    "service without a needed belief": (
        (SERVICE, "[services.family_support.take_up]", "[other.take_up]"),
        "services.family_support.take_up", "missing", "[services.family_support.take_up]",
    ),
    "staffed service without posts": (
        (SERVICE, "[services.family_support.cases_per_fte]", "[other.cases_per_fte]"),
        "services.family_support.cases_per_fte", "missing", "a staffed service needs it",
    ),
    "misspelt key of a service": (
        (SERVICE, "queue =", "que ="),
        "services.family_support, `que`", "not a key", "Did you mean `queue`?",
    ),
    "unknown payer as agency": (
        (SERVICE, 'agency = "council_children"', 'agency = "council_childrens"'),
        "services.family_support, `agency`", "`council_childrens` is not a label", "Did you mean `council_children`?",
    ),
    "unknown tier": (
        (SERVICE, 'tier = "early"', 'tier = "earlier"'),
        "services.family_support, `tier`", "`earlier` is not a label", "Did you mean `early`?",
    ),
    "unknown need": (
        (SERVICE, 'needs = ["family"]', 'needs = ["families"]'),
        "services.family_support, `needs`", "`families` is not a label", "Did you mean `family`?",
    ),
    "unknown scope": (
        (SERVICE, '"with_children"', '"with_child"'),
        "services.family_support, `scope`", "`with_child` is not a label", "Did you mean `with_children`?",
    ),
    "unknown queue": (
        (SERVICE, '"worst_first"', '"loudest_first"'),
        "services.family_support, `queue`", "`loudest_first` is not a label", "worst_first",
    ),
    "neither staffed nor bought": (
        (SERVICE, '"staffed"', '"rented"'),
        "services.family_support, `delivery`", "'rented'", "Choose",
    ),
    "code is not whole": (
        (SERVICE, "code = 4", 'code = "four"'),
        "services.family_support, `code`", "it must be a whole number", "Mend",
    ),
    "unknown conversion": (
        (SERVICE, 'persons_per_case = "children_looked_after"', 'persons_per_case = "children_looked"'),
        "services.family_support, `persons_per_case`", "not in conversion.toml",
        "Did you mean `children_looked_after`?",
    ),
    "payers that miss a part": (
        (SERVICE, "schools = 0.25", "schools = 0.2"),
        "services.family_support.payers, `value`", "the shares sum to 0.95", "sum to 1",
    ),
    "unknown payer": (
        (COSTS, "dwp = 1", "dpw = 1"),
        "costs.work_benefits.payers, `value`", "`dpw` is not a payer", "Did you mean `dwp`?",
    ),
    "payers without labels": (
        (COSTS, "value = { dwp = 1 }", "value = 1"),
        "costs.work_benefits.payers, `value`", "not by payer", "nhs = 0.4",
    ),
    "cost of an unknown need": (
        (COSTS, 'need = "work"', 'need = "worry"'),
        "costs.work_benefits, `need`", "`worry` is not a label", "work",
    ),
    "effect of no service": (
        (EFFECTS, 'service = "family_support"', 'service = "family_suport"'),
        "effects.family_support, `service`", "`family_suport` is not a service", "Did you mean `family_support`?",
    ),
    "effect on a move that is not there": (
        (EFFECTS, "family.emerging.up", "family.crisis.up"),
        "effects.family_support, `acts_on`", "no `up` starts from `crisis`", "existing need, state and move",
    ),
    "effect on half a name": (
        (EFFECTS, "family.emerging.up", "family.emerging"),
        "effects.family_support, `acts_on`", "not of the form need.state.move", "existing",
    ),
    "effect on an exit that is not there": (
        (EFFECTS, "family.emerging.up", "family.emerging.exit"),
        "effects.family_support, `acts_on`", "no exit there", "exit_to",
    ),
    "state missing from a hazard": (
        (NEEDS, ", complex = 0.04", ""),
        "needs.work.up, `value`", "has no complex", "every label",
    ),
    "state that is none": (
        (NEEDS, "complex = 0.04", "complex = 0.04, dire = 1"),
        "needs.work.up, `value`", "`dire` is not a label", "Labels",
    ),
    "exit to nowhere": (
        (NEEDS, 'exit_to = { complex = "none" }', 'exit_to = { complex = "nowhere" }'),
        "needs.work, `exit_to`", "`nowhere` is not a label", "Labels",
    ),
    "exit without a hazard": (
        (NEEDS, 'exit_to = { complex = "none" }', 'exit_to = { complex = "none", crisis = "none" }'),
        "needs.work.exit, `value`", "has no crisis", "every label",
    ),
    "shock that ends before it starts": (
        (SHOCKS, "until = 2020-04-01", "until = 2015-04-01"),
        "shocks.freeze, `until`", "not after `from`", "Mend",
    ),
    "source without a publisher": (
        ("sources.toml", 'publisher = "A borough"\n', ""),
        "sources.toml, borough_count_2015, `publisher`", "missing", "Add `publisher`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_PARAMETERS.values(), ids=BAD_PARAMETERS.keys())
def test_a_bad_parameter_file(home: Path, case: tuple[tuple[str, str, str], str, str, str]) -> None:
    (file, old, new), place, what, remedy = case
    path = spoil(home, file, old, new)
    matching = [
        fault
        for fault in _faults(home)
        if fault.where.startswith(path.as_posix())
        and place in fault.where
        and what in fault.what
        and remedy in fault.remedy
    ]
    assert len(matching) == 1, "\n".join(map(str, _faults(home)))


def test_most_bad_lines_give_one_message(home: Path) -> None:
    spoil(home, EFFECTS, "level = 0.95", "level = 95")
    assert len(_faults(home)) == 1


def test_broken_toml_names_its_line(home: Path) -> None:
    path = spoil(home, SERVICE, 'title = "Family support"', "title = ")
    (fault,) = _faults(home)
    assert fault.where == f"{path.as_posix()}, line 3"
    assert "Mend this line" in fault.remedy


def test_a_file_that_is_not_text(home: Path) -> None:
    (home / SHOCKS).write_bytes(b"\xff\xfe\x00")
    assert any("is not UTF-8" in fault.what for fault in _faults(home))


def test_all_faults_of_all_files_are_told_at_once(home: Path) -> None:
    spoil(home, SERVICE, "value = 0.65", "value = 1.65")
    spoil(home, EFFECTS, "trial_2012", "trial_2013")
    spoil(home, SHOCKS, "value = 1.03", "value =")
    told = "\n".join(map(str, _faults(home)))
    assert all(name in told for name in ("family_support.toml", "effects.toml", "shocks.toml"))


def test_a_belief_in_two_files(home: Path) -> None:
    text = (home / SHOCKS).read_text()
    (home / "parameters" / "z.toml").write_text("[shocks.freeze.ratio]" + text.split("[shocks.freeze.ratio]")[1])
    faults = [fault for fault in _faults(home) if "already stated" in fault.what]
    assert faults[0].where == f"{(home / 'parameters' / 'z.toml').as_posix()}, shocks.freeze.ratio"
    assert (home / SHOCKS).as_posix() in faults[0].what


def test_a_missing_need(home: Path) -> None:
    text = (home / NEEDS).read_text()
    (home / NEEDS).write_text(text[: text.index("[needs.safety]")])
    assert any(fault.where == "needs.safety" and "missing" in fault.what for fault in _faults(home))


def _second_service(home: Path, extra: str = "", code: int = 5) -> None:
    text = (home / SERVICE).read_text()
    shared = "".join(
        f"[services.other.{key}]\n" + text.split(f"[services.family_support.{key}]\n")[1].split("\n\n")[0] + "\n"
        for key in ("opens_at", "closes_above", "p_referred", "take_up", "length", "payers")
    )
    shared += plain_text("other")
    cost = (home / COSTS).read_text().split("[costs.work_benefits.unit_cost]\n")[1].split("\n\n")[0]
    cost = cost.replace("household-month", "case-month")
    head = SECOND_SERVICE.replace("code = 4", f"code = {code}")
    (home / "parameters/services/other.toml").write_text(f"{head}{extra}\n{shared}[services.other.unit_cost]\n{cost}\n")


def test_a_second_service_may_stand_beside_the_first(home: Path) -> None:
    _second_service(home)
    assert set(load_parameters(home / "parameters").services) == {"family_support", "other"}


def test_two_services_with_one_code(home: Path) -> None:
    _second_service(home, code=4)
    (fault,) = _faults(home)
    assert fault.where.endswith("other.toml, services.other, `code`")
    assert "`family_support`" in fault.what
    assert "never reused" in fault.remedy


@pytest.mark.parametrize(
    "component", ['components = ["SS6.0"]', 'components = ["SS6.0.staff"]', 'component_of = "SS6.0"']
)
def test_a_component_with_two_homes(home: Path, component: str) -> None:
    _second_service(home, component)
    (fault,) = _faults(home)
    assert "SS6.0" in fault.what
    assert "`services.family_support`" in fault.what
    assert "`services.other`" in fault.what
    assert "counted twice" in fault.remedy


def test_components_that_only_begin_alike_are_apart(home: Path) -> None:
    _second_service(home, 'components = ["SS6.01"]')
    assert len(load_parameters(home / "parameters").services) == 2


def test_a_bought_service_with_posts(home: Path) -> None:
    _second_service(home)
    staff = (home / SERVICE).read_text().split("[services.family_support.staff]")[1].split("\n\n")[0]
    path = home / "parameters/services/other.toml"
    path.write_text(path.read_text() + f"\n[services.other.staff]{staff}\n")
    (fault,) = _faults(home)
    assert "is bought, yet states `staff`" in fault.what
    assert "never both" in fault.remedy


def test_a_duty_service_with_posts_needs_a_spot_price(home: Path) -> None:
    spoil(home, SERVICE, "duty = false", "duty = true")
    told = {fault.where.split(".")[-1] for fault in _faults(home)}
    assert told == {"spot_price"}


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ('route = "front_door"', 'route = "automatic"', "p_eligible"),
        ("[services.family_support.p_referred]", "[other.p_referred]", "p_referred"),
        ("[services.family_support.patience]", "[other.patience]", "patience"),
        ("[services.family_support.length]", "[other.length]", "length"),
        ("[services.family_support.lag]", "[other.lag]", "lag"),
    ],
)
def test_a_service_without_what_its_kind_needs(home: Path, old: str, new: str, missing: str) -> None:
    spoil(home, SERVICE, old, new)
    (fault,) = _faults(home)
    assert fault.where.endswith(f"services.family_support.{missing}")
    assert f"Add the belief [services.family_support.{missing}]" in fault.remedy


def test_a_case_that_lasts_as_its_state_has_no_length(home: Path) -> None:
    spoil(home, SERVICE, "duty = false", "duty = false\nuntil_state_ends = true")
    (fault,) = _faults(home)
    assert fault.where.endswith("services.family_support.length")
    assert "until_state_ends" in fault.what
    spoil(home, SERVICE, "[services.family_support.length]", "[other.length]")
    assert load_parameters(home / "parameters").services["family_support"].until_state_ends


def test_a_threshold_is_a_lever(home: Path) -> None:
    spoil(
        home,
        SERVICE,
        'meaning = "Least state helped."\nsource = "assumed"\nevidence = "assumed"\nrole = "lever"',
        'meaning = "Least state helped."\nsource = "assumed"\nevidence = "assumed"\nrole = "constant"',
    )
    (fault,) = _faults(home)
    assert fault.where.endswith("services.family_support.opens_at, `role`")
    assert 'role = "lever"' in fault.remedy


def test_a_folder_that_is_not_there(home: Path) -> None:
    with pytest.raises(ConfigError, match=r"parametres: there is no such folder. Did you mean `parameters`\?"):
        load_parameters(home / "parametres")


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"holds no \.toml file"):
        load_parameters(tmp_path)


def test_no_sources_file(home: Path) -> None:
    (home / "sources.toml").unlink()
    (fault,) = _faults(home)
    assert fault.where == (home / "sources.toml").as_posix()
    assert "there is no such file" in fault.what


BAD_SCENARIOS = {
    "an uncertainty": (
        ('"services.family_support.staff"', '"services.family_support.take_up"'),
        "change 2, `lever`", "`services.family_support.take_up` is an uncertainty, not a lever.",
        "A scenario may move levers only. To study this belief, vary it in a sweep. Nearest lever: `services.family_",
    ),
    "a constant": (
        ('"services.family_support.staff"', '"services.family_support.cases_per_fte"'),
        "change 2, `lever`", "is a constant, not a lever", "Change it in the parameters",
    ),
    "no such lever": (
        ('"services.family_support.staff"', '"services.family_suport.staff"'),
        "change 2, `lever`", "there is no lever", "Nearest lever: `services.family_support.staff`",
    ),
    "another unit": (
        ('unit = "FTE per 10,000 households"', 'unit = "FTE"'),
        "change 2, `unit`", "is `FTE`, but `services.family_support.staff` is in `FTE per 10,000 households`",
        "Convert",
    ),
    "no unit": (
        ('unit = "FTE per 10,000 households"\n', ""),
        "change 2, `unit`", "missing", 'Add unit = "FTE per 10,000 households"',
    ),
    "out of bounds": (
        ("value = 20", "value = -20"),
        "change 2, `values`", "the value is -20", "Mend",
    ),
    "unknown state": (
        ('"emerging"', '"first_sign"'),
        "change 1, `values`", "'first_sign'; it may be `none` or `emerging`", "Mend",
    ),
    "a number for a name": (
        ('value = "emerging"', "value = 2"),
        "change 1, `values`", "this lever takes a name", "Mend",
    ),
    "a name for a number": (
        ("value = 20", 'value = "twenty"'),
        "change 2, `values`", "the word 'twenty'", "Mend",
    ),
    "labels for a number": (
        ("value = 20", "value = { nhs = 20 }"),
        "change 2, `values`", "holds one number", "Mend",
    ),
    "times of a name": (
        ('value = "emerging"', "times = 2"),
        "change 1, `values`", "`times` needs a lever that is a number", "Use `value`",
    ),
    "a ramp of a name": (
        ('source = "assumed"', 'ramp = { value = 2, unit = "months" }\nsource = "assumed"'),
        "change 1, `ramp`", "a name cannot be ramped", "Remove",
    ),
    "a ramp in pounds": (
        ('value = 4, unit = "months"', 'value = 4, unit = "GBP"'),
        "change.1.ramp.unit", "a ramp is in months, weeks or years", "",
    ),
    "value and times": (
        ("value = 20", "value = 20, times = 2"),
        "change.1.values.0", "either `value` or `times`", "",
    ),
    "dates out of order": (
        ("{ from = 2017-04-01, value = 20 }", "{ from = 2017-04-01, value = 20 }, { from = 2017-04-15, value = 21 }"),
        "change 2, `values`", "out of order", "earliest first",
    ),
    "a lever moved twice": (
        ('"services.family_support.staff"', '"services.family_support.opens_at"'),
        "change 2, `lever`", "already moved in change 1", "into one change",
    ),
    "unknown source": (
        ("borough_count_2015", "borough_count_2016"),
        "change 2, `source`", "not in sources.toml", "Did you mean `borough_count_2015`?",
    ),
    "no source": (
        ('source = "assumed"\n', ""),
        "`change.0.source`", "missing", "Add `source`",
    ),
    "misspelt key": (
        ("lever =", "leaver ="),
        "`change.0.leaver`", "not a key", "Did you mean `lever`?",
    ),
    "no baseline": (
        ('baseline = "as_now"', ""),
        "`baseline`", "missing", 'Add baseline = "as_now"',
    ),
    "a baseline that is not there": (
        ('"as_now"', '"as_nwo"'),
        "`baseline`", "no scenario `as_nwo`", "Did you mean `as_now`?",
    ),
    "a baseline on itself": (
        ('"as_now"', '"earlier"'),
        "`baseline`", "stands on this scenario itself", "Break the circle",
    ),
    "a digest cut short": (
        ('"as_now"', '"as_now@sha256:12"'),
        "`baseline`", "eight characters", "",
    ),
    "another id": (
        ('id = "earlier"', 'id = "sooner"'),
        "`id`", "the file is earlier.toml", "Name the file sooner.toml",
    ),
    "changes under another key": (
        ("[[change]]\nlever", "[[changes]]\nlever"),
        "`changes`", "not a key", "[[change]]",
    ),
    "price year of a post": (
        ("value = 20 } ]", 'value = 20 } ]\nprice_year = "2015/16"'),
        "change 2, `price_year`", "is not money", "Remove",
    ),
    "not TOML": (
        ("[[change]]", "[[change]"),
        "line ", "not valid TOML", "Mend",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_SCENARIOS.values(), ids=BAD_SCENARIOS.keys())
def test_a_bad_scenario(home: Path, case: tuple[tuple[str, str], str, str, str]) -> None:
    (old, new), place, what, remedy = case
    path = spoil(home, SCENARIO, old, new)
    book = load_parameters(home / "parameters")
    with pytest.raises(ConfigError) as told:
        load_scenario(path, book)
    matching = [
        fault
        for fault in told.value.faults
        if fault.where.startswith(path.as_posix())
        and place in fault.where
        and what in fault.what
        and remedy in fault.remedy
    ]
    assert len(matching) == 1, str(told.value)


def test_a_scenario_that_is_not_there(home: Path) -> None:
    with pytest.raises(ConfigError, match=r"erlier.toml: there is no such file. Did you mean `earlier.toml`\?"):
        load_scenario(home / "scenarios" / "erlier.toml")
