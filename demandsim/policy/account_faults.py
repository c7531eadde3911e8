"""Everything that can be wrong with an account beyond the shape of its file.

Takes an account, and the book of beliefs where there is one; gathers faults. Never stops at the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from demandsim.labels import EVENTS, NEEDS
from demandsim.parameters.belief import ASSUMED
from demandsim.parameters.book import Book, find_deflators
from demandsim.parameters.checking import Section
from demandsim.parameters.reading import Faults, did_you_mean
from demandsim.policy.account import Account, Line, Target, read_account
from demandsim.policy.account_terms import term_problem

#: What a target needs to be read from results.
MEASURES: Final[dict[str, tuple[str, ...]]] = {
    "prevention": ("value", "unit", "service", "event", "averted", "without"),
    "wait": ("value", "unit", "service"),
    "mapping": (),
}
_TARGET_KEYS: Final = ("service", "event", "averted", "without", "scenarios")


def check_accounts(configs: Path, book: Book) -> Section:
    """Check every file in ``accounts/``: a checker for `demandsim.parameters.check`."""
    faults, sources = Faults(), set[str]()
    paths = sorted((configs / "accounts").glob("*.toml"))
    for path in paths:
        account = read_account(path, faults)
        if account is not None:
            check_account(account, faults, book)
            sources |= account.sources
    return Section(tuple(faults), frozenset(sources), n_files=len(paths))


def check_account(account: Account, faults: Faults, book: Book | None = None) -> None:
    """Gather every fault of an account that was read."""
    _check_names(account, faults)
    _check_terms(account, faults)
    for line in account.lines:
        _check_line(account, line, faults, book)
    for target in account.targets:
        _check_target(account, target, faults, book)
    if account.simulation is None and (account.simulated_lines or account.simulated_targets):
        where = f"{account.file}, `simulation`"
        faults.add(where, "is missing, and lines are marked `simulated`.", "Add [simulation] with a place.")
    _check_files(account, faults)
    if book is not None:
        _check_against_book(account, faults, book)


def _check_names(account: Account, faults: Faults) -> None:
    """Within a kind of entry every name is there once."""
    kinds = {
        "figure": [one.name for one in account.figures],
        "block": [one.name for one in account.blocks],
        "line": [one.name for one in account.lines],
        "target": [one.name for one in account.targets],
    }
    for kind, names in kinds.items():
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            faults.add(f"{account.file}, {kind} `{name}`", "the name is there twice.", f"Name each {kind} once.")


def _check_terms(account: Account, faults: Faults) -> None:
    figures = [figure.name for figure in account.figures]
    if account.gap and account.gap not in figures:
        remedy = did_you_mean(account.gap, figures) or "Add it as a [[figure]]."
        faults.add(f"{account.file}, `gap`", f"there is no figure `{account.gap}`.", remedy)
    for check in account.checks:
        where = f"{account.file}, check “{check.title}”"
        if check.figure and check.figure not in figures:
            remedy = did_you_mean(check.figure, figures) or "Add it as a [[figure]]."
            faults.add(f"{where}, `figure`", f"there is no figure `{check.figure}`.", remedy)
        for way in check.ways:
            for term in (*way.of, *way.over):
                if problem := term_problem(account, term):
                    what, known = problem
                    remedy = did_you_mean(term.rpartition(":")[2], known) or "Write it as `line:NAME` or `figure:NAME`."
                    faults.add(f"{where}, way “{way.title}”, `{term}`", what, remedy)


def _check_line(account: Account, line: Line, faults: Faults, book: Book | None) -> None:
    where = f"{account.file}, line `{line.name}`"
    if line.kind in line.also:
        faults.add(f"{where}, `also`", f"repeats the kind `{line.kind}`.", "Name further kinds only.")
    if line.mark != "simulated":
        for key in ("services", "needs", "scenarios", "targets"):
            if getattr(line, key):
                faults.add(f"{where}, `{key}`", f"a line marked `{line.mark}` has none.", 'Mark it "simulated".')
        if line.mark == "not modelled" and not line.why:
            faults.add(f"{where}, `why`", "is missing.", "Say why it is not modelled.")
        return
    if line.targets:
        _check_answered(account, line, where, faults)
        return
    if not line.services:
        faults.add(f"{where}, `services`", "is empty: whose demand is to fall?", "Name service lines.")
    if not account.candidates(line):
        faults.add(f"{where}, `scenarios`", "there is none to try.", "Name scenarios here or for the account.")
    for need in line.needs:
        if need not in NEEDS:
            remedy = did_you_mean(need, NEEDS) or f"Needs: {', '.join(NEEDS)}."
            faults.add(f"{where}, `needs`", f"there is no need `{need}`.", remedy)
    _check_services(line.services, f"{where}, `services`", faults, book)


def _check_answered(account: Account, line: Line, where: str, faults: Faults) -> None:
    """A line that targets answer for names simulated ones, and asks nothing of its own."""
    for key in ("services", "needs", "scenarios"):
        if getattr(line, key):
            faults.add(f"{where}, `{key}`", "stands beside `targets`.", "Give either services or targets.")
    known = [target.name for target in account.targets]
    for name in line.targets:
        if name not in known:
            remedy = did_you_mean(name, known) or "Add it as a [[target]]."
            faults.add(f"{where}, `targets`", f"there is no target `{name}`.", remedy)
    if not any(target.name in line.targets for target in account.simulated_targets):
        faults.add(f"{where}, `targets`", "names no target that is simulated.", "Mark one, or the line, otherwise.")


def _check_target(account: Account, target: Target, faults: Faults, book: Book | None) -> None:
    where = f"{account.file}, target `{target.name}`"
    if target.mark != "simulated":
        if target.mark == "not modelled" and not target.why:
            faults.add(f"{where}, `why`", "is missing.", "Say why it is not modelled.")
        for key in ("measure", *_TARGET_KEYS):
            if getattr(target, key):
                faults.add(f"{where}, `{key}`", f"a target marked `{target.mark}` has none.", 'Mark it "simulated".')
        return
    wanted = MEASURES.get(target.measure)
    if wanted is None:
        remedy = f'Write {", ".join(MEASURES)}, or mark it "not modelled".'
        faults.add(f"{where}, `measure`", "is missing.", remedy)
        return
    for key in wanted:
        if getattr(target, key) in ("", None):
            faults.add(f"{where}, `{key}`", "is missing.", f"A target of {target.measure} needs it.")
    for key in _TARGET_KEYS:
        if getattr(target, key) and key not in (*wanted, *(("scenarios",) if target.measure == "wait" else ())):
            faults.add(f"{where}, `{key}`", f"A target of {target.measure} does not use it.", "Leave it out.")
    if target.event and target.event not in EVENTS:
        remedy = did_you_mean(target.event, EVENTS) or f"Events: {', '.join(EVENTS)}."
        faults.add(f"{where}, `event`", f"there is no event `{target.event}`.", remedy)
    _check_services([target.service] if target.service else [], f"{where}, `service`", faults, book)
    _check_outcome(target.averted, where, faults)


def _check_outcome(name: str, where: str, faults: Faults) -> None:
    from demandsim.ledger.outcomes import OUTCOMES

    known = [outcome.name for outcome in OUTCOMES]
    if name and name not in known:
        remedy = did_you_mean(name, known) or "See docs/outcomes.md."
        faults.add(f"{where}, `averted`", f"there is no outcome `{name}`.", remedy)


def _check_services(names: Iterable[str], where: str, faults: Faults, book: Book | None) -> None:
    for name in names:
        if book is not None and name not in book.services:
            remedy = did_you_mean(name, book.services) or "See docs/services.md."
            faults.add(where, f"there is no service line `{name}`.", remedy)


def _check_files(account: Account, faults: Faults) -> None:
    """The place and the scenarios lie beside the account's own folder."""
    configs = Path(account.file).parent.parent
    simulation = account.simulation
    if simulation is None or not (configs / "scenarios").is_dir():
        return
    asked = [("places", simulation.place), *(("scenarios", name) for name in account.to_run)]
    for kind, name in asked:
        if not (configs / kind / f"{name}.toml").is_file():
            known = sorted(path.stem for path in (configs / kind).glob("*.toml"))
            what = f"there is no {kind.removesuffix('s')} `{name}`."
            faults.add(
                f"{account.file}, `{kind}`", what, did_you_mean(name, known) or f"There are: {', '.join(known)}."
            )


def _check_against_book(account: Account, faults: Faults, book: Book) -> None:
    for key in sorted(account.sources - {ASSUMED} - set(book.sources)):
        remedy = did_you_mean(key, book.sources) or "Add it there."
        faults.add(f"{account.file}, `source`", f"`{key}` is not in sources.toml.", remedy)
    deflators = find_deflators(book.beliefs)
    if account.simulation is not None and account.price_year not in deflators:
        what = f"there is no deflator for {account.price_year}."
        faults.add(f"{account.file}, `price_year`", what, "Add the year to appraisal.deflator, or mend it.")
