"""What stands between a connection and the routes, put together in one order."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from api.door.admission import Admission, Door
from api.door.api_keys import ApiKey, ApiKeys, keys_of
from api.door.body_bounds import BodyBounds
from api.door.body_limit import BodyLimit
from api.door.drain import Drain
from api.door.exposure import Exposure, Names
from api.door.key_ring import KeyRing
from api.door.last_resort import LastResort
from api.door.rate_limit import RateLimits
from api.door.security import SecurityHeaders
from api.observing.metrics import Metrics
from api.observing.request_id import HEADER
from api.observing.request_log import RequestLog
from api.observing.tracing import Tracing
from api.openai.errors import OpenAIErrors
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Serving:
    """How the application is served.

    Attributes:
        exposure: who can connect.
        drain: tells that the server stops.
        rates: the table of RateLimits that the workers share; None: one of its own.
        metrics: the folder of metrics that the workers share; None: none.
    """

    exposure: Exposure
    drain: Drain
    rates: Path | None = None
    metrics: Path | None = None

    @classmethod
    def alone(cls, settings: Settings) -> Serving:
        """Return how an application is served that nobody told who can connect."""
        exposure = Exposure(settings.keys == "required", this_machine_only=False)
        return cls(exposure, Drain(settings.request_s))


@dataclass
class Guards:
    """The middlewares of one application and what they keep."""

    settings: Settings
    serving: Serving
    tracing: Tracing | None = None
    metrics: Metrics = field(init=False)
    _limits: RateLimits = field(init=False)
    _reads_keys: _ReadKeys = field(init=False)

    def __post_init__(self) -> None:
        if self.tracing is None and self.settings.traces:
            self.tracing = Tracing()
        on_stages = self.tracing.stages if self.tracing else None
        self.metrics = Metrics(self.serving.metrics, on_stages)
        self._limits = RateLimits(self.serving.rates)
        self._reads_keys = _ReadKeys(self.settings)

    def add_to(self, app: FastAPI) -> None:
        """Add the middlewares; the last one added is the first to see a request."""
        app.state.metrics = self.metrics
        app.state.drain = self.serving.drain
        app.add_middleware(LastResort)
        app.add_middleware(BodyLimit, bounds=BodyBounds.of(self.settings))
        app.state.door = door = self._door()
        app.add_middleware(Admission, door=door)
        app.add_middleware(OpenAIErrors)
        if origins := sorted(Names.of(self.settings).listed):
            app.add_middleware(
                CORSMiddleware,
                allow_origins=origins,
                allow_methods=["GET", "POST", "PATCH", "DELETE"],
                allow_headers=["*"],
                expose_headers=[HEADER, "Retry-After"],
            )
        app.add_middleware(SecurityHeaders)
        app.add_middleware(RequestLog, metrics=self.metrics, tracing=self.tracing)

    def close(self) -> None:
        """Send the last spans and close the database of keys."""
        self._reads_keys.close()
        if self.tracing:
            self.tracing.close()

    def _door(self) -> Door:
        keys = KeyRing(self._reads_keys)
        return Door(self.settings, self.serving.exposure, keys, self._limits, self.metrics)


class _ReadKeys:
    """Reads all keys; the database is opened by the first request that shows one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keys: ApiKeys | None = None

    def __call__(self) -> tuple[ApiKey, ...]:
        self._keys = self._keys or keys_of(self._settings)
        return self._keys.list()

    def close(self) -> None:
        if self._keys:
            self._keys.close()
