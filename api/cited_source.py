"""The noun CitedSource: one citation as people read it, the quote within its context."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from rag.answer import Answer, Citation
from rag.chat import Chat
from rag.errors import EntryMissing

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
    cut. `is_current` tells whether the live glossary still has the quote at that place; of an
    older answer it may not, and then there is no context and no twin.
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
    start: int = 0
    end: int = 0
    is_current: bool = True

    @property
    def span(self) -> str:
        """The query string that names the quoted characters."""
        return urlencode({"start": self.start, "end": self.end})

    @property
    def permalink(self) -> str:
        """Where the entry is shown with the quote highlighted, below the root of the server."""
        return f"/glossary/{self.entry_id}?{self.span}#quote"


def cited_sources(
    chat: Chat, answer: Answer, context_chars: int = CONTEXT_CHARS
) -> list[CitedSource]:
    """Return the sources of an answer in the order of their numbers."""
    return sources_of(chat, answer.citations, context_chars)


def sources_of(
    chat: Chat, citations: Iterable[Citation], context_chars: int = CONTEXT_CHARS
) -> list[CitedSource]:
    """Return citations as people read them, in the same order."""
    return [_source(chat, citation, context_chars) for citation in citations]


def _source(chat: Chat, citation: Citation, context_chars: int) -> CitedSource:
    try:
        entry = chat.entry(citation.entry_id)
    except EntryMissing:
        return _past_source(citation, citation.heading.partition(",")[0])
    if entry.body[citation.start : citation.end] != citation.quote:
        return _past_source(citation, entry.term)
    return CitedSource(
        number=citation.number,
        entry_id=entry.entry_id,
        term=entry.term,
        heading=entry.heading,
        category=entry.category,
        before=text_before(entry.body, citation.start, context_chars),
        quote=citation.quote,
        after=text_after(entry.body, citation.end, context_chars),
        twins=twins(chat, entry.entry_id),
        start=citation.start,
        end=citation.end,
    )


def _past_source(citation: Citation, term: str) -> CitedSource:
    return CitedSource(
        number=citation.number,
        entry_id=citation.entry_id,
        term=term,
        heading=citation.heading,
        category=None,
        before="",
        quote=citation.quote,
        after="",
        twins=(),
        start=citation.start,
        end=citation.end,
        is_current=False,
    )


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
