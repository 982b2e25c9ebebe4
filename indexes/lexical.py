"""Search by words, BM25: the only file that knows Tantivy."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tantivy

from indexes.index import Scored
from indexes.sorted_ids import SortedIds

TERM_WEIGHT = 0.3  # what a match in the term counts on top of its match in the whole text
MAX_QUERY_TERMS = 256  # distinct stems of a query that are looked up; the rest is ignored
MAX_TOKEN_BYTES = 64  # a longer run of letters is no word
CACHED_STEMS = 65_536  # whose document frequency is remembered
WRITER_BYTES = 1_000_000_000  # memory bound of the one writer; documents past it open a segment
IDS = "ids.npy"
LOCKS = (".tantivy-writer.lock", ".tantivy-meta.lock")

Document = tuple[str, str, str]  # id, term text, body text


class LexicalIndex:
    """Documents of a term and a body, ranked by BM25 (k1 = 1.2, b = 0.75).

    Two fields: the whole text, term and body, and the term alone, weighted by `TERM_WEIGHT`
    (nDCG@10 on the SciFact training split 0.705; 0.698 when the term is in its own field only).
    English stemming and stop words, lower case, accents folded. Safe to search from several
    threads.
    """

    def __init__(self, index: tantivy.Index, ids: npt.NDArray[np.bytes_]) -> None:
        index.config_reader("manual")  # a snapshot never changes: no thread watches it
        self._schema = index.schema
        self._searcher = searcher = index.searcher()
        self._frequency = lru_cache(CACHED_STEMS)(lambda stem: int(searcher.doc_freq("text", stem)))
        self._analyzer = _analyzer()
        self._ids = SortedIds(ids)

    @classmethod
    def build(cls, directory: Path, documents: Iterable[Document]) -> LexicalIndex:
        """Index documents in the order given; OSError when the disk refuses.

        The files depend on the documents alone, except for their names.
        """
        directory.mkdir(parents=True, exist_ok=True)
        try:
            ids = _write(directory, documents)
        except ValueError as error:  # Tantivy has no exception of its own for a full disk
            raise OSError(f"{directory.name}: {error}") from error
        np.save(directory / IDS, np.array([id_.encode() for id_ in ids], np.bytes_))
        _settle(directory)
        return cls.open(directory)

    @classmethod
    def open(cls, directory: Path) -> LexicalIndex:
        """Open a built index memory-mapped; the directory may be read-only and stays untouched."""
        ids = np.load(directory / IDS, mmap_mode="r", allow_pickle=False)
        try:
            links = Path(tempfile.mkdtemp(prefix="lexical-"))
        except FileNotFoundError:  # no place for temporary files: Tantivy's lock goes to the index
            return cls(tantivy.Index.open(str(directory)), ids)
        try:
            for file in directory.iterdir():
                (links / file.name).symlink_to(file.absolute())
            return cls(tantivy.Index.open(str(links)), ids)
        finally:
            shutil.rmtree(links, ignore_errors=True)

    def __len__(self) -> int:
        return len(self._ids)

    def search(self, query: str, k: int, term_weight: float = TERM_WEIGHT) -> list[Scored]:
        """Return the `k` documents with the best BM25, scores above 0, ties in document order.

        `query` is free text: any word may match, operators mean nothing. Only its first
        `MAX_QUERY_TERMS` distinct stems count, each once.
        """
        stems = list(dict.fromkeys(self.stems(query)))[:MAX_QUERY_TERMS]
        k = min(k, len(self))
        if k <= 0 or not stems:
            return []
        hits = self._searcher.search(self._any_of(stems, term_weight), k, count=False).hits
        positions = self._searcher.fast_field_values("position", [at for _, at in hits])
        ranked = sorted(zip(positions, hits, strict=True), key=lambda hit: (-hit[1][0], hit[0]))
        names = self._ids.at(row for row, _ in ranked)
        return [Scored(name, score) for name, (_, (score, _)) in zip(names, ranked, strict=True)]

    def stems(self, text: str) -> list[str]:
        """Return the stems of a text in order, repeats kept, stop words left out."""
        characters = text.encode("utf-8", "replace").decode()  # half a surrogate pair is none
        return list(self._analyzer.analyze(characters))

    def document_frequency(self, stem: str) -> int:
        """Return how many documents hold a stem, in the term or the body."""
        return self._frequency(stem.encode("utf-8", "replace").decode())

    def _any_of(self, stems: list[str], term_weight: float) -> tantivy.Query:
        weights = {"text": 1.0, "term": term_weight}
        clauses = [
            (tantivy.Occur.Should, self._clause(field, stem, weight))
            for stem in stems
            for field, weight in weights.items()
            if weight > 0
        ]
        return tantivy.Query.boolean_query(clauses)

    def _clause(self, field: str, stem: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, field, stem, "freq")
        return query if weight == 1 else tantivy.Query.boost_query(query, weight)


def _write(directory: Path, documents: Iterable[Document]) -> list[str]:
    index = tantivy.Index(_schema(), path=str(directory), reuse=False)
    index.register_tokenizer("english", _analyzer())
    writer = index.writer(heap_size=WRITER_BYTES, num_threads=1)
    ids: list[str] = []
    for id_, term, body in documents:
        document = tantivy.Document(term=term, text=f"{term}\n{body}")
        document.add_unsigned("position", len(ids))
        writer.add_document(document)
        ids.append(id_)
    writer.commit()
    writer.wait_merging_threads()
    return ids


def _settle(directory: Path) -> None:
    """Drop Tantivy's lock files, and let everyone read what may read a file written by us."""
    for lock in LOCKS:
        (directory / lock).unlink(missing_ok=True)
    mode = (directory / IDS).stat().st_mode
    for file in directory.iterdir():
        file.chmod(mode)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in ("term", "text"):
        builder.add_text_field(field, tokenizer_name="english", index_option="freq")
    builder.add_unsigned_field("position", fast=True)
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    filters = [
        tantivy.Filter.remove_long(MAX_TOKEN_BYTES),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stopword("english"),
        tantivy.Filter.stemmer("english"),
    ]
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in filters:
        builder = builder.filter(step)
    return builder.build()
