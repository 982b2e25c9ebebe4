"""Signing in to the pages with an API key, which a browser then sends by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.door.api_keys import Wish, keys_of
from api.door.drain import Drain
from api.door.exposure import Exposure
from api.door.guards import Serving
from api.pages.page_paths import local_path
from rag.settings import Settings
from tests.api.fake_chat import SNAPSHOT, FakeChat, opening

KEYS = Exposure(keys_needed=True, this_machine_only=False)
OPEN = Exposure(keys_needed=False, this_machine_only=False)
LOCAL = Exposure(keys_needed=False, this_machine_only=True)
BROWSER = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Site": "same-origin"}
PAGES = ("/", "/?q=tensor", "/glossary", "/glossary?letter=B", "/glossary/tensor", "/evaluation")
OURS = {"Origin": "http://localhost:8000"}
UNKNOWN = "This API key is unknown, revoked or expired."

Serve = Callable[..., TestClient]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start an application for an exposure; return a client that follows no redirect."""
    with ExitStack() as stack:

        def start(
            exposure: Exposure = KEYS, base: str = "http://localhost:8000", **given: Any
        ) -> TestClient:
            settings = Settings(home=tmp_path, **given)
            serving = Serving(exposure, Drain(1.0))
            app = create_app(settings, opening(FakeChat()), lambda: SNAPSHOT, serving)
            client = TestClient(app, base, client=("192.0.2.1", 4000), follow_redirects=False)
            return stack.enter_context(client)

        yield start


@pytest.fixture
def make_key(tmp_path: Path) -> Callable[..., tuple[str, str]]:
    def make(*scopes: str) -> tuple[str, str]:
        """Return the id of a new key and the key."""
        with closing(keys_of(Settings(home=tmp_path))) as keys:
            key, token = keys.create(Wish("test", scopes or ("ask",)))
        return key.key_id, token

    return make


def sign_in(client: TestClient, key: str, to: str = "/glossary", **headers: str) -> Any:
    sent = {**BROWSER, **OURS, **headers}
    return client.post("/sign-in", data={"key": key, "next": to}, headers=sent)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_without_a_key_is_a_form_that_leads_back_to_it(serve: Serve, path: str) -> None:
    page = serve().get(path, headers=BROWSER)
    assert page.status_code == 401
    assert page.headers["www-authenticate"] == "Bearer"
    assert page.headers["cache-control"] == "no-store"
    assert '<form class="key-form card" id="key-form" method="post" action="/sign-in">' in page.text
    assert f'name="next" value="{path}"' in page.text
    assert "<title>Sign in – AI Factory Chat</title>" in page.text


@pytest.mark.parametrize("path", ["/", "/glossary/tensor", "/sign-in", "/nothing"])
def test_who_is_not_let_in_learns_nothing_of_the_glossary(serve: Serve, path: str) -> None:
    page = serve().get(path, headers=BROWSER)
    assert page.status_code == 401
    assert SNAPSHOT not in page.text
    assert "3 technical terms" not in page.text
    assert "Sign out" not in page.text


def test_a_script_that_asks_without_a_key_gets_json(serve: Serve) -> None:
    client = serve()
    for path in ("/page/conversations", "/entries", "/suggest?prefix=b", "/nothing"):
        refused = client.get(path, headers={"Accept": "*/*"})
        assert (refused.status_code, refused.json()["error"]["type"]) == (401, "KeyNeeded")


def test_a_right_key_opens_every_page_and_part(
    serve: Serve, make_key: Callable[..., tuple[str, str]]
) -> None:
    client = serve()
    answer = sign_in(client, f" {make_key()[1]} ", "/glossary?letter=B#quote")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/glossary?letter=B#quote"
    assert answer.headers["cache-control"] == "no-store"
    for path in PAGES:
        page = client.get(path, headers=BROWSER, follow_redirects=True)
        assert page.status_code == 200
        assert '<form class="sign-out" method="post" action="/sign-out">' in page.text
    assert client.get("/page/conversations").status_code == 200


def test_the_cookie_is_for_this_server_and_out_of_reach_for_scripts(
    serve: Serve, make_key: Callable[..., tuple[str, str]]
) -> None:
    token = make_key()[1]
    cookie = sign_in(serve(), token).headers["set-cookie"]
    assert cookie == f"aifactory-key={token}; HttpOnly; Path=/; SameSite=strict"


@pytest.mark.parametrize(
    "given", [{"base": "https://localhost:8000"}, {"public_url": "https://glossary.test"}]
)
def test_where_people_come_by_https_the_cookie_does_not_travel_without(
    serve: Serve, make_key: Callable[..., tuple[str, str]], given: dict[str, str]
) -> None:
    cookie = sign_in(serve(**given), make_key()[1], Origin=given.get("base", OURS["Origin"]))
    assert cookie.headers["set-cookie"].endswith("; Secure")


@pytest.mark.parametrize("key", ["", "aif_wrong", "aif_000000000000_00", "\u00e9" * 9, "a=b&c"])
def test_a_wrong_key_is_told_so_beside_the_field(serve: Serve, key: str) -> None:
    client = serve()
    page = sign_in(client, key, "/glossary/tensor")
    assert page.status_code == 401
    assert "set-cookie" not in page.headers
    assert f'role="alert">{UNKNOWN}</p>' in page.text
    assert 'name="next" value="/glossary/tensor"' in page.text
    assert SNAPSHOT not in page.text
    told = client.post("/sign-in", data={"key": key}, headers=OURS)
    assert told.json()["error"] == {"type": "KeyNeeded", "message": UNKNOWN}


def test_a_key_that_may_not_ask_is_told_what_is_needed(
    serve: Serve, make_key: Callable[..., tuple[str, str]]
) -> None:
    page = sign_in(serve(), make_key("admin")[1])
    assert page.status_code == 403
    assert "set-cookie" not in page.headers
    assert "has the scope admin; the pages need one with the scope ask" in page.text


def test_tries_to_sign_in_count_for_the_address_whatever_key_the_browser_has(
    serve: Serve, make_key: Callable[..., tuple[str, str]]
) -> None:
    client = serve(rate_per_minute=3)
    sign_in(client, make_key()[1])
    assert [sign_in(client, "aif_wrong").status_code for _ in range(3)] == [401, 401, 429]
    refused = sign_in(client, "aif_wrong")
    assert "<h1>Too many requests</h1>" in refused.text
    assert int(refused.headers["retry-after"]) >= 1
    assert client.get("/glossary").status_code == 200


def test_signing_out_forgets_the_key(
    serve: Serve, make_key: Callable[..., tuple[str, str]]
) -> None:
    client = serve()
    sign_in(client, make_key()[1])
    answer = client.post("/sign-out", headers={**BROWSER, **OURS})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "aifactory-key" not in client.cookies
    assert client.get("/glossary").status_code == 401


def test_a_key_that_stopped_working_is_told_and_forgotten(
    serve: Serve, tmp_path: Path, make_key: Callable[..., tuple[str, str]]
) -> None:
    key_id, token = make_key()
    with closing(keys_of(Settings(home=tmp_path))) as keys:
        keys.revoke(key_id)
    client = serve()
    client.cookies.set("aifactory-key", token)
    page = client.get("/glossary", headers=BROWSER)
    assert page.status_code == 401
    assert f'role="alert">{UNKNOWN}</p>' in page.text
    assert 'aifactory-key=""' in page.headers["set-cookie"]


@pytest.mark.parametrize(
    "hostile",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9000", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_elsewhere_cannot_use_the_cookie_nor_sign_anybody_in_or_out(
    serve: Serve, make_key: Callable[..., tuple[str, str]], hostile: dict[str, str]
) -> None:
    token = make_key()[1]
    client = serve()
    client.cookies.set("aifactory-key", token)
    question = {"question": "What is beam search?"}
    refused = [
        client.post("/ask", json=question, headers=hostile),
        client.delete("/conversations/x", headers=hostile),
        client.post("/sign-in", data={"key": token}, headers=hostile),
        client.post("/sign-out", headers=hostile),
    ]
    assert [response.status_code for response in refused] == [403] * 4
    assert not any("set-cookie" in response.headers for response in refused)
    assert client.post("/ask", json=question, headers=OURS).status_code == 200
    bearer = {"Authorization": f"Bearer {token}", **hostile}
    assert client.post("/ask", json=question, headers=bearer).status_code == 200


def test_a_header_counts_before_the_cookie(
    serve: Serve, make_key: Callable[..., tuple[str, str]]
) -> None:
    token = make_key()[1]
    client = serve()
    client.cookies.set("aifactory-key", "aif_wrong")
    assert client.get("/entries", headers={"X-API-Key": token}).status_code == 200
    client.cookies.set("aifactory-key", token)
    wrong = {"Authorization": "Bearer aif_wrong"}
    assert client.get("/entries", headers=wrong).status_code == 401
    assert client.get("/entries").status_code == 200


@pytest.mark.parametrize(
    "to",
    [
        "//evil.test",
        "https://evil.test/",
        "/\\evil.test",
        "\\/evil.test",
        "/\t/evil.test",
        "/a\r\nSet-Cookie: b=c",
        "javascript:alert(1)",
        "",
        "glossary",
        "/" + "a" * 5000,
    ],
)
def test_signing_in_leads_nowhere_else(
    serve: Serve, make_key: Callable[..., tuple[str, str]], to: str
) -> None:
    client = serve()
    assert sign_in(client, make_key()[1], to).headers["location"] == "/"
    assert client.get("/sign-in", params={"next": to}).headers["location"] == "/"
    assert local_path(to) == "/"


def test_a_link_from_elsewhere_is_tried_again_with_the_cookie(
    serve: Serve, make_key: Callable[..., tuple[str, str]]
) -> None:
    client = serve()
    elsewhere = {**BROWSER, "Sec-Fetch-Site": "cross-site"}
    page = client.get("/glossary?q=a", headers=elsewhere)
    assert "data-crossing" in page.text
    again = re.search(r'<noscript><meta http-equiv="refresh" content="0; url=([^"]+)">', page.text)
    assert again
    assert "data-crossing" not in client.get(again[1], headers=BROWSER).text
    sign_in(client, make_key()[1])
    assert client.get(again[1], headers=BROWSER).headers["location"] == "/glossary?q=a"


def test_where_no_key_is_needed_signing_in_is_not_needed_either(serve: Serve) -> None:
    client = serve(LOCAL)
    answer = sign_in(client, "anything", "/glossary")
    assert (answer.status_code, answer.headers["location"]) == (303, "/glossary")
    assert "set-cookie" not in answer.headers
    assert "Sign out" not in client.get("/glossary").text


def test_on_an_open_server_a_key_can_be_used_all_the_same(
    serve: Serve, make_key: Callable[..., tuple[str, str]]
) -> None:
    client = serve(OPEN)
    assert client.get("/glossary").status_code == 200
    sign_in(client, make_key()[1])
    assert "Sign out" in client.get("/glossary").text


def test_a_known_entry_is_sent_again_after_signing_out(
    serve: Serve, make_key: Callable[..., tuple[str, str]]
) -> None:
    client = serve(OPEN)
    etag = client.get("/glossary/tensor").headers["etag"]
    sign_in(client, make_key()[1])
    assert client.get("/glossary/tensor", headers={"If-None-Match": etag}).status_code == 200


def test_the_key_is_never_logged(
    serve: Serve,
    make_key: Callable[..., tuple[str, str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    token = make_key()[1]
    client = serve()
    sign_in(client, token)
    client.get("/glossary")
    sign_in(client, token + "0")
    assert caplog.records
    assert not any(token in str(vars(record)) for record in caplog.records)


def test_a_mount_point_stands_in_the_forms(serve: Serve) -> None:
    client = TestClient(serve().app, "http://localhost:8000", root_path="/factory")
    page = client.get("/factory/glossary", headers=BROWSER)
    assert 'action="/factory/sign-in"' in page.text
    assert 'name="next" value="/factory/glossary"' in page.text
