"""Demand simulation for early-intervention policies in a council's area.

The way of the data, and where each step lives::

    place and people    demandsim.place         load_place            who lives where, drawn before any policy
    what we believe     demandsim.parameters    load_parameters       every number with unit, range, source and grade
    what we would do    demandsim.policy        load_scenario         a scenario moves levers, never beliefs
         │
    one world           demandsim.model         build_inputs, DemandModel, Household, Service, Agency
         │              needs move · contacts · services answer · agencies plan posts · the ledger counts
    many worlds         demandsim.study         run, load_study, run_study
         │              all scenarios on the same households, the same beliefs and the same luck
    results             demandsim.ledger        read_results, read_cases, tidy
         │
    the difference      demandsim.comparison    compare
         │
    what people read    demandsim.report        comparison_table, write_brief, write_pockets, …

Beside it: ``demandsim.receipts`` (`run_receipts`, `format_receipts`), other people's numbers worked out again.

Importing this package imports nothing else; a name is fetched when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from demandsim.cli.telling import tell
    from demandsim.comparison.account import answer_account
    from demandsim.comparison.paired import compare
    from demandsim.comparison.principles import compare_principles
    from demandsim.errors import (
        BalanceError,
        BaselineMoved,
        ConfigError,
        DemandsimError,
        RequestError,
        StoreError,
    )
    from demandsim.ledger.results import read_cases, read_results, tidy
    from demandsim.model.agents import Agency, Household, Service
    from demandsim.model.demand_model import DemandModel
    from demandsim.model.inputs import build_inputs
    from demandsim.parameters import explain, load_parameters
    from demandsim.place import load_place
    from demandsim.place.population import build_population
    from demandsim.policy import list_levers, load_future, load_principles, load_scenario, pin
    from demandsim.policy.account import load_account
    from demandsim.policy.reckoning import reckon
    from demandsim.receipts import format_receipts, run_receipts
    from demandsim.report import comparison_table, write_appraisal, write_brief, write_pockets
    from demandsim.report.account import write_account
    from demandsim.report.principles import write_principles
    from demandsim.study.account import study_of
    from demandsim.study.books import load_book
    from demandsim.study.config import load_study
    from demandsim.study.factorial import run_principles
    from demandsim.study.factorial_results import read_principles
    from demandsim.study.run import run, run_study
    from demandsim.version import VERSION as __version__

_HOMES = {
    "Agency": "demandsim.model.agents",
    "BalanceError": "demandsim.errors",
    "BaselineMoved": "demandsim.errors",
    "ConfigError": "demandsim.errors",
    "DemandModel": "demandsim.model.demand_model",
    "DemandsimError": "demandsim.errors",
    "Household": "demandsim.model.agents",
    "RequestError": "demandsim.errors",
    "Service": "demandsim.model.agents",
    "StoreError": "demandsim.errors",
    "answer_account": "demandsim.comparison.account",
    "build_inputs": "demandsim.model.inputs",
    "build_population": "demandsim.place.population",
    "compare": "demandsim.comparison.paired",
    "compare_principles": "demandsim.comparison.principles",
    "comparison_table": "demandsim.report",
    "explain": "demandsim.parameters",
    "format_receipts": "demandsim.receipts",
    "list_levers": "demandsim.policy",
    "load_account": "demandsim.policy.account",
    "load_book": "demandsim.study.books",
    "load_future": "demandsim.policy",
    "load_parameters": "demandsim.parameters",
    "load_place": "demandsim.place",
    "load_principles": "demandsim.policy",
    "load_scenario": "demandsim.policy",
    "load_study": "demandsim.study.config",
    "pin": "demandsim.policy",
    "read_cases": "demandsim.ledger.results",
    "read_principles": "demandsim.study.factorial_results",
    "read_results": "demandsim.ledger.results",
    "reckon": "demandsim.policy.reckoning",
    "run": "demandsim.study.run",
    "run_principles": "demandsim.study.factorial",
    "run_receipts": "demandsim.receipts",
    "run_study": "demandsim.study.run",
    "study_of": "demandsim.study.account",
    "tell": "demandsim.cli.telling",
    "tidy": "demandsim.ledger.results",
    "write_account": "demandsim.report.account",
    "write_appraisal": "demandsim.report",
    "write_brief": "demandsim.report",
    "write_pockets": "demandsim.report",
    "write_principles": "demandsim.report.principles",
}

__all__ = [
    "Agency",
    "BalanceError",
    "BaselineMoved",
    "ConfigError",
    "DemandModel",
    "DemandsimError",
    "Household",
    "RequestError",
    "Service",
    "StoreError",
    "__version__",
    "answer_account",
    "build_inputs",
    "build_population",
    "compare",
    "compare_principles",
    "comparison_table",
    "explain",
    "format_receipts",
    "list_levers",
    "load_account",
    "load_book",
    "load_future",
    "load_parameters",
    "load_place",
    "load_principles",
    "load_scenario",
    "load_study",
    "pin",
    "read_cases",
    "read_principles",
    "read_results",
    "reckon",
    "run",
    "run_principles",
    "run_receipts",
    "run_study",
    "study_of",
    "tell",
    "tidy",
    "write_account",
    "write_appraisal",
    "write_brief",
    "write_pockets",
    "write_principles",
]


def __getattr__(name: str) -> Any:
    """Fetch a public name from its home."""
    from importlib import import_module

    if name == "__version__":
        return import_module("demandsim.version").VERSION
    if name not in _HOMES:
        raise AttributeError(f"module 'demandsim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
