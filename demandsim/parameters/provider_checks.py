"""Faults of services whose providers are paid by results.

Takes everything gathered and one service; adds faults. Never changes what it checks.
"""

from __future__ import annotations

from demandsim.parameters.descriptors import Service
from demandsim.parameters.gathering import Gathered
from demandsim.parameters.vocabulary import PROVIDER_BELIEFS


def check_paid_by_results(found: Gathered, service: Service, where: str) -> None:
    """Pay steers whom a provider takes next and how it spends its time, so there must be a list, posts and cases."""
    if not service.paid_by_results:
        return
    if not service.is_staffed or service.duty or service.until_state_ends:
        found.faults.add(
            f"{where}, `paid_by_results`",
            "is stated, but the service has no posts, or no waiting list, or cases without a length of their own.",
            "Pay by results only staffed services that are no duty and whose cases run a length.",
        )
    for key in PROVIDER_BELIEFS if not found.is_partial else ():
        if f"providers.{key}" not in found.files:
            found.faults.add(
                f"providers.{key}", "is missing.", f"Add the belief: `{service.name}` is paid by results and needs it."
            )
