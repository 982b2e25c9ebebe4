"""What the words of one piece tell by themselves, and how it looks with its markers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus.plain import plain_text, table_cells
from rag.support.support import Finding, Quote
from rag.writing.pieces import PieceKind

_SELF = re.compile(r"\b(?:I|I['’]m|[Mm]e|[Mm]y|myself)\b")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CLOSING = re.compile(r"(?:\*\*|__)\s")
_CODE = re.compile(r"`[^`]*`")
FEWEST_WORDS = 3


def closed(text: str) -> str:
    """Return a text without the emphasis that another piece closes or opened.

    The other piece may be withheld, and its mark would stand there as it is.
    """
    for mark in ("**", "__"):
        if _CODE.sub("", text).count(mark) % 2:
            short = text.removeprefix(mark)
            text = (short if short != text else text.removesuffix(mark)).strip()
    return text


def gap_inside(text: str) -> str:
    """Return the space behind a mark that closes the emphasis of the piece before: "** And"."""
    return " " if _CLOSING.match(text) else ""


def own_words(text: str, finding: Finding) -> tuple[str, ...]:
    """Return where a model speaks of itself and the quotes do not."""
    quoted = " ".join(quote.text for quote in finding.quotes)
    return tuple(_SELF.findall(text)) if not _SELF.search(quoted) else ()


def repeated_numbers(text: str, finding: Finding) -> tuple[str, ...]:
    """Return the numbers that a text has more often than any one of its quotes.

    A quote of "10 to 100" has every number of "100 to 100".
    """
    said = Counter(_NUMBER.findall(text))
    quoted: Counter[str] = Counter()
    for quote in finding.quotes:
        quoted |= Counter(_NUMBER.findall(quote.text))
    return tuple(number for number, count in said.items() if 0 < quoted[number] < count)


def is_label(text: str) -> bool:
    """Tell whether an item only names what the items behind it are about."""
    is_marked = text.startswith(("**", "__")) or text.endswith(":")
    return is_marked and is_fragment(text) and any(map(str.isalpha, text))


def is_fragment(text: str) -> bool:
    """Tell whether a text is too short to be a statement: a word or two support anything."""
    return sum(any(map(str.isalnum, word)) for word in text.split()) < FEWEST_WORDS


def headers(quote: Quote) -> list[str]:
    """Return the row of titles above a quoted row of a table."""
    body = quote.source.entry.body
    return [
        body[slice(*unit.context)]
        for unit in quote.passage.units
        if unit.context and (unit.start, unit.end) == (quote.start, quote.end)
    ]


def row_in_words(columns: Sequence[str], row: str) -> str:
    """Return a row with the title of each column before its cell, as what it claims."""
    pairs = zip(columns, table_cells(row), strict=False)
    return plain_text(", ".join(f"{title} {cell}" for title, cell in pairs))


def with_markers(kind: PieceKind, text: str, markers: str) -> str:
    """Return a text with its markers behind it, where its kind can have them."""
    if not markers:
        return text
    if kind in (PieceKind.CODE, PieceKind.FORMULA):
        return f"{text}\n\n{markers}"
    if kind is PieceKind.TABLE_ROW and text.endswith("|"):
        return f"{text[:-1].rstrip()} {markers} |"
    return f"{text} {markers}"
