"""What must hold of purses, over all of them together.

Takes everything gathered; adds faults. Never changes what it checks.
"""

from __future__ import annotations

from demandsim.labels import PAYERS
from demandsim.parameters.descriptors import Purse
from demandsim.parameters.gathering import Gathered
from demandsim.parameters.vocabulary import PURSE_BELIEFS


def check_purses(found: Gathered) -> None:
    """Every payer is in one purse; a cash-limited purse states its budget's beliefs, a demand-led one has none."""
    purses: dict[str, list[str]] = {payer: [] for payer in PAYERS}
    for purse in found.described["agencies"].values():
        assert isinstance(purse, Purse)
        where = found.where(purse.path)
        for payer in purse.payers:
            purses.setdefault(payer, []).append(purse.path)
        for key in PURSE_BELIEFS:
            is_stated = f"{purse.path}.{key}" in found.files
            if purse.cash_limited and not is_stated:
                found.faults.add(
                    f"{where}.{key}", "is missing.", f"Add the belief [{purse.path}.{key}]: the purse is cash-limited."
                )
            elif is_stated and not purse.cash_limited:
                found.faults.add(
                    f"{where}.{key}",
                    "is stated, yet the purse is demand-led: it meets whatever comes.",
                    "Remove it, or set cash_limited = true.",
                )
        grant = found.beliefs.get(f"{purse.path}.grant")
        if grant is not None and grant.role != "lever":
            found.faults.add(f"{where}.grant, `role`", f"is `{grant.role}`.", 'Set role = "lever": scenarios move it.')
    if not found.described["agencies"] or found.is_partial:
        return
    for payer, holders in purses.items():
        if not holders:
            found.faults.add("agencies", f"`{payer}` is in no purse.", "Add it to the `payers` of one.")
        elif len(holders) > 1:
            found.faults.add(
                found.where(holders[-1]),
                f"`{payer}` is in {' and in '.join(f'`{path}`' for path in holders)}.",
                "A payer belongs to one purse, or its money is counted twice.",
            )
