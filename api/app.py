"""The web application: a factory, nothing at import."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api.dependencies import ChatPool
from api.live import LiveChat
from api.responses import add_error_handlers
from api.routes import ask, entries, health, page, search
from api.security import BodyLimit, SecurityHeaders
from api.templating import templates
from api.version import version
from indexes.store import Store
from rag.chat import Chat
from rag.opening import open_chat as open_live_chat
from rag.settings import Settings

_STATIC = Path(__file__).resolve().parent / "static"
_DESCRIPTION = "Ask a technical glossary; every sentence of the answer is cited to its characters."


def _warm(chat: Chat) -> None:
    """Load the model before the first question comes."""
    chat.search("glossary", k=1)


def create_app(
    settings: Settings,
    open_chat: Callable[[Settings], Chat] = open_live_chat,
    live_id: Callable[[], str | None] | None = None,
) -> FastAPI:
    """Return the application for one home; its lifespan opens the live snapshot.

    `open_chat` opens a Chat and `live_id` names the snapshot that is live; by default both look
    into `settings.home`. Without a snapshot the application runs and says what is missing.
    """
    live = LiveChat(partial(open_chat, settings), live_id or Store(settings.home).current)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.chat_pool = ChatPool(live, settings, threads=max(2, os.cpu_count() or 1))
        with suppress(Exception):  # kept by `live`, told by /health/ready and every route
            await app.state.chat_pool.run(_warm)
        yield

    app = FastAPI(
        title="AI Factory Chat",
        version=version(),
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # their pages load scripts from elsewhere; /openapi.json stays
        redoc_url=None,
    )
    app.state.templates = templates()
    for module in (ask, search, entries, health, page):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    add_error_handlers(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    return app
