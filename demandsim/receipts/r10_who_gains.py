"""R10: who gains when a need is prevented, payer by payer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Final

from demandsim.comparison.appraisal import net_by_payer
from demandsim.labels import COUNCIL
from demandsim.ledger.unit_costs import payer_shares, split_by_payer
from demandsim.receipts.receipt import Exact, Receipt
from demandsim.receipts.small_place import gain_from_employment_support, purse

_DATABASE: Final = "Unit cost database v1.4 (New Economy / GMCA 2015)"
_JOB: Final = f"{_DATABASE}, E&E1.0.1 and E&E1.0.2, 2012/13 prices"
_PARENTING: Final = f"{_DATABASE}, SS15.0 and SS15.3.1 to SS15.3.4, 2008/09 prices"
_VIOLENCE: Final = f"{_DATABASE}, CR2.0.1 to CR2.0.5, 2008/09 prices"

#: GBP a claimant a year; the benefit is one part for the DWP and the Treasury together.
JOB_SEEKER_INTO_WORK: Final = {"dwp": 9_234.0, "nhs": 566.0}
#: GBP a child of 5 with conduct disorder over 25 years.
PARENTING_PROGRAMME: Final = {"justice": 1_588.0, "nhs": 1_278.0, "schools": 437.0, "council_children": 67.0}
#: GBP a place in a group, which the council pays.
PARENTING_PLACE: Final = {"council_children": 952.0}
#: GBP an incident.
DOMESTIC_VIOLENCE: Final = {
    "nhs": 1_171.0,
    "justice": 581.0,
    "police": 415.0,
    "council_children": 193.0,
    "council_housing": 110.0,
}
#: The database prints a total of 3,368 although its parts add up to 3,370.
_PARENTING_TOTAL_PENCE: Final = 336_800

#: (what, parts, citation, {payer: percentage as printed})
_SHARES: Final = (
    ("job seeker into work", JOB_SEEKER_INTO_WORK, _JOB, {"dwp": "94.2", "nhs": "5.8", "council": "0"}),
    (
        "parenting programme",
        PARENTING_PROGRAMME,
        _PARENTING,
        {"justice": "47.1", "nhs": "37.9", "schools": "13.0", "council": "2.0"},
    ),
    (
        "domestic violence incident",
        DOMESTIC_VIOLENCE,
        _VIOLENCE,
        {"nhs": "47.4", "justice": "23.5", "police": "16.8", "council": "12.3"},
    ),
)


def _of(amounts: Mapping[str, float], payer: str) -> float:
    """Amount of a payer, where `council` stands for all its departments."""
    members = COUNCIL if payer == "council" else (payer,)
    return sum(amounts.get(member, 0.0) for member in members)


def _share(parts: Mapping[str, float], payer: str) -> float:
    return 100.0 * _of(payer_shares(parts), payer)


def _parts_in_pence() -> float:
    return float(sum(split_by_payer(_PARENTING_TOTAL_PENCE, payer_shares(PARENTING_PROGRAMME)).values()))


def _net(costs: Mapping[str, float], gains: Mapping[str, float], payer: str) -> float:
    return _of(net_by_payer(costs, gains), payer)


def _gains_beyond_luck(payers: tuple[str, ...], sign: float) -> bool:
    """Whether payers together gain (sign 1) or lose (-1) by more than three Monte Carlo standard errors."""
    gains = sign * purse(gain_from_employment_support(), payers)
    return bool(gains.mean() > 3.0 * gains.std(ddof=1) / math.sqrt(gains.size))


_EMPLOYMENT = (
    "Direction as published in the unit cost database: 94.2% of a job falls to DWP and Treasury, none to councils"
)

RECEIPTS: Final = (
    Receipt(
        "R10",
        "simulated: a scenario that only moves job seekers into work leaves the council worse off",
        _EMPLOYMENT,
        True,
        Exact(),
        lambda: _gains_beyond_luck(COUNCIL, -1.0),
    ),
    Receipt(
        "R10",
        "simulated: and leaves DWP and the Treasury better off",
        _EMPLOYMENT,
        True,
        Exact(),
        lambda: _gains_beyond_luck(("dwp", "treasury"), 1.0),
    ),
    *(
        Receipt.printed("R10", f"{what}: {payer}, %", citation, text, partial(_share, parts, payer))
        for what, parts, citation, printed in _SHARES
        for payer, text in printed.items()
    ),
    Receipt(
        "R10",
        "parenting programme: total shared out among payers, pence",
        _PARENTING,
        float(_PARENTING_TOTAL_PENCE),
        Exact(),
        _parts_in_pence,
    ),
    Receipt(
        "R10",
        "parenting programme: the council pays for a place more than it gains",
        _PARENTING,
        True,
        Exact(),
        lambda: _net(PARENTING_PLACE, PARENTING_PROGRAMME, "council") < 0.0,
    ),
    Receipt(
        "R10",
        "parenting programme: justice gains and pays nothing",
        _PARENTING,
        True,
        Exact(),
        lambda: _net(PARENTING_PLACE, PARENTING_PROGRAMME, "justice") > 0.0,
    ),
)
