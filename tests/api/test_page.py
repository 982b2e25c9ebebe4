from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient


def test_the_first_page_asks_and_offers_questions_about_live_terms(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<form class="question" role="search" action="/" method="get">' in page.text
    assert '<a href="/?q=What+is+Beam+Search%3F">What is Beam Search?</a>' in page.text


def test_every_example_question_leads_to_an_answer(client: TestClient) -> None:
    links = re.findall(r'href="(/\?q=[^"]+)"', client.get("/").text)
    assert len(links) == 2
    for link in links:
        assert 'id="source-1"' in client.get(link).text


def test_an_answer_is_cited_and_its_quote_stands_in_its_context(client: TestClient) -> None:
    page = client.get("/", params={"q": "What is beam search?"}).text
    assert '<a class="marker" href="#source-1" aria-label="Source 1">1</a>' in page
    assert (
        '<blockquote><span class="context"># Beam Search\n</span>'
        "<mark>Beam search keeps the `b` best partial sequences at every step.</mark>"
        '<span class="context"> It costs $b$ times'
    ) in page
    assert '<a href="/read/beam-search-2">beam-search-2</a>' in page


def test_an_unanswerable_question_is_told_and_leads_to_near_terms(client: TestClient) -> None:
    page = client.get("/", params={"q": "price of bread"}).text
    assert "The glossary does not answer this question." in page
    assert '<a href="/?q=What+is+Tensor%3F">Tensor</a>' in page
    assert 'id="sources-title"' not in page


def test_without_a_snapshot_the_page_says_how_to_ingest(
    client_without_snapshot: TestClient,
) -> None:
    page = client_without_snapshot.get("/")
    assert page.status_code == 503
    assert "<code>aifactory ingest</code>" in page.text


@pytest.mark.parametrize("question", ["x" * 50_000, "?!"], ids=["long", "punctuation"])
def test_a_question_that_cannot_be_asked_is_explained(client: TestClient, question: str) -> None:
    page = client.get("/", params={"q": question})
    assert page.status_code == 422
    assert '<section class="problem" role="alert">' in page.text


@pytest.mark.parametrize("question", ["<script>alert(1)</script>", '"><img src=x onerror=a()>'])
def test_a_question_cannot_become_markup(client: TestClient, question: str) -> None:
    page = client.get("/", params={"q": question}).text
    assert question not in page
    assert page.count("<script") == 1
    assert "<img" not in page


def test_an_entry_cannot_become_markup(client: TestClient) -> None:
    for page in (client.get("/", params={"q": "tensor"}), client.get("/read/tensor")):
        assert page.text.count("<script") == 1
        assert "<img" not in page.text
        assert 'href="javascript:' not in page.text
        assert "\x1b" not in page.text
        assert "\u202e" not in page.text


def test_no_page_has_inline_script_or_style_or_loads_from_elsewhere(client: TestClient) -> None:
    for path in ("/", "/?q=beam+search", "/read/beam-search", "/?q=bread"):
        page = client.get(path).text
        assert re.findall(r"<script[^>]*>", page) == [
            '<script type="module" src="/static/page.js">'
        ]
        assert "<style" not in page
        assert not re.search(r'\s(?:style|on\w+)="', page)
        assert not re.search(r'(?:src|action)="(?!/)', page)


def test_an_entry_is_rendered_whole(client: TestClient) -> None:
    page = client.get("/read/beam-search").text
    assert "<h3>Beam Search</h3>" in page
    assert "<td>high</td>" in page
    assert "Also called Beam Decoding." in page


def test_a_missing_entry_has_a_page(client: TestClient) -> None:
    page = client.get("/read/nothing")
    assert page.status_code == 404
    assert "That did not work" in page.text


@pytest.mark.parametrize("name", ["style.css", "page.js", "icon.svg"])
def test_what_the_page_links_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 200
    assert f'"/static/{name}"' in client.get("/").text


def test_the_page_answers_head(client: TestClient) -> None:
    assert client.head("/").status_code == 200
