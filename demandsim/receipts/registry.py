"""Which receipts there are: every module of this package named ``rNN_…``, each with a tuple ``RECEIPTS``.

A group is added by adding its module; nothing else has to know.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re
from collections.abc import Iterable

from demandsim.errors import RequestError
from demandsim.receipts.receipt import Outcome, Receipt

_MODULE = re.compile(r"r(\d\d)_\w+")


def receipt_groups() -> dict[str, str]:
    """Name the groups there are, in order, with the module of each; imports none of them.

    Returns
    -------
    dict of str to str
        For instance ``{"R1": "demandsim.receipts.r01_queues"}``.
    """
    package = importlib.import_module("demandsim.receipts")
    found = (_MODULE.fullmatch(module.name) for module in pkgutil.iter_modules(package.__path__))
    modules = sorted(match.group(0) for match in found if match)
    return {f"R{int(module[1:3])}": f"{package.__name__}.{module}" for module in modules}


def load_receipts(groups: Iterable[str] | None = None) -> list[Receipt]:
    """List the receipts of some groups, or of all, in order.

    Parameters
    ----------
    groups : iterable of str, optional
        Names such as ``R1``, ``r1`` or ``R01``; all groups if None.

    Raises
    ------
    RequestError
        If there is no such group.
    """
    known = receipt_groups()
    wanted = set(known) if groups is None else {_group_name(name, known) for name in groups}
    modules = [importlib.import_module(module) for group, module in known.items() if group in wanted]
    return [receipt for module in modules for receipt in module.RECEIPTS]


def run_receipts(groups: Iterable[str] | None = None) -> list[Outcome]:
    """Work out the receipts of some groups, or of all.

    Parameters
    ----------
    groups : iterable of str, optional
        As for :func:`load_receipts`.

    Returns
    -------
    list of Outcome
        One for each receipt, in order, failed ones included.

    Raises
    ------
    RequestError
        If there is no such group.
    """
    return [receipt.check() for receipt in load_receipts(groups)]


def _group_name(name: str, known: dict[str, str]) -> str:
    match = re.fullmatch(r"[rR]0*(\d+)", name.strip())
    group = f"R{match.group(1)}" if match else name
    if group not in known:
        near = difflib.get_close_matches(group, list(known), n=1, cutoff=0.0)
        nearest = f" Nearest: {near[0]}." if near else ""
        raise RequestError(f"There is no receipt group `{name}`. Groups: {', '.join(known)}.{nearest}")
    return group
