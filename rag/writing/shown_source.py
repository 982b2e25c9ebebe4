"""Set out a source as a language model reads it: its passages with what they need around them.

A passage begins at its first unit. The mark of a list item, the titles of a table and the sentence
that leads in a list may stand before it, so they are shown with it. Quotes and their offsets have
no part in this: they stay those of the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.passage import Passage, UnitKind
from rag.sources import Source
from rag.writing.defusing import defused, one_line

LONGEST_TERM_CHARS = 120
_MARKS = r"(?:(?:[-*+]|\d{1,9}[.)]|>)[ \t]+)*"
_LINE_BEGINS = re.compile(rf"[ \t]*{_MARKS}")
_GOES_ON = re.compile(rf"\s*{_MARKS}")


def shown_source(source: Source, nonce: str) -> str:
    """Return a source between tags that carry the nonce, which nothing in it can close."""
    term = one_line(source.entry.term)[:LONGEST_TERM_CHARS].replace('"', "'")
    text = "".join(shown_parts(source)).strip("\n")
    return (
        f'<source-{nonce} number="{source.number}" term="{defused(term, nonce)}">\n'
        f"{defused(text, nonce)}\n</source-{nonce}>"
    )


def shown_parts(source: Source) -> Iterator[str]:
    """Yield the text of a source passage by passage, each after what joins it to the one before."""
    body = source.entry.body
    section = ""
    end: int | None = None
    for passage in source.passages:
        between = None if end is None else body[end : passage.start]
        if between is not None and _GOES_ON.fullmatch(between):
            yield between
        else:
            is_new = passage.section and passage.section != section
            title = f"## {one_line(passage.section)}\n" if is_new else ""
            yield f"\n\n{title}{_before(body, passage)}"
        yield passage.text
        section, end = passage.section, passage.end


def _before(body: str, passage: Passage) -> str:
    """Return what a passage needs before its first character: titles or lead-in, list mark.

    A passage that begins in the middle of a row or an item gets none: they would not fit it.
    """
    mark = body[body.rfind("\n", 0, passage.start) + 1 : passage.start]
    if not _LINE_BEGINS.fullmatch(mark):
        return ""
    first = passage.units[0] if passage.units else None
    if first is None or first.context is None or first.context[0] >= passage.start:
        return mark
    start, end = first.context
    if first.kind is UnitKind.TABLE_ROW:
        return f"{body[start : _line_end(body, end + 1)]}\n{mark}"
    return f"{body[start:end]}\n\n{mark}"


def _line_end(body: str, position: int) -> int:
    """Return where the line that holds a position ends: of a table, the line below its titles."""
    found = body.find("\n", position)
    return found if found >= 0 else len(body)
