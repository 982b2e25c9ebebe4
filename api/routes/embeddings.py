"""`POST /v1/embeddings`: vectors of texts, as clients of OpenAI's ask for them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.answer_service import AnswerServiceDep
from api.dependencies import ChatPoolDep
from api.errors import RequestInvalid
from api.openai.requests import EmbeddingRequest
from api.openai.schemas import EmbeddingsBody
from api.schemas.requests import errors
from indexes.embedder import Vectors
from rag.chat import Chat
from rag.errors import ModelUnavailable

EMBEDDED_AT_ONCE = 32  # between two batches other requests get their turn

router = APIRouter(prefix="/v1", tags=["openai"])


@router.post(
    "/embeddings",
    responses={200: {"model": EmbeddingsBody}, **errors(400, 404, 413, 422, 503, 504)},
    summary="Embed texts with the model of the index",
)
async def embeddings(service: AnswerServiceDep, pool: ChatPoolDep, body: EmbeddingRequest) -> Any:
    """Return one unit vector per text."""
    if body.model != service.settings.model:
        raise ModelUnavailable(
            f"body.model is {body.model[:80]!r}; here it may be {service.settings.model}"
        )
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


def _texts(body: EmbeddingRequest) -> list[str]:
    texts = [body.input] if isinstance(body.input, str) else body.input
    empty = next((index for index, text in enumerate(texts) if not text.strip()), None)
    if empty is not None:
        raise RequestInvalid(
            f"body.input: text {empty} is empty, which has no vector; leave it out"
        )
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
