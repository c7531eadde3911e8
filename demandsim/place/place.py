"""A place: its areas, its households and the figures that say who lives there.

Takes checked figures from `reading`; gives a frozen `Place`. Never holds people: those are built from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from demandsim.errors import RequestError
from demandsim.labels import NEEDS
from demandsim.parameters.belief import Belief, Entry
from demandsim.place.deprivation import deprivation_z

Floats = NDArray[np.float64]


class Area(Entry):
    """A neighbourhood of the place.

    Parameters
    ----------
    name : str
        As printed in results.
    decile : int
        Deprivation decile in England, 1 the most deprived.
    share : float
        Share of the place's households.
    tenure : tuple of four floats, optional
        Shares by `labels.TENURES`, where the area has its own.
    """

    name: str = Field(min_length=1)
    decile: int = Field(ge=1, le=10)
    share: float = Field(gt=0, le=1)
    tenure: tuple[float, ...] | None = None

    @property
    def deprivation_z(self) -> float:
        """Standard score of deprivation; higher is more deprived."""
        return deprivation_z(self.decile)


class Place(Entry):
    """Where, and who lives there.

    Parameters
    ----------
    id, title, note : str
        Name in files, name in print, and what the reader must know of it.
    fit_id : str
        The place whose fit applies here: its own, or for a small version of a real place that one's.
    households : int
        Households in the real place: the 2011 Census count, or the sum over the council's own areas.
    n_households : int
        Households to simulate; `households` unless `scaled`.
    areas : tuple of Area
    beliefs : mapping of str to Belief
        Every figure, by its name in the file.
    """

    id: str
    fit_id: str
    title: str
    note: str = ""
    households: int = Field(gt=0)
    n_households: int = Field(gt=0)
    areas: tuple[Area, ...] = Field(min_length=1)
    beliefs: dict[str, Belief]

    def scaled(self, n_households: int) -> Place:
        """The same place with another number of simulated households."""
        if n_households < 1:
            raise RequestError(f"{n_households} households cannot be simulated. Ask for at least 1.")
        return self.model_copy(update={"n_households": int(n_households)})

    @property
    def households_2021(self) -> int | None:
        """The 2021 Census count, where stated."""
        return int(self.figure("households.census_2021")) if "households.census_2021" in self.beliefs else None

    @property
    def deprivation_z(self) -> Floats:
        """Standard score of each area's deprivation, shape (areas,)."""
        return np.array([area.deprivation_z for area in self.areas])

    @property
    def place_multiplier(self) -> Mapping[str, float]:
        """By need: how much more often it rises here than deprivation and people explain. Shown as *unexplained*."""
        stated = self.keyed("place_multiplier")
        return {need: stated[need] for need in NEEDS}

    @property
    def digest(self) -> str:
        """Fingerprint of everything but the simulated size."""
        text = self.model_dump_json(exclude={"n_households"})
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the sources its figures cite."""
        return tuple(sorted({belief.source for belief in self.beliefs.values()} - {"assumed"}))

    def figure(self, name: str) -> float:
        """A single figure."""
        value = self.beliefs[name].central
        if not isinstance(value, float | int):
            raise RequestError(f"{self.title}: `{name}` is not a single figure. Read it with `keyed`.")
        return float(value)

    def keyed(self, name: str) -> Mapping[str, float]:
        """Figures by label."""
        value = self.beliefs[name].central
        if not isinstance(value, Mapping):
            raise RequestError(f"{self.title}: `{name}` is not keyed. Read it with `figure`.")
        return value

    def figures(self, name: str, labels: Sequence[str]) -> Floats:
        """Figures by label, in the order of ``labels``."""
        stated = self.keyed(name)
        return np.array([stated[label] for label in labels], np.float64)
