"""Say in words what any name stands for: a belief, lever, service, effect, cost, need, scenario or future.

Takes the book, the scenarios, the futures and a name; gives plain text. Never guesses: an unknown name is an error that
suggests the nearest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from demandsim.parameters.belief import ASSUMED, Belief, Value
from demandsim.parameters.book import Book
from demandsim.parameters.descriptors import DESCRIPTORS, Cost, Descriptor, Effect, Service
from demandsim.parameters.evidence import caution, service_cautions
from demandsim.parameters.reading import unknown_name
from demandsim.quantities import month_label


class MovesLever(Protocol):
    """A change of one lever."""

    @property
    def lever(self) -> str:
        """Dotted name."""


class Moves(Protocol):
    """What a scenario and a future have in common."""

    @property
    def id(self) -> str:
        """Short name."""

    @property
    def title(self) -> str:
        """Title."""

    @property
    def changes(self) -> Sequence[MovesLever]:
        """What it moves."""


class MovesLevers(Moves, Protocol):
    """What is needed of a scenario."""

    @property
    def question(self) -> str:
        """What it asks."""


class MovesCircumstances(Moves, Protocol):
    """What is needed of a future."""

    @property
    def story(self) -> str:
        """What happens in it."""


def explain(book: Book, scenarios: Iterable[MovesLevers], name: str, futures: Iterable[MovesCircumstances] = ()) -> str:
    """What a name stands for, in a few lines.

    Parameters
    ----------
    book : Book
    scenarios : iterable of Scenario
    name : str
        A belief's dotted name, a table such as ``services.family_support``, its last part alone where that is
        unambiguous, or the id of a scenario or future.
    futures : iterable of Future

    Raises
    ------
    RequestError
        If nothing has the name.
    """
    known, times = list(scenarios), list(futures)
    if name in book:
        foretold = [f"  used by   future {future.id}" for future in _movers(times, name)]
        return "\n".join([*_belief_lines(book, known, book[name]), *foretold])
    if descriptor := _find_table(book, name):
        return "\n".join(_table_lines(book, known, descriptor))
    for scenario in known:
        if scenario.id == name:
            return "\n".join(_scenario_lines(book, scenario))
    for future in times:
        if future.id == name:
            heading = [f"{future.id} (future): {future.title}", f"  story     {future.story}"]
            return "\n".join([*heading, *_change_lines(book, future)])
    inside = [other for other in book if other.startswith(f"{name}.")]
    if inside:
        return "\n".join([name, *(_short(book[other]) for other in inside)])
    tables = [entry.path for family in DESCRIPTORS for entry in getattr(book, family).values()]
    raise unknown_name(
        name, [*book, *tables, *(one.id for one in (*known, *times))], "belief, table, scenario or future"
    )


def show_value(value: Value, unit: str) -> str:
    """A value with its unit, as a reader would write it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{label} {number:,.6g}" for label, number in value.items()) + f" ({unit})"
    return f"{value:,.6g} {unit}"


def _find_table(book: Book, name: str) -> Descriptor | None:
    found: list[Descriptor] = [
        entry for family in DESCRIPTORS for entry in getattr(book, family).values() if name in (entry.path, entry.name)
    ]
    return found[0] if found else None


def _short(belief: Belief) -> str:
    return f"  {belief.name} = {show_value(belief.central, belief.unit)} [{belief.role}, {belief.evidence}]"


def _cited(book: Book, key: str) -> str:
    if key == ASSUMED:
        return "assumed"
    return book.sources[key].cite() if key in book.sources else f"{key} (not in sources.toml)"


def _belief_lines(book: Book, scenarios: Sequence[MovesLevers], belief: Belief) -> list[str]:
    lines = [f"{belief.name} ({belief.role})", f"  meaning   {belief.meaning}"]
    for start, value in belief.dated:
        since = f" from {month_label(start)}" if start else ""
        lines.append(f"  value     {show_value(value, belief.unit)}{since}")
    if belief.price_year:
        lines.append(f"  prices    {belief.price_year}, given out at {book.price_year}")
    if spread := belief.uncertainty:
        kind = "times a common multiplier of" if belief.is_keyed else "between"
        lines.append(f"  interval  {kind} {spread.low:g} and {spread.high:g} ({spread.level:.0%}, {spread.shape})")
    if belief.null is not None:
        null = belief.null if isinstance(belief.null, str) else show_value(belief.null, belief.unit)
        lines.append(f"  null      {null}: with this it does nothing")
    lines += [f"  evidence  {belief.evidence}", f"  source    {_cited(book, belief.source)}"]
    if belief.note:
        lines.append(f"  note      {belief.note}")
    lines += _caution_lines(book, [belief.name])
    lines.append(f"  stated in {book.files.get(belief.name, 'this session')}")
    return lines + [f"  used by   {user}" for user in _users(book, scenarios, belief.name)]


def _users(book: Book, scenarios: Sequence[MovesLevers], name: str) -> list[str]:
    """What stands on a belief: its own table, what hangs on that table, and the scenarios that move it."""
    users = []
    table = _find_table(book, ".".join(name.split(".")[:2]))
    if table is not None and name.startswith(f"{table.path}."):
        users.append(table.path)
        if isinstance(table, Service):
            users += [effect.path for effect in book.effects.values() if effect.service == table.name]
        if isinstance(table, Effect):
            users.append(f"services.{table.service}")
    users += [other for other, belief in book.beliefs.items() if belief.null == name]
    users += [f"scenario {scenario.id}" for scenario in _movers(scenarios, name)]
    return users


def _movers(patches: Sequence[Moves], start: str) -> list[Moves]:
    return [
        patch
        for patch in patches
        if any(change.lever == start or change.lever.startswith(f"{start}.") for change in patch.changes)
    ]


def _table_lines(book: Book, scenarios: Sequence[MovesLevers], table: Descriptor) -> list[str]:
    title = table.title or table.meaning
    lines = [f"{table.path} ({type(table).__name__.lower()})" + (f": {title}" if title else "")]
    lines += [f"  {key:<16} {_plain(entry)}" for key, entry in _told(table)]
    lines += [_short(belief) for name, belief in book.items() if name.startswith(f"{table.path}.")]
    if isinstance(table, Service):
        lines += [
            f"  effect    {effect.path} on {', '.join(effect.acts_on)}"
            for effect in book.effects.values()
            if effect.service == table.name
        ]
    if isinstance(table, Cost) and table.transfer:
        lines.append("  A transfer: it counts for the payer's budget and not for public value.")
    lines += _caution_lines(book, [f"{table.path}."])
    lines.append(f"  stated in {book.files.get(table.path, 'this session')}")
    return lines + [f"  used by   scenario {scenario.id}" for scenario in _movers(scenarios, table.path)]


def _told(table: Descriptor) -> list[tuple[str, Any]]:
    """What a table says of itself; what it leaves empty is not told."""
    skipped = ("name", "title", "meaning")
    entries = table.model_dump(by_alias=True).items()
    return [(key, entry) for key, entry in entries if key not in skipped and entry not in ("", (), None, False)]


def _plain(entry: Any) -> str:
    if isinstance(entry, bool):
        return "yes" if entry else "no"
    if isinstance(entry, dict):
        return ", ".join(f"{key} → {value}" for key, value in entry.items())
    return ", ".join(str(part) for part in entry) if isinstance(entry, tuple) else str(entry)


def _scenario_lines(book: Book, scenario: MovesLevers) -> list[str]:
    heading = [f"{scenario.id} (scenario): {scenario.title}", f"  question  {scenario.question}"]
    return heading + _change_lines(book, scenario)


def _change_lines(book: Book, patch: Moves) -> list[str]:
    lines = []
    for change in patch.changes:
        belief = book.get(change.lever)
        now = f", as now {show_value(belief.central, belief.unit)}" if belief is not None else " (no such lever)"
        lines.append(f"  moves     {change.lever}{now}")
    return lines + _caution_lines(book, [f"{change.lever}." for change in patch.changes])


def _caution_lines(book: Book, names: Iterable[str]) -> list[str]:
    """What must be said of the evidence wherever a service, an effect or a belief about either is named."""
    said: dict[str, None] = {}
    for name in names:
        family, _, rest = name.partition(".")
        entry = rest.partition(".")[0]
        if family == "services" and entry in book.services:
            title = book.services[entry].title
            said |= dict.fromkeys(f"{title}: {clause}" for clause in service_cautions(book.effects, entry))
        elif family == "effects" and entry in book.effects:
            effect = book.effects[entry]
            if clause := caution(effect):
                said[f"{book.services[effect.service].title}: {clause}"] = None
    return [f"  caution   {sentence}" for sentence in said]
