"""Where the markers `[n]` of an answer stand: those that a page shows as links, no look-alikes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from api.markdown.markdown import parser
from api.markdown.source_positions import Lines, Piece, pieces

_MARKER = re.compile(r"\[([1-9]\d{0,3})\]")


def marker_places(text: str) -> dict[int, int]:
    """Return for every number where its first marker begins; code, formulas and links have none."""
    first: dict[int, int] = {}
    for piece in _shown_texts(text):
        for match in _MARKER.finditer(piece.token.content):
            place = piece.places[match.start()] if match.start() < len(piece.places) else -1
            if place >= 0 and text.startswith(match[0], place):  # else it is written otherwise
                first.setdefault(int(match[1]), place)
    return first


def _shown_texts(text: str) -> Iterator[Piece]:
    """Yield the plain texts of Markdown that stand in no link."""
    lines = Lines(text)
    block, done = (0, 0), 0
    for token in parser().parse(text, {}):
        if token.map:
            block = token.map[0], token.map[1]
        if token.type == "inline":
            places = lines.places(token.content, block[0], max(block[1], block[0] + 1), done)
            done = places[-1] + 1 if places else done
            yield from _outside_links(token, places)


def _outside_links(token: Token, places: tuple[int, ...]) -> Iterator[Piece]:
    depth = 0
    for piece in pieces(token.content, places, token.children or ()):
        if piece.token.type in ("link_open", "link_close"):
            depth += piece.token.nesting
        elif piece.token.type == "text" and not depth:
            yield piece
