"""Check ``configs/replays.toml`` against the book: a checker for `demandsim.parameters.check`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from demandsim.parameters.book import Book
from demandsim.parameters.checking import Section
from demandsim.parameters.descriptors import Effect
from demandsim.parameters.reading import Faults, did_you_mean
from demandsim.study.replay.studies import FILE, Replays, Study, read_replays

#: Beliefs about replays, whatever the studies.
COMMON: Final = ("replay.most_ratio", "replay.most_apart", "replay.transfer_margin")
CLAIM: Final = ("replay.claim.saving", "replay.claim.cost")
UNITS_OF_RATIOS: Final = ("ratio",)
UNITS_OF_DIFFERENCES: Final = ("share", "index")


def shrinkage_of(study: Study) -> str:
    """Name of the belief about how much of a study's contrast to believe; empty where all of it is."""
    return "" if study.is_randomised or study.is_null else f"replay.shrinkage.{study.design}"


def check_replays(configs: Path, book: Book) -> Section:
    """Check the file of replays."""
    faults = Faults()
    path = configs / FILE
    if not path.is_file():
        return Section((), n_files=0)
    replays = read_replays(path, faults)
    where = path.as_posix()
    is_whole = not faults
    for study in replays.studies:
        _check_study(study, f"{where}, studies.{study.name}", book, faults)
        if study.also and study.also not in {one.name for one in replays.studies}:
            known = [one.name for one in replays.studies]
            faults.add(f"{where}, studies.{study.name}, `also`", *_unknown("study", study.also, known))
    for one in replays.uncontrolled:
        for name in one.effects:
            if name not in book.effects:
                faults.add(f"{where}, uncontrolled.{one.name}, `effects`", *_unknown("effect", name, book.effects))
    if is_whole:  # an effect of a study that could not be read would seem to have none
        _check_homes(replays, where, book, faults)
    names = {study.published for study in replays.studies} | set(COMMON) | set(CLAIM)
    names |= {f"replay.shrinkage.{design}" for design in _designs(book)}
    return Section(tuple(faults), beliefs=frozenset(name for name in names if name in book), n_files=1)


def _designs(book: Book) -> list[str]:
    return [name.removeprefix("replay.shrinkage.") for name in book if name.startswith("replay.shrinkage.")]


def _check_study(study: Study, where: str, book: Book, faults: Faults) -> None:
    services, effects = list(book.services), list(book.effects)
    for key, names, known, kind in (
        ("service", [study.service], services, "service"),
        ("outcome.lines", [*study.outcome.lines], services, "service"),
        ("effects", [*study.effects], effects, "effect"),
    ):
        for name in (name for name in names if name not in known):
            faults.add(f"{where}, `{key}`", *_unknown(kind, name, known))
    for entry, why in Effect(name=study.name, service=study.service, acts_on=study.acts_on).unknown_moves():
        faults.add(f"{where}, `acts_on`", f"`{entry}` {why}.", "Write need.state.move, such as family.emerging.up.")
    if (belief := shrinkage_of(study)) and belief not in book:
        known_designs = ", ".join(_designs(book))
        faults.add(f"{where}, `design`", f"there is no belief `{belief}`.", f"Add it; known: {known_designs}.")
    _check_published(study, where, book, faults)


def _check_published(study: Study, where: str, book: Book, faults: Faults) -> None:
    """The published figure is there, with an interval, and of the kind that the contrast is."""
    belief = book.get(study.published)
    if belief is None:
        near = did_you_mean(study.published, [name for name in book if name.endswith(".published")])
        faults.add(f"{where}, `published`", f"there is no belief `{study.published}`.", near)
    elif belief.uncertainty is None:
        faults.add(f"{where}, `published`", f"`{study.published}` has no interval to carry.", "Add `uncertainty`.")
    elif belief.unit not in (UNITS_OF_RATIOS if study.is_ratio else UNITS_OF_DIFFERENCES):
        what = f"`{study.published}` is in {belief.unit}, which a {study.contrast.replace('_', ' ')} is not."
        faults.add(f"{where}, `contrast`", what, "Mend the contrast, or name the figure that it is of.")


def _check_homes(replays: Replays, where: str, book: Book, faults: Faults) -> None:
    """Every effect is either taken from one study or said to have none."""
    named = [effect for study in replays.studies for effect in study.effects]
    named += [effect for one in replays.uncontrolled for effect in one.effects]
    for name in dict.fromkeys(effect for effect in named if named.count(effect) > 1):
        faults.add(f"{where}, `effects`", f"`{name}` is named more than once.", "An effect has one study, or none.")
    for name in book.effects:
        if name not in named:
            what = f"the effect `{name}` has neither a study nor an entry under `uncontrolled`."
            faults.add(where, what, "Say how its study is replayed, or that there is none.")


def _unknown(kind: str, name: str, known: Iterable[str]) -> tuple[str, str]:
    return f"there is no {kind} `{name}`.", did_you_mean(name, list(known)) or "See `demandsim explain`."
