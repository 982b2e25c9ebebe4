"""`/v1/chat/completions` and `/v1/models`: what clients of OpenAI's already speak."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from api.answer_service import AnswerService, AnswerServiceDep, Ask, Stored
from api.dependencies import OwnerDep
from api.errors import EXPECTED, RequestInvalid
from api.observing.unexpected import log_unexpected
from api.openai.errors import openai_error
from api.openai.requests import MODEL, ChatCompletionRequest
from api.openai.schemas import ChatCompletionBody, ModelBody, ModelsBody
from api.openai.shapes import Head, Shown, Usage, chunk, cited, completion, urls, usage_chunk
from api.openai.shortening import Shortening, enough_of
from api.permalink import base_url
from api.schemas.requests import errors
from api.streams.chat_events import PING, data_frame, error_data
from api.streams.event_stream_response import EventStreamResponse
from api.streams.gone import unless_gone
from api.streams.live_streams import LiveStreams
from rag.errors import ModelUnavailable
from rag.quoting.extractive import MODEL as EXTRACTIVE
from rag.storing.identifier import new_id
from rag.writing.answer_event import AnswerEvent, Delta, Finished, Found

ABANDON_S = 0.0  # a stream of this interface cannot be taken up again
PATIENCE = 1  # what only counts and looks up waits for what searches

CHUNK = {
    "data": '{"id":"chatcmpl-4f1d2c3b","object":"chat.completion.chunk","created":1772366400,'
    '"model":"ai-factory-chat","choices":[{"index":0,"delta":{"content":"An embedding"},'
    '"logprobs":null,"finish_reason":null}]}'
}

Events = AsyncGenerator[AnswerEvent | Stored | None, None]
CountTokens = Callable[[str], int]
T = TypeVar("T")

router = APIRouter(prefix="/v1", tags=["openai"])


@router.post(
    "/chat/completions",
    responses={
        200: {
            "model": ChatCompletionBody,
            "description": "The answer; with `stream` as chunks in server-sent events.",
            "content": {"text/event-stream": {"schema": {}, "example": CHUNK}},
        },
        **errors(400, 404, 413, 422, 503, 504),
    },
    summary="Answer a conversation, as OpenAI's chat completions",
)
async def chat_completions(
    request: Request, service: AnswerServiceDep, owner: OwnerDep, body: ChatCompletionRequest
) -> Any:
    """Answer the last message of the user with citations in `annotations` and `context`."""
    ask = _ask(service, owner, body)
    head = Head(ask.answer_id, body.model, int(time.time()), base_url(request, service.settings))
    telling = _Telling(service, body)
    if not body.stream:
        stored = await unless_gone(request, service.answer(ask))
        if isinstance(stored, Response):
            return stored
        await telling.more(stored.finished.answer.text)
        await telling.rest()
        return JSONResponse(completion(head, *await telling.shown(stored.finished)))
    streams: LiveStreams = request.app.state.live_streams
    events = service.broadcast(ask, ABANDON_S).follow(ping_s=streams.pace.ping_s)
    await _until_found(events)
    wants_usage = bool(body.stream_options and body.stream_options.include_usage)
    frames = _frames(telling, events, head, wants_usage=wants_usage)
    return EventStreamResponse(frames, events)


@router.get(
    "/models",
    responses={200: {"model": ModelsBody}, **errors(503)},
    summary="List who answers, and the embedding model",
)
async def models(service: AnswerServiceDep) -> Any:
    """Return the names that `model` may have."""
    return JSONResponse({"object": "list", "data": [_model(name) for name in _names(service)]})


@router.get(
    "/models/{name:path}",
    responses={200: {"model": ModelBody}, **errors(404, 422, 503)},
    summary="Show one model",
)
async def model(
    service: AnswerServiceDep,
    name: Annotated[str, Path(max_length=300, description="As the list names it.")],
) -> Any:
    """Return one of `GET /v1/models`."""
    if name not in _names(service):
        raise _unknown(f"the model {name[:80]!r} is not served", _names(service))
    return JSONResponse(_model(name))


def _ask(service: AnswerService, owner: str, body: ChatCompletionRequest) -> Ask:
    answering = (MODEL, *service.models)
    if body.model not in answering:
        raise _unknown(f"body.model is {body.model[:80]!r}", answering)
    asked = max((n for n, m in enumerate(body.messages) if m.role == "user"), default=None)
    if asked is None:
        raise RequestInvalid("body.messages: none is of the user; the last one of theirs is asked")
    before = body.messages[:asked]
    said = [(m.role, m.text()) for m in before if m.role in ("user", "assistant")]
    llm = EXTRACTIVE if body.model == EXTRACTIVE else None
    question = body.messages[asked].text()
    enough = enough_of(body.limit())
    return Ask(question, owner, llm=llm, said=tuple(said), answer_id=new_id(), enough=enough)


def _names(service: AnswerService) -> tuple[str, ...]:
    return tuple(dict.fromkeys((MODEL, *service.models, service.settings.model)))


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "ai-factory-chat"}


def _unknown(problem: str, known: Sequence[str]) -> ModelUnavailable:
    return ModelUnavailable(f"{problem}; here it may be {', '.join(known)}")


async def _until_found(events: Events) -> None:
    """Wait until retrieval is done: what goes wrong until then still gets a status of its own.

    When a ping is due first, the response begins nevertheless.
    """
    async for event in events:
        if event is None or isinstance(event, Found):
            return
    raise RuntimeError("an answer ended before anything was found")


class _Telling:
    """What of one answer its client is told, as it comes; counting is left to the pool."""

    def __init__(self, service: AnswerService, body: ChatCompletionRequest) -> None:
        self._service = service
        self._prompt = [text for message in body.messages if (text := message.text())]
        self._limit = body.limit()
        self._shortening = Shortening(self._limit)

    @property
    def snapshot_id(self) -> str:
        return self._service.snapshot_id

    async def more(self, text: str) -> str:
        """Take more of the answer; return what can be shown by now."""
        if not self._limit.limits:
            return text
        return await self._counting(lambda tokens: self._shortening.add(text, tokens))

    async def rest(self) -> str:
        """Return what can be shown besides, now that the answer is complete."""
        return await self._counting(self._shortening.end) if self._limit.limits else ""

    async def shown(self, finished: Finished) -> tuple[Shown, Usage]:
        """Return what was shown of an answer, and what it counts."""

        def look(tokens: CountTokens) -> tuple[Shown, Usage]:
            text = self._shortening.shown if self._limit.limits else finished.answer.text
            reason = self._shortening.reason or finished.ending.value
            usage = Usage(sum(map(tokens, self._prompt)), tokens(text))
            return Shown.of(finished.answer, text, reason), usage

        return await self._counting(look)

    async def _counting(self, work: Callable[[CountTokens], T]) -> T:
        return await self._service.pool.run(lambda chat: work(chat.embedder.count_tokens), PATIENCE)


async def _frames(
    telling: _Telling, events: Events, head: Head, *, wants_usage: bool
) -> AsyncGenerator[bytes, None]:
    snapshot_id = telling.snapshot_id
    extra = {"usage": None} if wants_usage else {}

    def told(delta: dict[str, Any], finish_reason: str | None = None, **more: Any) -> bytes:
        return data_frame({**chunk(head, snapshot_id, delta, finish_reason), **extra, **more})

    yield told({"role": "assistant", "content": ""})
    try:
        async with aclosing(events):
            async for event in events:
                if event is None:
                    yield PING
                elif isinstance(event, Delta):
                    if text := await telling.more(event.text):
                        yield told({"content": text})
                elif isinstance(event, Stored):
                    if text := await telling.rest():
                        yield told({"content": text})
                    shown, usage = await telling.shown(event.finished)
                    yield told({"content": "", **cited(head, shown)})
                    links = urls(head.base, shown.answer.citations)
                    yield told({}, shown.finish_reason, citations=links)
                    if wants_usage:
                        yield data_frame(usage_chunk(head, snapshot_id, usage))
                    yield b"data: [DONE]\n\n"
    except Exception as error:  # noqa: BLE001  the status line is long gone: told as a frame
        if not isinstance(error, EXPECTED):
            log_unexpected("a stream failed", error)
        yield data_frame(openai_error(error_data(error)))
