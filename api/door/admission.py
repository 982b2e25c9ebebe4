"""Middleware at the door: who asks, may they, and not too often.

Every request has a client, its key or else its address. What the routes need of it lies in the
request's state: `owner`, the id of the key, empty where no key is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.door.api_keys import ApiKey, parts_of
from api.door.client_places import ClientPlaces
from api.door.credential import Credential
from api.door.exposure import Exposure, Names, client_of, is_loopback
from api.door.key_ring import KeyRing
from api.door.rate_limit import RateLimits
from api.door.refusals import for_people, key_needed, refusal, too_many
from api.errors import KeyNeeded, ScopeNeeded, TooManyRequests
from api.observing.metrics import Metrics
from api.pages.page_paths import SIGN_IN, SIGN_OUT, path_of
from api.responses import error_response
from rag.errors import DatabaseUnusable
from rag.settings import Settings

_FREE = ("/health/live", "/health/ready")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_USELESS = "the API key is unknown, revoked or expired"
_KEY_HINT = "send it in the header Authorization: Bearer or X-API-Key"


@dataclass(frozen=True, slots=True)
class Door:
    """What admission goes by."""

    settings: Settings
    exposure: Exposure
    keys: KeyRing
    limits: RateLimits
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a request goes no further, for the metrics, and what the client hears."""

    reason: str
    response: Response


class Admission:
    """Middleware that refuses with 401, 403 or 429 before a route is found."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door
        self._names = Names.of(door.settings)
        self._places = ClientPlaces()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or _is_free(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        shown = Credential.of(headers)
        try:
            key = await self._key_of(scope, shown)
        except DatabaseUnusable as error:
            await self._refuse(_by(error, error_response(error)), scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["signed_in"] = key is not None and shown.is_cookie
        client = f"key {key.key_id}" if key else client_of(_address(scope))
        state["key_id"] = key.key_id if key else ""  # for the log, which names refused ones too
        refused = self._too_often(key, client) or self._not_allowed(scope, headers, shown, key)
        if refused:
            await self._refuse(refused, scope, receive, send)
            return
        if not _is_signing(scope):  # who signs in is not let in yet
            state["owner"] = key.key_id if key else ""
        await self._answer(client, self._most(key), scope, receive, send)

    async def _answer(
        self, client: str, most: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Hold a place of the client until the response is sent or the client has left."""
        place = self._places.hold(client, most)
        try:
            place.__enter__()
        except TooManyRequests as error:
            await self._refuse(_by(error, too_many(error, 1.0)), scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            place.__exit__(None, None, None)

    async def _refuse(self, refused: Refused, scope: Scope, receive: Receive, send: Send) -> None:
        self._door.metrics.refused(refused.reason)
        await for_people(refused.response, scope)(scope, receive, send)

    async def _key_of(self, scope: Scope, shown: Credential) -> ApiKey | None:
        """Return the working key of a request; where nobody needs one, others are overlooked."""
        if self._door.exposure.this_machine_only or _is_signing(scope) or not shown.token:
            return None
        return await self._door.keys.find(shown.token)

    def _most(self, key: ApiKey | None) -> int:
        given = key.concurrent if key else None
        return self._door.settings.concurrent if given is None else given

    def _too_often(self, key: ApiKey | None, client: str) -> Refused | None:
        given = key.rate_per_minute if key else None
        per_minute = self._door.settings.rate_per_minute if given is None else given
        wait_s = self._door.limits.wait_s(client, per_minute)
        if not wait_s:
            return None
        message = f"this client may ask {per_minute} times a minute; wait {wait_s:.1f} s"
        error = TooManyRequests(message)
        return _by(error, too_many(error, wait_s))

    def _not_allowed(
        self, scope: Scope, headers: Headers, shown: Credential, key: ApiKey | None
    ) -> Refused | None:
        if key is not None:
            hostile = self._hostile(scope, headers) if shown.is_cookie else None
            return hostile or _without_scope(scope["path"], key)
        if _is_signing(scope):
            return self._hostile(scope, headers)
        if self._door.exposure.keys_needed:
            return _without_key(_USELESS if shown.token else "an API key is needed", scope)
        if self._is_mistaken(shown):
            return _without_key(_USELESS, scope)
        if self._needs_admin_key(scope):
            return _without_key("this needs an API key with the scope admin", scope)
        return self._hostile(scope, headers)

    def _is_mistaken(self, shown: Credential) -> bool:
        """Tell whether somebody who needs no key shows one of ours that does not work."""
        ours = parts_of(shown.token) is not None and not shown.is_cookie
        return ours and not self._door.exposure.this_machine_only

    def _needs_admin_key(self, scope: Scope) -> bool:
        """Tell whether administration is asked for by somebody who may be anybody."""
        if not _needs_admin(scope["path"]):
            return False
        return not (self._door.exposure.this_machine_only and is_loopback(_address(scope)))

    def _hostile(self, scope: Scope, headers: Headers) -> Refused | None:
        """Refuse what a page elsewhere could make a browser send by itself."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if self._door.exposure.this_machine_only and not self._names.is_ours(host):
            return _elsewhere(
                "this server answers on this machine only, and the request names another host; "
                "set AIFACTORY_PUBLIC_URL to the address that people use"
            )
        if scope["method"] in _READING:
            return None
        crossing = headers.get("sec-fetch-site") == "cross-site" if origin is None else True
        if crossing and not (origin and self._names.is_welcome(origin, host)):
            return _elsewhere(
                "a page of another origin may not do this; AIFACTORY_CORS_ORIGINS lists those "
                "that may"
            )
        return None


def _without_scope(path: str, key: ApiKey) -> Refused | None:
    scope = "admin" if _needs_admin(path) else "ask"
    if scope in key.scopes:
        return None
    have = ", ".join(key.scopes)
    message = f"the API key {key.key_id} has the scope {have}, and this needs {scope}"
    error = ScopeNeeded(message)
    return _by(error, error_response(error))


def _without_key(message: str, scope: Scope) -> Refused:
    error = KeyNeeded(f"{message}; {_KEY_HINT}")
    return _by(error, key_needed(error, scope))


def _elsewhere(message: str) -> Refused:
    return Refused("RequestRefused", refusal(403, "RequestRefused", message))


def _by(error: Exception, response: Response) -> Refused:
    return Refused(type(error).__name__, response)


def _is_signing(scope: Scope) -> bool:
    """Tell whether a browser signs in or out, which counts for its address and needs no key."""
    return scope["method"] == "POST" and path_of(scope) in (SIGN_IN, SIGN_OUT)


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _is_free(path: str) -> bool:
    """Tell whether a path is for everybody: what tells of health, and the files of the pages."""
    return path in _FREE or path.startswith("/static/")


def _needs_admin(path: str) -> bool:
    """Tell whether a path is for whoever runs the server."""
    return path in ("/admin", "/metrics") or path.startswith("/admin/")
