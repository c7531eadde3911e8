"""What everyday contact does to homes and needs: homes out of repair, needs noticed, needs that nobody helps with.

Takes results; gives figures of a year by scenario, each with its paired change. A contact that is never made notices
nothing, and a repair that is not done makes need grow: these follow from runs of every household, luck and all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demandsim.comparison.failure_demand import Quantity, StreamFigure, figures_of
from demandsim.comparison.measures import OUTCOME_VALUE, succeeded
from demandsim.labels import NEEDS
from demandsim.quantities import MONTHS_PER_YEAR

if TYPE_CHECKING:
    import xarray as xr

_DISREPAIR: Final = Quantity("disrepair", "Homes with a repair not done", "per 1,000 households", ())
_CONTACTS: Final = Quantity("door_contacts", "Contacts about a need, at any door", "contacts a year", ())
_UNMET: Final = Quantity("unmet", "Months of need with nobody helping", "household-months a year", ())


def life_figures(results: xr.Dataset, against: str | None = None) -> list[StreamFigure]:
    """Homes, contacts about needs, and needs unmet by need, by scenario; what results do not hold is left out."""
    found: list[StreamFigure] = []
    if OUTCOME_VALUE in results and "homes_in_disrepair" in results["outcome"].values:
        homes = succeeded(results, OUTCOME_VALUE).sel(outcome=["homes_in_disrepair"]).mean("year", skipna=False)
        found += figures_of(results, homes.rename(outcome="stream"), _DISREPAIR, against, {})
    if "door" in results:
        door = succeeded(results, "door").sel(door_event=["contacts"])
        yearly = door.sum("month", skipna=False) * (MONTHS_PER_YEAR / door.sizes["month"])
        found += figures_of(results, yearly.rename(door_event="stream"), _CONTACTS, against, {})
    if "unmet" in results:
        unmet = succeeded(results, "unmet").sel(need=list(NEEDS)).mean("year", skipna=False)
        found += figures_of(results, unmet.rename(need="stream"), _UNMET, against, {})
    return found
