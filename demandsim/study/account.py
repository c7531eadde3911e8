"""The study behind an account: its place under the scenarios that might bring its lines about.

Takes an account and settings over its own; gives a `Study`. Never runs anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from demandsim.errors import ConfigError, RequestError
from demandsim.parameters.reading import Faults, build
from demandsim.policy.account import Account
from demandsim.study.config import Study, from_command_line

#: A first look: minutes on one processor, and too small a place to tell rare cases from luck.
QUICK: Final = {"households": 4_000, "draws": 4, "run_in": 60}
#: What answering an account needs beside what every study keeps.
_KEPT: Final = ("overspend",)


def study_of(account: Account, settings: Mapping[str, Any] | None = None) -> Study:
    """The study that answers an account.

    Parameters
    ----------
    account : Account
    settings : mapping, optional
        Keys of a study over the account's own; those that are None are left.

    Raises
    ------
    RequestError
        If the account has nothing to simulate.
    ConfigError
        With every fault of the settings.
    """
    if account.simulation is None:
        raise RequestError(f"{account.file}: no line is marked `simulated`, so there is nothing to run.")
    given = {key: value for key, value in (settings or {}).items() if value is not None}
    asked = account.simulation.model_dump(exclude={"baseline"}) | given
    table = {
        "id": account.id,
        "title": account.title,
        "question": account.question,
        "scenarios": account.to_run,
        "keep": _KEPT,
        "belief_cases": 0,
        # A study finds its configs from where its own file lies; an account lies as deep.
        "file": Path(account.file).as_posix(),
        **asked,
    }
    faults = Faults()
    study = build(Study, table, "account", faults)
    if faults:
        raise ConfigError([from_command_line(fault, given) for fault in faults])
    assert study is not None
    return study
