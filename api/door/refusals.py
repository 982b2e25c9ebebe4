"""Responses that are given before any route sees the request."""

from __future__ import annotations

import math

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from api.errors import KeyNeeded, TooManyRequests
from api.pages.page_view import PageView
from api.pages.rendering import render_page
from api.responses import error_response

_PAGES = ("/glossary",)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>AI Factory Chat</title></head>
<body><h1>This server asks for an API key</h1>
<p>Its web pages are shown where no key is needed. Programs send their key with every request, in
the header <code>Authorization: Bearer</code> or <code>X-API-Key</code>.</p></body></html>
"""


def refusal(status: int, kind: str, message: str) -> JSONResponse:
    """Return a refusal in the one shape of errors."""
    return JSONResponse({"error": {"type": kind, "message": message}}, status_code=status)


def key_needed(error: KeyNeeded, scope: Scope) -> Response:
    """Return status 401: pages for the routes that people open, JSON for all others."""
    path = scope["path"]
    response: Response
    if path == "/" and "app" in scope:
        response = render_page(Request(scope), "chat.html", PageView(is_locked=True), 401)
    elif path == "/" or path.startswith(_PAGES):
        response = HTMLResponse(_PAGE, 401)
    else:
        response = error_response(error)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def too_many(error: TooManyRequests, wait_s: float) -> JSONResponse:
    """Return status 429 with the whole seconds after which another try makes sense."""
    response = error_response(error)
    response.headers["Retry-After"] = str(max(1, math.ceil(wait_s)))
    return response
