"""Markdown in the terminal, with the same parser as the page."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Heading, Markdown

from api.markdown.markdown import parser
from api.plain_text import printable


class _LeftHeading(Heading):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        self.text.justify = "left"
        yield self.text


class TerminalMarkdown(Markdown):
    """Rich's Markdown without HTML; formulas stay, and `[n]` has a style of its own."""

    elements = {**Markdown.elements, "heading_open": _LeftHeading}  # noqa: RUF012  as in Rich
    inlines = Markdown.inlines | {"marker", "math"}

    def __init__(self, text: str, citations: int = 0) -> None:
        super().__init__("", code_theme="ansi_dark", hyperlinks=False)
        self.markup = printable(text)
        self.parsed = parser().parse(self.markup, {"citations": citations})
        for token in self.parsed:
            if token.type == "math_block":
                token.type, token.tag = "fence", "code"
