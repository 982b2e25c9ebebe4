"""What a scripted model says in a benchmark: sentences that its sources support."""

from __future__ import annotations

from pathlib import Path

from corpus.passage import UnitKind
from rag.chat import Chat
from rag.sources import Source
from rag.writing.context import choose_sources

_CONTEXT_TOKENS = 5000
_MOST_WORDS = 20
_TRIED = 50


def write_script(chat: Chat, folder: Path) -> tuple[str, Path, int]:
    """Write a text that the sources of a question support.

    Returns:
        The question, the file with the text, and how many words its first sentence has.
    """
    sayable = sayable_sentences(chat)
    question = max(sayable, key=lambda one: len(sayable[one]))
    sentences = sayable[question]
    path = folder / "script.txt"
    path.write_text(" ".join(f"{sentence} [1]" for sentence in sentences), encoding="utf-8")
    return question, path, len(sentences[0].split())


def sayable_sentences(chat: Chat) -> dict[str, list[str]]:
    """Return questions, and for each the plain sentences of its first source."""
    asked = [f"What is {chat.entry(found).term}?" for found in chat.index.entry_ids()[:_TRIED]]
    return {question: _sayable(chat, question) for question in asked}


def _sayable(chat: Chat, question: str) -> list[str]:
    sources = choose_sources(chat.index, chat.inquire(question), _CONTEXT_TOKENS)
    return _sentences(sources[0]) if sources else []


def _sentences(source: Source) -> list[str]:
    """Return the plain sentences of a source that end in a full stop and are not long."""
    units = [unit for passage in source.passages for unit in passage.units]
    body = source.entry.body
    quotes = [" ".join(u.quote(body).split()) for u in units if u.kind is UnitKind.SENTENCE]
    plain = [quote for quote in quotes if quote.endswith(".") and "[" not in quote]
    return [quote for quote in plain if 4 <= len(quote.split()) <= _MOST_WORDS]
