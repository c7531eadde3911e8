"""Check that every calibrated file goes with the beliefs as they are.

Takes the configs folder; gives a section for `demandsim check`. Never runs a month.
"""

from __future__ import annotations

from pathlib import Path

from demandsim.errors import ConfigError
from demandsim.parameters.book import Book
from demandsim.parameters.calibrated import REMEDY, CalibratedDraws, is_current, read_calibrated
from demandsim.parameters.checking import Section
from demandsim.parameters.reading import Faults
from demandsim.study.books import ENGLAND, calibrated_path, load_book


def check_calibrated(configs: Path, book: Book) -> Section:
    """Check every file in ``calibrated/``: that it can be read, and was made against the beliefs as they are."""
    faults = Faults()
    paths = sorted((configs / "calibrated").glob("*.toml"))
    for path in paths:
        place = path.stem.partition("_until_")[0]
        try:
            own = load_book(configs, place, calibrated=False)
            draws = read_calibrated(path, own)
        except ConfigError as error:
            faults.extend(fault for fault in error.faults if fault not in faults)
            continue
        again = f"{place} --until {draws.until}" if draws.until else place
        if not is_current(draws, own):
            faults.add(path.as_posix(), "was made against other beliefs than these.", REMEDY.format(place=again))
        elif not _rests_on_england(configs, draws):
            faults.add(
                path.as_posix(), "rests on draws of England that are no longer there.", REMEDY.format(place=again)
            )
    return Section(tuple(faults), frozenset(), n_files=len(paths))


def _rests_on_england(configs: Path, draws: CalibratedDraws) -> bool:
    """Whether a borough's draws were made from England's as they are now; England's own rest on none."""
    content = draws.tables["calibration"].get("england", "")
    if not content:
        return True
    path = calibrated_path(configs, ENGLAND, draws.until)
    england = load_book(configs, ENGLAND, draws.until).calibrated if path.is_file() else None
    return england is not None and england.content == content
