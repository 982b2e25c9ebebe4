"""Bodies: bounded in size and time, uploads without keeping them in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI, Request, UploadFile
from starlette.testclient import TestClient

import api.door.security
from api.door.security import BodyLimit
from api.responses import add_error_handlers

MOST = 5_000_000


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = FastAPI()

    @app.post("/raw")
    async def raw(request: Request) -> list[int]:
        return [len(chunk) async for chunk in request.stream()]

    @app.post("/form")
    async def form(file: UploadFile) -> int:
        return len(await file.read())

    add_error_handlers(app)
    app.add_middleware(BodyLimit, uploads={"/raw": MOST, "/form": MOST})
    with TestClient(app) as client:
        yield client


def chunks(count: int) -> Iterator[bytes]:
    return (b"x" * 1_000_000 for _ in range(count))


def test_an_upload_may_be_larger_than_other_bodies(client: TestClient) -> None:
    assert sum(client.post("/raw", content=chunks(5)).json()) == MOST
    assert client.post("/form", files={"file": b"x" * 4_000_000}).json() == 4_000_000


def test_an_upload_over_its_limit_is_refused_declared_or_not(client: TestClient) -> None:
    for response in (
        client.post("/raw", content=b"x" * (MOST + 1)),
        client.post("/raw", content=chunks(6)),
        client.post("/form", files={"file": b"x" * MOST}),
    ):
        assert response.status_code == 413
        assert response.json()["error"]["message"].endswith(f"the limit of {MOST} bytes")


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
        await BodyLimit(app, {"/raw": 10})(scope, receive, None)  # type: ignore[arg-type]

    asyncio.run(story())
    assert seen == [1, 2]


@pytest.mark.parametrize("path", ["/raw", "/search"])
def test_a_body_that_does_not_come_is_not_waited_for(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.door.security, "BODY_S", 0.02)
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(3600)
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": []}
    asyncio.run(BodyLimit(app, {"/raw": 10})(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 408
