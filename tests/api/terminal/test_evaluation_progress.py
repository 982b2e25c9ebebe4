from __future__ import annotations

from io import StringIO

from rich.console import Console

from api.terminal.evaluation_progress import counting


def test_a_terminal_shows_how_many_questions_were_asked() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=80)
    with counting(console, 3) as advance:
        for _ in range(3):
            advance()
    assert isinstance(console.file, StringIO)
    assert "Asking" in console.file.getvalue()
    assert "3/3" in console.file.getvalue()


def test_elsewhere_nothing_is_written() -> None:
    console = Console(file=StringIO())
    with counting(console, 3) as advance:
        advance()
    assert isinstance(console.file, StringIO)
    assert console.file.getvalue() == ""
