"""The bodies of requests on the OpenAI-compatible routes.

Fields of OpenAI's that have no meaning here (temperature, tools, ...) are accepted and ignored:
stock clients send them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas.requests import LONGEST_TEXT_CHARS

MOST_MESSAGES = 1000
MOST_INPUTS = 2048
MODEL = "ai-factory-chat"
"""The name under which the configured way of answering is asked for."""

Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT_CHARS)]


class TextPart(BaseModel):
    """A part of a message that is text."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["text", "input_text"]
    text: Text


class OtherPart(BaseModel):
    """A part of a message that cannot be read here, such as an image; it is left out."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["image_url", "input_audio", "file", "refusal"]


class ChatMessage(BaseModel):
    """One message of a conversation; only what user and assistant said is read."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[TextPart | OtherPart] | None = None

    def text(self) -> str:
        """Return what was said, without parts that are not text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if isinstance(part, TextPart))
        return self.content or ""


class StreamOptions(BaseModel):
    """What else a stream should carry."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


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
    messages: list[ChatMessage] = Field(
        min_length=1, max_length=MOST_MESSAGES, description="The conversation; the last is asked."
    )
    stream: bool | None = Field(False, description="Send the answer as it is written.")
    stream_options: StreamOptions | None = None
    n: int | None = Field(1, description="How many answers; only 1 is offered.")


class EmbeddingRequest(BaseModel):
    """The body of `POST /v1/embeddings`."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [{"model": "all-MiniLM-L6-v2", "input": "What is a neural ODE?"}]
        },
    )

    model: str = Field(max_length=300, description="The embedding model; see `GET /v1/models`.")
    input: Text | list[Text] | list[int] | list[list[int]] = Field(
        description="One text or up to 2,048; token ids are refused."
    )
    encoding_format: Literal["float", "base64"] | None = "float"
    dimensions: int | None = Field(None, ge=1, description="Only the model's own dimension.")
    input_type: Literal["query", "passage"] = Field(
        "passage", description="An extension: what the texts are, for models that tell them apart."
    )
