from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.schemas.glossary import AnswerBody, EntryBody, EntryPage, SearchBody, SuggestionsBody


def listed(client: TestClient, **filters: object) -> list[str]:
    body = client.get("/entries", params=filters).json()
    return [entry["entry_id"] for entry in body["entries"]]


def test_entries_are_listed_by_term_with_letters_and_categories(client: TestClient) -> None:
    body = client.get("/entries").json()
    assert [entry["entry_id"] for entry in body["entries"]] == [
        "beam-search",
        "beam-search-2",
        "tensor",
    ]
    assert (body["total"], body["offset"], body["limit"]) == (3, 0, 100)
    assert body["letters"] == [{"letter": "B", "count": 2}, {"letter": "T", "count": 1}]
    assert body["categories"] == [
        {"category": "Decoding", "count": 1},
        {"category": "Mathematics", "count": 1},
    ]
    assert body["entries"][0] == {
        "entry_id": "beam-search",
        "heading": "Beam Search, Decoding",
        "term": "Beam Search",
        "aliases": ["Beam Decoding"],
        "category": "Decoding",
        "source": {"file": "glossary.md", "line": 3},
    }


def test_a_page_is_a_slice_and_the_total_counts_all(client: TestClient) -> None:
    body = client.get("/entries", params={"offset": 1, "limit": 1}).json()
    assert [entry["entry_id"] for entry in body["entries"]] == ["beam-search-2"]
    assert body["total"] == 3
    assert listed(client, offset=3) == []


def test_filters_work_together(client: TestClient) -> None:
    assert listed(client, letter="b") == ["beam-search", "beam-search-2"]
    assert listed(client, category="Mathematics") == ["tensor"]
    assert listed(client, q="deco") == ["beam-search"]  # its alias
    assert listed(client, q="search be") == ["beam-search", "beam-search-2"]
    assert listed(client, letter="T", category="Decoding") == []


def test_typing_gets_suggestions(client: TestClient) -> None:
    body = client.get("/suggest", params={"prefix": "bea"}).json()
    assert body["suggestions"] == [
        {
            "entry_id": "beam-search",
            "term": "Beam Search",
            "alias": None,
            "category": "Decoding",
        }
    ]
    assert client.get("/suggest", params={"prefix": ""}).json()["suggestions"] == []


@pytest.mark.parametrize(
    "url",
    [
        "/entries?offset=-1",
        "/entries?limit=0",
        "/entries?limit=1001",
        "/entries?letter=ab",
        "/entries?letter=",
        "/suggest",
        "/suggest?prefix=a&limit=51",
        "/suggest?prefix=" + "a" * 501,
    ],
)
def test_a_parameter_out_of_range_is_refused(client: TestClient, url: str) -> None:
    response = client.get(url)
    assert (response.status_code, response.json()["error"]["type"]) == (422, "RequestInvalid")


def test_bodies_are_as_the_schema_says(client: TestClient) -> None:
    for path, params, schema in (
        ("/entries", {}, EntryPage),
        ("/entries/tensor", {}, EntryBody),
        ("/suggest", {"prefix": "t"}, SuggestionsBody),
        ("/search", {"q": "tensor"}, SearchBody),
    ):
        schema.model_validate(client.get(path, params=params).json(), strict=True)
    answer = client.post("/ask", json={"question": "What is beam search?"}).json()
    AnswerBody.model_validate(answer)


def test_every_body_is_described_with_an_example(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for schema in (EntryPage, EntryBody, SuggestionsBody, SearchBody, AnswerBody):
        (example,) = schemas[schema.__name__]["examples"]
        schema.model_validate(example)
