"""Sets of indicators that a council publishes: which of them the model measures, and how; which it does not, and why.

Takes the files of ``configs/indicators``; gives frozen `IndicatorSet`, or every fault at once. Never measures anything.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, FiniteFloat, PositiveFloat

from demandsim.labels import STATES
from demandsim.ledger.outcomes import OUTCOMES
from demandsim.parameters.belief import ASSUMED, Entry
from demandsim.parameters.book import Book
from demandsim.parameters.checking import Section
from demandsim.parameters.reading import Faults, build, did_you_mean, read_toml

Name = Annotated[str, Field(min_length=1)]
Mark = Literal["modelled", "nearest", "not modelled"]

#: Outcomes that are shares of a need's states from emerging up, so that a part of those states can be told apart.
NEED_OF_STATES: Final = {"employment_deprived_share": "work"}


class Conversion(Entry):
    """A stated figure by which an outcome is multiplied to come nearer to a published unit.

    Parameters
    ----------
    value, low, high : float
        The figure, and between which two it is thought to lie.
    meaning : str
        What it stands for, to be read after the figure: "adults of working age for each who is in work".
    source : str
        A key of sources.toml, or "assumed".
    note : str
    """

    value: PositiveFloat
    low: PositiveFloat
    high: PositiveFloat
    meaning: Name
    source: Name
    note: str = ""


class Indicator(Entry):
    """One published indicator.

    Parameters
    ----------
    name, title, unit : str
        Unit as published.
    measured_by : str
        Who publishes it, and as what.
    published : float, optional
        In the unit; none where no figure was found.
    year, source : str
        Of the published figure: a key of sources.toml, or "assumed" where it is recalled.
    outcome : str
        Which outcome of results measures it; empty where none does.
    times : float
        Turns the outcome's unit into the published one.
    only_states : tuple of str
        Count these states of the outcome's need only.
    conversions : tuple of Conversion
        What the outcome is multiplied by besides.
    differs : str
        How what is simulated differs from what is published; empty where it is the same thing.
    not_modelled : str
        Why nothing measures it, and what would be needed.
    note : str
    """

    name: Name
    title: Name
    unit: Name
    measured_by: Name
    published: FiniteFloat | None = None
    year: str = ""
    source: str = ""
    outcome: str = ""
    times: PositiveFloat = 1.0
    only_states: tuple[str, ...] = ()
    conversions: tuple[Conversion, ...] = Field(default=(), alias="conversion")
    differs: str = ""
    not_modelled: str = ""
    note: str = ""

    @property
    def mark(self) -> Mark:
        """Whether the model measures it, measures something near it, or neither."""
        if not self.outcome:
            return "not modelled"
        return "nearest" if self.differs else "modelled"

    @property
    def factor(self) -> float:
        """What turns the outcome into the figure shown."""
        return self.times * math.prod(one.value for one in self.conversions)

    @property
    def factor_span(self) -> tuple[float, float]:
        """The same with every conversion at its low end, and with every one at its high end."""
        lows, highs = (math.prod(getattr(one, end) for one in self.conversions) for end in ("low", "high"))
        return self.times * lows, self.times * highs


class IndicatorSet(Entry):
    """Indicators that one document lists for one place.

    Parameters
    ----------
    id, title : str
    place : str
        Whose published figures they are: the id of a place.
    source : str
        The document that lists them.
    indicators : tuple of Indicator
    """

    id: str = Field(min_length=1, pattern=r"^[a-z0-9_]+$")
    title: Name
    place: Name
    source: Name
    indicators: tuple[Indicator, ...] = Field(alias="indicator", min_length=1)


def load_indicator_sets(configs: Path, book: Book) -> list[IndicatorSet]:
    """Read every file in ``indicators/``.

    Raises
    ------
    ConfigError
        With every fault.
    """
    faults = Faults()
    found = _read(configs, book, faults)
    faults.stop()
    return found


def check_indicators(configs: Path, book: Book) -> Section:
    """Check every file in ``indicators/``: a checker for `demandsim.parameters.check`."""
    faults = Faults()
    found = _read(configs, book, faults)
    cited = {one.source for one in found}
    for each in (indicator for one in found for indicator in one.indicators):
        cited |= {each.source, *(conversion.source for conversion in each.conversions)}
    return Section(tuple(faults), frozenset(cited - {"", ASSUMED}), n_files=len(_paths(configs)))


def _paths(configs: Path) -> list[Path]:
    return sorted((configs / "indicators").glob("*.toml"))


def _read(configs: Path, book: Book, faults: Faults) -> list[IndicatorSet]:
    found: list[IndicatorSet] = []
    for path in _paths(configs):
        before = len(faults)
        table = read_toml(path, faults)
        if len(faults) > before or not (one := build(IndicatorSet, table, path.as_posix(), faults)):
            continue
        _check_set(one, path, book, faults)
        found.append(one)
    return found


def _check_set(one: IndicatorSet, path: Path, book: Book, faults: Faults) -> None:
    where = path.as_posix()
    if one.id != path.stem:
        faults.add(f"{where}, `id`", f"is `{one.id}`.", f"Name the file {one.id}.toml, or mend the id.")
    places = [file.stem for file in (path.parents[1] / "places").glob("*.toml")]
    if one.place not in places:
        faults.add(f"{where}, `place`", f"there is no place `{one.place}`.", did_you_mean(one.place, places))
    _check_source(one.source, f"{where}, `source`", book, faults)
    seen: set[str] = set()
    for indicator in one.indicators:
        inside = f"{where}, indicator {indicator.name}"
        if indicator.name in seen:
            faults.add(inside, "stands here twice.", "Keep one of the two.")
        seen.add(indicator.name)
        _check_indicator(indicator, inside, book, faults)


def _check_indicator(one: Indicator, where: str, book: Book, faults: Faults) -> None:
    """Each is measured by an outcome or says why not, and a published figure has its year and source."""
    if bool(one.outcome) == bool(one.not_modelled):
        what = "has both `outcome` and `not_modelled`." if one.outcome else "has neither `outcome` nor `not_modelled`."
        faults.add(where, what, "Say what measures it, or why nothing does.")
    known = [outcome.name for outcome in OUTCOMES]
    if one.outcome and one.outcome not in known:
        remedy = did_you_mean(one.outcome, known)
        faults.add(f"{where}, `outcome`", f"there is no outcome `{one.outcome}`.", remedy)
    if one.not_modelled and (one.only_states or one.differs or one.conversions or one.times != 1.0):
        remedy = "Remove `only_states`, `conversion`, `differs`, `times`."
        faults.add(where, "is not modelled, yet says how it is measured.", remedy)
    for conversion in one.conversions:
        if not conversion.low <= conversion.value <= conversion.high:
            faults.add(f"{where}, `conversion`", "lies outside its own ends.", "Put `value` between `low` and `high`.")
        if conversion.source != ASSUMED:
            _check_source(conversion.source, f"{where}, `conversion`", book, faults)
    if one.conversions and not one.differs:
        faults.add(
            where, "is converted, yet does not say what it `differs` in.", "Say what is published, and what not."
        )
    if one.only_states and one.outcome in known and one.outcome not in NEED_OF_STATES:
        allowed = ", ".join(NEED_OF_STATES)
        faults.add(f"{where}, `only_states`", f"goes only with {allowed}.", "Remove it.")
    for state in one.only_states:
        if state not in STATES[1:]:
            remedy = did_you_mean(state, STATES[1:])
            faults.add(f"{where}, `only_states`", f"`{state}` is no state of need.", remedy)
    if one.published is None:
        if one.year or one.source:
            faults.add(where, "has a year or a source and no `published` figure.", "Add the figure, or remove them.")
        return
    if not one.year or not one.source:
        faults.add(where, "has a published figure without its `year` or `source`.", "Add them.")
    elif one.source != ASSUMED:
        _check_source(one.source, f"{where}, `source`", book, faults)


def _check_source(key: str, where: str, book: Book, faults: Faults) -> None:
    if key not in book.sources:
        faults.add(where, f"`{key}` is not in sources.toml.", did_you_mean(key, book.sources) or "Add it there.")
