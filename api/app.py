"""The web application: a factory, nothing at import."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

from fastapi import FastAPI

from api.answer_setup import answer_service
from api.dependencies import ChatPool
from api.door.guards import Guards, Serving
from api.live import LiveChat, WatchedId
from api.openapi import complete_openapi, operation_id
from api.opening import Opener
from api.pages.static_files import PREFIX, StaticFiles
from api.pages.templating import templates
from api.responses import add_error_handlers
from api.routes import (
    admin,
    ask,
    chat,
    conversations,
    embeddings,
    entries,
    evaluation_page,
    glossary_page,
    health,
    mcp,
    metrics,
    openai,
    page,
    search,
    sign_in,
    suggest,
)
from api.streams.live_streams import LiveStreams, Pace
from api.streams.watch import watching
from api.version import version
from indexes.history import CURRENT
from indexes.store import Store
from rag.chat import Chat
from rag.settings import Settings

_DESCRIPTION = "Ask a technical glossary; every sentence of the answer is cited to its characters."


def _warm(chat: Chat) -> None:
    """Load the model before the first question comes."""
    chat.search("glossary", k=1)


def create_app(
    settings: Settings,
    open_chat: Callable[[Settings], Chat] | None = None,
    live_id: Callable[[], str | None] | None = None,
    serving: Serving | None = None,
    workers: int = 1,
    pace: Pace | None = None,
) -> FastAPI:
    """Return the application for one home; its lifespan opens the live snapshot.

    `open_chat` opens a Chat and `live_id` names the snapshot that is live; by default both look
    into `settings.home`. Without a snapshot the application runs and says what is missing.
    `serving` tells who can connect; without it, keys are needed when `settings.keys` says so.
    `workers` is how many processes share its work; `pace` tells how long streams wait.
    """
    guards = Guards(settings, serving or Serving.alone(settings))
    live_id = live_id or WatchedId(settings.home / CURRENT, Store(settings.home).current)
    live = LiveChat(partial(open_chat or Opener(), settings), live_id)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        threads = max(1, (os.cpu_count() or 1) // workers)
        pool = app.state.chat_pool = ChatPool(live, settings, threads, guards.metrics)
        streams = app.state.live_streams = LiveStreams(pace)
        async with (
            answer_service(settings, pool, guards.metrics) as service,
            watching(service, streams, guards.serving.drain),
        ):
            app.state.answer_service = service
            with live.watching():
                with suppress(Exception):  # kept by `live`, told by /health/ready and every route
                    await pool.run(_warm)
                yield
        pool.close()
        guards.close()

    app = FastAPI(
        title="AI Factory Chat",
        version=version(),
        description=_DESCRIPTION,
        lifespan=lifespan,
        generate_unique_id_function=operation_id,
        docs_url=None,  # their pages load scripts from elsewhere; /openapi.json stays
        redoc_url=None,
        redirect_slashes=False,  # the address would be made of what the request says the host is
    )
    app.state.templates = templates()
    app.state.static_files = StaticFiles()
    for module in (
        ask,
        chat,
        conversations,
        openai,
        embeddings,
        search,
        entries,
        suggest,
        health,
        admin,
        mcp,
        metrics,
        glossary_page,
        evaluation_page,
        sign_in,
        page,
    ):
        app.include_router(module.router)
    app.mount(PREFIX, app.state.static_files, name="static")
    add_error_handlers(app)
    guards.add_to(app)
    complete_openapi(app)
    return app
