"""What the routes ask for: the bounded pool in which retrieval runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from api.live import LiveChat
from rag.chat import Chat
from rag.settings import Settings

T = TypeVar("T")


class ChatPool:
    """Runs work on the live Chat, in at most `threads` threads at a time."""

    def __init__(self, live: LiveChat, settings: Settings, threads: int) -> None:
        self.live = live
        self.settings = settings
        self._limiter = CapacityLimiter(threads)

    async def run(self, work: Callable[[Chat], T]) -> T:
        """Return `work(chat)`, computed in a thread of the pool."""
        return await to_thread.run_sync(lambda: work(self.live.chat()), limiter=self._limiter)


def chat_pool(request: Request) -> ChatPool:
    """Return the pool of the application behind a request."""
    pool: ChatPool = request.app.state.chat_pool
    return pool


ChatPoolDep = Annotated[ChatPool, Depends(chat_pool)]
