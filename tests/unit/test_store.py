"""Shards on disk: exact, whole or not at all, and never of another study."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from demandsim.errors import StoreError
from demandsim.ledger.store import Shard, Store, read_record, read_shard, write_shard, write_whole

STUDY = "ab" * 32


def make_shard(draw: int = 3, replicate: int = 1, reason: str = "") -> Shard:
    chance = np.random.default_rng(draw)
    arrays: dict[str, Any] = {
        "cost": chance.normal(size=(2, 2, 3, 4)),
        "activity": chance.integers(-(2**62), 2**62, (2, 5, 6)),
        "concentration": np.array([[np.nan, np.inf, -0.0], [1e-320, 1e308, -np.inf]]),
    }
    return Shard(STUDY, "", draw, replicate, ("as_now", "whole_system"), {} if reason else arrays, reason)


def test_a_shard_comes_back_bit_for_bit(tmp_path: Path) -> None:
    shard = make_shard()
    write_shard(tmp_path / "one.parquet", shard)
    found = read_shard(tmp_path / "one.parquet")
    assert (found.draw, found.replicate, found.scenarios, found.reason) == (3, 1, ("as_now", "whole_system"), "")
    assert found.arrays.keys() == shard.arrays.keys()
    for name, array in shard.arrays.items():
        assert found.arrays[name].dtype == array.dtype
        assert found.arrays[name].shape == array.shape
        assert found.arrays[name].tobytes() == array.tobytes()
    assert found.content == shard.content


def test_the_same_shard_is_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_shard(tmp_path / name, make_shard())
    one, other = ((tmp_path / name).read_bytes() for name in ("one", "other"))
    assert hashlib.sha256(one).digest() == hashlib.sha256(other).digest()


def test_content_tells_any_change() -> None:
    one, other = make_shard(), make_shard()
    other.arrays["activity"][0, 0, 0] += 1
    contents = {one.content, other.content, make_shard(4).content, make_shard(reason="killed").content}
    assert len(contents) == 4


def test_a_failed_luck_is_a_row_with_its_reason(tmp_path: Path) -> None:
    store = Store(tmp_path, STUDY)
    store.open({})
    store.write(make_shard(reason="a defect"))
    found = store.read("", 3, 1)
    assert found is not None
    assert found.reason == "a defect"
    assert not found.arrays


def test_shards_can_be_queried(tmp_path: Path) -> None:
    store = Store(tmp_path, STUDY)
    store.open({})
    for draw in range(3):
        store.write(make_shard(draw))
    query = f"select scenario, count(*), sum(len(cost)) from '{tmp_path}/lucks/*.parquet' group by scenario"
    assert sorted(duckdb.sql(query).fetchall()) == [("as_now", 3, 72), ("whole_system", 3, 72)]


@pytest.mark.parametrize("keep", [0, 10, 2000])
def test_a_truncated_shard_is_named_with_what_to_do(tmp_path: Path, keep: int) -> None:
    store = Store(tmp_path, STUDY)
    store.open({})
    path = store.write(make_shard())
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(StoreError, match=r"truncated or damaged\. Run the same command again") as error:
        store.read("", 3, 1)
    assert path.name in str(error.value)


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    store = Store(tmp_path, STUDY)
    store.open({})
    path = store.write(make_shard())
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(StoreError):
        store.read("", 3, 1)


def test_a_shard_under_another_name_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path, STUDY)
    store.open({})
    os.replace(store.write(make_shard(3)), store.path("", 4, 1))
    with pytest.raises(StoreError, match="holds another luck than its name says"):
        store.read("", 4, 1)


def test_a_folder_belongs_to_one_study(tmp_path: Path) -> None:
    Store(tmp_path, STUDY).open({"title": "One", "identity": {"seed": 1, "years": 10}})
    Store(tmp_path, STUDY).open({"title": "One", "identity": {"seed": 1, "years": 10}})
    with pytest.raises(StoreError, match=r"another study, `One`.*seed \(1 there, 2 here\)\. Choose another folder"):
        Store(tmp_path, "cd" * 32).open({"title": "Other", "identity": {"seed": 2, "years": 10}})
    assert read_record(tmp_path)["title"] == "One"


def test_a_full_disk_leaves_no_part_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path, STUDY)
    store.open({})
    kept = store.write(make_shard(1))

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match=r"No space left on device\. Make room on the disk\."):
        store.write(make_shard(2))
    assert [path.name for path in (tmp_path / "lucks").iterdir()] == [kept.name]
    assert store.read("", 1, 1) is not None


def test_leftovers_of_a_killed_writer_are_swept(tmp_path: Path) -> None:
    store = Store(tmp_path, STUDY)
    store.open({})
    leftover = tmp_path / "lucks" / ".x.parquet.123.partial"
    leftover.write_bytes(b"half")
    store.open({})
    assert not leftover.exists()


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreError, match="a file has that name"):
        Store(tmp_path / "taken", STUDY).open({})


def test_no_results_and_damaged_records_are_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"holds no results\. Run a study first"):
        read_record(tmp_path)
    (tmp_path / "study.json").write_text('{"study": ')
    with pytest.raises(StoreError, match="is damaged"):
        read_record(tmp_path)
    (tmp_path / "study.json").write_text('{"study": "ab", "format": 99}')
    with pytest.raises(StoreError, match="format 99"):
        read_record(tmp_path)


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"one")
    write_whole(path, b"other")
    assert path.read_bytes() == b"other"
    assert list(tmp_path.iterdir()) == [path]
