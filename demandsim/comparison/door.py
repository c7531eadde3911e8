"""What the front door did, one number a run: who came, what was found, who was sent on, asked again or turned away.

Takes results; gives `Measure` for what they hold. Counts of contacts are kept where a study keeps ``door``; what was
turned away, sent on or told again, and trust, are outcomes and always there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demandsim.comparison.measures import MEASURES, OUTCOME_VALUE, Measure, succeeded, total

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

#: By what kinds of demand management stand side by side: at the door, and what becomes of it.
AT_THE_DOOR: Final = ("needs_noticed", "turned_away", "hand_offs", "asked_twice", "trust")
AFTER_IT: Final = ("unmet_months", "months_waited", "crisis_months", "cash", "council_cash")


def door_measures(results: xr.Dataset) -> tuple[Measure, ...]:
    """The front door's figures that these results hold, in the order in which tables show them."""
    held = {str(name) for name in results[OUTCOME_VALUE]["outcome"].values}
    if "door" in results:
        held |= {f"door.{name}" for name in results["door_event"].values}
    return tuple(measure for measure, needed in _MEASURES if held.issuperset(needed))


def named_measures(results: xr.Dataset, names: tuple[str, ...]) -> tuple[Measure, ...]:
    """Those of the named figures, the front door's or any scenario's, that these results hold."""
    by_name = {measure.name: measure for measure in (*door_measures(results), *MEASURES)}
    return tuple(by_name[name] for name in names if name in by_name)


def _event(event: str) -> Callable[[xr.Dataset], xr.DataArray]:
    return lambda results: total(succeeded(results, "door").sel(door_event=event, drop=True))


def _outcome(name: str) -> Callable[[xr.Dataset], xr.DataArray]:
    return lambda results: total(succeeded(results, OUTCOME_VALUE).sel(outcome=name, drop=True))


def _not_arrived(results: xr.Dataset) -> xr.DataArray:
    events = results[["activity", "status"]].sel(event="not_arrived", drop=True).sum("month")
    return total(succeeded(events, "activity"))


def _told_again_share(results: xr.Dataset) -> xr.DataArray:
    arrived = _outcome("hand_offs")(results) - _not_arrived(results)
    return _outcome("asked_twice")(results) / arrived.where(arrived > 0)


def _mean_trust(results: xr.Dataset) -> xr.DataArray:
    return succeeded(results, OUTCOME_VALUE).sel(outcome="mean_trust", drop=True).mean("year", skipna=False)


def _of_door(event: str, title: str, unit: str = "contacts") -> tuple[Measure, tuple[str, ...]]:
    return Measure(event, title, unit, _event(event)), (f"door.{event}",)


def _of_outcomes(name: str, title: str, unit: str = "hand-offs") -> tuple[Measure, tuple[str, ...]]:
    return Measure(name, title, unit, _outcome(name)), (name,)


#: Each figure, and the events and outcomes without which it cannot be told.
_MEASURES: Final = (
    _of_door("contacts", "Contacts about a need"),
    _of_door("repeat_contacts", "Of them, about a need known already"),
    _of_door("needs_noticed", "Further needs found", "needs"),
    _of_outcomes("turned_away", "Turned away", "contacts"),
    _of_outcomes("hand_offs", "Sent on to another door"),
    (Measure("not_arrived", "Sent on and never there", "hand-offs", _not_arrived), ("hand_offs",)),
    _of_outcomes("asked_twice", "Asked to tell it all again"),
    (
        Measure("told_again_share", "The same, of those who got there", "share", _told_again_share),
        ("hand_offs", "asked_twice"),
    ),
    _of_door("sent_to_manager", "Decisions that waited for a manager"),
    _of_door("manager_time", "Time spent waiting for a manager", "months"),
    (Measure("trust", "Trust in services (full is 100%)", "share", _mean_trust), ("mean_trust",)),
)
