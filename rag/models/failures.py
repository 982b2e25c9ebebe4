"""Foreign exceptions of model clients as GenerationFailed, each on one line with the way out.

LangChain's providers raise exceptions of their own clients (openai, anthropic, httpx, ollama, ...),
which are alike but share no class: they are told apart by the names of their classes and by what
they carry (`status_code`, `body`, `response`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from rag.errors import (
    GenerationFailed,
    ModelBroken,
    ModelRejected,
    ModelTimedOut,
    ModelUnavailable,
    ModelUnreachable,
)
from rag.models.course import Declined
from rag.models.event_stream import StreamUnreadable

_MOST_DETAIL_CHARS = 200
_SECRET = re.compile(r"\b(?:sk|pk|org|proj)[-_][\w*.-]*\w")  # keys and owners of accounts
_REFUSED = 300  # from this status on
_FOR_LATER = {408, 409, 425, 429}
_REMEDIES = {
    401: "check its API key",
    403: "check what its API key may do",
    404: "check the name of the model and the URL",
    400: "check the name of the model, and lower AIFACTORY_LLM_CONTEXT_TOKENS if it is too small",
    413: "lower AIFACTORY_LLM_CONTEXT_TOKENS",
    422: "check that the server speaks OpenAI's chat completions",
}


def explain(error: Exception, name: str) -> GenerationFailed:
    """Return what an exception means for the model `name`; a GenerationFailed is returned as is."""
    if isinstance(error, GenerationFailed):
        return error
    if isinstance(error, ModelUnavailable):
        return ModelRejected(str(error))
    status = _status(error)
    if status is not None and status < _REFUSED:  # told in the middle of a good response
        return ModelBroken(
            f"language model {name} sent an error of the server{_in_brackets(_detail(error))}"
        )
    if status is not None:
        return _refusal(error, status, name)
    if isinstance(error, StreamUnreadable):
        return ModelBroken(f"language model {name} sent {error}{_in_brackets(error.said)}")
    if isinstance(error, Declined):
        return ModelRejected(f"language model {name} {error}{_in_brackets(error.said)}")
    return _transport(error, name)


def asked_pause_s(error: BaseException | None) -> float:
    """Return the seconds that the server asks to wait (`Retry-After`), 0 when it does not."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("retry-after", 0)))
    except ValueError:  # a date: too coarse to wait for
        return 0.0


def _status(error: Exception) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int) and status > 0:
            return status
    return None


def _refusal(error: Exception, status: int, name: str) -> GenerationFailed:
    said = _detail(error)
    quoted = _in_brackets(said)
    if status in _FOR_LATER or status >= 500:
        why = "is busy" if status == 429 else "fails"
        return ModelUnreachable(
            f"language model {name} {why}: status {status}{quoted}; ask again later"
        )
    remedy = _REMEDIES.get(status, "check its URL and settings")
    return ModelRejected(
        f"language model {name} refuses the request: status {status}{quoted}; {remedy}"
    )


def _transport(error: Exception, name: str) -> GenerationFailed:
    kinds = set(_kinds(error))
    if kinds & {"ConnectTimeout", "ConnectError"} or _is_refused(error):
        return ModelUnreachable(
            f"language model {name} cannot be reached: no connection; check that its server runs "
            f"and where AIFACTORY_LLM looks for it"
        )
    if any("Timeout" in kind for kind in kinds):
        return ModelTimedOut(f"language model {name} did not answer in time; ask again later")
    if isinstance(error, ValueError):
        return ModelBroken(f"language model {name} sent what cannot be read; check its server")
    if kinds & {"NetworkError", "ProtocolError", "APIConnectionError", "OSError"}:
        return ModelBroken(f"language model {name} broke the connection; check its server")
    return ModelBroken(
        f"language model {name} failed with {type(error).__name__}"
        f"{_in_brackets(_detail(error))}; check its server"
    )


def _kinds(error: BaseException) -> Iterator[str]:
    """Yield the class names of an exception and of what caused it."""
    cause: BaseException | None = error
    while cause is not None:
        yield from (kind.__name__ for kind in type(cause).__mro__)
        cause = cause.__cause__


def _is_refused(error: BaseException) -> bool:
    return isinstance(error, ConnectionRefusedError) or (
        isinstance(error, ConnectionError) and "connect" in str(error).lower()
    )


def _detail(error: Exception) -> str:
    """Return the message in the error object that the server sent, on one short line."""
    body = getattr(error, "body", None) or getattr(error, "error", None)
    if isinstance(body, bytes):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError):
            return ""
    for field in ("error", "message"):
        if isinstance(body, dict):
            body = body.get(field, body)
    return _shown(body) if isinstance(body, str) else ""


def _in_brackets(said: str) -> str:
    """Return what a server said as it goes into a message, "" when it said nothing."""
    return f" ({_shown(said)})" if _shown(said) else ""


def _shown(said: str) -> str:
    """Return what a server said on one short line, without what looks like a key."""
    line = " ".join(said[:10_000].split())
    printable = "".join(letter for letter in line if letter.isprintable())
    return _SECRET.sub("...", printable)[:_MOST_DETAIL_CHARS]
