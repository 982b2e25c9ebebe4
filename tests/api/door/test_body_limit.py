"""Bodies: bounded in size, time and memory, uploads without keeping them in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request, UploadFile
from starlette.testclient import TestClient

import api.door.body_limit
from api.door.body_bounds import (
    CONVERSATION_BYTES,
    CONVERSATION_ROUTES,
    CONVERSATIONS_AT_ONCE_BYTES,
    MOST_VALUES,
    QUESTION_BYTES,
    BodyBounds,
    Bound,
)
from api.door.body_budget import BodyBudget
from api.door.body_limit import BodyLimit
from api.responses import add_error_handlers
from rag.settings import Settings

MOST = 5_000_000
ORDINARY = 1000


def bounds(at_once_bytes: int = 10 * ORDINARY) -> BodyBounds:
    upload = Bound(MOST, None, "send less")
    others = Bound(ORDINARY, BodyBudget(at_once_bytes), "send less")
    return BodyBounds(others, {"/raw": upload, "/form": upload})


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = FastAPI()

    @app.post("/raw")
    async def raw(request: Request) -> list[int]:
        return [len(chunk) async for chunk in request.stream()]

    @app.post("/form")
    async def form(file: UploadFile) -> int:
        return len(await file.read())

    @app.post("/other")
    async def other(request: Request) -> int:
        return len(await request.body())

    add_error_handlers(app)
    app.add_middleware(BodyLimit, bounds=bounds())
    with TestClient(app) as client:
        yield client


def chunks(count: int, size: int = 1_000_000) -> Iterator[bytes]:
    return (b"x" * size for _ in range(count))


def test_an_upload_may_be_larger_than_other_bodies(client: TestClient) -> None:
    assert sum(client.post("/raw", content=chunks(5)).json()) == MOST
    assert client.post("/form", files={"file": b"x" * 4_000_000}).json() == 4_000_000


def test_a_body_of_more_values_than_a_server_has_time_for_is_refused() -> None:
    app = FastAPI()

    @app.post("/")
    async def count(values: list[int]) -> int:
        return len(values)

    add_error_handlers(app)
    bound = Bound(MOST, BodyBudget(MOST), "send less")
    app.add_middleware(BodyLimit, bounds=BodyBounds(bound, {}))
    with TestClient(app) as client:
        assert client.post("/", json=[1] * MOST_VALUES).json() == MOST_VALUES
        refused = client.post("/", json=[1] * (MOST_VALUES + 1))
    assert refused.status_code == 413
    assert refused.json()["error"]["message"] == (
        "the request body has 200001 commas and opening brackets, over the limit of 200000; "
        "send less"
    )


def test_a_body_over_the_limit_of_its_route_is_refused_declared_or_not(client: TestClient) -> None:
    for most, response in (
        (MOST, client.post("/raw", content=b"x" * (MOST + 1))),
        (MOST, client.post("/raw", content=chunks(6))),
        (MOST, client.post("/form", files={"file": b"x" * MOST})),
        (ORDINARY, client.post("/other", content=b"x" * (ORDINARY + 1))),
        (ORDINARY, client.post("/other", content=chunks(11, 100))),
    ):
        assert response.status_code == 413
        message = response.json()["error"]["message"]
        assert message == f"the request body is over the limit of {most} bytes; send less"
    assert client.post("/other", content=chunks(10, 100)).json() == ORDINARY


def test_an_upload_reaches_the_route_while_it_comes() -> None:
    """The route sees the first piece before the second one is sent."""
    seen: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while len(seen) < 2:
            message = await receive()
            seen.append(len(message["body"]))

    async def story() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"x" * (len(seen) + 1), "more_body": not seen}

        scope = {"type": "http", "path": "/raw", "headers": []}
        await BodyLimit(app, bounds())(scope, receive, None)  # type: ignore[arg-type]

    asyncio.run(story())
    assert seen == [1, 2]


class Caller:
    """One request that sends what a test gives it, piece by piece."""

    def __init__(self, limit: BodyLimit, path: str = "/other") -> None:
        self.status = 0
        self._pieces: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope = {"type": "http", "path": path, "headers": []}
        self.task = asyncio.create_task(limit(scope, self._pieces.get, self._send))

    async def give(self, body: bytes, *, more: bool = True) -> None:
        """Send a piece, and wait until it has been taken."""
        self._pieces.put_nowait({"type": "http.request", "body": body, "more_body": more})
        for _ in range(5):
            await asyncio.sleep(0)

    async def leave(self) -> None:
        self._pieces.put_nowait({"type": "http.disconnect"})
        await self.task

    async def _send(self, message: Any) -> None:
        self.status = self.status or message["status"]


def test_the_bodies_of_all_requests_together_are_bounded() -> None:
    """Unfinished bodies count, and those whose requests are still being answered."""
    gate = asyncio.Event()
    seen: list[bytes] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((await receive()).get("body", b"gone"))
        await gate.wait()

    async def story() -> None:
        shared = bounds(at_once_bytes=2 * ORDINARY)
        limit = BodyLimit(app, shared)
        unfinished, answered = Caller(limit), Caller(limit)
        await unfinished.give(b"x" * 900)
        await answered.give(b"x" * 500)
        await answered.give(b"y" * 400, more=False)
        assert seen == [b"x" * 500 + b"y" * 400]
        refused = Caller(limit)
        await refused.give(b"x" * 201)
        assert refused.status == 503
        gate.set()
        await unfinished.leave()
        await answered.task
        last = Caller(limit)
        await last.give(b"z" * ORDINARY, more=False)
        await last.task
        assert seen[1:] == [b"gone", b"z" * ORDINARY]
        assert shared.others.budget is not None
        assert shared.others.budget.held_bytes == 0

    asyncio.run(story())


@pytest.mark.parametrize("path", ["/raw", "/search"])
def test_a_body_that_does_not_come_is_not_waited_for(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.door.body_limit, "BODY_S", 0.02)
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(3600)
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": []}
    asyncio.run(BodyLimit(app, bounds())(scope, receive, send))
    assert sent[0]["status"] == 408


def test_routes_of_one_question_take_far_less_than_conversations(tmp_path: Path) -> None:
    found = BodyBounds.of(Settings(home=tmp_path))
    assert found.at("/chat").most_bytes == found.at("/ask").most_bytes == QUESTION_BYTES == 65_536
    for path in CONVERSATION_ROUTES:
        bound = found.at(path)
        assert bound.most_bytes == CONVERSATION_BYTES == 4_000_000
        assert bound.budget is not None
        assert bound.budget.most_bytes == CONVERSATIONS_AT_ONCE_BYTES
        assert bound.budget is not found.others.budget  # large bodies leave room for questions
    assert found.at("/admin/ingest").budget is None


def test_longer_questions_make_room_for_themselves(tmp_path: Path) -> None:
    found = BodyBounds.of(Settings(home=tmp_path, max_question_chars=50_000))
    assert found.others.most_bytes == 50_000 * 12 + 16_384
