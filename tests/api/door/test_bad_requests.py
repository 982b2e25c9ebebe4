"""Requests that cannot be answered get the one JSON shape, a status and a way out."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

JSON = {"Content-Type": "application/json"}


def ask(client: TestClient, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    response = client.post("/ask", content=body, headers=headers)
    return response.status_code, response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{bad", 400, "the request body is not JSON: "),
        (b"\xff\xfe{", 400, "it must be UTF-8"),
        (b"[" * 60_000, 400, "not nested without end"),
        (b"[]", 422, "body: Input should be a valid dictionary"),
        (b"", 422, "body: Field required"),
        (b'{"question": 5}', 422, "body.question: Input should be a valid string (it is 5)"),
        (b'{"question": null}', 422, "body.question: Input should be a valid string"),
        (b'{"question": "\\ud800"}', 422, "body.question: "),
        (b'{"question": "x", "k": 1}', 422, "body.k: Extra inputs are not permitted (it is 1)"),
        (b'{"question": " ?! "}', 422, "holds no letter"),
        (b'{"question": "' + b"a" * 60_000 + b'"}', 422, "60000 characters"),
        (b'{"question": "' + b"a" * 70_000 + b'"}', 413, "the limit of 65536 bytes"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_body_that_cannot_be_used_is_named(
    client: TestClient, body: bytes, status: int, said: str
) -> None:
    found, message = ask(client, body, JSON)
    assert found == status
    assert said in message


def test_a_form_is_told_to_come_as_json(client: TestClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert ask(client, b"question=x", form) == (
        422,
        "body: send a JSON object with the header Content-Type: application/json",
    )


def test_an_unknown_route_and_a_wrong_method_name_the_way_out(client: TestClient) -> None:
    message = client.get("/nothing").json()["error"]["message"]
    assert message == "there is nothing at /nothing; /openapi.json lists the routes, / is the page"
    response = client.put("/ask", json={})
    message = response.json()["error"]["message"]
    assert (response.status_code, message) == (405, "PUT is not allowed for /ask; use POST")


@pytest.mark.parametrize(
    "path",
    ["/static/../../cli.py", "/static/%2e%2e/cli.py", "/entries/..%2f..%2fetc", "/entries/%00"],
)
def test_a_path_that_climbs_finds_nothing(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["q=x&k=0", "q=x&k=-1", "q=x&k=9999", "q=x&mode=z", "k=1", "q=%ff"]
)
def test_a_search_that_cannot_be_run_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/search?{query}").status_code == 422


def test_a_weird_host_changes_nothing(client: TestClient) -> None:
    page = client.get("/?q=tensor", headers={"Host": 'evil.test"><script>'})
    assert page.status_code == 200
    assert "evil" not in page.text


def test_html_in_a_question_is_text(client: TestClient) -> None:
    page = client.get("/", params={"q": "<script>alert(1)</script> tensor"})
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/health/live",
        "/health/ready",
        "/search?q=tensor",
        "/entries",
        "/entries/tensor",
        "/suggest?prefix=te",
    ],
)
def test_head_tells_of_everything_that_can_be_read(client: TestClient, path: str) -> None:
    response = client.head(path)
    assert (response.status_code, response.text) == (200, "")
    assert client.head("/entries/nothing").status_code == 404


@pytest.mark.parametrize("path", ["/chat/", "/entries/", "/glossary/"])
def test_nobody_is_sent_to_the_host_that_a_request_names(client: TestClient, path: str) -> None:
    response = client.post(path, headers={"Host": "evil.test"}, json={}, follow_redirects=False)
    assert response.status_code in (404, 405)
    assert "location" not in response.headers


def test_head_asks_for_the_page_without_its_body(client: TestClient) -> None:
    response = client.head("/?q=tensor")
    assert (response.status_code, response.text) == (200, "")
