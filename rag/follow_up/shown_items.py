"""Read back from an answer's Markdown what it listed, so that "the second one" can be resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.plain import plain_text, table_cells

MAX_WORDS = 6
_ITEM = re.compile(r"^(?:[-*+•]|\d{1,3}[.)])[ \t]+(?P<text>.+)$")
_MARKER = re.compile(r"\s*(?<!\\)\[\d+\]")
_DELIMITER = re.compile(r"^\|?[\s:|-]*-[\s:|-]*$")
_BOLD = re.compile(r"^\*\*(?P<label>[^*\n]+)\*\*")
_LABEL = re.compile(r"^(?P<label>[^:–—]+?)(?::| [–—-] )")
_CLAUSE = re.compile(r"[,;:.(]")


def shown_items(markdown: str) -> tuple[str, ...]:
    """Return the labels of the first list or table of two rows or more, else none.

    Of a comparison, whose column titles cite nothing, the titles are the items.
    """
    lines = markdown.splitlines()
    for start, line in enumerate(lines):
        if line.startswith("|"):
            items = _of_table(lines[start:])
        elif _ITEM.match(line):
            items = list(_of_list(lines[start:]))
        else:
            continue
        labels = tuple(filter(None, items))
        if len(set(labels)) > 1:
            return labels
    return ()


def _of_table(lines: list[str]) -> list[str]:
    rows: list[str] = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append(line)
    if len(rows) > 2 and _DELIMITER.match(rows[1]):
        if not _MARKER.search(rows[0]):
            return [_label(cell) for cell in table_cells(rows[0])]
        rows = rows[2:]
    return [_label(table_cells(row)[0]) for row in rows]


def _of_list(lines: list[str]) -> Iterator[str]:
    for line in lines:
        item = _ITEM.match(line)
        if item:
            yield _label(item["text"])
        elif line.strip() and not line.startswith((" ", "\t")):
            return


def _label(text: str) -> str:
    """Return what an item is called: its bold beginning, the words before a colon, or its head."""
    bare = _MARKER.sub("", text).strip()
    match = _BOLD.match(bare) or _LABEL.match(bare)
    label = plain_text(match["label"] if match else bare).rstrip(" :.")
    if len(label.split()) > MAX_WORDS:
        label = _CLAUSE.split(label)[0].strip()
    return " ".join(label.split()[:MAX_WORDS])
