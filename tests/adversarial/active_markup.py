"""What a Markdown renderer that trusts its input would load, follow or run in a text."""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.token import Token

ACTIVE = frozenset(("html_block", "html_inline", "link_open", "image", "s_open"))
HIDDEN = frozenset(
    map(chr, (*range(9), *range(14, 32), 127, *range(0x200E, 0x2010), *range(0x202A, 0x202F)))
) | frozenset("\u200b\u2066\u2067\u2068\u2069\ufeff")


def _all(tokens: Iterable[Token]) -> Iterable[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or ())


def active(text: str) -> list[str]:
    """Return the active parts and hidden characters of a text."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    found = [t.content or t.type for t in _all(markdown.parse(text)) if t.type in ACTIVE]
    return found + [repr(c) for c in text if c in HIDDEN]
