"""The noun GracefulServer: uvicorn's server, which stops the way an operator expects."""

from __future__ import annotations

import asyncio
import math
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from api.door.drain import Drain
from api.observing.log_lines import log_config
from api.serving.http_protocol import BoundedHttpProtocol
from rag.settings import Settings

KEEP_ALIVE_S = 15
ANNOUNCE_S = 3.0
_TICK_S = 0.05


class GracefulServer(uvicorn.Server):
    """Stops on the first signal when what runs has ended, on the second one at once.

    While requests run, the first `ANNOUNCE_S` seconds still take connections, so that whoever
    balances load reads from /health/ready that the server goes. Then nothing is accepted any more,
    and what runs has the time of `drain` to end.
    """

    def __init__(
        self, config: uvicorn.Config, drain: Drain, signals: Sequence[signal.Signals]
    ) -> None:
        super().__init__(config)
        self.ended_by: int | None = None
        self._drain = drain
        self._signals = signals

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  uvicorn's
        """Stop politely; the second time, at once."""
        if self._drain.begun:
            os._exit(128 + sig)
        self.ended_by = sig
        self._drain.begin()
        self.should_exit = True

    async def shutdown(self, sockets: Any = None) -> None:
        """Announce the end while something runs, then do what uvicorn does."""
        ticks = round(min(ANNOUNCE_S, self._drain.grace_s / 2) / _TICK_S)
        while self.server_state.tasks and ticks > 0:
            ticks -= 1
            await asyncio.sleep(_TICK_S)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Listen to the signals of this server; unlike uvicorn's, they end here."""
        before = {number: signal.signal(number, self.handle_exit) for number in self._signals}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def config_of(app: ASGIApp, settings: Settings, drain: Drain) -> uvicorn.Config:
    """Return how uvicorn serves an application: bounded connections, our log, a bounded end."""
    return uvicorn.Config(
        app,
        http=BoundedHttpProtocol,
        ws="none",
        lifespan="on",
        log_config=log_config(settings.log),
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=math.ceil(drain.grace_s),
        limit_concurrency=2 * (settings.max_answering + settings.max_waiting),
    )
