from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import CorpusError, EmptySource
from indexes.embedder import Vectors
from indexes.errors import IngestionRunning
from indexes.index import Grain
from indexes.store import Store
from rag.ingestion import Ingested, Ingestion, Request
from tests.contents import without_vocabulary
from tests.fakes import WordEmbedder

Ingest = Callable[..., Ingested]


def ranking(store: Store, embedder: WordEmbedder) -> list[list[tuple[str, float]]]:
    with store.open() as index:
        return [
            [(hit.id, hit.score) for hit in index.dense(embedder.embed_query(query), 100)]
            for query in ("lamp light", "air fan", "water", "switch heat cool")
        ]


def test_the_first_ingestion_publishes_what_it_read(
    ingest: Ingest, glossary: Path, store: Store
) -> None:
    result = ingest(glossary)
    assert result.changed
    assert result.entries == 3
    assert store.current() == result.snapshot_id
    with store.open() as index:
        assert list(index.entry_ids()) == ["desk-fan", "kettle", "table-lamp"]
        body = index.entry("table-lamp").body
        for passage in index.passages("table-lamp"):
            assert body[passage.start : passage.end] == passage.text


def test_an_unchanged_source_costs_no_embedding_and_keeps_the_snapshot(
    ingest: Ingest, glossary: Path, embedder: WordEmbedder
) -> None:
    first = ingest(glossary)
    embedder.embedded.clear()
    second = ingest(glossary)
    assert embedder.embedded == []
    assert (second.snapshot_id, second.changed, second.embedded) == (first.snapshot_id, False, 0)


def test_the_words_of_all_terms_aliases_and_bodies_are_counted(
    ingest: Ingest, glossary: Path, store: Store
) -> None:
    ingest(glossary)
    with store.open() as index:
        words = index.vocabulary()
    assert (words["lamp"], words["kettle"], words["halogen"]) == (5, 2, 1)
    assert min(map(len, words)) == 4


def test_a_snapshot_made_before_vocabularies_is_made_anew_without_embedding(
    ingest: Ingest, glossary: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("rag.ingestion.RECIPE", 1)
        old = ingest(glossary)
    without_vocabulary(store)
    new = ingest(glossary)
    assert (new.changed, new.embedded) == (True, 0)
    assert new.snapshot_id != old.snapshot_id
    with store.open() as index:
        assert index.vocabulary()["kettle"] == 2


def test_changing_one_entry_embeds_only_its_changed_texts(
    ingest: Ingest, glossary: Path, embedder: WordEmbedder
) -> None:
    ingest(glossary)
    embedder.embedded.clear()
    kettle = glossary / "kettle.md"
    kettle.write_text(kettle.read_text().replace("switches itself off", "whistles"))
    result = ingest(glossary)
    assert result.changed
    assert embedder.embedded == [
        "Kettle: A kettle heats water until it is steam. It whistles.",
        "Kettle: It whistles.",
    ]


def test_an_incremental_result_ranks_exactly_like_a_full_rebuild(
    ingest: Ingest, glossary: Path, store: Store, embedder: WordEmbedder, tmp_path: Path
) -> None:
    ingest(glossary)
    (glossary / "fan.md").unlink()
    lamp = glossary / "lamp.md"
    lamp.write_text(lamp.read_text().replace("Wipe the shade", "Heat the shade"))
    incremental = ingest(glossary)
    other = Store(tmp_path / "other")
    rebuilt = Ingestion(other, embedder).run(Request((glossary,)))
    assert incremental.snapshot_id == rebuilt.snapshot_id
    assert ranking(store, embedder) == ranking(other, embedder)


def test_a_deleted_entry_vanishes_from_every_channel(
    ingest: Ingest, glossary: Path, store: Store, embedder: WordEmbedder
) -> None:
    ingest(glossary)
    (glossary / "fan.md").unlink()
    ingest(glossary)
    with store.open() as index:
        assert "desk-fan" not in index.entry_ids()
        assert all("fan" not in name.text.lower() for name in index.names())
        assert index.lexical("blade paint", 10, Grain.PASSAGE) == []
        assert index.lexical("blade paint", 10, Grain.ENTRY) == []
        found = index.dense(embedder.embed_query("fan air blade"), 100)
        assert all(not hit.id.startswith("desk-fan") for hit in found)


def test_sources_replace_the_glossary_unless_they_are_added(
    ingest: Ingest, glossary: Path, tmp_path: Path, store: Store
) -> None:
    ingest(glossary)
    more = tmp_path / "more.jsonl"
    more.write_text('{"term": "Toaster", "definition": "A toaster browns bread."}\n')
    added = ingest(more, add=True)
    assert added.entries == 4
    assert ingest(more, add=True).snapshot_id == added.snapshot_id
    assert ingest(more).entries == 1


def test_adding_a_folder_keeps_another_with_the_same_file_names(
    ingest: Ingest, tmp_path: Path, store: Store
) -> None:
    for folder, term in (("x", "Alpha"), ("y", "Beta")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "terms.md").write_text(f"# {term}\n\n{term} is a lamp.\n")
    ingest(tmp_path / "x")
    assert ingest(tmp_path / "y", add=True).entries == 2
    with store.open() as index:
        assert index.entry("alpha").source.file == str(tmp_path / "x" / "terms.md")
        assert [record["source"] for record in index.manifest.sources] == [
            str(tmp_path / "x"),
            str(tmp_path / "y"),
        ]


def test_adding_a_folder_again_drops_what_was_deleted_from_it(
    ingest: Ingest, glossary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "more.jsonl"
    other.write_text('{"term": "Toaster", "definition": "A toaster browns bread."}\n')
    ingest(glossary, other)
    (glossary / "fan.md").unlink()
    monkeypatch.chdir(tmp_path)
    assert ingest(Path("glossary"), add=True).entries == 3


def test_one_id_with_two_texts_is_told_apart_in_any_order(ingest: Ingest, tmp_path: Path) -> None:
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    one.write_text('{"term": "Cell", "definition": "A cell stores charge."}\n')
    other.write_text('{"term": "Cell", "definition": "A cell is alive."}\n')
    first = ingest(one, other)
    assert first.entries == 2
    assert ingest(other, one).snapshot_id == first.snapshot_id
    assert ingest(one, add=True).snapshot_id == first.snapshot_id


def test_a_source_without_entries_changes_nothing(
    ingest: Ingest, glossary: Path, store: Store, tmp_path: Path
) -> None:
    before = ingest(glossary).snapshot_id
    empty = tmp_path / "empty.md"
    empty.touch()
    with pytest.raises(EmptySource):
        ingest(empty)
    with pytest.raises(CorpusError):
        ingest(glossary, tmp_path / "missing.md")
    assert store.current() == before


def test_two_ingestions_cannot_run_at_once(ingest: Ingest, glossary: Path, store: Store) -> None:
    with store.lock(), pytest.raises(IngestionRunning):
        ingest(glossary)


def test_a_failing_embedder_leaves_the_live_snapshot(
    ingest: Ingest, glossary: Path, store: Store
) -> None:
    class Broken(WordEmbedder):
        def embed_passages(self, texts: object, progress: object = None) -> Vectors:
            raise MemoryError("no memory left for 3 texts")

    before = ingest(glossary).snapshot_id
    with pytest.raises(MemoryError):
        Ingestion(store, Broken("other")).run(Request((glossary,)))
    assert store.current() == before
    store.verify(before)


def test_progress_counts_every_text_once(
    store: Store, embedder: WordEmbedder, glossary: Path
) -> None:
    seen: list[tuple[str, int, int]] = []
    ingestion = Ingestion(store, embedder, progress=lambda *step: seen.append(step))
    result = ingestion.run(Request((glossary,)))
    assert seen[0] == ("read", 0, 1)
    assert ("embed", result.embedded, result.embedded) in seen
    assert seen[-1] == ("index", 3 + result.passages, 3 + result.passages)


def test_old_snapshots_are_removed_beyond_the_number_kept(
    store: Store, embedder: WordEmbedder, tmp_path: Path
) -> None:
    ids = []
    for number in range(4):
        source = tmp_path / "words.jsonl"
        source.write_text(f'{{"term": "Lamp {number}", "definition": "Light number {number}."}}\n')
        ingestion = Ingestion(store, embedder, keep_snapshots=2)
        ids.append(ingestion.run(Request((source,))).snapshot_id)
    assert {info.snapshot_id for info in store.list()} == set(ids[2:])
    assert store.rollback() == ids[2]
