"""Every error as one JSON body, `{"error": {"type", "message"}}`, or for people as a page."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

from api.errors import EXPECTED, RequestInvalid, RequestMalformed, one_line, outcome
from api.observing.unexpected import log_unexpected
from api.pages.page_paths import accepts_page, is_page, section_of
from api.pages.problem_view import ProblemView
from api.pages.rendering import render_page
from api.plain_text import shortened

_LONGEST_VALUE_CHARS = 60
_JSON_NEEDED = "body: send a JSON object with the header Content-Type: application/json"
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
_KINDS = {400: "RequestMalformed", 404: "NotFound", 405: "MethodNotAllowed"}


def error_response(error: Exception) -> JSONResponse:
    """Return the response for an error whose message is meant for the user."""
    return _body(outcome(type(error)).status, type(error).__name__, one_line(error))


def problem_page(request: Request, status: int, problem: str) -> Response:
    """Return the page that says what is wrong."""
    view = ProblemView(status, problem, section_of(request.scope))
    return render_page(request, "problem.html", view, status)


def add_error_handlers(app: FastAPI) -> None:
    """Make `app` answer every error in the one shape."""
    for kind in EXPECTED:
        app.add_exception_handler(kind, _expected)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _body(status: int, kind: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"type": kind, "message": message}}, status_code=status)


async def _expected(request: Request, error: Exception) -> Response:
    if _is_for_people(request):
        return problem_page(request, outcome(type(error)).status, one_line(error))
    return error_response(error)


async def _validation(request: Request, error: Exception) -> Response:
    invalid = _invalid(request, error)
    if _is_for_people(request):
        return problem_page(request, outcome(type(invalid)).status, one_line(invalid))
    return error_response(invalid)


def _is_for_people(request: Request) -> bool:
    """Tell whether a browser opens a page, or an address at which there is nothing."""
    is_known = "endpoint" in request.scope
    return accepts_page(request.scope) and (is_page(request.scope) or not is_known)


def _invalid(request: Request, error: Exception) -> Exception:
    problem = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    if problem.get("type") == "json_invalid":
        reason = problem.get("ctx", {}).get("error", "cannot be parsed")
        return RequestMalformed(f"the request body is not JSON: {reason}")
    if problem.get("loc") == ("body",) and not _is_json(request):
        return RequestInvalid(_JSON_NEEDED)
    return RequestInvalid(_readable(problem))


def _is_json(request: Request) -> bool:
    return "json" in request.headers.get("content-type", "")


def _readable(problem: dict[str, Any]) -> str:
    where = ".".join(str(part) for part in problem.get("loc", ()))
    message = f"{where}: {problem.get('msg', 'cannot be used')}"
    if problem.get("type") == "missing" or not isinstance(problem.get("input"), str | int | float):
        return message
    return f"{message} (it is {shortened(repr(problem['input']), _LONGEST_VALUE_CHARS)})"


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = _KINDS.get(error.status_code, "RequestRefused")
    response: Response = _body(error.status_code, kind, _refusal(request, error))
    if _is_for_people(request):
        response = problem_page(request, error.status_code, _refusal(request, error))
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        response.headers["Allow"] = _allowed(request)
    return response


def _allowed(request: Request) -> str:
    """Return the methods of every route at a path; the framework names those of one only."""
    routes = request.app.routes
    methods = {m for m in _METHODS if any(_answers(route, request, m) for route in routes)}
    return ", ".join(sorted(methods))


def _answers(route: BaseRoute, request: Request, method: str) -> bool:
    return route.matches({**request.scope, "method": method})[0] is Match.FULL


def _refusal(request: Request, error: HTTPException) -> str:
    """Name what was asked for and the way out, where the framework only names the status."""
    path = shortened(request.url.path, _LONGEST_VALUE_CHARS)
    if error.status_code == 404:
        return f"there is nothing at {path}; /openapi.json lists the routes, / is the page"
    if error.status_code == 405:
        allowed = _allowed(request)
        return f"{request.method} is not allowed for {path}; use {allowed}"
    if error.status_code == 400:
        return "the request body is not JSON: it must be UTF-8 and not nested without end"
    return str(error.detail)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log_unexpected("request failed", error, method=request.method)
    return _body(500, "Unexpected", "something went wrong on the server; its log says what")
