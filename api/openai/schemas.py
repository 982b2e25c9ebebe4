"""The bodies of responses on the OpenAI-compatible routes, for the description of the interface."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from api.openai.requests import MODEL

_SNAPSHOT = "f8f50118850364cc"
_ANSWER_ID = "4f1d2c3b5a69788796a5b4c3d2e1f001"
_URL = "http://127.0.0.1:8000/glossary/embedding?start=0&end=37#quote"
_QUOTE = "An embedding maps a text to a vector."


def _example(**example: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class UrlCitation(BaseModel):
    """Where the first marker of a number stands in the text, and what it points at."""

    start_index: int
    end_index: int
    url: str
    title: str


class Annotation(BaseModel):
    """One per number, in their order."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class ContextCitation(BaseModel):
    """The quote behind a number: the characters `start` to `end` of the body of its entry."""

    content: str
    title: str
    url: str
    filepath: str
    chunk_id: str
    number: int
    entry_id: str
    start: int
    end: int
    quote: str
    score: float
    support: Literal["quoted", "supported", "unsupported"]
    duplicates: list[str]
    corpus_version: str


class Context(BaseModel):
    """Everything behind an answer that OpenAI's fields have no room for."""

    citations: list[ContextCitation]
    intent: str
    answerable: bool
    answerable_probability: float
    nearest_terms: list[str]
    answer_id: str
    answered_by: str
    notice: str


class AnswerMessage(BaseModel):
    """What was answered."""

    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[Annotation]
    context: Context


class Choice(BaseModel):
    """The one answer."""

    index: Literal[0]
    message: AnswerMessage
    logprobs: None
    finish_reason: Literal["stop", "length", "content_filter"]


class UsageBody(BaseModel):
    """Tokens, counted by the tokenizer of the embedding model."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


_CITATION = {
    "content": _QUOTE,
    "title": "Embedding",
    "url": _URL,
    "filepath": "embedding",
    "chunk_id": "embedding#0",
    "number": 1,
    "entry_id": "embedding",
    "start": 0,
    "end": 37,
    "quote": _QUOTE,
    "score": 1.0,
    "support": "quoted",
    "duplicates": [],
    "corpus_version": _SNAPSHOT,
}
_PLACE = {"start_index": 38, "end_index": 41, "url": _URL, "title": "Embedding"}
_MESSAGE = {
    "role": "assistant",
    "content": f"{_QUOTE} [1]",
    "refusal": None,
    "annotations": [{"type": "url_citation", "url_citation": _PLACE}],
    "context": {
        "citations": [_CITATION],
        "intent": "What is an embedding?",
        "answerable": True,
        "answerable_probability": 0.97,
        "nearest_terms": ["Embedding"],
        "answer_id": _ANSWER_ID,
        "answered_by": "extractive",
        "notice": "",
    },
}


class ChatCompletionBody(BaseModel):
    """A whole answer; `citations` has the permalink of `[n]` at position n - 1."""

    model_config = _example(
        id=f"chatcmpl-{_ANSWER_ID}",
        object="chat.completion",
        created=1772366400,
        model=MODEL,
        system_fingerprint=_SNAPSHOT,
        choices=[{"index": 0, "message": _MESSAGE, "logprobs": None, "finish_reason": "stop"}],
        usage={"prompt_tokens": 6, "completion_tokens": 13, "total_tokens": 19},
        citations=[_URL],
    )

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    system_fingerprint: str
    choices: list[Choice]
    usage: UsageBody
    citations: list[str]


_MODEL = {"id": MODEL, "object": "model", "created": 0, "owned_by": "ai-factory-chat"}


class ModelBody(BaseModel):
    """Somebody who answers, or the embedding model."""

    model_config = _example(**_MODEL)

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsBody(BaseModel):
    """Everything that `model` may be."""

    model_config = _example(object="list", data=[_MODEL])

    object: Literal["list"]
    data: list[ModelBody]


class EmbeddingBody(BaseModel):
    """The vector of one text: numbers, or little-endian float32 in base64."""

    object: Literal["embedding"]
    index: int
    embedding: list[float] | str


class EmbeddingUsage(BaseModel):
    """Tokens, counted by the tokenizer of the model."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingsBody(BaseModel):
    """One unit vector per text, in their order."""

    model_config = _example(
        object="list",
        data=[{"object": "embedding", "index": 0, "embedding": [0.6, 0.8]}],
        model="all-MiniLM-L6-v2",
        usage={"prompt_tokens": 6, "total_tokens": 6},
    )

    object: Literal["list"]
    data: list[EmbeddingBody]
    model: str
    usage: EmbeddingUsage
