"""An opened snapshot gives back what was published, and ranks it by hand-computable scores."""

from __future__ import annotations

import math
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexes.index import Grain, Index, Name, Scored
from indexes.local import LocalIndex
from indexes.snapshot import write_snapshot
from indexes.store import Store
from tests.contents import VOCABULARY, make_contents, without_vocabulary
from tests.fakes import WordEmbedder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "home")
    store.activate(store.publish(make_contents()))
    return store


@pytest.fixture
def index(store: Store) -> Iterator[LocalIndex]:
    with store.open() as opened:
        yield opened


def test_it_is_an_index(index: LocalIndex, store: Store) -> None:
    protocol: Index = index
    assert protocol.snapshot_id == store.current()
    assert protocol.fingerprint == make_contents().fingerprint
    assert protocol.passage_count == 4


def test_entries_come_back_equal(index: LocalIndex) -> None:
    contents = make_contents()
    assert list(index.entry_ids()) == ["forest", "kernel", "tree"]
    assert [index.entry(entry_id) for entry_id in index.entry_ids()] == list(contents.entries)


def test_passages_come_back_equal_in_reading_order(index: LocalIndex) -> None:
    contents = make_contents()
    found = [p for entry_id in index.entry_ids() for p in index.passages(entry_id)]
    assert found == list(contents.passages)
    assert [p.text for p in index.passages("tree")] == ["a tree splits data", "a tree is a kernel"]


def test_vectors_come_back_by_entry_and_passage(index: LocalIndex) -> None:
    half = math.sqrt(0.5)
    tree_data, tree_kernel = [half, 0, 0, half], [half, 0, half, 0]
    assert index.passage_vectors("tree") == pytest.approx(np.array([tree_data, tree_kernel]))
    assert index.unit_vectors("tree#1") == pytest.approx(np.array([tree_kernel]))
    assert index.unit_vectors("forest#0").tolist() == [[0, 0, 0, 0], [0, 1, 0, 0]]
    assert index.unit_vectors("forest#0").dtype == np.float32


def test_dense_ranks_passages_by_cosine_then_position(index: LocalIndex) -> None:
    vector = WordEmbedder(*VOCABULARY).embed_query("tree")
    found = index.dense(vector, 10)
    assert [s.id for s in found] == ["tree#0", "tree#1", "forest#0", "kernel#0"]
    half = math.sqrt(0.5)
    assert [s.score for s in found] == pytest.approx([half, half, 0, 0])
    assert index.dense(vector, 1) == found[:1]


def test_lexical_ranks_entries_or_passages(index: LocalIndex) -> None:
    def found(query: str, grain: Grain) -> list[str]:
        return [scored.id for scored in index.lexical(query, 10, grain)]

    assert found("comparing", Grain.ENTRY) == ["kernel"]
    assert found("comparing", Grain.PASSAGE) == ["kernel#0"]
    assert found("splits", Grain.PASSAGE) == ["tree#0"]
    assert found("kernels", Grain.ENTRY) == ["kernel", "tree"]
    assert index.lexical("kernel", 1, Grain.ENTRY)[0] == Scored(
        "kernel", index.lexical("kernel", 9, Grain.ENTRY)[0].score
    )


def test_stems_and_their_frequency_over_passages(index: LocalIndex) -> None:
    assert index.stems("The kernels compare") == ["kernel", "compar"]
    assert [index.document_frequency(stem) for stem in ("kernel", "compar", "zebra")] == [2, 1, 0]


def test_names_are_terms_and_aliases(index: LocalIndex) -> None:
    assert list(index.names())[:2] == [
        Name("forest", "forest", is_term=True),
        Name("forests", "forest", is_term=False),
    ]
    assert len(list(index.names())) == 6


def test_the_vocabulary_counts_the_words(index: LocalIndex) -> None:
    assert index.vocabulary() == {"tree": 3, "forest": 1}


def test_a_vocabulary_has_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    contents = make_contents()
    written = set()
    for name, vocabulary in (("a", {"tree": 3, "ärger": 1}), ("b", {"ärger": 1, "tree": 3})):
        folder = tmp_path / name
        folder.mkdir()
        write_snapshot(replace(contents, vocabulary=vocabulary), "0" * 16, folder)
        written.add((folder / "vocabulary.json").read_text(encoding="utf-8"))
    assert written == {'{"tree": 3, "ärger": 1}'}


def test_a_snapshot_made_before_vocabularies_has_an_empty_one(store: Store) -> None:
    without_vocabulary(store)
    with store.open() as index:
        assert index.vocabulary() == {}
        assert index.entry("tree").term == "tree"


def test_a_family_holds_the_entry_itself(index: LocalIndex) -> None:
    assert index.family("tree") == index.family("forest") == ("forest", "tree")
    assert index.family("kernel") == ("kernel",)


@pytest.mark.parametrize(
    "stranger", ["", "tre", "trees", "zebra", "tree" * 99, "tree\x00", "ü\ud800"]
)
def test_an_unknown_entry_is_a_key_error(index: LocalIndex, stranger: str) -> None:
    for ask in (index.entry, index.passages, index.passage_vectors, index.family):
        with pytest.raises(KeyError):
            ask(stranger)


@pytest.mark.parametrize("stranger", ["tree", "tree#", "tree#2", "tree#-1", "tree#x", "zebra#0"])
def test_an_unknown_passage_is_a_key_error(index: LocalIndex, stranger: str) -> None:
    with pytest.raises(KeyError):
        index.unit_vectors(stranger)


def test_an_entry_without_text_has_no_passages(tmp_path: Path) -> None:
    store = Store(tmp_path)
    contents = make_contents({"empty": "", "tree": "a tree"}, families=())
    with store.open(store.publish(contents)) as index:
        assert index.passages("empty") == ()
        assert index.passage_vectors("empty").shape == (0, 4)
        assert [p.passage_id for p in index.passages("tree")] == ["tree#0"]
        assert index.dense(index.passage_vectors("tree")[0], 5) == [Scored("tree#0", 1.0)]


def test_an_empty_snapshot_opens_and_finds_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.open(store.publish(make_contents({}, families=()))) as index:
        assert (list(index.entry_ids()), list(index.names()), index.passage_count) == ([], [], 0)
        assert index.dense(np.ones(4, np.float32), 5) == []
        assert index.lexical("tree", 5, Grain.ENTRY) == []


def test_an_open_index_survives_the_removal_of_its_snapshot(store: Store) -> None:
    with store.open() as index:
        shutil.rmtree(store.home)
        assert index.entry("tree").term == "tree"
        assert len(index.dense(np.ones(4, np.float32), 9)) == 4
        assert [s.id for s in index.lexical("splits", 9, Grain.PASSAGE)] == ["tree#0"]


def test_threads_read_at_once(index: LocalIndex) -> None:
    right: list[bool] = []

    def read(entry_id: str) -> None:
        vector = index.passage_vectors(entry_id)[0]
        nearest = index.dense(vector, 1)[0].id.partition("#")[0]
        by_word = index.lexical(entry_id, 1, Grain.ENTRY)[0].id
        right.append(index.entry(entry_id).term == entry_id == nearest == by_word)

    threads = [threading.Thread(target=read, args=(e,)) for e in list(index.entry_ids()) * 5]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [True] * 15
