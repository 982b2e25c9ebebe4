"""A server with slow answers, run as a process: its arguments are the workers and the grace.

It prints its port, then serves until it is stopped.
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import socket as sockets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from api.door.drain import Drain
from api.serving.graceful import GracefulServer, config_of
from api.serving.workers import Workers
from rag.settings import Settings


def application(drain: Drain) -> Starlette:
    async def stream(request: Request) -> Response:
        """Send a line every tenth of a second."""

        async def lines() -> AsyncIterator[str]:
            for number in range(int(request.query_params["lines"])):
                yield f"{number}\n"
                await asyncio.sleep(0.1)
            yield "end\n"

        return StreamingResponse(lines())

    async def process(_: Request) -> Response:
        return JSONResponse(os.getpid())

    async def ready(_: Request) -> Response:
        return PlainTextResponse("", 503 if drain.begun else 200)

    async def stuck(_: Request) -> Response:
        await asyncio.sleep(3600)
        return PlainTextResponse("")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        print("closed", flush=True)

    routes = [
        Route("/stream", stream),
        Route("/process", process),
        Route("/ready", ready),
        Route("/stuck", stuck),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def work(socket: sockets.socket, grace_s: float, numbers: tuple[signal.Signals, ...]) -> int | None:
    drain = Drain(grace_s)
    config = config_of(application(drain), Settings(home=Path("home")), drain)
    server = GracefulServer(config, drain, numbers)
    server.run(sockets=[socket])
    return server.ended_by


def main(workers: int, grace_s: float) -> None:
    socket = sockets.create_server(("127.0.0.1", 0))
    print(socket.getsockname()[1], flush=True)
    if workers > 1:
        stopped_by = Workers(
            workers, functools.partial(work, socket, grace_s, (signal.SIGTERM,))
        ).run()
    else:
        stopped_by = work(socket, grace_s, (signal.SIGINT, signal.SIGTERM))
    print(f"stopped by {stopped_by}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
