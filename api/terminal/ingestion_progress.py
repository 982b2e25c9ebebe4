"""Progress of an ingestion on stderr: bars on a terminal, only the slow steps elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, TaskID
from rich.text import Text

from api.plain_text import single_line
from api.terminal.progress_bars import progress_bars
from rag.embedding import OnStatus
from rag.ingestion import StageProgress

_TITLES = {"read": "Reading", "embed": "Embedding", "index": "Indexing"}


class StageBars:
    """One bar per stage, added when the stage is first heard of."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bars: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Move the bar of a stage to `done` of `total`."""
        if stage not in self._bars:
            self._bars[stage] = self._progress.add_task(_TITLES.get(stage, stage))
        self._progress.update(self._bars[stage], completed=done, total=total)


@contextmanager
def following(console: Console) -> Iterator[tuple[StageProgress, OnStatus]]:
    """Yield the two listeners of an ingestion; bars are drawn when `console` is a terminal."""
    say = _sayer(console)
    if not console.is_terminal:
        yield _ignore, say
        return
    with progress_bars(console) as progress:
        yield StageBars(progress), say


def _sayer(console: Console) -> Callable[[str], None]:
    return lambda message: console.print(Text(single_line(message)))


def _ignore(_stage: str, _done: int, _total: int) -> None:
    """Hear progress and show nothing."""
