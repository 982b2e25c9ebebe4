"""The noun WritingAsker: questions of the command line, answered by a language model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import TypeVar

from api.terminal.asker import Asker, History, OnText
from rag.answer import Answer
from rag.chat import Chat
from rag.models.patience import Patience
from rag.settings import Settings
from rag.turn import Turn
from rag.writing.answer_event import Delta, Finished
from rag.writing.answering import Answering, Asked, Writing

T = TypeVar("T")


class WritingAsker(Asker):
    """Has a language model write the answers; one event loop serves them all.

    The connections of some models belong to the loop on which they were made.
    """

    def __init__(self, chat: Chat, settings: Settings, generator: Patience) -> None:
        super().__init__(chat)
        self.model = generator.name
        self._generator = generator
        self._answering = Answering(self._run, generator, Writing.of(settings))
        self._runner = asyncio.Runner()

    def ask(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        history: History = (),
        on_text: OnText | None = None,
    ) -> Answer:
        """Answer a question; `on_text` hears the verified text as it grows."""
        asked = Asked(question, turns=turns, history=history)
        return self._runner.run(self._written(asked, on_text))

    def __exit__(self, *_: object) -> None:
        """Close the model's connections."""
        self._runner.run(self._generator.aclose())
        self._runner.close()

    async def _written(self, asked: Asked, on_text: OnText | None) -> Answer:
        text = ""
        async with aclosing(self._answering.events(asked)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    return event.answer
                if isinstance(event, Delta) and on_text:
                    text += event.text
                    on_text(text)
        raise RuntimeError("the answer ended before it was complete")

    async def _run(self, work: Callable[[Chat], T], patience: int = 0) -> T:  # noqa: ARG002
        return work(self.chat)
