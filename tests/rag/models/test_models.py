"""Every door to a language model, over a real server on loopback where there is one."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from contextlib import aclosing

import pytest
from langchain.chat_models.base import _get_chat_model_creator

from rag.errors import (
    GenerationFailed,
    ModelBroken,
    ModelRejected,
    ModelTimedOut,
    ModelUnavailable,
    ModelUnreachable,
)
from rag.models.generator import CutOff, Ending, Message, Role
from rag.models.models import open_generator
from rag.models.patience import Patience
from rag.settings import Settings
from tests.conftest import ROOT
from tests.services.scripted_model import (
    DONE,
    JSON,
    HangUp,
    Reply,
    ScriptedModel,
    Stall,
    Wait,
    chunk,
    dies,
    event,
    raw,
    refuses,
    says,
    scripted_model,
    stalls,
)

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

PROMPT = [Message(Role.SYSTEM, "Answer."), Message(Role.USER, "What is a lamp?")]
DOORS = ["openai-compatible", "openai"]
HEARD = [
    {"role": "system", "content": "Answer."},
    {"role": "user", "content": "What is a lamp?"},
]

HALF_A_LETTER = b'data:{"choices":[{"delta":{"content":"\xc3'
Opening = Callable[..., Patience]


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture
def opening(door: str, monkeypatch: pytest.MonkeyPatch) -> Opening:
    """Open the scripted model through a door, with a key."""

    def open_door(server: ScriptedModel, **more: object) -> Patience:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-12")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        llm = server.llm if door == "openai-compatible" else "openai:scripted"
        return generator(llm=llm, llm_api_key="sk-12", **more)

    return open_door


def generator(**settings: object) -> Patience:
    opened = open_generator(Settings(**settings))
    assert opened is not None
    return opened


def ask(patience: Patience) -> tuple[list[str], GenerationFailed | None]:
    async def collect() -> tuple[list[str], GenerationFailed | None]:
        said: list[str] = []
        try:
            async for text in patience.stream(PROMPT):
                said = [*said, text]
        except GenerationFailed as failure:
            return said, failure
        finally:
            await patience.aclose()
        return said, None

    return asyncio.run(collect())


def test_extractive_needs_no_model() -> None:
    assert open_generator(Settings()) is None


def test_a_server_is_asked_without_loading_a_heavy_library() -> None:
    code = """
import subprocess
import sys
from rag.models.models import open_generator
from rag.settings import Settings
open_generator(Settings())
assert "httpx2" not in sys.modules
open_generator(Settings(llm="openai-compatible:m@http://127.0.0.1:1/v1"))
assert "httpx2" in sys.modules
print(*{"torch", "transformers", "langchain", "langchain_core", "openai"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_text_streams_in_the_pieces_in_which_the_model_says_it(opening: Opening, door: str) -> None:
    with scripted_model(says("A ", "lämp", " is.", usage=True)) as server:
        patience = opening(server, llm_max_tokens=17)
        assert patience.name == f"{door}:scripted"
        assert ask(patience) == (["A ", "lämp", " is."], None)
    (asked,) = server.requests
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == "Bearer sk-12"
    assert asked.messages == HEARD
    assert (asked.body["model"], asked.body["stream"]) == ("scripted", True)
    assert 17 in (asked.body.get("max_tokens"), asked.body.get("max_completion_tokens"))


@pytest.mark.parametrize(
    ("script", "said", "failure", "asked"),
    [
        (refuses(401, "wrong key sk-12"), [], ModelRejected, 1),
        (refuses(404), [], ModelRejected, 1),
        (refuses(500), [], ModelUnreachable, 2),
        ([refuses(503), says("a")], ["a"], None, 2),
        ([refuses(429, retry_after="0.01"), says("a")], ["a"], None, 2),
        (dies(), [], ModelBroken, 2),
        (dies("a"), ["a"], ModelBroken, 1),
        ([dies(), says("a")], ["a"], None, 2),
        (raw(chunk("a"), b"data: {oops\n\n", DONE), ["a"], ModelBroken, 1),
        (raw(chunk("a"), event({"error": {"message": "full"}}), DONE), ["a"], ModelBroken, 1),
        (says(), [], ModelBroken, 2),
        (stalls(), [], ModelTimedOut, 1),
        (stalls("a"), ["a"], ModelTimedOut, 1),
    ],
)
def test_a_failure_is_told_after_what_was_said(
    opening: Opening,
    script: Reply,
    said: list[str],
    failure: type[GenerationFailed] | None,
    asked: int,
) -> None:
    with scripted_model(script) as server:
        limit_s = 1.2 if failure is ModelTimedOut else 60
        texts, ended = ask(
            opening(server, llm_retries=1, llm_first_token_s=limit_s, llm_total_s=limit_s)
        )
        assert (texts, type(ended) if ended else None) == (said, failure)
        assert len(server.requests) == asked
        if ended:
            assert "scripted" in str(ended)
            assert "\n" not in str(ended)
            assert "sk-12" not in str(ended)
            assert "127.0.0.1" not in str(ended)


@pytest.mark.parametrize(("finish", "ending"), [("length", "length"), ("content_filter",) * 2])
def test_an_answer_that_the_server_cut_off_is_told_so(
    opening: Opening, finish: str, ending: str
) -> None:
    with scripted_model(says("A lamp", finish=finish)) as server:
        with pytest.raises(CutOff) as raised:
            ask(opening(server))
        assert raised.value.ending is Ending(ending)
        assert len(server.requests) == 1


TOOL = [{"index": 0, "id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (raw(chunk(None, tool_calls=TOOL), chunk(None, "tool_calls"), DONE),
         "asks for a tool instead of answering"),
        (raw(chunk(None, "content_filter"), DONE), "its answer held back by a content filter"),
        (raw(chunk(None, "length"), DONE), "stopped at its limit of length before its first text"),
    ],
)  # fmt: skip
def test_a_model_that_gives_no_answer_is_asked_once_and_what_it_did_is_told(
    opening: Opening, script: Reply, told: str
) -> None:
    with scripted_model(script) as server:
        texts, failure = ask(opening(server))
        assert (texts, type(failure), len(server.requests)) == ([], ModelRejected, 1)
        assert told in str(failure)


@pytest.mark.parametrize("door", ["openai-compatible"])
def test_a_refusal_is_told_in_the_words_of_the_model(opening: Opening) -> None:
    refusal = (chunk(None, refusal="I will"), chunk(None, refusal=" not."), chunk(None, "stop"))
    with scripted_model(raw(*refusal, DONE)) as server:
        _, failure = ask(opening(server))
        assert (type(failure), len(server.requests)) == (ModelRejected, 1)
        assert str(failure).endswith("refuses to answer (I will not.)")


@pytest.mark.parametrize("door", ["openai-compatible"])
def test_an_error_in_a_good_response_is_told(opening: Opening) -> None:
    said = b'{"error": {"message": "overloaded sk-abc123", "code": 500}}'
    with scripted_model(Reply((said,), headers=JSON)) as server:
        _, failure = ask(opening(server, llm_retries=1))
        assert (type(failure), len(server.requests)) == (ModelBroken, 2)
        assert str(failure).endswith("sent an error of the server (overloaded ...)")


def test_closing_hangs_up_on_the_model(opening: Opening) -> None:
    async def leave(server: ScriptedModel) -> None:
        patience = opening(server)
        async with aclosing(patience.stream(PROMPT)) as stream:
            assert await anext(stream) == "a"
        assert await asyncio.to_thread(server.requests[0].has_hung_up)
        await patience.aclose()

    with scripted_model(stalls("a")) as server:
        asyncio.run(leave(server))


def test_a_timeout_hangs_up_on_the_model(opening: Opening) -> None:
    with scripted_model(stalls()) as server:
        ask(opening(server, llm_first_token_s=1.2))
        assert server.requests[0].has_hung_up()


def test_a_server_that_is_not_there_is_named_without_its_address(opening: Opening) -> None:
    with scripted_model(says("a")) as server:
        pass
    _, failure = ask(opening(server, llm_retries=0))
    assert isinstance(failure, ModelUnreachable)
    assert "cannot be reached" in str(failure)
    assert "127.0.0.1" not in str(failure)


@pytest.mark.parametrize("door", ["openai-compatible"])
def test_connections_are_used_again(opening: Opening) -> None:
    async def ask_often(patience: Patience) -> list[str]:
        said = [text for _ in range(3) async for text in patience.stream(PROMPT)]
        await patience.aclose()
        return said

    with scripted_model(says("a")) as server:
        assert asyncio.run(ask_often(opening(server))) == ["a", "a", "a"]
        assert (len(server.requests), server.connections) == (3, 1)


@pytest.mark.parametrize("door", ["openai-compatible"])
@pytest.mark.parametrize(
    ("script", "said", "failure"),
    [
        (
            raw(HALF_A_LETTER, Wait(0.02), b'\xa4"}}]}\n', DONE),
            ["ä"],
            None,
        ),
        (raw(chunk("a")[:-8], Wait(0.02), chunk("a")[-8:], DONE), ["a"], None),
        (raw(chunk("a").rstrip(), DONE), [], ModelBroken),
        (raw(b": hi\r\n\r\n", chunk("a").replace(b"\n", b"\r\n"), DONE), ["a"], None),
        (raw(chunk("a"), chunk(None, "stop")), ["a"], None),
        (raw(chunk("a"), DONE, Stall()), ["a"], None),
        (raw(chunk("a"), DONE, Wait(0.05), HangUp()), ["a"], None),
        (raw(chunk("a"), chunk(None, "stop"), Wait(0.05), HangUp()), ["a"], None),
        (raw(chunk("a")), ["a"], ModelBroken),
        (Reply(says("a b").steps, text="a b"), ["a b"], None),
        (Reply((b"<p>hi",), headers=(("content-type", "text/html"),)), [], ModelBroken),
        (Reply((b"[]",), headers=JSON), [], ModelBroken),
        (Reply((b'{"choices":[{"message":{"content":"a"}}]}',), headers=JSON), ["a"], None),
        (refuses(302, location="http://127.0.0.1:1/"), [], ModelRejected),
        (refuses(400, "x" * 900), [], ModelRejected),
    ],
)
def test_odd_servers_are_read_or_told(
    opening: Opening, script: Reply, said: list[str], failure: object
) -> None:
    with scripted_model(script) as server:
        texts, ended = ask(opening(server, llm_retries=0))
        assert (texts, type(ended) if ended else None) == (said, failure)
        assert len(str(ended)) < 450


@pytest.mark.parametrize("door", ["openai-compatible"])
def test_a_proxy_of_the_machine_is_not_used_for_loopback(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with scripted_model(says("a")) as server:
        assert ask(opening(server)) == (["a"], None)


def test_a_proxy_of_the_machine_is_used_for_other_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted_model(says("a ", "b")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        patience = generator(llm="openai-compatible:m@http://model.invalid/v1")
        assert ask(patience) == (["a ", "b"], None)
        assert proxy.requests[0].path == "http://model.invalid/v1/chat/completions"


def test_one_generator_serves_one_event_loop_after_another() -> None:
    async def once(patience: Patience) -> str:
        said = "".join([text async for text in patience.stream(PROMPT)])
        await patience.aclose()
        return said

    with scripted_model(says("a")) as server:
        patience = generator(llm=server.llm)
        assert [asyncio.run(once(patience)) for _ in range(2)] == ["a", "a"]


def test_credentials_in_the_address_are_sent_and_not_shown() -> None:
    with scripted_model(refuses(401)) as server:
        url = server.url.replace("//", "//me:secret@")
        patience = generator(llm=f"openai-compatible:m@{url}")
        _, failure = ask(patience)
        assert server.requests[0].headers["authorization"] == "Basic bWU6c2VjcmV0"
    assert "secret" not in patience.name + str(failure)


@pytest.mark.parametrize(
    ("llm", "said"),
    [
        ("anthropic:m", "pip install 'ai-factory-chat[anthropic]'"),
        ("ollama:m", "pip install 'ai-factory-chat[ollama]'"),
        ("groq:m", "pip install langchain-groq"),
    ],
)
def test_a_missing_package_is_told_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, llm: str, said: str
) -> None:
    _get_chat_model_creator.cache_clear()
    for package in ("langchain_anthropic", "langchain_ollama", "langchain_groq"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModelUnavailable) as refused:
        generator(llm=llm)
    assert str(refused.value) == f"language model {llm} needs a package that is missing: {said}"


@pytest.mark.parametrize(
    ("llm", "variable"), [("openai:m", "OPENAI_API_KEY"), ("anthropic:m", "ANTHROPIC_API_KEY")]
)
def test_a_missing_key_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, llm: str, variable: str
) -> None:
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(ModelUnavailable) as refused:
        generator(llm=llm)
    assert str(refused.value) == f"language model {llm} needs a key: set {variable}"


def test_an_unknown_provider_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ModelUnavailable, match=r"'nobody'; LangChain knows anthropic, .* openai"):
        generator(llm="nobody:m")


def test_a_model_of_another_provider_opens_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-12")
    assert generator(llm="anthropic:m").name == "anthropic:m"
    assert generator(llm="ollama:m:8b").name == "ollama:m:8b"
