"""A Chat over a handful of invented entries; every answer can be worked out by reading this."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from corpus.entry import Entry, Source
from corpus.passage import Passage, Unit, UnitKind
from indexes.embedder import Vectors
from indexes.errors import SnapshotMissing
from indexes.index import Name, Scored
from rag.answer import Answer, Citation, Support, Verdict
from rag.errors import EntryMissing, QuestionEmpty, QuestionTooLong
from rag.hit import Channels, Hit, Mode, SearchResult
from rag.turn import Turn
from tests.fakes import WordEmbedder

SNAPSHOT = "00000000000000aa"
LONGEST = 2000

ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \u202eabc"
HOSTILE_BODY = (
    "A tensor<script>alert(1)</script> is [bold]marked[/bold] ![pixel](http://x.test/p.png) "
    f"[click](javascript:alert(1)) [docs](https://docs.test/a) {ESCAPES}"
)

ENTRIES = (
    Entry(
        "beam-search",
        "Beam Search, Decoding",
        "Beam Search",
        ("Beam Decoding",),
        "Decoding",
        "# Beam Search\n\nBeam search keeps the `b` best partial sequences at every step. "
        "It costs $b$ times as much as greedy decoding.\n\n"
        "| width | cost |\n|---|---|\n| 1 | low |\n| 8 | high |\n",
        Source("glossary.md", 3),
    ),
    Entry(
        "beam-search-2",
        "Beam Search, Width",
        "Beam Search",
        (),
        None,
        "Beam search is a heuristic search.",
        Source("glossary.md", 20),
    ),
    Entry("tensor", "Tensor", "Tensor", (), "Mathematics", HOSTILE_BODY, Source("bad.md", 1)),
)
FAMILIES = {"beam-search": ("beam-search", "beam-search-2")}
FAMILIES["beam-search-2"] = FAMILIES["beam-search"]


class FakeIndex:
    """The part of the protocol Index that the roof uses."""

    def __init__(self, snapshot_id: str = SNAPSHOT) -> None:
        self.snapshot_id = snapshot_id
        self._entries = {entry.entry_id: entry for entry in ENTRIES}

    def entry_ids(self) -> list[str]:
        return sorted(self._entries)

    def entry(self, entry_id: str) -> Entry:
        return self._entries[entry_id]

    def passages(self, entry_id: str) -> tuple[Passage, ...]:
        entry = self.entry(entry_id)
        unit = Unit(UnitKind.SENTENCE, 0, len(entry.body))
        return (Passage.cut(entry, 0, 0, len(entry.body), "Opening", (unit,)),)

    def passage_vectors(self, entry_id: str) -> Vectors:
        """One direction for each entry: none is nearer to another one than any other."""
        return np.eye(len(self._entries), dtype=np.float32)[[self.entry_ids().index(entry_id)]]

    def dense(self, vector: Vectors, k: int) -> list[Scored]:
        scores = zip(self.entry_ids(), vector.tolist(), strict=True)
        ranked = sorted(scores, key=lambda pair: -pair[1])
        return [Scored(f"{entry_id}#0", score) for entry_id, score in ranked[:k]]

    def names(self) -> Iterator[Name]:
        for entry in ENTRIES:
            yield Name(entry.term, entry.entry_id, True)
            yield from (Name(alias, entry.entry_id, False) for alias in entry.aliases)

    def family(self, entry_id: str) -> tuple[str, ...]:
        return FAMILIES.get(entry_id, (entry_id,))


class FakeInquiry:
    """What is known before a word is written: here the whole answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.standalone_question = answer.standalone_question
        self.answerable = answer.answerable
        self.probability = answer.answerable_probability
        self.hits = answer.hits
        self.nearest_terms = answer.nearest_terms


class FakeChat:
    """Finds the entries whose term the question contains; quotes their first sentence.

    The word "it" stands for the question of the turn before.
    """

    def __init__(self, snapshot_id: str = SNAPSHOT) -> None:
        self.index = FakeIndex(snapshot_id)
        self.embedder = WordEmbedder()

    def entry(self, entry_id: str) -> Entry:
        try:
            return self.index.entry(entry_id)
        except KeyError:
            raise EntryMissing(f"no entry {entry_id!r} in {self.index.snapshot_id}") from None

    def search(self, query: str, k: int = 10, mode: Mode = Mode.HYBRID) -> SearchResult:
        return SearchResult(query, self.index.snapshot_id, self._hits(query)[:k], {"total": 1.5})

    def inquire(
        self, question: str, turns: Sequence[Turn] = (), standalone: str | None = None
    ) -> FakeInquiry:
        return FakeInquiry(self.ask(standalone or question, turns))

    def quote(self, inquiry: FakeInquiry, citations: object = None, after: str = "") -> Answer:
        return inquiry.answer

    def ask(self, question: str, turns: Sequence[Turn] = ()) -> Answer:
        standalone = question
        if turns:
            standalone = re.sub(r"\bit\b", turns[-1].standalone_question, question)
        hits = self._hits(standalone)
        citations = tuple(_cite(number, hit.entry) for number, hit in enumerate(hits, 1))
        lines = [f"{citation.quote} [{citation.number}]" for citation in citations]
        return Answer(
            question=question,
            standalone_question=standalone,
            answerable=bool(hits),
            answerable_probability=0.9 if hits else 0.1,
            text="\n\n".join(lines) if lines else "The glossary does not answer this question.",
            citations=citations,
            hits=hits,
            nearest_terms=() if hits else ("Beam Search", "Tensor"),
            model="extractive",
            snapshot_id=self.index.snapshot_id,
            timings_ms={"total": 1.5},
        )

    def _hits(self, question: str) -> tuple[Hit, ...]:
        if not re.search(r"\w", question):
            raise QuestionEmpty("the question holds no letter and no digit; ask about a term")
        if len(question) > LONGEST:
            raise QuestionTooLong(f"the question has {len(question)} characters, at most {LONGEST}")
        found = [entry for entry in ENTRIES if entry.term.lower() in question.lower()]
        heads = [
            entry
            for entry in found
            if FAMILIES.get(entry.entry_id, (entry.entry_id,))[0] == entry.entry_id
        ]
        return tuple(self._hit(rank, entry) for rank, entry in enumerate(heads, 1))

    def _hit(self, rank: int, entry: Entry) -> Hit:
        return Hit(
            rank=rank,
            score=1.0 / rank,
            entry=entry,
            passage=self.index.passages(entry.entry_id)[0],
            channels=Channels(exact=1, exact_name=entry.term, dense=2, dense_score=0.5),
            family=self.index.family(entry.entry_id),
        )


def _cite(number: int, entry: Entry) -> Citation:
    start = entry.body.index("Beam search") if entry.entry_id == "beam-search" else 0
    end = entry.body.index(". ", start) + 1 if entry.entry_id == "beam-search" else len(entry.body)
    return Citation(
        number=number,
        entry_id=entry.entry_id,
        heading=entry.heading,
        passage_id=f"{entry.entry_id}#0",
        quote=entry.body[start:end],
        start=start,
        end=end,
        support=Support(Verdict.QUOTED, 1.0),
    )


def opening(chat: FakeChat | None = None) -> Callable[..., FakeChat]:
    """Return an `open_chat` that hands out `chat`, or finds no snapshot when there is none."""

    def open_chat(
        settings: object, on_status: object = None, answerable: object = None
    ) -> FakeChat:
        if chat is None:
            raise SnapshotMissing("no snapshot is live in this home; run `aifactory ingest`")
        return chat

    return open_chat
