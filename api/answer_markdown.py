"""An answer as a Markdown document of its own: question, answer, sources with permalinks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.pages.turn_view import citation_of, completed
from api.permalink import citation_url
from api.plain_text import printable, single_line
from rag.answer import Citation
from rag.storing.answer_record import AnswerRecord


def to_markdown(record: AnswerRecord, base: str) -> str:
    """Return the answer with its question above it and its sources below.

    Args:
        record: of the answer.
        base: address of the server, without a slash at the end.
    """
    answer: Mapping[str, Any] = record.answer
    question, standalone = answer["question"], answer["standalone_question"]
    parts = [f"**{single_line(question)}**"]
    if completed(question, standalone):
        parts.append(f"Searched for: {single_line(standalone)}")
    parts.append(printable(answer["answer"]).strip())
    if answer["citations"]:
        parts.append("\n".join(_sources(map(citation_of, answer["citations"]), base)))
    return "\n\n".join(parts) + "\n"


def _sources(citations: Iterable[Citation], base: str) -> Iterable[str]:
    yield "Sources:\n"
    for citation in citations:
        term = single_line(citation.heading.partition(",")[0])
        url = citation_url(base, citation)
        yield f"{citation.number}. [{term}]({url}): “{single_line(citation.quote)}”"
