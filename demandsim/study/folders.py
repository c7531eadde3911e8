"""Where config files are: in the folder one works in, beside the source, or inside the installed package.

Takes an id or a path; gives a path. Never opens a file.
"""

from __future__ import annotations

from pathlib import Path

from demandsim.errors import RequestError

_PACKAGE = Path(__file__).resolve().parents[1]


def find_configs(first: Path | None = None) -> Path:
    """The folder that holds ``parameters``, ``places``, ``scenarios`` and ``studies``.

    Parameters
    ----------
    first : Path, optional
        A folder to prefer, such as the one that a study's own file lies in.

    Raises
    ------
    RequestError
        If there is none.
    """
    tried = [Path("configs"), _PACKAGE.parent / "configs", _PACKAGE / "configs"]
    for folder in [first, *tried] if first else tried:
        if (folder / "parameters").is_dir():
            return folder
    raise RequestError("There is no folder `configs` with `parameters` in it here. Run this where your configs are.")


def find_named(configs: Path, kind: str, name: str) -> Path:
    """The file of an id among the configs, or the path itself; it may not be there."""
    return Path(name) if name.endswith(".toml") else configs / kind / f"{name}.toml"


def list_ids(configs: Path, kind: str) -> list[str]:
    """Ids of the files of one kind."""
    return sorted(path.stem for path in (configs / kind).glob("*.toml"))
