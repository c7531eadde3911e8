"""Read TOML files and say everything that is wrong with them, at once.

Takes files and pydantic models; gives tables, models and faults (file, place, what, remedy).
Never stops at the first fault, and never lets a library's own message through.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from demandsim.errors import ConfigError, Fault, RequestError

Model = TypeVar("Model", bound=BaseModel)

_LINE: Final = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")

_WANTED: Final[Mapping[str, str]] = {
    "float": "a number",
    "int": "a whole number",
    "string": "a text in quotation marks",
    "bool": "true or false",
    "date": "a date such as 2016-04-01",
    "tuple": "a list in square brackets",
    "dict": "a table",
    "model": "a table",
    "finite": "a finite number",
}


class Faults(list[Fault]):
    """Faults gathered while reading; `stop` raises them all."""

    def add(self, where: str, what: str, remedy: str = "") -> None:
        """Gather one."""
        self.append(Fault(where, what, remedy))

    def stop(self) -> None:
        """Raise `ConfigError` with every fault, if there is any."""
        if self:
            raise ConfigError(self)


def read_toml(path: Path, faults: Faults) -> dict[str, Any]:
    """The tables of one file; empty, with a fault, where it cannot be read."""
    where = path.as_posix()
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        faults.add(where, "there is no such file.", _neighbours(path))
    except OSError as error:
        faults.add(where, f"cannot be read: {error.strerror}.", "Check that it is a file you may open.")
    except UnicodeDecodeError as error:
        faults.add(where, f"is not UTF-8 text (byte {error.start}).", "Save the file as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        text = str(error)
        found = _LINE.search(text)
        line = f", line {found[1]}" if found and found[1] else ", last line" if found else ""
        faults.add(
            where + line, f"is not valid TOML: {_LINE.sub('', text)}.", "Mend this line; see toml.io for the format."
        )
    return {}


def list_toml(folder: Path, faults: Faults) -> list[Path]:
    """Every TOML file in and under a folder, in a fixed order."""
    if not folder.is_dir():
        faults.add(folder.as_posix(), "there is no such folder.", _neighbours(folder))
        return []
    paths = sorted(folder.rglob("*.toml"), key=lambda path: path.as_posix())
    if not paths:
        faults.add(folder.as_posix(), "holds no .toml file.", "Point to the folder of parameter files.")
    return paths


def read_named(
    model: type[Model], path: Path, faults: Faults, reserved: Sequence[str] = (), remedy: str = ""
) -> Model | None:
    """A model from a file that is named after its ``id``; none where the file cannot be read or built.

    Parameters
    ----------
    model : type
        With fields ``id`` and ``file``.
    reserved : sequence of str
        Names of fields that a file may not state as they are; ``remedy`` says how instead.
    """
    where = path.as_posix()
    before = len(faults)
    table = read_toml(path, faults)
    if len(faults) > before:
        return None
    for key in reserved:
        if key in table:
            faults.add(f"{where}, `{key}`", "is not a key here.", remedy)
            return None
    found = build(model, {**table, "file": where}, where, faults)
    name = getattr(found, "id", path.stem)
    if name != path.stem:
        faults.add(f"{where}, `id`", f"is `{name}`, but the file is {path.name}.", f"Name the file {name}.toml.")
    return found


def build(model: type[Model], table: Mapping[str, Any], where: str, faults: Faults) -> Model | None:
    """A model from a table, or its faults in plain words.

    Parameters
    ----------
    where : str
        File and place, for instance ``configs/parameters/needs.toml, needs.work.up``.
    """
    try:
        return model.model_validate(table)
    except ValidationError as error:
        told = set()
        for detail in error.errors():
            fault = _reworded(model, detail, where)
            if fault.where not in told:  # a union tells one mistake once per member
                told.add(fault.where)
                faults.append(fault)
    return None


def _reworded(model: type[BaseModel], detail: ErrorDetails, where: str) -> Fault:
    kind = detail["type"]
    path = [part for part in detail["loc"] if not _is_union_member(part)]
    key = ".".join(str(part) for part in path)
    given = detail["input"]
    place = f"{where}, `{key}`" if key else where
    if kind == "extra_forbidden":
        known = _keys(_model_at(model, path[:-1]))
        return Fault(place, "is not a key here.", did_you_mean(str(path[-1]), known) or f"Keys: {', '.join(known)}.")
    if kind == "missing":
        return Fault(place, "is missing.", f"Add `{path[-1]}`.")
    if kind == "literal_error":
        return Fault(place, f"is {given!r}; it may be {detail['ctx']['expected']}.", "Choose one of these.")
    if kind == "string_too_short" or kind == "too_short":
        return Fault(place, "is empty.", "Fill it in.")
    if kind == "string_pattern_mismatch":
        return Fault(place, f"is {given!r}, which is not a fiscal year.", 'Write it as "2015/16".')
    if kind in ("greater_than_equal", "greater_than", "less_than_equal", "less_than"):
        return Fault(
            place, f"is {given!r}; {detail['msg'].lower()}.".replace("input should be", "it must be"), "Mend it."
        )
    if kind == "value_error":
        return Fault(place, detail["msg"].removeprefix("Value error, "))
    wanted = next((text for start, text in _WANTED.items() if kind.startswith(start)), "something else")
    return Fault(place, f"is {_shown(given)}; it must be {wanted}.", "Mend it.")


def _is_union_member(part: int | str) -> bool:
    return isinstance(part, str) and (
        part in ("float", "str", "int", "bool", "date") or part.startswith(("dict[", "tuple["))
    )


def _shown(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= 60 else text[:57] + "…"


def _model_at(model: type[BaseModel], path: Iterable[int | str]) -> type[BaseModel]:
    """The model that holds a nested key."""
    for part in path:
        if isinstance(part, int):
            continue
        for name, field in model.model_fields.items():
            if part in (name, field.alias):
                inner = next((kind for kind in _inside(field.annotation) if issubclass(kind, BaseModel)), None)
                model = inner or model
    return model


def _inside(annotation: Any) -> list[type]:
    """The classes an annotation names, at any depth."""
    members = getattr(annotation, "__args__", ())
    if not members:
        return [annotation] if isinstance(annotation, type) else []
    return [kind for member in members for kind in _inside(member)]


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items() if name != "name"]


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like a given one; empty if there is none at all.

    Shared words of a dotted name count before shared letters, so ``effect.family_support`` is nearer to
    ``services.family_support.staff`` than to ``effects.debt_advice.published``; and letters shared with one word of a
    name count as if it stood alone, so ``family_suport`` is nearer to ``services.family_support`` than to
    ``more_family_support``.
    """
    words = set(name.split("."))

    def likeness(other: str) -> float:
        parts = other.split(".")
        letters = max(difflib.SequenceMatcher(None, name, part).ratio() for part in {other, *parts})
        return len(words & set(parts)) + letters

    return max(sorted(known), key=lambda other: (likeness(other), -len(other)), default="")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``Did you mean `x`?`` where a known name is near; empty where none is."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Did you mean `{close[0]}`?" if close else ""


def unknown_name(name: str, known: Iterable[str], what: str = "belief") -> RequestError:
    """The error for a name nobody knows, with the nearest that somebody does."""
    close = nearest(name, known)
    return RequestError(f"There is no {what} `{name}`." + (f" Nearest: `{close}`." if close else ""))


def _neighbours(path: Path) -> str:
    """What to do about a missing path: name its nearest neighbour."""
    if path.parent.is_dir():
        close = did_you_mean(path.name, [other.name for other in path.parent.iterdir()])
        return close or "Check the path."
    return "Check the path; its folder is missing too."


def read_csv_lines(path: Path, faults: Faults) -> list[tuple[int, list[str]]]:
    """Number and cells of every CSV line that is not blank; none, with a fault, where the file is unreadable."""
    where = path.as_posix()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        faults.add(where, "there is no such file.", "Check the path.")
        return []
    except OSError as error:
        faults.add(where, f"cannot be read: {error.strerror}.", "Check that it is a file you may open.")
        return []
    except UnicodeDecodeError as error:
        faults.add(where, f"is not UTF-8 text (byte {error.start}).", "Save the sheet as CSV UTF-8.")
        return []
    reader = csv.reader(io.StringIO(text))
    return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
