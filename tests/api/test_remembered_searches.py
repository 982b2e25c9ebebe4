"""Searches of one snapshot, remembered by their query."""

from __future__ import annotations

import json

from starlette.testclient import TestClient

from api.remembered_searches import MOST_SEARCHES, RememberedSearches
from rag.hit import Mode, SearchResult

KEY = ("lamp", 10, Mode.HYBRID)


def result(snapshot_id: str = "a", query: str = "lamp") -> SearchResult:
    return SearchResult(query, snapshot_id, (), {"total": 3.0})


def test_a_query_asked_before_finds_the_same_hits_with_timings_of_its_own() -> None:
    remembered = RememberedSearches("a")
    assert remembered.find(KEY) is None
    first = json.loads(remembered.add(KEY, result()))
    assert first == {"query": "lamp", "snapshot_id": "a", "timings_ms": {"total": 3.0}, "hits": []}
    again = json.loads(remembered.find(KEY) or b"")
    assert {**again, "timings_ms": {}} == {**first, "timings_ms": {}}
    assert set(again["timings_ms"]) == {"remembered", "total"}


def test_what_another_snapshot_found_is_not_remembered() -> None:
    remembered = RememberedSearches("a")
    assert json.loads(remembered.add(KEY, result("b")))["snapshot_id"] == "b"
    assert remembered.find(KEY) is None


def test_other_numbers_of_hits_and_other_modes_are_other_searches() -> None:
    remembered = RememberedSearches("a")
    remembered.add(KEY, result())
    assert remembered.find(("lamp", 9, Mode.HYBRID)) is None
    assert remembered.find(("lamp", 10, Mode.DENSE)) is None


def test_the_least_recently_asked_query_is_forgotten_first() -> None:
    remembered = RememberedSearches("a")
    for number in range(MOST_SEARCHES):
        remembered.add((str(number), 10, Mode.HYBRID), result())
    remembered.find(("0", 10, Mode.HYBRID))
    remembered.add(KEY, result())
    assert remembered.find(("0", 10, Mode.HYBRID)) is not None
    assert remembered.find(("1", 10, Mode.HYBRID)) is None


def test_the_route_answers_a_repeated_query_from_memory(client: TestClient) -> None:
    first = client.get("/search", params={"q": "tensor"}).json()
    again = client.get("/search", params={"q": "tensor"}).json()
    assert "remembered" not in first["timings_ms"]
    assert "remembered" in again["timings_ms"]
    assert again["hits"] == first["hits"]
