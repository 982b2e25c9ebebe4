"""`POST /mcp`: the glossary for clients of the Model Context Protocol, over streamable HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.mcp import glossary_server


@asynccontextmanager
async def _serving(app: FastAPI) -> AsyncIterator[None]:
    """Run the tools while the application runs.

    Every request stands alone and is answered with JSON, so that any worker can answer it. Foreign
    hosts and origins are refused by `api.door.admission`, which knows who can connect; the list of
    the library knows only fixed names.
    """
    server = glossary_server(lambda: app.state.chat_pool)
    server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    app.state.mcp = server.session_manager
    async with server.session_manager.run():
        yield


class _Endpoint:
    """Hands a request to the tools of its application."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        manager: StreamableHTTPSessionManager = scope["app"].state.mcp
        await manager.handle_request(scope, receive, send)


router = APIRouter(lifespan=_serving)
router.routes.append(Route("/mcp", _Endpoint(), methods=["POST"], include_in_schema=False))
