"""`/v1/embeddings` on the wire."""

from __future__ import annotations

import base64
import struct
from typing import Any

import pytest
from openai.types import CreateEmbeddingResponse

from api.openai.schemas import EmbeddingsBody
from tests.api.contract.completions import strictly
from tests.api.contract.serving import Served

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def test_embeddings_are_the_vectors_of_the_index(without_model: Served) -> None:
    texts = [f"lamp number {n}" for n in range(40)]  # more than are embedded at once
    asked = {"model": "all-MiniLM-L6-v2", "input": texts}
    got = without_model.post("/v1/embeddings", asked).json()
    EmbeddingsBody.model_validate(got)
    answered = strictly(CreateEmbeddingResponse, got)
    assert [one.index for one in answered.data] == list(range(40))
    assert all(abs(sum(x * x for x in one.embedding) - 1) < 1e-5 for one in answered.data)
    alone = {**asked, "input": texts[35], "encoding_format": "base64"}
    encoded = without_model.post("/v1/embeddings", alone).json()["data"][0]["embedding"]
    numbers = struct.unpack("<384f", base64.b64decode(encoded))
    assert max(abs(a - b) for a, b in zip(numbers, answered.data[35].embedding, strict=True)) < 0.02


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"model": "all-MiniLM-L6-v2", "input": [1, 2, 3]}, 400),
        ({"model": "all-MiniLM-L6-v2", "input": []}, 400),
        ({"model": "all-MiniLM-L6-v2", "input": ""}, 400),
        ({"model": "all-MiniLM-L6-v2", "input": ["a lamp", " \n "]}, 400),
        ({"model": "all-MiniLM-L6-v2", "input": "x", "dimensions": 8}, 400),
        ({"model": "all-MiniLM-L6-v2", "input": ["x"] * 2049}, 400),
        ({"model": "text-embedding-3-small", "input": "x"}, 404),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_embedding_that_cannot_be_made_is_refused(
    without_model: Served, asked: dict[str, Any], status: int
) -> None:
    response = without_model.post("/v1/embeddings", asked)
    assert response.status_code == status
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}
