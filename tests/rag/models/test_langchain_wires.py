"""Anthropic's and Ollama's models through LangChain, over their own wires on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from types import ModuleType

import pytest

from rag.errors import (
    GenerationFailed,
    ModelBroken,
    ModelRejected,
    ModelTimedOut,
    ModelUnreachable,
)
from rag.models.generator import CutOff, Ending, Message, Role
from rag.models.models import open_generator
from rag.models.patience import Patience
from rag.settings import Settings
from tests.services import anthropic_messages, ollama_chat
from tests.services.scripted_model import Reply, ScriptedModel, scripted_model

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

PROMPT = [Message(Role.SYSTEM, "Answer."), Message(Role.USER, "What is a lamp?")]
WIRES = {"anthropic": anthropic_messages, "ollama": ollama_chat}
Opening = Callable[..., Patience]


@pytest.fixture(params=WIRES)
def door(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture
def wire(door: str) -> ModuleType:
    return WIRES[door]


@pytest.fixture
def opening(door: str, monkeypatch: pytest.MonkeyPatch) -> Opening:
    """Open the scripted model through a door, as the variables of its provider say."""

    def open_door(server: ScriptedModel, **more: object) -> Patience:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-12")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.root)
        monkeypatch.setenv("OLLAMA_HOST", server.root)
        opened = open_generator(Settings(llm=f"{door}:scripted", **more))
        assert opened is not None
        return opened

    return open_door


def ask(patience: Patience) -> tuple[list[str], Exception | None]:
    async def collect() -> tuple[list[str], Exception | None]:
        said: list[str] = []
        try:
            async for text in patience.stream(PROMPT):
                said = [*said, text]
        except (GenerationFailed, CutOff) as ended:
            return said, ended
        finally:
            await patience.aclose()
        return said, None

    return asyncio.run(collect())


def test_text_streams_in_pieces_without_what_the_model_thinks(
    opening: Opening, wire: ModuleType
) -> None:
    with scripted_model(wire.says("A ", "lämp", " is.", thoughts=("Hm, ", "a lamp."))) as server:
        assert ask(opening(server)) == (["A ", "lämp", " is."], None)


def test_a_piece_is_there_before_the_next_is_said(opening: Opening, wire: ModuleType) -> None:
    async def first(patience: Patience) -> str:
        async with aclosing(patience.stream(PROMPT)) as stream:
            said = await anext(stream)
        await patience.aclose()
        return said

    with scripted_model(wire.stalls("A ")) as server:
        assert asyncio.run(first(opening(server))) == "A "


@pytest.mark.parametrize("door", ["anthropic"])
def test_anthropic_is_asked_as_its_messages_are(opening: Opening) -> None:
    with scripted_model(anthropic_messages.says("a")) as server:
        ask(opening(server, llm_max_tokens=17))
    (asked,) = server.requests
    assert asked.path == "/v1/messages"
    assert {"sk-ant-12", "Bearer sk-ant-12"} & set(asked.headers.values())
    assert asked.body["system"] == "Answer."
    assert asked.messages == [{"role": "user", "content": "What is a lamp?"}]
    assert (asked.body["model"], asked.body["stream"]) == ("scripted", True)
    assert asked.body["max_tokens"] == 17


@pytest.mark.parametrize("door", ["ollama"])
def test_ollama_is_asked_for_room_for_the_prompt_and_the_answer(opening: Opening) -> None:
    with scripted_model(ollama_chat.says("a")) as server:
        ask(opening(server, llm_max_tokens=17, llm_context_tokens=600))
    (asked,) = server.requests
    assert asked.path == "/api/chat"
    said = [(message["role"], message["content"]) for message in asked.messages]
    assert said == [("system", "Answer."), ("user", "What is a lamp?")]
    assert (asked.body["model"], asked.body["stream"]) == ("scripted", True)
    assert asked.body["options"]["num_predict"] == 17
    assert asked.body["options"]["num_ctx"] == 617


@pytest.mark.parametrize(
    ("door", "script", "ending"),
    [
        ("anthropic", anthropic_messages.says("A", stop_reason="max_tokens"), Ending.LENGTH),
        (
            "anthropic",
            anthropic_messages.says("A", stop_reason="model_context_window_exceeded"),
            Ending.LENGTH,
        ),
        ("anthropic", anthropic_messages.says("A", stop_reason="refusal"), Ending.FILTERED),
        ("ollama", ollama_chat.says("A", done_reason="length"), Ending.LENGTH),
    ],
)
def test_an_answer_that_the_model_did_not_end_is_told_so(
    opening: Opening, script: Reply, ending: Ending
) -> None:
    with scripted_model(script) as server:
        said, ended = ask(opening(server))
        assert said == ["A"]
        assert isinstance(ended, CutOff)
        assert ended.ending is ending


@pytest.mark.parametrize(
    ("door", "script", "said", "failure", "asked"),
    [
        (
            "anthropic",
            anthropic_messages.refuses(529, "overloaded_error", "Overloaded"),
            [],
            (ModelUnreachable, "fails: status 529 (Overloaded); ask again later"),
            2,
        ),
        (
            "anthropic",
            anthropic_messages.refuses(401, "authentication_error", "invalid x-api-key"),
            [],
            (ModelRejected, "refuses the request: status 401 (invalid x-api-key); check its API"),
            1,
        ),
        (
            "anthropic",
            [
                anthropic_messages.refuses(429, "rate_limit_error", "slow", retry_after="0.01"),
                anthropic_messages.says("a"),
            ],
            ["a"],
            None,
            2,
        ),
        (
            "anthropic",
            [anthropic_messages.overloads(), anthropic_messages.says("a")],
            ["a"],
            None,
            2,
        ),
        (
            "anthropic",
            anthropic_messages.overloads("a"),
            ["a"],
            (ModelBroken, "sent an error of the server (Overloaded)"),
            1,
        ),
        (
            "anthropic",
            anthropic_messages.says_nothing("refusal"),
            [],
            (ModelRejected, "its answer held back by a content filter"),
            1,
        ),
        (
            "anthropic",
            anthropic_messages.says_nothing("max_tokens"),
            [],
            (ModelRejected, "stopped at its limit of length before its first text"),
            1,
        ),
        (
            "ollama",
            ollama_chat.refuses(404, "model 'scripted' not found"),
            [],
            (ModelRejected, "refuses the request: status 404 (model 'scripted' not found); check"),
            1,
        ),
        (
            "ollama",
            [ollama_chat.refuses(503, "server busy"), ollama_chat.says("a")],
            ["a"],
            None,
            2,
        ),
        (
            "ollama",
            ollama_chat.fails("a", error="out of memory"),
            ["a"],
            (ModelBroken, "failed with ResponseError (out of memory); check its server"),
            1,
        ),
        ("ollama", ollama_chat.says(), [], (ModelBroken, "sent an empty answer"), 2),
    ],
)
def test_a_failure_is_told_after_what_was_said(
    opening: Opening,
    script: Reply,
    said: list[str],
    failure: tuple[type[GenerationFailed], str] | None,
    asked: int,
) -> None:
    with scripted_model(script) as server:
        texts, ended = ask(opening(server, llm_retries=1))
        assert (texts, type(ended) if ended else None) == (said, failure[0] if failure else None)
        assert len(server.requests) == asked
        if failure:
            assert failure[1] in str(ended)
            assert "sk-ant-12" not in str(ended)


@pytest.mark.parametrize("reply", ["dies", "breaks_off"])
def test_an_answer_that_breaks_off_is_an_error_not_a_shorter_answer(
    opening: Opening, wire: ModuleType, reply: str
) -> None:
    with scripted_model(getattr(wire, reply)("a")) as server:
        texts, ended = ask(opening(server))
        assert (texts, type(ended)) == (["a"], ModelBroken)


@pytest.mark.parametrize("texts", [(), ("a",)])
def test_a_timeout_hangs_up_on_the_model(
    opening: Opening, wire: ModuleType, texts: tuple[str, ...]
) -> None:
    with scripted_model(wire.stalls(*texts)) as server:
        said, ended = ask(opening(server, llm_first_token_s=1.2, llm_total_s=1.2))
        assert (said, type(ended)) == (list(texts), ModelTimedOut)
        assert server.requests[0].has_hung_up()


def test_closing_hangs_up_on_the_model(opening: Opening, wire: ModuleType) -> None:
    async def leave(server: ScriptedModel) -> None:
        patience = opening(server)
        async with aclosing(patience.stream(PROMPT)) as stream:
            assert await anext(stream) == "a"
        assert await asyncio.to_thread(server.requests[0].has_hung_up)
        await patience.aclose()

    with scripted_model(wire.stalls("a")) as server:
        asyncio.run(leave(server))


def test_a_server_that_is_not_there_is_named_without_its_address(
    opening: Opening, wire: ModuleType
) -> None:
    with scripted_model(wire.says("a")) as server:
        pass
    _, failure = ask(opening(server, llm_retries=0))
    assert isinstance(failure, ModelUnreachable)
    assert "cannot be reached" in str(failure)
    assert "127.0.0.1" not in str(failure)
