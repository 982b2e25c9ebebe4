"""Damage of any file is named, never served, and repaired by the next publication."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexes.errors import SnapshotCorrupt
from indexes.store import Store
from tests.contents import flip, litter, publish, publish_live

FILES = [
    "manifest.json",
    "entries.jsonl",
    "entries.jsonl.offsets.npy",
    "entry_ids.npy",
    "passages.jsonl",
    "passages.jsonl.offsets.npy",
    "first_passages.npy",
    "first_units.npy",
    "passage_vectors.npy",
    "unit_vectors.npy",
    "passage_keys.npy",
    "unit_keys.npy",
    "names.jsonl",
    "names.jsonl.offsets.npy",
    "families.json",
    "vocabulary.json",
    "dense.faiss",
    *(
        f"lexical/{grain}/{name}"
        for grain in ("entries", "passages")
        for name in (
            *("ids.npy", "meta.json", ".managed.json", "*.term", "*.idx", "*.pos"),
            *("*.fast", "*.fieldnorm", "*.store"),
        )
    ),
]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two snapshots, the second one live."""
    store = Store(tmp_path_factory.mktemp("published") / "home")
    publish_live(store, "a")
    publish_live(store, "b")
    return store.home


@pytest.fixture
def store(published: Path, tmp_path: Path) -> Store:
    shutil.copytree(published, tmp_path / "home")
    return Store(tmp_path / "home")


def find(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def test_the_damaged_files_below_are_all_there_are(store: Store) -> None:
    folder = store.home / publish(store, "a")
    found = {path for path in folder.rglob("*") if path.is_file()}
    assert {find(folder, pattern) for pattern in FILES} == found


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("pattern", FILES)
def test_damage_is_named_and_other_snapshots_stay_usable(store: Store, pattern: str) -> None:
    sound, damaged = publish_live(store, "a"), publish_live(store, "b")
    path = find(store.home / damaged, pattern)
    relative = str(path.relative_to(store.home / damaged))
    original = path.read_bytes()
    for damage in (flip, truncate, Path.unlink):
        damage(path)
        with pytest.raises(SnapshotCorrupt) as error:
            store.open()
        message = str(error.value)
        assert f"snapshot {damaged}: {relative} " in message
        assert "rollback" in message
        assert "\n" not in message
        path.write_bytes(original)
    path.unlink()
    store.open(sound).close()
    assert store.rollback() == sound


def test_damage_names_expected_and_found(store: Store) -> None:
    folder = store.home / publish(store, "a")
    size = (folder / "names.jsonl").stat().st_size
    truncate(folder / "names.jsonl")
    with pytest.raises(SnapshotCorrupt, match=f"has {size - 1} bytes, expected {size}"):
        store.verify(folder.name)
    (folder / "names.jsonl").unlink()
    with pytest.raises(SnapshotCorrupt, match=f"is missing, expected {size} bytes"):
        store.verify(folder.name)


@pytest.mark.parametrize("content", [b"", b"[]", b"7", b"{}", b"\xff\xfe", b'{"a": 1'])
def test_a_manifest_that_is_none_is_corrupt(store: Store, content: bytes) -> None:
    folder = store.home / publish(store, "a")
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(SnapshotCorrupt, match=r"manifest\.json"):
        store.verify(folder.name)


def test_a_renamed_snapshot_is_corrupt(store: Store) -> None:
    snapshot_id = publish(store, "a")
    (store.home / snapshot_id).rename(store.home / ("0" * 16))
    with pytest.raises(SnapshotCorrupt, match=f"expected {'0' * 16}, found {snapshot_id}"):
        store.verify("0" * 16)


def test_publishing_replaces_a_corrupt_snapshot(store: Store) -> None:
    snapshot_id = publish_live(store, "a")
    flip(store.home / snapshot_id / "dense.faiss")
    assert publish(store, "a") == snapshot_id
    store.verify(snapshot_id)
    assert litter(store.home) == []


def test_a_corrupt_snapshot_is_never_activated(store: Store) -> None:
    sound, damaged = publish_live(store, "a"), publish(store, "b")
    flip(store.home / damaged / "entries.jsonl")
    with pytest.raises(SnapshotCorrupt):
        store.activate(damaged)
    assert store.current() == sound
