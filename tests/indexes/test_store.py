"""Publishing, activating, rolling back and pruning the snapshots of a home."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from indexes.errors import EmbedderMismatch, IngestionRunning, SnapshotMissing
from indexes.snapshot import text_keys
from indexes.store import Store
from tests.contents import flip, litter, make_contents, publish, publish_live


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


def test_publishing_does_not_activate(store: Store) -> None:
    snapshot_id = publish(store, "a")
    assert (store.home / snapshot_id).is_dir()
    assert store.current() is None
    store.activate(snapshot_id)
    assert store.current() == snapshot_id
    assert (store.home / "CURRENT").read_text() == f"{snapshot_id}\n"
    assert litter(store.home) == []


def test_publishing_again_gives_the_same_id_and_writes_nothing(store: Store) -> None:
    snapshot_id = publish(store, "a", "b")
    before = {path: path.stat().st_mtime_ns for path in store.home.rglob("*")}
    assert publish(store, "b", "a") == snapshot_id
    assert {path: path.stat().st_mtime_ns for path in store.home.rglob("*")} == before


def test_activating_again_changes_nothing(store: Store) -> None:
    snapshot_id = publish_live(store, "a")
    store.activate(snapshot_id)
    assert (store.home / "HISTORY").read_text() == f"{snapshot_id}\n"


def test_nothing_ingested_names_the_way_out(store: Store) -> None:
    with pytest.raises(SnapshotMissing, match="aifactory ingest"):
        store.open()
    assert (store.current(), store.list()) == (None, [])
    with pytest.raises(SnapshotMissing, match="aifactory ingest"):
        store.rollback()


@pytest.mark.parametrize("stranger", ["0" * 16, "", "models", "../home", "/etc", ".."])
def test_an_unknown_id_is_missing(store: Store, stranger: str) -> None:
    publish_live(store, "a")
    (store.home / "models").mkdir()
    for ask in (store.verify, store.activate):
        with pytest.raises(SnapshotMissing):
            ask(stranger)


def test_another_model_is_refused_by_name(store: Store) -> None:
    publish_live(store, "a")
    other = make_contents(model="other words").fingerprint
    with pytest.raises(EmbedderMismatch, match=r"'words'.*'other words'.*aifactory ingest"):
        store.open(embedder_fingerprint=other)


def test_another_runtime_of_the_model_is_served(store: Store) -> None:
    publish_live(store, "a")
    mine = replace(make_contents().fingerprint, runtime="elsewhere")
    store.open(embedder_fingerprint=mine).close()


def test_vectors_are_known_to_the_same_model_and_runtime_only(store: Store) -> None:
    contents = make_contents()
    assert len(store.known_vectors(contents.fingerprint)) == 0
    store.activate(store.publish(contents))
    known, vectors = store.known_vectors(contents.fingerprint).find(
        text_keys(["the forest wins", "never seen", "a tree splits data"])
    )
    assert known.tolist() == [True, False, True]
    assert vectors.tolist() == [[0, 1, 0, 0], contents.passage_vectors[2].tolist()]
    elsewhere = replace(contents.fingerprint, runtime="elsewhere")
    assert len(store.known_vectors(elsewhere)) == 0


def test_rollback_walks_back_through_the_activations(store: Store) -> None:
    a, b, c = (publish_live(store, term) for term in "abc")
    assert [store.rollback(), store.current()] == [b, b]
    assert [store.rollback(), store.current()] == [a, a]
    with pytest.raises(SnapshotMissing, match=f"before {a}"):
        store.rollback()
    store.activate(c)
    assert store.rollback() == a


def test_rollback_skips_corrupt_and_removed_snapshots(store: Store) -> None:
    a, b, c, _ = (publish_live(store, term) for term in "abcd")
    flip(store.home / c / "passages.jsonl")
    shutil.rmtree(store.home / b)
    assert store.rollback() == a


def test_rollback_ignores_an_activation_that_a_crash_cut_short(store: Store) -> None:
    a, b = publish_live(store, "a"), publish_live(store, "b")
    with (store.home / "HISTORY").open("a") as history:
        history.write(f"{publish(store, 'c')}\n")
    assert (store.current(), store.rollback()) == (b, a)


def test_prune_keeps_the_live_one_and_those_before_it(store: Store) -> None:
    a, b, c, d = (publish_live(store, term) for term in "abcd")
    store.rollback()
    (store.home / "models").mkdir()
    assert sorted(store.prune(keep=2)) == sorted([a, d])
    assert sorted(info.snapshot_id for info in store.list()) == sorted([b, c])
    assert (store.home / "models").is_dir()
    assert store.rollback() == b
    assert store.prune(keep=1) == [c]
    assert store.current() == b
    assert store.prune(keep=1) == []


def test_prune_refuses_to_keep_nothing(store: Store) -> None:
    with pytest.raises(ValueError, match="0"):
        store.prune(keep=0)


def test_prune_waits_for_nobody(store: Store) -> None:
    publish_live(store, "a")
    with Store(store.home).lock(), pytest.raises(IngestionRunning):
        store.prune(keep=1)
    with store.lock():
        assert store.prune(keep=1) == []


def test_list_flags_what_is_corrupt(store: Store) -> None:
    a, b = publish_live(store, "a"), publish_live(store, "b", "c")
    flip(store.home / a / "dense.faiss")
    (store.home / "0123456789abcdef").mkdir()
    infos = {info.snapshot_id: info for info in store.list()}
    assert "dense.faiss" in (infos[a].problem or "")
    assert (infos[b].problem, infos[b].is_live, infos[b].model) == (None, True, "words")
    counts = infos[b].counts
    assert counts is not None
    assert (counts.entries, counts.passages, counts.units, counts.families) == (2, 2, 2, 0)
    assert "manifest.json" in (infos["0123456789abcdef"].problem or "")
    assert infos["0123456789abcdef"].counts is None
