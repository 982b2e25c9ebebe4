"""Ids come from an entry's own heading, and stay unique."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.draft import Draft
from corpus.entry import ENTRY_ID, Source
from corpus.errors import MalformedRecord
from corpus.identity import identify, slugify
from corpus.report import Report


def draft(heading: str, body: str = "A body.", term: str | None = None, line: int = 1) -> Draft:
    return Draft(heading=heading, body=body, source=Source("f", line), term=term)


def ids(*drafts: Draft) -> list[str]:
    return [entry.entry_id for entry in identify(drafts, Report("s", "f"))]


def hexdigest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Beam Search", "beam-search"),
        ("  k-means++ ", "k-means"),
        ("Émile Borel's σ", f"emile-borel-s-{hexdigest('Émile Borel' + chr(39) + 's σ')}"),
        ("naïve Bayes", "naive-bayes"),
        ("½ life", "1-2-life"),
        ("Gauß", "gauss"),
    ],
)
def test_slugs_are_readable_ascii(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_other_scripts_and_bare_symbols_get_a_digest() -> None:
    assert slugify("神经网络") == "term-" + hexdigest("神经网络")
    assert slugify("++") == "term-" + hexdigest("++")
    assert slugify("神经") != slugify("网络")


@given(st.text(max_size=200))
def test_every_slug_is_a_valid_entry_id(text: str) -> None:
    assert ENTRY_ID.fullmatch(slugify(text))


def test_one_keyword_gives_the_term_and_several_give_two() -> None:
    assert ids(draft("beam search")) == ["beam-search"]
    assert ids(draft("beam search,width first,x,y")) == ["beam-search--width-first"]


def test_a_stated_term_that_is_the_heading_is_taken_whole() -> None:
    assert ids(draft("precision, recall", term="precision, recall")) == ["precision-recall"]


def test_long_headings_are_cut_at_a_hyphen_with_a_digest() -> None:
    heading = "word " * 40 + "end"
    assert ids(draft(heading)) == ["word-" * 14 + hexdigest("word " * 40 + "end")]


def test_different_headings_with_one_id_all_get_a_digest_of_the_heading() -> None:
    first, second = "beam search,width,x", "beam search, width, y"
    expected = sorted(f"beam-search--width-{hexdigest(h)}" for h in (first, second))
    assert ids(draft(first), draft(second)) == expected


def test_equal_headings_with_different_bodies_get_a_digest_of_the_body() -> None:
    expected = sorted(f"beam-search-{hexdigest(b)}" for b in ("One.", "Two."))
    assert ids(draft("beam search", "One."), draft("beam search", "Two.")) == expected


def test_an_exact_duplicate_is_kept_once_and_counted() -> None:
    report = Report("s", "f")
    entries = identify([draft("a"), draft("a", line=9)], report)
    assert [entry.entry_id for entry in entries] == ["a"]
    assert report.skipped == {"exact duplicate of another entry": 1}
    assert report.entries == 1


def test_a_digest_that_is_taken_already_is_lengthened() -> None:
    natural = f"a b {hexdigest('a.b')}"
    found = ids(draft("a.b"), draft("a-b"), draft(natural))
    assert len(set(found)) == 3


def test_empty_bodies_and_blank_terms_are_problems() -> None:
    report = Report("s", "f")
    assert identify([draft("a", " \n"), draft(" , ", line=7)], report) == ()
    assert [str(p) for p in report.problems] == [
        "f:1: the entry 'a' has no body",
        "f:7: the entry has no term",
    ]
    with pytest.raises(MalformedRecord, match="f:1: the entry 'a' has no body"):
        identify([draft("a", "")], Report("s", "f", strict=True))


def test_control_characters_never_reach_an_entry() -> None:
    (entry,) = identify([draft("a\x00b", "x\x00\x1by\ud800\n\tz")], Report("s", "f"))
    assert (entry.heading, entry.term, entry.body) == ("ab", "ab", "xy\n\tz")
    assert len(entry.fingerprint()) == 64


def test_aliases_are_stated_ones_keywords_and_acronyms_without_the_term() -> None:
    body = "**Beam Search (BS)** is greedy."
    (entry,) = identify([draft("beam search,BEAM SEARCH,width search,a,b", body)], Report("s", "f"))
    assert entry.aliases == ("width search", "a", "b", "BS")


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=4)), max_size=12), st.randoms())
def test_ids_are_unique_and_independent_of_order(pairs, random) -> None:
    drafts = [draft(heading, body) for heading, body in pairs]
    shuffled = random.sample(drafts, len(drafts))
    first = {(e.heading, e.body): e.entry_id for e in identify(drafts, Report("s", "f"))}
    second = {(e.heading, e.body): e.entry_id for e in identify(shuffled, Report("s", "f"))}
    assert first == second
    assert len(set(first.values())) == len(first)
