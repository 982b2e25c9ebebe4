"""Conversations, feedback and records over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app
from api.door.api_keys import Wish
from api.door.drain import Drain
from api.door.exposure import Exposure
from api.door.guards import Serving, keys_of
from api.schemas.chat import ConversationInFull, ConversationList
from indexes.openvino_embedder import OpenVinoEmbedder
from rag.opening import open_chat
from rag.settings import Settings
from tests.api.contract.serving import QUESTION, Served, application_of, ingest, served

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

UNKNOWN = "0" * 32


@pytest.fixture
def server(without_model: Served) -> Served:
    without_model.delete("/conversations")
    return without_model


def asked(server: Served, question: str = QUESTION, **more: str) -> dict[str, str]:
    response = server.post("/chat", {"question": question, **more})
    assert response.status_code == 200
    body: dict[str, str] = response.json()
    return body


def test_a_conversation_is_listed_and_shown_with_its_turns(server: Served) -> None:
    answer = asked(server)
    listed = server.get("/conversations").json()
    ConversationList.model_validate(listed, extra="forbid")
    (row,) = listed["conversations"]
    assert (row["conversation_id"], row["turn_count"]) == (answer["conversation_id"], 1)
    assert row["title"] == QUESTION
    shown = server.get(f"/conversations/{answer['conversation_id']}").json()
    ConversationInFull.model_validate(shown, extra="forbid")
    (turn,) = shown["turns"]
    assert turn["answer"] == answer["answer"]
    assert turn["citations"] == answer["citations"]
    assert turn["feedback"] is None


def test_pages_follow_each_other_without_a_gap(server: Served) -> None:
    ids = [asked(server)["conversation_id"] for _ in range(3)]
    first = server.get("/conversations?limit=2").json()
    second = server.get(f"/conversations?limit=2&after={first['next']}").json()
    pages = [*first["conversations"], *second["conversations"]]
    assert [row["conversation_id"] for row in pages] == ids[::-1]
    assert second["next"] is None
    assert server.get("/conversations?after=x").status_code == 422


def test_a_conversation_is_renamed_and_found_by_its_title(server: Served) -> None:
    conversation_id = asked(server)["conversation_id"]
    with server.client() as client:
        renamed = client.patch(f"/conversations/{conversation_id}", json={"title": "My Lamp"})
        empty = client.patch(f"/conversations/{conversation_id}", json={"title": ""})
    assert renamed.json()["title"] == "My Lamp"
    assert empty.status_code == 422
    assert len(server.get("/conversations?search=my lamp").json()["conversations"]) == 1
    assert server.get("/conversations?search=fan").json()["conversations"] == []


def test_a_deleted_conversation_is_gone_with_its_answers(server: Served) -> None:
    answer = asked(server)
    path = f"/conversations/{answer['conversation_id']}"
    assert server.delete(path).status_code == 204
    assert server.delete(path).status_code == 404
    assert server.get(path).status_code == 404
    assert server.get(f"/answers/{answer['answer_id']}").status_code == 404
    asked(server)
    assert server.delete("/conversations").status_code == 204
    assert server.get("/conversations").json() == {"conversations": [], "next": None}


def test_feedback_is_kept_replaced_and_taken_back(server: Served) -> None:
    answer = asked(server)
    path = f"/conversations/{answer['conversation_id']}"

    def kept() -> tuple[str, str] | None:
        (turn,) = server.get(path).json()["turns"]
        given = turn["feedback"]
        return (given["rating"], given["reason"]) if given else None

    rated = {"answer_id": answer["answer_id"], "rating": "down", "reason": "Too short"}
    assert server.post("/feedback", rated).status_code == 204
    assert kept() == ("down", "Too short")
    assert server.post("/feedback", {**rated, "rating": "up", "reason": ""}).status_code == 204
    assert kept() == ("up", "")
    assert server.post("/feedback", {**rated, "rating": None}).status_code == 204
    assert kept() is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"answer_id": UNKNOWN, "rating": "up"}, 404),
        ({"answer_id": "x", "rating": "up"}, 404),
        ({"answer_id": UNKNOWN, "rating": "sideways"}, 422),
        ({"answer_id": UNKNOWN}, 422),
        ({"answer_id": UNKNOWN, "rating": "up", "reason": "x" * 2001}, 422),
    ],
)
def test_feedback_that_cannot_be_kept_is_refused(
    server: Served, body: dict[str, object], status: int
) -> None:
    assert server.post("/feedback", body).status_code == status


@pytest.fixture
def keyed(tmp_path: Path, openvino_embedder: OpenVinoEmbedder) -> Iterator[tuple[Served, str, str]]:
    """A server that asks for keys and keeps two turns, with the keys of two owners."""
    home = ingest(tmp_path, openvino_embedder)
    settings = Settings(home=home, keys="required", conversation_turns=2)
    keys = keys_of(settings)
    tokens = [keys.create(Wish(name))[1] for name in ("ann", "ben")]
    keys.close()
    serving = Serving(Exposure(keys_needed=True, this_machine_only=False), Drain(5))
    application = create_app(
        settings, lambda chosen: open_chat(chosen, embedder=openvino_embedder), serving=serving
    )
    with served(application) as running:
        yield running, *tokens


def test_what_belongs_to_another_key_does_not_exist(keyed: tuple[Served, str, str]) -> None:
    server, ann, ben = keyed
    answer = server.post("/chat", {"question": QUESTION}, x_api_key=ann).json()
    conversation, answer_id = answer["conversation_id"], answer["answer_id"]
    stream = server.post("/chat/stream", {"question": QUESTION}, authorization=f"Bearer {ann}")
    streamed = stream.text.split("id: ")[1].partition(":")[0]
    theirs = [f"/conversations/{conversation}", f"/answers/{answer_id}", f"/chat/stream/{streamed}"]
    for path in theirs:
        assert server.get(path, x_api_key=ann).status_code == 200
        assert server.get(path, x_api_key=ben).status_code == 404
        assert server.get(path).status_code == 401
    assert server.get("/conversations", x_api_key=ben).json()["conversations"] == []
    more = {"question": "What are its parts?", "conversation_id": conversation}
    assert server.post("/chat", more, x_api_key=ben).status_code == 404
    rated = {"answer_id": answer_id, "rating": "up"}
    assert server.post("/feedback", rated, x_api_key=ben).status_code == 404


def test_a_full_conversation_takes_no_more(keyed: tuple[Served, str, str]) -> None:
    server, ann, _ = keyed
    begun = server.post("/chat", {"question": QUESTION}, x_api_key=ann).json()
    more = {"question": "What are its parts?", "conversation_id": begun["conversation_id"]}
    assert server.post("/chat", more, x_api_key=ann).status_code == 200
    for path in ("/chat", "/chat/stream"):
        refused = server.post(path, more, x_api_key=ann)
        assert (refused.status_code, refused.json()["error"]["type"]) == (409, "ConversationFull")


def test_without_a_key_openais_clients_hear_it_in_their_own_words(
    keyed: tuple[Served, str, str],
) -> None:
    server, _, _ = keyed
    refused = server.get("/v1/models")
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "invalid_api_key"
    assert refused.headers["www-authenticate"] == "Bearer"


def test_every_method_of_a_path_is_named(server: Served) -> None:
    with server.client() as client:
        refused = client.put(f"/conversations/{UNKNOWN}")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "DELETE, GET, PATCH"


def test_where_everybody_may_ask_only_an_id_leads_to_a_conversation(
    small_home: Path, openvino_embedder: OpenVinoEmbedder
) -> None:
    with served(application_of(small_home, openvino_embedder, keys="open")) as server:
        begun = asked(server)
        listed = server.get("/conversations").json()
        assert listed == {"conversations": [], "next": None}
        assert server.delete("/conversations").status_code == 403
        found = server.get(f"/conversations/{begun['conversation_id']}")
        assert found.json()["turn_count"] == 1
