"""Run the application under uvicorn on a socket of our own."""

from __future__ import annotations

import functools
import socket as sockets

import uvicorn
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.errors import AddressUnusable
from rag.settings import Settings


def listen(host: str, port: int) -> sockets.socket:
    """Return a socket bound to an address.

    Raises:
        AddressUnusable: the port is taken or forbidden, or the host is not an address of ours.
    """
    family = sockets.AF_INET6 if ":" in host else sockets.AF_INET
    try:
        return sockets.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a host name"
        raise AddressUnusable(
            f"cannot listen on {host}:{port}: {reason}; choose another with --host and --port"
        ) from None


def url_of(host: str, socket: sockets.socket) -> str:
    """Return the URL under which a browser on this machine reaches the socket."""
    port = socket.getsockname()[1]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  shown, not bound
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def serve_on(socket: sockets.socket, settings: Settings, workers: int) -> None:
    """Serve until stopped; several workers share the socket."""
    config = uvicorn.Config(
        functools.partial(create_app, settings),
        factory=True,
        workers=workers,
        log_level="warning",
        server_header=False,
    )
    if workers > 1:
        Multiprocess(config, sockets=[socket]).run()
    else:
        uvicorn.Server(config).run(sockets=[socket])
