"""The bodies of answers about the glossary: searches, entries, suggestions."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


def _example(**example: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


_SNAPSHOT = "0123456789abcdef"
_CHANNELS = {
    "exact": 1,
    "exact_name": "embedding",
    "dense": 1,
    "dense_score": 0.71,
    "lexical": 2,
    "lexical_score": 5.2,
}
_HIT = {
    "rank": 1,
    "score": 0.93,
    "entry_id": "embedding",
    "heading": "Embedding",
    "term": "Embedding",
    "passage_id": "embedding#0",
    "text": "An embedding maps a text to a vector.",
    "start": 0,
    "end": 37,
    "channels": _CHANNELS,
    "family": ["embedding"],
}
_ROW = {
    "entry_id": "embedding",
    "heading": "Embedding",
    "term": "Embedding",
    "aliases": ["text embedding"],
    "category": "Representation",
    "source": {"file": "glossary.md", "line": 3},
}
_CITATION = {
    "number": 1,
    "entry_id": "embedding",
    "heading": "Embedding",
    "passage_id": "embedding#0",
    "quote": "An embedding maps a text to a vector.",
    "start": 0,
    "end": 37,
    "support": {"verdict": "quoted", "score": 1.0},
}


class ChannelsBody(BaseModel):
    """How each channel ranked an entry; null: it did not find it."""

    exact: int | None
    exact_name: str | None
    dense: int | None
    dense_score: float | None
    lexical: int | None
    lexical_score: float | None


class HitBody(BaseModel):
    """A found entry with its best passage; offsets count characters of the entry's body."""

    rank: int
    score: float
    entry_id: str
    heading: str
    term: str
    passage_id: str
    text: str
    start: int
    end: int
    channels: ChannelsBody
    family: list[str]


class SearchBody(BaseModel):
    """The body of `GET /search`."""

    model_config = _example(
        query="embedding", snapshot_id=_SNAPSHOT, timings_ms={"total": 3.1}, hits=[_HIT]
    )

    query: str
    snapshot_id: str
    timings_ms: dict[str, float]
    hits: list[HitBody]


class SupportBody(BaseModel):
    """How a quote supports what it is attached to; the score is from 0 to 1."""

    verdict: Literal["quoted", "supported", "unsupported"]
    score: float


class CitationBody(BaseModel):
    """A numbered quote: the characters `start` to `end` of the body of its entry."""

    number: int
    entry_id: str
    heading: str
    passage_id: str
    quote: str
    start: int
    end: int
    support: SupportBody


class AnswerBody(BaseModel):
    """The body of `POST /ask`."""

    model_config = _example(
        question="What is an embedding?",
        standalone_question="What is an embedding?",
        answerable=True,
        answerable_probability=0.97,
        answer="An embedding maps a text to a vector. [1]",
        citations=[_CITATION],
        hits=[_HIT],
        nearest_terms=["Embedding"],
        model="extractive",
        snapshot_id=_SNAPSHOT,
        timings_ms={"total": 8.4},
        notice="",
    )

    question: str
    standalone_question: str
    answerable: bool
    answerable_probability: float
    answer: str
    citations: list[CitationBody]
    hits: list[HitBody]
    nearest_terms: list[str]
    model: str
    snapshot_id: str
    timings_ms: dict[str, float]
    notice: str


class SourceBody(BaseModel):
    """Where an entry was read; lines count from 1."""

    file: str
    line: int


class EntryRow(BaseModel):
    """An entry without its body."""

    entry_id: str
    heading: str
    term: str
    aliases: list[str]
    category: str | None
    source: SourceBody


class LetterCount(BaseModel):
    """How many terms begin with a letter; "#" stands for everything else."""

    letter: str
    count: int


class CategoryCount(BaseModel):
    """How many entries are of a category."""

    category: str
    count: int


class EntryPage(BaseModel):
    """The body of `GET /entries`; `total` counts what the filters leave, the counts do not."""

    model_config = _example(
        snapshot_id=_SNAPSHOT,
        total=1,
        offset=0,
        limit=100,
        letters=[{"letter": "E", "count": 1}],
        categories=[{"category": "Representation", "count": 1}],
        entries=[_ROW],
    )

    snapshot_id: str
    total: int
    offset: int
    limit: int
    letters: list[LetterCount]
    categories: list[CategoryCount]
    entries: list[EntryRow]


class UnitBody(BaseModel):
    """What may be quoted: a sentence, list item, step, table row, code block or formula."""

    kind: str
    start: int
    end: int
    section: str


class PassageBody(BaseModel):
    """A slice of an entry: the characters `start` to `end` of its body."""

    passage_id: str
    start: int
    end: int
    section: str
    text: str
    units: list[UnitBody]


class EntryBody(EntryRow):
    """The body of `GET /entries/{entry_id}`."""

    model_config = _example(
        snapshot_id=_SNAPSHOT,
        **_ROW,
        body="An embedding maps a text to a vector.",
        family=["embedding"],
        passages=[
            {
                "passage_id": "embedding#0",
                "start": 0,
                "end": 37,
                "section": "",
                "text": "An embedding maps a text to a vector.",
                "units": [{"kind": "sentence", "start": 0, "end": 37, "section": ""}],
            }
        ],
    )

    snapshot_id: str
    body: str
    family: list[str]
    passages: list[PassageBody]


class SuggestionBody(BaseModel):
    """An entry to offer; `alias` is the name that matched when it is not the term."""

    entry_id: str
    term: str
    alias: str | None
    category: str | None


class SuggestionsBody(BaseModel):
    """The body of `GET /suggest`, the best suggestion first."""

    model_config = _example(
        prefix="text",
        snapshot_id=_SNAPSHOT,
        suggestions=[
            {
                "entry_id": "embedding",
                "term": "Embedding",
                "alias": "text embedding",
                "category": "Representation",
            }
        ],
    )

    prefix: str = Field(description="What was typed.")
    snapshot_id: str
    suggestions: list[SuggestionBody]
