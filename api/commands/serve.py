"""`aifactory serve`: the web page and the HTTP routes."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import Home, Llm, settings


def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0: a free one.")
    ] = 8000,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=256, help="How many processes answer.")
    ] = 1,
    llm: Llm = None,
    home: Home = None,
) -> None:
    """Serve the web page and the HTTP routes until Ctrl-C."""
    from api.server import listen, serve_on, url_of
    from api.terminal import notice

    chosen = settings(home, llm=llm)
    socket = listen(host, port)
    notice(f"AI Factory Chat is at {url_of(host, socket)} (Ctrl-C stops it)")
    serve_on(socket, chosen, workers)
