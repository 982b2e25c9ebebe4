"""The noun Asker: questions of the command line, answered with or without a language model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answer import Answer
from rag.chat import Chat
from rag.turn import Turn

OnText = Callable[[str], None]
"""Called with the whole verified text so far, each time there is more of it."""

History = Sequence[tuple[str, str]]


class Asker:
    """Answers one question after another on one opened snapshot, by quoting."""

    model = ""
    """The name of the language model, "" without one."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat

    def ask(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        history: History = (),  # noqa: ARG002  for those who write
        on_text: OnText | None = None,  # noqa: ARG002  likewise: quotes are there at once
    ) -> Answer:
        """Answer a question after the `turns` before it, given also as (question, answer) pairs.

        Raises:
            QuestionEmpty, QuestionTooLong: the question cannot be searched for.
        """
        return self.chat.ask(question, turns)

    def __enter__(self) -> Asker:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what was opened for asking."""
