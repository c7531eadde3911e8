"""Check every config file at once, before anything is run.

Takes the configs folder, and the checkers and readers that upper layers bring; gives a `Report`.
Never imports those layers: places, scenarios, studies and targets check themselves and hand in a `Section`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from demandsim.errors import DemandsimError, Fault
from demandsim.parameters.belief import ASSUMED, GRADES, ROLES
from demandsim.parameters.book import DEFLATORS, Book, read_book
from demandsim.parameters.drawing import Draw, Usage
from demandsim.parameters.reading import Faults


@dataclass(frozen=True)
class Section:
    """What one checker found.

    Parameters
    ----------
    faults : tuple of Fault
    sources : frozenset of str
        Keys of sources.toml that its files cite.
    beliefs : frozenset of str
        Names of beliefs that its files use.
    n_files : int
        How many files it read.
    """

    faults: tuple[Fault, ...] = ()
    sources: frozenset[str] = frozenset()
    beliefs: frozenset[str] = frozenset()
    n_files: int = 0


#: Checks one kind of file under the configs folder, given the book.
Checker = Callable[[Path, Book], Section]
#: Asks a recording draw for everything it needs, as a run would.
Reader = Callable[[Book, Draw], object]


@dataclass(frozen=True)
class Report:
    """What a check found.

    Attributes
    ----------
    faults : tuple of Fault
        Everything that would stop a run or mislead a reader.
    by_grade, by_role : mapping of name to count of beliefs
    unused : tuple of str
        Beliefs that nothing reads; empty where no reader was given.
    unknown : tuple of str
        Names that were asked for and that no file states.
    n_files : mapping of kind to files read
    """

    faults: tuple[Fault, ...]
    by_grade: Mapping[str, int]
    by_role: Mapping[str, int]
    unused: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    n_files: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """Whether there is no fault and no unknown name."""
        return not self.faults and not self.unknown

    def __str__(self) -> str:
        read = ", ".join(f"{n} {kind}" for kind, n in self.n_files.items())
        grades = ", ".join(f"{n} {grade}" for grade, n in self.by_grade.items() if n)
        lines = [f"Read {read}.", f"{sum(self.by_grade.values())} beliefs: {grades}."]
        lines += [str(fault) for fault in self.faults]
        lines += [f"{name}: is asked for, and no file states it." for name in self.unknown]
        lines += [f"{name}: nothing uses this belief." for name in self.unused]
        lines.append("No faults." if self.is_sound else f"{len(self.faults) + len(self.unknown)} faults.")
        return "\n".join(lines)


def check(
    configs: str | Path,
    checkers: Mapping[str, Checker] | None = None,
    readers: Sequence[Reader] = (),
    fitted: Sequence[str | Path] = (),
) -> Report:
    """Check the parameter files, and whatever the given checkers cover.

    Parameters
    ----------
    configs : path
        Holds ``parameters/``, ``sources.toml`` and the folders of the checkers.
    checkers : mapping of kind to callable, optional
        "scenarios", "places", "studies", "targets": each is called with the configs folder and the book.
    readers : sequence of callable, optional
        Each builds what a run builds from a recording draw, so that unused and unknown names come to light.
    fitted : sequence of path, optional
        Fitted files to take over beliefs from.
    """
    folder = Path(configs)
    faults = Faults()
    book = read_book(folder / "parameters", faults, fitted)
    n_files = {"parameter files": len(set(book.files.values()))}
    sections = []
    for kind, checker in (checkers or {}).items():
        section = checker(folder, book)
        sections.append(section)
        faults.extend(section.faults)
        n_files[kind] = section.n_files
    usage = _read_all(book, readers, faults)
    if not faults:  # a file that could not be read may cite anything
        _check_unused_sources(book, sections, folder, faults)
    used = usage.read.union(DEFLATORS, *(section.beliefs for section in sections))  # the book itself deflates
    return Report(
        tuple(faults),
        _count(GRADES, (belief.evidence for belief in book.values())),
        _count(ROLES, (belief.role for belief in book.values())),
        tuple(name for name in book if name not in used) if readers else (),
        tuple(sorted(usage.missing)),
        n_files,
    )


def _read_all(book: Book, readers: Sequence[Reader], faults: Faults) -> Usage:
    usage = Usage()
    if not readers or faults:
        return usage
    recording = book.draw().recording(usage)
    for reader in readers:
        try:
            reader(book, recording)
        except DemandsimError as error:
            if not usage.missing:
                faults.extend(error.faults or (Fault(book.folder.as_posix(), str(error)),))
    return usage


def _check_unused_sources(book: Book, sections: Iterable[Section], folder: Path, faults: Faults) -> None:
    cited = {belief.source for belief in book.values()}.union(*(section.sources for section in sections))
    for key in book.sources:
        if key not in cited and key != ASSUMED:
            faults.add(f"{(folder / 'sources.toml').as_posix()}, {key}", "nothing cites this source.", "Remove it.")


def _count(names: Sequence[str], given: Iterable[str]) -> dict[str, int]:
    counts = Counter(given)
    return {name: counts[name] for name in names}
