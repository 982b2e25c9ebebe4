"""Where the pieces of parsed Markdown stand in the text that was parsed.

markdown-it tells the lines of a block and nothing of what is in it. A piece is found by walking
the text beside the tokens: each of them is written in a way that its type and its markup tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from markdown_it.token import Token

_ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,6}|#\d{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPABLE = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_LINE_END = re.compile(r"[ \t]*\\?\n[ \t]*")
_CLOSING = {r"\(": r"\)", r"\[": r"\]"}
MARKED_UP = frozenset({"em_open", "em_close", "strong_open", "strong_close", "s_open", "s_close"})
ENCLOSED = frozenset({"code_inline", "math_inline", "math_inline_double"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A token without children and, for each of its characters, where it stands in the text.

    `places` is empty where that is not known.
    """

    token: Token
    places: tuple[int, ...]


class Lines:
    """The lines of a text, as blocks name them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        for match in re.finditer("\n", text):
            self._starts.append(match.end())

    def places(self, content: str, first: int, last: int, begin: int = 0) -> tuple[int, ...]:
        """Return where each character of `content` stands, line by line within lines of the text.

        Of a line in the text, what stands before its content (indents, markers) is passed over.
        `begin` is the earliest place. Characters that are not found lie at the last place known.
        """
        places: list[int] = []
        at = max(begin, self._start(first))
        limit = self._start(last)
        for line in content.split("\n"):
            at = self._line_places(line, at, limit, places)
            places.append(min(at, limit))  # the line break
            at = self._text.find("\n", at, limit) + 1 or limit
        return tuple(places[:-1])

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the characters of some lines."""
        return self._start(first), self._start(last)

    def _start(self, line: int) -> int:
        return self._starts[line] if line < len(self._starts) else len(self._text)

    def _line_places(self, line: str, at: int, limit: int, places: list[int]) -> int:
        found = self._text.find(line, at, limit)
        if found >= 0:
            places.extend(range(found, found + len(line)))
            return found + len(line)
        for character in line:  # a cell with an escaped bar, a tab that became spaces
            next_at = self._text.find(character, at, limit)
            at = next_at if 0 <= next_at < at + 3 else at
            places.append(at)
            at += next_at >= 0
        return at


def pieces(content: str, places: Sequence[int], children: Sequence[Token]) -> Iterator[Piece]:
    """Yield the tokens of an inline token, whose `content` stands at `places`."""
    walk = _Walk(content)
    for token in children:
        found = walk.pass_over(token)
        yield Piece(token, tuple(places[index] for index in found if index < len(places)))


class _Walk:
    def __init__(self, content: str) -> None:
        self._content = content
        self._at = 0

    def pass_over(self, token: Token) -> Sequence[int]:
        """Return the indexes in the content of the characters of a token; go on behind it."""
        if token.type == "text":
            return self._text(token.content)
        if token.type in MARKED_UP:
            self._expect(token.markup)
        elif token.type in ENCLOSED:
            return self._enclosed(token)
        elif token.type in ("softbreak", "hardbreak"):
            return self._line_end()
        elif token.type == "link_open":
            self._expect("<" if token.markup == "autolink" else "[")
        elif token.type == "link_close":
            self._link_close(token)
        return ()

    def _expect(self, markup: str) -> None:
        found = self._content.find(markup, self._at)
        if found >= 0:
            self._at = found + len(markup)

    def _text(self, text: str) -> list[int]:
        places = []
        for character in text:
            self._at = self._place_of(character)
            places.append(self._at)
            self._at += self._written_length(character)
        return places

    def _place_of(self, character: str) -> int:
        if self._written_length(character):
            return self._at
        found = self._content.find(character, self._at)
        return found if found >= 0 else self._at

    def _written_length(self, character: str) -> int:
        """Return how many characters at the present place write `character`; 0: they do not."""
        content, at = self._content, self._at
        if content[at : at + 2] == f"\\{character}" and character in _ESCAPABLE:
            return 2
        entity = _ENTITY.match(content, at)
        if entity and unescape(entity[0]).startswith(character):
            return len(entity[0])
        return int(content[at : at + 1] == character)

    def _enclosed(self, token: Token) -> range:
        opening = token.markup
        self._expect(opening)
        begin = self._at
        self._expect(_CLOSING.get(opening, opening))
        within = self._content[begin : self._at]
        begin += max(0, within.find(token.content[:1]))
        return range(begin, begin + len(token.content))

    def _line_end(self) -> range:
        found = _LINE_END.search(self._content, self._at)
        if not found:
            return range(0)
        self._at = found.end()
        return range(found.start(), found.start() + 1)

    def _link_close(self, token: Token) -> None:
        if token.markup == "autolink":
            self._expect(">")
            return
        self._expect("]")
        opening = self._content[self._at : self._at + 1]
        if opening == "(":
            self._at = _destination_end(self._content, self._at)
        elif opening == "[":
            self._expect("]")


def _destination_end(content: str, at: int) -> int:
    """Return the index behind the closing bracket of a link's destination."""
    depth = 0
    for index in range(at, len(content)):
        if content[index - 1] != "\\":
            depth += (content[index] == "(") - (content[index] == ")")
        if depth == 0:
            return index + 1
    return len(content)
