"""The noun Block: one top-level block of a Markdown file, with its lines."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block.

    Attributes:
        kind: "heading", "list", "paragraph" or "other".
        line: first line in the file, from 1.
        end_line: the line after the last one.
        markdown: the block's own Markdown; of a heading, its text alone.
        level: 1 to 6 for a heading, else 0.
        items: of a list, the first line and the dedented Markdown of every item.
    """

    kind: str
    line: int
    end_line: int
    markdown: str
    level: int = 0
    items: tuple[tuple[int, str], ...] = ()


def parse_blocks(text: str) -> list[Block]:
    """Return the top-level blocks of a Markdown text in order."""
    parser = MarkdownIt("commonmark").enable("table").disable("inline")
    tokens = parser.parse(text)
    lines = text.split("\n")
    return [
        _block(tokens, index, lines)
        for index, token in enumerate(tokens)
        if token.level == 0 and token.nesting >= 0 and token.map
    ]


def lines_between(text_lines: list[str], start: int, end: int) -> str:
    """Return the lines start..end (from 0, end excluded), blank lines around them removed."""
    return "\n".join(text_lines[start:end]).strip("\n").rstrip()


def _block(tokens: list[Token], index: int, lines: list[str]) -> Block:
    token = tokens[index]
    start, end = token.map or (0, 0)
    if token.type == "heading_open":
        level = int(token.tag[1:])
        return Block("heading", start + 1, end + 1, tokens[index + 1].content, level)
    kind = {
        "bullet_list_open": "list",
        "ordered_list_open": "list",
        "paragraph_open": "paragraph",
    }.get(token.type, "other")
    items = _list_items(tokens, index, lines) if kind == "list" else ()
    return Block(kind, start + 1, end + 1, lines_between(lines, start, end), items=items)


def _list_items(tokens: list[Token], index: int, lines: list[str]) -> tuple[tuple[int, str], ...]:
    items = []
    for token in tokens[index + 1 :]:
        if token.level == 0:
            break
        if token.type == "list_item_open" and token.level == 1 and token.map:
            start, end = token.map
            items.append((start + 1, _item_markdown(lines[start:end], token.markup)))
    return tuple(items)


def _item_markdown(lines: list[str], markup: str) -> str:
    """Take the list marker off the first line and its indent off the others."""
    first = lines[0].lstrip()
    marker_length = first.find(markup) + len(markup)
    rest = textwrap.dedent("\n".join(lines[1:]))
    return (first[marker_length:].strip() + "\n" + rest).strip()
