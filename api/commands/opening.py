"""Open the live snapshot for a command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.terminal.asker import Asker
    from rag.answerable import AnswerableModel
    from rag.chat import Chat


def open_live(
    home: Path | None, llm: str | None = None, answerable: AnswerableModel | None = None
) -> Chat:
    """Return a Chat on the live snapshot; slow one-time work is announced on stderr."""
    from api.commands.options import settings
    from api.terminal.terminal import notice
    from rag.opening import open_chat

    return open_chat(settings(home, llm=llm), notice, answerable)


def open_asker(home: Path | None, llm: str | None = None) -> Asker:
    """Return an Asker on the live snapshot; it answers with the language model that is set.

    Raises:
        ModelUnavailable: the language model cannot be had.
    """
    from api.commands.options import settings
    from api.terminal.asker import Asker
    from api.terminal.terminal import notice
    from rag.opening import open_chat
    from rag.quoting.extractive import MODEL

    chosen = settings(home, llm=llm)
    if chosen.llm == MODEL:
        return Asker(open_chat(chosen, notice))
    from api.terminal.writing_asker import WritingAsker
    from rag.models.models import open_generator

    generator = open_generator(chosen, notice)
    if generator is None:
        return Asker(open_chat(chosen, notice))
    return WritingAsker(open_chat(chosen, notice), chosen, generator)
