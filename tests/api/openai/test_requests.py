"""Bodies are refused at their first mistake, however many they have room for."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from api.openai.requests import MOST_INPUTS, ChatCompletionRequest, EmbeddingRequest

MANY = 20_000


def embedding(*texts: Any) -> dict[str, Any]:
    return {"model": "m", "input": list(texts)}


def said(content: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": content}]}


@pytest.mark.parametrize(
    ("kind", "body", "message"),
    [
        (EmbeddingRequest, embedding(*[None] * MANY), "there are 20000 texts; send 1 to 2048"),
        (EmbeddingRequest, embedding(), "there are 0 texts; send 1 to 2048"),
        (EmbeddingRequest, embedding(*[1] * MOST_INPUTS), "token ids are not taken; send texts"),
        (EmbeddingRequest, embedding([1, 2], [3]), "token ids are not taken; send texts"),
        (EmbeddingRequest, embedding("a", *[None] * 2000), "Input should be a valid string"),
        (ChatCompletionRequest, said([{}] * MANY), "there are 20000 parts of content; send up to"),
        (ChatCompletionRequest, said([{}] * 900), "Unable to extract tag using discriminator"),
        (ChatCompletionRequest, {"model": "m", "messages": [{}] * 900}, "Field required"),
        (
            ChatCompletionRequest,
            {**said("a"), "stop": [1] * MANY},
            "Input should be a valid string",
        ),
    ],
    ids=["nulls", "none", "tokens", "lists", "mixed", "parts", "empty parts", "messages", "stops"],
)
def test_a_body_full_of_mistakes_has_few(
    kind: type[BaseModel], body: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        kind.model_validate(body)
    assert refused.value.error_count() <= 2
    assert refused.value.errors()[0]["msg"].startswith(message)
