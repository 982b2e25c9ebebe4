"""What the command line prints: results on stdout, notices and progress on stderr."""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn

from rich.console import Console
from rich.theme import Theme

from api.plain_text import single_line

_THEME = Theme(
    {
        "markdown.marker": "bold cyan",
        "markdown.math": "italic",
        "markdown.code": "cyan",
        "markdown.h1": "bold",
        "markdown.h2": "bold",
        "markdown.h3": "bold",
        "quote": "bold",
        "marker": "bold cyan",
        "quiet": "dim",
        "notice": "yellow",
    }
)


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


def output() -> Console:
    """Return a console on stdout that takes text as it is: no markup, no emoji codes."""
    return _console(sys.stdout)


def notices() -> Console:
    """Return a console on stderr that takes text as it is: no markup, no emoji codes."""
    return _console(sys.stderr)


def notice(message: str) -> None:
    """Print one line for people on stderr."""
    print(single_line(message), file=sys.stderr, flush=True)


def print_json(data: dict[str, Any] | list[dict[str, Any]]) -> None:
    """Print one JSON value in UTF-8 on stdout, indented when a person is looking."""
    _print_json(data, indent=2 if sys.stdout.isatty() else None)


def print_json_line(data: dict[str, Any]) -> None:
    """Print one JSON object on a line of its own in UTF-8 on stdout, at once."""
    _print_json(data, indent=None)


def _print_json(data: dict[str, Any] | list[dict[str, Any]], indent: int | None) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=indent, default=str) + "\n"
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _console(stream: Any) -> Console:
    return _Console(file=stream, markup=False, emoji=False, highlight=False, theme=_THEME)
