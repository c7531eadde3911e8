"""The book: every belief by its dotted name, with the services, effects, costs, needs, shocks, purses
and streams of contact they go with.

Takes the folder of parameter files (and fitted ones); gives a frozen `Book`, or every fault at once.
Never changes: an override gives another book.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from demandsim.errors import RequestError
from demandsim.parameters.belief import Belief, Value, value_problem
from demandsim.parameters.crosschecks import check_across
from demandsim.parameters.descriptors import Cost, Effect, Need, Purse, Service, Shock, Stream
from demandsim.parameters.fitted import take_fitted
from demandsim.parameters.gathering import Gathered, gather, read_sources
from demandsim.parameters.reading import Faults, list_toml, unknown_name
from demandsim.parameters.sources import Source
from demandsim.quantities import UNITS, price_factor

if TYPE_CHECKING:
    from demandsim.parameters.calibrated import CalibratedDraws
    from demandsim.parameters.drawing import Draw, Plan

DEFAULT_PRICE_YEAR: Final = "2015/16"
DEFLATORS: Final = ("appraisal.deflators", "appraisal.deflator", "deflators", "appraisal.gdp_deflator")


@dataclass(frozen=True, eq=False)
class Book(Mapping[str, Belief]):
    """Every belief, by name. See `load_parameters`.

    Attributes
    ----------
    beliefs : mapping of dotted name to Belief
    services, effects, costs, needs, shocks, agencies, streams : mapping of name to descriptor
    sources : mapping of key to Source
    price_year : str
        Money in draws is at this fiscal year's prices.
    files : mapping of dotted name to the file that states it
    fitted : mapping of place to the plain tables of its fitted file
    folder : Path
    calibrated : CalibratedDraws or None
        Beliefs that are drawn together, by rows that agree with what the place has published.
    """

    beliefs: dict[str, Belief]
    services: dict[str, Service]
    effects: dict[str, Effect]
    costs: dict[str, Cost]
    needs: dict[str, Need]
    shocks: dict[str, Shock]
    agencies: dict[str, Purse]
    streams: dict[str, Stream]
    sources: dict[str, Source]
    price_year: str
    files: dict[str, str]
    fitted: dict[str, dict[str, Any]] = field(default_factory=dict)
    folder: Path = Path()
    links: dict[str, str] = field(default_factory=dict)
    calibrated: CalibratedDraws | None = None

    def __getitem__(self, name: str) -> Belief:
        if name not in self.beliefs:
            raise unknown_name(name, self.beliefs)
        return self.beliefs[name]

    def __contains__(self, name: object) -> bool:
        return name in self.beliefs

    def get(self, name: str, default: Any = None) -> Any:
        """The belief, or a default where there is none."""
        return self.beliefs.get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self.beliefs)

    def __len__(self) -> int:
        return len(self.beliefs)

    def __repr__(self) -> str:
        return f"Book({len(self)} beliefs, {len(self.services)} services, {self.price_year} prices, {self.digest[:8]})"

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: what was read, and nothing worked out from it."""
        return {entry.name: getattr(self, entry.name) for entry in fields(self)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that can change a draw or a meaning."""
        content: dict[str, Any] = {
            "beliefs": {name: belief.model_dump(mode="json") for name, belief in sorted(self.beliefs.items())},
            "described": {
                family: {name: entry.model_dump(mode="json") for name, entry in sorted(getattr(self, family).items())}
                for family in ("services", "effects", "costs", "needs", "shocks", "agencies", "streams")
            },
            "price_year": self.price_year,
            "fitted": self.fitted,
            "links": self.links,
        }
        if self.calibrated is not None:
            content["calibrated"] = self.calibrated.content
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()

    @cached_property
    def conversions(self) -> Mapping[str, Belief]:
        """Persons per affected household and the like: the beliefs of conversion.toml by short name."""
        start = "conversion."
        return MappingProxyType({name[len(start) :]: self.beliefs[name] for name in self if name.startswith(start)})

    @cached_property
    def levers(self) -> Mapping[str, Belief]:
        """The beliefs a scenario may move."""
        return MappingProxyType({name: belief for name, belief in self.beliefs.items() if belief.role == "lever"})

    @cached_property
    def circumstances(self) -> Mapping[str, Belief]:
        """The beliefs that no policy moves and a future may."""
        return MappingProxyType({name: one for name, one in self.beliefs.items() if one.role == "circumstance"})

    @cached_property
    def uncertainties(self) -> Mapping[str, Belief]:
        """The beliefs a draw moves."""
        return MappingProxyType({name: belief for name, belief in self.beliefs.items() if belief.role == "uncertainty"})

    def price_factor(self, belief: Belief, price_year: str | None = None) -> float:
        """What an amount in the belief's own price year is multiplied by to be in the book's."""
        if not UNITS[belief.unit].is_money:
            return 1.0
        stated = price_year or belief.price_year or self.price_year
        return price_factor(stated, self.price_year, find_deflators(self.beliefs))

    def at_prices(self, price_year: str) -> Book:
        """The same beliefs, with draws at another fiscal year's prices."""
        price_factor(self.price_year, price_year, find_deflators(self.beliefs))
        return replace(self, price_year=price_year)

    def with_overrides(self, values: Mapping[str, Value]) -> Book:
        """Another book, where named beliefs are pinned and no longer vary.

        Parameters
        ----------
        values : mapping of belief name to value
            In the belief's own unit and price year. One number for a belief by label goes to every label.

        Raises
        ------
        RequestError
            If a name is unknown or a value cannot be in the belief's unit.
        """
        pinned = {name: _pinned(self[name], value) for name, value in values.items()}
        links = {name: other for name, other in self.links.items() if name not in pinned}
        calibrated = self.calibrated.without(pinned) if self.calibrated is not None else None
        return replace(self, beliefs=self.beliefs | pinned, links=links, calibrated=calibrated)

    def with_nulls(self, names: Iterable[str] | None = None) -> Book:
        """Another book, where mechanisms do nothing: beliefs that state a ``null`` are pinned to it.

        Parameters
        ----------
        names : iterable of str, optional
            Which; all that state a null by default.
        """
        chosen = [name for name in self if self.beliefs[name].null is not None] if names is None else list(names)
        links, values = dict(self.links), {}
        for name in chosen:
            null = self[name].null
            if null is None:
                raise RequestError(f"`{name}` states no `null`, so it cannot be set to do nothing.")
            if isinstance(null, str) and not self[name].is_categorical:
                links[name] = null
            else:
                values[name] = null
        return replace(self.with_overrides(values), links=links)

    def draw(self, seed: int = 0, draw: int | None = None, *, quantiles: Mapping[str, float] | None = None) -> Draw:
        """One set of beliefs.

        Parameters
        ----------
        seed : int
            The study's seed.
        draw : int, optional
            Which draw; none gives the central values.
        quantiles : mapping of belief name to a number in (0, 1), optional
            Puts these beliefs at stated quantiles instead (sensitivity designs).
        """
        from demandsim.parameters.drawing import Draw

        return Draw(self, seed, draw, quantiles)

    @cached_property
    def plan(self) -> Plan:
        """Arrays of how each uncertainty is spread, built once."""
        from demandsim.parameters.drawing import build_plan

        return build_plan(self)


def load_parameters(folder: str | Path, fitted: Sequence[str | Path] = (), price_year: str | None = None) -> Book:
    """Read every belief.

    Parameters
    ----------
    folder : path
        The folder of parameter files; ``sources.toml`` lies beside it or in it.
    fitted : sequence of path, optional
        Files written by ``demandsim fit``; their beliefs replace those of the same name.
    price_year : str, optional
        Prices of draws; otherwise what the files state.

    Raises
    ------
    ConfigError
        With every fault of every file.
    """
    faults = Faults()
    book = read_book(Path(folder), faults, fitted, price_year)
    faults.stop()
    return book


def read_book(folder: Path, faults: Faults, fitted: Sequence[str | Path] = (), price_year: str | None = None) -> Book:
    """Read every belief, gathering faults and keeping what is sound. See `load_parameters`."""
    home = folder / "sources.toml"
    home = home if home.is_file() else folder.parent / "sources.toml"
    paths = [path for path in list_toml(folder, faults) if path != home]
    if not paths:
        faults.stop()
    found = gather(paths, faults)
    tables = take_fitted(found, [Path(path) for path in fitted])
    sources = read_sources(home, faults)
    check_across(found, sources)
    year = price_year or _stated_price_year(found)
    _check_prices(found, year)
    described: dict[str, Any] = found.described
    return Book(
        found.beliefs,
        **described,
        sources=sources,
        price_year=year,
        files=found.files,
        fitted=tables,
        folder=folder,
    )


def find_deflators(beliefs: Mapping[str, Belief]) -> Mapping[str, float]:
    """Price levels by fiscal year; empty where the book has none."""
    for name in DEFLATORS:
        belief = beliefs.get(name)
        if belief is not None and isinstance(belief.central, Mapping):
            return belief.central
    return {}


def _stated_price_year(found: Gathered) -> str:
    for name in ("appraisal.price_year", "price_year"):
        belief = found.beliefs.get(name)
        text = belief.central if belief is not None else found.texts.get(name)
        if isinstance(text, str):
            return text
    return DEFAULT_PRICE_YEAR


def _check_prices(found: Gathered, price_year: str) -> None:
    deflators = find_deflators(found.beliefs)
    for name, belief in found.beliefs.items():
        for year in {belief.price_year or price_year, price_year} - deflators.keys():
            if belief.price_year is not None and belief.price_year != price_year:
                found.faults.add(
                    f"{found.where(name)}, `price_year`",
                    f"there is no deflator for {year}.",
                    "Add the year to appraisal.deflators, or mend the price year.",
                )


def _pinned(belief: Belief, value: Value) -> Belief:
    """The belief at one value, no longer varying."""
    kept: Any = value
    if isinstance(belief.central, Mapping) and isinstance(value, int | float):
        kept = dict.fromkeys(belief.central, float(value))
    elif isinstance(value, int | float):
        kept = float(value)
    if type(kept) is not type(belief.central) or (
        isinstance(kept, Mapping) and kept.keys() != dict(belief.central).keys()  # type: ignore[arg-type]
    ):
        raise RequestError(f"`{belief.name}` cannot be set to {value!r}: it holds {belief.central!r}.")
    if what := value_problem(kept, belief.unit, belief.name):
        raise RequestError(f"`{belief.name}` cannot be set: the value {what}")
    return belief.model_copy(update={"value": kept, "values": (), "uncertainty": None})
