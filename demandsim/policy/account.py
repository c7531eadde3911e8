"""An account: what a plan says it will save or earn, line by line, as the plan itself states it.

Takes one TOML file; gives a frozen `Account`, or every fault at once. Never adds up, and never runs anything.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, StrictFloat, StrictInt, field_validator
from pydantic.json_schema import SkipJsonSchema

from demandsim.parameters.belief import Entry
from demandsim.parameters.book import Book
from demandsim.parameters.reading import Faults, read_named

Kind = Literal["demand", "staffing", "income", "other_saving", "investment_return"]
Mark = Literal["simulated", "stated", "not modelled"]
Wording = Literal["", "over", "nearly", "about", "up to"]

KIND_TITLES: Final[dict[Kind, str]] = {
    "demand": "Less demand",
    "staffing": "Fewer staff",
    "income": "More income",
    "other_saving": "Other savings",
    "investment_return": "Return on investment",
}

#: A whole number stays one, because how a figure is written says how it was rounded: £2m is not £2.0m.
Number = Annotated[StrictInt | StrictFloat, Field(ge=0)]
Name = Annotated[str, Field(min_length=1)]
FiscalYear = Annotated[str, Field(pattern=r"^\d{4}/\d{2}$")]


class Line(Entry):
    """One line of a plan.

    Parameters
    ----------
    name, title : str
    kind : str
        One of `KIND_TITLES`.
    also : tuple of str
        Further kinds that the plan says are in the same amount, without saying how much.
    amount : int or float, optional
        GBP million; none where the plan states none.
    year : str
        Fiscal year in which the plan has the whole amount.
    due : date, optional
        The plan's own deadline.
    mark : {"simulated", "stated", "not modelled"}
    why : str
        Why it is not modelled, or what a stated figure leaves open.
    needs, services : tuple of str
        For a simulated line: whose demand it is about.
    scenarios : tuple of str
        For a simulated line: what might bring the fall about; the account's own where none are given.
    targets : tuple of str
        For a simulated line that promises no fall in demand: the simulated targets that hold what it promises.
    """

    name: Name
    title: Name
    kind: Kind
    also: tuple[Kind, ...] = ()
    amount: Number | None = None
    year: FiscalYear | None = None
    due: date | None = None
    mark: Mark
    why: str = ""
    needs: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    source: Name

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Every kind the amount is, its chief one first."""
        return (self.kind, *self.also)


class Block(Entry):
    """A part of the plan: lines, and the total that the plan states for them (GBP million), where it states one."""

    name: Name
    title: Name
    total: Number | None = None
    source: Name
    lines: tuple[Line, ...] = Field(alias="line", min_length=1)


class Figure(Entry):
    """A figure the plan states beside its lines.

    Two figures of one ``quantity`` should be the same; ``wording`` says how the plan hedges it.
    """

    name: Name
    title: Name
    value: Number
    unit: Name
    wording: Wording = ""
    quantity: str = ""
    source: Name


class Way(Entry):
    """One way to work a figure out: a sum of terms, over another sum where there is one, times a factor."""

    title: Name
    of: tuple[str, ...] = Field(min_length=1)
    over: tuple[str, ...] = ()
    times: Number = 1


class Check(Entry):
    """A figure worked out in one way or several; beside what the plan states, where ``figure`` names it."""

    title: Name
    figure: str = ""
    unit: str = "GBP m"
    ways: tuple[Way, ...] = Field(alias="way", min_length=1)


class Target(Entry):
    """A target of the plan that is no money.

    Parameters
    ----------
    why : str
        Why it is not modelled, or what a simulated figure leaves open.
    value, unit : int or float, str
        None where the plan promises something without a figure.
    measure : {"prevention", "wait", "mapping", ""}
        How a simulated target is read from results; a mapping says whose money is spent in the place as now.
    service, event, averted, without : str
        For prevention: the line, the event that counts as a success, the outcome that a success is to avert, and the
        scenario in which the line is missing. For a wait: the line.
    scenarios : tuple of str
        For a wait: worlds in which the line has more posts.
    """

    name: Name
    title: Name
    value: Number | None = None
    unit: str = ""
    due: date | None = None
    mark: Mark
    why: str = ""
    measure: Literal["", "prevention", "wait", "mapping"] = ""
    service: str = ""
    event: str = ""
    averted: str = ""
    without: str = ""
    scenarios: tuple[str, ...] = ()
    source: Name


class Simulation(Entry):
    """How the place is run for simulated lines and targets; as in a study."""

    place: Name
    start: str = "2016-04"
    years: int = Field(default=5, ge=1, le=15)
    run_in: int = Field(default=96, ge=0, le=240)
    households: int | Literal["full"] = "full"
    draws: int = Field(default=20, ge=1, le=100_000)
    replicates: int = Field(default=1, ge=1, le=1_000)
    seed: int = Field(default=2016, ge=0, lt=2**32)
    baseline: Name = "as_now"


class Account(Entry):
    """A plan's account.

    Parameters
    ----------
    price_year : str
        Fiscal year in whose prices amounts are taken to be.
    horizon : str
        Fiscal year for which simulated lines are answered.
    gap : str
        Name of the figure that the lines are to close; empty where there is none.
    approved : date, optional
        When the plan was decided; deadlines before it are told.
    """

    id: str = Field(min_length=1, pattern=r"^[a-z0-9_]+$")
    title: Name
    question: Name
    price_year: FiscalYear
    horizon: FiscalYear
    approved: date | None = None
    gap: str = ""
    note: str = ""
    scenarios: tuple[str, ...] = ()
    simulation: Simulation | None = None
    figures: tuple[Figure, ...] = Field(alias="figure", default=())
    blocks: tuple[Block, ...] = Field(alias="block", min_length=1)
    checks: tuple[Check, ...] = Field(alias="check", default=())
    targets: tuple[Target, ...] = Field(alias="target", default=())
    file: SkipJsonSchema[str] = Field(default="", exclude=True)

    @field_validator("scenarios")
    @classmethod
    def _each_once(cls, scenarios: tuple[str, ...]) -> tuple[str, ...]:
        for name in scenarios:
            if scenarios.count(name) > 1:
                raise ValueError(f"lists `{name}` twice. List each scenario once.")
        return scenarios

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line of every block."""
        return tuple(line for block in self.blocks for line in block.lines)

    @property
    def simulated_lines(self) -> tuple[Line, ...]:
        """The lines whose fall in demand the model is asked about; what others promise is among the targets."""
        return tuple(line for line in self.lines if line.mark == "simulated" and not line.targets)

    @property
    def simulated_targets(self) -> tuple[Target, ...]:
        """The targets that the model is asked about."""
        return tuple(target for target in self.targets if target.mark == "simulated")

    @property
    def citations(self) -> tuple[str, ...]:
        """Key of the source of every figure, block, line and target."""
        cited = [one.source for one in self.figures] + [one.source for one in self.blocks]
        cited += [one.source for one in self.lines] + [one.source for one in self.targets]
        return tuple(cited)

    @property
    def sources(self) -> frozenset[str]:
        """Keys of the sources it cites."""
        return frozenset(self.citations)

    def candidates(self, line: Line) -> tuple[str, ...]:
        """Scenarios that might bring a line's fall about."""
        return line.scenarios or self.scenarios

    @property
    def to_run(self) -> tuple[str, ...]:
        """Every scenario to run, the one compared with first."""
        assert self.simulation is not None
        asked = [name for line in self.simulated_lines for name in self.candidates(line)]
        for target in self.simulated_targets:
            asked += [*([target.without] if target.without else []), *target.scenarios]
        return tuple(dict.fromkeys((self.simulation.baseline, *asked)))


def load_account(path: str | Path, book: Book | None = None) -> Account:
    """Read an account.

    Parameters
    ----------
    path : path
    book : Book, optional
        Where given, services, sources, price years and scenarios are checked too.

    Raises
    ------
    ConfigError
        With every fault of the file.
    """
    from demandsim.policy.account_faults import check_account

    faults = Faults()
    account = read_account(Path(path), faults)
    if account is not None:
        check_account(account, faults, book)
    faults.stop()
    assert account is not None  # no account without a fault
    return account


def read_account(path: Path, faults: Faults) -> Account | None:
    """Read one file, gathering the faults of its keys and values."""
    return read_named(Account, path, faults)
