"""What people see of a wrong address, and that programs see the same as ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from lxml.html import document_fromstring
from starlette.testclient import TestClient

from api.app import create_app
from rag.settings import Settings
from tests.api.fake_chat import SNAPSHOT, FakeChat, opening

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NO_PAGE = "There is no such page"
UNUSABLE = "This address cannot be used"
WRONG = [
    ("/nope", 404, NO_PAGE),
    ("/glossary/a/b", 404, NO_PAGE),
    ("/evaluation/nope/report", 404, NO_PAGE),
    ("/evaluation/..%2f/report", 404, NO_PAGE),
    ("/glossary?letter=zzzzzzzzz", 422, UNUSABLE),
    (f"/glossary?q={'a' * 600}", 422, UNUSABLE),
    (f"/glossary/{'a' * 600}", 422, UNUSABLE),
    ("/?before=-1", 422, UNUSABLE),
    (f"/?c={'a' * 200}", 422, UNUSABLE),
]


@pytest.mark.parametrize(("path", "status", "heading"), WRONG)
def test_people_get_a_page_and_programs_json(
    client: TestClient, path: str, status: int, heading: str
) -> None:
    shown = client.get(path, headers=BROWSER)
    assert shown.status_code == status
    page = document_fromstring(shown.text)
    assert page.xpath("string(//h1)") == heading
    assert {"/", "/glossary", "/evaluation"} <= set(page.xpath("//a/@href"))
    told = client.get(path, headers={"Accept": "*/*"})
    assert told.status_code == status
    assert set(told.json()["error"]) == {"type", "message"}


@pytest.mark.parametrize("path", ["/entries?limit=-1", "/entries/nope", "/page/answers/nope"])
def test_a_browser_at_an_address_for_programs_gets_json(client: TestClient, path: str) -> None:
    assert set(client.get(path, headers=BROWSER).json()["error"]) == {"type", "message"}


def test_a_method_that_no_page_takes_is_told_as_a_page(client: TestClient) -> None:
    shown = client.post("/glossary", headers=BROWSER)
    assert (shown.status_code, shown.headers["allow"]) == (405, "GET, HEAD")
    assert NO_PAGE in shown.text


@pytest.fixture
def limited(settings: Settings) -> Iterator[TestClient]:
    given = settings.model_copy(update={"rate_per_minute": 1})
    with TestClient(application(given)) as client:
        yield client


def application(settings: Settings) -> FastAPI:
    return create_app(settings, opening(FakeChat()), live_id=lambda: SNAPSHOT)


def test_who_asks_too_often_gets_a_page_that_says_when_to_come_again(limited: TestClient) -> None:
    assert limited.get("/glossary", headers=BROWSER).status_code == 200
    shown = limited.get("/glossary", headers=BROWSER)
    assert (shown.status_code, shown.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert 1 <= int(shown.headers["retry-after"]) <= 60
    page = document_fromstring(shown.text)
    assert page.xpath("string(//h1)") == "Too many requests"
    assert page.xpath("//section//a[text()='Try again']/@href") == [""]


def test_what_nobody_expected_is_told_as_a_page(client: TestClient, settings: Settings) -> None:
    failing: Any = application(settings)

    @failing.get("/evaluation/broken")
    def broken() -> None:
        raise ZeroDivisionError

    with TestClient(failing, raise_server_exceptions=False) as client:
        shown = client.get("/evaluation/broken", headers=BROWSER)
    assert shown.status_code == 500
    assert "Something went wrong on the server" in shown.text
    assert "ZeroDivisionError" not in shown.text
