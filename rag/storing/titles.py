"""Titles of conversations: one line, made of the first question when nobody gave one."""

from __future__ import annotations

import unicodedata

TITLE_CHARS = 80
"""The longest title; what is longer ends in an ellipsis."""

_UNSHOWABLE = {"Cc", "Cs"}  # control characters and lone surrogates, which PostgreSQL refuses


def tidy_title(text: str) -> str:
    """Return a text as a title; "" when nothing of it can be shown."""
    begun = text[: 4 * TITLE_CHARS]
    shown = (" " if unicodedata.category(c) in _UNSHOWABLE else c for c in begun)
    line = " ".join("".join(shown).split())
    return line if len(line) <= TITLE_CHARS else f"{line[: TITLE_CHARS - 1].rstrip()}…"


def in_one_case(text: str) -> str:
    """Return a text as titles are searched: without regard to case and ways of writing a letter."""
    return unicodedata.normalize("NFKC", text).casefold()
