"""The bodies of requests and errors over HTTP."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

LONGEST_TEXT_CHARS = 100_000  # a bound of the transport; the limit on questions is a setting
ASKABLE: dict[str, Any] = {"minLength": 1, "maxLength": 2000, "pattern": r"[^\W_]"}
"""What a question must be under the default settings; it is checked where it is read."""


class Question(BaseModel):
    """The body of `POST /ask`."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "What is an embedding?"}]}
    )

    question: str = Field(
        max_length=LONGEST_TEXT_CHARS,
        description="The question, in plain words.",
        json_schema_extra=ASKABLE,
    )
    llm: str | None = Field(None, max_length=200, description="Who answers; null: as configured.")


class ErrorDetail(BaseModel):
    """The kind of an error, and one line that says what to do about it."""

    type: str
    message: str


class ErrorBody(BaseModel):
    """The body of every response that is not a success."""

    error: ErrorDetail


class Ready(BaseModel):
    """The body of `GET /health/ready`; `warning` tells why a newer snapshot is not open."""

    status: str
    snapshot_id: str
    warning: str | None = None


class Alive(BaseModel):
    """The body of `GET /health/live`."""

    status: str = "alive"


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of the errors a route answers with."""
    return {status: {"model": ErrorBody} for status in statuses}
