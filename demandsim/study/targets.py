"""Published figures that a fit aims at or is checked against, and the window that keeps later years out of a fit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from demandsim.errors import ConfigError, Fault
from demandsim.parameters.belief import Entry
from demandsim.parameters.reading import Faults, build, did_you_mean, read_toml

__all__ = ["FIT_WINDOW_ENDS", "Target", "load_targets"]

#: A fit uses nothing after March 2015 except levels of 2015/16; a later figure needs its exception stated.
FIT_WINDOW_ENDS: Final = date(2016, 3, 31)


class Target(Entry):
    """One published figure.

    Attributes
    ----------
    name : str
    measure : str
        What the model measures: an outcome, or one of the fit's own measures.
    value, low, high : float
        Published, and its tolerance.
    unit, source : str
    window : date
        Day on which the figure's period ends.
    use : {"fit", "check", "hold"}
    identifies : str
        The free parameter that this figure fixes, or would if it were not held; empty where it fixes none.
    exception : str
        Why a figure is fitted although it is later than the fit window; empty where it is not.
    instead_of : str
        The later target of the same measure whose place this one takes where a fit stops before that; else a check.
    """

    name: str
    measure: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    window: date
    use: Literal["fit", "check", "hold"]
    identifies: str = ""
    exception: str = ""
    instead_of: str = ""
    evidence: str = "published"
    meaning: str = ""
    note: str = Field(default="")


def load_targets(path: Path, until: date | None = None) -> list[Target]:
    """Read a file of targets.

    Parameters
    ----------
    path : Path
    until : date, optional
        A fit that stops here: what it would have fitted of later is held, and an earlier figure named as its stand-in
        (`Target.instead_of`) is fitted in its place.

    Raises
    ------
    ConfigError
        With every fault.
    """
    if not path.is_file():
        raise ConfigError(Fault(str(path), "there is no such file.", "Write the place's targets there."))
    faults = Faults()
    table = read_toml(path, faults).get("targets", {})
    found = [
        build(Target, {"name": name, **entry}, f"{path.as_posix()}, targets.{name}", faults)
        for name, entry in table.items()
    ]
    targets = [target for target in found if target is not None]
    for target in targets:
        where = f"{path.as_posix()}, targets.{target.name}"
        _check_window(target, where, faults)
        _check_stand_in(target, targets, where, faults)
    faults.stop()
    return targets if until is None else _stop_at(until, targets)


def _stop_at(until: date, targets: Sequence[Target]) -> list[Target]:
    """The same targets as a fit that stops at a day may use them."""
    held = {target.name: target for target in targets if target.use == "fit" and target.window > until}
    in_time = [target for target in targets if target.instead_of in held and target.window <= until]
    # Where several could stand in, the latest knows most.
    stand_ins = {target.instead_of: target.name for target in sorted(in_time, key=lambda target: target.window)}
    return [_used(target, held, stand_ins) for target in targets]


def _used(target: Target, held: dict[str, Target], stand_ins: dict[str, str]) -> Target:
    if target.name in held:
        return target.model_copy(update={"use": "hold"})
    if stand_ins.get(target.instead_of) == target.name:
        return target.model_copy(update={"use": "fit", "identifies": held[target.instead_of].identifies})
    return target


def _check_window(target: Target, where: str, faults: Faults) -> None:
    """Whatever is fitted lies in the window, or says why not."""
    is_late = target.use == "fit" and target.window > FIT_WINDOW_ENDS
    if is_late and not target.exception:
        what = f"is {target.window}, after the fit window, which ends on {FIT_WINDOW_ENDS}."
        faults.add(
            f"{where}, `window`", what, 'Set use = "check", or say in `exception` why it is fitted all the same.'
        )
    if target.exception and not is_late:
        faults.add(f"{where}, `exception`", "is not needed: nothing later than the window is fitted.", "Remove it.")


def _check_stand_in(target: Target, targets: Sequence[Target], where: str, faults: Faults) -> None:
    """A stand-in is an earlier figure of the same kind, and fixes nothing of its own."""
    if not target.instead_of:
        return
    place = f"{where}, `instead_of`"
    others = {other.name: other for other in targets if other.name != target.name}
    other = others.get(target.instead_of)
    if other is None:
        faults.add(place, f"there is no other target `{target.instead_of}`.", did_you_mean(target.instead_of, others))
        return
    if (other.measure, other.unit) != (target.measure, target.unit):
        what = f"{other.name} is {other.measure} ({other.unit}), not {target.measure} ({target.unit})."
        faults.add(place, what, "Name a target of the same measure and unit.")
    if other.use != "fit" or other.window <= target.window:
        faults.add(place, f"{other.name} is not a later target to fit.", "Name one, or remove this key.")
    if target.use != "check" or target.identifies:
        remedy = 'Set use = "check" and identifies = "".'
        faults.add(place, f"is for a figure that is only checked while {other.name} is fitted.", remedy)
