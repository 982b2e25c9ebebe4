"""What the log holds of failures, in the middle of a stream too: nothing that anybody wrote."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.observing.log_lines import JsonLines, TextLines
from indexes.openvino_embedder import OpenVinoEmbedder
from rag.answer import Answer
from rag.settings import Settings
from tests.api.contract.serving import QUESTION, Served, application_of, served
from tests.api.fake_chat import SNAPSHOT, FakeChat, FakeInquiry, opening
from tests.services.scripted_model import Received, Reply, ScriptedModel, refuses

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

SECRET = "What is beam search, asked by Jonathan Quimby?"
COMPLETIONS = "/v1/chat/completions"


def body_for(path: str, question: str) -> dict[str, Any]:
    if path != COMPLETIONS:
        return {"question": question}
    messages = [{"role": "user", "content": question}]
    return {"model": "ai-factory-chat", "messages": messages, "stream": True}


class FailingChat(FakeChat):
    """Finds everything, and then fails with the question in its message."""

    def quote(self, inquiry: FakeInquiry, citations: object = None, after: str = "") -> Answer:
        raise ValueError(f"cannot quote {inquiry.answer.question}")


def written(caplog: pytest.LogCaptureFixture) -> str:
    """Return the lines as both forms of the log write them."""
    forms = (TextLines(), JsonLines())
    return "\n".join(form.format(record) for form in forms for record in caplog.records)


@pytest.mark.parametrize("path", ["/chat/stream", COMPLETIONS])
def test_a_stream_that_fails_is_logged_by_kind_and_place(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    application = create_app(
        Settings(home=tmp_path), opening(FailingChat()), live_id=lambda: SNAPSHOT
    )
    with TestClient(application) as client:
        response = client.post(path, json=body_for(path, SECRET), headers={"x-request-id": "r1"})
    assert "something went wrong on the server" in response.text
    (record,) = [one for one in caplog.records if one.message == "a stream failed"]
    fields = record.__dict__["fields"]
    assert (fields["request_id"], fields["error"]) == ("r1", "ValueError")
    assert fields["stack"][-1].endswith(" quote")
    assert record.exc_info is None
    assert "Quimby" not in written(caplog)


def echoes(received: Received) -> Reply:
    return refuses(400, " ".join(message["content"] for message in received.messages)[-190:])


@pytest.mark.parametrize("path", ["/chat", "/chat/stream", COMPLETIONS])
def test_what_a_models_server_says_stays_out_of_the_log(
    small_home: Path,
    openvino_embedder: OpenVinoEmbedder,
    scripted: ScriptedModel,
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    scripted.script = echoes
    caplog.set_level(logging.INFO)
    application = application_of(small_home, openvino_embedder, llm=scripted.llm)
    with served(application, scripted) as server:
        assert told(server, path).count("table lamp") >= 1
    (record,) = [one for one in caplog.records if "did not deliver" in one.message]
    assert record.__dict__["fields"] == {
        "kind": "ModelRejected", "status": 400, "request_id": "r2",
    }  # fmt: skip
    assert "table lamp" not in written(caplog)


def told(server: Served, path: str) -> str:
    response = server.post(path, body_for(path, QUESTION), x_request_id="r2")
    assert response.status_code == 200
    return response.text
