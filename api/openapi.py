"""The description of the HTTP interface: what FastAPI knows, and what the guards add to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, cast

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.answer_service import AnswerService
from api.errors import EXPECTED
from api.openai.requests import MODEL
from api.openai.schemas import ChatCompletionBody
from api.schemas.admin import SnapshotsBody
from api.schemas.chat import ConversationInFull, ConversationList
from api.schemas.glossary import SuggestionsBody
from rag.storing.conversation_list import CURSOR_PATTERN

Json = dict[str, Any]

EVENT_ID_PATTERN = r"^([0-9a-f]{32}:[0-9]{1,9})?$"
ID = "4f1d2c3b5a69788796a5b4c3d2e1f001"

_ERROR = {"$ref": "#/components/schemas/ErrorBody"}
_OPENAI_ERROR = {"$ref": "#/components/schemas/OpenAIErrorBody"}
_DESCRIPTIONS = {
    400: "The body is not JSON, or under /v1 something in it cannot be used.",
    401: "An API key is needed, and this is none that works.",
    403: "The API key may not do this, or a page of another origin asks.",
    404: "There is no such thing, or it belongs to another key.",
    405: "Not with this method.",
    408: "The body did not come in time.",
    409: "This cannot be done as things are; the message says why.",
    410: "The events are no longer kept.",
    413: "The body is over the limit.",
    422: "A parameter or field cannot be used; the message names it.",
    429: "The client asks more often, or more at once, than it may.",
    500: "Something went wrong on the server; its log says what.",
    502: "The language model did not deliver.",
    503: "Not ready, or too busy; ask again in a moment.",
    504: "The answer was not there in time.",
    507: "The home cannot be written.",
}
_KINDS = {
    400: ("RequestMalformed", "the request body is not JSON: Expecting value"),
    401: ("KeyNeeded", "an API key is needed; send it in the header Authorization: Bearer"),
    403: ("ScopeNeeded", "the API key 3f2a has the scope ask, and this needs admin"),
    404: ("AnswerMissing", f"there is no answer '{ID}'"),
    408: ("RequestRefused", "no more of the body came within 30 s"),
    409: ("ConversationFull", f"conversation {ID} has 200 turns; begin a new one"),
    410: ("StreamGone", "the answer was stopped before its end; ask again"),
    413: ("BodyTooLarge", "the request body is over the limit of 65536 bytes; send less"),
    422: ("RequestInvalid", "query.k: Input should be greater than or equal to 1 (it is '0')"),
    429: ("TooManyRequests", "this client may ask 60 times a minute; wait 2.5 s"),
    500: ("Unexpected", "something went wrong on the server; its log says what"),
    503: ("SnapshotMissing", "nothing is ingested yet: aifactory ingest"),
    504: ("TookTooLong", "the answer was not there within 60 s (AIFACTORY_REQUEST_S)"),
    507: ("HomeUnwritable", "the home is full or cannot be written"),
}
_PARAMETERS: dict[str, Any] = {
    "after": f"1772366400000000-{ID}",
    "answer_id": ID,
    "category": "Deep Learning",
    "conversation_id": ID,
    "entry_id": "neural-ode",
    "last-event-id": f"{ID}:4",
    "letter": "N",
    "name": "ai-factory-chat",
    "prefix": "neur",
    "q": "neural ODE",
    "search": "neural",
    "snapshot_id": "f8f50118850364cc",
}
_PATTERNS = {"after": CURSOR_PATTERN, "last-event-id": EVENT_ID_PATTERN}
_BODIES: tuple[type[BaseModel], ...] = (
    ChatCompletionBody,
    ConversationInFull,
    ConversationList,
    SnapshotsBody,
    SuggestionsBody,
)
EVENTS = "text/event-stream"
_EVENT = {
    "type": "object",
    "description": "One event of the stream; `data` is JSON.",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
    "required": ["data"],
}
_EXAMPLES: dict[tuple[str, str], Any] = {
    ("/health/live", "application/json"): {"status": "alive"},
    ("/health/ready", "application/json"): {"status": "ready", "snapshot_id": "f8f50118850364cc"},
    ("/metrics", "text/plain"): "aifactory_searches_total 3.0\n",
    ("/admin/ingest", "multipart/form-data"): {"file": ["# Lamp\n\nA lamp gives light.\n"]},
    ("/admin/ingest", EVENTS): {
        "event": "progress",
        "data": '{"step": "embedding", "done": 32, "total": 59}',
    },
}
_GUARDED = (401, 403, 429, 500)
_WITH_BODY = (400, 408, 413)


def operation_id(route: APIRoute) -> str:
    """Return the id of an operation: method and path, such as `get_entries_by_entry_id`."""
    path = re.sub(r"\{(\w+)(:\w+)?\}", r"by_\1", route.path_format)
    words = re.findall(r"\w+", f"{min(route.methods or ())} {path}".lower())
    return "_".join(words)


def complete_openapi(app: FastAPI) -> None:
    """Make `app.openapi` tell everything that can happen, with examples; and who answers here."""
    described = app.openapi

    def openapi() -> Json:
        if app.openapi_schema is None:
            _complete(described())
            if service := getattr(app.state, "answer_service", None):
                _name_models(described()["components"]["schemas"], service)
        return described()

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: Json) -> None:
    schemas: Json = document["components"]["schemas"]
    schemas.update(_error_schemas())
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    document["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "An API key."},
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    document["security"] = [{}, {"bearer": []}, {"header": []}]
    for body in _BODIES:  # FastAPI leaves nulls out of examples
        extra = cast(Json, body.model_config["json_schema_extra"])
        schemas[body.__name__]["examples"] = extra["examples"]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _complete_operation(path, operation)


def _name_models(schemas: Json, service: AnswerService) -> None:
    """Tell which models are served, and how many numbers a vector has."""
    answering = service.models
    for body in ("Question", "ChatQuestion"):
        schemas[body]["properties"]["llm"].update(anyOf=[{"enum": [*answering]}, {"type": "null"}])
    embedding = schemas["EmbeddingRequest"]["properties"]
    schemas["ChatCompletionRequest"]["properties"]["model"]["enum"] = [MODEL, *answering]
    embedding["model"]["enum"] = [service.settings.model]
    with suppress(*EXPECTED):  # nothing is ingested yet
        dimension = service.pool.live.chat().embedder.fingerprint.dimension
        embedding["dimensions"].update(anyOf=[{"const": dimension}, {"type": "null"}])


def _complete_operation(path: str, operation: Json) -> None:
    is_openai = path.startswith("/v1/")
    has_body = "requestBody" in operation
    statuses = {int(status) for status in operation["responses"] if int(status) >= 400}
    if not path.startswith("/health/"):
        statuses.update(_GUARDED, (503,), _WITH_BODY if has_body else ())
    if is_openai and 422 in statuses:
        statuses.remove(422)
        statuses.add(400)
    for kind, described in _contents(operation):
        if example := _EXAMPLES.get((path, kind)):
            described["example"] = example
    for response in operation["responses"].values():
        if EVENTS in response.get("content", {}):
            response["content"][EVENTS]["schema"] = _EVENT
    successes = {s: r for s, r in operation["responses"].items() if int(s) < 400}
    errors = {str(status): _error(status, is_openai=is_openai) for status in sorted(statuses)}
    operation["responses"] = {**successes, **errors}
    for parameter in operation.get("parameters", ()):
        name = parameter["name"].lower()
        if pattern := _PATTERNS.get(name):
            parameter["schema"] = {"type": "string", "pattern": pattern}
        example = _PARAMETERS.get(name)
        if example is not None and not {"example", "examples"} & parameter.keys():
            parameter["example"] = example


def _contents(operation: Json) -> Iterator[tuple[str, Json]]:
    """Yield the media types of what goes in, and of what comes back when all is well."""
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for status, response in operation["responses"].items():
        if int(status) < 400:
            yield from response.get("content", {}).items()


def _error(status: int, *, is_openai: bool) -> Json:
    kind, message = _KINDS.get(status, _KINDS[500])
    more: Json = {"param": None, "code": None} if is_openai else {}
    content = {
        "schema": _OPENAI_ERROR if is_openai else _ERROR,
        "example": {"error": {"type": kind, "message": message, **more}},
    }
    described: Json = {
        "description": _DESCRIPTIONS.get(status, "An error."),
        "content": {"application/json": content},
    }
    if status in (429, 503):
        described["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}
        }
    return described


def _error_schemas() -> Json:
    line = {"type": "string"}
    name = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    ours = {"type": line, "message": line}
    return {
        "ErrorBody": _object(
            "The body of every response that is not a success.",
            error=_object("The kind of an error, and one line that says what to do.", **ours),
        ),
        "OpenAIErrorBody": _object(
            "The body of every response under /v1 that is not a success.",
            error=_object("An error as OpenAI's clients know it.", **ours, param=name, code=name),
        ),
    }


def _object(description: str, **properties: Json) -> Json:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
