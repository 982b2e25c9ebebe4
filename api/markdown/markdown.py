"""Markdown of answers and entries, parsed once for the page and the terminal; never raw HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from api.markdown.formula_syntax import add_formulas
from api.markdown.highlight import highlight
from api.markdown.html import renderer
from api.markdown.outline import outlined
from api.markdown.sanitising import LINK_SCHEMES, sanitised

_MARKER = re.compile(r"\[([1-9]\d{0,3})\]")
_WITHIN_SOURCE = re.compile(r"(?:#|\.{0,2}/(?!/))|[^:?#]+\.(?:md|html?)(?:#|$)")
_ANSWER_TOP, _ENTRY_TOP = 3, 2  # the levels of headings on which a text begins


def parser() -> MarkdownIt:
    """Return a parser: CommonMark with tables and formulas; no HTML, no images, safe links.

    Of a link within the source's own site, which leads nowhere here, the text remains.
    In an environment `{"citations": n}` the markers [1] to [n] become tokens of type "marker".
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.disable(["image", "html_block", "html_inline"])
    add_formulas(markdown)
    markdown.core.ruler.push("marker", _split_markers)
    markdown.core.ruler.before("marker", "within_source", _unlink)
    markdown.validateLink = _is_link  # type: ignore[method-assign]
    return markdown


def to_html(text: str, citations: int = 0) -> str:
    """Return an answer as safe HTML in which `[n]` links to `#source-n`, for n up to `citations`.

    Formulas are MathML; headings begin at h3.
    """
    tokens = parser().parse(text, {"citations": citations})
    return sanitised(renderer().render(outlined(tokens, _ANSWER_TOP, is_linked=False)))


def entry_html(body: str, span: tuple[int, int] | None = None) -> str:
    """Return the body of an entry as safe HTML; headings begin at h2 and have links to themselves.

    The characters of `span`, start and end in `body`, are marked, all in `<mark>` and the first
    of these with the id "quote". A formula of which a part is meant is marked whole.

    Raises:
        ValueError: the body has no such characters.
    """
    tokens: list[Token] = parser().parse(body, {})
    outlined(tokens, _ENTRY_TOP, is_linked=True)
    if span:
        tokens = highlight(tokens, body, *span)
    return sanitised(renderer().render(tokens))


def _is_link(url: str) -> bool:
    try:
        return urlsplit(url).scheme.lower() in LINK_SCHEMES or _is_within_source(url)
    except ValueError:
        return False


def _is_within_source(url: object) -> bool:
    return isinstance(url, str) and _WITHIN_SOURCE.match(url) is not None


def _unlink(state: StateCore) -> None:
    for token in state.tokens:
        if token.children:
            token.children = list(_without_inner_links(token.children))


def _without_inner_links(tokens: Iterable[Token]) -> Iterable[Token]:
    dropped = False  # links do not nest
    for token in tokens:
        if token.type == "link_open":
            dropped = _is_within_source(token.attrGet("href"))
        if token.type not in ("link_open", "link_close") or not dropped:
            yield token


def _split_markers(state: StateCore) -> None:
    citations = state.env.get("citations", 0)
    for token in state.tokens:
        if citations and token.type == "inline" and token.children:
            token.children = list(_with_markers(token.children, citations))


def _with_markers(tokens: Iterable[Token], citations: int) -> Iterable[Token]:
    link_depth = 0
    for token in tokens:
        link_depth += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "text" and link_depth == 0:
            yield from _split_text(token, citations)
        else:
            yield token


def _split_text(token: Token, citations: int) -> Iterable[Token]:
    done = 0
    for match in _MARKER.finditer(token.content):
        if int(match[1]) <= citations:
            if match.start() > done:
                yield token.copy(content=token.content[done : match.start()])
            yield Token("marker", "marker", 0, content=match[0], info=match[1])
            done = match.end()
    if done < len(token.content):
        yield token.copy(content=token.content[done:])
