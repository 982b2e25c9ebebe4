"""Open the live snapshot for a command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.answerable import AnswerableModel
    from rag.chat import Chat


def open_live(
    home: Path | None, llm: str | None = None, answerable: AnswerableModel | None = None
) -> Chat:
    """Return a Chat on the live snapshot; slow one-time work is announced on stderr."""
    from api.commands.options import settings
    from api.terminal import notice
    from rag.opening import open_chat

    return open_chat(settings(home, llm=llm), notice, answerable)
