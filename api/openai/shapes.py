"""The shapes of OpenAI's responses, with our citations where stock clients keep them.

`message.annotations` has one `url_citation` per number; `start_index` and `end_index` locate its
first marker, never what only looks like one, such as an index in code.

`message.context` follows Azure OpenAI's names and adds the verbatim quote, its
offsets and its support. Both are there even when they are empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.markdown.marker_places import marker_places
from api.permalink import citation_url
from rag.answer import Answer, Citation


@dataclass(frozen=True, slots=True)
class Head:
    """What all chunks of one response share.

    Attributes:
        answer_id: under which `GET /answers/{id}` tells how it came about.
        model: as the client named it.
        created_s: Unix time.
        base: address under which entries are linked.
    """

    answer_id: str
    model: str
    created_s: int
    base: str

    def frame(self, kind: str, snapshot_id: str) -> dict[str, Any]:
        """Return the fields that open a response or a chunk."""
        return {
            "id": f"chatcmpl-{self.answer_id}",
            "object": kind,
            "created": self.created_s,
            "model": self.model,
            "system_fingerprint": snapshot_id,
        }


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens, counted by the tokenizer of the embedding model."""

    prompt_tokens: int
    completion_tokens: int

    def to_json(self) -> dict[str, int]:
        """Return the counts with their sum."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.prompt_tokens + self.completion_tokens,
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """What a client gets to see of an answer.

    Attributes:
        answer: with the text that is shown, and the citations whose markers are in it.
        places: where the first marker of each number begins.
        finish_reason: "stop", "length" or "content_filter".
    """

    answer: Answer
    places: Mapping[int, int]
    finish_reason: str

    @classmethod
    def of(cls, answer: Answer, text: str, finish_reason: str) -> Shown:
        """Return an answer of which `text` is shown, its beginning or all of it."""
        places = marker_places(text)
        kept = answer.citations
        if len(text) < len(answer.text):
            kept = tuple(citation for citation in kept if citation.number in places)
        return cls(replace(answer, text=text, citations=kept), places, finish_reason)


def completion(head: Head, shown: Shown, usage: Usage) -> dict[str, Any]:
    """Return a whole answer as a `chat.completion`."""
    answer = shown.answer
    message = {
        "role": "assistant",
        "content": answer.text,
        "refusal": None,
        **cited(head, shown),
    }
    choice = {
        "index": 0,
        "message": message,
        "logprobs": None,
        "finish_reason": shown.finish_reason,
    }
    return {
        **head.frame("chat.completion", answer.snapshot_id),
        "choices": [choice],
        "usage": usage.to_json(),
        "citations": urls(head.base, answer.citations),
    }


def chunk(
    head: Head, snapshot_id: str, delta: dict[str, Any], finish_reason: str | None = None
) -> dict[str, Any]:
    """Return one `chat.completion.chunk`."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return {**head.frame("chat.completion.chunk", snapshot_id), "choices": [choice]}


def usage_chunk(head: Head, snapshot_id: str, usage: Usage) -> dict[str, Any]:
    """Return the chunk that only counts tokens."""
    frame = head.frame("chat.completion.chunk", snapshot_id)
    return {**frame, "choices": [], "usage": usage.to_json()}


def cited(head: Head, shown: Shown) -> dict[str, Any]:
    """Return the citations of an answer for a message or a delta."""
    return {"annotations": _annotations(head.base, shown), "context": _context(head, shown.answer)}


def urls(base: str, citations: Sequence[Citation]) -> list[str]:
    """Return the permalinks, the one of `[n]` at position n - 1."""
    return [citation_url(base, citation) for citation in citations]


def _annotations(base: str, shown: Shown) -> list[dict[str, Any]]:
    annotations = []
    end = len(shown.answer.text)
    for citation in shown.answer.citations:
        start = shown.places.get(citation.number, end)
        place = {
            "start_index": start,
            "end_index": min(start + len(f"[{citation.number}]"), end),
            "url": citation_url(base, citation),
            "title": citation.heading,
        }
        annotations.append({"type": "url_citation", "url_citation": place})
    return annotations


def _context(head: Head, answer: Answer) -> dict[str, Any]:
    families = {entry_id: hit.family for hit in answer.hits for entry_id in hit.family}
    return {
        "citations": [
            {
                "content": citation.quote,
                "title": citation.heading,
                "url": citation_url(head.base, citation),
                "filepath": citation.entry_id,
                "chunk_id": citation.passage_id,
                "number": citation.number,
                "entry_id": citation.entry_id,
                "start": citation.start,
                "end": citation.end,
                "quote": citation.quote,
                "score": citation.support.score,
                "support": citation.support.verdict.value,
                "duplicates": [
                    twin
                    for twin in families.get(citation.entry_id, ())
                    if twin != citation.entry_id
                ],
                "corpus_version": answer.snapshot_id,
            }
            for citation in answer.citations
        ],
        "intent": answer.standalone_question,
        "answerable": answer.answerable,
        "answerable_probability": answer.answerable_probability,
        "nearest_terms": list(answer.nearest_terms),
        "answer_id": head.answer_id,
        "answered_by": answer.model,
        "notice": answer.notice,
    }
