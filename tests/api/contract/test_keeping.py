"""What a server keeps, and for how long, whichever way it was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from indexes.openvino_embedder import OpenVinoEmbedder
from rag.storing.answers import Answers
from rag.storing.conversations import Conversations
from rag.storing.database import open_database
from rag.storing.database_address import FILE
from rag.storing.moments import utc_now
from tests.api.contract.serving import QUESTION, Served, application_of, served, until
from tests.rag.storing.records import record

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def asked_alone(server: Served) -> str:
    """Ask over `/v1`; return the id of the answer."""
    messages = [{"role": "user", "content": QUESTION}]
    body = server.post("/v1/chat/completions", {"model": "ai-factory-chat", "messages": messages})
    answer_id: str = body.json()["id"].removeprefix("chatcmpl-")
    return answer_id


def test_what_is_too_old_is_deleted_where_nobody_begins_a_conversation(
    small_home: Path, openvino_embedder: OpenVinoEmbedder, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/talks.sqlite3"
    database = open_database(url, tmp_path)
    old, young = (replace(record(), created_at=utc_now() - timedelta(days=days)) for days in (8, 6))
    for one in (old, young):
        Answers(database).keep(one, "")
    with served(
        application_of(small_home, openvino_embedder, database=url, conversation_days=7)
    ) as server:
        new = asked_alone(server)
        assert until(lambda: server.get(f"/answers/{old.answer_id}").status_code == 404)
        assert server.get(f"/answers/{young.answer_id}").status_code == 200
        assert server.get(f"/answers/{new}").status_code == 200
    database.close()


def test_an_answer_asked_for_alone_can_be_deleted(without_model: Served) -> None:
    server = without_model
    answer_id = asked_alone(server)
    assert server.delete(f"/answers/{answer_id}").status_code == 204
    assert server.get(f"/answers/{answer_id}").status_code == 404
    assert server.delete(f"/answers/{answer_id}").status_code == 404


def test_a_turn_is_deleted_with_its_conversation_only(without_model: Served) -> None:
    turn = without_model.post("/chat", {"question": QUESTION}).json()
    refused = without_model.delete(f"/answers/{turn['answer_id']}")
    assert (refused.status_code, refused.json()["error"]["type"]) == (422, "RequestInvalid")
    assert f"is a turn of the conversation {turn['conversation_id']}" in refused.text
    assert without_model.get(f"/answers/{turn['answer_id']}").status_code == 200


def test_a_server_whose_database_was_replaced_is_not_ready_and_keeps_nothing(
    small_home: Path, openvino_embedder: OpenVinoEmbedder, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/{FILE}"
    with served(application_of(small_home, openvino_embedder, database=url)) as server:
        assert server.get("/health/ready").status_code == 200
        open_database("", tmp_path / "other").close()
        (tmp_path / "other" / FILE).replace(tmp_path / FILE)
        for response in (refused_ready(server), server.post("/chat", {"question": QUESTION})):
            assert response.status_code == 503
            assert response.json()["error"]["type"] == "DatabaseUnusable"
        assert server.get("/health/live").status_code == 200
        assert server.get("/search?q=lamp").status_code == 200
    again = open_database(url, tmp_path)
    assert Conversations(again).list("").conversations == ()
    again.close()


def refused_ready(server: Served) -> httpx2.Response:
    """Return what /health/ready says once it has looked again."""
    assert until(lambda: server.get("/health/ready").status_code != 200)
    return server.get("/health/ready")
