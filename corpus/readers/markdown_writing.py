"""Write Markdown: the small pieces that HTML and reStructuredText are turned into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"[\\*`]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|\[(?=[^\[\]]*\]\()")
_LINE_START = re.compile(r"^(?:#{1,6}(?=\s)|[-+>](?=\s)|\d{1,9}(?=[.)]\s))")
_BACKTICKS = re.compile(r"`+")
_SPACE = re.compile(r"[ \t\r\n]+")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)


def escape(text: str) -> str:
    """Escape the characters that Markdown would take for marks; white space runs become one."""
    return _SPECIAL.sub(lambda match: "\\" + match[0], _SPACE.sub(" ", text))


def paragraph(inline: str) -> str:
    """Return inline Markdown as a paragraph that cannot be taken for a list or heading."""
    text = inline.strip()
    match = _LINE_START.match(text)
    if match is None:
        return text
    return match[0] + "\\" + text[match.end() :] if match[0].isdigit() else "\\" + text


def emphasis(inline: str, marks: str) -> str:
    """Wrap inline Markdown in `*` or `**`, white space kept outside the marks."""
    text = inline.strip()
    if not text:
        return inline
    start = inline.index(text)
    return f"{inline[:start]}{marks}{text}{marks}{inline[start + len(text) :]}"


def code_span(code: str) -> str:
    """Return inline code, fenced by more backticks than it holds in a row."""
    text = _SPACE.sub(" ", code).strip()
    if not text:
        return ""
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def code_block(code: str, language: str = "") -> str:
    """Return a fenced code block."""
    longest = max((len(run) for run in _BACKTICKS.findall(code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code.strip(chr(10)).rstrip()}\n{fence}"


def link(inline: str, address: str) -> str:
    """Return a link when its address leads to the web, else its text alone."""
    text = inline.strip()
    if not text or not _SAFE_LINK.fullmatch(address):
        return inline
    return f"[{text}]({address.replace('(', '%28').replace(')', '%29')})"


def list_item(marker: str, blocks: Iterable[str]) -> str:
    """Return a list item; its further blocks are indented below the first."""
    text = "\n\n".join(block for block in blocks if block)
    return marker + " " + _indented(text, " " * (len(marker) + 1))


def block_quote(blocks: Iterable[str]) -> str:
    """Return the blocks as a block quote."""
    text = "\n\n".join(block for block in blocks if block)
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table, its first row as the header; short rows are filled with empty cells."""
    width = max((len(row) for row in rows), default=0)
    if not width:
        return ""
    lines = [_table_row(row, width) for row in rows]
    return "\n".join([lines[0], _table_row(["---"] * width, width), *lines[1:]])


def _table_row(cells: Sequence[str], width: int) -> str:
    texts = [_SPACE.sub(" ", cell).strip().replace("|", "\\|") for cell in cells]
    return "| " + " | ".join(texts + [""] * (width - len(texts))) + " |"


def _indented(text: str, indent: str) -> str:
    lines = text.split("\n")
    return "\n".join([lines[0], *(indent + line if line else "" for line in lines[1:])])
