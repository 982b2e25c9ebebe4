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
    open_to_everyone: Annotated[
        bool,
        typer.Option("--open-to-everyone", help="Let everyone who can connect ask, without a key."),
    ] = False,
    llm: Llm = None,
    home: Home = None,
) -> None:
    """Serve the web page and the HTTP routes until Ctrl-C.

    Where others can connect, an API key is needed: see `aifactory keys`.
    """
    from api.serving.server import (
        admitted,
        listen,
        require_answering,
        require_extras,
        serve_on,
        url_of,
    )
    from api.terminal.terminal import notice

    chosen = settings(home, llm=llm, keys="open" if open_to_everyone else None)
    require_extras(chosen)
    with listen(host, port) as socket:
        exposure = admitted(socket, chosen)
        require_answering(chosen)
        notice(f"AI Factory Chat is at {url_of(host, socket)} (Ctrl-C stops it)")
        serve_on(socket, chosen, workers, exposure)
