"""What a service line, effect, cost, need, shock, purse and stream are, beside their beliefs.

Takes the plain entries of a table (names, codes, lists, dates); gives frozen models. Never holds a quantity:
those are beliefs, kept in the book under the table's dotted name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Final, Literal

from pydantic import Field, PrivateAttr, model_validator

from demandsim.labels import NEEDS, PAYERS, STATES, TENURES, TIERS
from demandsim.parameters.belief import Entry
from demandsim.parameters.vocabulary import MOVES, NEED_SCOPES, QUEUE_RULES, SCOPES


class Descriptor(Entry):
    """A named table of a family. ``labels`` says which fields hold which allowed names."""

    name: str
    title: str = ""
    meaning: str = ""
    note: str = ""

    labels: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    family: ClassVar[str] = ""

    @property
    def path(self) -> str:
        """Dotted name in the book, without a final dot."""
        return f"{self.family}.{self.name}"


class Service(Descriptor):
    """A service line: who runs it, whom it is for, and how they come to it.

    ``persons_per_case`` names the belief of conversion.toml that turns cases into persons; a case of a line marked
    ``until_state_ends`` lasts as long as the need stays in the line's band, and has no length of its own. An open case
    of a line that does not ``counts_as_help`` leaves a need unmet. A line ``paid_by_results`` is run by a provider that
    is paid for what becomes of its cases: whom it takes next and where its effort goes follow the pay, worked out for
    the first of its needs.
    """

    family: ClassVar[str] = "services"
    labels: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "agency": PAYERS,
        "tier": TIERS,
        "needs": NEEDS,
        "scope": SCOPES,
        "queue": QUEUE_RULES,
    }

    code: int = Field(ge=0, le=1_000_000)
    title: str = Field(min_length=1)
    agency: str
    tier: str
    needs: tuple[str, ...] = Field(min_length=1)
    delivery: Literal["staffed", "bought"]
    route: Literal["front_door", "automatic"]
    queue: str
    duty: bool = False
    scope: str = "everyone"
    min_needs: int = Field(default=0, ge=0, le=len(NEEDS))
    counts_as: tuple[str, ...] = ()
    persons_per_case: str = ""
    until_state_ends: bool = False
    counts_as_help: bool = True
    paid_by_results: bool = False
    components: tuple[str, ...] = ()
    component_of: str = ""

    @property
    def is_staffed(self) -> bool:
        """Whether posts are paid, used or not."""
        return self.delivery == "staffed"

    @property
    def joins_up(self) -> bool:
        """Whether one worker looks after all the needs of a household that has several."""
        return self.min_needs > 0 and set(self.needs) == set(NEEDS)


#: What a replay made of an effect's study: its ratio is in force, none gives what was found, or it was never run.
REPLAYED: Final = "replayed"
NOT_REACHED: Final = "replayed, not reached"
NOT_REPLAYED: Final = "not replayed"


class Effect(Descriptor):
    """What a service does to the moves of needs, and the study that says so."""

    family: ClassVar[str] = "effects"
    _standing: str = PrivateAttr(default=NOT_REPLAYED)

    service: str
    acts_on: tuple[str, ...] = Field(min_length=1)
    population: str = ""
    comparator: str = ""
    outcome: str = ""
    months: int = Field(default=0, ge=0)
    design: str = ""

    @model_validator(mode="before")
    @classmethod
    def _open_study(cls, table: Any) -> Any:
        """A ``study`` table may hold the study's particulars."""
        if isinstance(table, dict) and isinstance(table.get("study"), dict):
            return {key: value for key, value in table.items() if key != "study"} | table["study"]
        return table

    @property
    def replayed(self) -> bool:
        """Whether its ratio was solved by running its study in the model; follows from the fitted file alone."""
        return self._standing == REPLAYED

    @property
    def standing(self) -> str:
        """What a replay made of its study, in words."""
        return self._standing

    def after_replay(self, standing: str = REPLAYED) -> Effect:
        """The same effect, once its study was run in the model."""
        told = self.model_copy()
        told._standing = standing
        return told

    def moves(self) -> tuple[tuple[str, str, str], ...]:
        """What it acts on, as (need, state, move)."""
        return tuple((need, state, move) for need, state, move in (entry.split(".") for entry in self.acts_on))

    def unknown_moves(self) -> list[tuple[str, str]]:
        """Entries of ``acts_on`` that are not need.state.move, with the reason."""
        faulty = []
        for entry in self.acts_on:
            need, state, move, *rest = [*entry.split("."), "", ""]
            if any(rest) or not move:
                faulty.append((entry, "is not of the form need.state.move, such as family.emerging.up"))
            elif need not in NEEDS:
                faulty.append((entry, f"`{need}` is not a need"))
            elif move not in MOVES:
                faulty.append((entry, f"`{move}` is not a move; moves are {', '.join(MOVES)}"))
            elif state not in MOVES[move]:
                faulty.append((entry, f"no `{move}` starts from `{state}`"))
        return faulty


class Cost(Descriptor):
    """The residual cost of being in some states of a need, whatever services do."""

    family: ClassVar[str] = "costs"
    labels: ClassVar[Mapping[str, tuple[str, ...]]] = {"need": NEEDS, "state": STATES}

    need: str
    state: tuple[str, ...] = Field(min_length=1)
    per: Literal["household-month"] = "household-month"
    transfer: bool = False
    component_of: str = ""
    components: tuple[str, ...] = ()


class Need(Descriptor):
    """A need: who is in scope, whose state it is, where a way out leads, and which rungs only time climbs."""

    family: ClassVar[str] = "needs"
    labels: ClassVar[Mapping[str, tuple[str, ...]]] = {"scope": NEED_SCOPES, "exit_to": STATES, "clock": STATES}

    scope: str
    unit: Literal["adult", "household", "child"]
    exit_to: dict[str, str] = Field(default_factory=dict)
    clock: tuple[str, ...] = ()


class Shock(Descriptor):
    """A dated change of the times, from outside any policy."""

    family: ClassVar[str] = "shocks"
    labels: ClassVar[Mapping[str, tuple[str, ...]]] = {"need": NEEDS}

    need: str
    from_: date = Field(alias="from")
    until: date | None = None


class Purse(Descriptor):
    """A budget, and whose costs it bears: a demand-led one meets whatever comes, a cash-limited one may have to cut."""

    family: ClassVar[str] = "agencies"
    labels: ClassVar[Mapping[str, tuple[str, ...]]] = {"payers": PAYERS}

    title: str = Field(min_length=1)
    payers: tuple[str, ...] = Field(min_length=1)
    cash_limited: bool


class Stream(Descriptor):
    """A stream of everyday contact: who answers it, and whose households its posts, contracts and income are per.

    Its outstanding matters are homes out of repair where it ``mends_homes``, and household waste is its own where it
    ``takes_waste``. Where it states the ``figures_of`` one place, it is `scale` times as large in any other.
    """

    family: ClassVar[str] = "streams"
    labels: ClassVar[Mapping[str, tuple[str, ...]]] = {"handling_payer": PAYERS, "tenures": TENURES}

    title: str = Field(min_length=1)
    handling_payer: str
    tenures: tuple[str, ...] = Field(default=TENURES, min_length=1)
    mends_homes: bool = False
    takes_waste: bool = False
    figures_of: str = ""
    components: tuple[str, ...] = ()
    component_of: str = ""


DESCRIPTORS: Final[Mapping[str, type[Descriptor]]] = {
    model.family: model for model in (Service, Effect, Cost, Need, Shock, Purse, Stream)
}
