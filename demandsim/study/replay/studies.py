"""Which published studies are replayed, and how: the file ``configs/replays.toml``.

Takes that file and a book; gives frozen models, or every fault at once. Never runs a month.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from demandsim.labels import AGE_BANDS, NEEDS, STATES
from demandsim.parameters.belief import Entry
from demandsim.parameters.reading import Faults, Model, build, read_toml

#: Where a file may hold a need, a state or an age band.
NeedName = Literal["work", "money", "housing", "mental_health", "family", "care", "safety"]
StateName = Literal["none", "emerging", "established", "complex", "crisis"]
AgeName = Literal["under_25", "25_44", "45_64", "65_74", "75_84", "85_over"]
Design = Literal["randomised", "matched", "natural_experiment", "quasi_experiment", "areas", "across_studies"]
Contrast = Literal[
    "risk_ratio", "odds_ratio", "hazard_ratio", "mean_ratio", "risk_difference", "standardised_difference"
]
Kind = Literal["state_at", "state_ever", "state_months", "case_ever", "case_months", "case_cost"]

DESIGN_WORDS: Final[Mapping[str, str]] = {
    "randomised": "randomised",
    "matched": "matched, not randomised",
    "natural_experiment": "natural experiment",
    "quasi_experiment": "quasi-experiment",
    "areas": "areas compared",
    "across_studies": "compared across studies",
}
CONTRAST_WORDS: Final[Mapping[str, str]] = {
    "risk_ratio": "ratio of shares",
    "odds_ratio": "odds ratio",
    "hazard_ratio": "hazard ratio",
    "mean_ratio": "ratio of means",
    "risk_difference": "difference of shares",
    "standardised_difference": "standardised difference",
}
#: Contrasts of which nothing is one, and which add up on the log scale; of the others nothing is nought.
RATIOS: Final = frozenset({"risk_ratio", "odds_ratio", "hazard_ratio", "mean_ratio"})
FILE: Final = "replays.toml"


class Population(Entry):
    """Whom a study took in, as households are told apart here.

    Attributes
    ----------
    states : mapping of need to states
        A household must be in one of the states of every need named.
    children : bool
        Only households with children.
    ages : tuple of str
        Age bands of the oldest adult; all where there is none.
    several : int
        Needs at established or worse, at least.
    newly : mapping of need to months
        The need's state began at most so long ago.
    """

    states: dict[NeedName, tuple[StateName, ...]] = Field(default_factory=dict)
    children: bool = False
    ages: tuple[AgeName, ...] = ()
    several: int = Field(default=0, ge=0, le=len(NEEDS))
    newly: dict[NeedName, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)


class Outcome(Entry):
    """What a study counted, as the model counts it.

    Attributes
    ----------
    kind : str
        ``state_…`` reads the state of ``need``, ``case_…`` open cases of ``lines``: at the end, ever from
        ``from_month`` on, months of it, or what they cost.
    """

    kind: Kind
    need: NeedName | None = None
    states: tuple[StateName, ...] = ()
    lines: tuple[str, ...] = ()
    from_month: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _is_whole(self) -> Outcome:
        if self.kind.startswith("state") and (self.need is None or not self.states):
            raise ValueError("an outcome of states needs `need` and `states`")
        if self.kind.startswith("case") and not self.lines:
            raise ValueError("an outcome of cases needs `lines`")
        return self

    @property
    def is_share(self) -> bool:
        """Whether it is had or not, and so a share of households."""
        return self.kind in ("state_at", "state_ever", "case_ever")


class Study(Entry):
    """One published study and how it is replayed.

    Attributes
    ----------
    service : str
        Whose line of help is opened for the study's people.
    effects : mapping of effect to weight
        Effects that take the hazard ratio over, to the power of the weight; none is carried where it is empty.
    published : str
        Name of the belief that holds the published figure and its interval.
    is_null : bool
        Published as no effect: the hazard ratio is one, and only the interval is solved.
    is_transfer : bool
        Of another programme or other people: the range is made to hold no effect.
    keeps_service : bool
        Both worlds keep the service as now; else it is shut to the study's people, but for the trial.
    stays_open : bool
        Help goes on when the need is met; else it ends then, as in the service.
    also : str
        A study of the same people and help, of another outcome: one ratio has to serve both.
    length, lag, drop_out : float, optional
        Of help, where the study says other than the service.
    comparison : float, optional
        Published level of the outcome in the comparison group.
    """

    name: str
    title: str = Field(min_length=1)
    service: str
    effects: dict[str, Annotated[float, Field(gt=0, le=1)]]
    published: str
    design: Design
    contrast: Contrast
    acts_on: tuple[str, ...] = Field(min_length=1)
    months: int = Field(ge=1, le=120)
    population: Population
    outcome: Outcome
    expected: str = Field(min_length=1)
    stands_in: str = ""
    is_null: bool = False
    is_transfer: bool = False
    keeps_service: bool = False
    stays_open: bool = False
    also: str = ""
    length: float | None = Field(default=None, gt=0)
    lag: float | None = Field(default=None, ge=0)
    drop_out: float | None = Field(default=None, ge=0)
    comparison: float | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Study:
        needs_share = self.contrast not in ("mean_ratio", "risk_ratio", "risk_difference")
        if needs_share and not self.outcome.is_share:
            raise ValueError(f"`{self.contrast}` needs an outcome that is had or not, and {self.outcome.kind} is none")
        if self.outcome.from_month > self.months:
            raise ValueError("the outcome is counted from a month after the follow-up ends")
        return self

    @property
    def need(self) -> str:
        """The need that its help is for."""
        return self.acts_on[0].partition(".")[0]

    def with_outcome_of(self, other: Study) -> Study:
        """This study's people and help, and the other's outcome."""
        taken = {"outcome": other.outcome, "contrast": other.contrast, "months": other.months}
        return self.model_copy(update={**taken, "name": f"{self.name}.also", "effects": {}, "also": ""})

    @property
    def is_ratio(self) -> bool:
        """Whether its contrast is a ratio, else a difference."""
        return self.contrast in RATIOS

    @property
    def is_randomised(self) -> bool:
        """Whether chance alone decided who was helped."""
        return self.design == "randomised"


class Uncontrolled(Entry):
    """Effects for which no study compared the helped with others."""

    name: str
    effects: tuple[str, ...] = Field(min_length=1)
    why: str = Field(min_length=1)


@dataclass(frozen=True)
class Replays:
    """All studies to replay, and the effects that no controlled study stands behind."""

    studies: tuple[Study, ...]
    uncontrolled: tuple[Uncontrolled, ...]


def load_replays(path: Path) -> Replays:
    """Read the file.

    Raises
    ------
    ConfigError
        With every fault.
    """
    faults = Faults()
    replays = read_replays(path, faults)
    faults.stop()
    return replays


def read_replays(path: Path, faults: Faults) -> Replays:
    """Read the file, gathering faults."""
    table, where = read_toml(path, faults), path.as_posix()
    for key in table:
        if key not in ("studies", "uncontrolled"):
            faults.add(f"{where}, `{key}`", "is not a table here.", "Tables: studies, uncontrolled.")
    return Replays(
        tuple(_read(Study, "studies", table, where, faults)),
        tuple(_read(Uncontrolled, "uncontrolled", table, where, faults)),
    )


def _read(model: type[Model], family: str, table: Mapping[str, Any], where: str, faults: Faults) -> Iterator[Model]:
    """Every sound table of a family."""
    for name, entry in table.get(family, {}).items():
        place = f"{where}, {family}.{name}"
        if not isinstance(entry, dict):
            faults.add(place, "is not a table.", f"Write [{family}.{name}].")
        elif one := build(model, {**entry, "name": name}, place, faults):
            yield one


def state_positions(states: tuple[str, ...]) -> list[int]:
    """Positions of states on the ladder."""
    return [STATES.index(state) for state in states]


def age_positions(ages: tuple[str, ...]) -> list[int]:
    """Positions of age bands; all of them where none is named."""
    return [AGE_BANDS.index(age) for age in ages or AGE_BANDS]
