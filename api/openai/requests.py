"""The bodies of requests on the OpenAI-compatible routes.

Fields of OpenAI's that change nothing here (temperature, tools, ...) are checked where they have
bounds, and ignored: stock clients send them. What would promise a client something that it does not
get (JSON of a schema, a call of a tool) is refused.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StringConstraints,
    Tag,
)
from pydantic_core import PydanticCustomError

from api.openai.shortening import Limit
from api.schemas.requests import ASKABLE, LONGEST_TEXT_CHARS

MOST_MESSAGES = 1000
MOST_PARTS = 4000  # in all messages; each takes some microseconds of the event loop
MOST_INPUTS = 2048
MOST_STOPS = 4
MOST_TOKENS = 1_000_000_000
MODEL = "ai-factory-chat"
"""The name under which the configured way of answering is asked for."""


def _whole(number: Any) -> Any:
    """Take 5.0 for 5, as JSON does."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT_CHARS)]
Tokens = Annotated[int, Field(strict=True, ge=1, le=MOST_TOKENS), BeforeValidator(_whole)]
One = Annotated[int, Field(strict=True, ge=1, le=1), BeforeValidator(_whole)]
Dimensions = Annotated[int, Field(strict=True, ge=1), BeforeValidator(_whole)]
Stop = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class TextPart(BaseModel):
    """A part of a message that is text."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["text", "input_text"]
    text: Text


class OtherPart(BaseModel):
    """A part of a message that cannot be read here, such as an image; it is left out."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["image_url", "input_audio", "file", "refusal"]


def _kind_of_content(content: Any) -> str:
    return "parts" if isinstance(content, list) else "text"


Parts = Annotated[
    list[Annotated[TextPart | OtherPart, Field(discriminator="type")]], Field(fail_fast=True)
]
Content = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Parts, Tag("parts")], Discriminator(_kind_of_content)
]


_WORDS: dict[str, Any] = {"type": "string", "pattern": ASKABLE["pattern"]}
_WORDED_PART: dict[str, Any] = {
    "type": "object",
    "properties": {"type": {"enum": ["text", "input_text"]}, "text": _WORDS},
    "required": ["type", "text"],
}
_WORDED: dict[str, Any] = {
    "properties": {
        "role": {"const": "user"},
        "content": {"anyOf": [_WORDS, {"type": "array", "contains": _WORDED_PART}]},
    },
    "required": ["content"],
}
_OTHERS: list[Any] = ["system", "developer", "assistant", "tool", "function"]


class ChatMessage(BaseModel):
    """One message of a conversation; only what user and assistant said is read."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"anyOf": [_WORDED, {"properties": {"role": {"enum": _OTHERS}}}]},
    )

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content | None = None

    def text(self) -> str:
        """Return what was said, without parts that are not text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if isinstance(part, TextPart))
        return self.content or ""


class StreamOptions(BaseModel):
    """What else a stream should carry."""

    model_config = ConfigDict(extra="ignore")

    include_usage: StrictBool = False


class ResponseFormat(BaseModel):
    """The form of an answer: it is Markdown, and JSON cannot be promised."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["text"]


_ASKED = {
    "type": "object",
    "properties": {"role": {"const": "user"}, "content": {"type": "string", **ASKABLE}},
    "required": ["role", "content"],
}
_ASKS: dict[str, Any] = {"contains": _ASKED}


def _readable(given: Any) -> Any:
    """Refuse at first sight more parts than a conversation has."""
    if isinstance(given, list) and len(given) <= MOST_MESSAGES:
        contents = [message.get("content") for message in given if isinstance(message, dict)]
        count = sum(len(content) for content in contents if isinstance(content, list))
        if count > MOST_PARTS:
            counts = {"count": count, "most": MOST_PARTS}
            raise PydanticCustomError(
                "count", "there are {count} parts of content; send up to {most}", counts
            )
    return given


class ChatCompletionRequest(BaseModel):
    """The body of `POST /v1/chat/completions`."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [{"role": "user", "content": "What is a neural ODE?"}],
                    "stream": False,
                }
            ]
        },
    )

    model: str = Field(max_length=300, description="One of `GET /v1/models`.")
    messages: Annotated[list[ChatMessage], BeforeValidator(_readable)] = Field(
        fail_fast=True,  # a body has room for a million mistakes
        min_length=1,
        max_length=MOST_MESSAGES,
        description="The conversation; the last message of the user is asked.",
        json_schema_extra=_ASKS,
    )
    stream: StrictBool | None = Field(False, description="Send the answer as it is written.")
    stream_options: StreamOptions | None = None
    max_completion_tokens: Tokens | None = Field(
        None, description="The answer ends with the last whole sentence within so many tokens."
    )
    max_tokens: Tokens | None = Field(None, description="The older name of the same.")
    stop: Stop | Annotated[list[Stop], Field(max_length=MOST_STOPS)] | None = Field(
        None, description="The answer ends with the last whole sentence before any of these."
    )
    n: One | None = Field(1, description="How many answers; only 1 is offered.")
    response_format: ResponseFormat | None = Field(None, description="Only text is offered.")
    tool_choice: Literal["none", "auto"] | None = Field(
        None, description="No tool is ever called; a call cannot be required."
    )
    temperature: float | None = Field(None, strict=True, ge=0, le=2, description="Ignored.")
    top_p: float | None = Field(None, strict=True, ge=0, le=1, description="Ignored.")
    presence_penalty: float | None = Field(None, strict=True, ge=-2, le=2, description="Ignored.")
    frequency_penalty: float | None = Field(None, strict=True, ge=-2, le=2, description="Ignored.")

    def limit(self) -> Limit:
        """Return what ends the answer early."""
        stops = [self.stop] if isinstance(self.stop, str) else self.stop or []
        return Limit(self.max_completion_tokens or self.max_tokens, tuple(stops))


def _embeddable(given: Any) -> Any:
    """Refuse at first sight what would be looked through in vain."""
    if isinstance(given, list) and not 1 <= len(given) <= MOST_INPUTS:
        counts = {"count": len(given), "most": MOST_INPUTS}
        raise PydanticCustomError("count", "there are {count} texts; send 1 to {most}", counts)
    if isinstance(given, list) and not isinstance(given[0], str):
        raise PydanticCustomError(
            "token_ids",
            "token ids are not taken; send texts (in LangChain's OpenAIEmbeddings: "
            "check_embedding_ctx_length=False)",
        )
    return given


_FILLED = {"type": "string", "pattern": r"[^\W_]", "maxLength": LONGEST_TEXT_CHARS}
_TEXTS: dict[str, Any] = {
    "anyOf": [
        _FILLED,
        {"type": "array", "items": _FILLED, "minItems": 1, "maxItems": MOST_INPUTS},
    ]
}


class EmbeddingRequest(BaseModel):
    """The body of `POST /v1/embeddings`."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [{"model": "all-MiniLM-L6-v2", "input": "What is a neural ODE?"}]
        },
    )

    model: str = Field(max_length=300, description="The embedding model; see `GET /v1/models`.")
    input: Annotated[
        Text | Annotated[list[Text], Field(fail_fast=True)], BeforeValidator(_embeddable)
    ] = Field(
        description="One text or up to 2,048, none of them empty; token ids are refused.",
        json_schema_extra=_TEXTS,
    )
    encoding_format: Literal["float", "base64"] | None = "float"
    dimensions: Dimensions | None = Field(None, description="Only the model's own dimension.")
    input_type: Literal["query", "passage"] = Field(
        "passage", description="An extension: what the texts are, for models that tell them apart."
    )
