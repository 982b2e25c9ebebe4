"""Parsed Markdown as HTML: tables that scroll, formulas as MathML, citations, marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from api.markdown.formula_syntax import BLOCK, DISPLAY, INLINE
from api.markdown.formulas import formula_html
from api.markdown.highlight import CLOSE, MARKED, OPEN

Rule = Callable[..., str]


class MarkdownRenderer:
    """Renders one text. The first mark gets the id "quote"; it is not safe before sanitising."""

    def __init__(self) -> None:
        self._markdown = MarkdownIt("commonmark", {"html": False})
        self._marks = 0
        for name, rule in self._rules().items():
            self._markdown.renderer.rules[name] = rule  # type: ignore[attr-defined]

    def render(self, tokens: Sequence[Token]) -> str:
        """Return the tokens as HTML."""
        return str(self._markdown.renderer.render(tokens, self._markdown.options, {}))

    def _rules(self) -> dict[str, Rule]:
        return {
            "marker": _marker,
            "link_open": _link,
            "table_open": _table_open,
            "table_close": _table_close,
            "th_open": _cell,
            "td_open": _cell,
            "heading_close": _heading_close,
            "code_inline": self._code_inline,
            "code_block": self._code_block,
            "fence": self._code_block,
            INLINE: _formula,
            DISPLAY: _display_formula,
            BLOCK: _display_formula,
            OPEN: self._mark_open,
            CLOSE: _mark_close,
        }

    def _mark_open(self, *_: Any) -> str:
        self._marks += 1
        return '<mark id="quote">' if self._marks == 1 else "<mark>"

    def _code(self, token: Token) -> str:
        if MARKED not in token.meta:
            return escape(token.content, quote=False)
        begin, stop = token.meta[MARKED]
        before, quote, after = (
            escape(part, quote=False)
            for part in (token.content[:begin], token.content[begin:stop], token.content[stop:])
        )
        return f"{before}{self._mark_open()}{quote}</mark>{after}"

    def _code_inline(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        return f"<code>{self._code(tokens[index])}</code>"

    def _code_block(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        language = "".join(tokens[index].info.split()[:1])
        name = f' class="language-{escape(language)}"' if language else ""
        return f'<pre tabindex="0"><code{name}>{self._code(tokens[index])}</code></pre>\n'


def renderer() -> MarkdownRenderer:
    """Return a renderer for one text."""
    return MarkdownRenderer()


def _marker(tokens: Sequence[Token], index: int, *_: Any) -> str:
    number = tokens[index].info
    return f'<a class="marker" href="#source-{number}" aria-label="Source {number}">{number}</a>'


def _link(tokens: Sequence[Token], index: int, options: Any, __: Any) -> str:
    tokens[index].attrSet("rel", "noopener noreferrer nofollow")
    return RendererHTML().renderToken(tokens, index, options, {})


def _table_open(*_: Any) -> str:
    return '<div class="wide" role="group" aria-label="Table" tabindex="0"><table>\n'


def _table_close(*_: Any) -> str:
    return "</table></div>\n"


def _cell(tokens: Sequence[Token], index: int, *_: Any) -> str:
    """Say how a cell is aligned by a class: the page allows no style within the HTML."""
    alignment = str(tokens[index].attrGet("style") or "").removeprefix("text-align:")
    name = f' class="{alignment}"' if alignment in ("center", "right") else ""
    return f"<{tokens[index].tag}{name}>"


def _heading_close(tokens: Sequence[Token], index: int, *_: Any) -> str:
    token = tokens[index]
    if "id" not in token.meta:
        return f"</{token.tag}>\n"
    name = escape(token.meta["text"])
    anchor = f'<a class="anchor" href="#{token.meta["id"]}" aria-label="Link to {name}">#</a>'
    return f"{anchor}</{token.tag}>\n"


def _formula(tokens: Sequence[Token], index: int, *_: Any) -> str:
    return formula_html(tokens[index].content, is_block=False)


def _display_formula(tokens: Sequence[Token], index: int, *_: Any) -> str:
    formula = formula_html(tokens[index].content, is_block=True)
    is_block = tokens[index].type == BLOCK
    tag = "div" if is_block else "span"
    return f'<{tag} class="formula" tabindex="0" role="group">{formula}</{tag}>'


def _mark_close(*_: Any) -> str:
    return "</mark>"
