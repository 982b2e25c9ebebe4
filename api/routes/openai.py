"""`/v1`: the interface that clients of OpenAI's already speak."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from api.answer_service import AnswerService, AnswerServiceDep, Ask, Stored
from api.dependencies import ChatPoolDep, OwnerDep
from api.errors import EXPECTED, RequestInvalid
from api.openai.errors import openai_error
from api.openai.requests import (
    MODEL,
    MOST_INPUTS,
    ChatCompletionRequest,
    EmbeddingRequest,
)
from api.openai.schemas import ChatCompletionBody, EmbeddingsBody, ModelBody, ModelsBody
from api.openai.shapes import Head, Usage, chunk, cited, completion, urls, usage_chunk
from api.permalink import base_url
from api.schemas.requests import errors
from api.streams.chat_events import PING, data_frame, error_data
from api.streams.event_stream_response import EventStreamResponse
from api.streams.gone import unless_gone
from api.streams.live_streams import LiveStreams
from indexes.embedder import Vectors
from rag.answer import Answer
from rag.chat import Chat
from rag.errors import ModelUnavailable
from rag.quoting.extractive import MODEL as EXTRACTIVE
from rag.storing.identifier import new_id
from rag.writing.answer_event import AnswerEvent, Delta, Found

EMBEDDED_AT_ONCE = 32  # between two batches other requests get their turn
ABANDON_S = 0.0  # a stream of this interface cannot be taken up again

CHUNK = {
    "data": '{"id":"chatcmpl-4f1d2c3b","object":"chat.completion.chunk","created":1772366400,'
    '"model":"ai-factory-chat","choices":[{"index":0,"delta":{"content":"An embedding"},'
    '"logprobs":null,"finish_reason":null}]}'
}

Events = AsyncGenerator[AnswerEvent | Stored | None, None]

router = APIRouter(prefix="/v1", tags=["openai"])
_log = logging.getLogger("aifactory")


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
    """Answer the last message with citations in `annotations` and `context`."""
    ask = _ask(service, owner, body)
    head = Head(ask.answer_id, body.model, int(time.time()), base_url(request, service.settings))
    prompt = [message.text() for message in body.messages]
    if not body.stream:
        stored = await unless_gone(request, service.answer(ask))
        if isinstance(stored, Response):
            return stored
        answer = stored.finished.answer
        usage = await _usage(service, prompt, answer)
        return JSONResponse(completion(head, answer, usage))
    streams: LiveStreams = request.app.state.live_streams
    events = service.broadcast(ask, ABANDON_S).follow(ping_s=streams.pace.ping_s)
    await _until_found(events)
    wants_usage = bool(body.stream_options and body.stream_options.include_usage)
    frames = _frames(service, events, head, prompt if wants_usage else None)
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
        raise _unknown(name, _names(service))
    return JSONResponse(_model(name))


@router.post(
    "/embeddings",
    responses={200: {"model": EmbeddingsBody}, **errors(400, 404, 413, 422, 503, 504)},
    summary="Embed texts with the model of the index",
)
async def embeddings(service: AnswerServiceDep, pool: ChatPoolDep, body: EmbeddingRequest) -> Any:
    """Return one unit vector per text."""
    if body.model != service.settings.model:
        raise _unknown(body.model, (service.settings.model,))
    texts = _texts(body)
    vectors: list[Vectors] = []
    tokens = 0
    for start in range(0, len(texts), EMBEDDED_AT_ONCE):
        batch = texts[start : start + EMBEDDED_AT_ONCE]
        embedded, counted = await pool.run(partial(_embedded, texts=batch, body=body))
        vectors.extend(embedded)
        tokens += counted
    shown = [
        {"object": "embedding", "index": index, "embedding": _shown(vector, body)}
        for index, vector in enumerate(vectors)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return JSONResponse({"object": "list", "data": shown, "model": body.model, "usage": usage})


def _ask(service: AnswerService, owner: str, body: ChatCompletionRequest) -> Ask:
    if body.n not in (None, 1):
        raise RequestInvalid(f"body.n is {body.n}; only 1 answer is given")
    answering = (MODEL, *service.models)
    if body.model not in answering:
        raise _unknown(body.model, answering)
    said = [(m.role, m.text()) for m in body.messages if m.role in ("user", "assistant")]
    if not said or said[-1][0] != "user":
        raise RequestInvalid("body.messages: the last message must be the user's question")
    llm = EXTRACTIVE if body.model == EXTRACTIVE else None
    return Ask(said[-1][1], owner, llm=llm, said=tuple(said[:-1]), answer_id=new_id())


def _names(service: AnswerService) -> tuple[str, ...]:
    return tuple(dict.fromkeys((MODEL, *service.models, service.settings.model)))


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "ai-factory-chat"}


def _unknown(name: str, known: Sequence[str]) -> ModelUnavailable:
    return ModelUnavailable(f"body.model is {name[:80]!r}; here it may be {', '.join(known)}")


async def _until_found(events: Events) -> None:
    """Wait until retrieval is done: what goes wrong until then still gets a status of its own.

    When a ping is due first, the response begins nevertheless.
    """
    async for event in events:
        if event is None or isinstance(event, Found):
            return
    raise RuntimeError("an answer ended before anything was found")


async def _frames(
    service: AnswerService, events: Events, head: Head, prompt: Sequence[str] | None
) -> AsyncGenerator[bytes, None]:
    snapshot_id = service.snapshot_id
    extra = {"usage": None} if prompt is not None else {}

    def told(delta: dict[str, Any], finish_reason: str | None = None, **more: Any) -> bytes:
        return data_frame({**chunk(head, snapshot_id, delta, finish_reason), **extra, **more})

    yield told({"role": "assistant", "content": ""})
    try:
        async with aclosing(events):
            async for event in events:
                if event is None:
                    yield PING
                elif isinstance(event, Delta):
                    yield told({"content": event.text})
                elif isinstance(event, Stored):
                    answer = event.finished.answer
                    yield told({"content": "", **cited(head, answer)})
                    end = chunk(head, snapshot_id, {}, "stop")
                    yield data_frame(
                        {**end, **extra, "citations": urls(head.base, answer.citations)}
                    )
                    if prompt is not None:
                        usage = await _usage(service, prompt, answer)
                        yield data_frame(usage_chunk(head, snapshot_id, usage))
                    yield b"data: [DONE]\n\n"
    except Exception as error:  # noqa: BLE001  the status line is long gone: told as a frame
        if not isinstance(error, EXPECTED):
            _log.error("a stream failed", exc_info=error)
        yield data_frame(openai_error(error_data(error)))


async def _usage(service: AnswerService, prompt: Sequence[str], answer: Answer) -> Usage:
    def count(chat: Chat) -> Usage:
        tokens = chat.embedder.count_tokens
        return Usage(sum(tokens(text) for text in prompt if text), tokens(answer.text))

    return await service.pool.run(count)


def _texts(body: EmbeddingRequest) -> list[str]:
    given = [body.input] if isinstance(body.input, str) else body.input
    texts = [text for text in given if isinstance(text, str)]
    if len(texts) != len(given):
        raise RequestInvalid(
            "body.input holds token ids; send texts (in LangChain's OpenAIEmbeddings: "
            "check_embedding_ctx_length=False)"
        )
    if not 1 <= len(texts) <= MOST_INPUTS:
        raise RequestInvalid(f"body.input holds {len(texts)} texts; send 1 to {MOST_INPUTS}")
    return texts


def _embedded(chat: Chat, *, texts: Sequence[str], body: EmbeddingRequest) -> tuple[Vectors, int]:
    dimension = chat.embedder.fingerprint.dimension
    if body.dimensions not in (None, dimension):
        raise RequestInvalid(f"body.dimensions is {body.dimensions}; {body.model} has {dimension}")
    tokens = sum(chat.embedder.count_tokens(text) for text in texts)
    if body.input_type == "query":
        return np.stack([chat.embedder.embed_query(text) for text in texts]), tokens
    return chat.embedder.embed_passages(texts), tokens


def _shown(vector: Vectors, body: EmbeddingRequest) -> list[float] | str:
    if body.encoding_format == "base64":
        return base64.b64encode(np.ascontiguousarray(vector, "<f4").tobytes()).decode("ascii")
    return [float(number) for number in vector]
