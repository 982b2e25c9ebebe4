"""`POST /chat` and `POST /chat/stream`: a question within a conversation."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from api.answer_service import AnswerService, AnswerServiceDep, Ask, Stored
from api.dependencies import OwnerDep
from api.errors import EXPECTED, RequestInvalid
from api.permalink import base_url
from api.schemas.chat import ChatAnswer, ChatQuestion
from api.schemas.requests import errors
from api.streams.broadcast import Broadcast
from api.streams.chat_events import PING, Dialect, error_data, read_event_id
from api.streams.event_stream_response import EventStreamResponse
from api.streams.gone import unless_gone
from api.streams.live_streams import LiveStream, LiveStreams
from api.streams.written import Written
from rag.errors import AnswerMissing
from rag.storing.identifier import is_id, new_id
from rag.writing.answer_event import AnswerEvent, Found

SETTLE_S = 1.0  # how long a refusal is waited for, which gets a status of its own

router = APIRouter(tags=["chat"])
_log = logging.getLogger("aifactory")

EVENT = {
    "id": "4f1d2c3b5a69788796a5b4c3d2e1f001:3",
    "event": "delta",
    "data": '{"text":"An embedding maps a text to a vector. [1]"}',
}
EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: status, sources, delta, citation, answer, error.",
        "content": {"text/event-stream": {"schema": {}, "example": EVENT}},
    }
}
AnswerId = Annotated[str, Path(max_length=100, description="As the first event gave it.")]
LastEventId = Annotated[
    str | None,
    Header(max_length=200, description="The id of the last event that arrived, to go on after it."),
]


@router.post(
    "/chat",
    responses={200: {"model": ChatAnswer}, **errors(400, 404, 409, 413, 422, 503, 504)},
    summary="Ask within a conversation",
)
async def chat(
    request: Request, service: AnswerServiceDep, owner: OwnerDep, body: ChatQuestion
) -> Any:
    """Return the object of `aifactory ask --json` with `conversation_id` and `answer_id`.

    Without a `conversation_id` a new conversation begins.
    """
    ask = _ask(body, owner)
    stored = await unless_gone(request, service.answer(ask))
    if isinstance(stored, Response):
        return stored
    return JSONResponse(_dialect(request, service, ask).answer(stored.finished.answer))


@router.post(
    "/chat/stream",
    response_class=StreamingResponse,
    responses={**EVENT_STREAM, **errors(400, 404, 409, 410, 413, 422, 503)},
    summary="Ask within a conversation and follow the answer as it is written",
)
async def stream(
    request: Request,
    service: AnswerServiceDep,
    owner: OwnerDep,
    body: ChatQuestion,
    last_event_id: LastEventId = None,
) -> Any:
    """Answer with server-sent events; with `Last-Event-ID` go on with the answer it names."""
    if last_event_id:
        return await _resumed(request, service, owner, last_event_id)
    ask = _ask(body, owner)
    service.check_model(ask.llm)
    dialect = _dialect(request, service, ask)
    streams = _streams(request)
    broadcast = service.broadcast(ask, streams.pace.abandon_s, dialect.kept)
    await _settled(broadcast)
    started = LiveStream(owner, dialect, broadcast)
    streams.add(started)
    return EventStreamResponse(_frames(started, 0, streams.pace.ping_s))


@router.get(
    "/chat/stream/{answer_id}",
    response_class=StreamingResponse,
    responses={**EVENT_STREAM, **errors(404, 410, 422, 503)},
    summary="Follow an answer from the beginning or from an event on",
)
async def follow(
    request: Request,
    service: AnswerServiceDep,
    owner: OwnerDep,
    answer_id: AnswerId,
    last_event_id: LastEventId = None,
) -> Any:
    """Answer with the events of an answer that is being written or was streamed before."""
    return await _resumed(request, service, owner, last_event_id or f"{answer_id}:", answer_id)


@router.delete(
    "/chat/stream/{answer_id}",
    status_code=204,
    responses=errors(404, 422),
    summary="Stop an answer that is being written",
)
async def stop(request: Request, owner: OwnerDep, answer_id: AnswerId) -> None:
    """Stop writing; what was written is not kept."""
    found = _streams(request).find(answer_id, owner)
    if found is None:
        raise AnswerMissing(f"no answer {answer_id[:40]!r} is being written here")
    found.broadcast.cancel()


def _ask(body: ChatQuestion, owner: str) -> Ask:
    return Ask(
        body.question,
        owner,
        llm=body.llm,
        conversation_id=body.conversation_id or new_id(),
        begins=not body.conversation_id,
        answer_id=new_id(),
    )


def _dialect(request: Request, service: AnswerService, ask: Ask) -> Dialect:
    return Dialect(ask.answer_id, ask.conversation_id, base_url(request, service.settings))


def _streams(request: Request) -> LiveStreams:
    streams: LiveStreams = request.app.state.live_streams
    return streams


async def _settled(broadcast: Broadcast[AnswerEvent | Stored]) -> None:
    """Wait until retrieval is done, but not for long; raises why there is nothing to stream."""
    async with aclosing(broadcast.follow(ping_s=SETTLE_S)) as events:
        async for event in events:
            if event is None or isinstance(event, Found):
                return


async def _frames(stream: LiveStream, after: int, ping_s: float) -> AsyncGenerator[bytes, None]:
    """Yield the events of a stream of this process from number `after` on."""
    number = after
    try:
        async with aclosing(stream.broadcast.follow(after, ping_s)) as events:
            async for event in events:
                if event is None:
                    yield PING
                    continue
                yield stream.dialect.frame(number, *stream.dialect.named(event))
                number += 1
    except Exception as error:  # noqa: BLE001  the status line is long gone: told as an event
        if not isinstance(error, EXPECTED):
            _log.error("a stream failed", exc_info=error)
        yield stream.dialect.frame(number, "error", error_data(error))


async def _resumed(
    request: Request,
    service: AnswerService,
    owner: str,
    last_event_id: str,
    of_answer: str = "",
) -> StreamingResponse:
    read = read_event_id(last_event_id)
    answer_id, after = (read[0], read[1] + 1) if read else (of_answer, 0)
    if not answer_id or (of_answer and of_answer != answer_id):
        raise RequestInvalid(
            f"Last-Event-ID {last_event_id[:60]!r} is not the id of an event of this answer"
        )
    streams = _streams(request)
    live = streams.find(answer_id, owner)
    if live is not None:
        return EventStreamResponse(_frames(live, after, streams.pace.ping_s))
    written = Written(service, owner, answer_id)
    try:
        kept = await written.events()
    except AnswerMissing:
        if not (service.has_other_workers and is_id(answer_id)):
            raise
        return EventStreamResponse(written.awaited(after, streams.pace))
    return EventStreamResponse(written.frames(kept, after))
