"""The chat page as the server renders it: whole without a script, in parts for its script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.api.contract.serving import application_of, ingest
from tests.fakes import WordEmbedder

WORDS = "lamp light bulb desk socket shade switch fan air blade kettle water steam".split()
QUESTION = "What is a table lamp?"
FIRST = "A table lamp is a small light for a desk."
HOSTILE = ["<script>alert(1)</script> lamp", '"><img src=x onerror=a()> lamp']


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the application over a small glossary."""
    embedder = WordEmbedder(*WORDS)
    home = ingest(tmp_path_factory.mktemp("page"), embedder)
    with TestClient(application_of(home, embedder), base_url="http://localhost") as client:
        yield client


class Attributes(HTMLParser):
    """The names of all attributes on a page."""

    @classmethod
    def of(cls, page: str) -> set[str]:
        parser = cls()
        parser.names = set()
        parser.feed(page)
        return parser.names

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.update(name for name, _ in attrs)


def ask(client: TestClient, question: str = QUESTION, **more: str) -> str:
    """Ask as a browser without scripts does; return the page it ends on."""
    page = client.get("/", params={"q": question, **more})
    assert page.status_code == 200
    return page.text


def conversation_of(client: TestClient, question: str = QUESTION) -> str:
    response = client.get("/", params={"q": question}, follow_redirects=False)
    assert response.status_code == 303
    return parse_qs(urlsplit(response.headers["location"]).query)["c"][0]


def answer_id_of(page: str) -> str:
    found = re.search(r'data-answer="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_the_first_page_asks_and_offers_questions_about_live_terms(asked: TestClient) -> None:
    page = asked.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert '<form class="composer" id="composer" action="/" method="get">' in page.text
    assert 'href="/?q=Explain+Table+Lamp"' in page.text
    assert "the glossary’s 3 entries" in page.text


def test_every_example_question_leads_to_an_answer(asked: TestClient) -> None:
    links = re.findall(r'href="(/\?q=[^"]+)"', asked.get("/").text)
    assert len(links) == 3
    for link in links:
        assert 'id="source-' in asked.get(link).text


def test_an_answer_is_shown_under_the_address_of_its_conversation(asked: TestClient) -> None:
    response = asked.get("/", params={"q": QUESTION})
    assert [redirect.status_code for redirect in response.history] == [303]
    assert parse_qs(response.url.query.decode())["c"][0] in response.text
    again = asked.get(str(response.url))
    assert answer_id_of(again.text) == answer_id_of(response.text)


def test_an_answer_is_cited_and_its_quote_stands_in_its_context(asked: TestClient) -> None:
    page = ask(asked)
    answer_id = answer_id_of(page)
    assert f'href="#source-{answer_id}-1"' in page
    assert f'id="source-{answer_id}-1"' in page
    assert f"<p>{FIRST}</p>" in page
    assert re.search(r'href="/glossary/table-lamp\?start=\d+&amp;end=\d+#quote"', page)


def test_a_follow_up_is_completed_and_says_what_was_searched_for(asked: TestClient) -> None:
    conversation_id = conversation_of(asked)
    page = ask(asked, "What parts does it have?", c=conversation_id)
    assert page.count('id="turn-') == 2
    assert f'<input type="hidden" name="c" value="{conversation_id}">' in page
    assert re.search(r"Searched for: <q>[^<]*[Ll]amp[^<]*</q>", page)


def test_an_unanswerable_question_is_told_and_leads_to_near_terms(asked: TestClient) -> None:
    page = ask(asked, "Who won the football match?")
    assert '<article class="turn unanswerable"' in page
    assert re.search(r'<a class="chip" href="/\?q=Explain\+[^"]+"', page)
    assert 'id="source-' not in page


def test_a_conversation_is_listed_and_can_be_searched_for(asked: TestClient) -> None:
    conversation_id = conversation_of(asked, "What is a kettle?")
    assert f'<li data-conversation="{conversation_id}">' in asked.get("/").text
    found = asked.get("/page/conversations", params={"search": "KETTLE"}).text
    assert conversation_id in found
    assert "No conversations yet." in asked.get("/page/conversations?search=nothing+such").text


def test_an_unknown_conversation_is_not_found(asked: TestClient) -> None:
    page = asked.get("/", params={"c": "0" * 32})
    assert page.status_code == 404
    assert "there is no conversation" in page.text
    assert "This conversation is not here." in page.text


def test_only_the_last_turns_are_shown_and_the_earlier_ones_on_demand(asked: TestClient) -> None:
    conversation_id = conversation_of(asked, "What is a desk fan?")
    for number in range(22):
        body = {"question": f"What is lamp {number}?", "conversation_id": conversation_id}
        assert asked.post("/chat", json=body).status_code == 200
    page = asked.get("/", params={"c": conversation_id}).text
    assert page.count('id="turn-') == 20
    assert 'data-before="4"' in page
    earlier = asked.get(f"/page/conversations/{conversation_id}/turns", params={"before": 4}).text
    assert re.findall(r'data-question="([^"]+)"', earlier) == [
        "What is a desk fan?",
        "What is lamp 0?",
        "What is lamp 1?",
    ]
    assert "data-before" not in earlier


def test_an_answer_can_be_fetched_alone_as_html_and_as_markdown(asked: TestClient) -> None:
    answer_id = asked.post("/chat", json={"question": QUESTION}).json()["answer_id"]
    part = asked.get(f"/page/answers/{answer_id}").text
    assert part.count("<article") == 1
    assert FIRST in part
    markdown = asked.get(f"/page/answers/{answer_id}/markdown")
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert markdown.text.startswith(f"**{QUESTION}**\n\n")
    assert f"[Table Lamp](http://localhost/glossary/table-lamp?start=0&end={len(FIRST)}#quote)" in (
        markdown.text
    )


def test_the_markdown_of_a_follow_up_names_what_was_searched_for(asked: TestClient) -> None:
    begun = asked.post("/chat", json={"question": QUESTION}).json()
    body = {"question": "What parts does it have?", "conversation_id": begun["conversation_id"]}
    answered = asked.post("/chat", json=body).json()
    markdown = asked.get(f"/page/answers/{answered['answer_id']}/markdown").text
    searched = answered["standalone_question"]
    assert searched != body["question"]
    assert markdown.startswith(f"**What parts does it have?**\n\nSearched for: {searched}\n\n")


def test_a_question_may_be_as_long_as_the_settings_say(asked: TestClient) -> None:
    assert 'maxlength="2000"' in asked.get("/").text


def test_what_declines_names_the_nearest_terms_once(asked: TestClient) -> None:
    page = ask(asked, "Who won the football match?")
    assert "<p>The glossary does not answer this question.</p>" in page
    assert "The nearest terms are" not in page


def test_the_inspection_shows_the_candidates_with_their_ranks(asked: TestClient) -> None:
    answer_id = asked.post("/chat", json={"question": QUESTION}).json()["answer_id"]
    page = asked.get(f"/page/answers/{answer_id}/inspection").text
    assert '<td>1</td><th scope="row"><a href="/glossary/table-lamp">Table Lamp</a></th>' in page


def test_a_rating_is_shown_again(asked: TestClient) -> None:
    conversation_id = conversation_of(asked)
    answer_id = answer_id_of(asked.get("/", params={"c": conversation_id}).text)
    asked.post("/feedback", json={"answer_id": answer_id, "rating": "up"})
    page = asked.get("/", params={"c": conversation_id}).text
    assert 'data-action="up" aria-pressed="true"' in page
    assert 'data-action="down" aria-pressed="false"' in page


def test_looking_whether_a_page_is_there_asks_nothing(asked: TestClient) -> None:
    before = asked.get("/conversations").json()
    assert asked.head("/", params={"q": QUESTION}).status_code == 200
    assert asked.get("/conversations").json() == before


@pytest.mark.parametrize("path", ["answers/{}", "answers/{}/inspection", "answers/{}/markdown"])
def test_an_unknown_answer_is_not_found(asked: TestClient, path: str) -> None:
    assert asked.get("/page/" + path.format("0" * 32)).status_code == 404


def test_a_page_of_the_list_that_does_not_exist_is_refused(asked: TestClient) -> None:
    assert asked.get("/page/conversations", params={"after": "x"}).status_code == 422


def test_without_a_snapshot_the_page_says_how_to_ingest(
    client_without_snapshot: TestClient,
) -> None:
    page = client_without_snapshot.get("/")
    assert page.status_code == 503
    assert "<code>aifactory ingest</code>" in page.text
    assert re.search(r"<textarea [^>]* disabled ", page.text)


@pytest.mark.parametrize("question", ["x" * 50_000, "?!"], ids=["long", "punctuation"])
def test_a_question_that_cannot_be_asked_is_explained(asked: TestClient, question: str) -> None:
    page = asked.get("/", params={"q": question})
    assert page.status_code == 422
    assert '<section class="problem card" role="alert">' in page.text


@pytest.mark.parametrize("question", HOSTILE)
def test_a_question_cannot_become_markup(asked: TestClient, question: str) -> None:
    page = ask(asked, question)
    assert "alert(1)</script>" not in page
    assert "<img" not in page
    assert not {name for name in Attributes.of(page) if name.startswith("on")}


def test_no_page_has_inline_style_or_script(asked: TestClient) -> None:
    for page in (asked.get("/").text, ask(asked)):
        assert "style" not in Attributes.of(page)
        assert "<style" not in page
        assert all(' src="' in tag for tag in re.findall(r"<script[^>]*>", page))


def test_a_source_is_shown_with_the_quoted_characters_marked(asked: TestClient) -> None:
    span = {"start": 0, "end": len(FIRST)}
    part = asked.get("/page/sources/table-lamp", params=span).text
    assert f'<mark id="quote">{FIRST}</mark> It needs a socket.' in part


@pytest.mark.parametrize(("start", "end"), [(0, 10_000), (5, 5), (9, 3)])
def test_a_span_outside_its_entry_is_refused(asked: TestClient, start: int, end: int) -> None:
    response = asked.get("/page/sources/table-lamp", params={"start": start, "end": end})
    assert response.status_code == 422
