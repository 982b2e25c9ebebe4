"""Annotations point at markers, never at code that looks like one."""

from __future__ import annotations

from dataclasses import replace

from api.openai.shapes import Head, Shown, cited
from tests.api.fake_chat import FakeChat

HEAD = Head("a", "m", 0, "http://glossary.test")
TEXT = "Take `v[1]`, then `v[2]`. [1]\n\n```\nv[2]\n```\n\n[2]"


def annotated(text: str, shown: str) -> list[str]:
    """Return the characters that the annotations of an answer with two citations name."""
    answer = FakeChat().ask("What is beam search, and what is a tensor?")
    assert len(answer.citations) == 2
    told = cited(HEAD, Shown.of(replace(answer, text=text), shown, "stop"))
    places = [one["url_citation"] for one in told["annotations"]]
    assert len(places) == len(told["context"]["citations"])
    return [f"{p['start_index']}:{shown[p['start_index'] : p['end_index']]}" for p in places]


def test_an_index_in_code_is_no_marker() -> None:
    assert annotated(TEXT, TEXT) == ["26:[1]", "45:[2]"]


def test_citations_that_are_cut_off_have_no_annotation() -> None:
    assert annotated(TEXT, TEXT[:29]) == ["26:[1]"]
    assert annotated(TEXT, "") == []


def test_a_citation_without_a_marker_of_its_own_stands_at_the_end() -> None:
    assert annotated("Both. [1]", "Both. [1]") == ["6:[1]", "9:"]
