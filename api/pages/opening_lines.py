"""The first lines of an entry, for lists of entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markdown_it.token import Token
from markupsafe import Markup

from api.markdown.formula_syntax import DISPLAY, INLINE
from api.markdown.html import renderer
from api.markdown.markdown import parser
from api.markdown.sanitising import sanitised
from api.plain_text import printable

SHOWN_CHARS = 240
_READ_CHARS = 2_000  # of a body; its first paragraph is hardly ever longer
_LINKS = frozenset({"link_open", "link_close"})


def opening_html(body: str) -> Markup:
    """Return the first words of the first paragraph as safe HTML without links or blocks."""
    tokens = parser().parse(printable(body[:_READ_CHARS]), {})
    found = next(_paragraphs(tokens), ())
    inline = Token("inline", "", 0, children=list(_shortened(found)))
    return Markup(sanitised(renderer().render([inline])))  # noqa: S704  sanitised


def _paragraphs(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open" and inline.children:
            yield inline.children


def _shortened(children: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens until enough was said, then what closes those still open."""
    left = SHOWN_CHARS
    open_tokens: list[Token] = []
    for token in children:
        if token.type in _LINKS:
            continue
        if token.nesting == 1:
            open_tokens.append(token)
        elif token.nesting == -1:
            open_tokens.pop()
        if token.type == "text" and len(token.content) > left:
            cut = token.content[:left].rpartition(" ")[0]
            yield token.copy(content=f"{cut} …")
            break
        yield token.copy(type=INLINE) if token.type == DISPLAY else token
        left -= len(token.content)
    for token in reversed(open_tokens):
        yield Token(token.type.replace("_open", "_close"), token.tag, -1, markup=token.markup)
