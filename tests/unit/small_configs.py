"""A small and sound configs folder for tests, and a way to spoil one line of it."""

from __future__ import annotations

from pathlib import Path

RUNGS = ("none", "emerging", "established", "complex")
SHAPES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("gradient", "per standard deviation", RUNGS),
    ("frailty", "exponent", RUNGS),
    ("duration", "exponent", ()),
    ("relapse", "ratio", ()),
    ("exposure_age", "ratio", ("under_25", "25_44", "45_64", "65_74", "75_84", "85_over")),
    ("exposure_tenure", "ratio", ("owner", "social", "private", "other")),
    (
        "exposure_household",
        "ratio",
        ("one_adult", "two_adults", "more_adults", "one_adult_children", "two_adults_children", "more_adults_children"),
    ),
)
NEEDS = ("work", "money", "housing", "mental_health", "family", "care", "safety")

SOURCES = """
[borough_count_2015]
title = "Cases by month"
publisher = "A borough"
year = 2015
read = true

[trial_2012]
title = "A trial of family support"
publisher = "A university"
year = 2012
licence = "CC BY 4.0"
read = false
"""

APPRAISAL = """
[appraisal]
price_year = "2015/16"

[appraisal.deflator]
value = { "2013/14" = 80.0, "2015/16" = 82.0, "2016/17" = 84.0 }
unit = "index"
meaning = "Price level by fiscal year."
source = "borough_count_2015"
evidence = "measured"
role = "constant"

[conversion.children_looked_after]
value = 1.3
unit = "persons"
meaning = "Children looked after in a household with any."
source = "assumed"
evidence = "assumed"
role = "constant"
"""

FRONT_DOOR = """
[budget.order_of_cuts]
value = "pro_rata"
unit = "rule"
meaning = "What is cut first."
source = "assumed"
evidence = "assumed"
role = "lever"

[front_door.arrival.silo]
value = 0.3
unit = "probability"
meaning = "Chance that a signposted household arrives."
uncertainty = { shape = "beta", low = 0.15, high = 0.5, level = 0.9 }
source = "assumed"
evidence = "assumed"
role = "uncertainty"

[front_door.arrival.single]
value = 0.7
unit = "probability"
meaning = "Chance that a household handed over warmly arrives."
uncertainty = { shape = "triangular", low = 0.3, high = 0.85, level = 1.0 }
null = "front_door.arrival.silo"
source = "assumed"
evidence = "assumed"
role = "uncertainty"

[programme.running_cost]
value = 0
unit = "GBP per household-month"
price_year = "2015/16"
meaning = "What the programme costs to run."
source = "assumed"
evidence = "assumed"
role = "lever"
"""

SERVICE = """
[services.family_support]
code = 4
title = "Family support"
agency = "council_children"
tier = "early"
needs = ["family"]
delivery = "staffed"
route = "front_door"
queue = "worst_first"
duty = false
scope = "with_children"
components = ["SS6.0"]
persons_per_case = "children_looked_after"

[services.family_support.opens_at]
value = "established"
unit = "need state"
meaning = "Least state helped."
source = "assumed"
evidence = "assumed"
role = "lever"

[services.family_support.closes_above]
value = "complex"
unit = "need state"
meaning = "Worst state helped."
source = "assumed"
evidence = "assumed"
role = "lever"

[services.family_support.p_referred]
value = 0.6
unit = "probability"
meaning = "Share offered help."
source = "assumed"
evidence = "assumed"
role = "constant"

[services.family_support.take_up]
value = 0.65
unit = "probability"
meaning = "Share of offers taken up."
uncertainty = { shape = "beta", low = 0.4, high = 0.85, level = 0.9 }
source = "assumed"
evidence = "assumed"
role = "uncertainty"

[services.family_support.length]
value = 9
unit = "months"
meaning = "Mean length of a case."
uncertainty = { shape = "lognormal", low = 6, high = 15, level = 0.9 }
source = "assumed"
evidence = "assumed"
role = "uncertainty"

[services.family_support.patience]
value = 4
unit = "months"
meaning = "Mean wait tolerated."
source = "assumed"
evidence = "assumed"
role = "constant"

[services.family_support.staff]
values = [ { from = 2016-04-01, value = 10 }, { from = 2018-04-01, value = 8 } ]
unit = "FTE per 10,000 households"
meaning = "Workers as now."
source = "borough_count_2015"
evidence = "measured"
role = "lever"

[services.family_support.shift_share]
value = 0.4
unit = "share"
meaning = "Share of the shift that comes here."
source = "assumed"
evidence = "assumed"
role = "lever"

[services.family_support.cases_per_fte]
value = 12
unit = "cases per FTE"
meaning = "Caseload."
source = "assumed"
evidence = "assumed"
role = "constant"

[services.family_support.cost_per_fte]
value = 41000
unit = "GBP per FTE-year"
price_year = "2013/14"
meaning = "Cost of a worker."
uncertainty = { shape = "lognormal", low = 35000, high = 50000, level = 0.95 }
source = "borough_count_2015"
evidence = "measured"
role = "uncertainty"

[services.family_support.payers]
value = { council_children = 0.75, schools = 0.25 }
unit = "share"
meaning = "Who pays."
source = "assumed"
evidence = "assumed"
role = "constant"
"""

PLAIN = (
    ("fidelity", "ratio", 1, "lever"),
    ("drop_out", "per month", 0.02, "constant"),
    ("lag", "months", 1, "constant"),
    ("fade", "months", 6, "constant"),
    ("detection", "per month", 0.1, "constant"),
)

NON_STAFF = """
[services.family_support.non_staff]
value = 9000
unit = "GBP per FTE-year"
price_year = "2015/16"
meaning = "Premises and the like."
source = "assumed"
evidence = "assumed"
role = "constant"
"""

EFFECT = """
[effects.family_support]
service = "family_support"
acts_on = ["family.emerging.up", "family.established.down"]
months = 24
design = "randomised"

[effects.family_support.hazard_ratio]
value = 0.9
unit = "ratio"
meaning = "Hazard ratio on each rung."
uncertainty = { shape = "lognormal", low = 0.7, high = 1.1, level = 0.95 }
null = 1
source = "trial_2012"
evidence = "published"
role = "uncertainty"
"""

COST = """
[costs.work_benefits]
need = "work"
state = ["established", "complex"]
per = "household-month"
transfer = true
components = ["E&E1.0.dwp"]

[costs.work_benefits.unit_cost]
value = 500
unit = "GBP per household-month"
price_year = "2015/16"
meaning = "Benefits."
source = "assumed"
evidence = "assumed"
role = "constant"

[costs.work_benefits.payers]
value = { dwp = 1 }
unit = "share"
meaning = "Who pays."
source = "assumed"
evidence = "assumed"
role = "constant"
"""

SHOCK = """
[shocks.freeze]
need = "housing"
from = 2016-04-01
until = 2020-04-01

[shocks.freeze.ratio]
value = 1.03
unit = "ratio"
meaning = "Hazard while allowances were frozen."
uncertainty = { shape = "lognormal", low = 1.0, high = 1.08, level = 0.9 }
null = 1
source = "assumed"
evidence = "assumed"
role = "uncertainty"

[shocks.freeze.strength]
value = 1
unit = "share"
meaning = "How far it is felt."
source = "assumed"
evidence = "assumed"
role = "circumstance"
"""

AS_NOW = """
id = "as_now"
title = "As now"
question = "What if nothing changes?"
"""

SCENARIO = """
id = "earlier"   # the file is named after it
title = "Early help opens at the first sign"
question = "Does it pay?"
baseline = "as_now"  # a draft

[[change]]
lever = "services.family_support.opens_at"
values = [ { from = 2017-04-01, value = "emerging" } ]
source = "assumed"

[[change]]
lever = "services.family_support.staff"
values = [ { from = 2017-04-01, value = 20 } ]
unit = "FTE per 10,000 households"
ramp = { value = 4, unit = "months" }
source = "borough_count_2015"
"""


def plain_text(service: str, beliefs: tuple[tuple[str, str, float, str], ...] = PLAIN) -> str:
    """Beliefs of a service that no test looks at."""
    return "\n".join(
        f'[services.{service}.{key}]\nvalue = {value}\nunit = "{unit}"\nmeaning = "As it says."\n'
        f'source = "assumed"\nevidence = "assumed"\nrole = "{role}"\n'
        for key, unit, value, role in beliefs
    )


def needs_text() -> str:
    """Seven needs, all alike."""
    lines = []
    for need in NEEDS:
        lines.append(f'[needs.{need}]\nscope = "everyone"\nunit = "household"\nexit_to = {{ complex = "none" }}\n')
        for key, unit, value in (
            ("up", "per month", "{ none = 0.01, emerging = 0.02, established = 0.03, complex = 0.04 }"),
            ("down", "per month", "{ emerging = 0.1, established = 0.05, complex = 0.02, crisis = 0.1 }"),
            ("sudden", "per month", "{ none = 0.001, emerging = 0.002, established = 0.003 }"),
            ("exit", "per month", "{ complex = 0.01 }"),
        ):
            lines.append(
                f'[needs.{need}.{key}]\nvalue = {value}\nunit = "{unit}"\nmeaning = "Moves."\n'
                'uncertainty = { shape = "lognormal", low = 0.7, high = 1.4, level = 0.9 }\n'
                'source = "assumed"\nevidence = "assumed"\nrole = "uncertainty"\n'
            )
        for key, unit, labels in SHAPES:
            value = "{ " + ", ".join(f"{label} = 1" for label in labels) + " }" if labels else "1"
            lines.append(
                f'[needs.{need}.{key}]\nvalue = {value}\nunit = "{unit}"\nmeaning = "Shape."\n'
                'source = "assumed"\nevidence = "assumed"\nrole = "constant"\n'
            )
        lines.append(
            f'[needs.{need}.sudden_share]\nvalue = 0.5\nunit = "share"\nmeaning = "Share that bypasses the middle."\n'
            'uncertainty = { shape = "uniform", low = 0.2, high = 0.8, level = 1.0 }\n'
            'source = "assumed"\nevidence = "assumed"\nrole = "uncertainty"\n'
        )
    return "\n".join(lines)


FILES = {
    "sources.toml": SOURCES,
    "parameters/appraisal.toml": APPRAISAL,
    "parameters/contacts.toml": FRONT_DOOR,
    "parameters/effects.toml": EFFECT,
    "parameters/costs.toml": COST,
    "parameters/shocks.toml": SHOCK,
    "scenarios/as_now.toml": AS_NOW,
    "scenarios/earlier.toml": SCENARIO,
}


def write_configs(folder: Path) -> Path:
    """Write the sound folder; give its path."""
    home = folder / "configs"
    service = SERVICE + "\n" + plain_text("family_support") + NON_STAFF
    made = {"parameters/needs.toml": needs_text(), "parameters/services/family_support.toml": service}
    for name, text in {**FILES, **made}.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    return home


def spoil(home: Path, file: str, old: str, new: str) -> Path:
    """Replace one passage of one file; the passage must be there."""
    path = home / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path
