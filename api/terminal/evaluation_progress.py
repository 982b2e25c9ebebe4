"""Progress of an evaluation on stderr: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from api.terminal.progress_bars import progress_bars


@contextmanager
def counting(console: Console, total: int) -> Iterator[Callable[[], None]]:
    """Yield what is called before each question; a bar is drawn when `console` is a terminal."""
    if not console.is_terminal:
        yield lambda: None
        return
    with progress_bars(console) as progress:
        bar = progress.add_task("Asking", total=total)
        yield lambda: progress.advance(bar)
