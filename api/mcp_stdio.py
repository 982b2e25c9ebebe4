"""Serve the tools of the glossary on stdin and stdout."""

from __future__ import annotations

from functools import partial

from api.dependencies import ChatPool
from api.live import LiveChat, WatchedId
from api.mcp import glossary_server
from api.opening import Opener
from indexes.history import CURRENT
from indexes.store import Store
from rag.settings import Settings


async def serve_stdio(settings: Settings) -> None:
    """Serve until stdin ends; a snapshot that goes live is taken up as by a server."""
    live_id = WatchedId(settings.home / CURRENT, Store(settings.home).current)
    live = LiveChat(partial(Opener(), settings), live_id)
    pool = ChatPool(live, settings, threads=2)
    with live.watching():
        await glossary_server(lambda: pool).run_stdio_async()
    pool.close()
