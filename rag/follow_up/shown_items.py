"""Read back from an answer's Markdown what it listed, so that "the second one" can be resolved.

Only what was offered to choose from counts: a table, or the one list of an answer that begins with
it. The bullets below a definition are further sentences; nobody means them by "the second one".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from corpus.plain import plain_text, table_cells

SHORT_WORDS = 8  # of a clause that can stand for its item
MAX_WORDS = 20  # of an item that is called by all its words
_ITEM = re.compile(r"^(?:[-*+•]|\d{1,3}[.)])[ \t]+(?P<text>.+)$")
_MARKER = re.compile(r"\s*(?<!\\)\[\d+\]")
_DELIMITER = re.compile(r"^\|?[\s:|-]*-[\s:|-]*$")
_BOLD = re.compile(r"^\*\*(?P<label>[^*\n]+)\*\*")
_LABEL = re.compile(r"^(?P<label>[^:–—]+?)(?::| [–—-] )")
_CLAUSE = re.compile(r"[,;.(](?=\s|$)|\s(?=\()")


def shown_items(markdown: str) -> tuple[str, ...]:
    """Return the labels of the table that an answer has or of the list that it is, else none.

    An item that is too long to be called by its words keeps its place, as "". Of a comparison,
    whose column titles cite nothing, the titles are the items.
    """
    blocks = list(_blocks(markdown))
    tables = (_of_table(block) for block in blocks if block[0].startswith("|"))
    lists = [_of_list(block) for block in blocks if _ITEM.match(block[0])]
    leading = list(takewhile(_is_title, blocks))
    is_list = len(lists) == 1 and bool(_ITEM.match(blocks[len(leading)][0]))
    offered = [*tables, *(lists if is_list else ())]
    labels = next((tuple(items) for items in offered if len(items) > 1), ())
    return labels if len(set(filter(None, labels))) > 1 or not any(labels) else ()


def _blocks(markdown: str) -> Iterator[list[str]]:
    """Yield tables, lists and other lines; blank lines and further lines of an item part none."""
    block: list[str] = []
    for line in markdown.splitlines():
        if not line.strip():
            continue
        is_indented = line.startswith((" ", "\t"))
        if block and (_form(line) == _form(block[0]) != "" or (is_indented and _form(block[0]))):
            block.append(line)
            continue
        if block:
            yield block
        block = [line]
    if block:
        yield block


def _form(line: str) -> str:
    return "table" if line.startswith("|") else "list" if _ITEM.match(line) else ""


def _is_title(block: list[str]) -> bool:
    """Tell whether a block is a title or a lead-in rather than a list or a sentence."""
    line = _MARKER.sub("", block[0]).rstrip(" *")
    return not _form(line) and not line.endswith((".", "!", "?"))


def _of_table(rows: list[str]) -> list[str]:
    if len(rows) > 2 and _DELIMITER.match(rows[1]):
        if not _MARKER.search(rows[0]):
            return [_label(cell) for cell in table_cells(rows[0])]
        rows = rows[2:]
    return [_label(table_cells(row)[0]) for row in rows]


def _of_list(lines: list[str]) -> list[str]:
    return [_label(item["text"]) for item in map(_ITEM.match, lines) if item]


def _label(text: str) -> str:
    """Return what an item is called: its bold beginning, what is before a colon, or its clause."""
    bare = _MARKER.sub("", text).strip()
    match = _BOLD.match(bare) or _LABEL.match(bare)
    label = plain_text(match["label"] if match else bare).rstrip(" :.")
    clause = _CLAUSE.split(label)[0].strip()
    if len(label.split()) > SHORT_WORDS >= len(clause.split()):
        label = clause
    return label if len(label.split()) <= MAX_WORDS else ""
