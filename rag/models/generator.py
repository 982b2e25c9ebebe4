"""The protocol Generator: a language model as answering needs it, whatever runs it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

THOUGHTS = ("think", "thinking", "thought", "reasoning")
"""The names of tags between which a text has what a model reasons to itself before it answers."""


class Role(StrEnum):
    """Who speaks in a prompt."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Role
    content: str


class Ending(StrEnum):
    """How a model's text ended; the values are the `finish_reason` of OpenAI's completions."""

    STOP = "stop"
    LENGTH = "length"
    FILTERED = "content_filter"


class CutOff(Exception):
    """Raised after the last text when the model stopped before its answer was complete."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.value)
        self.ending = ending


class Generator(Protocol):
    """Writes text from messages. Safe to use for several streams at once, on one event loop."""

    @property
    def name(self) -> str:
        """The model as a person would call it, without keys or addresses."""
        ...

    def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        """Yield the text piece by piece as the model writes it; no piece is empty.

        Closing the generator (`aclose`) cancels the work at the model.

        Raises:
            GenerationFailed: while iterating; the message is one line without secrets.
            CutOff: after the last text, which is then no whole answer.
        """
        ...
