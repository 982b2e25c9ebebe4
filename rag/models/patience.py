"""Asking a model with patience: time limits, further tries, and rest for one that keeps failing."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing
from dataclasses import dataclass
from typing import Protocol

from rag.errors import (
    GenerationFailed,
    ModelBroken,
    ModelRejected,
    ModelTimedOut,
    ModelUnreachable,
)
from rag.models.breaker import Breaker
from rag.models.failures import asked_pause_s, explain
from rag.models.generator import CutOff, Generator, Message

_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 8.0


class Model(Generator, Protocol):
    """A Generator that may raise anything, has to be made ready, and can be closed."""

    async def prepare(self) -> None:
        """Make the model ready; returns at once when it is."""
        ...

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Wait until the model has time for one more answer, and hold it while inside.

        A model that serves any number at once lets everybody in.
        """
        ...

    async def aclose(self) -> None:
        """Give back connections and threads."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often a model is asked.

    Attributes:
        first_token_s: longest wait for the first text, all tries together; before that, the
            longest wait for a model that is busy with other answers.
        total_s: longest time for the whole answer.
        retries: further tries after a failure before the first text.
    """

    first_token_s: float
    total_s: float
    retries: int


class Patience:
    """A Generator around a Model that raises nothing but GenerationFailed.

    `jitter` gives a number from 0 to 1, `sleep` waits; tests replace them.
    """

    def __init__(
        self,
        model: Model,
        limits: Limits,
        breaker: Breaker | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._model = model
        self._limits = limits
        self._breaker = breaker or Breaker()
        self._sleep = sleep
        self._jitter = jitter

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._model.name

    async def prepare(self) -> None:
        """Make the model ready before the first question, which would wait for it otherwise.

        Raises:
            GenerationFailed: it cannot be made ready.
        """
        try:
            await self._model.prepare()
        except GenerationFailed:
            raise
        except Exception as error:
            raise explain(error, self.name) from error

    async def aclose(self) -> None:
        """Give back what the model holds."""
        await self._model.aclose()

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        """Yield the text as it comes; time limits count from when the model has time for it.

        Raises:
            ModelResting: at once, when the model failed too often just now.
            ModelRejected: at once; no further try would help.
            ModelUnreachable, ModelBroken: after all tries, or in the middle of the answer.
            ModelTimedOut: no turn, no first text, or no end, in time.
            CutOff: after the last text; the model does work.
        """
        visit = self._breaker.enter(self.name)
        async with AsyncExitStack() as leaving:
            leaving.callback(visit.left)
            await self._wait_for_turn(leaving)
            try:
                async with aclosing(self._tries(messages)) as pieces:
                    async for piece in pieces:
                        visit.spoke()
                        yield piece
                visit.succeeded()
            except CutOff:
                visit.succeeded()
                raise
            except ModelRejected:
                raise
            except GenerationFailed:
                visit.failed()
                raise

    async def _wait_for_turn(self, leaving: AsyncExitStack) -> None:
        """Take a turn, given back by `leaving`; who waits too long says nothing of the model."""
        await self.prepare()
        longest_s = self._limits.first_token_s
        limit = asyncio.timeout(longest_s)
        try:
            async with limit:
                await leaving.enter_async_context(self._model.turn())
        except TimeoutError:
            if not limit.expired():
                raise
            raise ModelTimedOut(
                f"language model {self.name} was busy with other answers for {longest_s:g} s "
                f"(AIFACTORY_LLM_FIRST_TOKEN_S); ask again later"
            ) from None

    async def _tries(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        started = asyncio.get_running_loop().time()
        first_by, end_by = started + self._limits.first_token_s, started + self._limits.total_s
        spoke = False
        for tried in range(self._limits.retries + 1):
            try:
                async with aclosing(self._once(messages, first_by, end_by)) as pieces:
                    async for piece in pieces:
                        spoke = True
                        yield piece
                return
            except (ModelUnreachable, ModelBroken) as failure:
                pause_s = self._pause_s(tried, failure)
                late = asyncio.get_running_loop().time() + pause_s >= min(first_by, end_by)
                if spoke or late or tried == self._limits.retries:
                    raise
            await self._sleep(pause_s)

    def _pause_s(self, tried: int, failure: GenerationFailed) -> float:
        """Return the exponential back-off with full jitter, or what the server asks for."""
        longest: float = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**tried)
        return max(longest * self._jitter(), asked_pause_s(failure.__cause__))

    async def _once(
        self, messages: Sequence[Message], first_by: float, end_by: float
    ) -> AsyncGenerator[str, None]:
        """Ask once; the time that the consumer takes over a piece is not the model's."""
        loop = asyncio.get_running_loop()
        spoke = False
        deadline = min(first_by, end_by)
        async with aclosing(self._model.stream(messages)) as pieces:
            while (piece := await self._next(pieces, deadline, spoke)) is not None:
                if piece:
                    handed_over = loop.time()
                    yield piece
                    end_by += loop.time() - handed_over
                    spoke, deadline = True, end_by
        if not spoke:
            raise ModelBroken(f"language model {self.name} sent an empty answer; ask again")

    async def _next(
        self, pieces: AsyncGenerator[str, None], deadline: float, spoke: bool
    ) -> str | None:
        """Return the next piece, None at the end."""
        limit = asyncio.timeout_at(deadline)
        try:
            async with limit:
                return await anext(pieces, None)
        except (GenerationFailed, CutOff):
            raise
        except Exception as error:
            if isinstance(error, TimeoutError) and limit.expired():
                raise self._too_late(spoke) from None
            raise explain(error, self.name) from error

    def _too_late(self, spoke: bool) -> ModelTimedOut:
        if spoke:
            return ModelTimedOut(
                f"language model {self.name} did not end its answer within "
                f"{self._limits.total_s:g} s (AIFACTORY_LLM_TOTAL_S)"
            )
        return ModelTimedOut(
            f"language model {self.name} sent no text within {self._limits.first_token_s:g} s "
            f"(AIFACTORY_LLM_FIRST_TOKEN_S)"
        )
