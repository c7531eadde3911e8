"""Which services may be paid by results, and what must then be stated."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_configs import spoil, write_configs

from demandsim.errors import ConfigError
from demandsim.parameters import load_parameters

SERVICE = "parameters/services/family_support.toml"
BELIEFS = "".join(
    f"""
[providers.{name}]
value = {value}
unit = "{unit}"
meaning = "How pay is followed."
source = "assumed"
evidence = "assumed"
role = "constant"
"""
    for name, value, unit in (
        ("follows_pay", 0.5, "share"),
        ("least_effort", 0.2, "ratio"),
        ("most_effort", 2, "ratio"),
    )
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = write_configs(tmp_path)
    spoil(home, SERVICE, "duty = false", "duty = false\npaid_by_results = true")
    return home


def _faults(home: Path) -> list[str]:
    with pytest.raises(ConfigError) as told:
        load_parameters(home / "parameters")
    return [f"{fault.where}: {fault.what} {fault.remedy}" for fault in told.value.faults]


def test_a_service_with_posts_and_a_list_may_be_paid_by_results(home: Path) -> None:
    (home / "parameters" / "providers.toml").write_text(BELIEFS, encoding="utf-8")
    assert load_parameters(home / "parameters").services["family_support"].paid_by_results


def test_how_pay_is_followed_must_be_stated(home: Path) -> None:
    faults = _faults(home)
    assert [fault.split(":")[0] for fault in faults] == [
        "providers.follows_pay",
        "providers.least_effort",
        "providers.most_effort",
    ]
    assert all("`family_support` is paid by results" in fault for fault in faults)


def test_a_duty_is_not_paid_by_results(home: Path) -> None:
    (home / "parameters" / "providers.toml").write_text(BELIEFS, encoding="utf-8")
    spoil(home, SERVICE, "duty = false", "duty = true")
    assert any("no waiting list" in fault and "Pay by results only" in fault for fault in _faults(home))
