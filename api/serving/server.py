"""Run the application under uvicorn on a socket of our own."""

from __future__ import annotations

import asyncio
import functools
import gc
import logging.config
import os
import resource
import signal
import socket as sockets
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI

from api.app import create_app
from api.door.api_keys import keys_of
from api.door.drain import Drain
from api.door.exposure import Exposure, exposure_of
from api.door.guards import Serving
from api.door.rate_limit import create_table
from api.errors import AddressUnusable, KeysMissing
from api.observing.log_lines import log_config
from api.observing.tracing import require_opentelemetry
from api.serving.graceful import GracefulServer, config_of
from api.serving.workers import Workers
from rag.models.models import open_generator
from rag.quoting.extractive import MODEL
from rag.settings import Settings
from rag.storing.database import open_database


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


def require_extras(settings: Settings) -> None:
    """Refuse settings that need a package which is not installed.

    Raises:
        SettingsInvalid: traces are wanted without the extra `telemetry`.
    """
    if settings.traces:
        require_opentelemetry()


def require_answering(settings: Settings) -> None:
    """Refuse settings with which no question could be answered, before anybody can connect.

    Raises:
        ModelUnavailable: the language model cannot be had.
        SettingsInvalid, DatabaseUnusable: conversations cannot be kept.
    """
    open_database(settings.database.get_secret_value(), settings.home).close()
    if generator := open_generator(settings):
        asyncio.run(generator.aclose())


def admitted(socket: sockets.socket, settings: Settings) -> Exposure:
    """Return who has to show a key on this socket.

    Raises:
        KeysMissing: others can connect, keys are needed, and nobody has one that works.
        SettingsInvalid, DatabaseUnusable: the keys cannot be read.
    """
    address = str(socket.getsockname()[0])
    exposure = exposure_of(settings, address)
    if exposure.keys_needed and not _any_key_works(settings):
        raise KeysMissing(
            f"{address} needs API keys, and there is none yet: make one with `aifactory keys "
            "create NAME`, or let everyone ask with --open-to-everyone (AIFACTORY_KEYS=open)"
        )
    return exposure


def _any_key_works(settings: Settings) -> bool:
    with closing(keys_of(settings)) as keys:
        return keys.any_works()


def serve_on(socket: sockets.socket, settings: Settings, workers: int, exposure: Exposure) -> None:
    """Serve until stopped; several workers share the socket.

    Raises:
        KeyboardInterrupt: Ctrl-C stopped it.
    """
    logging.config.dictConfig(log_config(settings.log))
    _allow_many_connections()
    if workers > 1:
        stopped_by: int | None = _serve_together(socket, settings, workers, exposure)
    else:
        serving = Serving(exposure, Drain(_grace_s(settings)))
        stopped_by = _serve_alone(socket, settings, serving, _ALL_SIGNALS, 1)
    if stopped_by == signal.SIGINT:
        raise KeyboardInterrupt


_ALL_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _serve_together(
    socket: sockets.socket, settings: Settings, workers: int, exposure: Exposure
) -> int:
    """Serve with several workers, which share a folder for what they count together."""
    with TemporaryDirectory(prefix="aifactory-") as folder:
        metrics = Path(folder, "metrics")
        metrics.mkdir()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)  # for the workers, when they import
        rates = create_table(Path(folder, "rates"))
        serving = Serving(exposure, Drain(_grace_s(settings)), rates, metrics)
        work = functools.partial(
            _serve_alone, socket, settings, serving, (signal.SIGTERM,), workers
        )
        return Workers(workers, work).run()


def _serve_alone(
    socket: sockets.socket,
    settings: Settings,
    serving: Serving,
    signals: tuple[signal.Signals, ...],
    workers: int,
) -> int | None:
    """Serve in this process, one of `workers`; return the signal that stopped it."""
    config = config_of(_application(settings, serving, workers), settings, serving.drain)
    server = GracefulServer(config, serving.drain, signals)
    server.run(sockets=[socket])
    return server.ended_by


def _grace_s(settings: Settings) -> float:
    """Return how long what runs may go on after the wish to stop: as long as an answer may take."""
    return settings.request_s if settings.llm == MODEL else settings.llm_total_s


def _allow_many_connections() -> None:
    """Raise the number of files this process may have open as far as the system lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _application(settings: Settings, serving: Serving, workers: int) -> FastAPI:
    """Create the application of one worker.

    What is loaded by now stays; the collector looks past it, so that collecting what a replaced
    snapshot leaves behind takes a few milliseconds.
    """
    if not settings.threads:
        share = max(1, (os.cpu_count() or 1) // workers)
        settings = settings.model_copy(update={"threads": share})
    application = create_app(settings, serving=serving, workers=workers)
    gc.collect()
    gc.freeze()
    return application
