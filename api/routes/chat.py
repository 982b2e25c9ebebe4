"""`POST /chat` and `POST /chat/stream`: a question within a conversation."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from api.answer_service import AnswerService, AnswerServiceDep, Ask, Stored
from api.dependencies import OwnerDep
from api.errors import EXPECTED, Overloaded, RequestInvalid
from api.observing.unexpected import log_unexpected
from api.permalink import base_url
from api.schemas.chat import ChatAnswer, ChatQuestion
from api.schemas.requests import errors
from api.streams.broadcast import Broadcast
from api.streams.chat_events import PING, Dialect, error_data, read_event_id
from api.streams.event_stream_response import EventStreamResponse
from api.streams.gone import unless_gone
from api.streams.live_streams import Awaited, LiveStream, LiveStreams
from api.streams.watch import STOPPING, end_stopped
from api.streams.written import Written, event_unknown
from rag.storing.identifier import new_id
from rag.writing.answer_event import AnswerEvent, Found

T = TypeVar("T")

SETTLE_S = 1.0  # how long a refusal is waited for, which gets a status of its own

NOTHING_MORE = {"description": "The event of `Last-Event-ID` is the last one."}

router = APIRouter(tags=["chat"])

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
    responses={**EVENT_STREAM, 204: NOTHING_MORE, **errors(400, 404, 409, 410, 413, 422, 503)},
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
        return await _followed(request, service, owner, *_event(last_event_id))
    ask = _ask(body, owner)
    service.check_model(ask.llm)
    dialect = _dialect(request, service, ask)
    streams = _streams(request)
    broadcast = service.broadcast(ask, streams.pace.abandon_s, dialect.kept)
    await _settled(broadcast)
    started = LiveStream(owner, dialect, broadcast, dialect.named)
    streams.add(started)
    return EventStreamResponse(_frames(started, 0, streams.pace.ping_s))


@router.get(
    "/chat/stream/{answer_id}",
    response_class=StreamingResponse,
    responses={**EVENT_STREAM, 204: NOTHING_MORE, **errors(404, 410, 422, 503)},
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
    after = 0
    if last_event_id:
        of_answer, after = _event(last_event_id)
        if of_answer != answer_id:
            raise _no_event(last_event_id)
    return await _followed(request, service, owner, answer_id, after)


@router.delete(
    "/chat/stream/{answer_id}",
    status_code=204,
    responses=errors(404, 422, 503),
    summary="Stop an answer that is being written",
)
async def stop(
    request: Request, service: AnswerServiceDep, owner: OwnerDep, answer_id: AnswerId
) -> None:
    """Stop writing, whichever process it is; what was written is not kept."""
    await service.in_database(lambda: service.underway.stop(answer_id, owner))
    await end_stopped(service, _streams(request))


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


async def _frames(stream: LiveStream[T], after: int, ping_s: float) -> AsyncGenerator[bytes, None]:
    """Yield the events of a stream from number `after` on."""
    number = after
    try:
        async with aclosing(stream.broadcast.follow(after, ping_s)) as events:
            async for event in events:
                if event is None:
                    yield PING
                    continue
                yield stream.frame(number, event)
                number += 1
    except Exception as error:  # noqa: BLE001  the status line is long gone: told as an event
        if not isinstance(error, EXPECTED):
            log_unexpected("a stream failed", error)
        yield stream.dialect.frame(number, "error", error_data(error))


async def _waiting(
    service: AnswerService, stream: Awaited, after: int, ping_s: float
) -> AsyncGenerator[bytes, None]:
    """Yield the events of an answer that another process writes, from number `after` on.

    Whoever waits for it holds a place among the answers in the making.
    """
    with service.pool.answering():
        yield PING
        async with aclosing(_frames(stream, after, ping_s)) as frames:
            async for frame in frames:
                yield frame
        if stream.broadcast.failure is None and after > stream.broadcast.count:
            unknown = event_unknown(stream.dialect.answer_id, after, stream.broadcast.count)
            yield stream.dialect.frame(after, "error", error_data(unknown))


def _event(last_event_id: str) -> tuple[str, int]:
    """Return the answer that an event belongs to, and the number of the event after it."""
    read = read_event_id(last_event_id)
    if read is None:
        raise _no_event(last_event_id)
    return read[0], read[1] + 1


def _no_event(last_event_id: str) -> RequestInvalid:
    return RequestInvalid(
        f"Last-Event-ID {last_event_id[:60]!r} is not the id of an event of this answer"
    )


def _require_event(answer_id: str, after: int, count: int) -> None:
    if after > count:
        raise event_unknown(answer_id, after, count)


async def _followed(
    request: Request, service: AnswerService, owner: str, answer_id: str, after: int
) -> Response:
    """Answer with the events of an answer from number `after` on, wherever they are.

    After the last one it is 204, which tells the EventSource of a browser to stop asking.
    """
    streams = _streams(request)
    live = streams.find(answer_id, owner)
    if live is not None:
        if not live.broadcast.is_over:
            _require_event(answer_id, after, live.broadcast.count)
        elif after >= live.broadcast.count + (live.broadcast.failure is not None):
            return Response(status_code=204)
        return EventStreamResponse(_frames(live, after, streams.pace.ping_s))
    written = Written(service, owner, answer_id)
    kept = await written.events()
    if kept is not None:
        _require_event(answer_id, after, len(kept))
        if after == len(kept):
            return Response(status_code=204)
        return EventStreamResponse(written.frames(kept, after))
    if request.app.state.drain.begun:
        raise Overloaded(STOPPING)
    waiting = _waiting(service, written.awaited(streams), after, streams.pace.ping_s)
    await anext(waiting)  # takes the place, while a refusal still gets a status of its own
    return EventStreamResponse(waiting)
