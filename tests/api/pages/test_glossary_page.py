from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from lxml.html import HtmlElement, document_fromstring
from starlette.testclient import TestClient

from api.app import create_app
from corpus.entry import Entry, Source
from rag.settings import Settings
from tests.api.fake_chat import SNAPSHOT, FakeChat, opening

WORDS = ("alpha", "beta", "gamma", "delta")


def page(client: TestClient, path: str) -> HtmlElement:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return document_fromstring(response.text)


def texts(elements: list[HtmlElement]) -> list[str]:
    return [" ".join(element.text_content().split()) for element in elements]


@pytest.fixture
def large_client(settings: Settings) -> Iterator[TestClient]:
    """A glossary of 169 entries, 39 or more under each of four letters."""
    chat = FakeChat()
    chat.index._entries = {
        entry.entry_id: entry
        for entry in (
            Entry(
                f"{WORDS[number % 4]}-{number}",
                f"{WORDS[number % 4].title()} {number}",
                f"{WORDS[number % 4].title()} {number:03}",
                (),
                "Odd" if number % 2 else None,
                f"Number {number}.",
                Source("large.md", number + 1),
            )
            for number in range(169)
        )
    }
    chat.index.names = lambda: iter(())  # type: ignore[method-assign]
    application = create_app(settings, opening(chat), live_id=lambda: SNAPSHOT)
    with TestClient(application) as client:
        yield client


def test_the_glossary_counts_its_entries_and_leads_back_to_the_chat(client: TestClient) -> None:
    shown = page(client, "/glossary")
    assert texts(shown.xpath("//h1")) == ["AI Factory Glossary"]
    assert texts(shown.find_class("lead")) == ["3 technical terms and definitions"]
    assert texts(shown.find_class("back")) == ["← Back to AI Factory Chat"]


def test_empty_letters_lead_nowhere_and_others_tell_their_count(client: TestClient) -> None:
    letters = page(client, "/glossary").xpath("//nav[@aria-label='Letters']//li")
    assert len(letters) == 28
    links = {a.text: a.get("href") for letter in letters for a in letter.xpath("a")}
    assert links == {"All": "/glossary", "B": "/glossary?letter=B", "T": "/glossary?letter=T"}
    assert texts(letters)[2] == "B2 (2 entries)"


def test_a_family_is_one_card_that_names_its_members(client: TestClient) -> None:
    cards = page(client, "/glossary").find_class("entry-card")
    assert [card.xpath("string(h2)") for card in cards] == [
        "Beam Search",
        "Tensor",
    ]
    assert cards[0].xpath(".//*[@class='twins']//a/@href") == ["/glossary/beam-search-2"]
    assert texts(cards[0].xpath(".//*[@class='twins']//li")) == ["Beam Search Width"]
    assert "Beam search keeps the b best partial sequences" in cards[0].text_content()


def test_pages_are_told_and_linked_in_the_words_of_the_original(large_client: TestClient) -> None:
    shown = page(large_client, "/glossary?page=2")
    assert texts(shown.find_class("status")) == ["Showing page 2 of 4 (169 entries)"]
    assert len(shown.find_class("entry-card")) == 50
    assert shown.xpath("//nav[@class='paging']//@href") == [
        "/glossary",
        "/glossary",
        "/glossary?page=3",
        "/glossary?page=4",
        "/glossary?page=3",
    ]


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "9" * 50])
def test_a_page_that_is_not_there_is_one_that_is(large_client: TestClient, number: str) -> None:
    status = texts(page(large_client, f"/glossary?page={number}").find_class("status"))[0]
    assert re.fullmatch(r"Showing page [14] of 4 \(169 entries\)", status)


def test_letter_category_and_name_narrow_together(large_client: TestClient) -> None:
    shown = page(large_client, "/glossary?letter=b&category=Odd&q=beta+01")
    assert [card.xpath("string(h2)") for card in shown.find_class("entry-card")] == [
        "Beta 013",
        "Beta 017",
    ]
    assert texts(shown.find_class("status")) == ["Showing page 1 of 1 (2 entries)"]
    assert shown.xpath("//option[@selected]/text()") == ["Odd"]


def test_what_is_not_there_leads_to_near_names_and_to_the_chat(client: TestClient) -> None:
    shown = page(client, "/glossary?q=tensro")
    assert texts(shown.find_class("status")) == ["No entries found"]
    assert "/glossary/tensor" in shown.xpath("//a[@class='chip']/@href")
    assert "/?q=tensro" in shown.xpath("//@href")


@pytest.mark.parametrize(
    ("query", "heading", "wider"),
    [
        (
            "letter=w&category=Odd",
            "There is no entry under W in Odd",
            {"Under any letter (84)": "category=Odd"},
        ),
        (
            "letter=B&q=alpha+01",
            "No entry is called “alpha 01” under B",
            {"Under any letter (2)": "q=alpha+01", "With any name (42)": "letter=B"},
        ),
        (
            "category=Odd&q=alpha+00",
            "No entry is called “alpha 00” in Odd",
            {"In any category (3)": "q=alpha+00", "With any name (84)": "category=Odd"},
        ),
        ("q=nothing+at+all", "No entry is called “nothing at all”", {}),
    ],
)
def test_where_nothing_is_found_it_says_what_was_wanted_and_what_less_would_find(
    large_client: TestClient, query: str, heading: str, wider: dict[str, str]
) -> None:
    shown = page(large_client, f"/glossary?{query}")
    assert texts(shown.xpath("//*[@class='card nothing']/h2")) == [heading]
    links = shown.xpath("//ul[@class='wider']//a")
    found = {label: f"/glossary?{where}" for label, where in wider.items()}
    assert {a.text: a.get("href") for a in links} == found
    for label, where in found.items():
        count = label.rpartition("(")[2].rstrip(")")
        status = texts(page(large_client, where).find_class("status"))[0]
        assert f"({count} entries)" in status


def test_a_letter_in_force_is_marked_although_nothing_stands_under_it(
    large_client: TestClient,
) -> None:
    shown = page(large_client, "/glossary?letter=w")
    current = shown.xpath("//nav[@aria-label='Letters']//*[@aria-current='true']")
    assert texts(current) == ["W (no entries)"]


def test_nobody_learns_in_which_folders_of_the_server_its_sources_are(settings: Settings) -> None:
    chat = FakeChat()
    entry = chat.index.entry("tensor")
    hidden = replace(entry, source=Source("/srv/secluded/t.md", 7))
    chat.index._entries = {"tensor": hidden}
    chat.index.names = lambda: iter(())  # type: ignore[method-assign]
    application = create_app(settings, opening(chat), live_id=lambda: SNAPSHOT)
    with TestClient(application) as client:
        assert "From t.md, line 7" in page(client, "/glossary/tensor").text_content()
        for path in ("/glossary", "/glossary/tensor", "/entries", "/entries/tensor"):
            assert "secluded" not in client.get(path).text
        assert client.get("/entries/tensor").json()["source"] == {"file": "t.md", "line": 7}


def test_an_entry_shows_its_family_neighbours_and_source(client: TestClient) -> None:
    shown = page(client, "/glossary/beam-search")
    assert texts(shown.xpath("//h1")) == ["Beam Search"]
    assert "Also called Beam Decoding" in shown.text_content()
    assert shown.xpath("//*[@class='twins']//li/a/@href") == ["/glossary/beam-search-2"]
    assert texts(shown.xpath("//*[@class='twins']//li")) == ["Beam Search Width"]
    assert shown.xpath("//*[@class='related']//@href") == ["/glossary/tensor"]
    assert shown.xpath("//a[@rel='next']/@href") == ["/glossary/beam-search-2"]
    assert texts(shown.xpath("//a[@rel='next']")) == ["Next Beam Search Width"]
    assert shown.xpath("//a[@rel='prev']") == []
    assert "From glossary.md, line 3" in shown.text_content()


def test_an_entry_offers_questions_about_itself(client: TestClient) -> None:
    section = page(client, "/glossary/beam-search").find_class("ask-about")[0]
    assert len(section.xpath(".//a")) == 3
    assert section.xpath(".//a/@href")[0] == "/?q=Explain+Beam+Search"
    assert (section.xpath(".//form/@action"), section.xpath(".//input/@name")) == (["/"], ["q"])


def test_a_permalink_marks_the_quoted_characters_in_the_entry(client: TestClient) -> None:
    start = client.get("/entries/beam-search").json()["body"].index("best")
    shown = page(client, f"/glossary/beam-search?start={start}&end={start + 4}")
    assert shown.xpath("//div[@class='prose']//mark[@id='quote']/text()") == ["best"]


@pytest.mark.parametrize("span", ["start=4&end=4", "start=0&end=999999", "start=9&end=2"])
def test_a_permalink_to_characters_that_are_gone_says_so(client: TestClient, span: str) -> None:
    shown = page(client, f"/glossary/beam-search?{span}")
    assert shown.xpath("//mark") == []
    assert "no longer here" in shown.text_content()


def test_left_out_control_characters_do_not_move_a_mark(client: TestClient) -> None:
    body = client.get("/entries/tensor").json()["body"]
    start = body.index("abc")
    assert "\x1b" in body[:start]
    shown = page(client, f"/glossary/tensor?start={start}&end={start + 3}")
    assert shown.xpath("//mark/text()") == ["abc"]


def test_a_missing_entry_leads_to_near_names(client: TestClient) -> None:
    response = client.get("/glossary/tensors")
    assert response.status_code == 404
    assert "There is no entry “tensors”" in response.text
    assert 'href="/glossary/tensor"' in response.text


def test_without_a_snapshot_the_pages_say_how_to_ingest(
    client_without_snapshot: TestClient,
) -> None:
    for path in ("/glossary", "/glossary/tensor"):
        response = client_without_snapshot.get(path)
        assert response.status_code == 503
        assert "<code>aifactory ingest</code>" in response.text


def test_a_known_entry_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/glossary/tensor")
    known = {"If-None-Match": first.headers["etag"]}
    assert first.headers["cache-control"] == "no-cache"
    assert client.get("/glossary/tensor", headers=known).status_code == 304
    assert client.get("/glossary/beam-search", headers=known).status_code == 200
    assert client.get("/glossary/tensor?start=0&end=3", headers=known).status_code == 200


@pytest.mark.parametrize("path", ["/glossary", "/glossary/tensor", "/evaluation"])
def test_pages_answer_head_and_hold_nothing_inline(client: TestClient, path: str) -> None:
    assert client.head(path).status_code == 200
    html = client.get(path).text
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)|<[^>]*\s(?:style|on\w+)=", html)
    assert not re.search(r'(?:src|action)="(?!/)|href="javascript:', html)
    assert "\x1b" not in html


def test_a_mount_point_stands_in_every_link(client: TestClient) -> None:
    mounted = TestClient(client.app, root_path="/factory")
    shown = document_fromstring(mounted.get("/factory/glossary/tensor").text)
    ours = [href for href in shown.xpath("//@href") if href.startswith("/")]
    assert ours
    assert all(href.startswith("/factory/") for href in ours)
