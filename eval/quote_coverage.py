"""Find what an answer says beyond its quotes; an extractive answer says nothing beyond them.

Besides quotes, an answer may hold markers, list marks and the frame of a table; the names of the
glossary and the question's own words as the titles of columns; the term of a cited entry as a
label; and the fixed sentences that tell how much of a list is left out, or that the glossary does
not answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from rag.answer import Answer, Citation
from rag.chat import NEAREST, NOT_HERE
from rag.inert import inert

_MARKER = re.compile(r"\[\d+\]")
_LIST_MARK = re.compile(r"(?m)^(?:-|\d+\.) ")
_DASH = re.compile(r"(?m)^ *– *$")  # between a title and what stands under it
_TABLE_RULE = re.compile(r"(?m)^\|(?: --- \|)+$")
_LEFT_OUT = re.compile(r"(?m)^\*\(\d+ more in the source\)\*$")
_WORD = re.compile(r"\w+")
_TITLE_ROW = re.compile(r"\| .+ \|$")
_CELL_EDGE = re.compile(r"(?<!\\)\|")
_TAKEN = "\n"


def uncovered(answer: Answer, names: Collection[str], labels: Collection[str]) -> list[str]:
    """Return the pieces of an answer's text that no quote covers.

    `names` are the terms and aliases of the glossary, case folded; `labels` are the terms of the
    cited entries, as they are.
    """
    text = answer.text
    for citation in sorted(answer.citations, key=lambda citation: -len(citation.quote)):
        text = _without_quote(text, citation)
    if not answer.answerable:
        text = re.sub(NEAREST.format(terms=".*"), _without_nearest(answer), text)
        text = text.replace(NOT_HERE, _TAKEN)
    for connective in (_LEFT_OUT, _TABLE_RULE, _LIST_MARK, _DASH, _MARKER):
        text = connective.sub(_TAKEN, text)
    for term in labels:
        text = re.sub(rf"(?m)^\*\*{re.escape(term)}\*\*$", _TAKEN, text)
    own_words = set(_WORD.findall(f"{answer.question} {answer.standalone_question}".casefold()))
    pieces = (piece for line in text.split("\n") for piece in _rest(line, names, own_words))
    return [piece for piece in pieces if piece]


def _rest(line: str, names: Collection[str], own_words: set[str]) -> list[str]:
    """Return what is left of a line; of the title row of a table, the cells that are no titles."""
    if _TITLE_ROW.match(line):
        cells = (cell.strip() for cell in _CELL_EDGE.split(line))
        return [cell for cell in cells if not _is_title(cell, names, own_words)]
    return [_CELL_EDGE.sub(" ", line).strip()]


def _without_quote(text: str, citation: Citation) -> str:
    """Take a quote out where its marker follows it, or where it fills whole lines (a table)."""
    marker = re.escape(f"[{citation.number}]")
    in_cell = " ".join(citation.quote.split()).replace("|", "\\|")
    for quote in {re.escape(form) for form in (citation.quote, inert(citation.quote), in_cell)}:
        text = re.sub(rf"(?<!\w){quote} {marker}", _TAKEN, text)
        text = re.sub(rf"(?m)^{quote}$", _TAKEN, text)
    if citation.quote.endswith("|"):
        row = re.escape(citation.quote[:-1].rstrip())
        text = re.sub(rf"(?m)^{row} {marker} \|$", _TAKEN, text)
    return text


def _without_nearest(answer: Answer) -> str:
    """Return the frame of the nearest terms when it names just these, else what it should be."""
    bold = [f"**{term}**" for term in answer.nearest_terms]
    listed = bold[0] if len(bold) == 1 else f"{', '.join(bold[:-1])} and {bold[-1]}"
    return _TAKEN if NEAREST.format(terms=listed) in answer.text else "unlisted terms"


def _is_title(piece: str, names: Collection[str], own_words: set[str]) -> bool:
    plain = piece.replace("\\|", "|").casefold()
    words = _WORD.findall(plain)
    return plain in names or (bool(words) and own_words.issuperset(words))
