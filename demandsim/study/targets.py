"""Published figures that a fit aims at or is checked against."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from demandsim.errors import ConfigError, Fault
from demandsim.parameters.belief import Entry
from demandsim.parameters.reading import Faults, build, read_toml

__all__ = ["Target", "load_targets"]


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
        The free parameter that this figure fixes; empty where it fixes none.
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
    evidence: str = "published"
    meaning: str = ""
    note: str = Field(default="")


def load_targets(path: Path) -> list[Target]:
    """Read a file of targets.

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
    faults.stop()
    return [target for target in found if target is not None]
