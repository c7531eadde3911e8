"""Write the pages of ``docs`` that are made from configs and code, and fill the marked parts of those made by hand.

Takes the configs and the folder of documents; gives text or files. The same configs always give the same text, so a
committed page can be compared with a fresh one.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from demandsim.errors import Fault, RequestError
from demandsim.parameters.book import Book
from demandsim.place import Place, load_place
from demandsim.policy import Scenario, load_scenario
from demandsim.policy.account import load_account
from demandsim.report.documents.beliefs import belief_counts, levers_page, parameters_page, sources_page
from demandsim.report.documents.calibration import calibration_page, read_calibrations
from demandsim.report.documents.fit import fit_page, read_fits
from demandsim.report.documents.glossary import decisions_block, glossary_page, ladder_block
from demandsim.report.documents.replays import replays_page
from demandsim.report.documents.services import services_page
from demandsim.report.documents.world import calendar_block, calendar_page, outcomes_page
from demandsim.study.books import ENGLAND, load_book

#: What a reader of a failing check is told to run.
COMMAND: Final = "demandsim docs -o docs"
_MARKED: Final = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end of generated -->)", re.DOTALL)


def render_documents(configs: Path) -> dict[str, str]:
    """Every generated page by its file name.

    Parameters
    ----------
    configs : Path
        The folder of config files.

    Raises
    ------
    ConfigError
        With every fault of the configs.
    """
    book = load_book(configs, ENGLAND)
    places = _places(configs)
    fits = read_fits(configs)
    cited = {fit.place: fit.sources for fit in fits}
    accounts = [load_account(path, book) for path in sorted((configs / "accounts").glob("*.toml"))]
    cited |= {f"accounts/{account.id}": list(account.citations) for account in accounts}
    return {
        "calendar.md": calendar_page(),
        "calibration.md": calibration_page(read_calibrations(configs), {place.id: place.title for place in places}),
        "fit.md": fit_page(fits, {place.id: place.title for place in places}),
        "glossary.md": glossary_page(),
        "levers.md": levers_page(book, _scenarios(configs, book)),
        "outcomes.md": outcomes_page(book),
        "parameters.md": parameters_page(book, places),
        "replays.md": replays_page(book),
        "services.md": services_page(book),
        "sources.md": sources_page(book, places, cited),
    }


def fill_marked(text: str, configs: Path) -> str:
    """A page made by hand, its parts from ``<!-- generated: NAME -->`` to ``<!-- end of generated -->`` filled."""
    if not _MARKED.search(text):
        return text
    blocks = {
        "belief_counts": belief_counts(load_book(configs, ENGLAND)),
        "calendar": calendar_block(),
        "decisions": decisions_block(),
        "ladders": ladder_block(),
    }

    def filled(found: re.Match[str]) -> str:
        if found[2] not in blocks:
            known = ", ".join(sorted(blocks))
            raise RequestError(Fault("documents", f"there is no part `{found[2]}` to fill in.", f"There are: {known}."))
        return f"{found[1]}\n{blocks[found[2]]}\n\n{found[3]}"

    return _MARKED.sub(filled, text)


def write_documents(configs: Path, folder: Path) -> list[Path]:
    """Write the generated pages, and fill the marked parts of the pages beside them.

    Parameters
    ----------
    configs : Path
        The folder of config files.
    folder : Path
        The folder of documents; made where it is missing.

    Returns
    -------
    list of Path
        Pages written; a page that already says the same is not among them.

    Raises
    ------
    RequestError
        If the folder cannot be written to, or a marked part has an unknown name.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in fresh_documents(configs, folder).items():
            path = folder / name
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
                written.append(path)
    except OSError as error:
        raise RequestError(
            f"{folder}: the pages cannot be written ({error.strerror}). Choose another folder."
        ) from error
    return written


def fresh_documents(configs: Path, folder: Path) -> dict[str, str]:
    """What every page of a folder should say: generated ones, and those by hand that have marked parts."""
    pages = render_documents(configs)
    for path in sorted(folder.glob("*.md")):
        if path.name not in pages:
            text = path.read_text(encoding="utf-8")
            if _MARKED.search(text):
                pages[path.name] = fill_marked(text, configs)
    return pages


def _places(configs: Path) -> list[Place]:
    """Every place of the configs, England first."""
    paths = sorted((configs / "places").glob("*.toml"), key=lambda path: (path.stem != ENGLAND, path.stem))
    return [load_place(path) for path in paths]


def _scenarios(configs: Path, book: Book) -> list[Scenario]:
    return [load_scenario(path, book) for path in sorted((configs / "scenarios").glob("*.toml"))]
