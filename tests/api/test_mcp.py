"""The tools over real HTTP, and over pipes, with the official client."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from api.app import create_app
from api.door.drain import Drain
from api.door.exposure import Exposure
from api.door.guards import Serving
from rag.settings import Settings
from tests.api.fake_chat import SNAPSHOT, FakeChat, opening

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ["search_glossary", "get_entry", "ask_glossary"]
T = TypeVar("T")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of the tools on a real server over the fake Chat."""
    serving = Serving(Exposure(keys_needed=False, this_machine_only=True), Drain(5))
    settings = Settings(home=tmp_path / "home")
    application = create_app(settings, opening(FakeChat()), lambda: SNAPSHOT, serving=serving)
    server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/mcp"
    server.should_exit = True
    thread.join(timeout=30)


def with_client(server: Any, work: Callable[[Client], Awaitable[T]], mode: str = "auto") -> T:
    async def run() -> T:
        async with Client(server, mode=mode) as client:
            return await work(client)

    return asyncio.run(run())


def call(url: str, name: str, mode: str = "auto", **arguments: object) -> Any:
    return with_client(url, lambda client: client.call_tool(name, arguments), mode)


def test_the_tools_say_that_they_only_read_and_what_they_return(url: str) -> None:
    tools = with_client(url, lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools] == TOOLS
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint
        assert "snapshot_id" in tool.output_schema["required"]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_question_is_answered_with_citations(url: str, mode: str) -> None:
    result = call(url, "ask_glossary", mode, question="What is beam search?")
    assert not result.is_error
    answer = result.structured_content
    (citation,) = answer["citations"]
    assert answer["answerable"]
    assert citation["entry_id"] == "beam-search"
    assert citation["quote"] in answer["answer"]
    assert json.loads(result.content[0].text) == answer


def test_searching_takes_k(url: str) -> None:
    found = call(url, "search_glossary", query="beam search, tensor", k=1).structured_content
    assert [hit["entry_id"] for hit in found["hits"]] == ["beam-search"]


def test_an_entry_is_returned_in_full(url: str) -> None:
    entry = call(url, "get_entry", entry_id="tensor").structured_content
    assert (entry["term"], entry["snapshot_id"]) == ("Tensor", SNAPSHOT)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("get_entry", {"entry_id": "nothing"}),
        ("ask_glossary", {"question": "?!"}),
        ("ask_glossary", {"question": "x" * 2001}),
        ("search_glossary", {"query": "tensor", "k": 0}),
        ("search_glossary", {"k": "many"}),
    ],
)
def test_a_mistake_is_an_error_of_the_tool_on_one_line(
    url: str, name: str, arguments: dict[str, object]
) -> None:
    result = call(url, name, **arguments)
    assert result.is_error
    assert "\n" not in result.content[0].text


def test_calls_are_counted_with_what_they_searched_and_answered(url: str) -> None:
    call(url, "ask_glossary", question="What is beam search?")
    call(url, "search_glossary", query="tensor")
    call(url, "get_entry", entry_id="nothing")
    call(url, "search_glossary", query="tensor", k=0)
    call(url, "rm", entry_id="nothing")
    told = httpx2.get(url.removesuffix("/mcp") + "/metrics").text
    calls = "aifactory_tool_calls_total"
    for counted in (
        f'{calls}{{outcome="ok",tool="ask_glossary"}} 1.0',
        f'{calls}{{outcome="ok",tool="search_glossary"}} 1.0',
        f'{calls}{{outcome="error",tool="search_glossary"}} 1.0',
        f'{calls}{{outcome="error",tool="get_entry"}} 1.0',
        f'{calls}{{outcome="error",tool="unknown"}} 1.0',
        "aifactory_searches_total 1.0",
        'aifactory_answers_total{answerable="true",model="extractive"} 1.0',
    ):
        assert counted in told
    assert re.search(r'requests_total{method="POST",route="/mcp",status="200"} \d', told)
    assert "mounted" not in told


def test_many_clients_work_at_once(url: str) -> None:
    async def ask(client: Client) -> list[Any]:
        calls = (client.call_tool("search_glossary", {"query": "tensor"}) for _ in range(20))
        return await asyncio.gather(*calls)

    results = with_client(url, ask)
    assert {result.structured_content["hits"][0]["entry_id"] for result in results} == {"tensor"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.test"}, 403),
        ({"Origin": "http://evil.test"}, 403),
        ({}, 200),
    ],
)
def test_a_browser_cannot_be_tricked_into_calling_a_tool(
    url: str, headers: dict[str, str], status: int
) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accept = {"Accept": "application/json, text/event-stream", **headers}
    assert httpx2.post(url, json=body, headers=accept).status_code == status


def test_the_example_of_the_documentation_works(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    section = (ROOT / "docs" / "api.md").read_text(encoding="utf-8").partition("\n## MCP\n")[2]
    (example,) = re.findall(r"(?s)```python\n(.*?)```", section.partition("\n## ")[0])
    exec(example.replace("http://localhost:8000/mcp", url), {})
    assert capsys.readouterr().out.startswith("A tensor")


def test_there_is_nothing_to_get(url: str) -> None:
    assert httpx2.get(url).status_code == 405


def test_a_desktop_client_talks_over_pipes(tmp_path: Path) -> None:
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from api.cli import main; main()", "mcp", "--home", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    async def look(client: Client) -> tuple[list[str], Any]:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        return tools, await client.call_tool("ask_glossary", {"question": "What is a tensor?"})

    tools, result = with_client(stdio_client(parameters), look)
    assert tools == TOOLS
    assert result.is_error
    assert "aifactory ingest" in result.content[0].text
