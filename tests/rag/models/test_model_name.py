from __future__ import annotations

import pytest

from rag.errors import ModelUnavailable
from rag.models.model_name import Door, ModelName, parse_model_name

SERVER = Door.OPENAI_COMPATIBLE


@pytest.mark.parametrize(
    ("text", "parsed", "name"),
    [
        ("extractive", ModelName(Door.EXTRACTIVE), "extractive"),
        (
            "openai-compatible:qwen@http://localhost:8000/v1",
            ModelName(SERVER, "qwen", url="http://localhost:8000/v1"),
            "openai-compatible:qwen",
        ),
        (
            "openai-compatible:org/m:7b@main@HTTPS://me:pw@host/v1/chat/completions/",
            ModelName(SERVER, "org/m:7b@main", url="HTTPS://me:pw@host/v1"),
            "openai-compatible:org/m:7b@main",
        ),
        (
            "openai-compatible:a@http://one/@http://[::1]:8000/v1/",
            ModelName(SERVER, "a@http://one/", url="http://[::1]:8000/v1"),
            "openai-compatible:a@http://one/",
        ),
        (
            "transformers:org/small",
            ModelName(Door.TRANSFORMERS, "org/small"),
            "transformers:org/small",
        ),
        (
            "transformers:/home/someone/small",
            ModelName(Door.TRANSFORMERS, "/home/someone/small"),
            "transformers:small",
        ),
        (
            " ollama:llama3:8b ",
            ModelName(Door.LANGCHAIN, "llama3:8b", provider="ollama"),
            "ollama:llama3:8b",
        ),
    ],
)
def test_a_name_says_how_the_model_is_reached(text: str, parsed: ModelName, name: str) -> None:
    assert parse_model_name(text) == parsed
    assert parse_model_name(text).name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gpt",
        "openai:",
        "OpenAI:gpt",
        "http://localhost:8000/v1",
        "extractive:x",
        "openai-compatible:qwen",
        "openai-compatible:@http://localhost/v1",
        "openai-compatible:qwen@localhost:8000",
        "openai-compatible:qwen@http://",
        "openai-compatible:qwen@http://host:99999/v1",
        "openai-compatible:qwen@http://host/v 1",
        "openai-compatible:qwen@http://host/v1?key=secret",
        "transformers:a\nb",
    ],
)
def test_a_name_of_no_known_form_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(ModelUnavailable, match="openai-compatible:MODEL@URL"):
        parse_model_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "openai-compatible:qwen@http://me:secret@host:0/v1",
        "openai-compatible:qwen@http://host/v1?key=secret",
        "http://me:secret@host/v1",
    ],
)
def test_credentials_are_not_shown(text: str) -> None:
    with pytest.raises(ModelUnavailable) as refused:
        parse_model_name(text)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_address_is_not_shown() -> None:
    assert "host" not in repr(parse_model_name("openai-compatible:qwen@http://me:pw@host/v1"))
