r"""The Markdown syntax of formulas: $…$ and $$…$$, and LaTeX's own \(…\) and \[…\]."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath import dollarmath_plugin

from api.markdown.formulas import LONGEST_CHARS

INLINE, DISPLAY, BLOCK = "math_inline", "math_inline_double", "math_block"
_CLOSING = {r"\(": (r"\)", INLINE), r"\[": (r"\]", DISPLAY)}


def add_formulas(markdown: MarkdownIt) -> None:
    """Let a parser find formulas: tokens of the types INLINE, DISPLAY and BLOCK."""
    markdown.use(dollarmath_plugin, allow_labels=False, allow_digits=False)
    markdown.inline.ruler.before("escape", "latex_brackets", _brackets)


def _brackets(state: StateInline, silent: bool) -> bool:
    opening = state.src[state.pos : state.pos + 2]
    if opening not in _CLOSING:
        return False
    closing, kind = _CLOSING[opening]
    begin = state.pos + 2
    end = state.src.find(closing, begin, min(state.posMax, begin + LONGEST_CHARS))
    if end < 0 or not state.src[begin:end].strip():
        return False
    if not silent:
        token = state.push(kind, "math", 0)
        token.content, token.markup = state.src[begin:end], opening
    state.pos = end + 2
    return True
