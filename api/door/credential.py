"""The noun Credential: the API key that a request shows; and the cookie that keeps it in a browser.

The cookie is out of reach for scripts and lasts until the browser is closed. A browser sends it by
itself, so that a request which changes something has to come from a page of this server as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response

COOKIE = "aifactory-key"


@dataclass(frozen=True, slots=True, repr=False)
class Credential:
    """The key of a request, empty without one, and whether it came in the cookie."""

    token: str
    is_cookie: bool = False

    @classmethod
    def of(cls, headers: Headers) -> Credential:
        """Return the key as OpenAI clients, as others, or as browsers send it, in this order."""
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and token.strip():
            return cls(token.strip())
        if token := headers.get("x-api-key", "").strip():
            return cls(token)
        token = cookie_parser(headers.get("cookie", "")).get(COOKIE, "").strip()
        return cls(token, is_cookie=bool(token))


def keep_key(response: Response, token: str, *, secure: bool) -> None:
    """Have the browser keep a key; a `secure` one is sent over HTTPS only."""
    response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="strict", secure=secure)


def forget_key(response: Response) -> None:
    """Have the browser forget its key."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
