"""Any combination of principles as a scenario.

Takes principles, which of them are on and how far, and a baseline; gives the scenario that has those and no other.
Never interprets: levers move in a straight line from as now to full, and costs add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from demandsim.errors import ConfigError, Fault, RequestError
from demandsim.parameters.belief import ASSUMED
from demandsim.policy.principles import RUNNING_COST, SET_UP_COST, Move, Principle
from demandsim.policy.scenario import Change, Ramp, Scenario, Setting
from demandsim.quantities import month_number


def scenario_of(
    principles: Sequence[Principle],
    letters_on: Mapping[str, float],
    baseline: Scenario,
    starts: Mapping[str, date] | None = None,
) -> Scenario:
    """The scenario that has some principles and no other.

    Parameters
    ----------
    principles : sequence of Principle
    letters_on : mapping of letter to intensity
        From 0, as now, to 1, in full; a letter that is absent is at 0.
    baseline : Scenario
        What the scenario stands on; it may move none of the principles' levers.
    starts : mapping of letter to date, optional
        When each begins; a letter that is absent begins at its own date.

    Returns
    -------
    Scenario
        Each lever at ``now + intensity × (full − now)``; what the principles cost is added up.

    Raises
    ------
    RequestError
        If there is no such letter, or an intensity is not from 0 to 1.
    ConfigError
        If the baseline moves a lever that a principle moves.
    """
    known = {one.letter: one for one in principles}
    for letter, intensity in letters_on.items():
        if letter not in known:
            raise RequestError(f"There is no principle `{letter}`. There are: {', '.join(known)}.")
        if not 0.0 <= intensity <= 1.0:
            raise RequestError(f"Principle {letter} cannot be at {intensity:g}: from 0, as now, to 1, in full.")
    _refuse_moved(principles, baseline)
    chosen = {letter: letters_on.get(letter, 0.0) for letter in known if letters_on.get(letter, 0.0) > 0.0}
    begins = {letter: (starts or {}).get(letter, known[letter].from_) for letter in chosen}
    changes = [
        _change(move, begins[letter], known[letter].ramp, intensity)
        for letter, intensity in chosen.items()
        for move in known[letter].moves
    ]
    if chosen:
        parts = [(begins[letter], known[letter], intensity) for letter, intensity in chosen.items()]
        changes += [_cost_change(position, parts) for position in range(2)]
    return Scenario(
        id=f"principles_{_spelt(chosen)}",
        title=_titled(chosen),
        baseline=baseline.id,
        changes=tuple(changes),
        base=baseline,
    )


def _refuse_moved(principles: Sequence[Principle], baseline: Scenario) -> None:
    levers = {move.lever for one in principles for move in one.moves} | {RUNNING_COST, SET_UP_COST}
    faults = [
        Fault(
            scenario.place_of(number, "lever"),
            f"`{change.lever}` is moved by a principle too.",
            "Compare principles against a baseline that leaves their levers as now.",
        )
        for scenario in baseline.lineage
        for number, change in enumerate(scenario.changes, 1)
        if change.lever in levers
    ]
    if faults:
        raise ConfigError(faults)


def _change(move: Move, begins: date, ramp: Ramp | None, intensity: float) -> Change:
    value = move.now + intensity * (move.value - move.now) if move.scales else move.value
    return Change(
        lever=move.lever,
        values=(Setting(from_=begins, value=value),),
        unit=move.unit,
        ramp=ramp if move.scales else None,
        source=move.source,
    )


def _cost_change(position: int, parts: Sequence[tuple[date, Principle, float]]) -> Change:
    """One programme lever, stepped up by each principle's cost in the month in which it begins."""
    lever, any_cost = parts[0][1].costs[position]
    steps: dict[int, tuple[date, float]] = {}
    for begins, one, intensity in parts:
        month = month_number(begins)
        before = steps[month][1] if month in steps else 0.0
        steps[month] = (begins, before + intensity * one.costs[position][1].value)
    settings, total = [], 0.0
    for month in sorted(steps):
        begins, more = steps[month]
        total += more
        settings.append(Setting(from_=begins, value=total))
    return Change(
        lever=lever, values=tuple(settings), unit=any_cost.unit, price_year=any_cost.price_year, source=ASSUMED
    )


def _spelt(chosen: Mapping[str, float]) -> str:
    return "".join(letter if share == 1.0 else f"{letter}{share:g}" for letter, share in chosen.items()) or "none"


def _titled(chosen: Mapping[str, float]) -> str:
    if not chosen:
        return "None of the principles"
    return f"Principle{'s' if len(chosen) > 1 else ''} {', '.join(chosen)}"
