"""Responses that are given before any route sees the request."""

from __future__ import annotations

import json
import math

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.types import Scope

from api.door.credential import Credential, forget_key
from api.errors import KeyNeeded, TooManyRequests
from api.pages.page_paths import accepts_page, is_page
from api.pages.rendering import render_page
from api.pages.sign_in_view import SignInView
from api.responses import error_response, problem_page

_KEY_USELESS = "This API key is unknown, revoked or expired."


def refusal(status: int, kind: str, message: str) -> JSONResponse:
    """Return a refusal in the one shape of errors."""
    return JSONResponse({"error": {"type": kind, "message": message}}, status_code=status)


def key_needed(error: KeyNeeded, scope: Scope) -> Response:
    """Return status 401: for people the page that asks for a key, for programs JSON."""
    response: Response = error_response(error)
    if scope["method"] in ("GET", "HEAD") and (is_page(scope) or accepts_page(scope)):
        request = Request(scope)
        was_kept = Credential.of(request.headers).is_cookie
        view = SignInView.of(scope, _KEY_USELESS if was_kept else "")
        response = key_page(request, view, 401)
        if was_kept:
            forget_key(response)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def key_page(request: Request, view: SignInView, status: int) -> Response:
    """Return the page that asks for an API key."""
    return render_page(request, "sign_in.html", view, status, {"Cache-Control": "no-store"})


def key_refused(request: Request, leads_to: str, error: Exception, problem: str) -> Response:
    """Return why a key that was given does not open the pages, beside the field for another."""
    response: Response = error_response(error)
    if accepts_page(request.scope):
        view = SignInView(leads_to, problem)
        response = key_page(request, view, response.status_code)
    return response


def too_many(error: TooManyRequests, wait_s: float) -> JSONResponse:
    """Return status 429 with the whole seconds after which another try makes sense."""
    response = error_response(error)
    response.headers["Retry-After"] = str(max(1, math.ceil(wait_s)))
    return response


def for_people(response: Response, scope: Scope) -> Response:
    """Return a refusal as a page when a browser opens one, else as it is."""
    is_ours = isinstance(response, JSONResponse) and is_page(scope)
    if not is_ours or not accepts_page(scope):
        return response
    message = json.loads(bytes(response.body))["error"]["message"]
    page = problem_page(Request(scope), response.status_code, message)
    if wait := response.headers.get("Retry-After"):
        page.headers["Retry-After"] = wait
    return page
