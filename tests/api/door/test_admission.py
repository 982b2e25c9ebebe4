"""Who gets in: keys, scopes, limits, and what a browser may be tricked into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.dependencies import OwnerDep
from api.door.api_keys import Wish, keys_of
from api.door.drain import Drain
from api.door.exposure import Exposure
from api.door.guards import Serving
from rag.settings import Settings
from tests.api.fake_chat import SNAPSHOT, FakeChat, opening

LOCAL = Exposure(keys_needed=False, this_machine_only=True)
OPEN = Exposure(keys_needed=False, this_machine_only=False)
KEYS = Exposure(keys_needed=True, this_machine_only=False)
QUESTION = {"question": "What is beam search?"}

Serve = Callable[..., TestClient]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start an application for an exposure and some settings; return a client on this machine."""
    with ExitStack() as stack:

        def start(exposure: Exposure, peer: str = "127.0.0.1", **given: Any) -> TestClient:
            settings = Settings(home=tmp_path, **given)
            serving = Serving(exposure, Drain(1.0))
            app = create_app(settings, opening(FakeChat()), lambda: SNAPSHOT, serving)
            _add_owner_route(app)
            client = TestClient(app, "http://localhost:8000", client=(peer, 4000))
            return stack.enter_context(client)

        yield start


def _add_owner_route(app: FastAPI) -> None:
    @app.get("/owner")
    async def tell(owner: OwnerDep) -> str:
        return owner


def make_key(home: Path, **wish: Any) -> tuple[str, dict[str, str]]:
    """Return the id of a new key, and the header that shows it."""
    with closing(keys_of(Settings(home=home))) as keys:
        key, token = keys.create(Wish("test", **wish))
    return key.key_id, {"Authorization": f"Bearer {token}"}


def kind(response: Any) -> tuple[int, str]:
    assert "x-request-id" in response.headers
    return response.status_code, response.json()["error"]["type"]


def test_without_a_key_every_route_but_health_is_closed(serve: Serve) -> None:
    client = serve(KEYS)
    for path in ("/search?q=tensor", "/entries", "/openapi.json", "/metrics", "/nothing"):
        refused = client.get(path)
        assert kind(refused) == (401, "KeyNeeded")
        assert refused.headers["www-authenticate"] == "Bearer"
    assert kind(client.post("/ask", json=QUESTION)) == (401, "KeyNeeded")
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 200


@pytest.mark.parametrize("path", ["/", "/?q=tensor", "/glossary", "/glossary/tensor"])
def test_a_page_that_needs_a_key_says_so_as_a_page(serve: Serve, path: str) -> None:
    refused = serve(KEYS).get(path)
    assert refused.status_code == 401
    assert refused.headers["content-type"].startswith("text/html")
    assert "asks for an API key" in refused.text


def test_a_key_opens_as_bearer_and_as_header_of_its_own(serve: Serve, tmp_path: Path) -> None:
    key_id, bearer = make_key(tmp_path)
    token = bearer["Authorization"].removeprefix("Bearer ")
    client = serve(KEYS)
    for headers in (bearer, {"X-API-Key": token}, {"authorization": f"bearer {token}"}):
        assert client.get("/owner", headers=headers).json() == key_id


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token.replace("aif_", "aif_0", 1),
        lambda token: "sk-anything",
        lambda token: "aif__",
        lambda token: "\u00e9" * 20,
    ],
)
def test_a_wrong_key_opens_nothing(
    serve: Serve, tmp_path: Path, spoil: Callable[[str], str]
) -> None:
    _, bearer = make_key(tmp_path)
    token = spoil(bearer["Authorization"].removeprefix("Bearer "))
    refused = serve(KEYS).get("/entries", headers={"X-API-Key": token.encode("latin-1")})
    assert kind(refused) == (401, "KeyNeeded")
    assert "unknown, revoked or expired" in refused.json()["error"]["message"]


def test_a_scope_opens_its_own_routes_only(serve: Serve, tmp_path: Path) -> None:
    _, ask = make_key(tmp_path)
    _, admin = make_key(tmp_path, scopes=("admin",))
    client = serve(KEYS)
    for path in ("/metrics", "/admin/snapshots", "/admin"):
        assert kind(client.get(path, headers=ask)) == (403, "ScopeNeeded")
        assert client.get(path, headers=admin).status_code != 403
    assert client.get("/search?q=tensor", headers=ask).status_code == 200
    assert kind(client.get("/search?q=tensor", headers=admin)) == (403, "ScopeNeeded")


def test_where_nobody_needs_a_key_any_is_accepted_and_a_good_one_counts(
    serve: Serve, tmp_path: Path
) -> None:
    key_id, bearer = make_key(tmp_path)
    client = serve(OPEN)
    assert client.get("/owner").json() == ""
    assert client.get("/owner", headers={"Authorization": "Bearer sk-x"}).json() == ""
    assert client.get("/owner", headers=bearer).json() == key_id


def test_an_open_server_is_administered_with_a_key(serve: Serve, tmp_path: Path) -> None:
    _, admin = make_key(tmp_path, scopes=("admin",))
    client = serve(OPEN)
    assert kind(client.get("/admin/snapshots")) == (401, "KeyNeeded")
    assert client.get("/admin/snapshots", headers=admin).status_code == 200
    assert kind(client.get("/metrics")) == (401, "KeyNeeded")
    assert client.get("/metrics", headers=admin).status_code == 200


def test_a_key_of_ours_that_does_not_work_is_told_where_nobody_needs_one(
    serve: Serve, tmp_path: Path
) -> None:
    key_id, bearer = make_key(tmp_path)
    with closing(keys_of(Settings(home=tmp_path))) as keys:
        keys.revoke(key_id)
    refused = serve(OPEN).get("/owner", headers=bearer)
    assert kind(refused) == (401, "KeyNeeded")
    assert "unknown, revoked or expired" in refused.json()["error"]["message"]
    assert serve(LOCAL).get("/owner", headers=bearer).json() == ""


def test_this_machine_administers_without_a_key_unless_through_a_proxy(serve: Serve) -> None:
    for path in ("/admin/snapshots", "/metrics"):
        assert serve(LOCAL).get(path).status_code == 200
        elsewhere = serve(LOCAL, peer="192.0.2.7").get(path)
        assert kind(elsewhere) == (401, "KeyNeeded")


def test_more_requests_than_a_minute_allows_are_told_when_to_come_again(serve: Serve) -> None:
    client = serve(OPEN, rate_per_minute=3)
    assert [client.get("/entries").status_code for _ in range(3)] == [200] * 3
    refused = client.get("/entries")
    assert kind(refused) == (429, "TooManyRequests")
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert client.get("/health/ready").status_code == 200
    assert client.get("/static/base.css").status_code == 200


def test_the_log_names_the_key_of_a_refused_request(
    serve: Serve, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key_id, bearer = make_key(tmp_path, rate_per_minute=1)
    client = serve(KEYS)
    with caplog.at_level("INFO", "aifactory"):
        assert [client.get("/search?q=x", headers=bearer).status_code for _ in range(2)][1] == 429
        assert client.get("/admin/snapshots", headers=bearer).status_code == 429
    logged = [one.__dict__["fields"] for one in caplog.records if one.name == "aifactory.request"]
    assert [one["key_id"] for one in logged if one["status"] == 429] == [key_id, key_id]


def test_a_key_has_a_rate_of_its_own(serve: Serve, tmp_path: Path) -> None:
    _, slow = make_key(tmp_path, rate_per_minute=1)
    _, free = make_key(tmp_path, rate_per_minute=0)
    client = serve(KEYS, rate_per_minute=2)
    assert [client.get("/owner", headers=slow).status_code for _ in range(2)] == [200, 429]
    assert {client.get("/owner", headers=free).status_code for _ in range(9)} == {200}
    assert [client.get("/owner").status_code for _ in range(3)] == [401, 401, 429]


def test_a_host_that_is_not_this_machine_is_refused(serve: Serve) -> None:
    client = serve(LOCAL, public_url="https://glossary.test")
    for host in ("evil.test", "127.0.0.1.evil.test", ""):
        assert kind(client.get("/entries", headers={"Host": host})) == (403, "RequestRefused")
    for host in ("127.0.0.1:8000", "[::1]:8000", "glossary.test"):
        assert client.get("/entries", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("exposure", [LOCAL, OPEN])
def test_a_page_elsewhere_cannot_make_a_browser_post(serve: Serve, exposure: Exposure) -> None:
    client = serve(exposure, cors_origins="https://front.test")
    for hostile in (
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9000"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert kind(client.post("/ask", json=QUESTION, headers=hostile)) == (403, "RequestRefused")
    for friendly in (
        {},
        {"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://front.test", "Sec-Fetch-Site": "cross-site"},
    ):
        assert client.post("/ask", json=QUESTION, headers=friendly).status_code == 200


def test_a_listed_front_end_may_read_answers_and_refusals(serve: Serve) -> None:
    client = serve(KEYS, cors_origins="https://front.test")
    origin = {"Origin": "https://front.test"}
    asked = {**origin, "Access-Control-Request-Method": "POST"}
    asked["Access-Control-Request-Headers"] = "authorization,content-type,x-stainless-os"
    preflight = client.options("/ask", headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "https://front.test"
    refused = client.get("/entries", headers=origin)
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "https://front.test"
    assert "access-control-allow-credentials" not in refused.headers
    stranger = client.get("/entries", headers={"Origin": "https://evil.test"})
    assert "access-control-allow-origin" not in stranger.headers
