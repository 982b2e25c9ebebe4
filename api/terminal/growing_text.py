"""The noun GrowingText: an answer in the terminal while it is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from api.plain_text import printable, single_line

if TYPE_CHECKING:
    from rich.live import Live

_LINES_KEPT_FREE = 4


class GrowingText:
    """Shows the verified text as it grows, and takes it away again when it is complete.

    Nothing is shown without a language model, whose answers are there at once, nor where the
    output is no terminal.
    """

    def __init__(self, console: Console, model: str) -> None:
        self._console = console
        self._model = single_line(model)
        self._live: Live | None = None

    def show(self, text: str) -> None:
        """Show the end of the text so far."""
        if self._live:
            lines = printable(text).splitlines()
            most = max(4, self._console.height - _LINES_KEPT_FREE)
            self._live.update(Text("\n".join(lines[-most:])))

    def __enter__(self) -> GrowingText:
        """Say who is writing."""
        if self._model and self._console.is_terminal:
            from rich.live import Live

            waiting = Text(f"{self._model} is writing ...", style="quiet")
            self._live = Live(waiting, console=self._console, transient=True, refresh_per_second=10)
            self._live.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Clear what was shown."""
        if self._live:
            self._live.__exit__(None, None, None)
