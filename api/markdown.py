"""Markdown of answers and entries, parsed once for the page and the terminal; never raw HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

LINK_SCHEMES = frozenset({"http", "https", "mailto"})
_MARKER = re.compile(r"\[([1-9]\d{0,3})\]")
_WITHIN_SOURCE = re.compile(r"(?:#|\.{0,2}/(?!/))|[^:?#]+\.(?:md|html?)(?:#|$)")
_HEADING_SHIFT = 2  # the page has h1 and h2 of its own


def parser() -> MarkdownIt:
    """Return a parser: CommonMark with tables and formulas; no HTML, no images, safe links.

    Of a link within the source's own site, which leads nowhere here, the text remains.
    In an environment `{"citations": n}` the markers [1] to [n] become tokens of type "marker".
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.disable(["image", "html_block", "html_inline"])
    markdown.use(dollarmath_plugin, allow_labels=False, allow_digits=False)
    markdown.core.ruler.push("marker", _split_markers)
    markdown.core.ruler.before("marker", "within_source", _unlink)
    markdown.validateLink = _is_link  # type: ignore[method-assign]
    return markdown


def to_html(text: str, citations: int = 0) -> str:
    """Return `text` as HTML in which `[n]` links to `#source-n`, for n up to `citations`."""
    markdown = parser()
    rules: dict[str, Any] = {
        "marker": _marker_html,
        "link_open": _link_html,
        "table_open": _table_open_html,
        "table_close": _table_close_html,
        "math_inline": _formula_html,
        "math_inline_double": _formula_html,
        "math_block": _formula_block_html,
        "heading_open": _heading_html,
        "heading_close": _heading_html,
    }
    for name, rule in rules.items():
        markdown.add_render_rule(name, rule)
    return str(markdown.render(text, {"citations": citations}))


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


def _marker_html(_: RendererHTML, tokens: Sequence[Token], index: int, *__: Any) -> str:
    number = tokens[index].info
    return f'<a class="marker" href="#source-{number}" aria-label="Source {number}">{number}</a>'


def _link_html(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    tokens[index].attrSet("rel", "noopener noreferrer nofollow")
    return renderer.renderToken(tokens, index, options, env)


def _heading_html(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    level = min(6, int(tokens[index].tag[1:]) + _HEADING_SHIFT)
    shifted = tokens[index].copy(tag=f"h{level}")
    return renderer.renderToken(
        [*tokens[:index], shifted, *tokens[index + 1 :]], index, options, env
    )


def _table_open_html(*_: Any) -> str:
    return '<div class="wide" role="region" aria-label="Table" tabindex="0"><table>\n'


def _table_close_html(*_: Any) -> str:
    return "</table></div>\n"


def _formula_html(_: RendererHTML, tokens: Sequence[Token], index: int, *__: Any) -> str:
    return f'<code class="formula">{escapeHtml(tokens[index].content)}</code>'


def _formula_block_html(_: RendererHTML, tokens: Sequence[Token], index: int, *__: Any) -> str:
    formula = escapeHtml(tokens[index].content.strip())
    return f'<pre class="formula" tabindex="0"><code>{formula}</code></pre>\n'
