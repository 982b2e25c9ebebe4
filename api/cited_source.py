"""The noun CitedSource: one citation as people read it, the quote within its context."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.answer import Answer
from rag.chat import Chat

CONTEXT_CHARS = 160


@dataclass(frozen=True, slots=True)
class Twin:
    """Another entry that defines the same concept."""

    entry_id: str
    heading: str


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A numbered source: what is quoted, from where, and the characters around it.

    `before` and `after` touch the quote, hold no blank lines, and show an ellipsis where text was
    cut.
    """

    number: int
    entry_id: str
    term: str
    heading: str
    category: str | None
    before: str
    quote: str
    after: str
    twins: tuple[Twin, ...]


def cited_sources(
    chat: Chat, answer: Answer, context_chars: int = CONTEXT_CHARS
) -> list[CitedSource]:
    """Return the sources of an answer in the order of their numbers."""
    sources = []
    for citation in answer.citations:
        entry = chat.entry(citation.entry_id)
        sources.append(
            CitedSource(
                number=citation.number,
                entry_id=entry.entry_id,
                term=entry.term,
                heading=entry.heading,
                category=entry.category,
                before=text_before(entry.body, citation.start, context_chars),
                quote=citation.quote,
                after=text_after(entry.body, citation.end, context_chars),
                twins=twins(chat, entry.entry_id),
            )
        )
    return sources


def twins(chat: Chat, entry_id: str) -> tuple[Twin, ...]:
    """Return the other members of the entry's family."""
    others = (other for other in chat.index.family(entry_id) if other != entry_id)
    return tuple(Twin(other, chat.entry(other).heading) for other in others)


def text_before(body: str, start: int, length: int) -> str:
    """Return at most `length` characters before `start`, from the beginning of a word."""
    if start <= length:
        return _calm(body[:start]).lstrip()
    text = _calm(body[start - length : start])
    return "…" + text[text.find(" ") + 1 :]


def text_after(body: str, end: int, length: int) -> str:
    """Return at most `length` characters after `end`, up to the end of a word."""
    if end + length >= len(body):
        return _calm(body[end:]).rstrip()
    text = _calm(body[end : end + length])
    return (text.rpartition(" ")[0] or text) + "…"


def _calm(text: str) -> str:
    """Return `text` without blank lines, runs of spaces made one."""
    return re.sub(r"[^\S\n]+", " ", re.sub(r"\s*\n\s*", "\n", text))
