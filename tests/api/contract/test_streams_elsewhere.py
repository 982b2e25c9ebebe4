"""Streams that another process writes: followed, waited for, stopped, and ended with the server.

Two applications on one database stand for two workers, so that each request goes where it should.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.app import create_app
from api.door.drain import Drain
from api.door.exposure import Exposure
from api.door.guards import Serving
from indexes.openvino_embedder import OpenVinoEmbedder
from rag.opening import open_chat
from rag.settings import Settings
from rag.storing.database import open_database
from rag.storing.identifier import new_id
from rag.storing.underway import Underway
from tests.api.contract.serving import (
    QUESTION,
    QUICK,
    Event,
    Served,
    application_of,
    events_of,
    faithful,
    read_events,
    served,
    until,
)
from tests.services.scripted_model import ScriptedModel, stalls

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

ASKED = {"question": QUESTION}
STALLING = stalls("A table lamp is a small light for a desk [1]. ", "It ")


class Workers:
    """Two processes of one server, as far as a client can tell; `drain` is that of the second."""

    def __init__(self, first: Served, second: Served, drain: Drain, database: str) -> None:
        self.first = first
        self.second = second
        self.drain = drain
        self.database = database


@pytest.fixture
def workers(
    small_home: Path, openvino_embedder: OpenVinoEmbedder, scripted: ScriptedModel, tmp_path: Path
) -> Iterator[Workers]:
    """The first has a language model; the second has room for one answer, and its own drain."""
    database = f"sqlite:///{tmp_path}/talks.sqlite3"
    drain = Drain(grace_s=60)
    first = application_of(small_home, openvino_embedder, database=database, llm=scripted.llm)
    second = create_app(
        Settings(home=small_home, database=database, max_answering=1),
        lambda chosen: open_chat(chosen, embedder=openvino_embedder),
        serving=Serving(Exposure(keys_needed=False, this_machine_only=True), drain),
        pace=QUICK,
    )
    with served(first, scripted) as one, served(second) as other:
        one.script(faithful())
        yield Workers(one, other, drain, database)


@contextmanager
def begun(server: Served) -> Iterator[tuple[dict[str, str], Iterator[Event]]]:
    """Begin a stream; give the ids of its answer, and the events from the first delta on."""
    with server.client() as client, client.stream("POST", "/chat/stream", json=ASKED) as response:
        events = events_of(response.iter_lines())
        ids = next(events).data
        next(event for event in events if event.name == "delta")
        yield ids, events


def test_an_id_that_nobody_gave_leads_nowhere_at_once(workers: Workers, tmp_path: Path) -> None:
    database = open_database(workers.database, tmp_path)
    foreign, dead = new_id(), new_id()
    Underway(database).begin(foreign, "another key", new_id(), 60)
    Underway(database).begin(dead, "", new_id(), -1)
    database.close()
    for answer_id in (new_id(), foreign, dead):
        for server in (workers.first, workers.second):
            refused = server.get(f"/chat/stream/{answer_id}")
            assert (refused.status_code, refused.json()["error"]["type"]) == (404, "AnswerMissing")
            assert server.delete(f"/chat/stream/{answer_id}").status_code == (
                204 if answer_id == dead else 404
            )


def test_another_process_sends_the_events_once_they_are_stored(workers: Workers) -> None:
    workers.first.script(faithful(pace_s=0.03))
    with begun(workers.first) as (ids, events):
        path = f"/chat/stream/{ids['answer_id']}"
        elsewhere = read_events(workers.second.get(path))
        rest = [event for event in events if event.name != "comment"]
    assert elsewhere[-len(rest) :] == rest
    assert elsewhere[-1].name == "answer"
    assert read_events(workers.second.get(path)) == elsewhere


def test_an_event_that_does_not_come_is_told_once_the_answer_is_stored(workers: Workers) -> None:
    workers.first.script(faithful(pace_s=0.2))
    with begun(workers.first) as (ids, _):
        last = {"last-event-id": f"{ids['answer_id']}:999"}
        (told,) = read_events(workers.second.get(f"/chat/stream/{ids['answer_id']}", **last))
    assert (told.name, told.data["error"]["type"]) == ("error", "RequestInvalid")


def test_who_waits_for_another_process_holds_a_place_among_the_answers(workers: Workers) -> None:
    workers.first.script(STALLING)
    with begun(workers.first) as (ids, _), workers.second.client() as client:
        path = f"/chat/stream/{ids['answer_id']}"
        with client.stream("GET", path) as waiting:
            lines = waiting.iter_lines()
            assert next(lines) == ": ping"
            refused = workers.second.get(path)
            assert (refused.status_code, refused.json()["error"]["type"]) == (503, "Overloaded")
        assert until(lambda: workers.second.post("/chat", ASKED).status_code == 200)
        workers.first.delete(path)


def test_who_waits_hears_when_the_server_stops(workers: Workers) -> None:
    workers.first.script(STALLING)
    with begun(workers.first) as (ids, _), workers.second.client() as client:
        path = f"/chat/stream/{ids['answer_id']}"
        with client.stream("GET", path) as waiting:
            lines = waiting.iter_lines()
            assert next(lines) == ": ping"
            workers.drain.begin()
            last = list(events_of(lines))[-1]
        assert (last.name, last.data["error"]["type"]) == ("error", "StreamGone")
        assert "is stopping" in last.data["error"]["message"]
        assert workers.second.get(path).status_code == 503
        workers.first.delete(path)


def test_an_answer_is_stopped_through_any_process(workers: Workers) -> None:
    workers.first.script(STALLING)
    with begun(workers.first) as (ids, events):
        path = f"/chat/stream/{ids['answer_id']}"
        assert workers.second.delete(path).status_code == 204
        last = list(events)[-1]
    assert (last.name, last.data["error"]["type"]) == ("error", "StreamGone")
    assert workers.first.model is not None
    assert workers.first.model.requests[0].has_hung_up(1.5)
    assert workers.first.get(f"/answers/{ids['answer_id']}").status_code == 404
    assert workers.second.delete(path).status_code == 404
    assert workers.second.get(path).status_code == 404


def test_who_waits_hears_that_an_answer_was_stopped(workers: Workers) -> None:
    workers.first.script(STALLING)
    with begun(workers.first) as (ids, _), workers.second.client() as client:
        path = f"/chat/stream/{ids['answer_id']}"
        with client.stream("GET", path) as waiting:
            lines = waiting.iter_lines()
            assert next(lines) == ": ping"
            assert workers.first.delete(path).status_code == 204
            last = list(events_of(lines))[-1]
    assert (last.name, last.data["error"]["type"]) == ("error", "StreamGone")


def test_deleting_a_conversation_anywhere_ends_the_answer_that_is_written_for_it(
    workers: Workers,
) -> None:
    workers.first.script(STALLING)
    with begun(workers.first) as (ids, events):
        path = f"/conversations/{ids['conversation_id']}"
        assert workers.second.delete(path).status_code == 204
        assert list(events)[-1].data["error"]["type"] == "StreamGone"
    assert workers.second.get(path).status_code == 404
    workers.first.script(faithful())
    answer = read_events(workers.first.post("/chat/stream", ASKED))[-1].data
    assert workers.second.delete(f"/conversations/{answer['conversation_id']}").status_code == 204
    for server in (workers.first, workers.second):
        assert server.get(f"/chat/stream/{answer['answer_id']}").status_code == 404


@pytest.mark.parametrize("is_ours", [True, False])
def test_streams_end_with_an_error_before_the_server_cuts_them_off(
    small_home: Path, openvino_embedder: OpenVinoEmbedder, scripted: ScriptedModel, *, is_ours: bool
) -> None:
    scripted.script = STALLING
    drain = Drain(grace_s=1)  # less than the last words take: time is up at once
    application = create_app(
        Settings(home=small_home, llm=scripted.llm),
        lambda chosen: open_chat(chosen, embedder=openvino_embedder),
        serving=Serving(Exposure(keys_needed=False, this_machine_only=True), drain),
        pace=QUICK,
    )
    messages = [{"role": "user", "content": QUESTION}]
    other = {"model": "ai-factory-chat", "messages": messages, "stream": True}
    path, body = ("/chat/stream", ASKED) if is_ours else ("/v1/chat/completions", other)
    with (
        served(application, scripted) as server,
        server.client() as client,
        client.stream("POST", path, json=body) as response,
    ):
        events = events_of(response.iter_lines())
        next(event for event in events if "desk" in str(event.data))
        drain.begin()
        last = list(events)[-1]
    assert last.name == ("error" if is_ours else "")
    assert "this server is stopping" in last.data["error"]["message"]
