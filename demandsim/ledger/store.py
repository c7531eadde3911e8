"""Results on disk: one Parquet shard for each luck, written whole or not at all, and one ``study.json``.

Takes arrays by variable; gives them back bit for bit, or says which file is unsound and what to do. Never leaves a
half-written file under a name that anybody reads, and never mixes two studies in one folder.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import Fault, StoreError

Arrays = Mapping[str, NDArray[Any]]

FORMAT: Final = 1
STUDY_FILE: Final = "study.json"
SHARDS: Final = "lucks"
CASE_SHARDS: Final = "cases"
_KEY: Final = b"demandsim"
_PARTIAL: Final = ".partial"
RUN_AGAIN: Final = "Run the same command again: it runs what is missing or unsound, and nothing else."
_REMEDIES: Final = {
    errno.ENOSPC: "Make room on the disk. " + RUN_AGAIN,
    errno.EDQUOT: "Make room within your quota. " + RUN_AGAIN,
    errno.EACCES: "Choose a folder you may write to with --out, or mend its permissions.",
    errno.EPERM: "Choose a folder you may write to with --out, or mend its permissions.",
    errno.EROFS: "Choose a folder on a disk that can be written to with --out.",
    errno.ENOTDIR: "Choose a folder with --out; a file has that name.",
    errno.EEXIST: "Choose a folder with --out; a file has that name.",
}


@dataclass(frozen=True, eq=False)
class Shard:
    """What one luck yielded, for every scenario of its study.

    Parameters
    ----------
    study : str
        Digest of the study.
    case : str
        Belief case; empty for the study's own draws.
    draw, replicate : int
    scenarios : tuple of str
    arrays : mapping of variable to array
        First axis is the scenario. Empty where the luck failed.
    reason : str
        Why it failed; empty where it did not.
    """

    study: str
    case: str
    draw: int
    replicate: int
    scenarios: tuple[str, ...]
    arrays: Arrays = field(default_factory=dict)
    reason: str = ""

    @property
    def content(self) -> str:
        """SHA-256 of everything in it."""
        digest = hashlib.sha256(json.dumps([self.study, self.case, self.draw, self.replicate, self.reason]).encode())
        digest.update("\n".join(self.scenarios).encode())
        for name in sorted(self.arrays):
            array = np.ascontiguousarray(self.arrays[name])
            digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
            digest.update(array.data)
        return digest.hexdigest()


@contextmanager
def told_as_store_error(where: Path) -> Iterator[None]:
    """Turn a full disk or a missing permission into an error with a remedy."""
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, "Check the folder and the disk. " + RUN_AGAIN)
        what = f"cannot be read or written: {error.strerror or error}."
        raise StoreError(Fault(where.as_posix(), what, remedy)) from error


class Store:
    """The folder of one study.

    Parameters
    ----------
    folder : path
    study : str
        Digest of the study; part of every shard's name.
    """

    def __init__(self, folder: str | Path, study: str) -> None:
        self.folder = Path(folder)
        self.study = study

    def path(self, case: str, draw: int, replicate: int) -> Path:
        """Where the shard of a luck is, or would be."""
        name = f"{self.study[:8]}-draw{draw:05d}-replicate{replicate:03d}.parquet"
        return self.folder / (f"{CASE_SHARDS}/{case}-{name}" if case else f"{SHARDS}/{name}")

    def write(self, shard: Shard) -> Path:
        """Write a shard, whole or not at all."""
        path = self.path(shard.case, shard.draw, shard.replicate)
        write_shard(path, shard)
        return path

    def read(self, case: str, draw: int, replicate: int) -> Shard | None:
        """The shard of a luck; none where it was not run.

        Raises
        ------
        StoreError
            If its file is truncated, damaged or of another study.
        """
        path = self.path(case, draw, replicate)
        if not path.exists():
            return None
        shard = read_shard(path)
        if (shard.study, shard.case, shard.draw, shard.replicate) != (self.study, case, draw, replicate):
            raise StoreError(Fault(path.as_posix(), "holds another luck than its name says.", RUN_AGAIN))
        return shard

    def open(self, record: Mapping[str, Any]) -> None:
        """Make the folder this study's own and write its record.

        Raises
        ------
        StoreError
            If the folder cannot be written to, or belongs to another study.
        """
        with told_as_store_error(self.folder):
            for folder in (self.folder, self.folder / SHARDS, self.folder / CASE_SHARDS):
                folder.mkdir(parents=True, exist_ok=True)
            self._refuse_another(record)
            for leftover in self.folder.glob(f"*/.*{_PARTIAL}"):
                leftover.unlink(missing_ok=True)
        self.write_record(record)

    def write_record(self, record: Mapping[str, Any]) -> None:
        """Write ``study.json``."""
        text = json.dumps({"format": FORMAT, "study": self.study, **record}, indent=1, ensure_ascii=False) + "\n"
        write_whole(self.folder / STUDY_FILE, text.encode())

    def _refuse_another(self, record: Mapping[str, Any]) -> None:
        if not (self.folder / STUDY_FILE).exists():
            return
        found = read_record(self.folder)
        if found["study"] != self.study:
            then, now = found.get("identity", {}), record.get("identity", {})
            differs = [
                f"{key} ({_brief(then.get(key))} there, {_brief(now[key])} here)"
                for key in now
                if then.get(key) != now[key]
            ]
            what = f"holds results of another study, `{found.get('title', '')}`. What differs: {', '.join(differs)}."
            raise StoreError(Fault(self.folder.as_posix(), what, "Choose another folder with --out."))


def _brief(value: Any) -> str:
    text = json.dumps(value) if isinstance(value, dict | list) else str(value)
    return text if len(text) <= 24 else hashlib.sha256(text.encode()).hexdigest()[:8]


def read_record(folder: str | Path) -> dict[str, Any]:
    """What ``study.json`` of a results folder says.

    Raises
    ------
    StoreError
        If there is none, or it cannot be read.
    """
    path = Path(folder) / STUDY_FILE
    if not path.is_file():
        raise StoreError(Fault(Path(folder).as_posix(), "holds no results.", "Run a study first: demandsim run."))
    with told_as_store_error(path):
        text = path.read_bytes()
    try:
        record = json.loads(text)
        sound = isinstance(record, dict) and isinstance(record["study"], str)
    except (ValueError, KeyError):
        sound = False
    if not sound:
        raise StoreError(Fault(path.as_posix(), "is damaged.", f"Remove this file. {RUN_AGAIN}"))
    if record.get("format") != FORMAT:
        what = f"is in format {record.get('format')}; this version reads format {FORMAT}."
        raise StoreError(Fault(path.as_posix(), what, "Run the study again in another folder."))
    return dict(record)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: temporary name, to the disk, then renamed."""
    partial = path.with_name(f".{path.name}.{os.getpid()}{_PARTIAL}")
    with told_as_store_error(path):
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def write_text(path: Path, text: str) -> Path:
    """Write a text whole or not at all; its folder is made.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    with told_as_store_error(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
    return path


def _sync_folder(folder: Path) -> None:
    """A rename is on the disk only once its folder is."""
    if not hasattr(os, "O_DIRECTORY"):  # no such thing on Windows
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_shard(path: Path, shard: Shard) -> None:
    """Write one luck: a row a scenario, a list column a variable, shapes and a checksum in the file's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    n = len(shard.scenarios)
    arrays = {name: _plain(array) for name, array in shard.arrays.items()}
    shard = Shard(shard.study, shard.case, shard.draw, shard.replicate, shard.scenarios, arrays, shard.reason)
    columns: dict[str, Any] = {
        "scenario": pa.array(shard.scenarios, pa.string()),
        "draw": pa.array([shard.draw] * n, pa.int32()),
        "replicate": pa.array([shard.replicate] * n, pa.int32()),
        "status": pa.array([int(bool(shard.reason))] * n, pa.int8()),
        "reason": pa.array([shard.reason] * n, pa.string()),
    }
    for name, array in arrays.items():
        width = array[0].size
        offsets = pa.array(np.arange(n + 1, dtype=np.int64) * width)
        columns[name] = pa.LargeListArray.from_arrays(offsets, pa.array(array.ravel()))
    heading = {
        "format": FORMAT,
        "study": shard.study,
        "case": shard.case,
        "shapes": {name: list(array.shape[1:]) for name, array in arrays.items()},
        "content": shard.content,
    }
    table = pa.table(columns).replace_schema_metadata({_KEY: json.dumps(heading).encode()})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    write_whole(path, sink.getvalue().to_pybytes())


def read_shard(path: Path) -> Shard:
    """Read one luck and check it against its checksum.

    Raises
    ------
    StoreError
        If the file is truncated or damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        heading = json.loads(table.schema.metadata[_KEY])
        arrays = {name: _array(table.column(name), shape) for name, shape in heading["shapes"].items()}
        first = {name: table.column(name)[0].as_py() for name in ("draw", "replicate", "reason")}
        scenarios = tuple(table.column("scenario").to_pylist())
        shard = Shard(
            heading["study"], heading["case"], first["draw"], first["replicate"], scenarios, arrays, first["reason"]
        )
        sound = shard.content == heading["content"]
    except (pa.ArrowException, KeyError, ValueError, TypeError, IndexError, OSError) as error:
        raise StoreError(Fault(path.as_posix(), "is truncated or damaged.", RUN_AGAIN)) from error
    if not sound:
        raise StoreError(Fault(path.as_posix(), "differs from its checksum.", RUN_AGAIN))
    return shard


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    """As whole numbers or floats of 64 bits."""
    kind = np.float64 if np.issubdtype(array.dtype, np.floating) else np.int64
    return np.ascontiguousarray(array, kind)


def _array(column: Any, shape: list[int]) -> NDArray[Any]:
    flat = column.combine_chunks().flatten().to_numpy()
    return np.asarray(flat).reshape(-1, *shape)
