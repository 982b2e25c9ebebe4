"""Markdown to plain words, for embedding and matching; never for quoting."""

from __future__ import annotations

import re

_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)")
_DELIMITER_ROW = re.compile(r"(?m)^[ \t]*\|?[ \t]*:?-{2,}[-:| \t]*$")
_MARKS = re.compile(r"(?m)\*{1,3}|`{1,3}|^[ \t]*(?:#{1,6}|[-+]|\d{1,3}[.)]|>)[ \t]+")
_CELL_EDGE = re.compile(r"(?m)^[ \t]*\||\|[ \t]*$|[ \t]\|[ \t]")
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")
_SPACE = re.compile(r"\s+")


def plain_text(markdown: str) -> str:
    """Return the words of a piece of Markdown on one line, without its marks."""
    text = _LINK.sub(r"\1", markdown)
    text = _DELIMITER_ROW.sub(" ", text)
    text = _CELL_EDGE.sub(" ", _MARKS.sub("", text))
    return _SPACE.sub(" ", text).strip()


def table_cells(row: str) -> list[str]:
    """Return the cells of one Markdown table row, marks kept, white space around them removed."""
    inner = row.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in _UNESCAPED_PIPE.split(inner)]
