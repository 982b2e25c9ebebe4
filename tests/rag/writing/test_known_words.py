"""What a text takes from its sources."""

from __future__ import annotations

import re

from corpus.chunking import ChunkSize, cut_passages
from corpus.entry import Entry
from corpus.entry import Source as Place
from rag.chat import Chat
from rag.sources import Source
from rag.writing.known_words import KnownWords

BODY = """\
| Pot | Tea (µg) |
|-----|----------|
| Small | 5 |
| Large | 14 |
"""


def test_signs_in_the_titles_of_a_table_are_known_from_any_of_its_rows(chat: Chat) -> None:
    entry = Entry("teapot", "Teapot", "Teapot", (), None, BODY, Place("teapot.md", 1))
    passages = cut_passages(entry, ChunkSize(budget_tokens=2), lambda t: len(re.findall(r"\w+", t)))
    row = next(passage for passage in passages if "Large" in passage.text)
    assert "µ" not in row.text
    words = KnownWords(chat.index, chat.terms, "How much tea?", (Source(1, entry, (row,)),))
    assert words.unknown_characters("Large: 14 µg or 3 Å") == ("Å",)
