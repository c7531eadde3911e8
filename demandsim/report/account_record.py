"""An account, its sums and its answer as plain data, for another program."""

from __future__ import annotations

import math
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from demandsim.policy.account_terms import worth_of
from demandsim.policy.reckoning import Reckoning, reckon

if TYPE_CHECKING:
    from demandsim.comparison.account import AccountAnswer
    from demandsim.policy.account import Account


def account_record(account: Account, answer: AccountAnswer | None = None) -> dict[str, Any]:
    """Everything that the page tells, as what JSON can hold; a figure that is not known is None.

    Parameters
    ----------
    account : Account
    answer : AccountAnswer, optional
    """
    reckoning = reckon(account)
    return {
        "id": account.id,
        "title": account.title,
        "price_year": account.price_year,
        "horizon": account.horizon,
        "lines": [_line(account, line) for line in account.lines],
        "blocks": [
            {"name": one.block.name, "total": float(one.worth.value), "sum_of_lines": float(one.parts.value)}
            for one in reckoning.blocks
        ],
        "kinds": {
            kind: {"chiefly": float(chiefly.value), "at_least_partly": float(partly.value)}
            for kind, (chiefly, partly) in reckoning.by_kind.items()
        },
        "total": float(reckoning.total.value),
        "findings": _findings(reckoning),
        "late": [{"title": title, "due": due} for title, due in reckoning.late],
        "targets": [target.model_dump(mode="json") for target in account.targets],
        "answer": None if answer is None else _answer(answer),
    }


def _line(account: Account, line: Any) -> dict[str, Any]:
    block = next(block.name for block in account.blocks if line in block.lines)
    stated = None if line.amount is None else float(worth_of(line.amount).value)
    return {**line.model_dump(mode="json"), "block": block, "amount": stated}


def _findings(reckoning: Reckoning) -> list[dict[str, Any]]:
    return [
        {
            "title": finding.title,
            "unit": finding.unit,
            "stated": plain(finding.stated),
            "wording": finding.wording,
            "adds_up": finding.adds_up,
            "ways": [
                {
                    "title": worked.title,
                    "value": plain(worked.worth.value),
                    "gap": plain(worked.gap),
                    "rounding": plain(worked.worth.rounding),
                    "verdict": worked.verdict,
                }
                for worked in finding.worked
            ],
        }
        for finding in reckoning.findings
    ]


def _answer(answer: AccountAnswer) -> dict[str, Any]:
    told: dict[str, Any] = plain(answer)
    del told["meta"]  # the beliefs behind the runs lie with the results
    return told


def plain(value: Any) -> Any:
    """Data classes, decimals and what they hold as dicts, lists, numbers and texts."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, Decimal):
        return float(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value
